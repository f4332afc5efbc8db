"""How alike two wordings are, and what differs between them, word by word.

Knows nothing of quotations and articles.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

LEAST_ALIKE = 0.6  # of two sentences, from which one is the other, edited
_LEAST_ALIKE_LETTERS = 0.75  # the same by letters: for slips of the pen in short sentences
_COVERED = 0.8  # share of a sentence that stands, in order, in a longer one
_COVERED_LEAST = 6  # words that such a sentence has at least
_LONGEST = 1000  # code points of sentences that are compared by letters too
_MOST_WORDS = 400  # of a sentence that are looked at: comparing takes their square
_MOST_PAIRS = 4_000_000  # of words, one of each text, that a diff may compare

_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"\w+(?:[.,'’-]\w+)*|[^\w\s]|\s+")  # "4,000" and "don't" are one


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence that both versions have, or only one of them."""

    kind: Literal["same", "removed", "added"]
    text: str


def overlap(was: Sequence[str], now: Sequence[str]) -> float:
    """Words in common, in any order, as a share of all of both."""
    common = (Counter(was) & Counter(now)).total()
    return 2 * common / max(len(was) + len(now), 1)


def alike(was: str, now: str) -> float:
    """How alike two sentences are, 0 to 1: at least LEAST_ALIKE where one is the other edited."""
    old, new = words(was), words(now)
    kept = shared(old, new)
    by_words = 2 * letters(kept) / max(letters(old) + letters(new), 1)
    if len(old) >= _COVERED_LEAST and letters(kept) >= _COVERED * letters(old):
        by_words = max(by_words, LEAST_ALIKE)
    if by_words >= LEAST_ALIKE or max(len(was), len(now)) > _LONGEST:
        return by_words
    by_letters = SequenceMatcher(None, was.casefold(), now.casefold(), autojunk=False)
    if by_letters.quick_ratio() < _LEAST_ALIKE_LETTERS:
        return by_words
    return LEAST_ALIKE if by_letters.ratio() >= _LEAST_ALIKE_LETTERS else by_words


def words(text: str) -> list[str]:
    """The words without case, in one form of accents; of a very long text the first ones."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text[: 20 * _MOST_WORDS]))
    return [word.casefold() for word in found[:_MOST_WORDS]]


def shared(was: Sequence[str], now: Sequence[str]) -> list[str]:
    """Words of the first that stand in the second in the same order."""
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
    return [word for block in blocks for word in was[block.a : block.a + block.size]]


def letters(found: Sequence[str]) -> int:
    """Long words say more of what a text is about than short ones."""
    return sum(map(len, found))


def word_diff(was: str, now: str) -> tuple[Piece, ...]:
    """What became of one text in the other, word by word; any white space is one space.

    Of very long texts only that the one went and the other came.
    """
    old, new = _pieces(was), _pieces(now)
    steps: Sequence[tuple[str, int, int, int, int]] = [("replace", 0, len(old), 0, len(new))]
    if len(old) * len(new) <= _MOST_PAIRS:
        steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found: list[Piece] = []
    removed = added = ""
    for step, old_start, old_end, new_start, new_end in steps:
        gone, come = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
        # A space that two changes have between them does not keep them apart.
        if step == "equal" and (gone.strip() or not removed + added):
            found += [*_change(removed, added), Piece("same", gone)]
            removed = added = ""
        else:
            removed, added = removed + gone, added + come
    return (*found, *_change(removed, added))


def _change(removed: str, added: str) -> list[Piece]:
    pieces = [Piece("removed", removed), Piece("added", added)]
    return [piece for piece in pieces if piece.text]


def _pieces(text: str) -> list[str]:
    return [" " if piece.isspace() else piece for piece in _PIECE.findall(text.strip())]
