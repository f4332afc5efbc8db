"""References in the styles that people use: notes or in-text citations, and the list of sources."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.cite import CitationRecord
from qa.errors import CitationError
from qa.listing import Entry, Style, in_order
from qa.rich_text import RichText, Run, as_html, as_markdown, plain
from qa.sources import sources_of
from qa.styles_author_date import Apa, Harvard
from qa.styles_notes import Chicago, Mla
from qa.styles_numbered import Ieee

__all__ = [
    "STYLES",
    "Formatted",
    "RichText",
    "Run",
    "as_html",
    "as_markdown",
    "format_records",
    "full_references",
    "plain",
]

_STYLES: dict[str, Style] = {
    "apa": Apa(),
    "chicago": Chicago(),
    "mla": Mla(),
    "harvard": Harvard(),
    "ieee": Ieee(),
}
STYLES: tuple[str, ...] = tuple(_STYLES)


@dataclass(frozen=True, slots=True)
class Formatted:
    """Citations in one style."""

    notes: tuple[RichText, ...]  # one per record, in order: its note, or what stands in the text
    bibliography: tuple[RichText, ...]  # one per article, in the order of the style


def format_records(records: Sequence[CitationRecord], style: str) -> Formatted:
    """The notes and the bibliography of these citations.

    Raises CitationError if there is no such style.
    """
    rules = _rules(style)
    entries = in_order(sources_of(records), rules)
    notes, cited = [], set[str]()
    for record, entry in zip(records, _of_each(records, entries), strict=True):
        notes.append(rules.note(entry, record.page, first=record.article_id not in cited))
        cited.add(record.article_id)
    before = (None, *entries)
    listed = [rules.entry(each, after=last) for last, each in zip(before, entries, strict=False)]
    return Formatted(tuple(notes), tuple(listed))


def full_references(records: Sequence[CitationRecord], style: str) -> tuple[RichText, ...]:
    """For each record all that is to be said of its source, for notes that stand alone.

    Raises CitationError if there is no such style.
    """
    rules = _rules(style)
    entries = _of_each(records, in_order(sources_of(records), rules))
    return tuple(
        rules.full_note(entry, record.page) for record, entry in zip(records, entries, strict=True)
    )


def _rules(style: str) -> Style:
    if style not in _STYLES:
        raise CitationError(f"no style {style!r}: choose one of {', '.join(STYLES)}")
    return _STYLES[style]


def _of_each(records: Sequence[CitationRecord], entries: Sequence[Entry]) -> list[Entry]:
    of_article = {entry.source.article_id: entry for entry in entries}
    return [of_article[record.article_id] for record in records]
