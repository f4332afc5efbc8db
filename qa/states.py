"""What became of those who are counted: the killed, the hurt, the missing are not one number.

Reports of one event count people by what became of them, often in one sentence.
Pure text, English.
"""

import re

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
