"""Times of day: "10.25pm", "at 14.19", "half past four in the morning".

Pure text. Where a time leaves open which half of the day it is in, so does what is read of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa.types import Range
from qa.units import unit_after

HALF_DAY = 720  # minutes
HALF_HOUR = 30
ABOUT = 15  # minutes by which "about twenty to eight" may be off
SPOKEN = 5  # the same of "half past eight"
SHORTLY = 20  # the most minutes of "shortly after"
NOON = 12
DAWN = 6  # until this hour "at night" is after midnight

_HOURS = "one two three four five six seven eight nine ten eleven twelve".split()
_PAST = {"five": 5, "ten": 10, "quarter": 15, "twenty": 20, "twenty-five": 25, "half": 30}
_NAMED = {name: number for number, name in enumerate(_HOURS, 1)} | {
    name: number
    for number, name in enumerate(
        "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(), 13
    )
}
_HOUR = rf"(?:{'|'.join(_HOURS)}|1[0-2]|[1-9])"
_MINUTES = rf"(?:{'|'.join(_NAMED)}|[1-5]?\d)"
_PART_OF_DAY = r"(?:in the (?:early |late )?(?:morning|afternoon|evening)|at night)"
_BEFORE = "|".join(
    rf"(?<=\b{word} )"
    for word in "at by about around until till before after since from between".split()
)
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?:[.:](?P<minute>\d{2}))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|\b(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)\b"
    rf"|(?:{_BEFORE})"
    r"(?P<dotted>[01]?\d|2[0-3])\.(?P<dotted_minute>[0-5]\d)\b(?![.,]?\d|-)"
    rf"|\b(?P<past>{'|'.join(sorted(_PAST, key=len, reverse=True))}) (?P<way>past|to) "
    rf"(?P<told>{_HOUR})\b"
    rf"|\b(?P<minutes>{_MINUTES}) minutes? (?P<side>past|after|to|before) "
    rf"(?P<of>{_HOUR}|noon|midnight)\b"
    rf"|\b(?P<full>{_HOUR})(?: o['’]clock\b| (?={_PART_OF_DAY}\b))"
    r"|\b(?P<name>noon|midday|midnight)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"^,? ?(?:(?:in|on|during|of) )?(?:the |that |this |the same )?(?:early |late )?(?:\w+day )?"
    r"(?P<part>morning|afternoon|evening)\b|^ (?:at|that|on \w+day|\w+day) (?P<night>night)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:about|around|roughly|towards|nearly|almost|some) $", re.IGNORECASE)
_SHORTLY = re.compile(
    r"\b(?:shortly|just|soon|moments|minutes|a (?:little|bit|few minutes)) "
    r"(?P<side>after|past|before|to) $",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"^\s?(?:%|°|million|billion|thousand|points?|per|times)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day."""

    minutes: tuple[int, int]  # of the day, the earliest and the latest
    either_half: bool = False  # it may as well be twelve hours later or earlier


def find_clocks(text: str) -> Iterator[tuple[Range, Clock]]:
    """The times of day in a text and where they stand, without the part of the day behind them.

    A bare hour is the half hour before and after it.
    """
    for match in _CLOCK.finditer(text):
        behind = text[match.end() :]
        if not (match["dotted"] and (unit_after(behind) or _AMOUNT.match(behind))):
            clock = _read(match, behind.lstrip() if match["full"] else behind)
            yield Range(*match.span()), _hedged(clock, text[: match.start()], match)


def _hedged(clock: Clock, before: str, match: re.Match[str]) -> Clock:
    """The same with what a hedge before it leaves open, and what spoken times do."""
    first, last = clock.minutes
    shortly = _SHORTLY.search(before)
    if shortly and first + HALF_HOUR == last - HALF_HOUR:  # of a bare hour, to the minute
        first = last = first + HALF_HOUR
    if shortly:
        after = shortly["side"].lower() in ("after", "past")
        first, last = (first, last + SHORTLY) if after else (first - SHORTLY, last)
    elif _ABOUT.search(before):
        first, last = first - ABOUT, last + ABOUT
    elif match["past"]:
        first, last = first - SPOKEN, last + SPOKEN
    return replace(clock, minutes=(first, last))


def times_meet(one: Clock, other: Clock) -> bool:
    """Whether both may be of one time."""
    step = HALF_DAY if one.either_half or other.either_half else 2 * HALF_DAY
    apart = (0, step, -step)  # midnight ends a day and begins one
    return any(
        max(one.minutes[0] + shift, other.minutes[0])
        <= min(one.minutes[1] + shift, other.minutes[1])
        for shift in apart
    )


def _read(match: re.Match[str], behind: str) -> Clock:
    if match["name"]:
        at = 0 if match["name"].lower() == "midnight" else HALF_DAY
        return Clock((at, at))
    hour, minute = _told(match)
    half = (match["half"] or _half(hour, behind)).lower()
    wide = HALF_HOUR if minute is None else 0
    at = 60 * hour + (minute or 0)
    if half:
        at = at % HALF_DAY + (HALF_DAY if half == "p" else 0)
    named = (match["of"] or "").lower() in ("noon", "midnight")
    either = not half and not match["hour24"] and not named and 0 < hour <= NOON
    at %= HALF_DAY if either else 2 * HALF_DAY
    return Clock((at - wide, at + wide), either_half=either)


def _told(match: re.Match[str]) -> tuple[int, int | None]:
    """Hour and minute as they are said; no minute where only the hour is."""
    if match["past"]:
        minutes = _PAST[match["past"].lower()]
        hour = _hour(match["told"])
        if match["way"].lower() == "to":
            return (hour - 1) or NOON, 60 - minutes
        return hour, minutes
    if match["minutes"]:
        return _to_or_past(match["minutes"].lower(), match["side"].lower(), match["of"].lower())
    if match["full"]:
        return _hour(match["full"]), None
    digits = match["hour"] or match["hour24"] or match["dotted"]
    minute = match["minute"] or match["minute24"] or match["dotted_minute"]
    return int(digits), int(minute) if minute else None


def _to_or_past(minutes: str, side: str, of: str) -> tuple[int, int]:
    """Hour and minute of "ten minutes before midnight"."""
    apart = int(minutes) if minutes.isdigit() else _NAMED[minutes]
    day = {"midnight": 24, "noon": NOON}
    hour = day.get(of) or _hour(of)
    if side in ("past", "after"):
        return hour % 24, apart
    return (hour - 1) or NOON, 60 - apart


def _hour(said: str) -> int:
    return int(said) if said.isdigit() else 1 + _HOURS.index(said.lower())


def _half(hour: int, behind: str) -> str:
    """Which half of the day the words behind a time name: "a", "p", or none."""
    part = _PART.match(behind)
    if not part or hour > NOON:
        return ""
    if part["night"]:
        return "a" if hour < DAWN or hour == NOON else "p"
    return "a" if part["part"].lower() == "morning" else "p"
