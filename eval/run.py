"""The three evaluations: reader, retrieval, answers. A data set in, an Evaluation out.

Ctrl-C ends the questions, not the evaluation: what was measured until then is
summed up, and the settings say that it is not complete. So does `Stopped`, raised
by whatever is asked or told. With a folder to keep
it in, the same evaluation goes on from there.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from eval.aggregate import Summary, answers_summary, reader_summary, retrieval_summary
from eval.breakdown import Group, breakdown
from eval.contexts import Progress
from eval.datasets import DataSet
from eval.error_analysis import binned
from eval.errors import Stopped
from eval.records import AnswerRecord, ReaderRecord, RetrievalRecord
from eval.results import Abstain, Evaluation, Settings, Setup, Task
from eval.resume import Unfinished
from eval.stats import Bootstrap, Clusters, clusters_of
from eval.steps import Asks, ReadsPairs, Searches, Shelf, ask_all, read_all, search_all
from qa.errors import DatasetError
from qa.types import Json

# Raised whenever the same question would be searched, read or judged in another way: records
# of an evaluation that was stopped before that are not gone on from.
RECORD_VERSION = 11

R = TypeVar("R", ReaderRecord, RetrievalRecord, AnswerRecord)


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What the three evaluations say of themselves."""

    task: Task
    setup: Setup | None
    abstain: Abstain | None = None
    threshold: float | None = None
    results: Path | None = None  # folder that keeps what is unfinished


def evaluate_reader(
    data: DataSet,
    reader: ReadsPairs,
    *,
    abstain: Abstain = "shipped",
    threshold: float | None = None,
    limit: int | None = None,
    setup: Setup | None = None,
    on_progress: Progress | None = None,
    resume_in: Path | None = None,
) -> Evaluation[ReaderRecord]:
    """Give the reader each question with its own context.

    abstain: "shipped" refuses below `threshold` (score minus null score; it
    must then be given), "never" always gives the best guess. limit: at most so
    many questions, evenly spread over the data. setup: what to say of the models.
    resume_in: folder that keeps the records until all are there and written; the
    same evaluation with the same `setup`, which it takes, goes on from them.
    Raises DatasetError if a question has no context, ValueError without threshold
    or, with `resume_in`, without setup.
    """
    if abstain == "shipped" and threshold is None:
        raise ValueError("abstaining as shipped takes the shipped threshold")
    _require_answers(data)
    threshold = threshold if abstain == "shipped" else None
    data = data.thinned(limit)
    return _evaluation(
        data,
        lambda left, keys: read_all(left, keys, reader, threshold=threshold),
        reader_summary,
        ReaderRecord,
        _Conditions("reader", setup, abstain, threshold, resume_in),
        on_progress,
        breakdown,
    )


def evaluate_retrieval(
    data: DataSet,
    searcher: Searches,
    shelf: Shelf,
    *,
    limit: int | None = None,
    setup: Setup | None = None,
    on_progress: Progress | None = None,
    resume_in: Path | None = None,
) -> Evaluation[RetrievalRecord]:
    """Search for each question, and see at which ranks its gold articles are found.

    shelf: the library that is searched. An article is found by a passage of it
    that holds a gold answer. Questions without an answer are not measured.
    limit, setup and resume_in: as of `evaluate_reader`.
    """
    data = data.thinned(limit)
    return _evaluation(
        data,
        lambda left, keys: search_all(left, keys, searcher, shelf),
        retrieval_summary,
        RetrievalRecord,
        _Conditions("retrieval", setup, results=resume_in),
        on_progress,
    )


def evaluate_answers(
    data: DataSet,
    assistant: Asks,
    *,
    abstain: Abstain = "shipped",
    limit: int | None = None,
    setup: Setup | None = None,
    on_progress: Progress | None = None,
    on_record: Callable[[AnswerRecord], None] = lambda record: None,
    resume_in: Path | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Evaluation[AnswerRecord]:
    """Ask the assistant each question; judge answer, citations, confidence and time.

    abstain: "never" takes the answer that was rejected where the assistant refuses.
    limit, setup and resume_in: as of `evaluate_reader`. on_record: told each answer
    that is measured, not those gone on from. clock: seconds, from which latencies
    are taken; one that stands still while others are served leaves that time out.
    Raises DatasetError if the data says which articles are right, not which words.
    """
    _require_answers(data)
    data = data.thinned(limit)
    return _evaluation(
        data,
        lambda left, keys: _told(
            ask_all(left, keys, assistant, abstain=abstain, clock=clock), on_record
        ),
        answers_summary,
        AnswerRecord,
        _Conditions("answers", setup, abstain, results=resume_in),
        on_progress,
        breakdown,
    )


def _told(
    records: Iterator[AnswerRecord], tell: Callable[[AnswerRecord], None]
) -> Iterator[AnswerRecord]:
    for record in records:
        tell(record)
        yield record


def _require_answers(data: DataSet) -> None:
    if data.whole_articles:
        raise DatasetError(
            f"{data.path}: says which articles are relevant, not what the answers are: "
            "measure 'retrieval' with it"
        )


def _evaluation(
    data: DataSet,
    steps: Callable[[DataSet, Clusters], Iterator[R]],
    summary: Callable[[Sequence[R], Bootstrap], Summary],
    record: type[R],
    conditions: _Conditions,
    on_progress: Progress | None,
    grouped: Callable[[Sequence[R], Bootstrap], tuple[Group, ...]] = lambda records, bootstrap: (),
) -> Evaluation[R]:
    """steps: records of these questions, each of the cluster that stands at its place."""
    total = len(data.questions)
    every = clusters_of(data.questions)
    setup = conditions.setup or Setup()
    keeping = None
    done: list[R] = []
    if conditions.results:
        if conditions.setup is None:
            raise ValueError("to go on where it was takes `setup`: which models and library it is")
        keeping = Unfinished(conditions.results, _made_by(data, conditions, setup), record)
        done = keeping.load()
    left = steps(data.after(len(done)), every.after(len(done)))
    records = done + _until_stopped(left, len(done), total, on_progress, keeping)
    clusters = every.first(len(records))
    bootstrap = Bootstrap(clusters)
    found = summary(records, bootstrap)
    settings = Settings(
        task=conditions.task,
        data=data.path.resolve().name,
        data_sha256=data.sha256,
        questions=len(records),
        complete=len(records) == total,
        unit=clusters.unit,
        units=clusters.count,
        setup=setup,
        abstain=conditions.abstain,
        threshold=conditions.threshold,
        best_threshold=found.best_threshold,
        repaired=data.repaired,
        variant=data.variant,
        split=data.split,
        limit=data.limit,
        version=version("footnote-qa"),
    )
    return Evaluation(
        settings,
        found.measures,
        tuple(records),
        groups=grouped(records, bootstrap),
        errors=binned(records),
        kept_in=keeping.file if keeping else None,
    )


def _made_by(data: DataSet, conditions: _Conditions, setup: Setup) -> Json:
    """What a record depends on."""
    return {
        "task": conditions.task,
        "data_sha256": data.sha256,
        "questions": [question.id for question in data.questions],
        "repaired": data.repaired,
        "variant": data.variant,
        "split": data.split,
        "made_by": [version("footnote-qa"), RECORD_VERSION],
        "abstain": conditions.abstain,
        "threshold": conditions.threshold,
        **asdict(setup),
    }


def _until_stopped(
    steps: Iterator[R],
    before: int,
    total: int,
    on_progress: Progress | None,
    keeping: Unfinished[R] | None,
) -> list[R]:
    """What the steps gave until the last, or until stopped if there was anything by then."""
    done: list[R] = []
    try:
        for step in steps:
            if keeping:
                keeping.keep(step)
            done.append(step)
            if on_progress:
                on_progress(before + len(done), total)
    except (KeyboardInterrupt, Stopped):
        if not done and not before:
            raise
    return done
