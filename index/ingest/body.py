"""Paragraphs of any format -> a Draft: furniture off, head and credit lines understood."""

import re
from collections.abc import Sequence

from index.ingest.credits import without_credits
from index.ingest.dates import read_date
from index.ingest.draft import NOTHING_KNOWN, Draft, Metadata
from index.ingest.fields import Field, field_of, metadata_of, read_field
from index.ingest.furniture import without_furniture
from index.ingest.head import read_head
from index.ingest.names import is_outlet
from index.ingest.paragraphs import Paragraph

_FIRST_PUBLISHED = re.compile(
    r"(?:this (?:article|story|piece) (?:was )?)?(?:first|originally) (?:published|appeared)"
    r" (?:at|on|in|by) (?P<where>.+?)(?: on (?P<when>[^/]+?))?\.?",
    re.IGNORECASE,
)
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
    while body and not any(letter.isalnum() for letter in body[-1].text):
        body.pop()  # a rule that parted the article from what was cut
    metadata = known | head.metadata | metadata_of(fields, origin="footer")
    metadata = metadata.with_authors(credited, "credit line") | fallback
    return Draft(tuple(body), head.headline, metadata, head.warnings, page_count)


def _without_fields(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[Field]]:
    """The paragraphs without labelled lines near their end that name the source or the date."""
    kept: list[Paragraph] = []
    fields: list[Field] = []
    first = max(len(paragraphs) - _TAIL, 1)
    for n, one in enumerate(paragraphs):
        found = _source_fields(one.text) if n >= first else []
        fields += found
        if not found:
            kept.append(one)
    return kept, fields


def _source_fields(line: str) -> list[Field]:
    """What "Source: ..." or "Originally published at ... on ..." says; empty for other lines."""
    field = read_field(line)
    if field is not None:
        bare = line.startswith(("http", "<http"))  # an address to visit, perhaps not the article's
        return [field] if _says_source(field) and not bare else []
    found = _FIRST_PUBLISHED.fullmatch(line.strip("*_ "))
    if found is None:
        return []
    where = field_of("source", found["where"].rstrip("."))
    when = [field_of("date", found["when"])] if found["when"] else []
    dated = all(read_date(one.value) for one in when)
    return [where, *when] if dated and (where.url or is_outlet(where.value)) else []


def _says_source(field: Field) -> bool:
    if field.key in ("source", "original"):
        return field.url is not None or is_outlet(field.value)
    return field.key in ("url", "author", "date")
