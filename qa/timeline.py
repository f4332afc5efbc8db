"""The dated sentences of an answer in the order of their dates. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from qa.date_words import MONTHS
from qa.dates import Anchor, DateFound, find_dates
from qa.question import asks_when
from qa.types import Answer, Citation, SaidDate, TimelineEntry

# When something was said is seldom when it happened.
_SAID = re.compile(
    r"\b(?:said|says|told|announced|added|wrote|reported|confirmed|according to)\b[^.;]{0,40}$"
)
_TELLS_YEAR = re.compile(r"\d{4}|\b(?:last|this|next|past|coming|ago|since)\b", re.IGNORECASE)


def said_dates(text: str, anchor: Anchor | None, *, offset: int = 0) -> tuple[SaidDate, ...]:
    """The times that a text names and that can be settled, in order.

    offset: added to each start and end; where the text stands in its article.
    """
    found = find_dates(text, anchor)
    return tuple(_said(text, date, offset) for date in found if date.period)


def question_dates(question: str, anchor: Anchor, *, any_year: bool) -> tuple[SaidDate, ...]:
    """The times that a question names; any_year: without months that may be of any year."""
    said = said_dates(question, anchor)
    return tuple(each for each in said if not (any_year and _lacks_its_year(each)))


def _lacks_its_year(said: SaidDate) -> bool:
    """Whether the words name a month, or a day of one, and nothing that says of which year.

    "In May" in an article is counted from its day; in a question to an archive it is any May.
    """
    named = any(month in said.text.lower() for month in MONTHS)
    return bool(said.counted_from and named and not _TELLS_YEAR.search(said.text))


def _said(text: str, found: DateFound, offset: int) -> SaidDate:
    if not found.period:
        raise ValueError(f"'{text[found.start : found.end]}' is not settled")
    counted = found.counted_from
    return SaidDate(
        start=found.start + offset,
        end=found.end + offset,
        text=text[found.start : found.end],
        date=found.period.iso,
        granularity=found.period.granularity,
        counted_from=counted.day.isoformat() if counted else None,
        counted_from_origin=counted.origin if counted else None,
        trust=found.trust,
    )


def timeline(answer: Answer) -> tuple[TimelineEntry, ...]:
    """The dated cited sentences of an answered question, the earliest date first.

    Other readings are left out: they are guesses. A sentence is one entry, with all
    citations of it; its date is that in the
    cited words, else the nearest to them that is not merely when it was said.
    """
    if not answer.answered:
        return ()
    entries: dict[tuple[str, str], TimelineEntry] = {}
    for citation in _shown(answer):
        if not (said := date_of(citation)):
            continue
        claim = citation.sentence_text
        entry = entries.setdefault(
            (said.date, claim),
            TimelineEntry(said.date, said.counted_from, claim, text=said.text, trust=said.trust),
        )
        if citation.article_id not in {cited.article_id for cited in entry.citations}:
            entry = replace(entry, citations=(*entry.citations, citation))
        entries[said.date, claim] = entry
    return tuple(sorted(entries.values(), key=lambda entry: _order(entry.date)))


def tells_something(answer: Answer) -> bool:
    """Whether its timeline is worth showing: two different dates, or a time was asked for."""
    dates = {entry.date for entry in answer.timeline}
    return len(dates) > 1 or bool(dates and asks_when(answer.standalone_question))


def date_of(citation: Citation) -> SaidDate | None:
    """The date of what is cited; None where the sentence names none."""

    def away(said: SaidDate) -> tuple[bool, int]:
        gap = max(said.start - citation.end, citation.start - said.end, 0)
        before = citation.sentence_text[: said.start - citation.sentence.start]
        return gap > 0 and bool(_SAID.search(before)), gap

    return min(citation.dates, key=away, default=None)


def superseded(answer: Answer) -> frozenset[str]:
    """Of values that conflict those that only earlier articles give than the newest.

    Empty where one of them stands in an article without a trusted day: nobody can say then.
    """
    if answer.agreement.status != "conflict":
        return frozenset()
    newest: dict[str, str] = {}
    for claim in answer.agreement.claims:
        for citation in claim.citations:
            day = (citation.published or "")[:10]
            if len(day) < len("2019-11-06") or citation.published_trust != "high":
                return frozenset()
            newest[claim.value] = max(newest.get(claim.value, ""), day)
    last = max(newest.values(), default="")
    return frozenset(value for value, day in newest.items() if day < last)


def _shown(answer: Answer) -> Iterator[Citation]:
    yield from answer.citations
    for claim in answer.agreement.claims:
        yield from claim.citations
    for item in answer.items:
        yield from item.citations


def _order(iso: str) -> tuple[str, int]:
    """By first day, then the longer stretch first: 2019 before 2019-01 before 2019-01-01."""
    first, _, last = iso.partition("/")
    return f"{first}-01-01"[:10], -int(f"{last or first}-99-99"[:10].replace("-", ""))
