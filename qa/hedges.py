"""How much a hedge covers: "at least 17", "about 1,300", "forty-odd".

Pure text. Every number has a core, the values that it clearly stands for, and a reach, outside
which nothing agrees with it, by one rule for all:

| said        | core                                   | reach          |
|-------------|----------------------------------------|----------------|
| x           | x                                      | x              |
| about x     | what rounds to x, at most 5 % off      | less than 10 % |
| at least x  | x to 1.25 x                            | below 1.5 x    |
| nearly x    | 0.9 x to x                             | above 0.85 x   |
| up to x     | 0.8 x to x                             | 0 to x         |
"""

import re
from typing import Literal

from qa.numbers import Number

Hedge = Literal["exactly", "about", "least", "nearly", "most"]

_HEDGES: tuple[tuple[Hedge, str], ...] = (
    ("nearly", "nearly|almost|close (?:to|on)|just (?:under|short of|below)|approaching|not quite"),
    ("nearly", "the (?:best|better) part of|nigh on|barely|a (?:shade|little|bit) (?:under|below)"),
    ("most", "up to|at (?:the )?most|(?:no|not) more than|as (?:many|much) as|a maximum of"),
    ("least", "at least|(?:no|not) (?:fewer|less) than|more than|over|above|upwards? of"),
    ("least", "in excess of|a minimum of|greater than|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?"),
    ("least", "north of|beyond|a good"),
    ("most", "(?:fewer|less) than|under|below|within"),
    ("about", "about|around|some|roughly|approximately|(?:an )?estimated|circa|in the region of|~"),
)
_BEFORE = re.compile(
    "|".join(rf"(?P<{hedge}{n}>\b(?:{words}))" for n, (hedge, words) in enumerate(_HEDGES)),
    re.IGNORECASE,
)
_HEDGE_END = re.compile(r"[\s(]*(?:(?:the|an?|just|only)\s+)?$", re.IGNORECASE)
_BEHIND: tuple[tuple[Hedge, re.Pattern[str]], ...] = (
    ("least", re.compile(r"^(?:\+|-plus\b|[^.,;]{0,20}? or more\b|,? at least\b)", re.I)),
    ("least", re.compile(r"^(?:-odd|-some|[^.,;]{0,20}? and (?:more|a bit|then some))\b", re.I)),
    ("about", re.compile(r"^(?:[^.,;]{0,20}? or so|,? or thereabouts|,? give or take)\b", re.I)),
    ("about", re.compile(r"^[^.,;]{0,20}?,? (?:or nearly|near enough)\b", re.I)),
    ("most", re.compile(r"^(?:[^.,;]{0,20}? or (?:fewer|less)\b|,? at most\b)", re.I)),
)


def hedge_of(before: str, behind: str) -> Hedge:
    """The hedge that stands next to the number, before it or behind it."""
    nearest: Hedge = "exactly"
    for match in _BEFORE.finditer(before[-40:]):
        if _HEDGE_END.match(before[-40:], match.end()):
            nearest = next(hedge for hedge, _ in _HEDGES if (match.lastgroup or "")[:-1] == hedge)
    if nearest != "exactly":
        return nearest
    return next((hedge for hedge, words in _BEHIND if words.match(behind[:30])), "exactly")


def covered(number: Number, hedge: Hedge) -> tuple[tuple[float, float], tuple[float, float]]:
    """Core and reach, in the unit of the number."""
    x, size = number.low, abs(number.low)
    if number.form == "vague":
        return (2 * x, 0.9 * number.high), (x, 2 * number.high)
    if hedge == "about" or (number.form == "share" and hedge == "exactly"):
        near = min(number.step / 2, 0.05 * size) if hedge == "about" else 0.05 * size
        return (x - near, x + near), (x - 0.1 * size, x + 0.1 * size)
    if hedge == "least":
        return (x, x + 0.25 * size), (x, x + 0.5 * size)
    if hedge == "nearly":
        return (x - 0.1 * size, x), (x - 0.15 * size, x)
    if hedge == "most":
        return (x - 0.2 * size, x), (min(x, 0.0), x)
    return (x, x), (x, x)
