"""Paragraphs of any format -> a Draft: furniture off, head and credit lines understood."""

from collections.abc import Sequence

from index.ingest.credits import without_credits
from index.ingest.draft import NOTHING_KNOWN, Draft, Metadata
from index.ingest.fields import Field, metadata_of, read_field
from index.ingest.furniture import without_furniture
from index.ingest.head import read_head
from index.ingest.names import is_outlet
from index.ingest.paragraphs import Paragraph

_TAIL = 6  # paragraphs from the end that a labelled line ("Source: https://...") may be among


def draft_of(
    paragraphs: Sequence[Paragraph],
    *,
    headline: str | None = None,
    known: Metadata = NOTHING_KNOWN,
    fallback: Metadata = NOTHING_KNOWN,
    page_count: int = 0,
) -> Draft:
    """An article from its paragraphs in order.

    `headline`: where the format says what it is. `known`: metadata that the
    format holds apart from the text; it comes before what the text says,
    `fallback` after it.
    """
    head = read_head(without_furniture(paragraphs), headline=headline)
    body, fields = _without_fields(head.body)
    body, credited = without_credits(body)
    metadata = known | head.metadata | metadata_of(fields, origin="footer")
    metadata = metadata.with_authors(credited, "credit line") | fallback
    return Draft(tuple(body), head.headline, metadata, head.warnings, page_count)


def _without_fields(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[Field]]:
    """The paragraphs without labelled lines near their end that name the source or the date."""
    kept: list[Paragraph] = []
    fields: list[Field] = []
    first = max(len(paragraphs) - _TAIL, 1)
    for n, one in enumerate(paragraphs):
        field = read_field(one.text) if n >= first else None
        if field is not None and _says_source(field):
            fields.append(field)
        else:
            kept.append(one)
    return kept, fields


def _says_source(field: Field) -> bool:
    if field.key in ("source", "original"):
        return field.url is not None or is_outlet(field.value)
    return field.key in ("url", "author", "date")
