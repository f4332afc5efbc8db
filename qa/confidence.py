"""Scores to the probability that an answer is right, by a small logistic model.

The numbers are fitted by `python -m qa.calibrate` on questions that the reader
never trained on, and lie as JSON beside its weights.
"""

import hashlib
import json
import logging
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.types import Hit
from qa.errors import ReaderError
from qa.reader import SHIPPED

FILE_NAME = "calibration.json"
# The inputs of the logistic model of confidence, in the order of `Calibration.weights`.
FEATURES = ("odds", "cosine", "margin", "score", "reportage", "near odds", "margin in news")
EARLIEST = 3  # of them are known to every calibration
MOST_ODDS = 8.0  # logits; more are as good as that
NEAR_ODDS = 3.0  # up to which the odds tell most

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EvidenceWeights:
    """What speaks for a span as the right answer, each in logits a unit.

    Fitted so that the spans of all read passages are one distribution: the softmax of
    their evidence is how likely each is the right one, if one of them is.
    """

    margin: float  # of start + end logit over the null score of its window
    nearness: float  # of its passage's cosine, as a share of the query's best
    wording: float  # of its passage's BM25, likewise

    def evidence(self, margin: float, hit: Hit) -> float:
        """The weighed sum, in logits."""
        return self.margin * margin + self.nearness * hit.nearness + self.wording * hit.wording


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the best answer before its confidence is."""

    odds: float  # its evidence minus the log-sum-exp of all other answers', in logits
    cosine: float  # similarity of question and passage, -1 to 1
    margin: float  # of its strongest reading over no answer, in logits
    score: float = 0.0  # of that reading, start and end logit
    reportage: float = 0.0  # how much its article reads like news, see `qa.reportage`

    def features(self) -> tuple[float, ...]:
        """The values of `FEATURES`."""
        return (
            min(self.odds, MOST_ODDS),
            self.cosine,
            self.margin,
            self.score,
            self.reportage,
            min(self.odds, NEAR_ODDS),
            self.reportage * self.margin,
        )


@dataclass(frozen=True, slots=True)
class Margins:
    """How much better than no answer the best span of a passage is, in logits.

    What is known of a passage before it is read.
    """

    usual: float  # in the second half of what a search finds; the mean, as evidence adds up
    most: tuple[float, ...]  # one passage in two thousand has more; by place, see `most_at`

    def most_at(self, place: int) -> float:
        """That of the passage so far down, from 0, in the order of what was known before."""
        return self.most[min(place, len(self.most) - 1)]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted numbers of one reader."""

    intercept: float
    weights: tuple[float, ...]  # of `FEATURES`
    answer_threshold: float  # the assistant answers from this confidence on
    reader_threshold: float  # one passage alone: the reader answers from this margin on
    near_cosine: float  # below this similarity a passage is not even about the subject
    evidence: EvidenceWeights
    # Rising confidences, and the share of answers at least so sure that were right.
    precision: tuple[tuple[float, float], ...] = ()
    margins: Margins | None = None  # None: nothing is known, and every passage must be read

    def __post_init__(self) -> None:
        """Raise ValueError where weights are missing or too many."""
        if len(self.weights) != len(FEATURES):
            names = ", ".join(FEATURES)
            raise ValueError(f"it has {len(self.weights)} weights and takes one each for {names}")

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all its numbers, 16 hex digits."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()[:16]

    def confidence(self, evidence: Evidence) -> float:
        """Probability that the answer is right, 0 to 1."""
        pairs = zip(self.weights, evidence.features(), strict=True)
        logit = self.intercept + sum(weight * value for weight, value in pairs)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))

    def threshold_for(self, precision: float) -> float:
        """The confidence from which on at least this share of the answers is right.

        Where no held-out answers were right so often: the share itself, as far as
        that is above every confidence they were measured at.
        """
        for threshold, share in self.precision:
            if share >= precision:
                return threshold
        return max([precision, *(threshold for threshold, _ in self.precision[-1:])])

    def save(self, folder: Path) -> None:
        """Write `calibration.json` into the reader's folder."""
        (folder / FILE_NAME).write_text(json.dumps(asdict(self), indent=2) + "\n")


def _weights(values: list[float]) -> tuple[float, ...]:
    """What a calibration was fitted without weighs nothing, if it is none of the earliest."""
    missing = len(FEATURES) - len(values)
    return (*values, *[0.0] * missing) if len(values) >= EARLIEST else tuple(values)


def _margins(values: Mapping[str, Any] | None) -> Margins | None:
    if not values:
        return None
    most = values["most"]
    return Margins(values["usual"], tuple(most) if isinstance(most, list) else (most,))


def load_calibration(folder: str | Path | None = None) -> Calibration:
    """The calibration beside a reader's weights.

    Where it has none, the shipped reader's, and a line says so.

    Raises ReaderError if the file is not of the form that `save` writes.
    """
    path = Path(folder or SHIPPED) / FILE_NAME
    if not path.is_file():
        log.warning(
            "reader '%s' has no %s: the shipped reader's is used, and its confidence may be off; "
            "fit one with 'python -m qa.calibrate --data FILE --reader FOLDER'",
            folder,
            FILE_NAME,
        )
        path = SHIPPED / FILE_NAME
    try:
        values = json.loads(path.read_text())
        return Calibration(
            **values
            | {
                "weights": _weights(values["weights"]),
                "evidence": EvidenceWeights(**values["evidence"]),
                "precision": tuple((at, share) for at, share in values["precision"]),
                "margins": _margins(values.get("margins")),
            }
        )
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise ReaderError(
            f"{path}: not a calibration ({exc}): make it with 'python -m qa.calibrate'"
        ) from exc
