"""`footnote eval followups`: whether questions that point back to earlier ones are understood."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from ui.console import progress_bar, safe
from ui.options import EncoderOption, ReaderOption

if TYPE_CHECKING:
    from eval.followups import FollowUp, FollowUps

FOLDERS = {"sample": "articles", "blind": "blind"}  # of index/sample, by the name in the data

Data = Annotated[
    Path,
    typer.Argument(metavar="DATA", help="Dialogues over the sample articles, or topics alone."),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.")]
LibraryFolder = Annotated[
    Path | None,
    typer.Option(
        "--library",
        metavar="DIR",
        help="Ask this library; without it a temporary one of the sample articles named in DATA.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("followups")(measure_followups)


def measure_followups(
    data: Data,
    out: Out,
    library: LibraryFolder = None,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Ask dialogues turn by turn, and each follow-up in its stand-alone form beside it.

    DATA without articles (a list of topics with turns) is rewritten by rules
    alone and compared with the hand-written forms.
    """
    from eval.followups import evaluate_dialogues, evaluate_rewritings, read_followups
    from eval.results import ready_folder

    read = read_followups(data)
    ready_folder(out)
    if isinstance(read, list):
        found = evaluate_rewritings(read)
    else:
        from qa.assistant import Assistant

        with (
            _library(library, read.articles, encoder) as folder,
            Assistant.open(folder, reader=reader, encoder=encoder) as assistant,
            progress_bar("asking") as on_progress,
        ):
            found = evaluate_dialogues(read.dialogues, assistant, on_progress=on_progress)
    found.write(out)
    _print(found)
    typer.echo(f"written to {safe(str(out))}")


@contextmanager
def _library(library: Path | None, articles: str, encoder: str | None) -> Iterator[Path]:
    """The library that is asked: the named one, or a temporary one of sample articles."""
    if library:
        yield library
        return
    from index.embed import open_encoder
    from index.ingest import find_files, read_files
    from index.library import Library
    from index.sample import SAMPLE_FOLDERS

    chosen = [folder for folder in SAMPLE_FOLDERS if folder.name == FOLDERS[articles]]
    files, _ = find_files(chosen)
    found = [article for read in read_files(files) for article in read.articles]
    with TemporaryDirectory(prefix="footnote-eval-") as folder:
        with Library.open(folder, create=True) as shelf, shelf.adding():
            shelf.add(found, open_encoder(encoder))
        yield Path(folder)


def _print(found: "FollowUps") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("measure")
    for heading in ("value", "95 % interval", "n"):
        table.add_column(heading, justify="right")
    for name, value in found.measures.items():
        interval = f"{value.low:.3f} - {value.high:.3f}"
        table.add_row(name, f"{value.value:.3f}", interval, str(value.n))
    Console().print(table)
    for miss in found.misses:
        for line in _told(miss):
            typer.echo(line)


def _told(miss: "FollowUp") -> Iterator[str]:
    yield f"{safe(miss.id)}  {safe(miss.asked)}"
    yield f"    understood as: {safe(miss.understood)}"
    yield f"    answered: {safe(miss.answer) or 'nothing'}"
    yield f"    asked alone: {safe(miss.alone)}"
    yield f"    answered: {safe(miss.answer_alone) or 'nothing'}"
