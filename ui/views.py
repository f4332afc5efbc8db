"""What a reader sees of an answer: words, parts and addresses, not yet markup."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal
from urllib.parse import urlencode, urlsplit

from index.types import Article, PublishedDate
from qa.timeline import tells_something
from qa.types import Alternative, Answer, Citation, Claim, Item, Range, SaidDate, TimelineEntry
from ui.dates import counted_from_words, period_words
from ui.typed import AS_TYPED

MAX_PASSAGE_SHOWN = 4_000  # code points around the quote; the quoted words are never cut
MAX_QUESTION_SHOWN = 600
MAX_SAID = 60  # code points of an answer that are said again beside the count of articles
MAX_CARRIERS = 6  # outlets named as carrying the same article

REASONS = {
    "nothing_near": "Nothing in them comes near this question.",
    "subject_only": "They touch on the subject, but nowhere state the answer.",
    "filtered_out": "What might answer it was left out by the chosen sources, authors or dates.",
    "not_extractive": "Footnote quotes; it does not summarise, write, translate, reckon or judge.",
}
REFUSALS = {"not_extractive": "This asks for more than a quotation."}
CONFIDENCE_WORDS = (
    (0.95, "almost certain"),
    (0.75, "likely"),
    (0.5, "more likely than not"),
    (0.25, "doubtful"),
    (0.0, "a faint guess"),
)

# Marks that change the direction of what follows: harmless in a paragraph of its own,
# but in a headline they could reorder the outlet and date that stand beside it.
_BIDI_CONTROLS = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of shown text and how it stands out."""

    text: str
    kind: Literal["plain", "sentence", "mark"] = "plain"


@dataclass(frozen=True, slots=True)
class Source:
    """One citation."""

    n: int
    id: str  # of its element, unique on the page
    title: str
    outlet: str
    published: str
    authors: str
    page: int | None
    passage: tuple[Part, ...]
    sentence: tuple[Part, ...]  # the quote in its sentence; empty when nothing is around it
    url: str | None  # http or https, or None
    host: str
    file: str
    article: str  # address of the whole article on this server
    copies: str  # who else carries it, in words
    dates: tuple[str, ...]  # relative times in the sentence, and when that is

    @classmethod
    def of(cls, citation: Citation, *, turn: str) -> "Source":
        """The citation as it stands beside the answer of this turn."""
        url = web_url(citation.url)
        return cls(
            n=citation.n,
            id=f"{turn}-s{citation.n}",
            title=label(citation.title) or file_name(citation.path),
            outlet=label(citation.source or ""),
            published=_published(citation),
            authors=", ".join(label(author) for author in citation.authors),
            page=citation.page,
            passage=passage_parts(citation),
            sentence=sentence_parts(citation),
            url=url,
            host=host_of(url),
            file=file_name(citation.path),
            article=_article_address(citation),
            copies=_copies(citation),
            dates=relative_dates(citation.dates),
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
    """One of the values that sources disagree on."""

    value: str
    articles: str  # how many say so, in words
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A dated sentence in the order of time."""

    date: str  # ISO 8601, as a browser may read it; empty for a stretch
    words: str
    note: str  # of what it was counted from, where that is in doubt
    claim: str
    outlet: str
    address: str

    @classmethod
    def of(cls, entry: TimelineEntry) -> "Moment":
        """The entry as it stands on the page."""
        first = entry.citations[0]
        return cls(
            date="" if "/" in entry.date else entry.date,
            words=period_words(entry.date),
            note="by the date as shown on page" if entry.trust == "low" else "",
            claim=label(entry.claim),
            outlet=label(first.source or "") or label(first.title),
            address=_article_address(first),
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
    understood: str  # what it was taken to mean; empty where that is as it was typed
    as_typed: str  # what asks it again as it was typed
    answered: bool
    answer: str
    confidence: str
    percent: int
    agreement: str
    refusal: str  # what is said in the answer's place
    reason: str
    sources: tuple[Source, ...]  # cited, or nearest when there is no answer
    cited: tuple[Source, ...]  # those of the answer itself: the others say something else
    claims: tuple[Stated, ...]  # where sources disagree, each value with who says it
    items: tuple[ListItem, ...]
    alternatives: tuple[Guess, ...]
    rejected: Guess | None
    timeline: tuple[Moment, ...]  # empty where it would tell nothing more
    asked_of: tuple[str, ...]  # relative times in the question, and when that is

    @classmethod
    def of(cls, answer: Answer, *, number: int) -> "Turn":
        """The answer as the turn of this number, from 1."""
        turn = f"t{number}"
        shown = answer.footnotes if answer.answered else answer.nearest
        sources = tuple(Source.of(citation, turn=turn) for citation in shown)
        by_number = {source.n: source for source in sources}
        # Where nothing comes near, a guess would belie that.
        rejected = answer.best_rejected if answer.reason != "nothing_near" else None
        return cls(
            id=turn,
            question=shortened(answer.question),
            understood=shortened(answer.understood_as),
            as_typed=f"{AS_TYPED} {answer.question.strip()}",
            answered=answer.answered,
            answer=answer.answer,
            confidence=confidence_words(answer.confidence),
            percent=round(100 * min(max(answer.confidence, 0.0), 1.0)),
            agreement=agreement_words(answer),
            refusal=REFUSALS.get(answer.reason or "", "The articles do not say."),
            reason=REASONS.get(answer.reason or "", ""),
            sources=sources,
            cited=tuple(by_number[c.n] for c in answer.citations) if answer.answered else sources,
            items=tuple(ListItem.of(item, turn=turn) for item in answer.items),
            claims=tuple(
                Stated(
                    claim.value,
                    counted_articles(claim.articles),
                    tuple(by_number[citation.n] for citation in claim.citations),
                )
                for claim in disputed(answer)
            ),
            alternatives=tuple(Guess.of(other, turn=turn) for other in answer.alternatives),
            rejected=Guess.of(rejected, turn=turn) if rejected else None,
            timeline=moments(answer),
            asked_of=relative_dates(answer.question_dates),
        )


@dataclass(frozen=True, slots=True)
class WholeArticle:
    """An article to read, with one stretch of it marked."""

    title: str
    headline: tuple[Part, ...]
    text: tuple[Part, ...]
    outlet: str
    published: str
    authors: str
    url: str | None
    host: str
    file: str
    sha256: str
    language: str

    @classmethod
    def of(cls, article: Article, *, marked: Range | None = None) -> "WholeArticle":
        """The article; a range that does not lie in its text marks nothing."""
        title = label(article.title.value) or file_name(article.path)
        cut = article.body_start
        headline = _marked_part(article.text[:cut].rstrip(), 0, marked)
        url = web_url(article.url.value if article.url else None)
        return cls(
            title=title,
            headline=headline or (Part(title),),
            text=_marked_part(article.text[cut:], cut, marked),
            outlet=label(article.source.value if article.source else ""),
            published=published_words(article.published),
            authors=", ".join(label(author.value) for author in article.authors),
            url=url,
            host=host_of(url),
            file=file_name(article.path),
            sha256=article.sha256,
            language=article.language,
        )


def moments(answer: Answer) -> tuple[Moment, ...]:
    """The timeline, where it tells more than the answer itself."""
    return tuple(map(Moment.of, answer.timeline)) if tells_something(answer) else ()


def relative_dates(dates: Sequence[SaidDate]) -> tuple[str, ...]:
    """What each relative time is: "Wednesday is 6 November 2019, counted from that day ..."."""
    lines = (
        f"{label(said.text)} is {period_words(said.date)}, {counted_from_words(said)}"
        for said in dates
        if said.counted_from
    )
    return tuple(dict.fromkeys(lines))


def confidence_words(confidence: float) -> str:
    """A probability in words and as a figure: 0.82 is "likely, 0.82"."""
    words = next((words for least, words in CONFIDENCE_WORDS if confidence >= least), "unknown")
    return f"{words}, {confidence:.2f}"


def published_words(published: PublishedDate | None) -> str:
    """The day in words; a date of low trust says that it is only what the page shows."""
    if not published:
        return ""
    words = period_words(label(published.day))
    return f"date as shown on page: {words}" if published.trust == "low" else words


def web_url(url: str | None) -> str | None:
    """The address when it is an ordinary http or https one, else None."""
    if not url or any(character.isspace() or ord(character) < 32 for character in url):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return url if usable else None


def host_of(url: str | None) -> str:
    """The host that a link leads to, whatever else its address pretends."""
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


def label(text: str) -> str:
    """A headline, outlet or name on one line, without marks that reorder its neighbours."""
    return " ".join(text.translate(_BIDI_CONTROLS).split())


def file_name(path: str) -> str:
    """The file's name; `table.csv#2` is the second record of a table."""
    name = PurePath(path).name
    file, _, record = name.rpartition("#")
    return label(f"{file}, record {record}" if file and record.isdecimal() else name)


def shortened(question: str) -> str:
    """The question, or its beginning and length when it would fill the page."""
    words = question.strip()
    if len(words) <= MAX_QUESTION_SHOWN:
        return words
    return f"{words[:MAX_QUESTION_SHOWN].rstrip()} … ({len(words):,} characters)"


def passage_parts(citation: Citation) -> tuple[Part, ...]:
    """The passage with the quote marked and its sentence told apart from the rest."""
    base, text = citation.passage.start, citation.passage_text
    if not citation.quote:
        return _clipped((Part(text),))
    quote = Range(citation.start - base, citation.end - base)
    sentence = Range(citation.sentence.start - base, citation.sentence.end - base)
    return _clipped(_marked(text, quote, sentence))


def sentence_parts(citation: Citation) -> tuple[Part, ...]:
    """The sentence with the quote marked; empty when the quote is all of it."""
    base, text = citation.sentence.start, citation.sentence_text
    start, end = citation.start - base, citation.end - base
    if not citation.quote or start < 0 or end > len(text):
        return ()
    around = text[:start] + text[end:]
    if not any(character.isalnum() for character in around):
        return ()
    return _clipped(_marked(text, Range(start, end), Range(start, end)))


def _marked(text: str, quote: Range, sentence: Range) -> tuple[Part, ...]:
    """Cut the text at the ends of quote and sentence; the quote stays in one piece."""
    first, last = min(sentence.start, quote.start), max(sentence.end, quote.end)
    parts = (
        Part(text[: max(first, 0)]),
        Part(text[max(first, 0) : quote.start], "sentence"),
        Part(text[quote.start : quote.end], "mark"),
        Part(text[quote.end : last], "sentence"),
        Part(text[last:]),
    )
    return tuple(part for part in parts if part.text)


def _marked_part(text: str, base: int, marked: Range | None) -> tuple[Part, ...]:
    """The piece of an article that begins at `base`, marked where the range meets it."""
    start = max(marked.start - base, 0) if marked else 0
    end = min(marked.end - base, len(text)) if marked else 0
    if start >= end:
        return (Part(text),) if text else ()
    return _marked(text, Range(start, end), Range(start, end))


def _clipped(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Keep what is near the mark: no reader is helped by a megabyte before or after it."""
    marked = next((at for at, part in enumerate(parts) if part.kind == "mark"), 0)
    room = MAX_PASSAGE_SHOWN // max(len(parts), 1)

    def clip(at: int, part: Part) -> Part:
        if part.kind == "mark" or len(part.text) <= room:
            return part
        kept = f"… {part.text[-room:]}" if at < marked else f"{part.text[:room]} …"
        return Part(kept, part.kind)

    return tuple(clip(at, part) for at, part in enumerate(parts))


def disputed(answer: Answer) -> tuple[Claim, ...]:
    """What the sources say, where they disagree; else nothing."""
    return answer.agreement.claims if answer.agreement.status == "conflict" else ()


def counted_articles(count: int) -> str:
    """One article, 2 articles."""
    return "one article" if count == 1 else f"{count} articles"


def agreement_words(answer: Answer) -> str:
    """How many articles give this answer, or what the sources say each; empty for one article."""
    found = answer.agreement
    if found.status == "conflict":
        each = (f"{label(c.value)} ({counted_articles(c.articles)})" for c in found.claims)
        return "sources disagree: " + ", ".join(each)
    if found.status != "agree" or not found.claims:
        return ""
    claim = found.claims[0]
    said = label(claim.value)
    return f"{counted_articles(claim.articles)} say {said if len(said) <= MAX_SAID else 'so'}"


def _copies(citation: Citation) -> str:
    """Which other outlets carry the article, or how many articles copy it where none is named."""
    names = [label(outlet) for outlet in citation.carried_by]
    if names:
        more = len(names) - MAX_CARRIERS
        return f"also carried by {', '.join(names[:MAX_CARRIERS])}" + (
            f" and {more} more" if more > 0 else ""
        )
    count = len(citation.also_in)
    return f"same text in {count} other article{'' if count == 1 else 's'}" if count else ""


def _published(citation: Citation) -> str:
    if not citation.published:
        return ""
    trust = citation.published_trust or "low"
    origin = citation.published_origin or ""
    return published_words(PublishedDate(citation.published, origin, trust))


def _article_address(citation: Citation) -> str:
    """Where this server shows the whole article, scrolled to what is cited."""
    at = citation if citation.quote else citation.passage
    return f"/article/{citation.article_id}?{urlencode({'start': at.start, 'end': at.end})}#cited"
