"""The command `footnote`: options in, calls to the other packages, text out.

Nothing heavy is imported until a command needs it, so that `--help` is quick.
"""

import os
import sys

import typer

from index.errors import FootnoteError
from ui import cli_ask, cli_library, cli_serve
from ui.cli_eval import eval_app

STOPPED = 130  # the exit status of a command that Ctrl-C ended

app = typer.Typer(
    help="Ask your own articles. Every answer is quoted word for word, with its source.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)
cli_library.register(app)
cli_ask.register(app)
cli_serve.register(app)
app.add_typer(eval_app, name="eval")


def main() -> None:
    """Run the command line; errors that a user can cure become one line and exit status 1."""
    try:
        app()
    except FootnoteError as error:
        typer.echo(f"footnote: {error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("footnote: stopped", err=True)
        sys.exit(STOPPED)
    except BrokenPipeError:
        # The reader of our output has left; Python must not try to flush to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
