"""Which passages that were not read could still matter, so that the others need not be.

A passage's weight in the search is known before it is read; what the reader can add is
bounded by what it adds to one passage in a thousand. And whatever agrees with an answer
or contradicts it must hold certain words (`qa.agreement`), which are looked for without
the reader. Pure: knows nothing of models, libraries or files.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.types import Hit
from qa.agreement import FAR_BEHIND, LEAST_OTHER
from qa.answer import Pooled
from qa.asked import Asked, asked_by, named_in, sentence_of, stems_of
from qa.confidence import EvidenceWeights, Margins
from qa.numbers import find_numbers
from qa.quantities import Quantity, read_quantity
from qa.question import asks_when, kind_of
from qa.times_asked import TIME_BONUS
from qa.types import Span
from qa.values import OVERLAP, Name, Score, Value, Words, alike, read_value

FIRST = 3  # passages: of most questions they hold the answer and all that it depends on
NEXT = 3

Readings = Sequence[Sequence[Span] | None]  # of each passage; None: not read

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Unread:
    """Says which passages of a search to read next."""

    question: str
    hits: Sequence[Hit]
    weights: EvidenceWeights
    margins: Margins
    weigh: Callable[[Readings], list[Pooled]]
    text_of: Callable[[str], str] = lambda article_id: ""  # article id -> its text

    def next(self, readings: Readings) -> list[int]:
        """The places of the passages to read next, the most promising first; empty: enough."""
        unread = sorted(
            (n for n, spans in enumerate(readings) if spans is None),
            key=lambda n: -self._known(self.hits[n]),
        )
        if kind_of(self.question) == "list":  # any article may name another item
            return unread
        if len(unread) == len(self.hits):
            return unread[:FIRST]
        answers = self.weigh(readings) if unread else []
        if not answers:
            return unread[:NEXT]
        return [n for n in unread if self._may_win(n, answers[0])][:NEXT] or [
            *self._speaking(unread, answers[0])
        ]

    def usual_evidence(self, readings: Readings) -> list[float]:
        """What the passages that were not read would usually offer, in logits."""
        return [
            self._known(hit) + self.weights.margin * self.margins.usual
            for hit, spans in zip(self.hits, readings, strict=True)
            if spans is None
        ]

    def _known(self, hit: Hit) -> float:
        """A passage's evidence before it is read."""
        return self.weights.evidence(0.0, hit)

    def _most(self, n: int) -> float:
        bonus = TIME_BONUS if asks_when(self.question) else 0.0
        return self.weights.evidence(self.margins.most, self.hits[n]) + bonus

    def _may_win(self, n: int, best: Pooled) -> bool:
        return self._most(n) >= best.evidence

    def _speaking(self, unread: Sequence[int], answer: Pooled) -> Iterator[int]:
        """Those that may agree with this answer, or contradict it."""
        best = answer.best
        asked = replace(asked_by(self.question), text_of=self.text_of)
        span, passage = best.span, best.hit.passage
        about = _About.of(
            asked,
            read_value(self.question, passage.text, span.start, span.end),
            passage.text,
            self.text_of(passage.article_id),
            sentence_of(best),
        )
        for n in unread:
            hit = self.hits[n]
            if hit.passage.article_id == passage.article_id:
                continue  # an article speaks once
            near = self._most(n) >= best.evidence - FAR_BEHIND and best.margin >= LEAST_OTHER
            if about.may_agree(hit) or (near and about.may_differ(hit)):
                yield n


@dataclass(frozen=True, slots=True)
class _About:
    """What must stand in a passage that agrees with an answer or contradicts it."""

    asked: Asked
    value: Value
    named: frozenset[str]  # names of the question in the answer's passage
    named_at_all: frozenset[str]  # in its article
    shared: frozenset[str]  # telling words of the question in the answer's sentence

    @classmethod
    def of(cls, asked: Asked, value: Value, passage: str, article: str, sentence: str) -> "_About":
        return cls(
            asked,
            value,
            named_in(passage, asked),
            named_in(f"{article}\n{passage}", asked),
            asked.stems & stems_of(sentence),
        )

    def may_agree(self, hit: Hit) -> bool:
        text = hit.passage.text
        if not _may_hold(self.value, text):
            return False
        if self.named_at_all <= named_in(text, self.asked):
            return True
        article = self.asked.text_of(hit.passage.article_id)
        return self.named_at_all <= named_in(f"{article}\n{text}", self.asked)

    def may_differ(self, hit: Hit) -> bool:
        if isinstance(self.value, Words):  # never differs
            return False
        if not (self.asked.short or isinstance(self.value, Score)):
            return False
        text = hit.passage.text
        stems = stems_of(text)
        if isinstance(self.value, Quantity | Score):
            holds = bool(self.asked.stems & stems) and bool(find_numbers(text))
        else:
            holds = bool(self.asked.stems & stems) and self.shared <= stems
        return holds and self.named <= named_in(text, self.asked)


def _may_hold(value: Value, text: str) -> bool:
    """Whether the same value may stand in a text."""
    if isinstance(value, Quantity):
        read = (read_quantity(text, n.start, n.end) for n in find_numbers(text))
        return any(other and value.relation(other) == "same" for other in read)
    if isinstance(value, Name | Words):
        words = set(_WORD.findall(text.lower()))
        if isinstance(value, Name):
            return any(alike(value.words[-1], word) for word in words)
        return len(value.words & words) >= OVERLAP * len(value.words)
    return True  # a time can be said in too many ways
