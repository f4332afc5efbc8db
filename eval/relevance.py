"""Whether a passage or a citation is one that the data calls right.

It is if it stands in a gold article and holds a gold answer's words. Data that
does not say where its answers stand accepts them in any article.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from eval.datasets import GoldAnswer
from eval.metrics import holds
from eval.ranking import Found, Ranking
from index.library import Library
from index.types import Article

_ANY = ""  # the name that every article answers to


class Articles(Protocol):
    """Anything that knows articles by their ids."""

    def article(self, article_id: str, /) -> Article:
        """The article, whole."""


def names_of(articles: Iterable[Article]) -> frozenset[str]:
    """What a data set may call these articles: file name, id or title, without case."""
    names = {_ANY}
    for article in articles:
        called = (Path(article.path).name, article.id, article.title.value)
        names.update(name.casefold() for name in called)
    return frozenset(names)


def voice_by_name(library: Library) -> Callable[[str], str]:
    """The data's name of a live article -> what the article shares with its copies.

    A name of several articles stands for the last of them, an unknown one for itself.
    """
    ids = [record.id for record in library.articles()]
    voices = library.voices_of(ids)
    by_name = {name: voices[id_] for id_ in ids for name in names_of([library.article(id_)])}
    return lambda name: by_name.get(name.casefold(), name)


def gold_articles(golds: Sequence[GoldAnswer]) -> frozenset[str]:
    """The different articles that hold an answer, as names without case."""
    return frozenset((gold.article or _ANY).casefold() for gold in golds)


def is_gold(text: str, names: frozenset[str], golds: Sequence[GoldAnswer]) -> bool:
    """Whether this text of an article with these names is a right place for the answer."""
    return not names.isdisjoint(gold_articles(golds)) and _answers(text, golds)


def _answers(text: str, golds: Sequence[GoldAnswer]) -> bool:
    return any(holds(text, gold.text) for gold in golds)


def ranking_of(hits: Sequence[tuple[frozenset[str], str]], golds: Sequence[GoldAnswer]) -> Ranking:
    """At which ranks gold articles are first found, and what is missed.

    hits: the names of each one's article, and its text, best first. Gold
    articles that one hit stands for (they have the same text) count as one.
    """
    left: dict[str, int] = {}
    for gold in golds:
        name = (gold.article or _ANY).casefold()
        left[name] = max(left.get(name, 1), gold.grade)
    found: list[Found] = []
    for rank, (names, text) in enumerate(hits, start=1):
        met = names & left.keys()
        if met and _answers(text, golds):
            found.append(Found(rank, max(left.pop(name) for name in met)))
    return Ranking(tuple(found), tuple(sorted(left.values(), reverse=True)))
