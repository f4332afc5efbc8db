"""What a reader sees of an answer: words, parts and addresses, not yet markup."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from index.types import Article, PublishedDate
from qa.cite import record_of, text_fragment
from qa.errors import ReportError
from qa.formats import in_format
from qa.report_answers import item_of
from qa.timeline import superseded, tells_something
from qa.types import Alternative, Answer, Citation, Claim, Found, Item, Range, TimelineEntry
from ui import phrases
from ui.dates import period_words
from ui.language import _
from ui.marking import Part, passage_parts, sentence_parts, with_marks
from ui.phrases import confidence_words, counted_articles, file_name, label, web_url
from ui.typed import AS_TYPED


@dataclass(frozen=True, slots=True)
class Copied:
    """Another article with the same text."""

    name: str  # its outlet, else its headline
    told_by: str  # its day and file, for copies look alike
    address: str


@dataclass(frozen=True, slots=True)
class Source:
    """One citation."""

    n: int
    id: str  # of its element, unique on the page
    title: str
    outlet: str
    published: str
    dated_by: str  # how the date is known; empty for none
    authors: str
    page: int | None
    passage: tuple[Part, ...]
    sentence: tuple[Part, ...]  # the quote in its sentence; empty when nothing is around it
    url: str | None  # http or https, or None
    original: str | None  # the same, leading to the very words where a browser can
    host: str
    file: str
    article: str  # address of the whole article on this server
    article_id: str
    cited: Range  # the quote, or the passage where nothing is quoted
    copies: str  # who else carries it, in words
    copied: tuple[Copied, ...]
    dates: tuple[str, ...]  # relative times in the sentence, and when that is

    @classmethod
    def of(cls, citation: Citation, *, turn: str) -> "Source":
        """The citation as it stands beside the answer of this turn."""
        url = web_url(citation.url)
        found = text_fragment(record_of(citation)) if url and citation.quote else None
        return cls(
            n=citation.n,
            id=f"{turn}-s{citation.n}",
            title=label(citation.title) or file_name(citation.path),
            outlet=label(citation.source or ""),
            published=_published(citation),
            dated_by=phrases.found_in(origin) if (origin := citation.published_origin) else "",
            authors=", ".join(label(author) for author in citation.authors),
            page=citation.page,
            passage=passage_parts(citation),
            sentence=sentence_parts(citation),
            url=url,
            original=found or url,
            host=phrases.host_of(url),
            file=file_name(citation.path),
            article=_article_address(citation),
            article_id=citation.article_id,
            cited=_cited(citation),
            copies=phrases.carried_by(citation.carried_by, len(citation.also_in)),
            copied=tuple(
                Copied(
                    label(copy.source or "") or label(copy.title),
                    ", ".join(filter(None, (_day(copy.published), file_name(copy.path)))),
                    f"/article/{copy.article_id}",
                )
                for copy in citation.copies
            ),
            dates=phrases.relative_dates(citation.dates),
        )


@dataclass(frozen=True, slots=True)
class Guess:
    """An answer that was not the one given."""

    answer: str
    confidence: str
    sources: tuple[Source, ...]

    @classmethod
    def of(cls, other: Alternative, *, turn: str) -> "Guess":
        """The alternative with the places it was read in."""
        sources = tuple(Source.of(citation, turn=turn) for citation in other.citations)
        return cls(other.answer, confidence_words(other.confidence), sources)


@dataclass(frozen=True, slots=True)
class Stated:
    """One of the values that sources give."""

    value: str
    articles: str  # how many say so, in words
    sources: tuple[Source, ...]
    superseded: bool  # a later article gives another

    @classmethod
    def of(cls, claim: Claim, *, turn: str, earlier: frozenset[str]) -> "Stated":
        """The claim with the sources that make it, one of each number."""
        numbered = {citation.n: citation for citation in reversed(claim.citations)}
        return cls(
            claim.value,
            counted_articles(claim.articles),
            tuple(Source.of(numbered[n], turn=turn) for n in sorted(numbered)),
            superseded=claim.value in earlier,
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """A dated sentence in the order of time."""

    date: str  # ISO 8601, as a browser may read it; empty for a stretch
    words: str
    note: str  # of what it was counted from, where that is in doubt
    claim: str
    outlet: str
    address: str
    superseded: bool  # what it says is given otherwise by a later article
    source: str  # id of the source it stands in, unique on the page

    @classmethod
    def of(cls, entry: TimelineEntry, *, turn: str, outdated: frozenset[Citation]) -> "Moment":
        """The entry as it stands on the page."""
        first = entry.citations[0]
        return cls(
            date="" if "/" in entry.date else entry.date,
            words=period_words(entry.date),
            note=_("by the date as shown on page") if entry.trust == "low" else "",
            claim=label(entry.claim),
            outlet=label(first.source or "") or label(first.title),
            address=_article_address(first),
            superseded=all(cited in outdated for cited in entry.citations),
            source=f"{turn}-s{first.n}",
        )


@dataclass(frozen=True, slots=True)
class ListItem:
    """One of the things that a list question asked for."""

    answer: str
    sources: tuple[Source, ...]  # one of each number

    @classmethod
    def of(cls, item: Item, *, turn: str) -> "ListItem":
        """The item with the sources that it is read in."""
        numbered = {citation.n: citation for citation in reversed(item.citations)}
        return cls(item.answer, tuple(Source.of(numbered[n], turn=turn) for n in sorted(numbered)))


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it."""

    id: str
    question: str
    asked: str  # the question whole, to be asked again
    alone: str  # the same, as it is understood to stand alone
    understood: str  # what it was taken to mean; empty where that is as it was typed
    as_typed: str  # what asks it again as it was typed
    answered: bool
    answer: str
    confidence: str
    meaning: str  # of the confidence
    percent: int
    agreement: str
    refusal: str  # what is said in the answer's place
    reason: str
    filtered: bool  # the filters are why there is none
    left_out: str  # how many articles had no date where one was asked for
    heading: str  # of its sources
    sources: tuple[Source, ...]  # cited, or nearest when there is no answer
    cited: tuple[Source, ...]  # those of the answer itself: the others say something else
    claims: tuple[Stated, ...]  # where sources agree or disagree, each value with who says it
    disputed: bool
    items: tuple[ListItem, ...]
    alternatives: tuple[Guess, ...]
    rejected: Guess | None
    timeline: tuple[Moment, ...]  # empty where it would tell nothing more
    asked_of: tuple[str, ...]  # relative times in the question, and when that is
    report_item: str  # JSON of an item of a report; empty for what no report can hold
    copied: str  # the answer's sentence and where it stands, to be copied

    @classmethod
    def of(cls, answer: Answer, *, number: int) -> "Turn":
        """The answer as the turn of this number, from 1."""
        turn = f"t{number}"
        shown = answer.footnotes if answer.answered else answer.nearest
        sources = tuple(Source.of(citation, turn=turn) for citation in shown)
        by_number = {source.n: source for source in sources}
        # Where nothing comes near, a guess would belie that.
        rejected = answer.best_rejected if answer.reason != "nothing_near" else None
        earlier = superseded(answer)
        compared = answer.agreement.claims if answer.agreement.status != "single" else ()
        return cls(
            id=turn,
            question=phrases.shortened(answer.question),
            asked=answer.question.strip(),
            alone=answer.standalone_question,
            understood=phrases.shortened(answer.understood_as),
            as_typed=f"{AS_TYPED} {answer.question.strip()}",
            answered=answer.answered,
            answer=answer.answer,
            confidence=confidence_words(answer.confidence),
            meaning=phrases.confidence_meaning(answer.confidence),
            percent=round(100 * min(max(answer.confidence, 0.0), 1.0)),
            agreement=phrases.agreement_words(answer),
            refusal=phrases.refusal(answer),
            reason=phrases.reason(answer),
            filtered=answer.reason == "filtered_out",
            left_out=phrases.left_out(answer),
            heading=_("Sources") if answer.answered else _("Nearest passages"),
            sources=sources,
            cited=tuple(by_number[c.n] for c in answer.citations) if answer.answered else sources,
            claims=tuple(Stated.of(claim, turn=turn, earlier=earlier) for claim in compared),
            disputed=bool(phrases.disputed(answer)),
            items=tuple(ListItem.of(item, turn=turn) for item in answer.items),
            alternatives=tuple(Guess.of(other, turn=turn) for other in answer.alternatives),
            rejected=Guess.of(rejected, turn=turn) if rejected else None,
            timeline=moments(answer, turn=turn, earlier=earlier),
            asked_of=phrases.relative_dates(answer.question_dates),
            report_item=_report_item(answer),
            copied=_with_citation(answer),
        )


@dataclass(frozen=True, slots=True)
class Pending:
    """A question that waits or is being read for."""

    question: str
    line: str  # what happens now
    heading: str  # of its sources
    sources: tuple[Source, ...]  # the first passages, once they are found

    @classmethod
    def of(cls, question: str, *, before: int = 0, found: Found | None = None) -> "Pending":
        """The question; before: how many come first."""
        line = _("Reading the articles")
        if before:
            line = phrases.waiting(before)
        elif found:
            line = _("Reading the articles, these passages first") if found.nearest else line
        nearest = found.nearest if found else ()
        sources = tuple(Source.of(citation, turn="next") for citation in nearest)
        return cls(phrases.shortened(question), line, _("Nearest passages"), sources)


@dataclass(frozen=True, slots=True)
class WholeArticle:
    """An article to read, with some of it marked."""

    title: str
    headline: tuple[Part, ...]
    text: tuple[Part, ...]
    body_start: int  # where `text` begins in the article's text, in code points
    outlet: str
    published: str
    authors: str
    url: str | None
    host: str
    file: str
    id: str
    sha256: str
    language: str

    @classmethod
    def of(cls, article: Article, *, marked: Sequence[Range] = ()) -> "WholeArticle":
        """The article; a range that does not lie in its text marks nothing."""
        title = label(article.title.value) or file_name(article.path)
        cut = article.body_start
        headline = with_marks(article.text[:cut].rstrip(), 0, marked)
        url = web_url(article.url.value if article.url else None)
        return cls(
            title=title,
            headline=headline or (Part(title),),
            text=with_marks(article.text[cut:], cut, marked),
            body_start=cut,
            outlet=label(article.source.value if article.source else ""),
            published=phrases.published_words(article.published),
            authors=", ".join(label(author.value) for author in article.authors),
            url=url,
            host=phrases.host_of(url),
            file=file_name(article.path),
            id=article.id,
            sha256=article.sha256,
            language=article.language,
        )


def moments(answer: Answer, *, turn: str, earlier: frozenset[str]) -> tuple[Moment, ...]:
    """The timeline, where it tells more than the answer itself; earlier: values outdated."""
    if not tells_something(answer):
        return ()
    claims = answer.agreement.claims
    outdated = frozenset(c for claim in claims if claim.value in earlier for c in claim.citations)
    return tuple(Moment.of(entry, turn=turn, outdated=outdated) for entry in answer.timeline)


def _report_item(answer: Answer) -> str:
    try:
        return item_of(answer).model_dump_json(exclude_none=True)
    except ReportError:
        return ""


def _with_citation(answer: Answer) -> str:
    """The answer in its sentence, and a reference to each source, as plain text."""
    if not answer.answered:
        return ""
    records = [record_of(citation) for citation in answer.citations]
    said = " ".join(answer.citations[0].sentence_text.split())
    return f"{answer.answer}\n“{said}”\n{in_format(records, 'text', style='apa')}".strip()


def _published(citation: Citation) -> str:
    if not citation.published:
        return ""
    trust = citation.published_trust or "low"
    origin = citation.published_origin or ""
    return phrases.published_words(PublishedDate(citation.published, origin, trust))


def _day(published: str | None) -> str:
    return period_words(label(published[:10])) if published else ""


def _cited(citation: Citation) -> Range:
    return Range(citation.start, citation.end) if citation.quote else citation.passage


def _article_address(citation: Citation) -> str:
    """Where this server shows the whole article, scrolled to what is cited."""
    at = _cited(citation)
    return f"/article/{citation.article_id}?{urlencode({'start': at.start, 'end': at.end})}#cited"
