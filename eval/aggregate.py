"""Records to measures with their intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, nan
from typing import TypeVar

import numpy as np

from eval.metrics import (
    Floats,
    best_threshold,
    exact_match,
    f1,
    is_right,
    ndcg_at,
    recall_at,
    reciprocal_rank,
    success_at,
)
from eval.records import AnswerRecord, ReaderRecord, RetrievalRecord, Scored
from eval.results import Measure
from eval.stats import Bootstrap, Estimate

CUTOFFS = (1, 5, 10, 20)  # of success_at_k and recall_at_k
N_BEST = (5, 20)  # of n_best_recall_at_k

T = TypeVar("T")
Score = Callable[[str, Sequence[str]], float]


@dataclass(frozen=True, slots=True)
class Summary:
    """All measures of an evaluation."""

    measures: tuple[Measure, ...]  # without those that none of the questions speaks of
    best_threshold: float | None = None  # at which best_f1 is reached


def reader_summary(records: Sequence[ReaderRecord], bootstrap: Bootstrap) -> Summary:
    """EM and F1, overall, of questions with and without an answer, and at the best threshold.

    Of the questions with an answer also EM and F1 of the best guess, answered or
    not, and how often a gold is among the first n-best spans.
    """
    margins = _column(records, lambda r: -inf if r.margin is None else r.margin)
    golds = [r.asked.golds for r in records]
    scores = _answering([r.scored for r in records], golds, margins, bootstrap)

    def of_answerable(measure: Callable[[ReaderRecord], float]) -> Estimate | None:
        return bootstrap.mean(_column(records, lambda r: measure(r) if r.asked.golds else None))

    guesses = {
        "best_guess_exact_match": of_answerable(
            lambda r: exact_match(r.scored.best_guess, r.asked.golds)
        ),
        "best_guess_f1": of_answerable(lambda r: f1(r.scored.best_guess, r.asked.golds)),
    }
    guesses |= {
        f"n_best_recall_at_{k}": of_answerable(
            lambda r, k=k: float(r.gold_rank is not None and r.gold_rank <= k)  # type: ignore[misc]
        )
        for k in N_BEST
    }
    return Summary((*scores.measures, *_there(guesses)), scores.best_threshold)


def answers_summary(records: Sequence[AnswerRecord], bootstrap: Bootstrap) -> Summary:
    """The reader's measures, and citations, abstention, calibration and latency.

    Calibration is that of the answers given: confidence against being right (F1 >= 0.5).
    """
    scores = _answering(
        [r.scored for r in records],
        [r.asked.golds for r in records],
        _column(records, lambda r: r.confidence),
        bootstrap,
    )
    confidence = _column(records, lambda r: r.confidence if r.prediction else None)
    right = _column(records, lambda r: is_right(r.prediction, r.asked.golds))
    cited = _column(records, lambda r: len(r.citations))
    latency = _column(records, lambda r: r.latency_ms)
    others = {
        "citation_precision": bootstrap.mean(_column(records, _right_share), weights=cited),
        "abstention_precision": bootstrap.mean(
            _column(records, lambda r: None if r.prediction else not r.asked.golds)
        ),
        "abstention_recall": bootstrap.mean(
            _column(records, lambda r: None if r.asked.golds else not r.prediction)
        ),
        "ece": bootstrap.ece(confidence, right),
        "brier": bootstrap.mean((confidence - right) ** 2),
        "latency_ms_p50": bootstrap.percentile(latency, 0.5),
        "latency_ms_p95": bootstrap.percentile(latency, 0.95),
    }
    return Summary((*scores.measures, *_there(others)), scores.best_threshold)


def retrieval_summary(records: Sequence[RetrievalRecord], bootstrap: Bootstrap) -> Summary:
    """Whether, how completely and how early the gold articles of answerable questions are found."""

    def mean(measure: Callable[[RetrievalRecord], float]) -> Estimate | None:
        return bootstrap.mean(_column(records, lambda r: measure(r) if r.relevant else None))

    estimates = {
        f"success_at_{k}": mean(lambda r, k=k: success_at(r.ranks, k))  # type: ignore[misc]
        for k in CUTOFFS
    }
    estimates |= {
        f"recall_at_{k}": mean(lambda r, k=k: recall_at(r.ranks, k, relevant=r.relevant))  # type: ignore[misc]
        for k in CUTOFFS
    }
    estimates["mrr"] = mean(lambda r: reciprocal_rank(r.ranks))
    estimates["ndcg_at_10"] = mean(lambda r: ndcg_at(r.ranks, 10, relevant=r.relevant))
    return Summary(_there(estimates))


def _answering(
    scored: Sequence[Scored],
    golds: Sequence[tuple[str, ...]],
    margins: Floats,
    bootstrap: Bootstrap,
) -> Summary:
    exact = _column(scored, lambda s: s.exact_match)
    overlap = _column(scored, lambda s: s.f1)
    answerable = np.array([bool(accepted) for accepted in golds])
    best_exact, _ = _at_best(scored, golds, margins, exact_match)
    best_overlap, threshold = _at_best(scored, golds, margins, f1)
    estimates = {
        "exact_match": bootstrap.mean(exact),
        "f1": bootstrap.mean(overlap),
        "has_answer_exact_match": bootstrap.mean(np.where(answerable, exact, nan)),
        "has_answer_f1": bootstrap.mean(np.where(answerable, overlap, nan)),
        "no_answer_accuracy": bootstrap.mean(np.where(answerable, nan, exact)),
        "best_exact_match": bootstrap.mean(best_exact),
        "best_f1": bootstrap.mean(best_overlap),
    }
    return Summary(_there(estimates), threshold)


def _at_best(
    scored: Sequence[Scored], golds: Sequence[tuple[str, ...]], margins: Floats, score: Score
) -> tuple[Floats, float]:
    """Each question's score at the threshold where their mean is highest, and that threshold."""
    pairs = list(zip(scored, golds, strict=True))
    answering = np.array([score(s.best_guess, accepted) for s, accepted in pairs])
    refusing = np.array([score("", accepted) for accepted in golds])
    threshold = best_threshold(answering, refusing, margins).threshold
    return np.where(margins >= threshold, answering, refusing), threshold


def _right_share(record: AnswerRecord) -> float | None:
    if not record.citations:
        return None
    return sum(citation.right for citation in record.citations) / len(record.citations)


def _column(records: Sequence[T], value: Callable[[T], float | None]) -> Floats:
    """One value a record; NaN where there is none."""
    values = (value(record) for record in records)
    return np.array([nan if v is None else v for v in values], dtype=np.float64)


def _there(estimates: dict[str, Estimate | None]) -> tuple[Measure, ...]:
    return tuple(Measure(name, found) for name, found in estimates.items() if found)
