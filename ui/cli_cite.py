"""`footnote cite`: the citations of answers, as references and for other programs."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ui.console import print_json, safe
from ui.questions import STDIN

if TYPE_CHECKING:
    from qa.cite import CitationRecord

# Not imported from where they are made, which would load all of it for `--help`.
StyleName = Literal["apa", "chicago", "mla", "harvard", "ieee"]
FormatName = Literal[
    "text", "markdown", "html", "csl-json", "bibtex", "ris", "web-annotation", "json"
]


def register(app: typer.Typer) -> None:
    """Add this command to the app."""
    app.command("cite")(cite)


def cite(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="What 'ask --json' or 'batch' printed, or a report; \"-\" is standard input.",
        ),
    ],
    style: Annotated[
        StyleName,
        typer.Option(
            "--style", case_sensitive=False, help="Of references in text, Markdown and HTML."
        ),
    ] = "apa",
    form: Annotated[FormatName, typer.Option("--format", help="What to print.")] = "text",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write it there instead of printing it."),
    ] = None,
) -> None:
    """Print the citations of answers as references, footnotes, or for a reference manager.

    text is the list of sources; markdown and html are footnotes with their
    quotes; json is the records, which say all that checking them takes.
    """
    from qa.formats import JSON_FORMATS, in_format, write_citations

    records = list(dict.fromkeys(record for file in files for record in _records(file)))
    text = in_format(records, form, style=style)
    if out is not None:
        write_citations(out, text)
        typer.echo(safe(f"{len(records)} citations written to {out}"))
    elif form in JSON_FORMATS:
        print_json(json.loads(text))
    else:
        typer.echo(text)


def _records(file: str) -> "list[CitationRecord]":
    """The records of a file. Raises CitationError if it cannot be read or holds none."""
    from qa.embedded_read import read_embedded, read_records_in

    if file == STDIN:
        return read_records_in(sys.stdin.buffer.read(), "standard input")
    return read_embedded(Path(file))
