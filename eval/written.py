"""Result folders read back: what `Evaluation.write` wrote, checked line by line.

Knows nothing of what is done with them.
"""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field, TypeAdapter, ValidationError

from eval.errors import ResultsError
from eval.metrics import Floats
from eval.ranking import Found, Ranking, ranking_scores
from eval.results import Settings, Setup, Task
from eval.stats import Clusters
from qa.types import Json

Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]

_CURE = "name a folder that 'footnote eval reader', 'retrieval' or 'answers' wrote"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run made of one question."""

    score: float | None  # F1, or the reciprocal rank; None: there was nothing to retrieve
    prediction: str | None = None  # empty: refused; None: nobody was to answer
    ranks: tuple[int, ...] | None = None  # of the gold articles, from 1; None: nobody searched


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(ABC):
    """A line of `per_question.jsonl`: the question, and what the data says of it."""

    id: str
    question: str
    cluster: str  # questions of one cluster are resampled together
    golds: tuple[str, ...]  # accepted wordings; empty: it has no answer

    @property
    @abstractmethod
    def outcome(self) -> Outcome:
        """What came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine(Line):
    """A question that was answered or refused, by a reader or the assistant."""

    prediction: str
    exact_match: Fraction
    f1: Fraction
    lenient_match: Fraction
    cited_golds: int = 0
    gold_articles: int = 0  # that there were to cite; 0: none, or nobody was to

    @property
    def outcome(self) -> Outcome:
        """Its F1 and its words."""
        return Outcome(self.f1, prediction=self.prediction)

    def measures(self) -> dict[str, float | None]:
        """Its part in each measure that is a mean over questions; None: it has none."""
        return {
            "exact_match": self.exact_match,
            "f1": self.f1,
            "lenient_match": self.lenient_match,
            "has_answer_exact_match": self.exact_match if self.golds else None,
            "has_answer_f1": self.f1 if self.golds else None,
            "no_answer_accuracy": None if self.golds else self.exact_match,
            "citation_recall": self.cited_golds / self.gold_articles
            if self.gold_articles
            else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RankLine(Line):
    """A question that was searched for."""

    found: tuple[Found, ...]
    missed: tuple[int, ...]  # grades of the gold articles that were not found

    @property
    def ranking(self) -> Ranking:
        """What was found of what there was to find."""
        return Ranking(self.found, self.missed)

    @property
    def outcome(self) -> Outcome:
        """Its reciprocal rank and all ranks."""
        ranks = self.ranking.ranks
        score = 1 / min(ranks) if ranks else 0.0
        return Outcome(score if self.ranking.relevant else None, ranks=ranks)


def columns(lines: Sequence[Line]) -> Mapping[str, Floats]:
    """Each line's part in each measure that is a mean over questions; NaN: it has none.

    Of `eval.aggregate` those that take no threshold of their own. Shape (lines,).
    """
    answers = [line for line in lines if isinstance(line, AnswerLine)]
    if not answers:
        return ranking_scores([line.ranking for line in lines if isinstance(line, RankLine)])
    parts = [line.measures() for line in answers]
    return {
        name: np.array([np.nan if (v := part[name]) is None else v for part in parts])
        for name in parts[0]
    }


_LINES: dict[Task, TypeAdapter[AnswerLine] | TypeAdapter[RankLine]] = {
    "reader": TypeAdapter(AnswerLine),
    "retrieval": TypeAdapter(RankLine),
    "answers": TypeAdapter(AnswerLine),
}


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation as its folder holds it."""

    folder: Path
    settings: Settings
    lines: tuple[Line, ...]  # at least one, no two with the same id

    @property
    def clusters(self) -> Clusters:
        """What its intervals resample."""
        return Clusters(self.settings.unit, tuple(line.cluster for line in self.lines))


def read_run(folder: str | Path) -> Run:
    """Read settings.json and per_question.jsonl of a result folder.

    Raises ResultsError where it is missing or holds something else, where a line
    is damaged (with its number) or repeats an id, and where there is no question.
    """
    folder = Path(folder)
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "no such folder"
        raise ResultsError(f"{folder}: {what}: {_CURE}")
    settings = _settings(folder)
    file = folder / "per_question.jsonl"
    if not file.exists() and (folder / "plain" / file.name).exists():
        raise ResultsError(
            f"{folder}: holds several evaluations: name one of them, such as {folder / 'plain'}"
        )
    form = _LINES[settings.task]
    lines: dict[str, Line] = {}
    # Bytes part at newlines only; text would part at the rarer separators too.
    for number, written in enumerate(_read(file).splitlines(), start=1):
        if not written.strip():
            continue
        place = f"{file}, line {number}"
        with _named(place, f"a line of 'eval {settings.task}'"):
            line = form.validate_json(written, strict=True)
        if line.id in lines:
            raise ResultsError(f"{place}: '{line.id}' stands on an earlier line: measure again")
        lines[line.id] = line
    if not lines:
        raise ResultsError(f"{file}: holds no question: measure again")
    return Run(folder, settings, tuple(lines.values()))


def _settings(folder: Path) -> Settings:
    file = folder / "settings.json"
    with _named(str(file), "the settings of an evaluation"):
        flat = TypeAdapter(Json).validate_json(_read(file))
        setup = {field.name: flat.get(field.name) for field in dataclasses.fields(Setup)}
        return TypeAdapter(Settings).validate_python({**flat, "setup": setup})


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise ResultsError(f"{file.parent}: holds no {file.name}: {_CURE}") from error
    except OSError as error:
        raise ResultsError(f"{file}: cannot be read ({error.strerror}): {_CURE}") from error


@contextmanager
def _named(place: str, what: str) -> Iterator[None]:
    """Raises ResultsError that names the first wrong place in what is validated within."""
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        # The parser counts lines within the line that it was given.
        message = first["msg"].replace(" at line 1 column ", " at column ")
        reason = f"{path}: {message}" if path else message
        raise ResultsError(f"{place}: not {what}: {reason}: measure again") from error
