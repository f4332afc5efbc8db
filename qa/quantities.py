"""A number in its words, with hedge and unit: "at least 17 people", "about 50 km (30 miles)".

Pure text. Every quantity has a core, the values that it clearly stands for, and a reach,
outside which nothing agrees with it (`qa.hedges`). Two quantities are the same where their
cores meet, differ where not even their reaches do, and are otherwise left open.

So "more than 1,000" and 1,100 are the same, "more than 20" and "at least 32"
differ: a lower bound that is far too low is another claim. Between different
units each side also stands for what its last digit may have been rounded from,
as in "50 kilometres (30 miles)". So does a number with fewer digits, if it is hardly off:
53.2 and 53 per cent are the same, and counts like 14,200 and 14,000 are left open.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from qa.compounds import larger_part, single_unit
from qa.hedges import covered, hedge_of
from qa.numbers import Number, find_numbers, scale_of
from qa.units import MONEY, UNITS, Unit, currency_before, unit_after

Relation = Literal["same", "differs", "unrelated"]
ROUNDED = 0.015  # share of its size by which a number with fewer digits may be off
FIRST_YEAR, LAST_YEAR = 1000, 2100  # that a bare number may be

_RANGE = re.compile(r"^(?:\s*[-–—]\s*|\s+(?:to|and|or)\s+)[$£€¥]?$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s[$£€¥]?$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:ris(?:es?|en|ing)|rose|rais(?:es?|ed|ing)|increas(?:es?|ed|ing)|up|gr(?:ow[ns]?|ew)|"
    r"f[ae]ll(?:s|en|ing)?|drop(?:s|ped|ping)?|cut|down|goes|went|gone|climb(?:s|ed)?|"
    r"revis(?:es?|ed|ing)|correct(?:s|ed)?|chang(?:es?|ed|ing)|put|lifted|lowered)\b[^.;:]{0,60}$",
    re.IGNORECASE,
)
_NOTHING_COUNTED = re.compile(
    r"^\s*(?:$|[.,;:!?)\"”’]|(?:in|on|at|by|for|from|of|to|once|when|and|but|or|were|was|are|is|had"
    r"|have|has|as|after|before|since|while|last|this|dead|killed|injured"
    r"|an?|per|each|apiece|every|so|now|already|altogether|will|would|that|which|who|named|called"
    r"|set|with|without)\b)",
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
        if one.dimension != two.dimension:
            if _same_money(one, two):
                return "same"
            if not _may_be_money(one, two):
                return "unrelated"
        if not _equal(one.unit, two.unit):
            one, two = _rounded(one), _rounded(two)
        if max(one.core[0], two.core[0]) <= _just_over(min(one.core[1], two.core[1])):
            return "same"
        if _rounds_to(one, two) or _rounds_to(two, one):
            return "unrelated" if one.dimension in ("count", "ordinal") else "same"
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
        single = single_unit(text, start, end)
        return _single(text, *single) if single else None
    first, last = inside[0], inside[-1]
    first, last = _whole_range(text, numbers, first, last)
    if last + 1 < len(numbers) and _adds_to(text, numbers[last], numbers[last + 1]):
        last += 1
    if any(_adds_to(text, *both) for both in pairwise(numbers[first : last + 1])):
        first = last if last == first + 1 else first
    read = [_one(text, numbers[n]) for n in range(first, last + 1)]
    if first < last and _is_range(text, numbers[first], numbers[first + 1]):
        low = _one(text, _scaled(text, numbers[first], numbers[first + 1]))
        read = [_between(low, read[1]), *read[2:]]
    if any(read[0].relation(other) != "same" for other in read[1:]):
        return None
    return read[0]


def as_age(value: Quantity) -> Quantity:
    """A bare number as years; one with a unit, and the year of a birth, as they are."""
    if value.dimension != "count" or value.core[1] >= FIRST_YEAR:
        return value
    return _in_unit(value, UNITS["years"])


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


def _adds_to(text: str, larger: Number, number: Number) -> bool:
    """Whether the two are one amount: "six years and four months"."""
    part = _larger_part(text, number)
    return part is not None and part[2] == larger.start


def _larger_part(text: str, number: Number) -> tuple[float, Unit, int] | None:
    own = unit_after(text[number.end :], part=number.form == "share")
    if number.form not in ("plain", "share") or (own is None and number.form == "plain"):
        return None
    return larger_part(text[: number.start], own[0] if own else None)


def _is_range(text: str, one: Number, other: Number) -> bool:
    """Whether "2,500 to 3,000", "10-15", or "between 5 and 8" stands there."""
    between = text[one.end : other.start]
    if not _RANGE.match(between) or one.low >= other.low:
        return False
    if _CHANGE.search(text[: one.start]) and _FROM.search(text[: one.start]):
        return False  # "rose from 9 to 12" is 12 now
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
    part = number.form == "share"
    behind = None if number.form == "ordinal" else unit_after(text[number.end :], part=part)
    after = number.end + (behind[1] if behind and not currency else 0)
    unit = currency[0] if currency else behind[0] if behind else _unit_of(number)
    if part and behind:  # a quarter of an hour
        unit = behind[0]
    larger = None if currency else _larger_part(text, number)
    if larger:
        times, of, before = larger
        unit = of if part and not behind else unit
        more = times * of.factor / unit.factor
        number = replace(number, low=number.low + more, high=number.high + more, form="plain")
    hedge = hedge_of(text[:before], text[after:])
    if "-odd" in text[number.start : number.end].lower():  # "seventy-odd million"
        hedge = "least"
    core, reach = covered(number, hedge)
    step = min(number.step / 2, 0.1 * abs(number.low))
    return Quantity(
        unit.dimension,
        _based(core, unit),
        _based(reach, unit),
        unit.factor,
        step * unit.factor,
        bare=unit.dimension == "count" and bool(_NOTHING_COUNTED.match(text[after:])),
    )


def _single(text: str, unit: Unit, start: int, end: int) -> Quantity:
    """What "almost an hour" says."""
    number = Number(start, end, 1.0, 1.0, "plain", 0.0)
    core, reach = covered(number, hedge_of(text[:start], text[end:]))
    return Quantity(unit.dimension, _based(core, unit), _based(reach, unit), unit.factor)


def _unit_of(number: Number) -> Unit:
    return Unit({"share": "share", "ordinal": "ordinal"}.get(number.form, "count"))


def _based(ends: tuple[float, float], unit: Unit) -> tuple[float, float]:
    low, high = ((end + unit.offset) * unit.factor for end in ends)
    return min(low, high), max(low, high)


def _comparable(one: Quantity, other: Quantity) -> tuple[Quantity, Quantity]:
    """Both in one dimension, as far as what is left out of one stands with the other."""
    return _read_beside(one, other), _read_beside(other, one)


def _read_beside(one: Quantity, other: Quantity) -> Quantity:
    """A bare number beside a percentage is one: "92 per cent ... the number is now 87".

    Beside a weight pounds are one too, and degrees beside Celsius are of that scale.
    """
    if one.dimension == "GBP" and other.dimension == "mass":
        return _in_unit(one, UNITS["lb"])
    if one.dimension == "points" and other.dimension == "celsius":
        return replace(one, dimension="celsius")
    if not one.bare or other.dimension in ("count", "ordinal") or other.dimension in MONEY:
        return one
    if other.dimension == "time" and FIRST_YEAR <= one.core[0] <= LAST_YEAR:
        return one  # since 2011
    unit = UNITS["per cent"] if other.dimension == "share" else Unit(other.dimension, other.unit)
    return _in_unit(one, unit)


def _in_unit(bare: Quantity, unit: Unit) -> Quantity:
    """Its number as one of this unit."""
    return replace(
        bare,
        dimension=unit.dimension,
        core=_based(bare.core, unit),
        reach=_based(bare.reach, unit),
        unit=unit.factor,
        rounding=bare.rounding * unit.factor,
        bare=False,
    )


def _may_be_money(one: Quantity, other: Quantity) -> bool:
    """Whether a bare number may leave out the currency of the other: "sixteen million"."""
    amounts = sorted((one, other), key=lambda quantity: quantity.dimension in MONEY)
    bare, money = amounts
    return bare.bare and bare.core[0] >= 1000 and money.dimension in MONEY


def _same_money(one: Quantity, other: Quantity) -> bool:
    """Whether a bare number leaves out currency and size of the other: "130" for £130 million."""
    bare, money = sorted((one, other), key=lambda quantity: quantity.dimension in MONEY)
    if not bare.bare or money.dimension not in MONEY:
        return False
    sizes = (bare.core[0] * size for size in (1.0, 1e3, 1e6, 1e9))
    return any(_equal(size, money.core[0]) for size in sizes)


def _rounded(given: Quantity) -> Quantity:
    low, high = given.core[0] - given.rounding, given.core[1] + given.rounding
    return replace(
        given, core=(low, high), reach=(min(given.reach[0], low), max(given.reach[1], high))
    )


def _rounds_to(one: Quantity, other: Quantity) -> bool:
    """Whether the second may be the first with fewer digits: 53.2 and 53 per cent."""
    exact, rounded = one.core[0], other.core[0]
    if one.core[0] < one.core[1] or other.core[0] < other.core[1]:
        return False
    return abs(exact - rounded) <= min(ROUNDED * abs(exact), _just_over(other.rounding))


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
