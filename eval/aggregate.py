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
)
from eval.ranking import ranking_scores
from eval.records import AnswerRecord, ReaderRecord, RetrievalRecord, Scored
from eval.results import Measure
from eval.stats import Bootstrap, Estimate

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
    The area under the risk-coverage curve (aurc) is that of all best guesses, given or not;
    to guess where there is no answer is wrong.
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
    guess = _column(records, lambda r: r.confidence if r.scored.best_guess else 0.0)
    guessed_right = _column(records, lambda r: is_right(r.scored.best_guess, r.asked.golds))
    others = {
        "citation_precision": bootstrap.mean(_column(records, _right_share), weights=cited),
        "citation_recall": bootstrap.mean(
            _column(records, lambda r: r.cited_golds / r.gold_articles if r.gold_articles else None)
        ),
        "abstention_precision": bootstrap.mean(
            _column(records, lambda r: None if r.prediction else not r.asked.golds)
        ),
        "abstention_recall": bootstrap.mean(
            _column(records, lambda r: None if r.asked.golds else not r.prediction)
        ),
        "ece": bootstrap.ece(confidence, right),
        "brier": bootstrap.mean((confidence - right) ** 2),
        "aurc": bootstrap.aurc(guess, guessed_right),
    }
    stages = {
        "latency": _column(records, lambda r: r.latency_ms),
        "retrieve": _column(records, lambda r: r.retrieve_ms),
        "read": _column(records, lambda r: r.read_ms),
    }
    for stage, times in stages.items():
        others[f"{stage}_ms_p50"] = bootstrap.percentile(times, 0.5)
        others[f"{stage}_ms_p95"] = bootstrap.percentile(times, 0.95)
    return Summary((*scores.measures, *_there(others)), scores.best_threshold)


def retrieval_summary(records: Sequence[RetrievalRecord], bootstrap: Bootstrap) -> Summary:
    """Whether, how completely and how early the gold articles of answerable questions are found."""
    scores = ranking_scores([record.ranking for record in records])
    return Summary(_there({name: bootstrap.mean(column) for name, column in scores.items()}))


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
        "lenient_match": bootstrap.mean(_column(scored, lambda s: s.lenient_match)),
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
