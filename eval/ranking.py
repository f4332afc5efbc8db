"""Ranked results to success, recall, MRR, nDCG and average precision, by ir-measures.

Everything is a fraction from 0 to 1, higher is better.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from eval.metrics import Floats

if TYPE_CHECKING:
    from ir_measures import Measure, Qrel, ScoredDoc

DEPTH = 20  # how far down a ranking is looked at
CUTOFFS = (1, 5, 10, DEPTH)  # of success_at_k and recall_at_k


Counted = Annotated[int, Field(ge=1)]  # held where a ranking is read back from a file


@dataclass(frozen=True, slots=True)
class Found:
    """A relevant article in a ranking."""

    rank: Counted  # from 1
    grade: Counted  # how relevant, from 1


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one search found of what there was to find."""

    found: tuple[Found, ...]
    missed: tuple[Counted, ...]  # grades of the relevant that were not found

    @property
    def relevant(self) -> int:
        """How many articles there were to find."""
        return len(self.found) + len(self.missed)

    @property
    def ranks(self) -> tuple[int, ...]:
        """Of those that were found, from 1."""
        return tuple(found.rank for found in self.found)


def ranking_scores(rankings: Sequence[Ranking]) -> Mapping[str, Floats]:
    """Each measure's value for each ranking, shape (rankings,); NaN with nothing to find.

    success_at_k: 1 if any relevant article is among the first k. recall_at_k:
    the share of them that is. mrr: 1 / the rank of the first (0 if none is).
    ndcg_at_10: discounted gain as a share of the ideal, a grade being its gain
    (Järvelin and Kekäläinen 2002). map_at_20: the mean of the precisions at the
    relevant ones' ranks, those not found counting as 0. All but success and
    recall at 1, 5 and 10 and nDCG look at the first 20.
    """
    import ir_measures  # takes a second, and not every evaluation ranks

    measures = _measures()
    names = {str(measure): name for name, measure in measures.items()}
    scores = {name: np.full(len(rankings), np.nan) for name in measures}
    qrels = [qrel for i, ranking in enumerate(rankings) for qrel in _qrels(str(i), ranking)]
    run = [doc for i, ranking in enumerate(rankings) for doc in _run(str(i), ranking)]
    if not qrels:
        return scores
    for metric in ir_measures.iter_calc(list(measures.values()), qrels, run):
        scores[names[str(metric.measure)]][int(metric.query_id)] = metric.value
    return scores


def _measures() -> dict[str, "Measure"]:
    from ir_measures import AP, RR, R, Success, nDCG

    found: dict[str, Measure] = {f"success_at_{k}": Success @ k for k in CUTOFFS}
    found |= {f"recall_at_{k}": R @ k for k in CUTOFFS}
    return found | {"mrr": RR @ DEPTH, "ndcg_at_10": nDCG @ 10, "map_at_20": AP @ DEPTH}


def _qrels(query: str, ranking: Ranking) -> Iterator["Qrel"]:
    from ir_measures import Qrel

    for found in ranking.found:
        yield Qrel(query, f"at {found.rank}", found.grade)
    for i, grade in enumerate(ranking.missed):
        yield Qrel(query, f"missed {i}", grade)


def _run(query: str, ranking: Ranking) -> Iterator["ScoredDoc"]:
    """One document at each rank down to the last relevant one; no two of one score."""
    from ir_measures import ScoredDoc

    for rank in range(1, max((found.rank for found in ranking.found), default=0) + 1):
        yield ScoredDoc(query, f"at {rank}", -float(rank))
