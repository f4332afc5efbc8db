"""A quotation in another version of its article: word for word, or its sentence edited.

This is the one place where text is searched for. What is found is a proposal for a reader
who checks a citation, and is never cited itself. Knows nothing of libraries and files.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise, takewhile

from qa.alike import LEAST_ALIKE, alike, letters, overlap, shared, words
from qa.cite import CitationRecord
from qa.sentence import sentence_around, sentences
from qa.types import Range

CONTEXT = 32  # code points before and after a quote that records usually have
_MOST_CONTEXT = 200  # of them that are looked at
LEAST_FIT = 0.5  # share of the surrounding words from which a place is that of the quote
SURE_FIT = 0.8  # the same in a text of which nobody has said that it is the article
_OWN_WORDS = 6  # a quote of so many words is its own surroundings
_SCANT = 12  # letters around a quote in its sentence, below which they tell nothing
_A_SENTENCE = 3  # words from which a sentence that stands again is no accident
_LOOKED_AT = 50  # places of a quote, the likeliest, whose surroundings are compared
_COMPARED = 8  # sentences, the likeliest, that are compared word by word

_LETTER = re.compile(r"\w")


def find_quote(record: CitationRecord, text: str, *, least_fit: float = LEAST_FIT) -> Range | None:
    """The place of the quote, word for word, whose surroundings fit best.

    None where it stands nowhere, or only in other surroundings: a short quote such as
    "17" says little by itself. Of places that fit equally the one nearest to the cited.
    """
    starts = sorted(
        _starts(record, text),
        key=lambda start: (-sum(_agreement(record, text, start)), abs(start - record.start)),
    )
    if not starts:
        return None
    best = max(starts[:_LOOKED_AT], key=lambda start: _fit(record, text, start))
    if _fit(record, text, best) < least_fit and len(words(record.quote)) < _OWN_WORDS:
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
    return bool(_LETTER.match(left[-1:]) and _LETTER.match(right[:1]))


def _agreement(record: CitationRecord, text: str, start: int) -> tuple[int, int]:
    """Code points right before and right after this place that are as around the quote."""
    end = start + len(record.quote)
    before, after = text[max(start - _MOST_CONTEXT, 0) : start], text[end : end + _MOST_CONTEXT]
    return (
        _same_beginning(before[::-1], record.prefix[-_MOST_CONTEXT:][::-1]),
        _same_beginning(after, record.suffix[:_MOST_CONTEXT]),
    )


def _beside(record: CitationRecord, text: str, start: int) -> float:
    """The same as shares of both contexts, their mean; a text's beginning and end count too."""
    before, after = _agreement(record, text, start)
    at_start = before == start == len(record.prefix)
    at_end = after == len(text) - start - len(record.quote) == len(record.suffix)
    shares = (
        1.0 if at_start else before / max(min(len(record.prefix), _MOST_CONTEXT), CONTEXT),
        1.0 if at_end else after / max(min(len(record.suffix), _MOST_CONTEXT), CONTEXT),
    )
    return sum(shares) / 2


def _same_beginning(one: str, other: str) -> int:
    """Code points that both begin with."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


def _fit(record: CitationRecord, text: str, start: int) -> float:
    """How much of what surrounded the quote surrounds this place, 0 to 1.

    Of its sentence the words, of what is right before and after it the characters.
    """
    place = Range(start, start + len(record.quote))
    if stands_whole(record, text, place) and len(words(record.sentence_text)) >= _A_SENTENCE:
        return 1.0
    before, after = _in_sentence(record)
    now = sentence_at(text, place)
    near = (
        (words(before), words(text[now.start : place.start])),
        (words(after), words(text[place.end : now.end])),
    )
    had = sum(letters(was) for was, _ in near)
    kept = sum(letters(shared(was, found)) for was, found in near)
    return max(_beside(record, text, start), kept / had if had >= _SCANT else 0.0)


def stands_whole(record: CitationRecord, text: str, place: Range) -> bool:
    """Whether the whole cited sentence stands around this place of the quote."""
    start = place.start - (record.start - record.sentence.start)
    return start >= 0 and text.startswith(record.sentence_text, start)


def was_edited(record: CitationRecord, text: str, place: Range, edited: Range) -> bool:
    """Whether `edited` is what became of the quotation, rather than the quote at this place.

    A short quote may stand twice in its sentence, or in a sentence much like its own.
    """
    if stands_whole(record, text, place) or len(words(record.quote)) >= _OWN_WORDS:
        return False
    now = sentence_at(text, place)
    if edited.start <= place.start and place.end <= edited.end:
        return not _kept_place(record, text, place, now)
    cited = record.sentence_text
    return alike(cited, _of(text, edited)) > alike(cited, _of(text, now))


def _kept_place(record: CitationRecord, text: str, place: Range, now: Range) -> bool:
    """Whether the quote's first word is the same one when both sentences are laid side by side."""
    at = record.start - record.sentence.start
    was, new = record.sentence_text, _of(text, now)
    first, found = len(words(was[:at])), len(words(new[: place.start - now.start]))
    blocks = SequenceMatcher(None, words(was), words(new), autojunk=False).get_matching_blocks()
    beside = [block for block in blocks if block.a <= first < block.a + block.size]
    return not words(record.quote) or any(first - b.a == found - b.b for b in beside)


def _in_sentence(record: CitationRecord) -> tuple[str, str]:
    """The cited sentence before and after the quote; nothing where the record is in two minds."""
    at = record.start - record.sentence.start
    end = at + len(record.quote)
    sentence = record.sentence_text
    return (sentence[:at], sentence[end:]) if sentence[at:end] == record.quote else ("", "")


def find_edited(record: CitationRecord, text: str, *, cited: str | None = None) -> Range | None:
    """The passage that clearly is the cited sentence edited, the most alike first.

    One sentence, or two that it was split into. cited: the text that was cited from, where
    it is known; what stood there already is another sentence, however alike.
    """
    was = words(record.sentence_text)
    found = list(_candidates(text, cited, record.sentence_text))
    likely = sorted(found, key=lambda each: -overlap(was, words(_of(text, each))))[:_COMPARED]
    compared = [(alike(record.sentence_text, _of(text, each)), each) for each in likely]
    most, best = max(compared, key=lambda pair: pair[0], default=(0.0, None))
    return best if most >= LEAST_ALIKE else None


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


def sentence_at(text: str, place: Range) -> Range:
    """The sentence or sentences that hold this place."""
    return sentence_around(text, place.start, place.end)
