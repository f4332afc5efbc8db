"""Do sources that agree or conflict get reported so? Measured on questions that plant both.

A question plants an agreement where it names what other articles say, and a
conflict where its data marks what they say as differing. Articles that copy one
another are one voice: where no other voice says it, the copies are to be named.
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

Planted = Literal["conflict", "agreement", "copies"]


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
    planted: Planted | None  # None: no other article is known to answer it
    answer: str  # empty: it was not answered
    right: bool  # the answer is one of the gold answers, in any article
    status: AgreementStatus
    claims: tuple[Stated, ...]
    copies: bool  # copies of the cited articles were named
    said: tuple[str, ...]  # the gold answers

    @property
    def missed(self) -> bool:
        """Whether the report is not what was planted."""
        match self.planted:
            case "conflict":
                return self.status != "conflict"
            case "agreement":
                return self.status != "agree"
            case "copies":
                return not self.copies or self.status == "conflict"
        return self.status in ("conflict", "agree")

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
    voice_of: Callable[[str], str] = str,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Found:
    """Ask each question and compare what is reported with what is planted.

    voice_of: the data's name for an article -> what it shares with its copies.
    on_progress: how many are done, of how many.
    """
    questions = data.thinned(limit).questions
    outcomes = []
    for done, question in enumerate(questions, start=1):
        outcomes.append(
            _outcome(question, planted(question, voice_of), assistant.ask(question.question))
        )
        on_progress(done, len(questions))
    measures = tuple(_measures(questions, outcomes))
    return Found(data.path.name, data.sha256, measures, tuple(outcomes))


def planted(question: Question, voice_of: Callable[[str], str] = str) -> Planted | None:
    """What the data says of other articles' answers to the question.

    voice_of: as of `evaluate_agreement`.
    """
    if question.conflict:
        return "conflict"
    others = {g.article for g in question.golds if g.start is None and g.article}
    if not others:
        return None
    own = voice_of(question.article or "")
    return "copies" if all(voice_of(other) == own for other in others) else "agreement"


def _outcome(question: Question, plant: Planted | None, answer: Answer) -> Outcome:
    claims = answer.agreement.claims
    return Outcome(
        question.id,
        question.question,
        plant,
        answer.answer,
        right=answer.answered and is_right(answer.answer, question.gold_texts),
        status=answer.agreement.status,
        claims=tuple(Stated(claim.value, claim.articles) for claim in claims),
        copies=any(citation.also_in for citation in answer.citations),
        said=question.gold_texts,
    )


def _measures(questions: Sequence[Question], outcomes: Sequence[Outcome]) -> Iterator[Measure]:
    bootstrap = Bootstrap(clusters_of(questions))
    reported: list[tuple[str, Floats]] = []
    for kind, name in (
        ("conflict", "conflicts"),
        ("agreement", "agreements"),
        ("copies", "copies"),
    ):
        of_kind = [o.planted == kind for o in outcomes]
        found = [not o.missed for o in outcomes]
        right = [here and o.right for here, o in zip(of_kind, outcomes, strict=True)]
        reported.append((f"{name}_reported", _shares(found, among=of_kind)))
        reported.append((f"{name}_reported_if_right", _shares(found, among=right)))
    answered = [o.planted != "conflict" and bool(o.answer) for o in outcomes]
    made_up = [o.false_conflict for o in outcomes]
    reported.append(("false_conflicts", _shares(made_up, among=answered)))
    alone = [o.planted is None and bool(o.answer) for o in outcomes]
    agreeing = [o.status == "agree" for o in outcomes]
    reported.append(("false_agreements", _shares(agreeing, among=alone)))
    for name, values in reported:
        if estimate := bootstrap.mean(values):
            yield Measure(name, estimate)


def _shares(so: Sequence[bool], *, among: Sequence[bool]) -> Floats:
    """1 where it is so, 0 where not, NaN where the measure says nothing of the question."""
    return np.where(among, np.array(so, dtype=float), np.nan)
