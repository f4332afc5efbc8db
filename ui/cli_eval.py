"""`footnote eval reader|retrieval|answers`: the command line of measuring.

Knows how to open things and what to print; what is measured is eval/'s affair.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ui.console import STOPPED, progress_bar, safe, say
from ui.eval_tables import described, print_drops, print_errors, print_groups, print_measures
from ui.minimums import AnswersMinimums, ReaderMinimums, RetrievalMinimums, require_minimums
from ui.options import EncoderOption, ReaderOption, unasked_library

Ranking = Literal["reranked", "fused", "dense", "bm25"]  # as eval.rankings, not imported for it

if TYPE_CHECKING:
    from eval.datasets import DataSet
    from eval.results import Evaluation, Setup
    from eval.rows import AnyRecord
    from index.embed import Encoder
    from qa.reader import SpanReader

eval_app = typer.Typer(
    help="Measure the reader, retrieval or whole answers on questions with known answers.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)

Data = Annotated[
    Path,
    typer.Argument(metavar="DATA", help="SQuAD 1.1 or 2.0 JSON, or JSON Lines; .gz too."),
]
DataOrFolder = Annotated[
    Path,
    typer.Argument(
        metavar="DATA",
        help="SQuAD 1.1 or 2.0 JSON, or JSON Lines; .gz too; or a folder in BEIR form.",
    ),
]
Split = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Which of a BEIR folder's qrels; test if it has it."),
]
MaybeData = Annotated[
    Path | None,
    typer.Argument(metavar="[DATA]", help="SQuAD 1.1 or 2.0 JSON, or JSON Lines; .gz too."),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.")]
Predictions = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help='Also write {question id: answer text, "" for none}.'),
]
Limit = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="At most N questions, evenly spread.")
]
Repair = Annotated[
    bool,
    typer.Option(
        "--repair",
        help="Take answers that stand elsewhere at the nearest occurrence of their words.",
    ),
]
Abstaining = Annotated[
    Literal["shipped", "never"],
    typer.Option(help="Refuse below the shipped threshold, or always give the best guess."),
]
LibraryFolder = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="DIR",
        help="Search this library; without it a temporary one of the data's own contexts.",
    ),
]


@eval_app.command("reader")
def measure_reader(
    data: Data,
    out: Out,
    predictions: Predictions = None,
    limit: Limit = None,
    abstain: Abstaining = "shipped",
    reader: ReaderOption = None,
    repair: Repair = False,
    minimums: ReaderMinimums = None,
) -> None:
    """Give the reader each question with its own context."""
    from eval.datasets import read_dataset
    from eval.results import ready_file, ready_folder, write_predictions
    from eval.run import evaluate_reader

    questions = read_dataset(data, repair=repair)
    ready_folder(out)
    if predictions:
        ready_file(predictions)
    opened, threshold, setup = _opened(reader, abstain)
    with progress_bar("reading") as on_progress:
        found = evaluate_reader(
            questions,
            opened,
            abstain=abstain,
            threshold=threshold,
            limit=limit,
            setup=setup,
            on_progress=on_progress,
            resume_in=out,
        )
    if predictions:
        write_predictions(found.records, predictions)
    _finish(found, out, minimums)


def _opened(
    reader: str | None, abstain: Literal["shipped", "never"]
) -> "tuple[SpanReader, float | None, Setup]":
    """The reader, the margin it answers from (None: always), and what to say of it."""
    from eval.results import Setup
    from qa.confidence import load_calibration
    from qa.reader import SpanReader

    threshold = load_calibration(reader).reader_threshold if abstain == "shipped" else None
    opened = SpanReader(reader)
    return opened, threshold, Setup(reader=opened.name, reader_fingerprint=opened.fingerprint)


@eval_app.command("robustness")
def measure_robustness(
    data: Data,
    out: Out,
    limit: Limit = None,
    abstain: Abstaining = "shipped",
    reader: ReaderOption = None,
    repair: Repair = False,
) -> None:
    """Read the same questions as people type them, and in long documents: what F1 falls by."""
    from eval.datasets import read_dataset
    from eval.results import ready_folder
    from eval.robustness import evaluate_robustness

    questions = read_dataset(data, repair=repair)
    ready_folder(out)
    opened, threshold, setup = _opened(reader, abstain)
    with progress_bar("reading") as on_progress:
        found = evaluate_robustness(
            questions,
            opened,
            abstain=abstain,
            threshold=threshold,
            limit=limit,
            setup=setup,
            on_progress=on_progress,
        )
    found.write(out)
    print_drops(found)
    for line in described(found.plain.settings):
        typer.echo(line)
    typer.echo(f"written to {safe(str(out))}")


@eval_app.command("retrieval")
def measure_retrieval(
    data: DataOrFolder,
    out: Out,
    limit: Limit = None,
    ranking: Annotated[
        Ranking, typer.Option(help="After reading the first 20, or before, or by one half alone.")
    ] = "reranked",
    library: LibraryFolder = None,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
    repair: Repair = False,
    split: Split = None,
    minimums: RetrievalMinimums = None,
) -> None:
    """Search for each question and see where its gold articles stand."""
    from eval.beir import read_beir
    from eval.datasets import read_dataset
    from eval.rankings import searcher_for
    from eval.results import ready_folder
    from eval.run import evaluate_retrieval
    from index.embed import open_encoder
    from index.library import Library
    from qa.confidence import load_calibration
    from qa.reader import SpanReader

    if split and not data.is_dir():
        raise typer.BadParameter("is for a folder in BEIR form", param_hint="--split")
    is_folder = data.is_dir()
    questions = read_beir(data, split=split) if is_folder else read_dataset(data, repair=repair)
    ready_folder(out)
    opened = open_encoder(encoder)
    with (
        library_for(questions, library, opened) as (folder, named),
        Library.open(folder) as shelf,
        progress_bar("searching") as on_progress,
    ):
        weights = load_calibration(reader).evidence
        setup = _setup(opened, library, reader=reader, reads=ranking == "reranked")
        found = evaluate_retrieval(
            named,
            searcher_for(ranking, shelf, opened, SpanReader(reader), weights),
            shelf,
            limit=limit,
            setup=replace(setup, ranking=ranking),
            on_progress=on_progress,
            resume_in=out,
        )
    _finish(found, out, minimums)


@eval_app.command("answers")
def measure_answers(
    out: Out,
    data: MaybeData = None,
    gold: Annotated[
        bool, typer.Option("--gold", help="Ask the library's own gold items instead of DATA.")
    ] = False,
    predictions: Predictions = None,
    limit: Limit = None,
    abstain: Abstaining = "shipped",
    library: LibraryFolder = None,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
    repair: Repair = False,
    minimums: AnswersMinimums = None,
) -> None:
    """Ask each question of a library: answers, citations, abstention, confidence, time."""
    from eval.results import ready_file, ready_folder, write_predictions
    from eval.run import evaluate_answers
    from index.embed import open_encoder
    from qa.assistant import Assistant

    questions, library = _asked(data, library, gold=gold, repair=repair)
    ready_folder(out)
    if predictions:
        ready_file(predictions)
    opened = open_encoder(encoder)
    with (
        library_for(questions, library, opened) as (folder, named),
        Assistant.open(folder, reader=reader, encoder=encoder) as assistant,
        progress_bar("asking") as on_progress,
    ):
        assistant.warm_up()  # loading is no part of the time of the first answer
        found = evaluate_answers(
            named,
            assistant,
            abstain=abstain,
            limit=limit,
            setup=_setup(opened, library, reader=reader, reads=True),
            on_progress=on_progress,
            resume_in=out,
        )
    if predictions:
        write_predictions(found.records, predictions)
    _finish(found, out, minimums)


def _asked(
    data: Path | None, library: Path | None, *, gold: bool, repair: bool
) -> "tuple[DataSet, Path | None]":
    """The questions of the file, or the gold items of the library, and the library to search."""
    from eval.datasets import read_dataset
    from eval.gold import gold_dataset
    from index.library import Library

    if data and not gold:
        return read_dataset(data, repair=repair), library
    if data or not gold:
        raise typer.BadParameter("give one of these two", param_hint=["DATA", "--gold"])
    folder = library or unasked_library()
    with Library.open(folder) as shelf:
        return gold_dataset(shelf), folder


@contextmanager
def library_for(
    data: "DataSet", library: Path | None, encoder: "Encoder"
) -> "Iterator[tuple[Path, DataSet]]":
    """The folder to search, and the data with its gold articles named as they are there."""
    from eval.contexts import as_articles, build_library

    if library:
        yield library, data
        return
    named, articles = as_articles(data)
    with TemporaryDirectory(prefix="footnote-eval-") as folder:
        with progress_bar("building a library") as on_progress:
            build_library(folder, articles, encoder, on_progress=on_progress)
        yield Path(folder), named


def _setup(
    encoder: "Encoder", library: Path | None, *, reader: str | None = None, reads: bool = False
) -> "Setup":
    from index.library import Library
    from ui.measured import setup_of

    state = None
    if library:
        with Library.open(library) as shelf:
            state = shelf.state()
    return setup_of(encoder, library, state, reader=reader, reads=reads)


def _finish(
    found: "Evaluation[AnyRecord]", out: Path, minimums: "Sequence[str] | None" = None
) -> None:
    """Write and print. Raises typer.Exit if not all was measured, or is below its minimum."""
    from eval.report import write_report

    found.write(out)
    write_report(found, out)
    print_measures(found)
    if found.groups:
        print_groups(found.groups)
    if found.errors:
        print_errors(found.errors)
    for line in described(found.settings):
        typer.echo(line)
    typer.echo(f"written to {safe(str(out))}")
    if not found.settings.complete:
        say(
            f"footnote: stopped after {found.settings.questions} questions; "
            "the same command goes on from there"
        )
        raise typer.Exit(STOPPED)
    require_minimums(found, minimums)
