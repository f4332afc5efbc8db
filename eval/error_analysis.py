"""Where an answer went wrong: each wrong one in exactly one bin.

Wrong is what is no exact match. Knows nothing of models, libraries or files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from eval.metrics import gold_places

ErrorBin = Literal[
    "not_retrieved",
    "not_read_highest",
    "wrong_span",
    "boundary",
    "abstained",
    "answered_unanswerable",
    "disputable",
]
EXPLAINED: dict[ErrorBin, str] = {
    "not_retrieved": "no passage with the answer was found",
    "not_read_highest": "a passage with the answer was read, another one preferred",
    "wrong_span": "the right passage, other words of it",
    "boundary": "the right place, more or fewer words than the answer",
    "abstained": "a passage with the answer was read, but no answer was given",
    "answered_unanswerable": "an answer to a question that has none",
    "disputable": "not the data's answer, but several articles give it",
}
EXAMPLES = 10  # of each bin


class Wrong(Protocol):
    """What came of one question."""

    @property
    def id(self) -> str:
        """The question's id."""

    @property
    def error(self) -> ErrorBin | None:
        """Its bin; None: it was right."""


@dataclass(frozen=True, slots=True)
class Errors:
    """All wrong answers of one kind."""

    bin: ErrorBin
    count: int
    share: float  # of all questions
    examples: tuple[str, ...]  # question ids, at most ten, evenly spread


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer was taken from."""

    passage: str
    start: int  # of the answer, in code points of the passage
    end: int
    right: bool  # a passage of a gold article that holds a gold answer


def error_of(
    *,
    exact: bool,
    answerable: bool,
    place: Place | None,
    golds: Sequence[str],
    right_passage_read: bool,
    articles: int,
) -> ErrorBin | None:
    """The bin of one answer; None if it is right.

    place: where the answer that was given stands; None: it abstained.
    articles: how many differing texts give it. The first of these that fits:
    an answer where there is none; what overlaps a gold answer is off by its
    boundary; what several articles say is disputable; the right passage makes
    it a wrong span; else it depends on whether a right one was read at all.
    """
    if exact:
        return None
    if not answerable:
        return "answered_unanswerable"
    if place is None:
        return "abstained" if right_passage_read else "not_retrieved"
    if place.right and _overlaps(place, golds):
        return "boundary"
    if articles > 1:
        return "disputable"
    if place.right:
        return "wrong_span"
    return "not_read_highest" if right_passage_read else "not_retrieved"


def _overlaps(place: Place, golds: Sequence[str]) -> bool:
    return any(
        found.start < place.end and place.start < found.end
        for gold in golds
        for found in gold_places(place.passage, gold)
    )


def binned(records: Sequence[Wrong]) -> tuple[Errors, ...]:
    """The wrong ones by bin, in the bins' order, without empty bins."""
    ids: dict[ErrorBin, list[str]] = {name: [] for name in EXPLAINED}
    for record in records:
        if record.error:
            ids[record.error].append(record.id)
    return tuple(
        Errors(name, len(found), len(found) / len(records), _spread(found))
        for name, found in ids.items()
        if found
    )


def _spread(ids: Sequence[str]) -> tuple[str, ...]:
    count = min(EXAMPLES, len(ids))
    return tuple(ids[i * len(ids) // count] for i in range(count))
