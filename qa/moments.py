"""Plain calendar dates and times of day: "Tuesday night", "spring of 2012", "10.25pm".

Each says only some of year, month, day, weekday and time. What depends on the
day of writing ("eight years ago", "yesterday") is no plain date and not read here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from qa.clock import Clock, find_clocks, times_meet
from qa.types import Range

Relation = Literal["same", "differs", "unrelated"]

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAYS = "mon tue wed thu fri sat sun".split()
_WEEKDAY = re.compile(r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b")
_YEAR = r"(?:1\d{3}|20\d{2})"
_DATE = re.compile(
    rf"\b(?P<iso>{_YEAR})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)\b"
    rf"|\b(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? )?(?P<month>{_MONTH})(?![a-z])"
    rf"(?: (?P<after>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d))?(?:,? (?:of )?(?P<year>{_YEAR})\b)?"
    rf"|\b(?:(?P<part>early|mid|late)[- ](?:the )?)?(?P<decade>{_YEAR})s\b"
    rf"|(?<![\d,.$£€-])(?P<alone>{_YEAR})\b(?![,.]\d|%)"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """What was said of when: None for each part that was not."""

    years: tuple[int, int] | None = None  # first and last
    month: int | None = None  # 1 to 12
    day: int | None = None  # of the month
    weekday: int | None = None  # 0 is Monday
    clock: Clock | None = None

    def relation(self, other: "Moment") -> Relation:
        """Same where they share a part and no part differs.

        Neighbouring weekdays are left open: a night has two, and so have time zones.
        """
        parts = [
            _ranges(self.years, other.years),
            _parts(self.month, other.month),
            _parts(self.day, other.day),
            _weekdays(self.weekday, other.weekday),
            _clocks(self.clock, other.clock),
        ]
        for relation in ("differs", "unrelated"):
            if relation in parts:
                return relation
        return "same" if "same" in parts else "unrelated"


def read_moment(text: str, start: int, end: int) -> Moment | None:
    """The plain date or time that text[start:end] names, or touches; None if there is none."""
    years: tuple[int, int] | None = None
    month = day = weekday = None
    for match in _touching(_DATE, text, start, end):
        years, month, day = _date(match, years, month, day)
    for match in _touching(_WEEKDAY, text, start, end):
        weekday = _DAYS.index(match[1][:3].lower())
    clocks = (clock for at, clock in find_clocks(text) if at.start < end and start < at.end)
    clock = next(clocks, None)
    if all(part is None for part in (years, month, weekday, clock)):
        return None
    return Moment(years, month, day, weekday, clock)


def find_moments(text: str) -> Iterator[Range]:
    """Where a plain date or time stands, each part of one apart."""
    for pattern in (_DATE, _WEEKDAY):
        yield from (Range(*match.span()) for match in pattern.finditer(text))
    yield from (place for place, _ in find_clocks(text))


def _touching(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[re.Match[str]]:
    return [m for m in pattern.finditer(text) if m.start() < end and start < m.end()]


def _date(
    match: re.Match[str], years: tuple[int, int] | None, month: int | None, day: int | None
) -> tuple[tuple[int, int] | None, int | None, int | None]:
    """The parts of a date, over those already known."""
    if match["iso"]:
        year = int(match["iso"])
        return (year, year), int(match["iso_month"]), int(match["iso_day"])
    if match["decade"]:
        first = int(match["decade"])
        early, late = {"early": (0, 3), "mid": (3, 6), "late": (6, 9)}.get(match["part"], (0, 9))
        return (first + early, first + late), month, day
    if match["alone"]:
        return (int(match["alone"]), int(match["alone"])), month, day
    if match["year"]:
        years = int(match["year"]), int(match["year"])
    written = match["before"] or match["after"]
    return years, 1 + _MONTHS.index(match["month"][:3].lower()), int(written) if written else day


def _parts(one: int | None, other: int | None) -> Relation | None:
    if one is None or other is None:
        return None
    return "same" if one == other else "differs"


def _weekdays(one: int | None, other: int | None) -> Relation | None:
    relation = _parts(one, other)
    if relation == "differs" and one is not None and other is not None:
        return "unrelated" if (one - other) % 7 in (1, 6) else "differs"
    return relation


def _ranges(one: tuple[int, int] | None, other: tuple[int, int] | None) -> Relation | None:
    if one is None or other is None:
        return None
    return "same" if max(one[0], other[0]) <= min(one[1], other[1]) else "differs"


def _clocks(one: Clock | None, other: Clock | None) -> Relation | None:
    if one is None or other is None:
        return None
    return "same" if times_meet(one, other) else "differs"
