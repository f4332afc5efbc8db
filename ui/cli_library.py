"""`footnote add | list | show | remove | status | check | rebuild | backup | restore`."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import LibraryError
from ui.adding import Tally, add_files
from ui.console import print_json, progress_bar, safe, say
from ui.options import DEFAULT_LIBRARY, EncoderOption, JsonOption, LibraryOption
from ui.preparing import prepare_models

if TYPE_CHECKING:
    from index.library import Status


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
    paths: Annotated[list[str], typer.Argument(metavar="PATH...")],
    library: LibraryOption = DEFAULT_LIBRARY,
    encoder: EncoderOption = None,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait while another process adds.")
    ] = True,
) -> None:
    """Put files and folders of articles into the library.

    Reads txt, Markdown, HTML, PDF, DOCX, EPUB, JSON Lines and CSV. What cannot
    be read is named and the rest goes on; the exit status is 1 when one of the
    paths gave no article at all.
    """
    from index.ingest import find_files

    files, refused = find_files(paths)
    tally = Tally()
    tally.refuse(refused)
    if files:
        _add(files, tally, library=library, encoder=encoder, wait=wait)
        typer.echo(str(tally))
    if not all(tally.gave(path) for path in paths):
        raise typer.Exit(1)


def _add(
    files: Sequence[Path], tally: Tally, *, library: Path, encoder: str | None, wait: bool
) -> None:
    from index.embed import open_encoder
    from index.library import Library
    from qa.reader import SpanReader

    opened = open_encoder(encoder)
    prepare_models(opened, SpanReader())
    with (
        Library.open(library, create=True) as shelf,
        shelf.adding(wait=wait, on_wait=_say_waiting),
    ):
        try:
            with progress_bar("adding") as progress:
                add_files(shelf, opened, files, tally, progress=progress)
        except KeyboardInterrupt:
            typer.echo(f"{tally} before it was stopped")
            raise


def _say_waiting() -> None:
    say("another process is adding to this library; waiting for it")


def list_articles(library: LibraryOption = DEFAULT_LIBRARY, as_json: JsonOption = False) -> None:
    """List the articles: id, day, outlet, headline."""
    from index.library import Library
    from ui.terminal import listing

    with Library.open(library) as shelf:
        records = shelf.articles()
    if as_json:
        print_json([dataclasses.asdict(record) for record in records])
    elif records:
        typer.echo(listing(records))
    else:
        say(f"library {library} is empty: add articles with 'footnote add PATH'")


def show(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="An id or its beginning.")],
    library: LibraryOption = DEFAULT_LIBRARY,
    as_json: JsonOption = False,
) -> None:
    """Show one article whole, also one that was replaced or removed."""
    from index.library import Library
    from ui.listing import whole_json
    from ui.terminal import article_text

    with Library.open(library) as shelf:
        record = shelf.record(article_id)
        article = shelf.article(record.id)
    if as_json:
        print_json(whole_json(article, record))
    else:
        typer.echo(article_text(article, state=record.state))


def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...")],
    library: LibraryOption = DEFAULT_LIBRARY,
    purge: Annotated[bool, typer.Option("--purge", help="Erase them for good.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Bring removed ones back.")] = False,
    encoder: EncoderOption = None,
) -> None:
    """Hide articles from every search; `show` still serves them unless they are purged.

    Answers of gold items that stand in a purged article are erased with it, and a
    question with no other answer too. What was removed, and not purged, comes back
    with --undo.
    """
    from index.library import Library
    from ui.terminal import listing

    if undo and purge:
        raise typer.BadParameter("--undo and --purge contradict each other: give one of them")
    if undo:
        _bring_back(ids, library=library, encoder=encoder)
        return
    with Library.open(library) as shelf:
        removed = shelf.remove(ids, purge=purge)
    typer.echo(listing(removed))
    typer.echo(f"{len(removed)} {'erased' if purge else 'removed'}")
    gold = sum(record.gold_answers for record in removed)
    if gold and purge:
        typer.echo(f"{gold} answers of gold items stood in them and are erased too")
    elif gold:
        say(f"{gold} answers of gold items stand in them: 'footnote gold list' shows which")


def _bring_back(ids: Sequence[str], *, library: Path, encoder: str | None) -> None:
    from index.embed import open_encoder
    from index.library import Library
    from ui.terminal import listing

    with Library.open(library) as shelf:
        found = shelf.bring_back(ids, open_encoder(encoder))
    if found.back:
        typer.echo(listing(found.back))
    typer.echo(f"{len(found.back)} brought back")
    for record in found.superseded:
        say(f"{record.id} stays removed: {record.path} holds a newer version of it")
    if found.superseded:
        raise typer.Exit(1)


def status(library: LibraryOption = DEFAULT_LIBRARY, as_json: JsonOption = False) -> None:
    """Say how much is in the library and what made it."""
    from index.library import Library
    from ui.terminal import facts

    with Library.open(library) as shelf:
        found = dataclasses.asdict(shelf.status())
    if as_json:
        print_json(found)
    else:
        typer.echo(facts(found))


def check(library: LibraryOption = DEFAULT_LIBRARY, encoder: EncoderOption = None) -> None:
    """Verify every hash, offset and snapshot, and repair what is derived."""
    from index.embed import open_encoder
    from index.library import Library

    with Library.open(library) as shelf, progress_bar("checking") as progress:
        report = shelf.check(encoder=open_encoder(encoder), progress=progress)
    for problem in report.problems:
        repaired = " (repaired)" if problem.repaired else ""
        typer.echo(safe(f"{problem.where}: {problem.what}{repaired}"))
    typer.echo(f"{report.articles} articles, {report.passages} passages checked")
    if not report.sound:
        raise LibraryError(f"library {library} is not sound: 'footnote restore' a backup")


def rebuild(library: LibraryOption = DEFAULT_LIBRARY, encoder: EncoderOption = None) -> None:
    """Cut and embed all articles anew, with the shipped encoder or the one that is named."""
    from index.embed import open_encoder
    from index.library import Library
    from qa.reader import SpanReader

    opened = open_encoder(encoder)
    with Library.open(library) as shelf:
        prepare_models(opened, SpanReader())
        with progress_bar("rebuilding") as progress:
            count = shelf.rebuild(opened, progress=progress)
    typer.echo(f"{count} articles rebuilt")


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    library: LibraryOption = DEFAULT_LIBRARY,
) -> None:
    """Write the whole library to one file, while others go on using it."""
    from index.library import Library

    with Library.open(library) as shelf:
        shelf.backup(file)
        held = _held(shelf.status())
    typer.echo(safe(f"{held} written to {file}"))


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    library: LibraryOption = DEFAULT_LIBRARY,
    replace: Annotated[
        bool, typer.Option("--replace", help="Overwrite the articles that are there.")
    ] = False,
) -> None:
    """Make the library from a backup file."""
    from index.library import Library

    with Library.restore(file, library, replace=replace) as shelf:
        held = _held(shelf.status())
    typer.echo(safe(f"{held} restored to {library}"))


def _held(status: "Status") -> str:
    gold = f" and {status.gold_items} gold items" if status.gold_items else ""
    return f"{status.articles} articles{gold}"
