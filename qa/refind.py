"""A quotation in another version of its article: word for word, or its sentence edited.

This is the one place where text is searched for. What is found is a proposal for a reader
who checks a citation, and is never cited itself. Knows nothing of libraries and files.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise, takewhile
from typing import Literal

from qa.cite import CitationRecord
from qa.sentence import sentence_around, sentences
from qa.types import Range

LEAST_FIT = 0.5  # share of the surrounding words from which a place is that of the quote
LEAST_ALIKE = 0.6  # of two sentences, from which one is the other, edited
_LEAST_ALIKE_LETTERS = 0.75  # the same by letters: for slips of the pen in short sentences
_COVERED = 0.8  # share of a cited sentence that stands, in order, in a longer one
_COVERED_LEAST = 6  # words that such a sentence has at least
_OWN_WORDS = 6  # a quote of so many words is its own surroundings
_SLACK = 60  # code points that may have come between the quote and its surroundings
_SCANT = 12  # letters around a quote in its sentence, below which its neighbours are asked
_LOOKED_AT = 50  # places of a quote, the likeliest, whose surroundings are compared
_COMPARED = 8  # sentences, the likeliest, that are compared word by word
_LONGEST = 1000  # code points of sentences that are compared by letters too
_MOST_WORDS = 400  # of a sentence that are looked at: comparing takes their square

_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"\w+|[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence that both versions have, or only one of them."""

    kind: Literal["same", "removed", "added"]
    text: str


def find_quote(record: CitationRecord, text: str) -> Range | None:
    """The place of the quote, word for word, whose surroundings fit best.

    None where it stands nowhere, or only in other surroundings: a short quote such as
    "17" says little by itself. Of places that fit equally the one nearest to the cited.
    """
    starts = sorted(
        _starts(record, text),
        key=lambda start: (-_agreement(record, text, start), abs(start - record.start)),
    )
    if not starts:
        return None
    best = max(starts[:_LOOKED_AT], key=lambda start: _fit(record, text, start))
    if _fit(record, text, best) < LEAST_FIT and len(words(record.quote)) < _OWN_WORDS:
        return None
    return Range(best, best + len(record.quote))


def _starts(record: CitationRecord, text: str) -> Iterator[int]:
    """Where the quote stands; not inside a longer word unless it was cited from inside one."""
    quote = record.quote
    inside = _inside_word(record.prefix, quote), _inside_word(quote, record.suffix)
    start = text.find(quote)
    while start >= 0:
        end = start + len(quote)
        before, after = text[max(start - 1, 0) : start], text[end : end + 1]
        if (_inside_word(before, quote), _inside_word(quote, after)) == inside:
            yield start
        start = text.find(quote, start + 1)


def _inside_word(left: str, right: str) -> bool:
    return bool(_WORD.fullmatch(left[-1:] + right[:1])) and bool(left) and bool(right)


def _agreement(record: CitationRecord, text: str, start: int) -> int:
    """Code points right before and after this place that are as they were around the quote."""
    end = start + len(record.quote)
    before = text[max(start - len(record.prefix), 0) : start]
    after = text[end : end + len(record.suffix)]
    return _same_beginning(before[::-1], record.prefix[::-1]) + _same_beginning(
        after, record.suffix
    )


def _same_beginning(one: str, other: str) -> int:
    """Code points that both begin with."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


def _fit(record: CitationRecord, text: str, start: int) -> float:
    """How much of what surrounded the quote surrounds this place, 0 to 1."""
    if _agreement(record, text, start) == len(record.prefix) + len(record.suffix):
        return 1.0
    end = start + len(record.quote)
    before, after = _surroundings(record)
    near = (
        (before, text[max(start - len(before) - _SLACK, 0) : start]),
        (after, text[end : end + len(after) + _SLACK]),
    )
    had = sum(_letters(words(was)) for was, _ in near)
    kept = sum(_letters(_shared(words(was), words(now))) for was, now in near)
    return kept / had if had else 0.0


def _surroundings(record: CitationRecord) -> tuple[str, str]:
    """The rest of the quote's sentence before and after it, or what is around where it has none."""
    at = record.start - record.sentence.start
    before, after = record.sentence_text[:at], record.sentence_text[at + len(record.quote) :]
    if len(before + after) < _SCANT or not holds_sentence(record):
        return record.prefix, record.suffix
    return before, after


def holds_sentence(record: CitationRecord) -> bool:
    """Whether the quote stands in the record's sentence where the record says."""
    at = record.start - record.sentence.start
    return record.sentence_text[at : at + len(record.quote)] == record.quote


def find_edited(record: CitationRecord, text: str, *, cited: str | None = None) -> Range | None:
    """The passage that clearly is the cited sentence edited, the most alike first.

    One sentence, or two that it was split into. cited: the text that was cited from, where
    it is known; what stood there already is another sentence, however alike.
    """
    was = words(record.sentence_text)
    found = list(_candidates(text, cited, record.sentence_text))
    likely = sorted(found, key=lambda each: -_overlap(was, words(_of(text, each))))[:_COMPARED]
    compared = [(_alike(record.sentence_text, _of(text, each)), each) for each in likely]
    alike, best = max(compared, key=lambda pair: pair[0], default=(0.0, Range(0, 0)))
    return best if alike >= LEAST_ALIKE else None


def _of(text: str, place: Range) -> str:
    return text[place.start : place.end]


def _candidates(text: str, cited: str | None, sentence: str) -> Iterator[Range]:
    there = {cited[start:end] for start, end in sentences(cited)} if cited is not None else set()
    there.discard(sentence)
    new = [Range(start, end) for start, end in sentences(text) if text[start:end] not in there]
    yield from new
    for one, following in pairwise(new):
        if not text[one.end : following.start].strip():
            yield Range(one.start, following.end)


def _overlap(was: Sequence[str], now: Sequence[str]) -> float:
    """Words in common, in any order, as a share of all of both."""
    common = (Counter(was) & Counter(now)).total()
    return 2 * common / max(len(was) + len(now), 1)


def _alike(was: str, now: str) -> float:
    """How alike two sentences are, 0 to 1: at least LEAST_ALIKE where one is the other edited."""
    old, new = words(was), words(now)
    kept = _shared(old, new)
    alike = 2 * _letters(kept) / max(_letters(old) + _letters(new), 1)
    if len(old) >= _COVERED_LEAST and _letters(kept) >= _COVERED * _letters(old):
        alike = max(alike, LEAST_ALIKE)
    if alike >= LEAST_ALIKE or max(len(was), len(now)) > _LONGEST:
        return alike
    by_letters = SequenceMatcher(None, was.casefold(), now.casefold(), autojunk=False)
    if by_letters.quick_ratio() < _LEAST_ALIKE_LETTERS:
        return alike
    return LEAST_ALIKE if by_letters.ratio() >= _LEAST_ALIKE_LETTERS else alike


def words(text: str) -> list[str]:
    """The words without case, in one form of accents; of a very long text the first ones."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text[: 20 * _MOST_WORDS]))
    return [word.casefold() for word in found[:_MOST_WORDS]]


def _shared(was: Sequence[str], now: Sequence[str]) -> list[str]:
    """Words of the first that stand in the second in the same order."""
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
    return [word for block in blocks for word in was[block.a : block.a + block.size]]


def _letters(found: Sequence[str]) -> int:
    """Long words say more of what a text is about than short ones."""
    return sum(map(len, found))


def sentence_at(text: str, place: Range) -> Range:
    """The sentence or sentences that hold this place."""
    return sentence_around(text, place.start, place.end)


def word_diff(was: str, now: str) -> tuple[Piece, ...]:
    """What became of one text in the other, word by word; any white space is one space."""
    old, new = _pieces(was), _pieces(now)
    found: list[Piece] = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for step, old_start, old_end, new_start, new_end in steps:
        if step == "equal":
            found.append(Piece("same", "".join(old[old_start:old_end])))
            continue
        if old_start < old_end:
            found.append(Piece("removed", "".join(old[old_start:old_end])))
        if new_start < new_end:
            found.append(Piece("added", "".join(new[new_start:new_end])))
    return tuple(found)


def _pieces(text: str) -> list[str]:
    return [" " if piece.isspace() else piece for piece in _PIECE.findall(text.strip())]
