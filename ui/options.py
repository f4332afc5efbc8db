"""Options that several commands share."""

import math
import os
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_LIBRARY = Path("library")
LIBRARY_VARIABLE = "FOOTNOTE_LIBRARY"


def _day(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as exc:
        raise typer.BadParameter(f"{value!r} is not a day: write it as 2024-03-31") from exc


def _probability(value: float | None) -> float | None:
    if value is not None and math.isnan(value):  # what no range keeps out
        raise typer.BadParameter("nan is not in the range 0<=x<=1")
    return value


LibraryOption = Annotated[
    Path,
    typer.Option("--library", metavar="DIR", envvar=LIBRARY_VARIABLE, help="The library's folder."),
]
ReaderOption = Annotated[
    str | None, typer.Option("--reader", metavar="NAME", help="A reader's folder or hub name.")
]
EncoderOption = Annotated[
    str | None, typer.Option("--encoder", metavar="NAME", help="An encoder's folder or hub name.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
TopK = Annotated[
    int,
    typer.Option(
        "--top-k",
        min=1,
        max=1000,
        metavar="N",
        help="Passages to find; read are those that can matter.",
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="S", help="Only articles of this outlet; may be repeated."),
]
Authors = Annotated[
    list[str] | None,
    typer.Option("--author", metavar="NAME", help="Only articles by this author; may be repeated."),
]
After = Annotated[
    str | None,
    typer.Option(metavar="DATE", callback=_day, help="Only articles of this day or later."),
]
Before = Annotated[
    str | None,
    typer.Option(metavar="DATE", callback=_day, help="Only articles of this day or earlier."),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        callback=_day,
        help='Hide articles of later days, and count "last week" in a question from it.',
    ),
]
Precision = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        metavar="P",
        callback=_probability,
        help="Answer only when at least this sure (0 to 1).",
    ),
]


def unasked_library() -> Path:
    """The library of a command whose --library has another meaning where it is left out."""
    return Path(os.environ.get(LIBRARY_VARIABLE) or DEFAULT_LIBRARY)
