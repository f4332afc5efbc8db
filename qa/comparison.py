"""Whether another article answers the question too, and says the same or something else.

Two articles on one event mostly answer one question both. What the reader marks in the second
may be of another thing all the same: of last year's flood, of the hurt and not of the dead. Two
small logistic models tell: one how likely two places answer the question and agree, one how
likely they answer it and contradict each other. Both are fitted by `python -m qa.fit_comparison`
on invented events that several outlets tell, and lie as JSON beside the reader's weights.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

from index.types import Hit
from qa.answer import Candidate, Pooled
from qa.asked import Asked, sentence_of
from qa.errors import ReaderError
from qa.moments import Relation
from qa.numbers import find_numbers
from qa.quantities import Quantity, read_quantity, says
from qa.reader import SHIPPED
from qa.readings import (
    AnchorOf,
    Reading,
    may_count_the_same,
    reading_of,
    related,
    same_state,
)
from qa.same_event import Likeness, date_places, shared_names
from qa.types import Span
from qa.units import with_unit
from qa.values import Name
from qa.values import relation as relation_of

FILE_NAME = "comparison.json"
LOGITS = 10.0  # more, either way, is as good as that
UNOFFERED = -20.0  # logits behind the answer, where the reader offered nothing
MANY_NAMES = 20  # more are as many


@dataclass(frozen=True, slots=True)
class Features:
    """What tells whether a place in another article answers the question as the answer does."""

    offered: bool  # by the reader; else it is a number that the reader passed over
    behind: float  # its evidence less the answer's, in logits
    lead: float  # its margin less the best other one's in its article, in logits
    surest: float  # the answer's own margin
    times: float  # logarithm of how many times apart two amounts are
    amount: bool
    told: bool  # the answer's article gives this amount too, so that it is one of something else
    state: bool  # both count those of one state, as far as is said
    names: float  # logarithm of how many both articles name, and one
    question: float = 0.0  # cosine of its sentence with the question
    sentence: float = 0.0  # cosine of its sentence with the answer's


FEATURES = tuple(field.name for field in fields(Features))


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model of `Features`."""

    intercept: float
    weights: tuple[float, ...]  # in the order of FEATURES
    least: float  # probability from which on it is taken to be so

    def __post_init__(self) -> None:
        """Raise ValueError where weights are missing or too many."""
        if len(self.weights) != len(FEATURES):
            raise ValueError(f"it has {len(self.weights)} weights for {', '.join(FEATURES)}")

    def probability(self, features: Features) -> float:
        """How likely it is so, 0 to 1."""
        logit = self.intercept + sum(
            weight * value for weight, value in zip(self.weights, astuple(features), strict=True)
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclass(frozen=True, slots=True)
class Comparison:
    """The fitted models of one reader."""

    same: Logistic
    differs: Logistic

    def sureness(self, relation: Relation, features: Features) -> float:
        """How far above its least probability, as a ratio: from 1 on it counts."""
        if relation == "unrelated":
            return 0.0
        model = self.same if relation == "same" else self.differs
        return model.probability(features) / model.least

    def save(self, folder: Path) -> None:
        """Write `comparison.json` into the reader's folder."""
        models = {
            name: {
                "intercept": model.intercept,
                "weights": dict(zip(FEATURES, model.weights, strict=True)),
                "least": model.least,
            }
            for name, model in (("same", self.same), ("differs", self.differs))
        }
        (folder / FILE_NAME).write_text(json.dumps(models, indent=2) + "\n")


def load_comparison(folder: str | Path | None = None) -> Comparison:
    """The comparison beside a reader's weights; where it has none, the shipped reader's.

    Raises ReaderError if the file is not of the form that `save` writes.
    """
    path = Path(folder or SHIPPED) / FILE_NAME
    if not path.is_file():
        path = SHIPPED / FILE_NAME
    try:
        models = json.loads(path.read_text())
        return Comparison(_logistic(models["same"]), _logistic(models["differs"]))
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise ReaderError(
            f"{path}: not a comparison ({exc}): make it with 'python -m qa.fit_comparison'"
        ) from exc


def _logistic(values: Mapping[str, Any]) -> Logistic:
    weights = tuple(float(values["weights"][name]) for name in FEATURES)
    return Logistic(float(values["intercept"]), weights, float(values["least"]))


@dataclass(frozen=True)
class Comparing:
    """One answer, and what other articles might say beside it."""

    question: str
    best: Reading
    asked: Asked
    likeness: Likeness
    anchor_of: AnchorOf

    def answer_of(
        self, comparison: Comparison, answers: Sequence[Pooled], hits: Sequence[Hit]
    ) -> Reading | None:
        """What one article says to the question, if that is sure enough.

        answers and hits: what the reader offers, and the passages; those of the article count.
        """
        places = self.places(answers, hits)
        chosen, surest = None, 1.0
        for reading, relation in places:
            features = self._features(reading, [other for other, _ in places])
            # Embedding a sentence takes longer than all else here.
            most = max(
                comparison.sureness(relation, replace(features, question=like, sentence=like))
                for like in (0.0, 1.0)
            )
            if most < surest:
                continue
            sureness = comparison.sureness(relation, self.liken(reading, features))
            if sureness > surest or (chosen is None and sureness >= surest):
                chosen, surest = reading, sureness
        return chosen

    def places(
        self, answers: Sequence[Pooled], hits: Sequence[Hit]
    ) -> list[tuple[Reading, Relation]]:
        """What might be an article's answer, and how it stands to the best one.

        That is what the reader offered in these hits, and numbers that it passed over.
        """
        found: list[Reading] = []
        for hit in hits:
            offered = [c for a in answers for c in a.candidates if c.hit == hit]
            found += (reading_of(self.question, each, self.anchor_of) for each in offered)
            found += self._passed_over(hit, [candidate.span for candidate in offered])
        return [(reading, self._related(reading)) for reading in found]

    def compared(
        self, answers: Sequence[Pooled], hits: Sequence[Hit]
    ) -> Iterator[tuple[Reading, Relation, Features]]:
        """The same with all that tells whether it answers the question too."""
        places = self.places(answers, hits)
        for reading, relation in places:
            if relation != "unrelated":
                features = self._features(reading, [other for other, _ in places])
                yield reading, relation, self.liken(reading, features)

    def liken(self, reading: Reading, features: Features) -> Features:
        """The same features with the cosines of the reading's sentence."""
        texts = self.question, sentence_of(self.best.candidate)
        question, sentence = self.likeness(sentence_of(reading.candidate), texts)
        return replace(features, question=question, sentence=sentence)

    @property
    def _own_text(self) -> str:
        return self.asked.text_of(self.best.article)

    def _related(self, reading: Reading) -> Relation:
        if related(self.best, reading) == "same":
            return "same"
        # Explanations may differ without a conflict, and many persons stand in an article.
        ours, theirs = self.best.value, reading.value
        differs = (
            self.asked.short
            and not isinstance(theirs, Name)
            and relation_of(ours, theirs) == "differs"
            and may_count_the_same(ours, theirs, self.asked)
        )
        return "differs" if differs else "unrelated"

    def _features(self, reading: Reading, all_of_article: Sequence[Reading]) -> Features:
        """All that needs no embedding."""
        margins = [r.candidate.margin for r in all_of_article if r is not reading]
        ours, theirs = self.best.value, reading.value
        times = None
        if isinstance(ours, Quantity) and isinstance(theirs, Quantity):
            times = ours.times(theirs)
        names = shared_names(self._own_text, self.asked.text_of(reading.article))
        margin = _within(reading.candidate.margin)
        return Features(
            offered=reading.candidate.margin > -math.inf,
            behind=max(UNOFFERED, reading.candidate.evidence - self.best.candidate.evidence),
            lead=_within(margin - _within(max(margins, default=-math.inf))),
            surest=_within(self.best.candidate.margin),
            times=math.log(times) if times else 0.0,
            amount=isinstance(theirs, Quantity),
            told=isinstance(theirs, Quantity) and says(self._own_text, theirs),
            state=same_state(self.best, reading, self.asked),
            names=math.log1p(min(MANY_NAMES, len(names))),
        )

    def _passed_over(self, hit: Hit, offered: Sequence[Span]) -> Iterator[Reading]:
        """Numbers of the answer's kind in a passage where the reader offered nothing."""
        ours = self.best.value
        if not isinstance(ours, Quantity):
            return
        text = hit.passage.text
        dates = date_places(text)
        for number in find_numbers(text):
            start, end = with_unit(text, number.start, number.end)
            if number.start in dates or any(s.start < end and start < s.end for s in offered):
                continue
            value = read_quantity(text, number.start, number.end)
            if value and value.dimension == ours.dimension:
                place = Candidate(hit, Span(start, end, -math.inf, 0.0), -math.inf)
                yield Reading(place, value)


def _within(logits: float) -> float:
    return max(-LOGITS, min(LOGITS, logits))
