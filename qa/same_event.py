"""Whether two articles tell of one event, by the names they share and how like they put it.

Pure, as `qa.agreement`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.asked import sentence_of
from qa.moments import find_moments
from qa.readings import Reading

# A sentence and texts -> the cosine of its embedding with each of theirs.
Likeness = Callable[[str, Sequence[str]], Sequence[float]]

LEAST_NAMES = 2  # that both articles name, from which on they tell of one event
LEAST_ALIKE = 0.3  # from which on another number may be of the same thing

_WORD = re.compile(r"[^\W\d_]{3,}")
# Not the first of a sentence or a quotation, which has a capital in any case.
_WITHIN = re.compile(r"(?<=[^\s.!?:“\"‘'–—-] )[^\W\d_]{3,}")


def all_alike(sentence: str, texts: Sequence[str]) -> Sequence[float]:
    """Where nothing tells how like they are."""
    return [1.0] * len(texts)


def alike(
    question: str,
    ours: Reading,
    theirs: Reading,
    likeness: Likeness,
    *,
    least: float = LEAST_ALIKE,
) -> bool:
    """Whether the sentence of `theirs` is so like the question, and like that of `ours`."""
    one, other = (sentence_of(reading.candidate) for reading in (ours, theirs))
    return min(likeness(other, (question, one))) >= least


def shared_names(one: str, other: str) -> frozenset[str]:
    """The names that stand in both texts: words with a capital, but for days and months.

    In one of the two such a word stands within a sentence, where only a name has a capital,
    and in neither it is written small.
    """
    ours, theirs = _words_of(one), _words_of(other)
    capital = ours.capital & theirs.capital & (ours.within | theirs.within)
    return capital - ours.small - theirs.small


def of_one_event(one: str, other: str, *, least: int = LEAST_NAMES) -> bool:
    """Whether the texts share so many names, or as many as the one with fewer has at all."""
    fewest = min(len(_words_of(text).names) for text in (one, other))
    return len(shared_names(one, other)) >= min(least, fewest)


@dataclass(frozen=True, slots=True)
class _Words:
    """The longer words of a text in small letters, by how they are written."""

    capital: frozenset[str]
    within: frozenset[str]  # of these, the ones that do not begin a sentence or a quotation
    small: frozenset[str]

    @property
    def names(self) -> frozenset[str]:
        """Those that are surely names."""
        return self.within - self.small


@lru_cache(maxsize=64)
def _words_of(text: str) -> _Words:
    dates = date_places(text)
    words = [m[0] for m in _WORD.finditer(text) if m.start() not in dates]
    within = [m[0] for m in _WITHIN.finditer(text) if m.start() not in dates]
    return _Words(
        frozenset(word.lower() for word in words if not word[0].islower()),
        frozenset(word.lower() for word in within if not word[0].islower()),
        frozenset(word for word in words if word[0].islower()),
    )


def date_places(text: str) -> frozenset[int]:
    """Every place within a date or a time of day."""
    return frozenset(n for date in find_moments(text) for n in range(date.start, date.end))
