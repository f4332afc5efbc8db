"""The option `--min MEASURE=VALUE`, and what becomes of an evaluation that falls short."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ui.console import say

if TYPE_CHECKING:
    from eval.results import Evaluation, Record, Task


def _known(task: "Task") -> Callable[[list[str] | None], list[str] | None]:
    def check(written: list[str] | None) -> list[str] | None:
        """Refuse what is no minimum, before anything is run."""
        if not written:
            return written
        from eval.errors import MinimumError
        from eval.minimums import read_minimum

        try:
            for each in written:
                read_minimum(each, task)
        except MinimumError as error:
            raise typer.BadParameter(str(error)) from error
        return written

    return check


_HELP = "Fail with status 1 where a measure falls below this; may be repeated."
_SHOWN = "MEASURE=VALUE"
ReaderMinimums = Annotated[
    list[str] | None, typer.Option("--min", metavar=_SHOWN, help=_HELP, callback=_known("reader"))
]
RetrievalMinimums = Annotated[
    list[str] | None,
    typer.Option("--min", metavar=_SHOWN, help=_HELP, callback=_known("retrieval")),
]
AnswersMinimums = Annotated[
    list[str] | None, typer.Option("--min", metavar=_SHOWN, help=_HELP, callback=_known("answers"))
]


def require_minimums(found: "Evaluation[Record]", minimums: Sequence[str] | None) -> None:
    """Say what fell below its minimum. Raises typer.Exit if anything did."""
    from eval.minimums import read_minimum, shortfalls

    task = found.settings.task
    lines = list(shortfalls(found, [read_minimum(each, task) for each in minimums or ()]))
    for line in lines:
        say(f"footnote: {line}")
    if lines:
        raise typer.Exit(1)
