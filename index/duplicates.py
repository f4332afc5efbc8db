"""Which texts are one text: agency copy that outlets trimmed, touched up or put a headline on.

A sketch finds texts that may be alike, a comparison of the texts themselves
decides. Both look at two texts and at nothing else, so what is a copy of what never
depends on the order of adding or on what else is there. Knows nothing of libraries.
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

SHINGLE = 3  # words
MINIMA = 256  # of a sketch; its estimate of resemblance has a standard error of at most 0.03
METHOD = f"words {SHINGLE}, minima {MINIMA}, RMinHash {RMinHash.ALGORITHM_VERSION}"
LEAST_SHARED = 50  # shingles: below it two notices made from one form would be copies
OF_THE_SHORTER = 0.4  # share of its shingles that stand in the longer
OF_THE_LONGER = 0.34  # a round-up of three stories is a copy of none of them
OF_THE_OPENING = 0.2  # of the shorter: a column is no copy of another with the same long footer
OF_THE_FACTS = 0.6  # share of the shorter's names and figures that the longer has too
# By these shares copies resemble one another by 0.22 at least; three standard errors less.
_LEAST_RESEMBLANCE = 0.13

_WORD = re.compile(r"\w+")

Minima = NDArray[np.uint8]
Facts = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Wording:
    """What of a text is compared."""

    opening: frozenset[str]  # runs of three words that begin in its first quarter
    rest: frozenset[str]  # the other runs
    facts: frozenset[str]  # words with a digit, and words that are never without a capital

    @property
    def shingles(self) -> frozenset[str]:
        """All runs of three words, without case and punctuation."""
        return self.opening | self.rest


@dataclass(frozen=True, slots=True)
class Sketch:
    """What of a wording is kept, and tells at once that most texts are no copies of it."""

    minima: Minima  # (MINIMA,), the low byte of each MinHash value
    shingles: int  # how many there are
    facts: Facts  # (facts,), their checksums in ascending order


def wording(text: str) -> Wording:
    """The text as it is compared with others."""
    written = _WORD.findall(unicodedata.normalize("NFKC", text))
    words = [word.casefold() for word in written]
    runs = list(map(" ".join, zip(*(words[first:] for first in range(SHINGLE)), strict=False)))
    quarter = len(runs) // 4
    in_lower_case = {word for word in written if word[0].islower()}
    facts = {
        word
        for form, word in zip(written, words, strict=True)
        if any(map(str.isdigit, form)) or (form[0].isupper() and word not in in_lower_case)
    }
    return Wording(frozenset(runs[:quarter]), frozenset(runs[quarter:]), frozenset(facts))


def sketch(of: Wording) -> Sketch:
    """The wording in a few hundred bytes (Li & König 2010, "b-Bit Minwise Hashing").

    The same for the same words, on whatever machine.
    """
    shingles = of.shingles
    minhash = RMinHash(num_perm=MINIMA, seed=1)
    minhash.update(sorted(shingles))
    minima = np.array(minhash.digest(), dtype=np.uint32).astype(np.uint8)
    facts = sorted({zlib.crc32(fact.encode("utf-8", "replace")) for fact in of.facts})
    return Sketch(minima, len(shingles), np.array(facts, dtype=np.uint32))


def resembling(one: Minima, others: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Which of the others are worth a closer look, the most alike first; shape (any,).

    others: the minima of a text in each row, (texts, MINIMA).
    """
    bits = np.packbits(others == one, axis=1).view(np.uint64)  # counted so in half the time
    equal = np.bitwise_count(bits).sum(axis=1) / MINIMA
    by_chance = 1 / 256  # the low bytes of two different values
    enough = np.flatnonzero(equal >= by_chance + (1 - by_chance) * _LEAST_RESEMBLANCE)
    return enough[np.argsort(-equal[enough], kind="stable")]


def share_facts(one: Sketch, other: Sketch) -> bool:
    """Whether the shorter's names and figures stand in the longer, as they do in a copy."""
    shorter, longer = sorted((one, other), key=lambda each: (each.shingles, len(each.facts)))
    shared = np.intersect1d(shorter.facts, longer.facts, assume_unique=True)
    return len(shared) >= OF_THE_FACTS * len(shorter.facts)


def are_copies(one: Wording, other: Wording) -> bool:
    """Whether one is the other, or a good part of it, with words changed, added or moved.

    A form filled in twice shares its words and not its names and figures, two
    reports on one event the names and not the words; neither is a copy.
    """
    if one.shingles == other.shingles:
        return bool(one.shingles) and one.facts == other.facts
    shorter, longer = sorted((one, other), key=lambda each: (len(each.shingles), len(each.facts)))
    shared = shorter.shingles & longer.shingles
    return (
        len(shared) >= LEAST_SHARED
        and len(shared) >= OF_THE_SHORTER * len(shorter.shingles)
        and len(shared) >= OF_THE_LONGER * len(longer.shingles)
        and len(shared & shorter.opening) >= OF_THE_OPENING * len(shorter.opening)
        and len(shorter.facts & longer.facts) >= OF_THE_FACTS * len(shorter.facts)
    )
