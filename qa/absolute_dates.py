"""Ways of writing a date that need no other day to count from."""

import re
from datetime import date

from qa import periods
from qa.date_words import (
    BESIDE,
    DAY,
    HALVES,
    MONTH,
    ORDINALS,
    PART,
    SEASON,
    YEAR,
    Base,
    Form,
    month_number,
)
from qa.periods import Period

_TO = r"(?: ?[-–—] ?| (?i:to|and|until|till|through) )"
_DAY2, _MONTH2 = DAY.replace("<day>", "<last>"), MONTH.replace("<month>", "<month2>")
_YEAR2 = YEAR.replace("<year>", "<year2>")
_BARE = r"(?<![\w$€£¥#.,/:–-])"  # no part of a larger number, sum or name


def _day(found: re.Match[str], base: Base) -> Period:
    number = found["month"] if found["month"].isdecimal() else month_number(found["month"])
    day = periods.day(date(int(found["year"]), int(number), int(found["day"])))
    return with_part(day, found.groupdict().get("part"))


def with_part(period: Period, part: str | None) -> Period:
    """The day itself; of a night, with a mark that it goes on into the next morning."""
    night = part is not None and part.lower() in ("night", "overnight")
    return Period(period.first, period.last, period.granularity, period.approximate, night)


def _numeric(found: re.Match[str], base: Base) -> Period | None:
    """6.11.2019 is day first wherever it is written so; 06/11/2019 might be June."""
    first, second, year = int(found["a"]), int(found["b"]), int(found["year"])
    if found["mark"] == "." or first > 12 or first == second:
        return periods.day(date(year, second, first))
    return periods.day(date(year, first, second)) if second > 12 else None


def _days(found: re.Match[str], base: Base) -> Period:
    year, month = int(found["year"]), month_number(found["month"])
    month2 = month_number(found.groupdict().get("month2") or found["month"])
    first = date(year, month, int(found["day"]))
    return periods.days(first, date(year, month2, int(found["last"])))


def _month(found: re.Match[str], base: Base) -> Period:
    return periods.month(int(found["year"]), month_number(found["month"]))


def _months(found: re.Match[str], base: Base) -> Period:
    first, last = month_number(found["month"]), month_number(found["month2"])
    if last <= first:
        raise ValueError("the months stand the wrong way round")
    return periods.months(int(found["year"]), first, last - first + 1)


def _season(found: re.Match[str], base: Base) -> Period:
    name, year = found["season"].lower(), int(found["year"])
    # "the winter of 2019" may be the one that began or the one that ended in it.
    return periods.months(year - 1, 12, 15) if name == "winter" else periods.season(name, year)


def _decade(found: re.Match[str], base: Base) -> Period:
    first = int(found["decade"])
    if first % 100 == 0 and first < 2000:  # "the 1800s" are a hundred years to most
        return periods.years(first, first + 99)
    return periods.decade(first)


def _short_decade(found: re.Match[str], base: Base) -> Period:
    return periods.decade(1900 + int(found["decade"]))


def _century(found: re.Match[str], base: Base) -> Period:
    return periods.century(int(found["nth"]))


def _part_of_year(found: re.Match[str], base: Base) -> Period:
    length = 6 if found["half"] else 3
    nth = int(found["q"]) - 1 if found["q"] else ORDINALS.index(found["nth"].lower())
    if nth * length >= 12:
        raise ValueError("a year has two halves")
    return periods.months(int(found["year"]), 1 + nth * length, length)


def _year(found: re.Match[str], base: Base) -> Period:
    return periods.year(int(found["year"]))


def _years(found: re.Match[str], base: Base) -> Period:
    first, last = found["year"], found["year2"]
    return periods.years(int(first), int(first[: 4 - len(last)] + last))


# What may stand before a year that is nothing but a number of four digits.
_YEAR_AFTER = (
    r"(?:\b(?i:in|since|during|until|till|before|after|circa|year|early|late|mid|spring|summer"
    r"|autumn|winter|season|christmas|easter|built|born|founded|opened|established|published"
    r"|launched|released)(?: |-)"
    r"|\b(?i:from|by|for|through|to) (?=\d{4}(?:[,;.)]|$| (?i:to|and|the|it|he|she|they|was|were)))"
    r"|\b(?i:beginning|start|end|middle|rest|half|quarter|class|summer|spring|autumn|fall|winter"
    r"|months?|weeks?|days|war|crisis|election|elections|revolution|part|most|much|all|collapse"
    r"|flood|fire|storm|quake|earthquake|season|games|act|law) (?i:of) "
    r"|\((?=\d{4}\))|(?<=\d\d\d\d) (?i:and|or) )"
)
_NTH = r"(?P<nth>1\d(?=th)|20(?=th)|21(?=st))(?:th|st)"

ABSOLUTE = (
    Form(
        rf"{_BARE}(?P<x>{PART}{BESIDE}{DAY}(?: of)?(?: |-){MONTH}(?:,? |-){YEAR})",
        _day,
        "month",
        relative=False,
    ),
    Form(rf"\b(?P<x>{PART}{BESIDE}{MONTH} {DAY},? {YEAR})", _day, "month", relative=False),
    Form(rf"{_BARE}(?P<x>{DAY}{_TO}{_DAY2} {MONTH},? {YEAR})", _days, "month", relative=False),
    Form(rf"\b(?P<x>{MONTH} {DAY}{_TO}{_DAY2},? {YEAR})", _days, "month", relative=False),
    Form(
        rf"{_BARE}(?P<x>{DAY} {MONTH}{_TO}{_DAY2} {_MONTH2},? {YEAR})",
        _days,
        "month",
        relative=False,
    ),
    Form(rf"\b(?P<x>{HALVES}{MONTH}(?:,? | (?i:of) ){YEAR})", _month, "month", relative=False),
    Form(
        rf"\b(?P<x>{MONTH}{_TO}{_MONTH2}(?:,? | (?i:of) ){YEAR})", _months, "month", relative=False
    ),
    Form(
        r"(?<![\w.-])(?P<x>(?P<year>(?:1\d|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d))(?![\w-])",
        _day,
        "year",
        relative=False,
    ),
    Form(
        r"(?<![\w./-])(?P<x>(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)"
        r"(?P<year>(?:19|20)\d\d))(?![\w/-])",
        _numeric,
        "year",
        relative=False,
    ),
    Form(
        rf"\b(?P<x>{HALVES}{SEASON}(?:,? | (?i:of) ){YEAR})",
        _season,
        "year",
        relative=False,
        counted=True,
    ),
    Form(
        rf"{_BARE}(?P<x>(?:(?i:the) )?{HALVES}(?P<decade>(?:1\d|20)\d0)['’]?s)\b",
        _decade,
        "year",
        relative=False,
    ),
    Form(
        rf"\b(?P<x>(?i:the) {HALVES}['’‘](?P<decade>[3-9]0)s)\b",
        _short_decade,
        "year",
        relative=False,
    ),
    Form(rf"\b(?P<x>(?i:the) {HALVES}{_NTH} (?i:century))\b", _century, "unit", relative=False),
    Form(
        r"\b(?P<x>(?:(?i:the) )?(?P<nth>(?i:first|second|third|fourth))(?P<q>(?!))? "
        rf"(?:(?i:quarter)|(?P<half>(?i:half))) (?i:of) {YEAR})",
        _part_of_year,
        "year",
        relative=False,
    ),
    Form(rf"\b(?P<x>Q(?P<q>[1-4])(?P<half>(?!))?,? {YEAR})", _part_of_year, "year", relative=False),
    Form(
        rf"\b(?i:from|between) (?P<x>{YEAR} (?i:to|and|until|till|through) {_YEAR2})",
        _years,
        "year",
        relative=False,
        counted=True,
    ),
    Form(
        r"(?<![\w$€£¥#.,/:–-])(?P<x>(?P<year>(?:1[5-9]|20)\d\d)[-–]"
        r"(?P<year2>(?:1[5-9]|20)\d\d|\d\d))(?![\w-]|[,.]\d)",
        _years,
        "year",
        relative=False,
        counted=True,
    ),
    Form(rf"{_YEAR_AFTER}(?P<x>{YEAR})", _year, "year", relative=False, counted=True),
)
