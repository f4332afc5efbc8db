"""Dates that stand in an article: cut out, made ISO, and how far to trust them.

Knows absolute English dates only; "on Wednesday" is for those who answer questions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# Hours from UTC. Names with several meanings (IST, ET) are left out: the time stays without one.
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "cet": 1, "west": 1, "cest": 2, "eet": 2,
    "eest": 3, "msk": 3, "jst": 9, "aest": 10, "aedt": 11, "est": -5, "edt": -4, "cdt": -5,
    "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_TIME = (
    r"(?:at\s+)?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
)
_ZONE = r"(?P<zone>(?:utc|gmt)?\s*[+-]\d\d?:?(?:\d\d)?|[a-z]{1,4}t|utc|z)?(?:\s*\([^)]*\))?"
_WEEKDAY = (
    r"(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?:\.?,|\.|,?(?=\s))"
)
_DATES = (
    rf"{_DAY}(?:\s+of)?[\s-]{_MONTH},?[\s-]{_YEAR}",
    rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
    r"(?P<year>(?:1[5-9]|20)\d\d)[-/.](?P<number>\d{1,2})[-/.](?P<day>\d{1,2})",
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second_number>\d{1,2})(?P=mark)"
    r"(?P<year>(?:1[5-9]|20)\d\d)",
)
_GAP = r"\s*(?:,|\||[-–—·•])?\s*"
_WHOLE = tuple(
    re.compile(rf"(?:{_WEEKDAY}\s*)?{form}", re.IGNORECASE)
    for written in _DATES
    for form in (
        rf"{written}(?:(?:{_GAP}|T){_TIME}\s*{_ZONE})?",
        rf"{_TIME}\s*{_ZONE}{_GAP}(?:on\s+)?(?:{_WEEKDAY.replace('weekday', 'weekday2')}\s*)?"
        rf"{written}",
    )
)
_HAS_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_LABEL = re.compile(
    r"(?:(?:first|originally|last|date)\s+)?(?P<label>published|posted|updated|modified|created"
    r"|publication date|published date|issued|released|uploaded|date|filed)"
    r"(?:\s+(?:at|on|date|online))?\s*:?\s+(?:on\s+)?",
    re.IGNORECASE,
)
_LATER = ("updated", "modified")
_NAMED_DAYS = (
    re.compile(rf"\b{_DAY}(?:\s+of)?\s+{_MONTH}(?:,?\s+{_YEAR})?\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+{_DAY}\b(?:,?\s+{_YEAR}\b)?", re.IGNORECASE),
)
_MONTH_NAME = _MONTH.replace("?P<month>", "?:")
_VAGUE = re.compile(
    rf"(?:{_WEEKDAY.replace('?P<weekday>', '?:')}\s*)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH_NAME}|{_MONTH_NAME}\s+(?:\d{{1,2}}(?:st|nd|rd|th)?|\d{{4}}))"
    r"|\d{1,2}[:.]\d\d\s*(?:[ap]m)?\s*(?:gmt|utc|[a-z]{1,3}t)?|\d+ (?:minute|hour|day|week)s? ago",
    re.IGNORECASE,
)
_NEAR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ReadDate:
    """One date as it was written."""

    value: str  # ISO 8601, with time and offset where they were written
    updated: bool = False  # "Updated ...": when the page was last changed
    weekday_wrong: bool = False  # a weekday stands with it and is another one


def read_date(text: str) -> ReadDate | None:
    """The date that the whole of `text` is, or None; a label such as "Published" may lead.

    03/04/2024 is None, since it may be March or April.
    """
    if not _HAS_YEAR.search(text):
        return None  # as nearly every line of prose, at little cost
    text = " ".join(text.split()).strip(" .,;|")
    label = _LABEL.match(text)
    if label:
        text = text[label.end() :]
    if not 6 <= len(text) <= 70:
        return None
    updated = bool(label) and label["label"].lower() in _LATER if label else False
    iso = _iso(text)
    if iso is not None:
        return ReadDate(iso, updated)
    for pattern in _WHOLE:
        found = pattern.fullmatch(text)
        if found:
            return _from_groups(found.groupdict(), updated)
    return None


def is_vague_date(text: str) -> bool:
    """Whether `text` is a date that names no whole day: "Thursday 28 November", "May 2024"."""
    return len(text) <= 40 and bool(_VAGUE.fullmatch(text.strip(" .,")))


def is_ambiguous(text: str) -> bool:
    """Whether `text` is a date whose day and month could change places."""
    found = re.search(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](?:1[5-9]|20)\d\d\b", text)
    return bool(found) and read_date(text) is None


def from_timestamp(seconds: float) -> str | None:
    """ISO form of seconds (or milliseconds) since 1970, UTC; None outside 1980 to 2100."""
    seconds = seconds / 1000 if seconds > 1e11 else seconds
    if not 315_532_800 <= seconds <= 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def is_supported(value: str, body: str) -> bool:
    """Whether the text names a day within a week of this date.

    A day written without a year counts as of the date's year.
    """
    day = date.fromisoformat(value[:10])
    return any(abs(named - day) <= _NEAR for named in _days(body, day.year))


def _days(text: str, year: int) -> Iterator[date]:
    for pattern in _NAMED_DAYS:
        for found in pattern.finditer(text):
            month = _MONTHS.index(found["month"][:3].lower()) + 1
            named = _date(int(found["year"] or year), month, int(found["day"]))
            if named is not None and not _is_word(found["month"]):
                yield named


def _is_word(month: str) -> bool:
    """Whether this is the verb in "20 may" or "4 march" rather than the month."""
    return month in ("may", "march", "mar", "dec")


def _iso(text: str) -> str | None:
    if not re.match(r"\d{4}-\d\d-\d\d(?:$|[T ]\d\d)", text):
        return None
    try:
        moment = datetime.fromisoformat(re.sub(r"\s+(?:UTC|GMT)$", "+00:00", text))
    except ValueError:
        return None
    return text[:10] if len(text) == 10 else moment.isoformat()


def _from_groups(found: dict[str, str | None], updated: bool) -> ReadDate | None:
    day_and_month = _day_and_month(found)
    if day_and_month is None:
        return None
    day = _date(int(found["year"] or 0), day_and_month[1], day_and_month[0])
    if day is None:
        return None
    weekday = found.get("weekday") or found.get("weekday2")
    wrong = bool(weekday) and _WEEKDAYS[day.weekday()] != (weekday or "")[:3].lower()
    return ReadDate(day.isoformat() + _clock(found), updated, wrong)


def _day_and_month(found: dict[str, str | None]) -> tuple[int, int] | None:
    if found.get("month"):
        return int(found["day"] or 0), _MONTHS.index((found["month"] or "")[:3].lower()) + 1
    if found.get("number"):
        return int(found["day"] or 0), int(found["number"] or 0)
    first, second = int(found["first"] or 0), int(found["second_number"] or 0)
    if found["mark"] == "." or first > 12 or first == second:
        return first, second  # 6.11.2019 is day first wherever it is written so
    return (second, first) if second > 12 else None


def _clock(found: dict[str, str | None]) -> str:
    """Time and offset ("T10:42:00+01:00") as far as they were written, or nothing."""
    if not found.get("hour") or not (found.get("minute") or found.get("half")):
        return ""
    hour, half = int(found["hour"] or 0), (found.get("half") or "").lower()
    if half and not 1 <= hour <= 12:
        return ""
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    minute, second = int(found.get("minute") or 0), int(found.get("second") or 0)
    if hour > 23 or minute > 59 or second > 59:
        return ""
    return f"T{hour:02}:{minute:02}:{second:02}{_offset(found.get('zone') or '')}"


def _offset(zone: str) -> str:
    zone = zone.strip().lower()
    numbers = re.fullmatch(r"(?:utc|gmt)?\s*([+-])(\d\d?):?(\d\d)?", zone)
    if numbers:
        return f"{numbers[1]}{int(numbers[2]):02}:{numbers[3] or '00'}"
    if zone not in _ZONES:
        return ""
    moment = datetime(2000, 1, 1, tzinfo=timezone(timedelta(hours=_ZONES[zone])))
    return moment.isoformat()[-6:]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
