"""Which passages that were not read could still matter, so that the others need not be.

A passage's weight in the search is known before it is read; what the reader can add is
bounded by what it adds to one passage in two thousand. And whatever agrees with an answer
or contradicts it must hold a value of its kind (`qa.speaking`), which is looked for without
the reader; words may stand in any passage on the event. Pure: knows nothing of models,
libraries or files.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from index.types import Hit
from qa.agreement import FAR_BEHIND, LEAST_BEST
from qa.answer import Candidate, Pooled
from qa.asked import asked_by
from qa.confidence import EvidenceWeights, Margins
from qa.items import NEAR_EVIDENCE
from qa.question import asks_when, kind_of
from qa.readings import AnchorOf, reading_of
from qa.same_event import shared_names
from qa.speaking import Speaking
from qa.times_asked import TIME_BONUS
from qa.types import Range, Span

FIRST = 1  # passage: it often holds the answer and all that it depends on
NEXT = 2
# Passages read in search of a better answer, or half of them all if that is more: what none
# of the first passages answers is declined in the end.
MOST_READ = 14
# Of the first so many passages, those that tell of the answer's event are read; where the answer
# is a number or a time they must hold one too.
MOST_OF_EVENT = 6

Readings = Sequence[Sequence[Span] | None]  # of each passage; None: not read


@dataclass(frozen=True)
class Unread:
    """Says which passages of a search to read next."""

    question: str
    hits: Sequence[Hit]
    weights: EvidenceWeights
    margins: Margins
    weigh: Callable[[Readings], list[Pooled]]
    anchor_of: AnchorOf = lambda article_id: None
    text_of: Callable[[str], str] = lambda article_id: ""  # article id -> its text
    # Of the answer at a place, which passages were found not to speak, and whether to differ.
    _silent: dict[tuple[str, Range], set[tuple[int, bool]]] = field(default_factory=dict)

    def next(self, readings: Readings) -> list[int]:
        """The places of the passages to read next, the most promising first; empty: enough."""
        unread = [n for n in self._order if readings[n] is None]
        if len(unread) == len(self.hits):
            return unread[:FIRST]
        answers = self.weigh(readings) if unread else []
        if not answers:
            return unread[:NEXT]
        read = len(self.hits) - len(unread)
        room = min(NEXT, max(0, max(MOST_READ, len(self.hits) // 2) - read))
        return [n for n in unread if self._may_win(n, answers[0])][:room] or [
            *self._speaking(unread, answers[0])
        ]

    def usual_evidence(self, readings: Readings) -> list[float]:
        """What the passages that were not read would usually offer, in logits."""
        return [
            self._known(hit) + self.weights.margin * self.margins.usual
            for hit, spans in zip(self.hits, readings, strict=True)
            if spans is None
        ]

    @cached_property
    def _order(self) -> list[int]:
        """The places of all passages, the most promising first."""
        return sorted(range(len(self.hits)), key=lambda n: -self._known(self.hits[n]))

    @cached_property
    def _most(self) -> dict[int, float]:
        """The most evidence that each passage is thought to have, by its place in the hits."""
        bonus = TIME_BONUS if asks_when(self.question) else 0.0
        return {
            n: self.weights.evidence(self.margins.most_at(place), self.hits[n]) + bonus
            for place, n in enumerate(self._order)
        }

    def _known(self, hit: Hit) -> float:
        """A passage's evidence before it is read."""
        return self.weights.evidence(0.0, hit)

    def _may_win(self, n: int, best: Pooled) -> bool:
        """Whether it may hold a better answer or, of several things, another one."""
        behind = NEAR_EVIDENCE if kind_of(self.question) == "list" else 0.0
        return self._most[n] >= best.evidence - behind

    def _speaking(self, unread: Sequence[int], answer: Pooled) -> Iterator[int]:
        """Those that may agree with this answer, or contradict it."""
        best = answer.best
        asked = replace(asked_by(self.question), text_of=self.text_of)
        reading = reading_of(self.question, best, self.anchor_of)
        speaking = Speaking(self.question, reading, asked, self.anchor_of)
        silent = self._silent.setdefault((best.hit.passage.article_id, best.place), set())
        for n in unread:
            hit = self.hits[n]
            if hit.passage.article_id == best.hit.passage.article_id:
                continue  # an article speaks once
            near = self._most[n] >= best.evidence - FAR_BEHIND and best.margin >= LEAST_BEST
            if (n, near) in silent:
                continue
            of_event = speaking.holds_its_kind(hit) and self._of_one_event(n, best)
            if of_event or speaking.may_speak(hit, differ=near):
                yield n
            else:
                silent.add((n, near))

    def _of_one_event(self, n: int, best: Candidate) -> bool:
        """Whether it is one of the first, in an article that tells of the same as the answer's."""
        if n not in self._order[:MOST_OF_EVENT]:
            return False
        ours, theirs = (self.text_of(h.passage.article_id) for h in (best.hit, self.hits[n]))
        return bool(shared_names(ours, theirs))
