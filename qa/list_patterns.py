"""What an enumeration looks like, in English: names, joins and borders as patterns.

Names repeat possessively and what lies between joins is bounded, so that no text takes long.
"""

import re

_WORD = r"[^\W\d_][\w’'.-]*+"
CAPITAL = r"[A-ZÀ-ÖØ-ÞŠŽĆČĐŁŃŚŹŻĞİ]"
_NOT_A_NAME = (
    r"(?!(?:In|On|At|By|For|From|With|But|And|Or|So|If|As|When|While|After|Before|Since|Of|To|"
    r"It|He|She|They|We|I|You|This|That|These|Those|There|Here|Both|Also|Not|No|Yes)\b)"
)
_INNER = r"(?:of|the|de|la|le|du|von|van|der|den|al|el|bin|del|da|dos)"
# Names that hold an "and", and common words that end a name: "the Fish Lane nursery".
WITH_AND = (
    r"Trinidad and Tobago|Bosnia and Herzegovina|Antigua and Barbuda|Turks and Caicos|"
    r"(?:Saint|St\.?) Kitts and Nevis|(?:Saint|St\.?) Vincent and the Grenadines|Tyne and Wear|"
    r"S[aã]o Tom[eé] and Pr[ií]ncipe"
)
_ENDING = (
    r"(?:nursery|school|college|university|academy|hospital|church|river|lake|bay|bridge|station|"
    r"airport|port|docks?|street|road|line|party|club|team|company|council|islands?|province|county|"
    r"district|region|city|town|village|area|hotel|plant|mill|museum|theatre)\b"
)
_NAME = (
    rf"(?:{WITH_AND}|{_NOT_A_NAME}{CAPITAL}[\w’'.-]*+"
    rf"(?:\s(?:{_INNER}\s){{0,2}}{CAPITAL}[\w’'.-]*+|\s\d++(?!\s?(?:per|%)))*+(?:\s{_ENDING})?+)"
)
# "two from the United States, one from Switzerland": what the items have before them.
_HEAD = (
    r"(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|\d++|some|many|others|another|several)"
    r"\s(?:from|of|in|to|at|by|for|with|near|on)\s)?"
    r"(?:(?:from|in|to|at|by|for|near)\s)?(?:the\s)?"
)
_AGE = r"(?:,\s\d{1,3}(?=,|\sand\b))?"
AND = r"(?:and|or|&|plus|as well as)"
NAMES = re.compile(
    rf"(?>{_HEAD}{_NAME}{_AGE}(?:[,;]\s{_HEAD}{_NAME}{_AGE}){{0,40}}+)"
    rf"(?:[,;]\s{AND}|\s{AND})\s{_HEAD}{_NAME}"
)
_PLAIN = r"(?:[^,;:.()—–]|\.\d){1,80}"
THINGS = re.compile(
    rf"\b(?:an?|\d++)\s{_PLAIN}(?:,\s(?:an?|\d++)\s{_PLAIN})+"
    rf",?\sand\s(?:an?|\d++)\s{_PLAIN}(?=[,;:.()—–]|\s[-–—]|$)"
)
PLACE_FIRST = re.compile(r"(?:In|At|On|From|Near|For)\s(?:the\s)?")
JOIN = re.compile(rf"\s*[,;]\s+(?:{AND}\s+)?(?!\d{{4}}\b)|\s+{AND}\s+")
LEADING = re.compile(rf"(?:{AND}\s+|both\s+|either\s+|including\s+|such as\s+|namely\s+)*")
ITEM_HEAD = re.compile(_HEAD)
INTRODUCED = re.compile(r"[^.;]{0,24}?(?::|\s[—–-]|,?\ssuch as|,?\sincluding|,?\snamely|\s\()\s+")
BEFORE_LIST = re.compile(
    r"(?:\b(?:in|on|at|of|from|to|for|by|with|as|into|like|including|are|were|is|was)\s"
    rf"|[:(—–]\s*|^)((?:{_WORD}\s){{0,2}}{_WORD}),\s$"
)
BULLET = re.compile(r"^[^\S\n]*(?:[-*•·‣▪–—]|\(?\d{1,2}[.)])[^\S\n]+(?=\S)", re.MULTILINE)
# What stands between commas is then a clause or an aside, and no item.
CLAUSE = re.compile(
    r"\b(?:which|who|whose|that|where|is|was|were|are|has|had|have|may|might|can|could|will|would|"
    r"it|he|she|they|we|did|does|said)\b|^(?:having|being|as|so|when|while|not|rather|because|but|"
    r"then|thus|although|though|until|if|especially|particularly|notably|according)\b|:\s|^\W*$",
    re.IGNORECASE,
)
REST = re.compile(r"^(?:etc|others?|so on|so forth|more|the like)\b(?! \w)", re.IGNORECASE)
SUCH_AS = re.compile(r".*\b(?:such as|including|namely|included)\s+(?=\w)", re.DOTALL)
