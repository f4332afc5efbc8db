"""A report as what is printed, whatever the format: sections, footnotes, sources, passages.

Knows nothing of Markdown, HTML, Word or PDF: `qa/report_markdown.py` and its neighbours do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.cite import CitationRecord, text_fragment
from qa.report import Report, ReportItem, Stated
from qa.rich_text import one_line
from qa.styles import RichText, Run, format_records

LineKind = Literal["answer", "item", "quote", "disagree", "claim", "note", "nothing"]

NOTHING = "The articles do not answer this."
SOURCES = "Sources"
PASSAGES = "Quoted passages"


@dataclass(frozen=True, slots=True)
class Words:
    """Words that look alike."""

    text: str
    quoted: bool = False  # they are the answer's own, word for word


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, and the numbers of the footnotes at its end."""

    kind: LineKind
    words: tuple[Words, ...]
    notes: tuple[int, ...] = ()

    @property
    def listed(self) -> bool:
        """Whether it is an item of a list."""
        return self.kind in ("item", "claim")


@dataclass(frozen=True, slots=True)
class Section:
    """A question with what is said to it."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """The quotation behind one footnote, as the appendix shows it."""

    number: int
    source: str  # title, and outlet where it is known
    place: str  # "page 3, characters 136 to 153"
    words: tuple[Words, ...]  # the sentence
    record: CitationRecord

    @property
    def link(self) -> str | None:
        """The article's address, leading to the words."""
        return text_fragment(self.record)


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything that is printed, in its order."""

    title: str
    note: tuple[Line, ...]
    sections: tuple[Section, ...]
    footnotes: tuple[RichText, ...]  # that of number n at n - 1
    bibliography: tuple[RichText, ...]
    passages: tuple[Passage, ...]
    records: tuple[CitationRecord, ...]  # in the order of the footnotes


def lay_out(report: Report, style: str | None = None) -> Layout:
    """The report in this style of citing, or in its own.

    Raises CitationError where there is no such style.
    """
    numbers = _Numbers()
    note = tuple(_noted(report.note))
    sections = tuple(
        Section(_joined(item.question), tuple(_lines(item, numbers))) for item in report.items
    )
    formatted = format_records(numbers.records, (style or report.style).lower())
    return Layout(
        title=_joined(report.title),
        note=note,
        sections=sections,
        footnotes=tuple(map(_with_quote, formatted.notes, numbers.records)),
        bibliography=formatted.bibliography,
        passages=tuple(map(_passage, range(1, len(numbers.records) + 1), numbers.records)),
        records=tuple(numbers.records),
    )


class _Numbers:
    """Footnotes are numbered as they are first named; a record keeps its number."""

    def __init__(self) -> None:
        self.records: list[CitationRecord] = []

    def of(self, item: ReportItem, cited: Sequence[int]) -> tuple[int, ...]:
        """The numbers of these citations of an item."""
        named = [item.citations[n - 1] for n in cited]
        self.records += [record for record in named if record not in self.records]
        return tuple(self.records.index(record) + 1 for record in named)


def grouped(lines: Sequence[Line]) -> list[list[Line]]:
    """Neighbouring lines of one list together, every other line alone."""
    groups: list[list[Line]] = []
    for line in lines:
        if line.listed and groups and groups[-1][-1].kind == line.kind:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _lines(item: ReportItem, numbers: _Numbers) -> Iterator[Line]:
    if not item.answer:
        yield Line("nothing", (Words(NOTHING),))
    elif _from_several_sentences(item):
        for part in item.parts:
            words = (Words(_joined(part.words), quoted=True),)
            yield Line("item", words, numbers.of(item, part.cited))
    else:
        first = item.citations[item.cited[0] - 1]
        words = (Words(_joined(item.answer), quoted=True),)
        yield Line("answer", words, numbers.of(item, item.cited))
        if _joined(first.sentence_text) != _joined(first.quote):
            yield Line("quote", sentence_words(first))
    if len(item.claims) > 1:
        yield Line("disagree", (Words("Sources disagree:"),))
        for claim in item.claims:
            yield Line("claim", tuple(_claimed(claim, item)), numbers.of(item, claim.cited))
    yield from _noted(item.note)


def _from_several_sentences(item: ReportItem) -> bool:
    """Whether the things asked for stand apart, so that no one sentence gives them all."""
    places = {
        (record.article_id, record.sentence)
        for part in item.parts
        for record in (item.citations[n - 1] for n in part.cited[:1])
    }
    return len(places) > 1


def _claimed(claim: Stated, item: ReportItem) -> Iterator[Words]:
    outlets = [item.citations[n - 1].source for n in claim.cited]
    named = ", ".join(dict.fromkeys(one_line(outlet) for outlet in outlets if outlet))
    count = "one article" if claim.articles == 1 else f"{claim.articles} articles"
    yield Words(_joined(claim.words), quoted=True)
    yield Words(f" ({count}: {named})" if named else f" ({count})")


def _noted(note: str) -> Iterator[Line]:
    """A note's paragraphs, apart where it has blank lines."""
    for paragraph in note.split("\n\n"):
        if paragraph.strip():
            yield Line("note", (Words(_joined(paragraph)),))


def sentence_words(record: CitationRecord) -> tuple[Words, ...]:
    """The cited sentence in three parts, the quote marked in the middle."""
    start = record.start - record.sentence.start
    end = start + len(record.quote)
    text = record.sentence_text
    parts = ((text[:start], False), (text[start:end], True), (text[end:], False))
    return tuple(Words(_one_line(words), quoted) for words, quoted in parts if words)


def _passage(number: int, record: CitationRecord) -> Passage:
    place = f"characters {record.start + 1} to {record.end}"
    return Passage(
        number=number,
        source=", ".join(one_line(said) for said in (record.title, record.source) if said),
        place=f"page {record.page}, {place}" if record.page else place,
        words=sentence_words(record),
        record=record,
    )


def _with_quote(note: RichText, record: CitationRecord) -> RichText:
    """The note with the quoted words, so that they can be found in any edition."""
    return (*note, Run(f" “{_joined(record.quote)}”"))


def _joined(text: str) -> str:
    """In one line."""
    return " ".join(text.split())


def _one_line(text: str) -> str:
    """In one line, spaces at the ends kept: other words stand before and after."""
    inner = _joined(text)
    before = " " if text[:1].isspace() and inner else ""
    after = " " if text[-1:].isspace() else ""
    return f"{before}{inner}{after}"
