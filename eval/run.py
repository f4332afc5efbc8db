"""The three evaluations: reader, retrieval, answers. A data set in, an Evaluation out.

Ctrl-C ends the questions, not the evaluation: what was measured until then is
summed up, and the settings say that it is not complete.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from eval.aggregate import Summary, answers_summary, reader_summary, retrieval_summary
from eval.breakdown import breakdown
from eval.contexts import Progress
from eval.datasets import DataSet
from eval.records import AnswerRecord, ReaderRecord, RetrievalRecord
from eval.results import Abstain, Evaluation, Record, Settings, Setup, Task
from eval.stats import Bootstrap, clusters_of
from eval.steps import Asks, ReadsPairs, Searches, Shelf, ask_all, read_all, search_all

T = TypeVar("T")
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class _Conditions:
    """What the three evaluations say of themselves."""

    task: Task
    setup: Setup | None
    abstain: Abstain | None = None
    threshold: float | None = None


def evaluate_reader(
    data: DataSet,
    reader: ReadsPairs,
    *,
    abstain: Abstain = "shipped",
    threshold: float | None = None,
    limit: int | None = None,
    setup: Setup | None = None,
    on_progress: Progress | None = None,
) -> Evaluation[ReaderRecord]:
    """Give the reader each question with its own context.

    abstain: "shipped" refuses below `threshold` (score minus null score; it
    must then be given), "never" always gives the best guess. limit: at most so
    many questions, evenly spread over the data.
    Raises DatasetError if a question has no context, ValueError without threshold.
    """
    if abstain == "shipped" and threshold is None:
        raise ValueError("abstaining as shipped takes the shipped threshold")
    threshold = threshold if abstain == "shipped" else None
    data = data.thinned(limit)
    clusters = clusters_of(data.questions)
    found = _evaluation(
        data,
        read_all(data, clusters, reader, threshold=threshold),
        reader_summary,
        _Conditions("reader", setup, abstain, threshold),
        on_progress,
    )
    return replace(
        found, groups=breakdown(found.records, Bootstrap(clusters.first(len(found.records))))
    )


def evaluate_retrieval(
    data: DataSet,
    searcher: Searches,
    shelf: Shelf,
    *,
    limit: int | None = None,
    setup: Setup | None = None,
    on_progress: Progress | None = None,
) -> Evaluation[RetrievalRecord]:
    """Search for each question, and see at which ranks its gold articles are found.

    shelf: the library that is searched. An article is found by a passage of it
    that holds a gold answer. Questions without an answer are not measured.
    """
    data = data.thinned(limit)
    return _evaluation(
        data,
        search_all(data, clusters_of(data.questions), searcher, shelf),
        retrieval_summary,
        _Conditions("retrieval", setup),
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
) -> Evaluation[AnswerRecord]:
    """Ask the assistant each question; judge answer, citations, confidence and time.

    abstain: "never" takes the answer that was rejected where the assistant refuses.
    """
    data = data.thinned(limit)
    return _evaluation(
        data,
        ask_all(data, clusters_of(data.questions), assistant, abstain=abstain),
        answers_summary,
        _Conditions("answers", setup, abstain),
        on_progress,
    )


def _evaluation(
    data: DataSet,
    steps: Iterator[R],
    summary: Callable[[Sequence[R], Bootstrap], Summary],
    conditions: _Conditions,
    on_progress: Progress | None,
) -> Evaluation[R]:
    total = len(data.questions)
    records = _until_stopped(steps, total, on_progress)
    clusters = clusters_of(data.questions).first(len(records))
    found = summary(records, Bootstrap(clusters))
    settings = Settings(
        task=conditions.task,
        data=data.path.name,
        data_sha256=data.sha256,
        questions=len(records),
        complete=len(records) == total,
        unit=clusters.unit,
        units=clusters.count,
        setup=conditions.setup or Setup(),
        abstain=conditions.abstain,
        threshold=conditions.threshold,
        best_threshold=found.best_threshold,
        repaired=data.repaired,
        variant=data.variant,
    )
    return Evaluation(settings, found.measures, tuple(records))


def _until_stopped(steps: Iterator[T], total: int, on_progress: Progress | None) -> list[T]:
    """What the steps gave until the last, or until Ctrl-C if there was anything by then."""
    done: list[T] = []
    try:
        for step in steps:
            done.append(step)
            if on_progress:
                on_progress(len(done), total)
    except KeyboardInterrupt:
        if not done:
            raise
    return done
