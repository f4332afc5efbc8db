"""What became of those who are counted: the killed, the hurt, the missing are not one number.

Reports of one event count people by what became of them, often in one sentence.
Pure text, English.
"""

import re
from collections.abc import Sequence

from qa.numbers import Number, find_numbers

_STATES = {
    "dead": r"kill(?:ed|s|ing)?|dead|died|dies?|dying|deaths?|lost their lives|fatal(?:ly|ities)?"
    r"|toll|perished|slain|bodies|murdered|drown(?:ed|s|ing)?",
    "hurt": r"injur(?:ed|es|ing|ies)|hurt|wounded|maimed|hospitali[sz]ed",
    "missing": r"missing|unaccounted for|vanished",
    "held": r"captur(?:ed|es|ing)|arrest(?:ed|s)?|detain(?:ed|s|ees)?|taken prisoner|prisoners"
    r"|in custody|imprisoned|jailed|apprehended",
    "safe": r"rescued|survived|survivors|saved|unhurt|freed|released|found alive|recovered",
    "moved": r"evacuat(?:ed|ions?)|displaced|homeless|moved out|cleared|fled|sheltered",
}
_WORDS = re.compile(
    "|".join(rf"(?P<{state}>\b(?:{words})\b)" for state, words in _STATES.items()), re.IGNORECASE
)
_WINDOW = 60  # code points to either side of a number in which its state stands
_CLAUSE = re.compile(r"[.;!?]\s|\n")
_JOIN = re.compile(r"\s*(?:[,;:(–—]|\b(?:and|but|while|with|plus|as well as)\b)\s*", re.IGNORECASE)


def state_asked(question: str) -> str | None:
    """The state that a question names first, None if it names none."""
    match = _WORDS.search(question)
    return match.lastgroup if match else None


def state_counted(text: str, start: int, end: int) -> str | None:
    """The state named nearest to text[start:end] in its clause, None if none is near."""
    before = _CLAUSE.split(text[max(0, start - _WINDOW) : start])[-1]
    after = _CLAUSE.split(text[end : end + _WINDOW])[0]
    nearest = [(m.start(), m.lastgroup) for m in _WORDS.finditer(after)]
    nearest += [(len(before) - m.end(), m.lastgroup) for m in _WORDS.finditer(before)]
    return min(nearest, default=(0, None), key=lambda found: found[0])[1]


def part_asked(question: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Of several counts in text[start:end] where the one stands that the question asks for.

    Of "23 dead and at least 41 missing" the "at least 41 missing". All of it where the
    question names no state, or not just one of the numbers is of it.
    """
    numbers = [n for n in find_numbers(text) if start <= n.start and n.end <= end]
    number = number_of_state(question, text, numbers)
    if number is None or len(numbers) < 2:
        return start, end
    place = numbers.index(number)
    if place:
        between = numbers[place - 1].end, number.start
        joins = list(_JOIN.finditer(text, *between))
        start = joins[-1].end() if joins else number.start
    if number is not numbers[-1]:
        join = _JOIN.search(text, number.end, numbers[place + 1].start)
        end = join.start() if join else number.end
    return start, end


def number_of_state(question: str, text: str, numbers: Sequence[Number]) -> Number | None:
    """The only one of these numbers in the text that counts those whom the question asks for."""
    asked = state_asked(question)
    if asked is None:
        return None
    found = [n for n in numbers if state_counted(text, n.start, n.end) == asked]
    return found[0] if len(found) == 1 else None
