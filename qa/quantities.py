"""A number in its words, with hedge and unit: "at least 17 people", "about 50 km (30 miles)".

Pure text. How much a hedge covers is decided here, by one rule for all:

Every quantity has a core, the values that it clearly stands for, and a reach,
outside which nothing agrees with it. Two quantities are the same where their
cores meet, differ where not even their reaches do, and are otherwise left open.

| said        | core                                   | reach          |
|-------------|----------------------------------------|----------------|
| x           | x                                      | x              |
| about x     | what rounds to x, at most 5 % off      | less than 10 % |
| at least x  | x to 1.25 x                            | below 1.5 x    |
| nearly x    | 0.9 x to x                             | above 0.8 x    |
| up to x     | 0.8 x to x                             | 0 to x         |

So "more than 1,000" and 1,100 are the same, "more than 20" and "at least 32"
differ: a lower bound that is far too low is another claim. Between different
units each side also stands for what its last digit may have been rounded from,
as in "50 kilometres (30 miles)".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa.numbers import Number, find_numbers, scale_of
from qa.units import MONEY, UNITS, Unit, currency_before, unit_after

Relation = Literal["same", "differs", "unrelated"]
Hedge = Literal["exactly", "about", "least", "nearly", "most"]

_HEDGES: tuple[tuple[Hedge, str], ...] = (
    ("nearly", "nearly|almost|close to|just (?:under|short of|below)|approaching|not quite"),
    ("most", "up to|at (?:the )?most|(?:no|not) more than|as (?:many|much) as|a maximum of"),
    ("least", "at least|(?:no|not) (?:fewer|less) than|more than|over|above|upwards? of"),
    ("least", "in excess of|a minimum of|greater than|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?"),
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
    ("about", re.compile(r"^(?:-odd\b|[^.,;]{0,20}? or so\b|,? or thereabouts\b)", re.I)),
    ("most", re.compile(r"^(?:[^.,;]{0,20}? or (?:fewer|less)\b|,? at most\b)", re.I)),
)
_RANGE = re.compile(r"^(?:\s*[-–—]\s*|\s+(?:to|and|or)\s+)[$£€¥]?$", re.IGNORECASE)
_NOTHING_COUNTED = re.compile(
    r"^\s*(?:$|[.,;:!?)\"”’]|(?:in|on|at|by|for|from|of|to|once|when|and|but|or|were|was|are|is|had"
    r"|have|has|as|after|before|since|while|last|this|dead|killed|injured)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much there is of something, in the base unit of its dimension."""

    dimension: str  # "count", "ordinal", "length", "share", "USD", ...
    core: tuple[float, float]
    reach: tuple[float, float]
    unit: float = 1.0  # factor of the unit it was given in
    rounding: float = 0.0  # what its last digit may have been rounded from, either way
    bare: bool = False  # nothing is counted: "the number is now 87"

    @property
    def telling(self) -> bool:
        """Whether two sources would hardly name it by chance: no bare small count."""
        return self.dimension not in ("count", "ordinal") or abs(self.core[0]) >= 100

    def relation(self, other: "Quantity") -> Relation:
        """How it stands to another; the same both ways round."""
        one, two = _comparable(self, other)
        if one.dimension != two.dimension and not _may_be_money(one, two):
            return "unrelated"
        if not _equal(one.unit, two.unit):
            one, two = _rounded(one), _rounded(two)
        if max(one.core[0], two.core[0]) <= _just_over(min(one.core[1], two.core[1])):
            return "same"
        return "differs" if _apart(one.reach, two.reach) else "unrelated"

    def times(self, other: "Quantity") -> float | None:
        """How many times the smaller the larger is; None where they are not of one dimension."""
        one, two = _comparable(self, other)
        low, high = sorted(abs(quantity.core[0]) for quantity in (one, two))
        return high / low if low and one.dimension == two.dimension else None


def read_quantity(text: str, start: int, end: int) -> Quantity | None:
    """What text[start:end] says how much of, read with the words around it.

    None where it names no number, or several that are not one value in two units.
    """
    numbers = find_numbers(text)
    inside = [n for n, number in enumerate(numbers) if number.start < end and start < number.end]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    first, last = _whole_range(text, numbers, first, last)
    read = [_one(text, numbers[n]) for n in range(first, last + 1)]
    if first < last and _is_range(text, numbers[first], numbers[first + 1]):
        low = _one(text, _scaled(text, numbers[first], numbers[first + 1]))
        read = [_between(low, read[1]), *read[2:]]
    if any(read[0].relation(other) != "same" for other in read[1:]):
        return None
    return read[0]


def says(text: str, value: Quantity) -> bool:
    """Whether this amount stands in the text, in any words."""
    read = (read_quantity(text, number.start, number.end) for number in find_numbers(text))
    return any(other and value.relation(other) == "same" for other in read)


def _whole_range(text: str, numbers: Sequence[Number], first: int, last: int) -> tuple[int, int]:
    """The numbers with the other end of a range that the words cut in two."""
    if first > 0 and _is_range(text, numbers[first - 1], numbers[first]):
        first -= 1
    if last + 1 < len(numbers) and _is_range(text, numbers[last], numbers[last + 1]):
        last += 1
    return first, last


def _is_range(text: str, one: Number, other: Number) -> bool:
    """Whether "2,500 to 3,000", "10-15", or "between 5 and 8" stands there."""
    between = text[one.end : other.start]
    if not _RANGE.match(between) or one.low >= other.low:
        return False
    joined = between.strip().lower().rstrip("$£€¥").strip()
    return joined not in ("and", "or") or bool(
        re.search(r"\b(?:between|either)\s+[$£€¥]?$", text[: one.start], re.IGNORECASE)
    )


def _scaled(text: str, low: Number, high: Number) -> Number:
    """The lower end with the "million" that stands only behind the upper: "5 to 6 million"."""
    scale = scale_of(text[high.start : high.end])
    if scale_of(text[low.start : low.end]) > 1 or low.low >= scale:
        return low
    return replace(low, low=low.low * scale, high=low.high * scale, step=low.step * scale)


def _between(low: Quantity, high: Quantity) -> Quantity:
    """From one to the other; the unit may stand only behind the second, as may "million"."""
    if low.dimension != high.dimension:
        scale = high.unit / low.unit if low.dimension == "count" else 1.0
        low = replace(
            low,
            core=(low.core[0] * scale, low.core[1] * scale),
            reach=(low.reach[0] * scale, low.reach[1] * scale),
        )
    ends = sorted((low.core[0], high.core[1]))
    reach = (min(low.reach[0], ends[0]), max(high.reach[1], ends[1]))
    return replace(high, core=(ends[0], ends[1]), reach=reach)


def _one(text: str, number: Number) -> Quantity:
    currency = currency_before(text[: number.start])
    before = number.start - (currency[1] if currency else 0)
    behind = None if number.form == "ordinal" else unit_after(text[number.end :])
    after = number.end + (behind[1] if behind and not currency else 0)
    unit = currency[0] if currency else behind[0] if behind else _unit_of(number)
    if number.form == "share" and behind:  # a quarter of an hour
        unit = behind[0]
    core, reach = _covered(number, _hedge(text[:before], text[after:]))
    step = min(number.step / 2, 0.1 * abs(number.low))
    return Quantity(
        unit.dimension,
        _based(core, unit),
        _based(reach, unit),
        unit.factor,
        step * unit.factor,
        bare=unit.dimension == "count" and bool(_NOTHING_COUNTED.match(text[after:])),
    )


def _unit_of(number: Number) -> Unit:
    return Unit({"share": "share", "ordinal": "ordinal"}.get(number.form, "count"))


def _hedge(before: str, behind: str) -> Hedge:
    """The hedge that stands next to the number, before it or behind it."""
    nearest: Hedge = "exactly"
    for match in _BEFORE.finditer(before[-40:]):
        if _HEDGE_END.match(before[-40:], match.end()):
            nearest = next(hedge for hedge, _ in _HEDGES if (match.lastgroup or "")[:-1] == hedge)
    if nearest != "exactly":
        return nearest
    return next((hedge for hedge, words in _BEHIND if words.match(behind[:30])), "exactly")


def _covered(number: Number, hedge: Hedge) -> tuple[tuple[float, float], tuple[float, float]]:
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
        return (x - 0.1 * size, x), (x - 0.2 * size, x)
    if hedge == "most":
        return (x - 0.2 * size, x), (min(x, 0.0), x)
    return (x, x), (x, x)


def _based(ends: tuple[float, float], unit: Unit) -> tuple[float, float]:
    low, high = ((end + unit.offset) * unit.factor for end in ends)
    return min(low, high), max(low, high)


def _comparable(one: Quantity, other: Quantity) -> tuple[Quantity, Quantity]:
    """A bare number beside a percentage is one: "92 per cent ... the number is now 87"."""
    if one.bare and other.dimension == "share":
        one = _as_share(one)
    if other.bare and one.dimension == "share":
        other = _as_share(other)
    return one, other


def _as_share(bare: Quantity) -> Quantity:
    unit = UNITS["per cent"]
    return replace(
        bare,
        dimension="share",
        core=_based(bare.core, unit),
        reach=_based(bare.reach, unit),
        unit=unit.factor,
        rounding=bare.rounding * unit.factor,
    )


def _may_be_money(one: Quantity, other: Quantity) -> bool:
    """Whether a bare number may leave out the currency of the other: "sixteen million"."""
    amounts = sorted((one, other), key=lambda quantity: quantity.dimension in MONEY)
    bare, money = amounts
    return bare.bare and bare.core[0] >= 1000 and money.dimension in MONEY


def _rounded(given: Quantity) -> Quantity:
    low, high = given.core[0] - given.rounding, given.core[1] + given.rounding
    return replace(
        given, core=(low, high), reach=(min(given.reach[0], low), max(given.reach[1], high))
    )


def _apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether nothing lies in both; the very end of a stretch is no longer in it."""
    low, high = max(one[0], other[0]), min(one[1], other[1])
    if not _equal(low, high):
        return low > high
    return any(a < b and (_equal(a, low) or _equal(b, low)) for a, b in (one, other))


def _just_over(value: float) -> float:
    return value + 1e-9 * abs(value)


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other))
