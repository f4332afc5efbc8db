"""`footnote ask | batch | chat`: questions in the terminal."""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from qa.errors import QuestionError
from ui.briefing import check_briefing, write_briefing
from ui.console import is_terminal, print_json, progress_bar, say, wants_color
from ui.options import (
    DEFAULT_LIBRARY,
    After,
    AsOf,
    Authors,
    Before,
    EncoderOption,
    JsonOption,
    LibraryOption,
    Precision,
    ReaderOption,
    Sources,
    TopK,
)
from ui.questions import STDIN, Line, opened, read_lines
from ui.typed import read_typed

if TYPE_CHECKING:
    from qa.types import Answer

Ask = Callable[..., "Answer"]  # of a question and, by name, its history


def register(app: typer.Typer) -> None:
    """Add these commands to the app."""
    app.command("ask")(ask)
    app.command("batch")(batch)
    app.command("chat")(chat)


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    library: LibraryOption = DEFAULT_LIBRARY,
    as_json: JsonOption = False,
    top_k: TopK = 20,
    source: Sources = None,
    author: Authors = None,
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
    from qa.assistant import Assistant
    from qa.period_asked import as_filters

    filters = as_filters(
        sources=source or (), authors=author or (), after=after, before=before, as_of=as_of
    )
    with Assistant.open(library, reader=reader, encoder=encoder) as assistant:
        answer = assistant.ask(
            question, top_k=top_k, filters=filters, precision=precision, as_of=as_of
        )
    if as_json:
        print_json(answer.to_json())
    else:
        _show(answer)


def chat(
    library: LibraryOption = DEFAULT_LIBRARY,
    top_k: TopK = 20,
    source: Sources = None,
    author: Authors = None,
    after: After = None,
    before: Before = None,
    as_of: AsOf = None,
    precision: Precision = None,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Ask question after question; an empty line or Ctrl-D ends it.

    A question may point back to those before it. Where it was taken for
    something else than you meant, /as-typed asks it again as it stands.
    """
    from qa.assistant import Assistant
    from qa.period_asked import as_filters

    filters = as_filters(
        sources=source or (), authors=author or (), after=after, before=before, as_of=as_of
    )
    with Assistant.open(library, reader=reader, encoder=encoder) as assistant:
        assistant.check_filters(filters)
        assistant.warm_up()  # a model that cannot be loaded is said now, and only once
        ask = partial(assistant.ask, top_k=top_k, filters=filters, precision=precision, as_of=as_of)
        _converse(ask)


def _converse(ask: Ask) -> None:
    """Answer what is typed, each question after those before it."""
    from qa.conversation import Conversation

    before = conversation = Conversation()
    last = ""
    for text in _typed_questions():
        try:
            typed = read_typed(text, last=last)
            if not (typed.as_typed and typed.question == last):
                before = conversation  # else the last answer is taken back
            answer = ask(typed.question, history=() if typed.as_typed else before.turns)
            _show(answer)
            conversation, last = before.after(answer), typed.question
        except QuestionError as error:
            say(f"footnote: {error}")
        typer.echo("")


def _typed_questions() -> Iterator[str]:
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    while True:
        try:
            question = input("? " if is_terminal(sys.stdin) else "")
        except EOFError:
            return
        if not question.strip():
            return
        yield question


def batch(
    file: Annotated[str, typer.Argument(metavar="FILE", help='"-" is standard input.')],
    library: LibraryOption = DEFAULT_LIBRARY,
    top_k: TopK = 20,
    source: Sources = None,
    author: Authors = None,
    after: After = None,
    before: Before = None,
    as_of: AsOf = None,
    precision: Precision = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="OUT",
            help="Also write a briefing: .md, .html, .docx, .pdf, or .yaml to work on.",
        ),
    ] = None,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Answer a file of questions: one a line, or JSON Lines {"id", "question", "conversation"}.

    One JSON answer a line, in order; the id is the one given, or the number of
    the line. Lines of one conversation are its turns and may point back. A line
    that cannot be asked is named on standard error and has "error" besides an
    empty answer; the rest goes on.
    """
    from qa.assistant import Assistant
    from qa.period_asked import as_filters

    if report:
        check_briefing(report)  # before anything is asked for nothing
    filters = as_filters(
        sources=source or (), authors=author or (), after=after, before=before, as_of=as_of
    )
    answers: list[Answer] = []
    with (
        opened(file) as text,
        Assistant.open(library, reader=reader, encoder=encoder) as assistant,
    ):
        assistant.check_filters(filters)
        ask = partial(assistant.ask, top_k=top_k, filters=filters, precision=precision, as_of=as_of)
        refused = _print_answers(read_lines(text), ask, file=file, answers=answers)
    if report:
        write_briefing(answers, report, title="Answers" if file == STDIN else Path(file).stem)
        say(f"written to {report}")
    if refused:
        raise typer.Exit(1)


def _print_answers(lines: Iterable[Line], ask: Ask, *, file: str, answers: "list[Answer]") -> int:
    """Ask line by line; how many could not be asked comes back. answers: grows by the others."""
    where = "standard input" if file == STDIN else file
    refused = 0
    # Where the answers themselves run past, they are progress enough.
    with progress_bar("asking", hidden=is_terminal(sys.stdout)) as progress:
        for done, (line, answer, problem) in enumerate(answer_lines(lines, ask), start=1):
            found: dict[str, object] = {"id": line.id} | answer.to_json()
            if problem:
                refused += 1
                say(f"footnote: {where}, line {line.number}: {problem}")
                found["error"] = problem
            else:
                answers.append(answer)
            print_json(found, indent=None)
            progress(done, None)
    return refused


class AnsweredLine(NamedTuple):
    """A line with its answer, or with an empty one and the reason."""

    line: Line
    answer: "Answer"
    problem: str  # why there was nothing to ask; empty if it was asked


def answer_lines(lines: Iterable[Line], ask: Ask) -> Iterator[AnsweredLine]:
    """Every line in its order, each as soon as it is answered."""
    from qa.conversation import Conversation

    conversations: dict[str | int, Conversation] = {}
    for line in lines:
        problem = line.problem
        if not problem:
            before = Conversation()
            if line.conversation is not None:
                before = conversations.get(line.conversation, before)
            try:
                answer = ask(line.question, history=before.turns)
                if line.conversation is not None:
                    conversations[line.conversation] = before.after(answer)
            except QuestionError as error:
                problem = str(error)
        if problem:
            answer = _nothing(line.question)
        yield AnsweredLine(line, answer, problem)


def _nothing(question: str) -> "Answer":
    from qa.types import Answer

    return Answer(question, question, answered=False, answer="", confidence=0.0)


def _show(answer: "Answer") -> None:
    from ui.terminal import answer_text

    typer.echo(answer_text(answer, color=wants_color()))
