"""Whether a sentence speaks of what was or of what is to come, around one place in it.

"The mayor said on Tuesday that the bridge will open in May": Tuesday is past, May is not.
"""

import re
from typing import Literal

Tense = Literal["past", "future", "unsure", "unknown"]

_NEAR = 200  # characters to look through on either side
_IRREGULAR = "|".join(
    """
    was were had did said says told been arose ate beat became began bent blew bore bought
    bound bred broadcast broke brought built burnt burst came cast caught chose clung cost
    crept cut dealt died drank drew drove dug fed fell felt fled flew flung forbade forgot
    fought found froze gave got grew heard held hid hit hung hurt kept knew laid lay leapt
    learnt led left lent let lit lost made meant met overthrew overtook paid put quit ran
    rang rode rose sang sank sat saw sent set shook shot shut slept slid sold spared sped
    spent spoke sprang spread stole stood struck swam swept swore taught thought threw took
    tore undertook understood upheld went withdrew woke won wore wound wove wrote
    """.split()
)
_PLANNED = "due|scheduled|slated|expected|planned|set (?:to|for)|supposed|going to|about to"
_CUE = re.compile(
    # What was planned in the past may have come to pass or not, before or after the telling.
    rf"\b(?:(?P<unsure>(?:was|were|had been) (?:\w+ly )?(?:{_PLANNED}|to))"
    rf"|(?P<future>will|won['’]t|shall|would|{_PLANNED}"
    r"|(?:plan|hope|intend|aim|want|expect|agree|promise|vow|pledge|prepare|wait)(?:s|d|ed|ing)? to"
    r"|(?:hoping|planning|preparing|waiting|urged|asked|ordered|ready) to"
    r"|(?:can|could|may|might|must|should)(?! (?:not )?have)|(?:has|have|needs?) to"
    r"|(?:is|are) to|upcoming|coming|opens|closes|begins|starts|meets|ends|returns|resumes"
    r"|takes? place|kicks off|runs|goes on sale|starting|beginning"
    r"|(?:is|are|it['’]s)(?= (?:on|in|at|over)\b.{0,12}$))"
    rf"|(?P<past>{_IRREGULAR}|\w{{2,}}ed))\b|(?P<later>['’]ll)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?]\s|\n")


def tense_at(text: str, start: int, end: int) -> Tense:
    """The tense of the nearest verb before text[start:end] in its sentence, else after it.

    "unsure": it was to happen then, as was thought at the time. "unknown": no verb tells.
    """
    before = _END.split(text[max(0, start - _NEAR) : start])[-1]
    cues = [_tense(found) for found in _CUE.finditer(before)]
    if cues:
        return cues[-1]
    after = _CUE.search(_END.split(text[end : end + _NEAR])[0])
    return _tense(after) if after else "unknown"


def _tense(cue: re.Match[str]) -> Tense:
    if cue["unsure"]:
        return "unsure"
    return "past" if cue["past"] else "future"
