"""`footnote gold add|list|remove|export`: the answers that one knows, kept to measure with."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.console import print_json, safe, say
from ui.options import (
    DEFAULT_LIBRARY,
    EncoderOption,
    JsonOption,
    LibraryOption,
    ReaderOption,
)

if TYPE_CHECKING:
    from index.library import Library
    from index.rows import ArticleRecord
    from index.types import Passage
    from qa.gold import GoldItem

STDOUT = "-"

gold_app = typer.Typer(
    help="Keep questions whose answers you know, to measure the library on them again.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


@gold_app.command("add")
def add(
    question: Annotated[str, typer.Argument(metavar="QUESTION")],
    answer: Annotated[
        str | None,
        typer.Option("--answer", metavar="WORDS", help="The answer, in words of an article."),
    ] = None,
    article: Annotated[
        str | None,
        typer.Option("--article", metavar="ID", help="The article in which the words stand."),
    ] = None,
    start: Annotated[
        int | None,
        typer.Option("--start", min=0, metavar="N", help="The character at which they begin."),
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Ask now, and keep the answer that is given.")
    ] = False,
    no_answer: Annotated[
        bool, typer.Option("--no-answer", help="The library does not hold the answer.")
    ] = False,
    library: LibraryOption = DEFAULT_LIBRARY,
    reader: ReaderOption = None,
    encoder: EncoderOption = None,
) -> None:
    """Keep a question with its answer, with what is answered now, or as one without an answer.

    Words that stand in several places are taken where the assistant cites them,
    else in the passage that search ranks first; where that does not decide,
    --article and --start do. Adding to the same question again accepts one more answer.
    """
    if (answer is not None) + confirm + no_answer != 1:
        raise typer.BadParameter("give one of these three", param_hint=_WAYS)
    if answer is None and (article is not None or start is not None):
        raise typer.BadParameter("they say where --answer stands", param_hint=_PLACING)
    from index.library import Library
    from qa.gold import add_gold
    from qa.question import check_question

    check_question(question)  # before the models are loaded for nothing
    if confirm:
        _confirm(question, library, reader, encoder)
        return
    with Library.open(library) as shelf:
        places: list[Passage] = []
        if answer is not None:
            places = [_place(shelf, question, answer, article, start, reader, encoder)]
        _say_kept(shelf, *add_gold(shelf, question, places))


_WAYS = ["--answer", "--confirm", "--no-answer"]
_PLACING = ["--article", "--start"]


def _confirm(question: str, library: Path, reader: str | None, encoder: str | None) -> None:
    from qa.assistant import Assistant
    from qa.gold import confirm_gold

    with Assistant.open(library, reader=reader, encoder=encoder) as assistant:
        kept = confirm_gold(assistant.library, assistant.ask(question))
        _say_kept(assistant.library, *kept)


def _place(
    shelf: "Library",
    question: str,
    words: str,
    article: str | None,
    start: int | None,
    reader: str | None,
    encoder: str | None,
) -> "Passage":
    """Where the answer stands; models are loaded only if it stands in several places."""
    from qa.gold import choose_place, find_words

    places = find_words(shelf, words, article_id=article, start=start)
    if len(places) == 1:
        return places[0]
    from index.embed import open_encoder
    from index.search import Searcher
    from qa.assistant import Assistant
    from qa.comparison import load_comparison
    from qa.confidence import load_calibration
    from qa.reader import SpanReader

    searcher = Searcher.open(shelf, open_encoder(encoder))
    fitted = load_calibration(reader), load_comparison(reader)
    found = Assistant(shelf, searcher, SpanReader(reader), *fitted).ask(question)
    rejected = found.best_rejected.citations if found.best_rejected else ()
    passages = [hit.passage for hit in searcher.search(question).hits]
    return choose_place(places, citations=(*found.citations, *rejected), passages=passages)


def _say_kept(shelf: "Library", item: "GoldItem", new: bool) -> None:
    from ui.terminal import gold_listing

    typer.echo(gold_listing([item], _records(shelf, [item])))
    typer.echo("added" if new else "already there")


def _records(shelf: "Library", items: "Sequence[GoldItem]") -> "dict[str, ArticleRecord]":
    """The records of the articles in which the answers stand, by id."""
    ids = {answer.article_id for item in items for answer in item.answers}
    return {id_: shelf.record(id_) for id_ in ids}


@gold_app.command("list")
def list_items(library: LibraryOption = DEFAULT_LIBRARY, as_json: JsonOption = False) -> None:
    """List the gold items: id, question, and each accepted answer with its place."""
    from index.library import Library
    from qa.gold import list_gold
    from ui.terminal import gold_listing

    with Library.open(library) as shelf:
        items = list_gold(shelf)
        records = _records(shelf, items)
    if as_json:
        print_json([_to_json(item, records) for item in items])
    elif items:
        typer.echo(gold_listing(items, records))
    else:
        say(
            f"library {library} holds no gold items: add one with "
            "'footnote gold add QUESTION --answer WORDS'"
        )


def _to_json(item: "GoldItem", records: "dict[str, ArticleRecord]") -> dict[str, object]:
    return {
        "id": item.id,
        "question": item.question,
        "answerable": item.answerable,
        "answers": [
            {
                "article_id": answer.article_id,
                "title": records[answer.article_id].title,
                "path": records[answer.article_id].path,
                "state": records[answer.article_id].state,
                "start": answer.start,
                "end": answer.end,
                "answer": answer.text,
                "added_at": answer.added_at,
            }
            for answer in item.answers
        ],
        "added_at": item.added_at,
    }


@gold_app.command("remove")
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids or their beginnings.")],
    library: LibraryOption = DEFAULT_LIBRARY,
) -> None:
    """Delete gold items with all of their answers, all of them or none."""
    from index.library import Library
    from qa.gold import remove_gold
    from ui.terminal import gold_listing

    with Library.open(library) as shelf:
        removed = remove_gold(shelf, ids)
        typer.echo(gold_listing(removed, _records(shelf, removed)))
    typer.echo(f"{len(removed)} removed")


@gold_app.command("export")
def export(
    file: Annotated[str, typer.Argument(metavar="FILE", help='"-" is standard output.')],
    library: LibraryOption = DEFAULT_LIBRARY,
) -> None:
    """Write all gold items in SQuAD 2.0 form, for `footnote eval` and for training."""
    from index.library import Library
    from qa.gold_export import export_gold, gold_document, gold_json

    with Library.open(library) as shelf:
        if file == STDOUT:
            print_json(gold_json(gold_document(shelf)), indent=1)
            return
        count = export_gold(shelf, file)
    typer.echo(safe(f"{count} gold items written to {file}"))
