"""Amounts in two units or in parts of one: "a year and a half", "6 feet 2 inches", "an hour".

Pure text: knows nothing of hedges or answers.
"""

import re

from qa.numbers import find_numbers
from qa.units import UNIT_NAMES, UNITS, Unit

MEASURED = frozenset({"time", "length", "mass"})  # of which one alone is told as an amount

_LARGER = re.compile(
    rf"(?<![\w.,])(?P<times>an?|[\w.,-]+)[ -](?P<unit>{UNIT_NAMES})(?:,? and |, | )$", re.IGNORECASE
)
_ONE_OF = re.compile(rf"\b(?P<words>(?:an?|one) (?P<unit>{UNIT_NAMES}))\b", re.IGNORECASE)
_PLACES_BEFORE = 60  # code points in which the larger part stands


def larger_part(before: str, unit: Unit | None) -> tuple[float, Unit, int] | None:
    """What stands before an amount and is to be added to it, and where that begins.

    before: the text up to the amount. unit: the amount's own; None for a part of the same,
    as the half of "a year and a half" is one of a year. Returned are the number of larger
    units, their unit and their start in `before`; None where nothing is to be added.
    """
    match = _LARGER.search(before, max(0, len(before) - _PLACES_BEFORE))
    if not match:
        return None
    larger = UNITS[match["unit"].lower()]
    if unit is None:
        if not match[0].endswith("and "):
            return None
    elif unit.dimension != larger.dimension or unit.factor >= larger.factor:
        return None
    if match["times"].lower() in ("a", "an"):
        return 1.0, larger, match.start()
    numbers = find_numbers(match["times"])
    if len(numbers) != 1 or numbers[0].form != "plain" or numbers[0].start:
        return None
    return numbers[0].low, larger, match.start()


def single_unit(text: str, start: int, end: int) -> tuple[Unit, int, int] | None:
    """The unit of which text[start:end] names one, "almost an hour", and where those words are.

    None where it names no unit of time, length or mass, or a rate: "60 km an hour".
    """
    match = _ONE_OF.search(text, start, end)
    if not match or find_numbers(text[start:end]):
        return None
    unit = UNITS[match["unit"].lower()]
    return (unit, *match.span("words")) if unit.dimension in MEASURED else None
