"""Where an answer's words begin and end: whole words, brackets in pairs, one sentence.

Pure text: knows nothing of models. A reader scores every pair of tokens; these
rules look at what stands there.
"""

import bisect
import re
from collections.abc import Sequence
from dataclasses import replace

from index.sentences import sentence_spans
from qa.types import Span

CROSSING = 3.0  # logits that an answer over the end of a sentence must be better by

_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"), ("«", "»"), ('"', '"'))
_STRAY = ",;:"
# Letters and digits of scripts that put spaces between words: not Thai, kana, Chinese and such.
_LETTER = re.compile(r"[^\W_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff]")
_DASHES = "-–—"


def worded(passage: str, spans: Sequence[Span]) -> list[Span]:
    """The same spans with sound ends, and less score where they cross the end of a sentence.

    Offsets are code points into the passage. No span becomes empty, and none
    leaves the passage; the order is that of `spans`.
    """
    ends = [end for _, end in sentence_spans(passage)]
    found = []
    for span in spans:
        start, end = sound_ends(passage, span.start, span.end)
        score = span.score - CROSSING if _crosses(ends, start, end) else span.score
        found.append(replace(span, start=start, end=end, score=score))
    return found


def sound_ends(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the words of `text[start:end]` begin and end, or the same place if nothing is left."""
    first, last = _whole_words(text, start, end)
    while True:
        found = _in_pairs(text, *_without_stray_marks(text, first, last))
        if found == (first, last):
            return (first, last) if first < last else (start, end)
        first, last = found


def _crosses(ends: Sequence[int], start: int, end: int) -> bool:
    """Whether a sentence ends inside. A last mark outside a closing quote is no next sentence."""
    return bisect.bisect_right(ends, start) < bisect.bisect_left(ends, end - 1)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while 0 < start < end and _one_word(text[start - 1 : start + 1]):
        start -= 1
    while start < end < len(text) and _one_word(text[end - 1 : end + 1]):
        end += 1
    return start, end


def _one_word(two: str) -> bool:
    """Whether two neighbours belong to one word, in writing that parts words by spaces."""
    return all(_LETTER.match(character) for character in two)


def _without_stray_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Without commas and the like, dashes or white space at its ends; a number keeps its sign."""
    while start < end and _is_stray(text, start, end):
        start += 1
    while start < end and (text[end - 1] in _STRAY + _DASHES or text[end - 1].isspace()):
        end -= 1
    return start, end


def _is_stray(text: str, start: int, end: int) -> bool:
    if text[start] in _DASHES:
        return not text[start + 1 : end][:1].isdigit()
    return text[start] in _STRAY or text[start].isspace()


def _in_pairs(text: str, start: int, end: int) -> tuple[int, int]:
    """With the partner of a bracket or quotation mark that stands next to it, else without it.

    Each step leaves fewer marks without a partner, so repeating it comes to an end.
    """
    for opening, closing in _PAIRS:
        inside = text[start:end]
        unclosed, unopened = _unpaired(inside, opening, closing)
        if unclosed and text[end : end + 1] == closing:
            end += 1
        elif unopened and start and text[start - 1] == opening:
            start -= 1
        elif unclosed and inside.startswith(opening):
            start += 1
        elif unopened and inside.endswith(closing):
            end -= 1
    return start, end


def _unpaired(text: str, opening: str, closing: str) -> tuple[bool, bool]:
    """Whether more are opened than closed, and whether fewer are.

    Of a mark without a direction an odd one may be either; after a digit it
    means inches.
    """
    if opening == closing:
        odd = text.count(opening) % 2 == 1 and not re.search(rf"\d{opening}", text)
        return odd, odd
    more = text.count(opening) - text.count(closing)
    return more > 0, more < 0
