"""What one line of an article's head or end says of author, outlet and date."""

import re
from dataclasses import dataclass

from index.ingest.dates import ReadDate, is_vague_date, read_date
from index.ingest.names import is_agency, is_outlet, is_outlet_shaped, is_person, is_role, people

_BY = re.compile(
    r"(?:(?:Words|Text|Story|Report|Written|Posted|Reported|Published|Article|Exclusive)\s+by"
    r"|WRITTEN BY|By|BY|by):?\s+(?P<rest>\S.*)"
)
_STRONG = re.compile(r"\s*[|•·]\s*|\s+[-–—/]{1,2}\s+|\s*—\s*|/(?=[A-Z])")
_TIME_TO_READ = re.compile(r"\d+[\s-]*min(?:ute)?s?(?:\s+read)?", re.IGNORECASE)
# Lines of databases and web pages between headline and text that say nothing we keep.
_SAYS_NOTHING = re.compile(
    r"\d[\d,]* words|english|(?:©|\(c\)|copyright)\s.{2,80}|\d+ min(?:ute)?s? read", re.IGNORECASE
)
_PLACE = re.compile(r"\s+(?:in|from|at)\s+(?=[A-Z])[^,;|]+(?:,\s*[A-Z][^,;|]+)?$")
_FOR = re.compile(r",?\s+(?:for|of|special to)\s+(?P<outlet>[A-Z].{1,50})$", re.IGNORECASE)
_ON_DATE = re.compile(r"\s+on\s+(?P<date>\S.*\d{4}.*)$")


@dataclass(frozen=True, slots=True)
class Byline:
    """What a line says; a line that says only a date is no byline yet."""

    authors: tuple[str, ...] = ()
    source: str | None = None
    date: ReadDate | None = None
    signed: bool = False  # it has a "By ...", an outlet or an agency

    def __or__(self, other: "Byline") -> "Byline":
        """Both lines together, this one's values first."""
        date = self.date
        if other.date is not None and (date is None or (date.updated and not other.date.updated)):
            date = other.date
        return Byline(
            self.authors or other.authors,
            self.source or other.source,
            date,
            self.signed or other.signed,
        )


def read_byline(line: str) -> Byline | None:
    """What a whole line says as "By A and B, Outlet", "Outlet — Date", a date, an agency.

    None unless every part of the line is understood.
    """
    line = line.strip().strip("*_").strip()
    if not 2 <= len(line) <= 160:
        return None
    date = read_date(line)
    if date is not None:
        return Byline(date=date)
    if is_agency(line):
        return Byline(source=line.strip(" ()"), signed=True)
    if _SAYS_NOTHING.fullmatch(line) or is_vague_date(line):
        return Byline()
    by = _BY.fullmatch(line)
    if by:
        return _signed(by["rest"].strip())
    return _outlet_and_date(line)


def _signed(rest: str) -> Byline | None:
    parts = _STRONG.split(rest)
    read = _first_part(parts[0])
    for part in parts[1:]:
        said = _later_part(part)
        if read is None or said is None:
            return None
        read = read | said
    return read


def _first_part(text: str) -> Byline | None:
    """Who signs: "A and B", "A, Outlet", "A in Kabul", "A for Outlet", "A on 3 May 2024"."""
    dated = _ON_DATE.search(text)
    if dated:
        who = _first_part(text[: dated.start()])
        date = read_date(dated["date"])
        return who | Byline(date=date) if who and date else None
    sent = _FOR.search(text)
    if sent and is_outlet_shaped(sent["outlet"]):
        who = _first_part(text[: sent.start()])
        return who | Byline(source=sent["outlet"], signed=True) if who else None
    named = people(_PLACE.sub("", text))
    if named and not (", " in text and " and " not in text and " & " not in text):
        if is_outlet(text):
            return Byline((text,), signed=True)
        return Byline(named, signed=True)
    return _with_commas(text)


def _with_commas(text: str) -> Byline | None:
    first, _, rest = text.partition(", ")
    named = people(_PLACE.sub("", first)) or _office(first)
    if not named and not is_role(first):
        return None
    read = Byline(named, signed=True)
    if not rest:
        return read
    date = read_date(rest)
    if date is not None:
        return read | Byline(date=date)
    outlet, _, after = rest.partition(", ")
    if after and read_date(after) is not None and is_outlet_shaped(outlet):
        return read | Byline(source=outlet, date=read_date(after))
    return _with_list(text, read, rest)


def _with_list(text: str, read: Byline, rest: str) -> Byline | None:
    """What follows the first comma in "A, Outlet", "A, Staff Writer" or "A, B"."""
    pieces = [piece.strip() for piece in rest.split(", ")]
    if all(is_role(piece) for piece in pieces):
        return read
    if is_role(pieces[0]) and len(pieces) == 2 and is_outlet_shaped(pieces[1]):
        return read | Byline(source=pieces[1])
    if len(pieces) == 1 and " and " not in rest and is_outlet_shaped(rest):
        return read | Byline(source=rest)
    listed = people(text)
    return Byline(listed, signed=True) if listed else None


def _office(text: str) -> tuple[str, ...]:
    """An agency or an outlet that signs itself."""
    return (text,) if is_agency(text) or is_outlet(text) else ()


def _later_part(text: str) -> Byline | None:
    text = text.strip()
    date = read_date(text)
    if date is not None:
        return Byline(date=date)
    if not text or is_role(text) or _TIME_TO_READ.fullmatch(text):
        return Byline()
    by = _BY.fullmatch(text)
    if by:
        return _first_part(by["rest"])
    if is_outlet_shaped(text):
        return Byline(source=text, signed=True)
    return None


def _outlet_and_date(line: str) -> Byline | None:
    """A line such as "Outlet — Date", "Date | Outlet", "Name | Date | 5 min read"."""
    dated = _comma_date(line)
    if dated is not None:
        return dated
    parts = [part for part in _STRONG.split(line) if part]
    said = [_later_part(part) for part in parts]
    if len(parts) < 2 or None in said:
        return None
    read = Byline()
    for part, one in zip(parts, said, strict=True):
        if one is not None and one.source and "|" in line and is_person(part):
            one = one if is_outlet(part) else Byline((part,), signed=True)
        read = read | (one or Byline())
    return read if read.date is not None else None


def _comma_date(line: str) -> Byline | None:
    outlet, comma, rest = line.partition(", ")
    date = read_date(rest) if comma else None
    return Byline(source=outlet, date=date, signed=True) if date and is_outlet(outlet) else None
