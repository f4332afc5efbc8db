"""Numbers in English text, in digits and in words: "21,340", "nine million", "two thirds".

Pure text: knows nothing of units, hedges or answers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Form = Literal["plain", "share", "ordinal", "vague"]

_NAMES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_SMALL = {name: number for number, name in enumerate(_NAMES)}
_TENS = {
    name: 10 * number
    for number, name in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
    )
}
_SCALES = {"hundred": 100, "dozen": 12, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_SCALES |= {"trillion": 1e12, "lakh": 1e5, "crore": 1e7}
_OF_GROUP = {"hundred": 100, "dozen": 12, "score": 20}  # a score never stands alone
_TWO = {"pair": 2, "couple": 2}
_BELOW_HUNDRED = _SMALL | _TENS | _TWO
_SHORT = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}
_PARTS |= {"ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100, "halve": 2}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_ORDINALS |= {"seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12}

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORD = "|".join([*_SMALL, *_TENS])
_SCALE = "|".join(_SCALES)
_POINT = rf"point (?=(?:{'|'.join(_NAMES[:10])})\b)"  # fourteen point two
_REST = (  # a hundred thousand, a hundred and twelve
    rf"(?: (?:thousand|million)\b)?(?: and (?:(?:{'|'.join(_TENS)})(?:[ -](?:{_WORD}))?|{_WORD})\b"
    r"(?! hundred)(?: (?:thousand|million)\b)?)?"
)
_PART = "|".join(_PARTS)
_VAGUE = re.compile(
    r"\b(?:(tens|dozens|scores|hundreds|thousands|millions|billions) of )?"
    r"(tens|dozens|scores|hundreds|thousands|millions|billions)\b",
    re.IGNORECASE,
)
_ONE_IN = re.compile(rf"\b(one|two|1|2) in (?:every )?({_DIGITS}|{_WORD})\b", re.IGNORECASE)
_FRACTION = re.compile(
    rf"\b(?:(an?|{_WORD}|{_DIGITS})[ -])?({_PART})s?\b(?: an? | of an? | a )?", re.IGNORECASE
)
_OF_SCALE = re.compile(rf"(?: of)? an? ({_SCALE})\b", re.IGNORECASE)
# "65 litres per second", "9 metres a second" name no order.
_ORDINAL = re.compile(
    rf"(?<!\bper )\b(?:(\d+)(?:st|nd|rd|th)|({'|'.join(_ORDINALS)}))\b", re.IGNORECASE
)
_A_SECOND = re.compile(rf"(?:{_DIGITS}|\b(?:{_WORD})) [a-z]+ an? $", re.IGNORECASE)
_PLAIN = re.compile(
    rf"(?<![\w.])(?:(?P<digits>(?:minus |[-−](?=\d))?(?:{_DIGITS}))"
    rf"(?:(?P<short>k|mn?|bn?|tn)\b|[ -](?P<scale>{_SCALE})\b)?(?![\d]|[.,]\d)"
    rf"|(?P<words>(?:half )?an? (?:{_SCALE})\b{_REST}|an? (?:{'|'.join(_TWO)})\b"
    rf"|(?:{_WORD}) score\b"
    rf"|(?:(?:{_WORD}|(?P<scaled>{_SCALE}))"
    rf"(?:(?:-odd)?[ -](?:{_POINT}|(?(scaled)(?:and )?))(?=(?:{_WORD}|{_SCALE})\b))?)+\b"
    rf"(?: and a half(?: (?:{_SCALE}))?\b)?))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands; vague ones ("hundreds") lie between low and high."""

    start: int  # code points into the text, inclusive
    end: int  # exclusive
    low: float
    high: float  # equal to `low` unless the form is vague
    form: Form
    step: float  # what one more in its last digit that is not a closing zero would add


@lru_cache(maxsize=64)  # the spans of one passage are read one after another
def find_numbers(text: str) -> tuple[Number, ...]:
    """All numbers of the text in their order, none over another; the longest reading counts."""
    found = [*_vague(text), *_one_in(text), *_fractions(text), *_plain(text), *_ordinals(text)]
    found.sort(key=lambda number: (number.start, -number.end))
    kept: list[Number] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return tuple(kept)


def scale_of(words: str) -> float:
    """What a number's last word multiplies it by: a million in "6 million", else 1."""
    last = re.search(r"[a-z]+$", words.lower())
    return {**_SCALES, **_SHORT}.get(last[0], 1.0) if last else 1.0


def _plain(text: str) -> Iterator[Number]:
    for match in _PLAIN.finditer(text):
        scale = _SCALES.get((match["scale"] or "").lower(), 1) * _SHORT.get(
            (match["short"] or "").lower(), 1
        )
        if match["digits"]:
            digits = re.sub(r"minus |−", "-", match["digits"].lower()).replace(",", "")
            value, step = float(digits) * scale, _step(digits) * scale
        else:
            value = _spelled(match["words"].lower())
            step = _step(f"{value:.0f}" if value.is_integer() else f"{value:.6g}")
        yield Number(*match.span(), value, value, "plain", step)


def _spelled(words: str) -> float:
    """The value of number words: groups below a thousand, each times its scale."""
    total = group = 0.0
    half = 1.0
    digit = 0.0  # worth of one more after "point"
    for word in re.findall(r"[a-z]+", words):
        if word == "point":
            digit = 0.1
        elif digit and _SMALL.get(word, 10) < 10:
            group += digit * _SMALL[word]
            digit /= 10
        elif word == "half":
            if group:
                group += 0.5
            elif total:  # a million and a half
                total *= 1.5
            else:
                half = 0.5
        elif word in _BELOW_HUNDRED:
            group += _BELOW_HUNDRED[word]
        elif word in _OF_GROUP:
            group = (group or 1) * _OF_GROUP[word]
        elif word in _SCALES:
            total += (group or 1) * _SCALES[word]
            group = 0.0
    return half * (total + group)


def _step(digits: str) -> float:
    """What its last digit other than closing zeros is worth: 1,300 is told in hundreds."""
    whole, _, decimals = digits.lstrip("-").partition(".")
    if decimals:
        return float(10 ** -len(decimals))
    return float(10 ** (len(whole) - len(whole.rstrip("0")))) if whole.strip("0") else 1.0


def _vague(text: str) -> Iterator[Number]:
    worth = {"tens": 10, "dozens": 12, "scores": 20, "hundreds": 100}
    worth |= {"thousands": 1000, "millions": 10**6, "billions": 10**9}
    for match in _VAGUE.finditer(text):
        low = float(worth[match[2].lower()] * worth.get((match[1] or "").lower(), 1))
        yield Number(*match.span(), low, 10 * low, "vague", low)


def _one_in(text: str) -> Iterator[Number]:
    for match in _ONE_IN.finditer(text):
        share = _value(match[1]) / max(_value(match[2]), 1.0)
        yield Number(*match.span(), share, share, "share", 0.1 * share)


def _fractions(text: str) -> Iterator[Number]:
    for match in _FRACTION.finditer(text):
        count, part = match[1], match[2].lower()
        plural = text[match.end(2) : match.end(2) + 1].lower() == "s"
        if not count and part not in ("half", "quarter"):
            continue  # "the third" is an order, not a part
        share = (1.0 if count in (None, "a", "an") else _value(count or "1")) / _PARTS[part]
        if scale := _OF_SCALE.match(text, match.end(2) + plural):  # three-quarters of a million
            value = share * _SCALES[scale[1].lower()]
            yield Number(match.start(), scale.end(), value, value, "plain", 0.1 * value)
            continue
        if plural or share < 1:
            end = match.end(2) + plural
            yield Number(match.start(), end, share, share, "share", 0.1 * share)


def _ordinals(text: str) -> Iterator[Number]:
    for match in _ORDINAL.finditer(text):
        if match[0].lower() == "second" and _A_SECOND.search(text[: match.start()]):
            continue
        value = float(match[1] or _ORDINALS[(match[2] or "first").lower()])
        yield Number(*match.span(), value, value, "ordinal", 1.0)


def _value(words: str) -> float:
    if words[0].isdigit():
        return float(words.replace(",", ""))
    return 1.0 if words.lower() in ("a", "an") else _spelled(words.lower())
