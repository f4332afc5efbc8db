"""Whether another article answers the question too, and says the same or something else.

Two articles on one event mostly answer one question both. What the reader marks in the second
may be of another thing all the same: of last year's flood, of the hurt and not of the dead. Two
small logistic models tell: one how likely two places answer the question and agree, one how
likely they answer it and contradict each other. Both are fitted by `python -m qa.fit_comparison`
on invented events that several outlets tell, and lie as JSON beside the reader's weights. Among
what they weigh is what a model says that reads both answers with their sentences
(`qa.answer_pairs`); where values cannot tell, as of causes and deeds, each place is tried as
agreeing and as differing. What that model clearly denies is left out, whatever values tell.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from index.types import Hit
from qa.answer import Candidate, Pooled
from qa.answer_pairs import APART, Judged, JudgesPairs, PairModel, Said, said
from qa.asked import Asked
from qa.errors import ReaderError
from qa.moments import Relation
from qa.numbers import find_numbers
from qa.quantities import Quantity, read_quantity, says
from qa.question import asks_when
from qa.reader import SHIPPED
from qa.readings import (
    AnchorOf,
    Reading,
    may_count_the_same,
    reading_of,
    related,
    same_state,
)
from qa.same_event import date_places, shared_names
from qa.types import Span
from qa.units import with_unit
from qa.values import Name, Words
from qa.values import relation as relation_of

FILE_NAME = "comparison.json"
LOGITS = 10.0  # more, either way, is as good as that
UNOFFERED = -20.0  # logits behind the answer, where the reader offered nothing
MANY_NAMES = 20  # more are as many
MOST_OF_ARTICLE = 3  # places that are read beside the answer, those of values and of words each
# Logits below which nothing is left of what values tell. Of 176 conflicts on the events that this
# is fitted on 19 had less, none right; of 446 agreements on amounts and times 14, one right; of
# 40 on words, which need only share most of them, 11, two right.
LEAST_CONFLICT = -1.5
LEAST_AGREE = -2.0
LEAST_AGREE_WORDS = 1.0
MOST_READ = 16  # in all articles, those first that share most names with the answer's


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
    worded: bool  # their values do not tell how they stand to each other, their words may
    agree: float = 0.0  # logits that both answers agree, in whatever words
    conflict: float = 0.0  # logits that they contradict each other


FEATURES = tuple(each.name for each in fields(Features))
NOTHING = Said("", "")
MODELS = ("same", "differs", "same_worded", "differs_worded")  # in the order of `Comparison`


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

    same: Logistic  # two places that answer the question agree, as values tell
    differs: Logistic  # or differ
    same_worded: Logistic  # the same where words alone tell
    differs_worded: Logistic
    pairs: JudgesPairs = field(default_factory=PairModel, compare=False)

    def warm_up(self) -> None:
        """Load the model of answer pairs now instead of at the first answer."""
        self.pairs.judge("?", NOTHING, [NOTHING])

    def sureness(self, relation: Relation, features: Features) -> float:
        """How far above its least probability, as a ratio: from 1 on it counts."""
        if relation == "unrelated":
            return 0.0
        model = self._model(relation, worded=features.worded)
        return model.probability(features) / model.least

    def _model(self, relation: Relation, *, worded: bool) -> Logistic:
        if worded:
            return self.same_worded if relation == "same" else self.differs_worded
        return self.same if relation == "same" else self.differs

    def save(self, folder: Path) -> None:
        """Write `comparison.json` into the reader's folder."""
        models = {}
        for name in MODELS:
            model: Logistic = getattr(self, name)
            weights = dict(zip(FEATURES, model.weights, strict=True))
            models[name] = {
                "intercept": model.intercept,
                "weights": weights,
                "least": model.least,
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
        same, differs, same_worded, differs_worded = (_logistic(models[name]) for name in MODELS)
        return Comparison(same, differs, same_worded, differs_worded)
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise ReaderError(
            f"{path}: not a comparison ({exc}): make it with 'python -m qa.fit_comparison'"
        ) from exc


def _logistic(values: Mapping[str, Any]) -> Logistic:
    weights = tuple(float(values["weights"][name]) for name in FEATURES)
    return Logistic(float(values["intercept"]), weights, float(values["least"]))


@dataclass(frozen=True, slots=True)
class Beside:
    """A place in another article that may answer the question too."""

    reading: Reading
    relation: Relation  # to the answer, by values or else by words
    features: Features


@dataclass(frozen=True)
class Comparing:
    """One answer, and what other articles might say beside it."""

    question: str
    best: Reading
    asked: Asked
    anchor_of: AnchorOf

    def answers_beside(
        self, comparison: Comparison, answers: Sequence[Pooled], articles: Iterable[Sequence[Hit]]
    ) -> Iterator[Reading]:
        """What each article says to the question, if that is sure enough.

        answers: what the reader offers. articles: the passages of each that were found.
        """
        surest: dict[str, tuple[float, Beside]] = {}
        for beside in self.compared(comparison.pairs, answers, articles):
            sureness = comparison.sureness(beside.relation, beside.features)
            article = beside.reading.article
            if sureness >= 1.0 and (article not in surest or sureness > surest[article][0]):
                surest[article] = (sureness, beside)
        for _, beside in surest.values():
            yield replace(beside.reading, beside=beside.relation)

    def not_denied(self, pairs: JudgesPairs, readings: Sequence[Reading]) -> list[Reading]:
        """Those of which the model that reads both answers does not clearly say otherwise.

        Without an engine it reads nothing, and denies nothing.
        """
        judged = pairs.judge(self.question, _said(self.best), [_said(each) for each in readings])
        return [
            reading
            for reading, both in zip(readings, judged, strict=True)
            if both is APART or not self._denied(reading, both)
        ]

    def _denied(self, reading: Reading, both: Judged) -> bool:
        relation = related(self.best, reading)
        if relation == "differs":
            return both.conflict < LEAST_CONFLICT
        worded = isinstance(self.best.value, Words) or isinstance(reading.value, Words)
        least = LEAST_AGREE_WORDS if worded else LEAST_AGREE
        return relation == "same" and both.agree < least

    def compared(
        self, pairs: JudgesPairs, answers: Sequence[Pooled], articles: Iterable[Sequence[Hit]]
    ) -> list[Beside]:
        """Places that might be an article's answer, with all that tells whether they are.

        Where words tell how one stands to the answer, it is there once as agreeing and once
        as differing.
        """
        found = [each for hits in articles for each in self._of_article(answers, hits)]
        found.sort(key=lambda each: (-each.features.names, -each.reading.candidate.margin))
        found = found[:MOST_READ]
        theirs = [_said(each.reading) for each in found]
        judged = pairs.judge(self.question, _said(self.best), theirs)
        return [it for each, both in zip(found, judged, strict=True) for it in _judged(each, both)]

    def _of_article(self, answers: Sequence[Pooled], hits: Sequence[Hit]) -> list[Beside]:
        """The strongest places of one article, of values and of words."""
        places: list[Reading] = []
        for hit in hits:
            offered = [c for a in answers for c in a.candidates if c.hit == hit]
            places += (reading_of(self.question, each, self.anchor_of) for each in offered)
            places += self._passed_over(hit, [candidate.span for candidate in offered])
        places.sort(key=lambda reading: -reading.candidate.margin)
        related = [(reading, self._related(reading)) for reading in places]
        valued = [
            Beside(reading, relation, self._features(reading, places, worded=False))
            for reading, relation in related
            if relation != "unrelated"
        ]
        worded = [
            Beside(reading, relation, self._features(reading, places, worded=True))
            for reading, relation in related
            if relation == "unrelated" and self._has_words(reading)
        ]
        return [*valued[:MOST_OF_ARTICLE], *worded[:MOST_OF_ARTICLE]]

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

    def _has_words(self, reading: Reading) -> bool:
        """Whether words may tell: of two amounts and of times only values do."""
        amounts = isinstance(self.best.value, Quantity) and isinstance(reading.value, Quantity)
        return not amounts and not asks_when(self.question)

    def _features(
        self, reading: Reading, all_of_article: Sequence[Reading], *, worded: bool
    ) -> Features:
        """All that needs no reading of both."""
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
            worded=worded,
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


def _said(reading: Reading) -> Said:
    place = reading.cited
    return said(place.hit.passage.text, place.span.start, place.span.end)


def _judged(beside: Beside, both: Judged) -> list[Beside]:
    features = replace(beside.features, agree=_within(both.agree), conflict=_within(both.conflict))
    relations: tuple[Relation, ...] = ("same", "differs") if features.worded else (beside.relation,)
    return [Beside(beside.reading, relation, features) for relation in relations]


def _within(logits: float) -> float:
    return max(-LOGITS, min(LOGITS, logits))
