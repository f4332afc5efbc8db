"""When a relative expression is, counted from a day: one function a way of writing it.

`relative_forms` has the ways of writing.
"""

import re
from datetime import date, timedelta

from qa import periods
from qa.absolute_dates import with_part
from qa.date_words import Base, month_number, number_of, weekday_number
from qa.periods import Period

_ONE_DAY = timedelta(days=1)
_FAR = timedelta(days=320)
_BEFORE, _SAME, _AFTER = ("last", "past", "previous"), ("this",), ("next", "coming")
_STEP = {word: step for step, words in ((-1, _BEFORE), (0, _SAME), (1, _AFTER)) for word in words}


def _step(word: str) -> int:
    """-1 for "last", 0 for "this", 1 for "next"; "this past" and "this coming" are those two."""
    return _STEP[word.lower().split()[-1]]


# Days after the one counted from.
NAMED = {
    "the day before yesterday": -2, "yesterday": -1, "today": 0, "tonight": 0, "this morning": 0,
    "this afternoon": 0, "this evening": 0, "tomorrow": 1, "the day after tomorrow": 2,
    "last night": -1,
}  # fmt: skip


def named(found: re.Match[str], base: Base) -> Period:
    """Today, yesterday, and what else is a fixed number of days away."""
    words = " ".join(found["day"].lower().split())
    day = periods.day(base.day + NAMED[words] * _ONE_DAY)
    night = "night" if words in ("last night", "tonight") else found["part"]
    return with_part(day, night)


def weekday(found: re.Match[str], base: Base) -> Period | None:
    """The nearest of that name on the side that the words or the verb point to.

    Said on that very weekday it is the day itself.
    """
    ahead = (weekday_number(found["weekday"]) - base.day.weekday()) % 7
    behind = ahead - 7 if ahead else 0
    word = found["word"]
    if found["week"]:
        monday = periods.week(base.day).first + 7 * _step(found["week"]) * _ONE_DAY
        day = periods.day(monday + weekday_number(found["weekday"]) * _ONE_DAY)
    elif word and _step(word):
        near = behind or -7 if _step(word) < 0 else ahead or 7
        day = periods.day(base.day + near * _ONE_DAY)
        if periods.week(day.first) == periods.week(base.day):
            day = day.about()  # "last Tuesday", said on Friday, is last week's to many
    elif base.tense == "unsure" and ahead and not word:
        return None
    else:
        future = base.tense == "future" or (word is not None and base.tense != "past")
        day = periods.day(base.day + (ahead if future else behind) * _ONE_DAY)
    return with_part(day, found["part"])


def day_of_month(found: re.Match[str], base: Base) -> Period | None:
    """A day without a year: the one that the weekday, "last year" or the verb makes it."""
    month, number = month_number(found["month"]), int(found["day"])
    if found["year"]:
        day = date(base.day.year + _step(found["year"]), month, number)
        return with_part(periods.day(day), found["part"])
    near = [d for y in (-1, 0, 1) if (d := _date(base.day.year + y, month, number))]
    if found["weekday"]:
        weekday = weekday_number(found["weekday"])
        near = [d for d in near if d.weekday() == weekday] or near
    if base.tense == "unsure" and len(near) > 1:
        return None
    told = _nearest(near, base)
    return with_part(periods.day(told), found["part"]) if told else None


def days_of_month(found: re.Match[str], base: Base) -> Period | None:
    """From day to day within one month of a year not named."""
    month = month_number(found["month"])
    near = [d for y in (-1, 0, 1) if (d := _date(base.day.year + y, month, int(found["day"])))]
    first = _nearest(near, base)
    return periods.days(first, first.replace(day=int(found["last"]))) if first else None


def _nearest(days: list[date], base: Base) -> date | None:
    """The last that has come, the first to come, or where no verb tells the nearest.

    None where that would be most of a year away and another is near: the verb misleads.
    """
    nearest = min(days, key=lambda day: abs(day - base.day), default=None)
    if base.tense == "past":
        days = [day for day in days if day <= base.day]
    elif base.tense == "future":
        days = [day for day in days if day >= base.day]
    told = min(days, key=lambda day: abs(day - base.day), default=None)
    return told if told == nearest or told is None or abs(told - base.day) < _FAR else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month(found: re.Match[str], base: Base) -> Period | None:
    """A month without a year; the current one is not "last May" but may be "in May"."""
    number, now = month_number(found["month"]), base.day.month
    groups = found.groupdict()
    if groups.get("year"):
        return periods.month(base.day.year + _step(groups["year"] or ""), number)
    if groups.get("word"):
        step = _step(groups["word"] or "")
        late = number >= now if step < 0 else number > now
        turn = -1 if step < 0 and late else 1 if step > 0 and not late else 0
        return periods.month(base.day.year + turn, number)
    if base.tense in ("unsure", "unknown") and number != now:
        return None  # "the rains come in November" is said of every year
    if base.tense == "future":
        return periods.month(base.day.year + (number < now), number)
    return periods.month(base.day.year - (number > now), number)


def months(found: re.Match[str], base: Base) -> Period:
    """The last such stretch that has begun, or with a future verb the next."""
    first, last = month_number(found["month"]), month_number(found["month2"])
    length = (last - first) % 12 + 1
    if length == 1:
        raise ValueError("one month is no stretch")
    begun = first <= base.day.month
    year = base.day.year if begun else base.day.year - 1
    if base.tense == "future":
        year = base.day.year if first >= base.day.month else base.day.year + 1
    return periods.months(year, first, length)


def unit(found: re.Match[str], base: Base) -> Period:
    """As calendars have it: "last week" is Monday to Sunday."""
    step, unit, today = _step(found["word"]), found["unit"].lower(), base.day
    if unit == "week":
        return periods.week(today + 7 * step * _ONE_DAY)
    if unit == "month":
        return periods.month(today.year, today.month + step)
    if unit == "quarter":
        return periods.months(today.year, 1 + 3 * ((today.month - 1) // 3 + step), 3)
    if unit == "year":
        return periods.year(today.year + step)
    return periods.decade(10 * (today.year // 10 + step))


def season(found: re.Match[str], base: Base) -> Period:
    """The last that is over, the one that is or comes first, the next that has yet to begin."""
    name = found["season"].lower()
    if found["year"]:
        return periods.season(name, base.day.year + _step(found["year"]))
    step = _step(found["word"])
    around = [periods.season(name, base.day.year + y) for y in (-2, -1, 0, 1)]
    if step < 0:
        return next(s for s in reversed(around) if s.last < base.day)
    if step > 0:
        return next(s for s in around if s.first > base.day)
    if base.tense == "past":
        return next(s for s in reversed(around) if s.first <= base.day)
    if base.tense == "future":
        return next(s for s in around if s.last >= base.day)
    return min(around, key=lambda s: max(s.first - base.day, base.day - s.last))


def weekend(found: re.Match[str], base: Base) -> Period | None:
    """Saturday and Sunday: those under way, else the last or, with a future verb, the next."""
    saturday = periods.week(base.day).first + 5 * _ONE_DAY
    under_way = base.day >= saturday
    step = _step(found["word"]) if found["word"] else 0
    if step > 0:
        saturday += 7 * _ONE_DAY
    elif step < 0:
        saturday -= 7 * _ONE_DAY
    elif not under_way:
        if base.tense == "unsure":
            return None
        past = base.tense == "past" or (base.tense == "unknown" and not found["word"])
        saturday -= 7 * past * _ONE_DAY
    weekend = periods.days(saturday, saturday + _ONE_DAY)
    return weekend.about() if step > 0 else weekend


def counted(found: re.Match[str], base: Base) -> Period:
    """So many units ago, or with "from now" and "time" ahead."""
    groups = found.groupdict()
    back = 1 if groups.get("ago") else -1
    period = shifted(base.day, back * number_of(found["count"]), found["unit"].lower())
    couple = found["count"].lower().startswith("a couple")
    return period.about() if groups.get("about") or couple else period


def shifted(today: date, count: int, unit: str) -> Period:
    """The period so many units before today (after, if negative), as wide as the unit is vague."""
    if unit == "day":
        return periods.day(today - count * _ONE_DAY)
    if unit in ("week", "fortnight"):
        middle = today - (14 if unit == "fortnight" else 7) * count * _ONE_DAY
        return periods.days(middle - 3 * _ONE_DAY, middle + 3 * _ONE_DAY).about()
    if unit == "month":
        return periods.month(today.year, today.month - count).about()
    if unit == "year":
        # Twenty years are a round number, seventeen are not.
        beside = 0 if count < 10 or count % 5 else max(1, count // 20)
    else:
        count, beside = count * _LONG[unit], _LONG[unit] // 5
    middle_year = today.year - count
    if not beside:
        return periods.year(middle_year).about()
    return periods.years(middle_year - beside, middle_year + beside).about()


_LONG = {"decade": 10, "centurie": 100, "century": 100}  # years; the plural has lost its s


def past_stretch(found: re.Match[str], base: Base) -> Period:
    """So long up to the day itself, as in "the past two weeks"."""
    count, unit, today = number_of(found["count"] or "one"), found["unit"].lower(), base.day
    if unit == "year" or unit in _LONG:
        return periods.years(today.year - count * _LONG.get(unit, 1), today.year)
    if unit == "month":
        return periods.days(periods.months_before(today, count), today)
    length = {"day": 1, "week": 7, "fortnight": 14}[unit] * count
    return periods.days(today - length * _ONE_DAY, today)


def compound(found: re.Match[str], base: Base) -> Period | None:
    """As precise as its last unit: "two years and three months ago" is a month."""
    from datetime import datetime

    import dateparser  # takes half a second: only where nothing else will do

    moment = dateparser.parse(
        " ".join(found["x"].split()),
        languages=["en"],
        settings={"RELATIVE_BASE": datetime.combine(base.day, datetime.min.time())},
    )
    return shifted(moment.date(), 0, found["unit"].lower()) if moment else None
