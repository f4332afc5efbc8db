"""Sources as CSL-JSON items, which reference managers and Pandoc read."""

import json
from collections.abc import Sequence

from qa.cite import CitationRecord
from qa.names import Name
from qa.sources import DATE_AS_SHOWN, Day, Source, sources_of
from qa.types import Json


def csl_items(records: Sequence[CitationRecord]) -> list[Json]:
    """One item for each article cited, in the order of first mention (CSL 1.0.2 JSON)."""
    return [_item(source) for source in sources_of(records)]


def csl_json(records: Sequence[CitationRecord]) -> str:
    """The items as they are written into files."""
    return json.dumps(csl_items(records), ensure_ascii=False, indent=2)


def _item(source: Source) -> Json:
    fields: Json = {
        "id": source.key,
        "type": source.kind,
        "title": source.title,
        "author": [_name(author) for author in source.authors],
        "container-title": source.outlet,
        "issued": _date(source.published),
        "accessed": _date(source.accessed),
        "URL": source.url,
        "page": ", ".join(map(str, source.pages)),
        "annote": "\n".join(f"“{quote}”" for quote in source.quotes),
        "note": DATE_AS_SHOWN if source.doubtful else None,
    }
    return {name: value for name, value in fields.items() if value}


def _name(name: Name) -> Json:
    if name.literal:
        return {"literal": name.literal}
    parts: Json = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "dropping-particle": name.dropping,
        "suffix": name.suffix,
    }
    return {part: text for part, text in parts.items() if text}


def _date(day: Day | None) -> Json | None:
    return {"date-parts": [[part for part in day if part is not None]]} if day else None
