"""Answered questions to the numbers of a calibration: weights, confidence, thresholds.

Pure: knows nothing of files, models or where the questions come from.
"""

import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]
from sklearn.isotonic import IsotonicRegression  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from index.types import Hit
from qa.answer import Candidate, Pooled, evidence_for, rank_candidates
from qa.confidence import Calibration, EvidenceWeights, Margins
from qa.errors import DatasetError
from qa.spans import Floats
from qa.squad import f1
from qa.types import Span
from qa.weighing import weigh

log = logging.getLogger("footnote.calibrate")

Ints = npt.NDArray[np.int64]
MOST = 0.9995  # share of the passages of a place that offer no more than `Margins.most`
BANDS = (0, 1, 3, 6, 10)  # places, the most promising passage's being 0, that are taken together
RIGHT = 0.5  # token F1 from which an answer counts as right


@dataclass(frozen=True, slots=True)
class Read:
    """A question with everything that the passages offered for it."""

    question: str
    golds: tuple[str, ...]  # empty: the library does not hold the answer
    hits: tuple[Hit, ...]
    spans: tuple[tuple[Span, ...], ...]  # of each hit

    def candidates(self, weights: EvidenceWeights) -> list[Candidate]:
        """What the passages offer, the best evidence first."""
        return rank_candidates(self.hits, self.spans, weights)

    def answers(self, weights: EvidenceWeights) -> list[Pooled]:
        """What the assistant would rank."""
        return weigh(self.question, self.hits, self.spans, weights)


def fit(reads: Sequence[Read], reader_threshold: float) -> Calibration:
    """All numbers of a calibration from answered questions.

    Raises DatasetError if all of them or none were answered rightly.
    """
    if not any(read.golds for read in reads):
        raise DatasetError(
            f"none of {len(reads)} held-out questions has an answer: there is nothing to fit; "
            "leave it, and the shipped reader's calibration is used"
        )
    weights = fit_evidence(reads)
    log.info("%s: F1 %.1f of the questions with an answer", weights, 100 * _mean_f1(reads, weights))
    weighed = [(read, answers) for read in reads if (answers := read.answers(weights))]
    evidence = [evidence_for(answers) for _, answers in weighed]
    scores = np.array(
        [f1(answers[0].best.text, read.golds) if read.golds else 0.0 for read, answers in weighed]
    )
    model = LogisticRegression(C=1.0, max_iter=1000)
    right = scores >= RIGHT
    if right.all() or not right.any():
        raise _one_kind("all" if right.all() else "none", len(right))
    model.fit(np.array([e.features() for e in evidence]), right)
    fitted = Calibration(
        intercept=float(model.intercept_[0]),
        weights=tuple(float(w) for w in model.coef_[0]),
        answer_threshold=0.5,
        reader_threshold=reader_threshold,
        near_cosine=_near_cosine(reads),
        evidence=weights,
        margins=margins_of(reads, weights),
    )
    confidence = np.array([fitted.confidence(e) for e in evidence])
    answerable = np.array([bool(read.golds) for read, _ in weighed])
    logits = np.log(confidence) - np.log1p(-confidence)
    least = expected_threshold(logits, scores, answerable)
    return replace(
        fitted,
        answer_threshold=1 / (1 + math.exp(-least)),
        precision=precision_from(confidence, right),
    )


def margins_of(reads: Sequence[Read], weights: EvidenceWeights) -> Margins | None:
    """What passages offer, by how promising they were; None where nothing was read."""
    rows = [row for read in reads for row in _offered(read, weights)]
    if not rows:
        return None
    place, margins, late = (np.array(column) for column in zip(*rows, strict=True))
    if not late.any():
        return None
    usual = np.log(np.mean(np.exp(weights.margin * margins[late]))) / weights.margin
    most: list[float] = []
    for first, last in pairwise((*BANDS, BANDS[-1] + 1)):
        # Of the last, and of one that nothing was read in, all from there on, or all.
        near = place >= first if last > BANDS[-1] else (first <= place) & (place < last)
        some = margins[near] if near.any() else margins
        most += [float(np.quantile(some, MOST))] * (last - first)
    falling = np.maximum.accumulate(most[::-1])[::-1]
    return Margins(usual=float(usual), most=tuple(falling.tolist()))


def _offered(read: Read, weights: EvidenceWeights) -> Iterator[tuple[int, float, bool]]:
    """Of each passage its place before it was read, its best margin, and if it is a late one."""
    both = list(zip(read.hits, read.spans, strict=True))
    both.sort(key=lambda pair: -weights.evidence(0.0, pair[0]))
    for place, (_, spans) in enumerate(both):
        if spans:
            yield place, spans[0].score - spans[0].null_score, 2 * place >= len(both)


def _one_kind(how_many: str, questions: int) -> DatasetError:
    return DatasetError(
        f"{how_many} of {questions} held-out questions were answered rightly: fitting takes some "
        "of both; leave it, and the shipped reader's calibration is used"
    )


def _mean_f1(reads: Sequence[Read], weights: EvidenceWeights) -> float:
    answered = [(read, read.answers(weights)) for read in reads if read.golds]
    return float(np.mean([f1(a[0].best.text, r.golds) if a else 0.0 for r, a in answered]))


def fit_evidence(reads: Sequence[Read]) -> EvidenceWeights:
    """The weights under which what is right has the highest likelihood.

    A conditional logit (McFadden 1974) over the spans of all passages of a question
    and one more choice, that there is no answer. A span is as right as its token F1,
    no answer as far as the best span is not.
    """
    alone = EvidenceWeights(margin=1.0, nearness=0.0, wording=0.0)
    features: list[tuple[float, ...]] = []
    right: list[float] = []
    first = [0]
    for read in reads:
        offered = read.candidates(alone)
        scores = [f1(candidate.text, read.golds) if read.golds else 0.0 for candidate in offered]
        features += [(c.margin, c.hit.nearness, c.hit.wording, 0.0) for c in offered]
        features.append((0.0, 0.0, 0.0, 1.0))
        right += [*scores, 1.0 - max(scores, default=0.0)]
        first.append(len(right))
    margin, nearness, wording, _ = _conditional_logit(
        np.array(features), np.array(right), np.array(first)
    )
    return EvidenceWeights(float(margin), float(nearness), float(wording))


def _conditional_logit(features: Floats, right: Floats, first: Ints, *, l2: float = 1e-3) -> Floats:
    """Weights of the features, shape (features,).

    features: shape (choices, features), the last one a constant of no answer, alone
    without ridge; right: how right each is, 0 to 1; first: shape (questions + 1,),
    where the choices of each question begin and the last end.
    """
    spread = features.std(axis=0)
    spread[spread == 0] = 1.0  # what never differs weighs nothing
    scaled = features / spread
    ridge = np.array([l2] * (features.shape[1] - 1) + [0.0])
    starts, of = first[:-1], np.repeat(np.arange(len(first) - 1), np.diff(first))

    def loss(weights: Floats) -> tuple[float, Floats]:
        evidence = scaled @ weights
        share = np.exp(evidence - np.maximum.reduceat(evidence, starts)[of])
        every, good = np.add.reduceat(share, starts), np.add.reduceat(share * right, starts)
        slope = share / every[of] - share * right / good[of]
        value = float(np.mean(np.log(every) - np.log(good)) + weights @ (ridge * weights))
        return value, scaled.T @ slope / len(starts) + 2 * ridge * weights

    found = minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread)


def precision_from(
    confidence: Floats, right: npt.NDArray[np.bool_]
) -> tuple[tuple[float, float], ...]:
    """Rising confidences, each with the share of answers from there on that are right.

    By isotonic regression (Barlow et al. 1972), so that it never falls and a few unlucky
    answers at the top do not speak for all below them.
    """
    smooth = IsotonicRegression().fit(confidence, right).predict(confidence)
    steps = [step / 50 for step in range(50) if confidence.max() >= step / 50]
    return tuple((step, round(float(smooth[confidence >= step].mean()), 4)) for step in steps)


def _near_cosine(reads: Sequence[Read]) -> float:
    """The similarity that one in fifty of the first passages with the answer falls below."""
    first = [next((h for h in r.hits if _holds_gold(h, r)), None) for r in reads]
    near = [hit.dense for hit in first if hit and hit.dense is not None]
    return float(np.quantile(near, 0.02))


def _holds_gold(hit: Hit, read: Read) -> bool:
    return any(gold in hit.passage.text for gold in read.golds)


def best_threshold(sureness: Floats, scores: Floats, answerable: npt.NDArray[np.bool_]) -> float:
    """The value of `sureness` from which answering gives the highest mean F1.

    Abstaining scores 1 where there is no answer and 0 elsewhere, as in SQuAD 2.0.
    All three: shape (questions,); scores of questions without an answer are 0.
    """
    order = np.argsort(-sureness, kind="stable")
    # Answering the k surest ones gains their F1 and loses the credit for abstaining.
    gain = np.cumsum(np.where(answerable, scores, -1.0)[order])
    best = int(np.argmax(gain))
    if gain[best] <= 0:
        return float(np.nextafter(sureness.max(), math.inf))
    following = sureness[order[best + 1]] if best + 1 < len(order) else sureness[order[best]]
    return float((sureness[order[best]] + following) / 2)


def expected_threshold(margins: Floats, scores: Floats, answerable: npt.NDArray[np.bool_]) -> float:
    """The margin from which an answer's expected F1 exceeds the chance that there is none.

    That chance, and the F1 where there is one, are logistic in the margin. On few
    articles this is steadier than the best threshold itself, which may be anywhere
    on a flat top. Arguments as of `best_threshold`, which decides where all
    questions are of one kind.
    """
    there = np.isfinite(margins)
    m, score, has = margins[there, None], scores[there], answerable[there]
    if has.all() or not has.any() or not score.any():
        return best_threshold(margins, scores, answerable)
    answered = LogisticRegression(C=1e3).fit(m, has)
    # Of those with an answer; a fractional score is a success and a failure, each weighed.
    of = m[has]
    halves = np.repeat([True, False], len(of))
    weights = np.concatenate([score[has], 1 - score[has]])
    right = LogisticRegression(C=1e3).fit(np.concatenate([of, of]), halves, sample_weight=weights)
    grid = np.linspace(m.min(), m.max(), 10_000)[:, None]
    chance = answered.predict_proba(grid)[:, 1]
    gain = chance * right.predict_proba(grid)[:, 1] - (1 - chance)
    worth = grid[gain > 0, 0]
    return float(worth[0]) if len(worth) else float(np.nextafter(m.max(), math.inf))
