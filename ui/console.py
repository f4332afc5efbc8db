"""How the commands speak: messages on standard error, results on standard output, progress.

Knows nothing of answers or articles; `terminal` turns those into text.
"""

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import typer

STOPPED = 130  # the exit status of a command that Ctrl-C ended

Progress = Callable[[int, int | None], None]  # done, of how many; None: not known

# Marks that turn the direction of what follows, beyond their own line of text.
_TURN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safe(text: str) -> str:
    """The text on one line, without characters that steer a terminal or turn text around."""
    spaced = (" " if character.isspace() else character for character in text)
    return "".join(c for c in spaced if c not in _TURN and unicodedata.category(c) != "Cc")


def say(message: str) -> None:
    """Print one line on standard error, whatever names of files are in it."""
    typer.echo(safe(message), err=True)


def print_json(value: object, *, indent: int | None = 2) -> None:
    """Print JSON in characters, or in escapes where the output's encoding lacks one of them."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:  # also half a surrogate pair, from a badly decoded argument
        text = json.dumps(value, indent=indent)
    typer.echo(text)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether someone is looking. A closed stream is None or cannot say."""
    return stream is not None and not stream.closed and stream.isatty()


def wants_color() -> bool:
    """Whether standard output is a terminal whose user has nothing against escapes."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return is_terminal(sys.stdout) and not plain


@contextmanager
def progress_bar(what: str, *, hidden: bool = False) -> Iterator[Progress]:
    """A bar with rate and time left on standard error; nothing where that is no terminal.

    It is gone at the end. hidden: draw nothing in any case.
    """
    if hidden or not is_terminal(sys.stderr):
        yield _silently
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.fields[of]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    # What is printed on standard output meanwhile may go to a file: it stays there.
    with Bars(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=False
    ) as bars:
        task = bars.add_task(what, total=None, of="?", rate="")

        def report(done: int, total: int | None) -> None:
            of = "?" if total is None else str(total)
            bars.update(task, completed=done, total=total, of=of)
            speed = bars.tasks[0].speed
            bars.update(task, rate=f"{speed:.1f}/s" if speed else "")

        yield report


def _silently(done: int, total: int | None) -> None:
    """Where nobody looks, nothing is drawn."""
