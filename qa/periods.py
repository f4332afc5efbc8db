"""Stretches of days as people name them: a day, a month, a season, a decade.

Pure arithmetic on the proleptic Gregorian calendar; knows nothing of words.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Granularity = Literal[
    "day", "days", "week", "month", "months", "season", "year", "years", "decade", "century"
]
# Characters of "YYYY-MM-DD" that are as precise as was said.
_WRITTEN: dict[Granularity, int] = {
    "day": 10, "days": 10, "week": 10, "month": 7, "months": 7, "season": 7,
    "year": 4, "years": 4, "decade": 4, "century": 4,
}  # fmt: skip
_ONE = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Period:
    """From one day to another, both included, never more precise than it was said."""

    first: date
    last: date
    granularity: Granularity
    approximate: bool = False  # a rounded count, or "about": it may lie a little beside it
    night: bool = False  # the night of its last day, which ends on the next

    @property
    def iso(self) -> str:
        """ISO 8601: "2019-11-06", "2019-07" or "2019", else "first/last" in those forms."""
        length = _WRITTEN[self.granularity]
        first, last = self.first.isoformat()[:length], self.last.isoformat()[:length]
        return first if self.granularity in _ONE else f"{first}/{last}"

    @property
    def until(self) -> date:
        """The day it is over: the next one for a night."""
        return self.last + timedelta(days=1) if self.night else self.last

    def about(self) -> "Period":
        """The same, but only roughly."""
        return replace(self, approximate=True)

    def widened(self) -> "Period":
        """With its own length added on both sides, and a week at least."""
        length = max(self.last - self.first + timedelta(days=1), timedelta(days=7))
        return replace(self, first=_earlier(self.first, length), last=_later(self.last, length))


def day(of: date) -> Period:
    """One day alone."""
    return Period(of, of, "day")


def days(first: date, last: date) -> Period:
    """From one day to another. Raises ValueError where they stand the wrong way round."""
    return _ordered(Period(first, last, "days"))


def week(of: date) -> Period:
    """Monday to Sunday around a day."""
    monday = of - timedelta(days=of.weekday())
    return Period(monday, monday + timedelta(days=6), "week")


def month(year: int, number: int) -> Period:
    """A calendar month; 0 is December of the year before, 13 January of the next."""
    return months(year, number, 1)


def months(year: int, number: int, how_many: int) -> Period:
    """So many months from this one on."""
    first, after = _first(year, number), _first(year, number + how_many)
    last = after - timedelta(days=1)
    return Period(first, last, "month" if how_many == 1 else "months")


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31), "year")


def years(first: int, last: int) -> Period:
    """Calendar years. Raises ValueError where they stand the wrong way round."""
    return _ordered(Period(date(first, 1, 1), date(last, 12, 31), "years"))


def decade(first: int) -> Period:
    """Ten years: 1990 to 1999."""
    return Period(date(first, 1, 1), date(first + 9, 12, 31), "decade")


def century(number: int) -> Period:
    """The 20th is 1901 to 2000."""
    first = 100 * (number - 1) + 1
    return Period(date(first, 1, 1), date(first + 99, 12, 31), "century")


SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def season(name: str, of_year: int) -> Period:
    """Three months of the northern seasons; winter begins in December of the year named."""
    return replace(months(of_year, SEASONS[name], 3), granularity="season")


def months_before(of: date, how_many: int) -> date:
    """The same day so many months earlier, or that month's last."""
    whole = month(of.year, of.month - how_many)
    return min(whole.first.replace(day=1) + timedelta(days=of.day - 1), whole.last)


def _first(year: int, number: int) -> date:
    return date(year + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def _ordered(period: Period) -> Period:
    if period.first > period.last:
        raise ValueError(f"{period.first} is later than {period.last}")
    return period


def _earlier(of: date, by: timedelta) -> date:
    return of - by if of - date.min > by else date.min


def _later(of: date, by: timedelta) -> date:
    return of + by if date.max - of > by else date.max
