"""`footnote verify`: whether the citations in a file still stand."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from qa.errors import CitationError
from ui.console import print_json, progress_bar, safe, say, wants_color
from ui.options import JsonOption, unasked_library

if TYPE_CHECKING:
    from index.ingest import Refused
    from qa.alike import Piece
    from qa.cite import CitationRecord
    from qa.verify import Verdict

STDIN = "-"
LONGEST_QUOTE = 60  # characters of a quote that its line shows
PLAIN = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
COLORED = {"same": "{}", "removed": "\x1b[31;9m{}\x1b[0m", "added": "\x1b[32;1m{}\x1b[0m"}


def register(app: typer.Typer) -> None:
    """Add this command to the app."""
    app.command("verify")(verify)


def verify(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help='A report, or what "footnote ask --json" printed; "-" is stdin.'
        ),
    ],
    library: Annotated[
        Path | None,
        typer.Option(
            "--library", metavar="DIR", help="The library's folder; unasked as for other commands."
        ),
    ] = None,
    files: Annotated[
        Path | None,
        typer.Option(
            "--files", metavar="DIR", help="A folder of the original files, in place of a library."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check each citation of a report or an answer against the articles as they are now.

    Each is intact, moved (the quote stands elsewhere in the article), changed (its sentence
    was edited), replaced (the article has another text without it) or gone. The exit
    status is 1 unless all are intact.
    """
    if library is not None and files is not None:
        raise typer.BadParameter("give one of these two", param_hint=["--library", "--files"])
    verdicts = _verdicts(_records(file), library, files)
    shown = "standard input" if file == STDIN else file
    if as_json:
        print_json(
            {
                "file": shown,
                "citations": [{"n": n} | v.to_json() for n, v in enumerate(verdicts, start=1)],
                "counts": _counts(verdicts),
            }
        )
    else:
        typer.echo(verdicts_text(verdicts, color=wants_color()))
    broken = sum(verdict.status != "intact" for verdict in verdicts)
    if broken:
        raise CitationError(f"{shown}: {broken} of {len(verdicts)} citations are not intact")


def _records(file: str) -> "list[CitationRecord]":
    from qa.embedded_read import read_embedded, read_records_in

    if file == STDIN:
        return read_records_in(sys.stdin.buffer.read(), "standard input")
    return read_embedded(Path(file))


def _verdicts(
    records: "Sequence[CitationRecord]", library: Path | None, files: Path | None
) -> "list[Verdict]":
    if files is not None:
        from qa.verify_files import verify_files

        with progress_bar("reading files") as progress:
            return verify_files(records, files, on_refused=_say_refused, progress=progress)
    from index.library import Library
    from qa.verify import verify_in_library

    with Library.open(library or unasked_library()) as shelf:
        return verify_in_library(records, shelf)


def _say_refused(refused: "Refused") -> None:
    say(f"refused: {refused.path}: {refused.reason}")


def _counts(verdicts: "Sequence[Verdict]") -> dict[str, int]:
    from qa.verify import Status

    statuses = [verdict.status for verdict in verdicts]
    return {status: statuses.count(status) for status in get_args(Status)}


def verdicts_text(verdicts: "Sequence[Verdict]", *, color: bool = False) -> str:
    """A line for each citation, with what became of it below, and a line that sums them up.

    color: show what was taken out and put in by terminal escapes instead of by marks.
    """
    lines: list[str] = []
    for n, verdict in enumerate(verdicts, start=1):
        record = verdict.record
        lines.append(f"[{n}] {verdict.status}: {safe(record.title)}: {_shortened(record.quote)}")
        lines += [f"    {line}" for line in _details(verdict, color=color)]
    found = ", ".join(f"{n} {status}" for status, n in _counts(verdicts).items() if n)
    noun = "citation" if len(verdicts) == 1 else "citations"
    return "\n".join([*lines, f"{len(verdicts)} {noun}: {found}"])


def _shortened(quote: str) -> str:
    line = " ".join(safe(quote).split())
    return f"“{line}”" if len(line) <= LONGEST_QUOTE else f"“{line[: LONGEST_QUOTE - 1].rstrip()}…”"


def _details(verdict: "Verdict", *, color: bool) -> list[str]:
    from qa.verify import AS_CITED

    record, place = verdict.record, verdict.place
    if verdict.explanation == AS_CITED:
        return []
    lines = [safe(verdict.explanation)]
    if place is not None and verdict.status in ("moved", "changed"):
        was = record if verdict.status == "moved" else record.sentence
        where = f" of {verdict.path}" if verdict.path else ""
        lines.append(
            safe(
                f"characters {was.start} to {was.end} then, {place.start} to {place.end} now{where}"
            )
        )
    if verdict.diff:
        lines.append(diff_text(verdict.diff, color=color))
    return lines


def diff_text(diff: "Sequence[Piece]", *, color: bool = False) -> str:
    """The words of both versions in one line: [-taken out-], {+put in+}."""
    forms = COLORED if color else PLAIN
    return "".join(forms[piece.kind].format(safe(piece.text)) for piece in diff)
