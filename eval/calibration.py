"""Whether confidence holds: what being wrong costs at each coverage, and stated against true.

Right and wrong are 1.0 and 0.0; confidences are probabilities from 0 to 1.
"""

from dataclasses import dataclass

import numpy as np

from eval.metrics import Floats, equal_count_bins


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """What share of the answers is wrong if only so many are given, the surest ones."""

    coverage: float  # share of all questions that is answered
    risk: float  # share of those that is answered wrongly
    confidence: float  # of the least sure one given


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Answers of like confidence."""

    confidence: float  # mean
    accuracy: float  # share that is right
    n: int


def risk_coverage(confidence: Floats, right: Floats) -> tuple[RiskPoint, ...]:
    """The curve from the surest answer alone to all of them (El-Yaniv and Wiener 2010).

    One point for each different confidence: answers of the same one are given
    together or not at all.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    wrong = np.cumsum(1 - right[order])
    if not len(ranked):
        return ()
    last = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))  # of each equal run
    return tuple(
        RiskPoint((i + 1) / len(ranked), float(wrong[i] / (i + 1)), float(ranked[i])) for i in last
    )


def aurc(confidence: Floats, right: Floats) -> float:
    """Area under the risk-coverage curve, lower is better (Geifman and El-Yaniv 2017).

    The mean over k of the risk of the k surest answers; answers of one
    confidence are each as wrong as they are on average.
    Raises ValueError without answers.
    """
    if not len(confidence):
        raise ValueError("no answers to rank")
    return float(weighted_aurc(confidence, right, np.ones((1, len(confidence))))[0])


def weighted_aurc(confidence: Floats, right: Floats, weights: Floats) -> Floats:
    """The same for each row of weights: how often each answer is there.

    weights: shape (rows, answers), counts. NaN for a row without answers.
    """
    order = np.argsort(-confidence, kind="stable")
    counts = weights[:, order]  # (rows, answers)
    wrong = counts * (1 - right[order])
    ranked = confidence[order]
    first = np.flatnonzero(np.insert(ranked[1:] != ranked[:-1], 0, True))  # of each equal run
    sizes = np.add.reduceat(counts, first, axis=1)  # (rows, runs)
    wrongs = np.add.reduceat(wrong, first, axis=1)
    before, wrong_before = np.cumsum(sizes, axis=1) - sizes, np.cumsum(wrongs, axis=1) - wrongs
    share = np.divide(wrongs, sizes, out=np.zeros_like(wrongs), where=sizes > 0)
    # The sum over the k in a run of (wrong before + share * (k - before)) / k.
    total = int(counts.sum(axis=1).max(initial=0))
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, total + 1))])
    ends = (before + sizes).astype(int)
    inverse = harmonic[ends] - harmonic[before.astype(int)]
    area = (wrong_before - share * before) * inverse + share * sizes
    answers = counts.sum(axis=1)
    nothing = np.full(len(answers), np.nan)
    mean: Floats = np.divide(area.sum(axis=1), answers, out=nothing, where=answers > 0)
    return mean


def reliability(confidence: Floats, right: Floats, *, bins: int = 15) -> tuple[ReliabilityBin, ...]:
    """Stated against true: bins of as many answers each, the least sure first."""
    places = equal_count_bins(confidence, bins=bins)
    return tuple(
        ReliabilityBin(
            float(confidence[places == place].mean()),
            float(right[places == place].mean()),
            int((places == place).sum()),
        )
        for place in np.unique(places)
    )
