"""Answers and listings as plain text for a terminal.

Article text is data: control characters never reach the terminal.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from index.types import Article
from qa.timeline import tells_something
from qa.types import Alternative, Answer, Citation, SaidDate, TimelineEntry
from ui.console import safe
from ui.dates import SHOWN_ON_PAGE, origin_words
from ui.marking import Part
from ui.phrases import agreement_words, confidence_words, counted_articles, disputed
from ui.views import Source

if TYPE_CHECKING:
    from index.gold import GoldItem
    from index.rows import ArticleRecord, ArticleState

MAX_OUTLET = 24  # characters of an outlet's name before the headlines give way
LEAST_SHOWN = 0.01  # confidence of another reading; below it the figure would read 0.00
MARK, UNMARK = "\x1b[1;4m", "\x1b[0m"

REASONS = {
    "nothing_near": "Nothing in the library is about this.",
    "subject_only": "The subject comes up, but the articles do not say this.",
    "filtered_out": "The filters leave no article to search.",
    "not_extractive": "Footnote quotes; it does not summarise, write, translate, reckon or judge.",
    "out_of_time": "There was no time to read all passages.",
    None: "The articles do not say.",
}


def answer_text(answer: Answer, *, color: bool = False) -> str:
    """The answer, its confidence and its footnotes, as lines of text.

    color: mark the answer in its sentence with terminal escapes instead of **stars**.
    """
    found = _answered(answer, color=color) if answer.answered else _unanswered(answer, color=color)
    if not answer.understood_as:
        return found
    return f"Understood as: {safe(answer.understood_as)}\n{found}"


def _answered(answer: Answer, *, color: bool) -> str:
    lines = [f"{safe(answer.answer)} {_numbers(answer.citations)}"]
    lines += [f"  - {safe(item.answer)} {_numbers(item.citations)}" for item in answer.items]
    lines += [f"({confidence_words(answer.confidence)})", *_agreement(answer), ""]
    for citation in answer.footnotes:
        lines += _footnote(citation, color=color)
    others = [_alternative(o) for o in answer.alternatives if o.confidence >= LEAST_SHOWN]
    if others:
        lines += ["", "Other readings: " + "; ".join(others)]
    if tells_something(answer):
        lines += ["", "In order of time:", *_timeline(answer)]
    return "\n".join(lines + _asked_of(answer) + _left_out(answer))


def _agreement(answer: Answer) -> list[str]:
    """How many articles say so, or what each of the sources says with its footnotes."""
    claims = disputed(answer)
    if not claims:
        return [safe(words)] if (words := agreement_words(answer)) else []
    said = (
        f"{safe(claim.value)} ({counted_articles(claim.articles)}) "
        + "".join(f"[{citation.n}]" for citation in claim.citations)
        for claim in claims
    )
    return ["sources disagree: " + ", ".join(said)]


def _numbers(citations: Sequence[Citation]) -> str:
    return "".join(f"[{n}]" for n in sorted({citation.n for citation in citations}))


def _unanswered(answer: Answer, *, color: bool) -> str:
    lines = [f"No answer. {REASONS[answer.reason]}"]
    if answer.best_rejected and answer.reason != "nothing_near":  # else a guess would belie that
        lines.append(f"Best guess, not sure enough: {_alternative(answer.best_rejected)}")
        for citation in answer.best_rejected.citations[:1]:
            lines += ["", *_footnote(citation, color=color)]
    elif answer.nearest:
        lines += ["", "Nearest:"]
        for citation in answer.nearest:
            lines += _footnote(citation, color=color)
    return "\n".join(lines + _asked_of(answer) + _left_out(answer))


def _timeline(answer: Answer) -> list[str]:
    width = max(len(entry.date) for entry in answer.timeline)
    return [f"    {entry.date:{width}}  {_moment(entry, answer)}" for entry in answer.timeline]


def _moment(entry: TimelineEntry, answer: Answer) -> str:
    """The sentence, and the number of its footnote or else its outlet."""
    numbers = [f"[{cited.n}]" for cited in answer.citations if cited in entry.citations]
    first = entry.citations[0]
    where = "".join(numbers) or f"({safe(first.source or first.title)})"
    doubt = f" ({SHOWN_ON_PAGE})" if entry.trust == "low" else ""
    return f"{safe(entry.claim)} {where}{doubt}"


def _asked_of(answer: Answer) -> list[str]:
    return ["", *lines] if (lines := _relative(answer.question_dates)) else []


def _relative(dates: Sequence[SaidDate]) -> list[str]:
    """A line for each time that was counted from a day: which, from which, and whose."""
    lines = (
        f"{safe(said.text)} = {said.date}, counted from {said.counted_from}"
        f" ({safe(origin_words(said))})"
        for said in dates
        if said.counted_from
    )
    return list(dict.fromkeys(lines))


def _left_out(answer: Answer) -> list[str]:
    if not answer.undated_left_out:
        return []
    return ["", f"Left out by the date filter for having no date: {answer.undated_left_out}"]


def _alternative(other: Alternative) -> str:
    return f"{safe(other.answer)} ({confidence_words(other.confidence)})"


def _footnote(citation: Citation, *, color: bool) -> list[str]:
    source = Source.of(citation, turn="")
    page = f"p. {source.page}" if source.page is not None else ""
    about = ", ".join(filter(None, [source.title, source.outlet, source.published, page]))
    lines = [f"[{source.n}] {safe(about)}"]
    # A quote that is the whole sentence has nothing around it; a near passage has no quote.
    whole = Part(citation.sentence_text, "mark" if citation.quote else "plain")
    parts = source.sentence or (whole,)
    lines.append("    " + "".join(_part(part, color=color) for part in parts))
    lines.append(f"    {safe(source.url or citation.path)}")
    lines += [f"    {line}" for line in _relative(citation.dates)]
    if source.copies:
        lines.append(f"    ({safe(source.copies)})")
    return lines


def _part(part: Part, *, color: bool) -> str:
    if part.kind != "mark":
        return safe(part.text)
    return f"{MARK}{safe(part.text)}{UNMARK}" if color else f"**{safe(part.text)}**"


def listing(records: "Sequence[ArticleRecord]") -> str:
    """One line an article: id, day, outlet, headline."""
    outlets = [safe(record.source or "") for record in records]
    width = min(max(map(len, outlets), default=0), MAX_OUTLET)
    return "\n".join(
        f"{record.id}  {record.published.day if record.published else '':10}"
        f"  {outlet:{width}}  {safe(record.title)}"
        for record, outlet in zip(records, outlets, strict=True)
    )


def gold_listing(items: "Sequence[GoldItem]", records: "Mapping[str, ArticleRecord]") -> str:
    """A line for each item, and one for each of its answers with where it stands.

    records: of the articles that the answers stand in, by id.
    """
    lines: list[str] = []
    for item in items:
        lines.append(f"{item.id}  {safe(item.question)}")
        for answer in item.answers:
            record = records[answer.article_id]
            state = "" if record.state == "live" else f", {record.state}"
            place = f"{answer.article_id}, {answer.start} to {answer.end}{state}"
            lines.append(f"    {safe(answer.text)}  [{safe(record.title)}; {place}]")
        if not item.answers:
            lines.append("    no answer in the library")
    return "\n".join(lines)


def article_text(article: Article, *, state: "ArticleState" = "live") -> str:
    """The article with its metadata, each value with where it was found."""
    fields = [("title", article.title), ("source", article.source), ("url", article.url)]
    fields += [("author", author) for author in article.authors]
    lines = [f"{name}: {safe(v.value)} ({v.origin})" for name, v in fields if v]
    if article.published:
        date = article.published
        lines.append(f"published: {safe(date.value)} ({date.origin}, {date.trust} trust)")
    lines += [f"file: {safe(article.path)}", f"id: {article.id}"]
    if state != "live":
        lines.append(f"state: {state}, no longer searched")
    return "\n".join([*lines, "", *(safe(line) for line in article.text.split("\n"))])


def facts(values: Mapping[str, object]) -> str:
    """Names and values, one pair a line."""
    return "\n".join(f"{name.replace('_', ' ')}: {_fact(v)}" for name, v in values.items())


def _fact(value: object) -> str:
    if value is None:
        return "none yet"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return safe(str(value))
