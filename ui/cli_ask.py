"""`footnote ask | batch | chat`: questions in the terminal."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from index.errors import FootnoteError
from qa.errors import QuestionError
from ui.options import (
    DEFAULT_LIBRARY,
    After,
    AsOf,
    Before,
    EncoderOption,
    JsonOption,
    LibraryOption,
    Precision,
    ReaderOption,
    Sources,
    TopK,
)

if TYPE_CHECKING:
    from qa.types import Answer


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    app.command("ask")(ask)
    app.command("batch")(batch)
    app.command("chat")(chat)


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    library: LibraryOption = DEFAULT_LIBRARY,
    as_json: JsonOption = False,
    top_k: TopK = 10,
    source: Sources = None,
    after: After = None,
    before: Before = None,
    as_of: AsOf = None,
    precision: Precision = None,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Ask one question."""
    from qa.question import check_question

    check_question(question)  # before the models are loaded for nothing
    from qa.assistant import Assistant, as_filters

    filters = as_filters(sources=source or (), after=after, before=before, as_of=as_of)
    with Assistant.open(library, reader=reader, encoder=encoder) as assistant:
        answer = assistant.ask(question, top_k=top_k, filters=filters, precision=precision)
    _show(answer, as_json=as_json)


def chat(
    library: LibraryOption = DEFAULT_LIBRARY,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Ask question after question; an empty line or Ctrl-D ends it."""
    from qa.assistant import Assistant

    with Assistant.open(library, reader=reader, encoder=encoder) as assistant:
        for question in _typed_questions():
            try:
                _show(assistant.ask(question), as_json=False)
            except FootnoteError as error:
                typer.echo(f"footnote: {error}", err=True)
            typer.echo("")


def _typed_questions() -> Iterator[str]:
    while True:
        try:
            question = input("? " if sys.stdin.isatty() else "")
        except EOFError:
            return
        if not question.strip():
            return
        yield question


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a question file."""

    number: int  # from 1
    id: object  # as given, or the line's number
    question: str


def batch(
    file: Annotated[str, typer.Argument(metavar="FILE", help='"-" is standard input.')],
    library: LibraryOption = DEFAULT_LIBRARY,
    top_k: TopK = 10,
    source: Sources = None,
    after: After = None,
    before: Before = None,
    as_of: AsOf = None,
    precision: Precision = None,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Answer a file of questions: one a line, or JSON Lines {"id", "question"}.

    One JSON answer a line, in order. A line that cannot be asked is named on
    standard error and has "error" in place of an answer; the rest goes on.
    """
    from qa.assistant import Assistant, as_filters
    from qa.question import check_question

    filters = as_filters(sources=source or (), after=after, before=before, as_of=as_of)
    refused = 0
    with (
        _opened(file) as lines,
        Assistant.open(library, reader=reader, encoder=encoder) as assistant,
    ):
        for line in _read_lines(lines):
            try:
                asked = check_question(line.question)
                answer = assistant.ask(asked, top_k=top_k, filters=filters, precision=precision)
                found = {"id": line.id} | answer.to_json()
            except QuestionError as error:
                refused += 1
                typer.echo(f"footnote: {file}, line {line.number}: {error}", err=True)
                found = {"id": line.id, "question": line.question, "error": str(error)}
            typer.echo(json.dumps(found, ensure_ascii=False))
    if refused:
        raise typer.Exit(1)


@contextmanager
def _opened(file: str) -> Iterator[TextIO]:
    """The file, or standard input for "-"; lines that are not UTF-8 keep their place."""
    if file == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        opened = Path(file).open(encoding="utf-8-sig", errors="replace")
    except OSError as exc:
        reason = exc.strerror or str(exc)
        raise QuestionError(f"{file}: cannot be read ({reason}): give a file of questions") from exc
    with opened:
        yield opened


def _read_lines(lines: Iterable[str]) -> Iterator[Line]:
    """The lines that are not blank. One that starts with a brace is a JSON object."""
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        asked = _record(text) if text.lstrip().startswith("{") else None
        if asked is None:
            yield Line(number, number, text.strip())
        else:
            yield Line(number, asked.get("id", number), str(asked.get("question") or ""))


def _record(text: str) -> dict[str, object] | None:
    try:
        record = json.loads(text)
    except ValueError:
        return None  # then it is asked as it stands
    return record if isinstance(record, dict) else None


def _show(answer: "Answer", *, as_json: bool) -> None:
    from ui.terminal import answer_text

    if as_json:
        typer.echo(json.dumps(answer.to_json(), ensure_ascii=False, indent=2))
    else:
        typer.echo(answer_text(answer, color=sys.stdout.isatty()))
