"""`footnote add | list | show | remove | status | check | rebuild | backup | restore`."""

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.options import DEFAULT_LIBRARY, EncoderOption, JsonOption, LibraryOption

if TYPE_CHECKING:
    from index.embed import Encoder
    from index.ingest import FileRead, Refused
    from index.library import Library
    from index.rows import ArticleRecord
    from index.types import Article

BATCH = 32  # articles stored at once: what an interrupted `add` loses at most
STOPPED = 130


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    commands: dict[str, Callable[..., None]] = {
        "add": add,
        "list": list_articles,
        "show": show,
        "remove": remove,
        "status": status,
        "check": check,
        "rebuild": rebuild,
        "backup": backup,
        "restore": restore,
    }
    for name, command in commands.items():
        app.command(name)(command)


def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...")],
    library: LibraryOption = DEFAULT_LIBRARY,
    encoder: EncoderOption = None,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait while another process adds.")
    ] = True,
) -> None:
    """Put files and folders of articles into the library.

    Reads txt, Markdown, HTML, PDF, DOCX, EPUB, JSON Lines and CSV. What cannot
    be read is named and the rest goes on.
    """
    from index.embed import open_encoder
    from index.ingest import find_files
    from index.library import Library

    files, refused = find_files(paths)
    for each in refused:
        _name_refused(each)
    if not files:
        raise typer.Exit(1)
    opened = open_encoder(encoder)
    with (
        Library.open(library, create=True) as shelf,
        shelf.adding(wait=wait, on_wait=_say_waiting),
        progress_bar("adding", len(files)) as advance,
    ):
        tally = add_files(shelf, opened, files, advance=advance)
    tally["refused"] += len(refused)
    typer.echo(
        f"{tally['added']} added, {tally['replaced']} replaced, "
        f"{tally['unchanged']} unchanged, {tally['refused']} refused"
    )
    if refused or not tally.total() - tally["refused"]:
        raise typer.Exit(1)


def add_files(
    shelf: "Library", encoder: "Encoder", files: Sequence[Path], *, advance: Callable[[int], None]
) -> Counter[str]:
    """Read the files and store their articles batch by batch; how many became what comes back.

    Ctrl-C ends it between two batches: what is stored stays.
    """
    from index.ingest import read_files

    tally: Counter[str] = Counter()
    waiting: list[Article] = []
    read_since = 0

    def store() -> None:
        nonlocal read_since
        tally.update(shelf.add(waiting, encoder))
        waiting.clear()
        advance(read_since)
        read_since = 0

    for read in read_files(files):
        _tell(read)
        tally["refused"] += len(read.refused)
        waiting.extend(read.articles)
        read_since += 1
        if len(waiting) >= BATCH:
            store()
    store()
    return tally


def list_articles(library: LibraryOption = DEFAULT_LIBRARY, as_json: JsonOption = False) -> None:
    """List the articles: id, day, outlet, headline."""
    from index.library import Library
    from ui.terminal import listing

    with Library.open(library) as shelf:
        records = shelf.articles()
    if as_json:
        _print_json([_record_json(record) for record in records])
    elif records:
        typer.echo(listing(records))


def show(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="An id or its beginning.")],
    library: LibraryOption = DEFAULT_LIBRARY,
    as_json: JsonOption = False,
) -> None:
    """Show one article whole, also one that was replaced or removed."""
    from index.library import Library
    from ui.terminal import article_text

    with Library.open(library) as shelf:
        article, record = shelf.article(article_id), shelf.record(article_id)
    if as_json:
        _print_json(
            _record_json(record)
            | dataclasses.asdict(article)
            | {"sha256": article.sha256, "state": record.state}
        )
    else:
        typer.echo(article_text(article))


def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...")],
    library: LibraryOption = DEFAULT_LIBRARY,
    purge: Annotated[bool, typer.Option(help="Erase them for good.")] = False,
) -> None:
    """Hide articles from every search; `show` still serves them unless they are purged."""
    from index.library import Library
    from ui.terminal import listing

    with Library.open(library) as shelf:
        removed = shelf.remove(ids, purge=purge)
    typer.echo(listing(removed))
    typer.echo(f"{len(removed)} {'erased' if purge else 'removed'}")


def status(library: LibraryOption = DEFAULT_LIBRARY, as_json: JsonOption = False) -> None:
    """Say how much is in the library and what made it."""
    from index.library import Library
    from ui.terminal import facts

    with Library.open(library) as shelf:
        found = dataclasses.asdict(shelf.status())
    if as_json:
        _print_json(found)
    else:
        typer.echo(facts(found))


def check(library: LibraryOption = DEFAULT_LIBRARY, encoder: EncoderOption = None) -> None:
    """Verify every hash, offset and snapshot, and repair what is derived."""
    from index.embed import open_encoder
    from index.library import Library

    with Library.open(library) as shelf, _counted("checking") as progress:
        report = shelf.check(encoder=open_encoder(encoder), progress=progress)
    for problem in report.problems:
        typer.echo(f"{problem.where}: {problem.what}{' (repaired)' if problem.repaired else ''}")
    typer.echo(
        f"{report.articles} articles, {report.passages} passages checked: "
        f"{'all sound' if report.sound else 'not sound; restore a backup'}"
    )
    if not report.sound:
        raise typer.Exit(1)


def rebuild(library: LibraryOption = DEFAULT_LIBRARY, encoder: EncoderOption = None) -> None:
    """Cut and embed all articles anew, with another encoder if one is named."""
    from index.embed import open_encoder
    from index.library import Library

    with Library.open(library) as shelf, _counted("rebuilding") as progress:
        count = shelf.rebuild(open_encoder(encoder), progress=progress)
    typer.echo(f"{count} articles rebuilt")


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    library: LibraryOption = DEFAULT_LIBRARY,
) -> None:
    """Write the whole library to one file, while others go on using it."""
    from index.library import Library

    with Library.open(library) as shelf:
        shelf.backup(file)
        count = shelf.status().articles
    typer.echo(f"{count} articles written to {file}")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    library: LibraryOption = DEFAULT_LIBRARY,
    replace: Annotated[bool, typer.Option(help="Overwrite the articles that are there.")] = False,
) -> None:
    """Make the library from a backup file."""
    from index.library import Library

    with Library.restore(file, library, replace=replace) as shelf:
        count = shelf.status().articles
    typer.echo(f"{count} articles restored to {library}")


def _record_json(record: "ArticleRecord") -> dict[str, object]:
    return dataclasses.asdict(record)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _tell(read: "FileRead") -> None:
    for each in read.refused:
        _name_refused(each)
    for warning in read.warnings:
        typer.echo(f"warning: {read.path}: {warning}", err=True)


def _name_refused(refused: "Refused") -> None:
    typer.echo(f"refused: {refused.path}: {refused.reason}", err=True)


def _say_waiting() -> None:
    typer.echo("another process is adding to this library; waiting for it", err=True)


@contextmanager
def progress_bar(what: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """A bar with rate and time left on standard error; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total, rate="")

        def advance(count: int, total: int | None = total) -> None:
            bar.update(task, advance=count, total=total)
            speed = bar.tasks[0].speed
            bar.update(task, rate=f"{speed:.1f}/s" if speed else "")

        yield advance


@contextmanager
def _counted(what: str) -> Iterator[Callable[[int, int], None]]:
    """The same bar for work that reports how many are done of how many."""
    with progress_bar(what, None) as advance:
        before = 0

        def report(done: int, total: int) -> None:
            nonlocal before
            advance(done - before, total)
            before = done

        yield report
