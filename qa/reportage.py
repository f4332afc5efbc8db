"""How much a text reads like news: who said so, and on which day of the week.

A reader's scores mean different things in different prose. In reports the likeliest span is
right more often than in an encyclopaedia, where many like facts stand side by side; this is
how `qa.confidence` tells the two apart without being told.
"""

import math
import re

_PER = 1000  # code points
_MOST = 6  # telling words in so many; more are as many

_TELLING = re.compile(
    r"\b(?:said|says?|tells?|told|according to|announced|spokes(?:man|woman|person|people)"
    r"|reporters|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|tomorrow"
    r"|last (?:week|month|night|year))\b"
)


def reportage(text: str) -> float:
    """The root of how many telling words stand in a thousand code points: 0 to 2.45."""
    found = sum(1 for _ in _TELLING.finditer(text))
    return math.sqrt(min(_MOST, found * _PER / max(len(text), 1)))
