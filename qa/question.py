"""The question itself: what may be asked, and which kind of answer it wants."""

import re

from qa.errors import QuestionError
from qa.types import Kind

MAX_CHARACTERS = 2000

_AUXILIARY = (
    "is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must"
)
_YES_NO = re.compile(rf"(?:{_AUXILIARY})(?:n['’]t)?\b(?!.*\bor\b)", re.IGNORECASE)
_EXPLAIN = re.compile(
    rf"(?:why|how come|how (?:{_AUXILIARY})|(?:for )?what reasons?|explain)\b", re.IGNORECASE
)
_LIST = re.compile(
    rf"(?:list|name (?:the|all|some)|which (?:\w+ ){{0,2}}?\w+(?<!s)s\b"
    rf"|what (?:\w+ ){{0,2}}?\w+(?<!s)s (?:{_AUXILIARY})\b|who (?:are|were)\b)",
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


def kind_of(question: str) -> Kind:
    """Which kind of answer the wording asks for; "short" unless it clearly is another."""
    if _YES_NO.match(question):
        return "yes_no"
    if _EXPLAIN.match(question):
        return "explain"
    if _LIST.match(question):
        return "list"
    return "short"
