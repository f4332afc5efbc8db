"""What an evaluation found, and the files it is written to."""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, Protocol, TypeVar

from eval.breakdown import Group
from eval.error_analysis import Errors
from eval.errors import OutputError
from eval.stats import CONFIDENCE, RESAMPLES, SEED, Estimate, Unit
from qa.types import Json

if TYPE_CHECKING:
    from pandas import DataFrame

Task = Literal["reader", "retrieval", "answers"]
Abstain = Literal["shipped", "never"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure's name and what it came to."""

    name: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Setup:
    """What was measured: models and library, as names and fingerprints."""

    reader: str | None = None
    reader_fingerprint: str | None = None
    calibration: str | None = None  # fingerprint of the reader's thresholds and confidence
    encoder: str | None = None
    encoder_fingerprint: str | None = None
    library: str | None = None  # None: the data's own contexts
    library_state: str | None = None  # changes with every article that comes or goes
    ranking: str | None = None  # of passages, where retrieval is measured (`eval.rankings`)


@dataclass(frozen=True, slots=True)
class Settings:
    """How an evaluation was made, so that it can be made again."""

    task: Task
    data: str  # file name
    data_sha256: str
    questions: int  # that were measured
    complete: bool  # False: stopped before the last of the questions that were to be measured
    unit: Unit  # what the intervals resample
    units: int
    setup: Setup
    abstain: Abstain | None = None
    threshold: float | None = None  # the reader answers from this margin on
    best_threshold: float | None = None  # at which best_f1 is reached
    repaired: bool = False  # misplaced answers were taken where their words stand
    variant: str | None = None  # how the questions were changed (`eval.robustness`)
    split: str | None = None  # which part of a folder of data
    limit: int | None = None  # at most so many questions were taken; None: all
    version: str = ""  # of Footnote
    resamples: int = RESAMPLES
    seed: int = SEED
    confidence: float = CONFIDENCE  # of the intervals

    def to_json(self) -> Json:
        """All settings, those of the setup among them."""
        written = dataclasses.asdict(self)
        return {**written.pop("setup"), **written}


class Record(Protocol):
    """What came of one question."""

    @property
    def id(self) -> str:
        """The question's id."""

    def to_json(self) -> Json:
        """Its line in `per_question.jsonl`."""


class Predicted(Record, Protocol):
    """What came of one question that was answered or refused."""

    @property
    def prediction(self) -> str:
        """The answer's words, empty for none."""


R = TypeVar("R", bound=Record, covariant=True)


@dataclass(frozen=True, slots=True)
class Evaluation(Generic[R]):
    """Measures, and the questions they come from."""

    settings: Settings
    measures: tuple[Measure, ...]
    records: tuple[R, ...]
    groups: tuple[Group, ...] = ()  # the same by kind of question, where it was asked for
    errors: tuple[Errors, ...] = ()  # the wrong answers by where they went wrong
    # The file of unfinished records, which goes when all results are written.
    kept_in: Path | None = field(default=None, compare=False, repr=False)

    def __getitem__(self, name: str) -> Estimate:
        """One measure by its name. Raises KeyError if it was not measured."""
        for measure in self.measures:
            if measure.name == name:
                return measure.estimate
        raise KeyError(name)

    def to_json(self) -> Json:
        """The object of `metrics.json`."""
        return {measure.name: dataclasses.asdict(measure.estimate) for measure in self.measures}

    def to_pandas(self) -> "DataFrame":
        """One row a question, its columns the keys of its line in `per_question.jsonl`."""
        from pandas import DataFrame  # takes half a second, and few ask for it

        return DataFrame([record.to_json() for record in self.records])

    def write(self, folder: str | Path) -> None:
        """Write metrics.json, per_question.jsonl, errors.json and settings.json into this folder.

        And breakdown.json if there are groups.

        Raises OutputError where that is not possible.
        """
        folder = ready_folder(folder)
        write_json(folder / "metrics.json", self.to_json())
        lines = (json.dumps(record.to_json(), ensure_ascii=False) for record in self.records)
        write_lines(folder / "per_question.jsonl", lines)
        (folder / "breakdown.json").unlink(missing_ok=True)  # of another run
        if self.groups:
            groups = [dataclasses.asdict(group) for group in self.groups]
            write_json(folder / "breakdown.json", groups)
        errors = [dataclasses.asdict(found) for found in self.errors]
        write_json(folder / "errors.json", errors)
        write_json(folder / "settings.json", self.settings.to_json())
        if self.kept_in and self.settings.complete:
            self.kept_in.unlink(missing_ok=True)


def write_predictions(records: Sequence[Predicted], file: str | Path) -> None:
    """Write `{question id: answer text}`, the official scorers' form.

    Raises OutputError where that is not possible.
    """
    file = ready_file(file)
    predictions = {record.id: record.prediction for record in records}
    write_json(file, predictions)


def ready_folder(folder: str | Path) -> Path:
    """The folder, made if need be. Raises OutputError if it cannot be."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"{folder}: cannot be made a folder ({error.strerror}): name another"
        ) from error
    return folder


def ready_file(file: str | Path) -> Path:
    """The file, its folder made if need be. Raises OutputError if it cannot be written there."""
    file = Path(file)
    ready_folder(file.parent)
    if file.is_dir():
        raise OutputError(f"{file}: is a folder: name a file to write")
    return file


def write_json(file: Path, value: Json | list[Json] | dict[str, str]) -> None:
    """Write one JSON value. Raises OutputError where that is not possible."""
    write_lines(file, [json.dumps(value, ensure_ascii=False, indent=2)])


def write_lines(file: Path, lines: Iterable[str]) -> None:
    """Write these lines. Raises OutputError where that is not possible."""
    # A name of a file need not be UTF-8, and is no reason to lose what was measured.
    write_bytes(file, "".join(f"{line}\n" for line in lines).encode("utf-8", "replace"))


def write_bytes(file: Path, content: bytes) -> None:
    """Write a whole file. Raises OutputError where that is not possible."""
    try:
        file.write_bytes(content)
    except OSError as error:
        raise OutputError(
            f"{file}: cannot be written ({error.strerror}): name another place"
        ) from error
