"""A data set's own contexts as articles, and a library of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from eval.datasets import Context, DataSet
from index.embed import Encoder
from index.library import Library
from index.types import Article, Sourced
from qa.errors import DatasetError

_BATCH = 64  # articles added at a time

Progress = Callable[[int, int], None]  # done, of how many


def as_articles(data: DataSet) -> tuple[DataSet, list[Article]]:
    """One article for each different context, and the data with gold articles named so.

    An article is named as the data names it, else by the data's file and a
    number; contexts of one named article follow one another in it.
    Raises DatasetError if the data has no contexts.
    """
    if not data.contexts:
        raise DatasetError(f"{data.path}: has no contexts: name your library with --library")
    names: dict[Context, str] = {}
    texts: dict[str, list[Context]] = {}
    for context in dict.fromkeys(data.contexts):
        names[context] = context.article or f"{data.path.name}#{len(names) + 1}"
        texts.setdefault(names[context], []).append(context)
    articles = [_article(data, name, contexts) for name, contexts in texts.items()]
    questions = tuple(
        replace(
            question,
            golds=tuple(
                replace(gold, article=gold.article or names[question.context])
                for gold in question.golds
            ),
        )
        if question.context
        else question
        for question in data.questions
    )
    return replace(data, questions=questions), articles


def pooled_articles(sets: Sequence[DataSet]) -> tuple[list[DataSet], list[Article]]:
    """One article for each different context of all sets, and the sets with golds named so.

    A context that stands in several sets is named as the first of them names it.
    Raises DatasetError if a set has no contexts.
    """
    articles: dict[str, Article] = {}
    named: list[DataSet] = []
    for data in sets:
        data, own = as_articles(data)
        first = {Path(a.path).name: articles.setdefault(a.text, a) for a in own}
        named.append(
            replace(
                data,
                questions=tuple(
                    replace(
                        question,
                        golds=tuple(
                            replace(gold, article=Path(first[gold.article].path).name)
                            if gold.article in first
                            else gold
                            for gold in question.golds
                        ),
                    )
                    for question in data.questions
                ),
            )
        )
    return named, list(articles.values())


def _article(data: DataSet, name: str, contexts: list[Context]) -> Article:
    # Wikipedia's titles are written as they stand in an address.
    if name in ("", ".", ".."):
        raise DatasetError(f"{data.path}: '{name}' is no name for an article: give it another")
    title = unquote(contexts[0].title).replace("_", " ").strip() or name
    return Article(
        text="\n\n".join(context.text for context in contexts),
        title=Sourced(title, "data set"),
        path=str(data.path.resolve().with_name(name)),
        file_sha256=data.sha256,
    )


def build_library(
    folder: str | Path,
    articles: Sequence[Article],
    encoder: Encoder,
    *,
    on_progress: Progress | None = None,
) -> None:
    """Make a library of these articles in an empty folder.

    Raises LibraryError where that is not possible, IngestError for text that UTF-8 cannot hold.
    """
    with Library.open(folder, create=True) as library, library.adding():
        for done in range(0, len(articles), _BATCH):
            library.add(articles[done : done + _BATCH], encoder)
            if on_progress:
                on_progress(min(done + _BATCH, len(articles)), len(articles))
