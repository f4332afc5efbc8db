"""The words that dates are made of, as pieces of patterns, and what they count.

In these patterns a space stands for white space with at most one line break in it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from qa.periods import Period
from qa.tense import Tense

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = ("first", "second", "third", "fourth")

_FULL = "|".join(month.capitalize() for month in MONTHS)
_PLAIN = "|".join(month for month in MONTHS if month not in ("may", "march"))
# Alone a month must look like one: "may" and "march" are verbs, "Mar" and "Jan" are names.
MONTH_ALONE = rf"(?P<month>{_FULL}|{_FULL.upper()}|{_PLAIN}|(?:Sept|Oct|Nov|Aug|Feb)\.)"
MONTH = (
    rf"(?P<month>(?i:{_FULL})|(?i:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)(?![\w’'])"
)
DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
YEAR = r"(?P<year>(?:1\d|20)\d\d)(?!\w|[,.]\d)"
WEEKDAY = rf"(?P<weekday>(?i:{'|'.join(WEEKDAYS)}))"
# Beside a whole date a weekday may be short; alone "sat" and "sun" are words.
BESIDE = (
    r"(?:(?P<weekday>(?i:mon|tue|wed|thu|fri|sat|sun)(?i:day|sday|nesday|rsday|urday|s|nes|rs?)?)"
    r"\.?,? (?:the )?)?"
)
PART = (
    r"(?:(?i:the )?(?P<part>(?i:night|evening|morning|afternoon|early hours)) (?i:of) "
    r"(?:the )?)?"
)
SEASON = r"(?P<season>(?i:spring|summer|autumn|fall|winter))"
HALVES = r"(?:(?i:early|mid|late)(?: |-))?"
COUNT = (
    rf"(?P<count>\d{{1,3}}|(?i:an?|{'|'.join(_SMALL[1:])}|(?:{'|'.join(_TENS)})"
    rf"(?:-(?:{'|'.join(_SMALL[1:10])}))?|a couple(?: of)?))"
)
UNIT = r"(?P<unit>(?i:day|week|fortnight|month|year|decade|century|centurie))s?"
# Rounded, but not which way: "more than" and "less than" are no dates.
ABOUT = (
    r"(?P<about>(?i:roughly|about|around|some|nearly|almost|approximately|just over"
    r"|just under))"
)
# What a number before it counts, rather than names a year or a day of the month.
COUNTED = (
    r"(?: (?:people|persons|men|women|children|boys|girls|residents|workers|employees|staff"
    r"|students|pupils|passengers|members|visitors|fans|homes|houses|jobs|cars|vehicles|shops"
    r"|copies|pages|words|votes|seats|points|goals|metres|meters|kilometres|kilometers|miles|km"
    r"|feet|ft|square|acres|hectares|tonnes|tons|kilos|kg|litres|gallons|degrees|volts|dollars"
    r"|euros|pounds|kroner|yen|rupees|million|billion|thousand|hundred|percent|per cent|hours"
    r"|minutes|seconds|days|weeks|months|years|trees|soldiers|troops|police|officers|firefighters"
    r"|volunteers|animals|birds|sheep|cows|users|customers|families|villages|towns|schools|other"
    r"|more|of)\b| ?%)"
)


Hint = Literal["month", "weekday", "year", "unit", "day"]
_HINTS: dict[str, Hint] = {
    **dict.fromkeys([*MONTHS, *(month[:3] for month in MONTHS), "sept"], "month"),
    **dict.fromkeys(WEEKDAYS, "weekday"),
    **dict.fromkeys("today tonight tomorrow yesterday morning afternoon".split(), "day"),
    **dict.fromkeys(("evening", "night"), "day"),
    **dict.fromkeys("ago century weekend quarter".split(), "unit"),
    **dict.fromkeys("spring summer autumn fall winter".split(), "unit"),
    **dict.fromkeys("day days week weeks fortnight month months year years".split(), "unit"),
    **dict.fromkeys("fortnights decade decades centuries".split(), "unit"),
}  # fmt: skip
_WORD = re.compile(r"\w+")
_YEAR_LIKE = re.compile(r"\d{4}(?!\d)|\d0s$")
_BEFORE, _AFTER = 70, 60  # characters around such a word that a whole expression lies in


def hints(text: str) -> dict[Hint, list[tuple[int, int]]]:
    """The stretches of text, by kind, in which alone there can be expressions of that kind."""
    found: dict[Hint, list[tuple[int, int]]] = {}
    for word in _WORD.finditer(text):
        hint = _HINTS.get(word[0].lower())
        if hint is None and _YEAR_LIKE.match(word[0]):
            hint = "year"
        if hint is not None:
            start, end = max(0, word.start() - _BEFORE), min(len(text), word.end() + _AFTER)
            places = found.setdefault(hint, [])
            if places and start <= places[-1][1]:
                start = places.pop()[0]
            places.append((start, end))
    return found


@dataclass(frozen=True, slots=True)
class Base:
    """The day that a relative expression is counted from, and which way."""

    day: date
    tense: Tense


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing a date."""

    pattern: str  # a space is white space; the group `x` is the expression
    period: Callable[[re.Match[str], Base], Period | None]
    hint: Hint  # the kind of word that every match has in it
    relative: bool  # whether `period` looks at the base
    not_after: str = ""  # words before it that make it something else, in any case
    counted: bool = False  # "1500" or "May 20" before what it may be a number of

    def matches(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """Where text[start:end] is written so."""
        for found in compiled(self.pattern).finditer(text, start, end):
            at = found.start("x")
            if self.not_after and _ends(self.not_after).search(text[max(0, at - 24) : at]):
                continue
            if self.counted and compiled(COUNTED, re.IGNORECASE).match(text, found.end("x")):
                continue
            yield found


@cache
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern, a space in it as white space. All of them at once would take 50 ms."""
    gap = r"(?:[^\\S\\n]++\\n?+[^\\S\\n]*+|\\n[^\\S\\n]*+)"
    return re.compile(re.sub(" ", gap, pattern), flags)


@cache
def _ends(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{words})\s*$", re.IGNORECASE)


def month_number(written: str) -> int:
    """1 to 12 for a month or its abbreviation."""
    return next(i for i, m in enumerate(MONTHS, 1) if m.startswith(written.lower()[:3]))


def weekday_number(written: str) -> int:
    """0 for Monday to 6 for Sunday, also of an abbreviation."""
    return next(i for i, d in enumerate(WEEKDAYS) if d.startswith(written.lower()[:3]))


def number_of(written: str) -> int:
    """The whole number that digits or words such as "twenty-one" or "a couple of" name."""
    words = " ".join(written.lower().split())
    if words.isdecimal():
        return int(words)
    if words in ("a", "an"):
        return 1
    if words.startswith("a couple"):
        return 2
    tens, _, ones = words.partition("-")
    if tens in _TENS:
        return 20 + 10 * _TENS.index(tens) + (_SMALL.index(ones) if ones else 0)
    return _SMALL.index(words)
