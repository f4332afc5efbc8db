"""The least that measures must come to: what makes an evaluation a test that can fail."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.errors import MinimumError
from eval.results import Evaluation, Record, Task

_ANSWERING = (
    "exact_match",
    "f1",
    "lenient_match",
    "has_answer_exact_match",
    "has_answer_f1",
    "no_answer_accuracy",
    "best_exact_match",
    "best_f1",
)
# Of each evaluation, the measures that are better when higher; all are fractions.
MEASURES: dict[Task, tuple[str, ...]] = {
    "reader": (
        *_ANSWERING,
        "best_guess_exact_match",
        "best_guess_f1",
        "n_best_recall_at_5",
        "n_best_recall_at_20",
    ),
    "retrieval": (
        *(f"success_at_{k}" for k in (1, 5, 10, 20)),
        *(f"recall_at_{k}" for k in (1, 5, 10, 20)),
        "mrr",
        "ndcg_at_10",
        "map_at_20",
    ),
    "answers": (
        *_ANSWERING,
        "citation_precision",
        "citation_recall",
        "abstention_precision",
        "abstention_recall",
    ),
}


_ROUNDING = 1e-9  # a mean of 0.7s may be a last bit below 0.7


@dataclass(frozen=True, slots=True)
class Minimum:
    """A measure and the least value that is still well."""

    measure: str
    value: float  # 0 to 1


def read_minimum(written: str, task: Task) -> Minimum:
    """What `f1=0.7` says. Raises MinimumError that names the measures there are."""
    measure, _, number = written.partition("=")
    known = MEASURES[task]
    if measure not in known:
        raise MinimumError(
            f"'{measure}' is no measure of {task} that is better when higher: "
            f"there are {', '.join(known)}"
        )
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:  # false for NaN too
        raise MinimumError(f"'{written}' names no value from 0 to 1: write it as {measure}=0.7")
    return Minimum(measure, value)


def shortfalls(found: Evaluation[Record], minimums: Sequence[Minimum]) -> Iterator[str]:
    """A line for each minimum that was not reached, in their order."""
    measured = {measure.name: measure.estimate.value for measure in found.measures}
    for minimum in minimums:
        if minimum.measure not in measured:
            yield f"{minimum.measure} was not measured: none of the questions tells it"
        elif measured[minimum.measure] < minimum.value - _ROUNDING:
            shown = _below(measured[minimum.measure], minimum.value)
            yield f"{minimum.measure} is {shown}, below {minimum.value:g}"


def _below(value: float, minimum: float) -> str:
    """The value with three digits, or as many as show that it is lower."""
    shown = (f"{value:.{digits}f}" for digits in range(3, 17))
    return next(text for text in shown if float(text) < minimum)
