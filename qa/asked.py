"""What of a question tells whether a text is about it: names, telling words, what is counted.

Pure text: knows nothing of articles or of who answers what.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from qa.answer import Candidate
from qa.question import kind_of
from qa.sentence import sentences
from qa.states import state_asked
from qa.values import alike

_WORD = re.compile(r"[^\W_]{3,}")
_STOP = frozenset(
    "the and was were are how many much what which who whom when where why did does has have had "
    "for from with that this into after before will would been about there their his her".split()
)
_STEM = 5  # letters by which words of one stem are told
_NAME = re.compile(r"(?<=[ (\"“'’-])[A-Z][^\W_]*[^\W\d_]|\b(?:1\d|20)\d\d\b")
_LENGTH = re.compile(r"\bhow (?:far|high|tall|deep|wide)\b", re.IGNORECASE)
_COUNTED = re.compile(r"\bhow many ((?:[^\W_]+[ -]?){1,2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the question tells whether a sentence is about it."""

    stems: frozenset[str]
    names: frozenset[str]  # and years: what it is about
    counted: frozenset[str]  # stems of what is counted
    state: str | None  # of those who are counted
    length: bool  # it asks how far or how high
    short: bool  # it asks for one fact: explanations may differ without a conflict
    text_of: Callable[[str], str] = lambda article_id: ""  # article id -> its text


def asked_by(question: str) -> Asked:
    """What the question asks about, and how."""
    counted = _COUNTED.search(question)
    return Asked(
        stems_of(question),
        frozenset(name.lower() for name in _NAME.findall(question)),
        stems_of(counted[1]) if counted else frozenset(),
        state_asked(question),
        bool(_LENGTH.search(question)),
        kind_of(question) == "short",
    )


def named_in(text: str, asked: Asked) -> frozenset[str]:
    """The names of the question that stand in the text, in any spelling."""
    words = set(_WORD.findall(text.lower()))
    return frozenset(name for name in asked.names if any(alike(name, word) for word in words))


def sentence_of(candidate: Candidate) -> str:
    """The sentence that the answer stands in, or the several it reaches over."""
    text, span = candidate.hit.passage.text, candidate.span
    parts = [text[s:e] for s, e in sentences(text) if s < span.end and span.start < e]
    return " ".join(parts)


def stems_of(text: str) -> frozenset[str]:
    """Its telling words, each by its first letters."""
    words = (word.lower() for word in _WORD.findall(text))
    return frozenset(word[:_STEM] for word in words if word not in _STOP)
