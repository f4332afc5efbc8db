"""From what was read to an answer, or to the reason why there is none."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from index.library import Library
from index.search import Hits
from index.types import Hit
from qa.agreement import agreement_of, weigh_claims
from qa.answer import Pooled, evidence_for
from qa.beyond import asks_beyond_quoting
from qa.citing import Citing
from qa.comparison import Comparison
from qa.confidence import Calibration
from qa.dates import Anchor
from qa.items import items_of
from qa.question import kind_of
from qa.same_event import Likeness, all_alike
from qa.types import Answer, Reason
from qa.unread import Readings, Unread
from qa.weighing import weigh

MAX_ALTERNATIVES = 3


@dataclass(frozen=True)
class Deciding:
    """What one question's readings are weighed with."""

    question: str
    found: Hits
    hits: Sequence[Hit]  # of those found, the ones that may be read
    library: Library
    citing: Citing
    calibration: Calibration
    precision: float | None = None  # None: the fitted threshold
    likeness: Likeness = all_alike
    comparison: Comparison | None = None

    @cached_property
    def threshold(self) -> float:
        """The confidence from which on it is answered."""
        if self.precision is None:
            return self.calibration.answer_threshold
        return self.calibration.threshold_for(self.precision)

    @cached_property
    def unread(self) -> Unread | None:
        """What says which of the passages to read; None where it is not known what any offers."""
        margins = self.calibration.margins
        if margins is None:
            return None
        return Unread(
            self.question,
            self.hits,
            self.calibration.evidence,
            margins,
            weigh=self.weigh,
            anchor_of=self.anchor_of,
            text_of=self.text_of,
        )

    def weigh(self, readings: Readings) -> list[Pooled]:
        """All answers that the passages read might give, the strongest first."""
        read = [(hit, spans) for hit, spans in zip(self.hits, readings, strict=False) if spans]
        hits = [hit for hit, _ in read]
        voices = self.library.voices_of([hit.passage.article_id for hit in hits])
        weights = self.calibration.evidence
        spans = [spans for _, spans in read]
        return weigh(self.question, hits, spans, weights, voice_of=voices.__getitem__)

    def answer(self, readings: Readings) -> Answer:
        """The first answer if it is sure enough, else why there is none.

        readings: of each passage that may be read, None where it was not; or none at all.
        """
        answers = self.weigh(readings)
        if not answers:
            return self._unanswered()
        claims = weigh_claims(
            self.question,
            answers,
            hits=self.hits,
            likeness=self.likeness,
            voice_of=self.library.voice_of,
            anchor_of=self.anchor_of,
            text_of=self.text_of,
            comparison=self.comparison,
        )
        told_of = [claim.candidates for claim in claims]
        unread = self.unread.usual_evidence(readings) if self.unread else ()
        evidence = evidence_for(answers, claims=told_of, unread=unread)
        confidence = self.calibration.confidence(evidence)
        items = items_of(self.question, answers)
        told = {candidate for claim in claims for candidate in claim.candidates}
        told |= {place.candidate for places in items for place in places}
        # Rivals share what the best answer's confidence leaves over, none surer than it;
        # a reading that is worse than no answer is none.
        rivals = [o for o in answers[1:] if o.best.margin >= 0 and o.best not in told]
        others = tuple(
            self.citing.alternative(other, min(confidence, (1 - confidence) * share))
            for other, share in _shares(rivals[:MAX_ALTERNATIVES])
        )
        if confidence < self.threshold:
            rejected = self.citing.alternative(answers[0], confidence)
            return replace(
                self._unanswered(),
                confidence=confidence,
                alternatives=others,
                best_rejected=rejected,
            )
        own = next(n for n, claim in enumerate(claims) if answers[0].best in claim.candidates)
        agreement = agreement_of(claims, self.citing.span, first=own)
        citations = agreement.claims[own].citations
        return Answer(
            self.question,
            self.question,
            answered=True,
            answer=citations[0].quote,
            confidence=confidence,
            kind=kind_of(self.question),
            citations=citations,
            items=self.citing.items(items, citations),
            alternatives=others,
            agreement=agreement,
        )

    def _unanswered(self) -> Answer:
        return Answer(
            self.question,
            self.question,
            answered=False,
            answer="",
            confidence=0.0,
            kind=kind_of(self.question),
            reason=self._reason(),
            nearest=self.citing.nearest(self.found),
        )

    def _reason(self) -> Reason:
        if asks_beyond_quoting(self.question):
            return "not_extractive"
        if self.found.filtered_out:
            return "filtered_out"
        if not self.found.hits:
            return "nothing_near"
        near = max(hit.dense or 0.0 for hit in self.found.hits)
        return "subject_only" if near >= self.calibration.near_cosine else "nothing_near"

    def anchor_of(self, article_id: str) -> Anchor | None:
        """The day from which the article's "last week" is counted."""
        return Anchor.of(self.citing.article(article_id).published)

    def text_of(self, article_id: str) -> str:
        """The article's text."""
        return self.citing.article(article_id).text


def _shares(answers: Sequence[Pooled]) -> list[tuple[Pooled, float]]:
    """Each answer with its share of their evidence; the shares add up to less than 1."""
    weights = [math.exp(answer.evidence - answers[0].evidence) for answer in answers]
    return [(a, w / (1 + sum(weights))) for a, w in zip(answers, weights, strict=True)]
