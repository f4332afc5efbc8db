"""Do sources that agree or conflict get reported so? Measured on questions that plant both.

A question plants an agreement where it names what other articles say, and a
conflict where its data marks what they say as differing.
"""

import dataclasses
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from eval.datasets import DataSet, Question
from eval.metrics import Floats, is_right
from eval.results import Measure, ready_folder, write_json, write_lines
from eval.stats import Bootstrap, clusters_of
from qa.types import AgreementStatus, Answer, Json

Planted = Literal["conflict", "agreement"]


class Asks(Protocol):
    """Anything that answers questions."""

    def ask(self, question: str) -> Answer:
        """The answer with what the sources say beside one another."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A value that was reported, and how many articles it was said to stand in."""

    value: str
    articles: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was reported of one question."""

    id: str
    question: str
    planted: Planted | None  # None: no other article answers it
    answer: str  # empty: it was not answered
    right: bool  # the answer is one of the gold answers, in any article
    status: AgreementStatus
    claims: tuple[Stated, ...]
    said: tuple[str, ...]  # the gold answers

    @property
    def missed(self) -> bool:
        """Whether the report is not what was planted."""
        if self.planted is None:
            return self.status == "conflict"
        return self.status != {"conflict": "conflict", "agreement": "agree"}[self.planted]

    @property
    def false_conflict(self) -> bool:
        """Whether it was reported as a conflict without being one."""
        return self.planted != "conflict" and self.status == "conflict"


@dataclass(frozen=True, slots=True)
class Found:
    """Measures, and the outcomes they come from."""

    data: str  # file name
    data_sha256: str
    measures: tuple[Measure, ...]
    outcomes: tuple[Outcome, ...]

    def __getitem__(self, name: str) -> float:
        """The value of one measure. Raises KeyError if there was nothing to measure it on."""
        return {measure.name: measure.estimate.value for measure in self.measures}[name]

    @property
    def misses(self) -> tuple[Outcome, ...]:
        """What was not reported as it was planted."""
        return tuple(outcome for outcome in self.outcomes if outcome.missed)

    def write(self, folder: str | Path) -> None:
        """Write metrics.json, per_question.jsonl and settings.json into this folder.

        Raises OutputError where that is not possible.
        """
        folder = ready_folder(folder)
        measured: Json = {m.name: dataclasses.asdict(m.estimate) for m in self.measures}
        write_json(folder / "metrics.json", measured)
        lines = (
            json.dumps(dataclasses.asdict(outcome) | {"missed": outcome.missed}, ensure_ascii=False)
            for outcome in self.outcomes
        )
        write_lines(folder / "per_question.jsonl", lines)
        settings: Json = {"task": "agreement", "data": self.data, "data_sha256": self.data_sha256}
        write_json(folder / "settings.json", settings | {"questions": len(self.outcomes)})


def evaluate_agreement(
    data: DataSet,
    assistant: Asks,
    *,
    limit: int | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Found:
    """Ask each question and compare what is reported with what is planted.

    on_progress: how many are done, of how many.
    """
    questions = data.thinned(limit).questions
    outcomes = []
    for done, question in enumerate(questions, start=1):
        outcomes.append(_outcome(question, assistant.ask(question.question)))
        on_progress(done, len(questions))
    measures = tuple(_measures(questions, outcomes))
    return Found(data.path.name, data.sha256, measures, tuple(outcomes))


def planted(question: Question) -> Planted | None:
    """What the data says of other articles' answers to the question."""
    if question.conflict:
        return "conflict"
    other = any(gold.start is None and gold.article for gold in question.golds)
    return "agreement" if other else None


def _outcome(question: Question, answer: Answer) -> Outcome:
    claims = answer.agreement.claims
    return Outcome(
        question.id,
        question.question,
        planted(question),
        answer.answer,
        right=answer.answered and is_right(answer.answer, question.gold_texts),
        status=answer.agreement.status,
        claims=tuple(Stated(claim.value, claim.articles) for claim in claims),
        said=question.gold_texts,
    )


def _measures(questions: Sequence[Question], outcomes: Sequence[Outcome]) -> Iterator[Measure]:
    bootstrap = Bootstrap(clusters_of(questions))
    reported = [
        (
            "conflicts_reported",
            _shares(outcomes, lambda o: o.planted == "conflict", lambda o: not o.missed),
        ),
        (
            "agreements_reported",
            _shares(outcomes, lambda o: o.planted == "agreement", lambda o: not o.missed),
        ),
        (
            "conflicts_reported_if_right",
            _shares(
                outcomes, lambda o: o.planted == "conflict" and o.right, lambda o: not o.missed
            ),
        ),
        (
            "agreements_reported_if_right",
            _shares(
                outcomes, lambda o: o.planted == "agreement" and o.right, lambda o: not o.missed
            ),
        ),
        (
            "false_conflicts",
            _shares(
                outcomes,
                lambda o: o.planted != "conflict" and bool(o.answer),
                lambda o: o.false_conflict,
            ),
        ),
    ]
    for name, values in reported:
        if estimate := bootstrap.mean(values):
            yield Measure(name, estimate)


def _shares(
    outcomes: Sequence[Outcome], counts: Callable[[Outcome], bool], hit: Callable[[Outcome], bool]
) -> Floats:
    """1 where it is so, 0 where not, NaN where the measure says nothing of the question."""
    return np.array([float(hit(o)) if counts(o) else np.nan for o in outcomes])
