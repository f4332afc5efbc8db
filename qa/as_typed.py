"""Questions as people type them: in lower case, with a slip, without the mark, as keywords."""

import random
import re

_SMALL_WORDS = frozenset(
    "a an the is are was were be been do does did has have had of to in on at for by with from "
    "that this it its as and or not what which who whom whose when where why how".split()
)
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")


def in_lower_case(question: str) -> str:
    """Without capitals."""
    return question.lower()


def without_mark(question: str) -> str:
    """Without the question mark."""
    return question.rstrip("? ")


def with_slip(question: str, rng: random.Random) -> str:
    """Two neighbouring letters of a longer word exchanged, or one of them left out."""
    long_words = list(_LONG_WORD.finditer(question))
    if not long_words:
        return question
    word = rng.choice(long_words)
    i = rng.randrange(word.start() + 1, word.end() - 1)
    left, right = question[i], question[i + 1]
    slip = right + left if rng.random() < 0.5 else right
    return question[:i] + slip + question[i + 2 :]


def as_keywords(question: str) -> str:
    """The first word and the words that carry meaning, as into a search box."""
    bare = without_mark(question)
    words = bare.split()
    telling = [word for word in words[1:] if word.lower() not in _SMALL_WORDS]
    return " ".join(words[:1] + telling) if telling else bare
