"""`footnote report …`: cited answers and notes, gathered in a file and printed as a document."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ui.console import progress_bar, safe, say
from ui.options import (
    DEFAULT_LIBRARY,
    AsOf,
    EncoderOption,
    LibraryOption,
    Precision,
    ReaderOption,
)
from ui.questions import STDIN, opened

if TYPE_CHECKING:
    from qa.report import Report, ReportItem

report_app = typer.Typer(
    help="Gather cited answers and notes in a report, and print it as a document.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)

ReportFile = Annotated[Path, typer.Argument(metavar="FILE", help="The report, a YAML file.")]
Number = Annotated[int, typer.Argument(metavar="N", help="The item, counted from 1.")]
Style = Literal["apa", "chicago", "mla", "harvard", "ieee"]  # qa.styles.STYLES, not imported for it
StyleOption = Annotated[
    Style | None, typer.Option("--style", case_sensitive=False, help="How sources are cited.")
]


@report_app.command("new")
def new(
    file: ReportFile,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What it is about.")],
    style: StyleOption = None,
) -> None:
    """Begin a report; a file that is there already is left alone."""
    from qa.errors import ReportError
    from qa.report import Report
    from qa.report_file import save_report

    if not title.strip():
        raise ReportError("--title: is empty: say what the report is about")
    save_report(Report(title=title, style=style or "apa"), file, new=True)
    typer.echo(f"{safe(str(file))}: begun")


@report_app.command("add")
def add(
    file: ReportFile,
    questions: Annotated[
        list[str] | None, typer.Argument(metavar="[QUESTION]...", help="Asked now.")
    ] = None,
    answers: Annotated[
        list[str] | None,
        typer.Option(
            "--answer",
            metavar="JSON",
            help='What ask --json or batch printed; "-" is standard input. May be repeated.',
        ),
    ] = None,
    as_of: AsOf = None,
    precision: Precision = None,
    library: LibraryOption = DEFAULT_LIBRARY,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Add answers at the end: to questions that are asked now, or of an earlier run."""
    from qa.question import check_question
    from qa.report_answers import item_of, read_items
    from qa.report_file import load_report, save_report

    if not questions and not answers:
        raise typer.BadParameter("give one of these two", param_hint=["QUESTION", "--answer"])
    report = load_report(file)
    for question in questions or ():
        check_question(question)  # before the models are loaded for nothing
    items: list[ReportItem] = []
    for name in answers or ():
        with opened(name, what="a file of answers") as text:
            where = "standard input" if name == STDIN else name
            items += read_items(text.read(), where, on_unasked=_say_unasked)
    if questions:
        from qa.assistant import Assistant

        with (
            Assistant.open(library, reader=reader, encoder=encoder) as assistant,
            progress_bar("asking") as progress,
        ):
            for done, question in enumerate(questions, start=1):
                items.append(item_of(assistant.ask(question, as_of=as_of, precision=precision)))
                progress(done, len(questions))
        report = load_report(file)  # it may have been edited meanwhile
    save_report(report.adding(*items), file)
    for number, item in enumerate(items, start=len(report.items) + 1):
        typer.echo(f"{number}. {safe(item.question)}\n   {safe(item.answer) or _NOTHING}")


_NOTHING = "no answer"


def _say_unasked(said: str) -> None:
    say(f"passed over: {said}")


@report_app.command("note")
def note(
    file: ReportFile,
    number: Annotated[
        int, typer.Argument(metavar="N", min=0, help="The item, from 1; 0 is before them all.")
    ],
    text: Annotated[str, typer.Argument(metavar="TEXT", help='Your words; "" takes them away.')],
) -> None:
    """Put your own words at an item."""
    _change(file, lambda report: report.noting(number or None, text))


@report_app.command("move")
def move(
    file: ReportFile,
    number: Number,
    to: Annotated[int, typer.Argument(metavar="TO", help="Its new place, from 1.")],
) -> None:
    """Put an item at another place."""
    _change(file, lambda report: report.moving(number, to))


@report_app.command("remove")
def remove(file: ReportFile, number: Number) -> None:
    """Take an item out."""
    _change(file, lambda report: report.removing(number))


@report_app.command("show")
def show(file: ReportFile) -> None:
    """Print what a report holds."""
    from qa.report_file import load_report

    for line in _shown(load_report(file)):
        typer.echo(line)


@report_app.command("export")
def export(
    file: ReportFile,
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="A name ending in .md, .html, .docx or .pdf.")
    ],
    style: StyleOption = None,
) -> None:
    """Print a report as a document, its citations inside for `footnote verify`."""
    from qa.report_export import export_report
    from qa.report_file import load_report

    export_report(load_report(file), out, style=style)
    typer.echo(f"written to {safe(str(out))}")


def _change(file: Path, change: "Callable[[Report], Report]") -> None:
    from qa.report_file import load_report, save_report

    report = change(load_report(file))
    save_report(report, file)
    for line in _shown(report):
        typer.echo(line)


def _shown(report: "Report") -> Iterator[str]:
    yield f"{safe(report.title)} ({safe(report.style)})"
    if report.note:
        yield f"   Note: {_short(report.note)}"
    if not report.items:
        yield "   no items yet"
    for number, item in enumerate(report.items, start=1):
        yield f"{number}. {safe(item.question)}"
        yield f"   {_short(item.answer) or _NOTHING}{_sources(item)}"
        if item.note:
            yield f"   Note: {_short(item.note)}"


def _sources(item: "ReportItem") -> str:
    if not item.citations:
        return ""
    titles = dict.fromkeys(item.citations[n - 1].title for n in item.cited)
    disagree = "; sources disagree" if len(item.claims) > 1 else ""
    return f"  [{safe('; '.join(titles))}{disagree}]"


def _short(text: str) -> str:
    """In one line of the terminal."""
    joined = " ".join(text.split())
    return safe(joined if len(joined) <= 200 else joined[:199] + "…")
