"""Units as articles name them, and what they are in one unit of their dimension.

A small table of our own: general unit libraries read "3 am" as attometres.
"""

import re
from dataclasses import dataclass

_TABLE = {
    "length": {  # metres
        1.0: "m metre metres meter meters",
        1000.0: "km kms kilometre kilometres kilometer kilometers",
        0.01: "cm centimetre centimetres centimeter centimeters",
        0.001: "mm millimetre millimetres millimeter millimeters",
        1609.344: "mile miles mi",
        1852.0: "nautical_mile nautical_miles",
        0.9144: "yard yards",
        0.3048: "ft foot feet",
        0.0254: "inch inches",
    },
    "area": {  # square metres
        1.0: "square_metres square_meters sq_m",
        1e6: "square_kilometres square_kilometers sq_km km² km2",
        2_589_988.0: "square_miles square_mile sq_miles",
        0.0929: "square_feet square_foot sq_ft",
        4046.856: "acre acres",
        10_000.0: "ha hectare hectares",
    },
    "mass": {  # kilograms; a ton is near enough a tonne for what newspapers round
        1.0: "kg kilo kilos kilogram kilograms kilogramme kilogrammes",
        0.001: "g gram grams gramme grammes",
        1000.0: "t tonne tonnes ton tons",
        0.45359: "lb lbs",
        0.02835: "oz ounce ounces",
        50.8: "hundredweight",
    },
    "time": {  # seconds
        1.0: "s sec secs second seconds",
        60.0: "min mins minute minutes",
        3600.0: "h hr hrs hour hours",
        86_400.0: "day days",
        604_800.0: "week weeks",
        1_209_600.0: "fortnight fortnights",
        2_629_800.0: "month months",
        31_557_600.0: "year years yr yrs",
        315_576_000.0: "decade decades",
        3_155_760_000.0: "century centuries",
    },
    "volume": {  # litres
        1.0: "l litre litres liter liters",
        0.001: "ml millilitre millilitres milliliter milliliters",
        1000.0: "cubic_metres cubic_meters",
        3.785: "gallon gallons",
        158.99: "barrel barrels",
    },
    "speed": {  # kilometres an hour
        1.0: "km/h kph kmh kilometres_per_hour kilometers_per_hour kilometres_an_hour",
        1.609344: "mph miles_per_hour miles_an_hour",
        1.852: "knots knot",
        3.6: "m/s metres_per_second metres_a_second meters_per_second meters_a_second",
    },
    "power": {  # watts
        1000.0: "kw kilowatt kilowatts",
        1e6: "mw megawatt megawatts",
        1e9: "gw gigawatt gigawatts",
    },
    "share": {0.01: "% percent per_cent percentage_points percentage_point"},
    "points": {1.0: "degrees degree"},
    "celsius": {1.0: "c celsius centigrade °c degrees_c degrees_celsius degrees_centigrade"},
    "fahrenheit": {1.0: "f fahrenheit °f degrees_f degrees_fahrenheit"},
    # Of "pound" money is far the commoner meaning; `qa.quantities` knows it beside another weight.
    "GBP": {1.0: "pound pounds sterling gbp quid", 0.01: "pence"},
    "USD": {1.0: "dollar dollars usd us_dollars", 0.01: "cent cents"},
    "EUR": {1.0: "euro euros eur"},
    "JPY": {1.0: "yen jpy"},
    "INR": {1.0: "rupee rupees inr"},
    "CHF": {1.0: "franc francs chf"},
    "CNY": {1.0: "yuan renminbi cny"},
    "RUB": {1.0: "rouble roubles ruble rubles rub"},
    "peso": {1.0: "peso pesos"},
    "krona": {1.0: "krona kronor krone kroner crowns"},
    "other money": {
        1.0: "reais soles lira liras shekels zloty zlotys rupiah naira shillings dirhams riyals "
        "lei rand ringgit baht forint taka dinars"
    },
}
_CODES = ("GBP", "USD", "EUR", "JPY", "INR", "CHF", "CNY", "RUB", "CAD", "AUD")
MONEY = frozenset({*_CODES, "peso", "krona", "other money"})
_SIGNS = {"£": "GBP", "$": "USD", "€": "EUR", "¥": "JPY", "₹": "INR"}
_SIGNS |= {"US$": "USD", "C$": "CAD", "A$": "AUD", "CA$": "CAD", "AU$": "AUD"}
# One letter after a number is as often a list mark or a name as a unit.
_UNSURE_ALONE = {"m", "g", "t", "s", "h", "l", "c", "f"}

_SIGN = re.compile(rf"(?:(US|CA|AU|A|C)?(?P<sign>[$£€¥₹])|\b(?P<code>{'|'.join(_CODES)}))\s?$")


@dataclass(frozen=True, slots=True)
class Unit:
    """A dimension, and how much of it one of this unit is."""

    dimension: str  # "length", "share", "USD", ...
    factor: float = 1.0
    offset: float = 0.0  # what is added first: for degrees Fahrenheit


def _units() -> dict[str, Unit]:
    found = {
        name.replace("_", " "): Unit(dimension, factor)
        for dimension, names in _TABLE.items()
        for factor, listed in names.items()
        for name in listed.split()
        if name not in _UNSURE_ALONE
    }
    for name, unit in list(found.items()):
        if unit.dimension == "fahrenheit":
            found[name] = Unit("celsius", 5 / 9, -32.0)
    return found


UNITS = _units()
UNIT_NAMES = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))
_AFTER = re.compile(rf"^(?:-|\s)?\s?({UNIT_NAMES})(?![\w])", re.IGNORECASE)
_OF_ONE = re.compile(rf"^\s?(?:of )?an?\s({UNIT_NAMES})(?![\w])", re.IGNORECASE)


def unit_after(text: str, *, part: bool = False) -> tuple[Unit, int] | None:
    """The unit that the text begins with, and how many code points it takes.

    part: also that of which the number is a part, "quarter of an hour"; of whole ones
    "60 an hour" names no hours.
    """
    match = _AFTER.match(text) or (part and _OF_ONE.match(text))
    return (UNITS[match[1].lower()], match.end()) if match else None


def currency_before(text: str) -> tuple[Unit, int] | None:
    """The sign of a currency that the text ends with, and how many code points it takes."""
    match = _SIGN.search(text)
    if not match:
        return None
    if match["code"]:
        return Unit(match["code"]), len(text) - match.start()
    name = _SIGNS.get(f"{match[1] or ''}{match['sign']}", _SIGNS[match["sign"]])
    return Unit(name), len(text) - match.start()


def with_unit(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the number text[start:end] stands with its currency or unit."""
    if sign := currency_before(text[:start]):
        return start - sign[1], end
    unit = unit_after(text[end:])
    return start, end + (unit[1] if unit else 0)
