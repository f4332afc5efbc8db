"""The sentence that words stand in."""

from functools import lru_cache

from index.sentences import sentence_spans
from qa.types import Range


def sentence_around(text: str, start: int, end: int) -> Range:
    """The sentence or sentences that hold text[start:end], in code points of `text`."""
    spans = sentences(text)
    first = max((s for s, _ in spans if s <= start), default=0)
    last = min((e for _, e in spans if e >= max(end, start + 1)), default=len(text))
    return Range(min(first, start), max(last, end))


# Many spans of a few passages are looked at for one question.
@lru_cache(maxsize=64)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of every sentence, in order."""
    return tuple(sentence_spans(text))
