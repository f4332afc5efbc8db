"""Sources as BibTeX entries, for LaTeX and reference managers."""

import re
from collections.abc import Sequence

from qa.cite import CitationRecord
from qa.names import Name
from qa.sources import DATE_AS_SHOWN, Day, Source, sources_of


def bibtex(records: Sequence[CitationRecord]) -> str:
    """One entry for each article cited, in the order of first mention; UTF-8."""
    return "\n".join(_entry(source) for source in sources_of(records))


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _entry(source: Source) -> str:
    day = source.published or Day(0)
    news = source.kind == "article-newspaper"
    fields = {
        "author": braced(" and ".join(_name(author) for author in source.authors)),
        "title": braced(f"{{{escaped(source.title)}}}"),  # twice: no style changes its capitals
        "journal" if news else "organization": braced(escaped(source.outlet or "")),
        "year": braced(str(day.year or "")),
        "month": _MONTHS[day.month - 1] if day.month else "",
        "day": braced(str(day.day or "")),
        "pages": braced(", ".join(map(str, source.pages))),
        "url": braced(_address(source.url or "")),
        "urldate": braced(_iso(source.accessed) if source.url else ""),
        "note": braced(DATE_AS_SHOWN.capitalize() if source.doubtful else ""),
        "annote": braced(" ".join(f"“{escaped(quote)}”" for quote in source.quotes)),
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@{'article' if news else 'misc'}{{{source.key},", *lines, "}\n"])


def braced(value: str) -> str:
    """The value between braces, or nothing where there is none."""
    return f"{{{value}}}" if value else ""


_SPECIAL = str.maketrans(
    {
        # Braces by name: BibTeX counts even those that LaTeX is told to print.
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{mark: f"\\{mark}" for mark in "$&#_%"},
    }
)
# Between two marks that LaTeX would print as one.
_LIGATURE = re.compile(
    r"(?<=-)(?=-)|(?<=[?!`])(?=`)|(?<=')(?=')|(?<=<)(?=<)|(?<=>)(?=>)|(?<=,)(?=,)"
)


def escaped(text: str) -> str:
    """The text as LaTeX prints it unchanged; what is not ASCII stays UTF-8."""
    return _LIGATURE.sub("{}", text.translate(_SPECIAL))


def _address(url: str) -> str:
    """Not escaped, since an address is printed as it stands; its braces percent-encoded."""
    return url.translate({ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"})


def _iso(day: Day | None) -> str:
    if day is None:
        return ""
    return "-".join([f"{day.year:04}", *(f"{part:02}" for part in day[1:] if part)])


_PLAIN_NAME = re.compile(r"[A-Z][A-Za-z'’-]*")


def _name(name: Name) -> str:
    """As "von Last, Jr, First", the parts in braces that would be taken apart."""
    if name.literal:
        return f"{{{escaped(name.literal)}}}"
    family = " ".join(part for part in (name.particle, _kept_whole(name.family)) if part)
    given = " ".join(part for part in (name.given, name.dropping) if part)
    suffix = [escaped(name.suffix)] if name.suffix else []
    return ", ".join([family, *suffix, escaped(given)])


def _kept_whole(family: str) -> str:
    return family if _PLAIN_NAME.fullmatch(family) else f"{{{escaped(family)}}}"
