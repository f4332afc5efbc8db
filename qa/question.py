"""The question itself: what may be asked, and which kind of answer it wants."""

import re

from qa.errors import QuestionError
from qa.plural import asks_for_several
from qa.types import Kind

MAX_CHARACTERS = 2000

_AUXILIARY = (
    "is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must"
)
_ASKING = r"who|whom|whose|what|which|when|where|why|how|whether|if"

# "Can you tell me who …" asks who: what follows these words is the question.
_PREAMBLES = (
    r"(?:and|but|so|well|ok|okay|now|then|also|hi|hello|hey|please)\b[,.!]?\s+",
    r"(?:(?:can|could|would|will) (?:you|anyone|someone) )?(?:please )?(?:tell|show|remind) "
    r"(?:me|us)(?: please)?,? ",
    r"(?:can|could|would|will) you (?:please )?(?=(?:list|name|explain|give|say)\b)",
    r"(?:do|does|did) (?:you|we|they|it|anyone|the articles?) (?:happen to )?"
    rf"(?:know|say|tell us|tell me|mention|explain)(?: about)?,? (?=(?:{_ASKING})\b)",
    r"(?:i|we)(?: would|['’]d)? (?:like|want|need) to know,? ",
    rf"(?:i|we) wonder,? (?=(?:{_ASKING})\b)",
    rf"(?:(?:do you have )?any idea|is it known),? (?=(?:{_ASKING})\b)",
    r"according to the articles?,? ",
)
_PREAMBLE = re.compile("|".join(_PREAMBLES), re.IGNORECASE)
_YES_NO = re.compile(
    rf"(?:(?:{_AUXILIARY})(?:n['’]t)?|whether|if)\b"
    rf"|.*,\s*(?:(?:{_AUXILIARY})(?:n['’]t| not)?\s+(?:it|he|she|they|there|we|you|i)"
    r"|right|correct|true)\s*\?*$",
    re.IGNORECASE | re.DOTALL,
)
# "Did X or Y win?" wants one of the two; "was anybody hurt or killed?" does not.
_CHOICE = re.compile(r"\bor\b(?! (?:not|so|less|more)\b)", re.IGNORECASE)
_ANY = re.compile(r"\bany\w*\b|\bever\b|\b(?:\d+|one|two|three|four|five) or \w+", re.IGNORECASE)
_EXPLAIN = re.compile(
    rf"(?:why|how come|how (?:exactly )?(?:{_AUXILIARY})|how to"
    r"|(?:for )?what (?:\w+ )?reasons?|what (?:caused|led to|prompted|triggered)"
    r"|what (?:is|was|are|were) the (?:\w+ )?(?:reasons?|causes?|purpose|motives?)|explain)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    rf"(?:(?:and|so|but|since|until|till|by|from|for)\b ?)*(?:exactly |about )?when(?:['’]s| "
    rf"(?:exactly |precisely |in \d{{4}} )?(?:{_AUXILIARY})\b)"
    r"(?!.*, (?:who|what|which|where|how)\b)"
    r"|(?:(?:in|on|at|by|since|until|during|of|from|around)\b ?)*(?:what|which) "
    r"(?:\w+ )?(?:year|month|day|date|week|weekday|decade|century|season|night|morning)\b"
    r"(?!s|['’]s)|what(?:['’]s| is| was) the (?:exact )?(?:date|day|month|year)\b"
    r"|how long ago\b|(?:do you know|tell me|say) when\b|.*\bwhen\?$",
    re.IGNORECASE,
)


def asks_when(question: str) -> bool:
    """Whether the answer wanted is a time: a day, a year, a season."""
    return bool(_WHEN.match(question.strip()))


def check_question(question: str) -> str:
    """The question without white space around it.

    Raises QuestionError if nothing is left, or more than 2,000 characters.
    """
    asked = question.strip()
    if not any(character.isalnum() for character in asked):
        raise QuestionError("the question is empty: ask it in a few words")
    if len(asked) > MAX_CHARACTERS:
        raise QuestionError(
            f"the question has {len(asked):,} characters: ask in at most {MAX_CHARACTERS:,}"
        )
    # Half of a surrogate pair (from a badly decoded argument) can be neither read nor printed.
    return asked.encode("utf-8", "replace").decode()


def without_preamble(question: str) -> str:
    """What is asked in "Can you tell me …?" and the like: the words after those."""
    asked = question.strip()
    while (match := _PREAMBLE.match(asked)) and match.end() < len(asked):
        asked = asked[match.end() :]
    return asked


def kind_of(question: str) -> Kind:
    """Which kind of answer the wording asks for; "short" unless it clearly is another."""
    asked = without_preamble(question)
    if _YES_NO.match(asked):
        choice = _CHOICE.search(asked) and not _ANY.search(asked)
        return "short" if choice else "yes_no"
    if _EXPLAIN.match(asked):
        return "explain"
    return "list" if asks_for_several(asked) else "short"
