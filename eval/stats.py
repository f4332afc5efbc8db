"""Error bars: a bootstrap over whole articles or contexts, not over single questions.

Questions about one text share its difficulty, so resampling them one by one
would make every interval too narrow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from eval.calibration import aurc, weighted_aurc
from eval.datasets import Question
from eval.metrics import Floats, ece, equal_count_bins, percentile

RESAMPLES = 2000
SEED = 0
CONFIDENCE = 0.95
MIN_ARTICLES = 20  # with fewer, an interval over articles would say little
_AT_ONCE = 100  # resamples drawn at a time, which bounds the memory

Unit = Literal["article", "context", "question"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured value with the ends of its 95 % interval."""

    value: float
    low: float
    high: float
    n: int  # how many questions (for citation_precision: citations) it was measured on


@dataclass(frozen=True, slots=True)
class Clusters:
    """What is resampled as a whole: each question's cluster, and what the clusters are."""

    unit: Unit
    keys: tuple[str, ...]  # one a question, in the questions' order

    @property
    def count(self) -> int:
        """How many different clusters there are."""
        return len(set(self.keys))

    def first(self, count: int) -> "Clusters":
        """Those of the first questions only."""
        return Clusters(self.unit, self.keys[:count])

    def after(self, count: int) -> "Clusters":
        """Those of the questions after these."""
        return Clusters(self.unit, self.keys[count:])


def clusters_of(questions: Sequence[Question]) -> Clusters:
    """Articles if there are at least 20, else contexts, else any articles, else the questions."""
    articles = tuple(question.article or "" for question in questions)
    if all(articles) and len(set(articles)) >= MIN_ARTICLES:
        return Clusters("article", articles)
    contexts = [question.context for question in questions]
    if all(contexts):
        numbers = {context: str(i) for i, context in enumerate(dict.fromkeys(contexts))}
        return Clusters("context", tuple(numbers[context] for context in contexts))
    if any(articles) and not any(contexts):
        # Those of no article, such as questions without an answer, each stand for themselves.
        named = (a or f"\0{q.id}" for a, q in zip(articles, questions, strict=True))
        return Clusters("article", tuple(named))
    return Clusters("question", tuple(question.id for question in questions))


class Bootstrap:
    """Percentile intervals (Efron 1979) by cluster; the same seed gives the same resamples.

    Each method takes one value a question, in the order of the clusters' keys;
    NaN where a measure says nothing of a question. None comes back where it
    says nothing of any. With fewer than two clusters low and high are the value.
    """

    def __init__(self, clusters: Clusters, *, resamples: int = RESAMPLES, seed: int = SEED) -> None:
        """Number the clusters."""
        numbers = {key: i for i, key in enumerate(dict.fromkeys(clusters.keys))}
        self._cluster = np.array([numbers[key] for key in clusters.keys], dtype=np.int64)
        self._count = len(numbers)
        self._resamples, self._seed = resamples, seed

    def mean(self, values: Floats, *, weights: Floats | None = None) -> Estimate | None:
        """The mean, each value counting as often as its weight says (default: once)."""
        there = ~np.isnan(values)
        weight = np.where(there, np.ones(len(values)) if weights is None else weights, 0.0)
        total = weight.sum()
        if total == 0:
            return None
        sums = self._sums(np.where(there, values, 0.0) * weight)  # (clusters,)
        sizes = self._sums(weight)
        means = [self._ratio(counts @ sums, counts @ sizes) for counts in self._draws()]
        return self._estimate(float(sums.sum() / total), means, int(total), sizes)

    def percentile(self, values: Floats, share: float) -> Estimate | None:
        """The percentile for this share, 0 to 1."""
        there = ~np.isnan(values)
        if not there.any():
            return None
        order = np.argsort(np.where(there, values, np.inf), kind="stable")[: there.sum()]
        ranked, cluster = values[order], self._cluster[order]
        found: list[Floats] = []
        for counts in self._draws():
            reached = np.cumsum(counts[:, cluster], axis=1)  # (resamples, questions)
            total = reached[:, -1:]
            place = (reached < share * total).sum(axis=1)
            empty = total[:, 0] == 0
            found.append(np.where(empty, np.nan, ranked[np.minimum(place, len(ranked) - 1)]))
        value = percentile(values[there], share)
        return self._estimate(value, found, int(there.sum()), self._sums(there.astype(float)))

    def ece(self, confidence: Floats, right: Floats) -> Estimate | None:
        """The expected calibration error; resamples keep the bins of the whole."""
        there = ~np.isnan(confidence)
        if not there.any():
            return None
        bins = equal_count_bins(confidence[there])
        gaps = np.zeros((self._count, int(bins.max()) + 1))  # (clusters, bins)
        np.add.at(gaps, (self._cluster[there], bins), (confidence - right)[there])
        sizes = self._sums(there.astype(float))
        errors = [
            self._ratio(np.abs(counts @ gaps).sum(axis=1), counts @ sizes)
            for counts in self._draws()
        ]
        value = ece(confidence[there], right[there])
        return self._estimate(value, errors, int(there.sum()), sizes)

    def aurc(self, confidence: Floats, right: Floats) -> Estimate | None:
        """The area under the risk-coverage curve of all answers."""
        if not len(confidence):
            return None
        areas = [
            weighted_aurc(confidence, right, counts[:, self._cluster]) for counts in self._draws()
        ]
        value = aurc(confidence, right)
        return self._estimate(value, areas, len(right), self._sums(np.ones(len(right))))

    def _sums(self, values: Floats) -> Floats:
        """Totals of the clusters, shape (clusters,)."""
        sums: Floats = np.zeros(self._count)
        np.add.at(sums, self._cluster, values)
        return sums

    def _draws(self) -> Iterator[Floats]:
        """How often each cluster is in each resample, shape (up to 100, clusters)."""
        random = np.random.default_rng(self._seed)
        even = np.full(self._count, 1 / self._count)
        for done in range(0, self._resamples, _AT_ONCE):
            size = min(_AT_ONCE, self._resamples - done)
            yield random.multinomial(self._count, even, size=size).astype(np.float64)

    @staticmethod
    def _ratio(sums: Floats, sizes: Floats) -> Floats:
        """NaN where a resample drew nothing that the measure speaks of."""
        nothing = np.full_like(sums, np.nan)
        return np.divide(sums, sizes, out=nothing, where=sizes > 0)

    @staticmethod
    def _estimate(value: float, resampled: list[Floats], n: int, sizes: Floats) -> Estimate:
        if np.count_nonzero(sizes) < 2:
            return Estimate(value, value, value, n)
        tail = (1 - CONFIDENCE) / 2
        low, high = np.nanquantile(np.concatenate(resampled), [tail, 1 - tail])
        return Estimate(value, float(low), float(high), n)
