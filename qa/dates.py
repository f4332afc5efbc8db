"""Dates in English text: found with exact offsets, resolved against a stated day.

What comes out is never more precise than what was said, and nothing is resolved
that the words and the stated day do not settle. Knows nothing of questions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from index.types import PublishedDate, Trust
from qa.absolute_dates import ABSOLUTE
from qa.date_words import Base, Form, compiled, hints
from qa.periods import Period
from qa.relative_forms import RELATIVE
from qa.tense import tense_at

_FORMS = (*ABSOLUTE, *RELATIVE)
_BY_HINT = {form.hint: [f for f in _FORMS if f.hint == form.hint] for form in _FORMS}


@dataclass(frozen=True, slots=True)
class Anchor:
    """The day that relative expressions are counted from, and where it comes from."""

    day: date
    origin: str  # "front matter", "header", ... of an article; "today"; "as of"
    trust: Trust

    @classmethod
    def of(cls, published: PublishedDate | None) -> "Anchor | None":
        """The day an article says it was published; None where it names no whole day."""
        if published is None:
            return None
        try:
            return cls(date.fromisoformat(published.day), published.origin, published.trust)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class DateFound:
    """A time that a text names: `text[start:end]`, and when that is."""

    start: int  # code points into the text, inclusive
    end: int  # exclusive
    period: Period | None  # None: the words and the day counted from do not settle it
    counted_from: Anchor | None  # None: it needs none, or there was none
    relative: bool

    @property
    def trust(self) -> Trust:
        """As far as that of the day it was counted from."""
        return self.counted_from.trust if self.counted_from else "high"


@lru_cache(maxsize=64)  # the spans of one passage are read one after another
def find_dates(text: str, anchor: Anchor | None = None) -> tuple[DateFound, ...]:
    """Every date expression in the text, in order, none over another.

    anchor: the day that relative ones are counted from; without one they are
    found but stay unresolved.
    """
    kept: list[DateFound] = []
    for found in sorted(_matches(text, anchor), key=lambda f: (f.start, -f.end, f.relative)):
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return tuple(kept)


def warm_up() -> None:
    """Compile all patterns now, which takes some 50 ms, instead of each when it is needed."""
    for form in _FORMS:
        compiled(form.pattern)


def _matches(text: str, anchor: Anchor | None) -> Iterator[DateFound]:
    for hint, places in hints(text).items():
        for start, end in places:
            for form in _BY_HINT[hint]:
                for match in form.matches(text, start, end):
                    yield _resolved(form, match, anchor)


def _resolved(form: Form, match: re.Match[str], anchor: Anchor | None) -> DateFound:
    start, end = match.span("x")
    if not form.relative:
        # Also where there is none: "31 April 2019" is not "April 2019".
        period = _settled(form, match, Base(date.min, "unknown"))
        return DateFound(start, end, period, None, relative=False)
    if anchor is None:
        return DateFound(start, end, None, None, relative=True)
    period = _settled(form, match, Base(anchor.day, tense_at(match.string, start, end)))
    return DateFound(start, end, period, anchor if period else None, relative=True)


def _settled(form: Form, match: re.Match[str], base: Base) -> Period | None:
    """None for days and years that no calendar has."""
    try:
        return form.period(match, base)
    except (ValueError, OverflowError, StopIteration):
        return None


def same_time(a: DateFound, b: DateFound) -> bool | None:
    """Whether two expressions may name the same time: one lies within the other.

    None: cannot say. That is so of unresolved ones, of those that overlap in
    part or only nearly touch where one is approximate, and of any that seem to
    differ while one is counted from a day of low trust: such a day makes no conflict.
    """
    if a.period is None or b.period is None:
        return None
    if _within(a.period, b.period) or _within(b.period, a.period):
        return True if a.trust == b.trust == "high" else None
    if "low" in (a.trust, b.trust) or _overlap(a.period, b.period):
        return None
    wide = [period.widened() if period.approximate else period for period in (a.period, b.period)]
    return None if _overlap(*wide) else False


def _within(inner: Period, outer: Period) -> bool:
    return outer.first <= inner.first and inner.last <= outer.until


def _overlap(a: Period, b: Period) -> bool:
    return a.first <= b.until and b.first <= a.until
