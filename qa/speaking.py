"""Whether a passage that was not read could agree with an answer or contradict it.

It could where the value, or another one of its kind, stands in it, and would count
(`qa.agreement`) if the reader found it there. Numbers and times are looked for one by one;
of names and other words only whether they stand there at all. Pure, as `qa.agreement`.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from index.types import Hit
from qa.agreement import rivals, supports
from qa.answer import Candidate
from qa.asked import Asked, named_in, sentence_of, stems_of
from qa.dates import find_dates
from qa.moments import Moment, find_moments
from qa.numbers import find_numbers
from qa.quantities import Quantity
from qa.readings import AnchorOf, Reading, reading_of
from qa.sentence import sentences
from qa.types import Range, Span
from qa.values import OVERLAP, Name, Score, Words, alike, plain

_WORD = re.compile(r"[^\W_]+")
_SURE = Span(0, 0, math.inf, 0.0)  # as the reader would offer it at the most


@dataclass(frozen=True)
class Speaking:
    """What an answer's value asks of a passage that agrees with it or contradicts it."""

    question: str
    best: Reading
    asked: Asked
    anchor_of: AnchorOf

    def may_speak(self, hit: Hit, *, differ: bool) -> bool:
        """Whether this passage may agree or, where `differ`, contradict."""
        if self._may_say_the_words(hit) or (differ and self._may_name_another(hit)):
            return True
        for place in self._places(hit.passage.text):
            other = self._reading(hit, place)
            if supports(self.best, other, [other], self.asked):
                return True
            if differ and rivals(self.best, other, self.asked):
                return True
        return False

    def holds_its_kind(self, hit: Hit) -> bool:
        """Whether a number or time stands there, where the answer is one; words stand anywhere."""
        worded = isinstance(self.best.value, Name | Words) and not self.best.when
        return worded or any(True for _ in self._places(hit.passage.text))

    def _reading(self, hit: Hit, place: Range) -> Reading:
        span = Span(place.start, place.end, _SURE.score, _SURE.null_score)
        return reading_of(self.question, Candidate(hit, span, math.inf), self.anchor_of)

    def _places(self, text: str) -> Iterator[Range]:
        """Where a value of the answer's kind stands."""
        value = self.best.value
        if isinstance(value, Quantity | Score):
            yield from (Range(number.start, number.end) for number in find_numbers(text))
        if isinstance(value, Moment):
            yield from find_moments(text)
        if self.best.when:
            yield from (Range(date.start, date.end) for date in find_dates(text))

    def _may_say_the_words(self, hit: Hit) -> bool:
        value = self.best.value
        if not isinstance(value, Name | Words):
            return False
        found = _WORD.findall(plain(hit.passage.text))
        if isinstance(value, Name):
            # In other words than a name's it stands in small letters, and whole.
            capital = {word.lower() for word in found if not word[0].islower()}
            parts = value.words[-1:] if value.person else value.words
            held = any(alike(part, word) for part in parts for word in capital)
            held = held or value.words[-1] in {word.lower() for word in found}
        else:
            words = {word.lower() for word in found}
            held = len(value.words & words) >= OVERLAP * len(value.words)
        return held and self._names_as_much(hit)

    def _names_as_much(self, hit: Hit) -> bool:
        """Whether it names what of the question the answer's article names."""
        text = hit.passage.text
        if self._named_at_all <= named_in(text, self.asked):
            return True
        article = self.asked.text_of(hit.passage.article_id)
        return self._named_at_all <= named_in(article + text, self.asked)

    def _may_name_another(self, hit: Hit) -> bool:
        """Whether another name may stand in a sentence that takes up the question as its own."""
        if not (self.asked.short and isinstance(self.best.value, Name)):
            return False
        text = hit.passage.text
        if not (self._shared <= stems_of(text) and self._named <= named_in(text, self.asked)):
            return False
        stems = (self.asked.stems & stems_of(text[start:end]) for start, end in sentences(text))
        return any(theirs and self._shared <= theirs for theirs in stems)

    @cached_property
    def _shared(self) -> frozenset[str]:
        """Telling words of the question in the answer's sentence."""
        return self.asked.stems & stems_of(sentence_of(self.best.candidate))

    @cached_property
    def _named(self) -> frozenset[str]:
        """Names of the question in the answer's passage."""
        return named_in(self.best.candidate.hit.passage.text, self.asked)

    @cached_property
    def _named_at_all(self) -> frozenset[str]:
        """Names of the question in the answer's article."""
        passage = self.best.candidate.hit.passage
        return named_in(self.asked.text_of(passage.article_id) + passage.text, self.asked)
