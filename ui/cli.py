"""The command `footnote`: options in, calls to the other packages, text out.

Nothing heavy is imported until a command needs it, so that `--help` is quick.
"""

import atexit
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from index.errors import FootnoteError
from ui import (
    cli_agreement,
    cli_ask,
    cli_cite,
    cli_compare,
    cli_followups,
    cli_library,
    cli_serve,
    cli_verify,
)
from ui.cli_bench import bench_app
from ui.cli_eval import eval_app
from ui.cli_gold import gold_app
from ui.cli_report import report_app
from ui.console import STOPPED, say

FAILED = 1
NOBODY_READS = 141  # what a shell reports of a program that a closed pipe ended


class Commands(TyperGroup):
    """Our commands: what ends one early becomes one line and an exit status, not a traceback."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # all are this kind
        """Run the command. Raises typer.Exit."""
        try:
            return super().invoke(ctx)
        except FootnoteError as error:
            say(f"footnote: {error}")
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt as error:
            say("footnote: stopped")
            raise typer.Exit(STOPPED) from error
        except BrokenPipeError as error:  # such as `footnote list | head -1`
            _give_up_output()
            raise typer.Exit(NOBODY_READS) from error
        except OSError as error:  # disk full, a drive pulled out
            _give_up_output()
            where = f"{error.filename}: " if error.filename else ""
            say(f"footnote: {where}{error.strerror or error}")
            raise typer.Exit(FAILED) from error


app = typer.Typer(
    cls=Commands,
    help="Ask your own articles. Every answer is quoted word for word, with its source.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)
cli_library.register(app)
cli_ask.register(app)
cli_cite.register(app)
cli_serve.register(app)
cli_verify.register(app)
cli_compare.register(eval_app)
cli_agreement.register(eval_app)
cli_followups.register(eval_app)
app.add_typer(gold_app, name="gold")
app.add_typer(report_app, name="report")
app.add_typer(eval_app, name="eval")
app.add_typer(bench_app, name="bench")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"footnote {version('footnote-qa')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_show_version, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    # Without a docstring, or it would stand in the place of the help above.
    pass


def main() -> None:
    """Run the command line."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that lacks a character shows a question mark for it, and goes on.
        sys.stdout.reconfigure(errors="replace")
    _leave(run(sys.argv[1:]))


def _leave(status: int) -> NoReturn:
    """End at once: to free the models' memory piece by piece takes a fifth of a second."""
    atexit._run_exitfuncs()  # as the interpreter would, temporary folders among them
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
    except OSError:  # nobody reads any more
        status = status or NOBODY_READS
    os._exit(status)


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit status comes back: 0, 1 failed, 2 wrong usage, 130 stopped."""
    try:
        status = app(list(arguments), prog_name="footnote", standalone_mode=False)
    except TyperException as error:
        _explain_usage(error)
        return error.exit_code
    return status if isinstance(status, int) else 0


def _explain_usage(error: TyperException) -> None:
    message = error.format_message()
    if "\n" in message:  # the help, for a command that was named without its own command
        typer.echo(message, err=True)
        return
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "footnote"
    message = message.replace("Value error, ", "").rstrip(".")  # Typer's name for it, no user's
    say(f"{command}: {message} (see '{command} --help')")


def _give_up_output() -> None:
    """Drop what is still to be written, or Python would fail on it once more at its end."""
    if sys.stdout is sys.__stdout__ and sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


if __name__ == "__main__":
    main()
