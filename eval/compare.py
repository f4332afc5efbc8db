"""Two runs over the same questions, question by question: what changed, and is it chance.

    footnote eval compare runs/before runs/after

Knows nothing of readers and libraries: it reads the folders that
`footnote eval` wrote. What it gives is always B minus A.
"""

import dataclasses
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from eval.errors import ResultsError
from eval.permutation import permutation_p
from eval.results import Settings, Task, ready_folder, write_json, write_lines
from eval.stats import Bootstrap, Clusters, Estimate, Unit
from eval.written import Line, Outcome, Run, columns, read_run
from qa.types import Json

Score = Literal["f1", "reciprocal_rank"]

_NAMED = 3  # of the ids that a message names
# What follows from the questions, and is no choice of whoever ran the evaluation.
_COUNTED = {"task", "questions", "complete", "unit", "units", "best_threshold"}


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure in both runs, over the questions that it speaks of in both."""

    name: str
    a: float
    b: float
    difference: Estimate  # b - a, with its 95 % interval over whole clusters
    p: float  # two-sided, of this measure by itself (`eval.permutation`)


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that the runs answered differently, or found at different ranks."""

    id: str
    question: str
    golds: tuple[str, ...]  # accepted wordings; empty: it has no answer
    a: Outcome
    b: Outcome
    difference: float  # score in B minus score in A; 0: other words, equally right


@dataclass(frozen=True, slots=True)
class Differing:
    """A setting that the runs do not share."""

    name: str  # as in settings.json
    a: object
    b: object


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became better and worse from run A to run B."""

    a: Path
    b: Path
    task: Task
    questions: int
    complete: bool  # False: both were stopped after the same questions
    unit: Unit  # what intervals resample and the test exchanges
    units: int
    settings: tuple[Differing, ...]
    measures: tuple[Compared, ...]  # without those that speak of no question in both
    score: Score  # what wins and losses are counted by
    wins: int  # questions with a higher score in B
    losses: int  # in A
    ties: int
    changed: tuple[Changed, ...]  # biggest loss first; of equal ones in A's order

    def __getitem__(self, name: str) -> Compared:
        """One measure by its name. Raises KeyError if it was not compared."""
        for measure in self.measures:
            if measure.name == name:
                return measure
        raise KeyError(name)

    @property
    def lost(self) -> tuple[Changed, ...]:
        """Questions with a lower score in B, biggest loss first."""
        return tuple(changed for changed in self.changed if changed.difference < 0)

    @property
    def won(self) -> tuple[Changed, ...]:
        """Questions with a higher score in B, biggest win first."""
        won = [changed for changed in self.changed if changed.difference > 0]
        return tuple(sorted(won, key=lambda changed: -changed.difference))

    def to_json(self) -> Json:
        """Everything as one object: that of `compare.json`."""
        measures = {m.name: dataclasses.asdict(m) for m in self.measures}
        for measure in measures.values():
            del measure["name"]
        return {
            **dataclasses.asdict(self),
            "a": str(self.a),
            "b": str(self.b),
            "settings": {s.name: {"a": s.a, "b": s.b} for s in self.settings},
            "measures": measures,
        }

    def write(self, folder: str | Path) -> None:
        """Write compare.json, and changed.jsonl with one changed question a line.

        Raises OutputError where that is not possible.
        """
        folder = ready_folder(folder)
        write_json(folder / "compare.json", self.to_json())
        lines = (json.dumps(dataclasses.asdict(each), ensure_ascii=False) for each in self.changed)
        write_lines(folder / "changed.jsonl", lines)


def compare(a: str | Path, b: str | Path) -> Comparison:
    """Compare two result folders of one task over the same questions, in any order.

    Each measure that is a mean over questions is taken from the lines of
    `per_question.jsonl`; its interval and p-value are those of the paired
    differences. Data files may differ as long as the questions do not.
    Raises ResultsError where a folder is none of `footnote eval`, and where
    task, ids, questions or right answers differ.
    """
    run_a, run_b = read_run(a), read_run(b)
    _refuse_other_questions(run_a, run_b)
    of_b = {line.id: line for line in run_b.lines}
    run_b = dataclasses.replace(run_b, lines=tuple(of_b[line.id] for line in run_a.lines))
    # Where data of two forms part them differently, the wider clusters claim less.
    clusters = min(run_a.clusters, run_b.clusters, key=lambda clusters: clusters.count)
    pairs = list(zip(run_a.lines, run_b.lines, strict=True))
    differences = [d for pair in pairs if (d := _score_difference(*pair)) is not None]
    return Comparison(
        a=run_a.folder,
        b=run_b.folder,
        task=run_a.settings.task,
        questions=len(pairs),
        complete=run_a.settings.complete or run_b.settings.complete,
        unit=clusters.unit,
        units=clusters.count,
        settings=tuple(_differing(run_a.settings, run_b.settings)),
        measures=tuple(_measures(run_a.lines, run_b.lines, clusters)),
        score="reciprocal_rank" if run_a.settings.task == "retrieval" else "f1",
        wins=sum(d > 0 for d in differences),
        losses=sum(d < 0 for d in differences),
        ties=sum(d == 0 for d in differences),
        changed=tuple(sorted(_changed(pairs), key=lambda changed: changed.difference)),
    )


def _measures(a: Sequence[Line], b: Sequence[Line], clusters: Clusters) -> Iterator[Compared]:
    bootstrap = Bootstrap(clusters)
    columns_a, columns_b = columns(a), columns(b)
    for name, in_a in columns_a.items():
        in_b = columns_b[name]
        apart = in_b - in_a  # NaN where either is
        difference = bootstrap.mean(apart)
        if difference is None:
            continue
        both = ~np.isnan(apart)
        p = permutation_p(apart, clusters.keys)
        yield Compared(name, float(in_a[both].mean()), float(in_b[both].mean()), difference, p)


def _changed(pairs: Sequence[tuple[Line, Line]]) -> Iterator[Changed]:
    for a, b in pairs:
        difference = _score_difference(a, b)
        reworded = a.outcome.prediction != b.outcome.prediction
        if difference is not None and (difference or reworded):
            yield Changed(a.id, a.question, a.golds, a.outcome, b.outcome, difference)


def _score_difference(a: Line, b: Line) -> float | None:
    """None where there was nothing to find."""
    before, after = a.outcome.score, b.outcome.score
    return None if before is None or after is None else after - before


def _differing(a: Settings, b: Settings) -> Iterator[Differing]:
    in_b = b.to_json()
    for name, value in a.to_json().items():
        if name not in _COUNTED and value != in_b[name]:
            yield Differing(name, value, in_b[name])


def _refuse_other_questions(a: Run, b: Run) -> None:
    if a.settings.task != b.settings.task:
        raise ResultsError(
            f"{b.folder}: holds results of 'eval {b.settings.task}', {a.folder} of "
            f"'eval {a.settings.task}': compare two runs of the same"
        )
    _refuse_missing(b, a)
    _refuse_missing(a, b)
    of_b = {line.id: line for line in b.lines}
    asked = [line.id for line in a.lines if line.question != of_b[line.id].question]
    if asked:
        raise ResultsError(
            f"{b.folder}: asks other questions than {a.folder} under the same ids "
            f"({_named(asked)}): measure both on the same data"
        )
    golds = [line.id for line in a.lines if set(line.golds) != set(of_b[line.id].golds)]
    if golds:
        raise ResultsError(
            f"{b.folder}: accepts other answers than {a.folder} to {_named(golds)}: "
            "measure both on the same data"
        )


def _refuse_missing(run: Run, other: Run) -> None:
    """Raises ResultsError if the run lacks a question of the other one."""
    ids, others = ({line.id for line in each.lines} for each in (run, other))
    missing = [line.id for line in other.lines if line.id not in ids]
    if not missing:
        return
    lacks = f"lacks {len(missing)} of the {len(others)} questions of {other.folder}"
    if ids < others and not run.settings.complete:
        raise ResultsError(
            f"{run.folder}: was stopped after {len(ids)} and {lacks} ({_named(missing)}): "
            "measure it again, to its end"
        )
    raise ResultsError(
        f"{run.folder}: {lacks} ({_named(missing)}): measure both with the same DATA and --limit"
    )


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(f"'{id_}'" for id_ in ids[:_NAMED]) + more
