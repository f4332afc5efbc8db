"""Sources as RIS records, which reference managers import."""

from collections.abc import Iterator, Sequence

from qa.cite import CitationRecord
from qa.names import Name
from qa.sources import DATE_AS_SHOWN, Day, Kind, Source, sources_of


def ris(records: Sequence[CitationRecord]) -> str:
    """One record for each article cited, in the order of first mention; UTF-8."""
    return "\n".join(_record(source) for source in sources_of(records))


_TYPES: dict[Kind, str] = {"article-newspaper": "NEWS", "webpage": "ELEC", "document": "GEN"}


def _record(source: Source) -> str:
    # A value is always on one line: a line break would end it, and could begin another field.
    return "".join(f"{tag}  - {value}\n" for tag, value in _fields(source) if value or tag == "ER")


def _fields(source: Source) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES[source.kind]
    yield "ID", source.key
    for author in source.authors:
        yield "AU", _name(author)
    yield "TI", source.title
    yield "T2", source.outlet or ""
    yield "PY", f"{source.published.year:04}" if source.published else ""
    yield "DA", _date(source.published)
    yield "Y2", _date(source.accessed)
    yield "SP", ", ".join(map(str, source.pages))
    yield "UR", source.url or ""
    yield "N1", DATE_AS_SHOWN.capitalize() if source.doubtful else ""
    for quote in source.quotes:
        yield "N1", f"“{quote}”"
    yield "ER", ""


def _date(day: Day | None) -> str:
    """Year, month and day between strokes, what is not known left out: "2019/11//"."""
    if day is None:
        return ""
    month, exact = (f"{part:02}" if part else "" for part in (day.month, day.day))
    return f"{day.year:04}/{month}/{exact}/"


def _name(name: Name) -> str:
    if name.literal:
        return name.literal
    if name.family_first:
        return f"{name.family}, {name.given}"
    return name.inverted
