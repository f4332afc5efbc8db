"""A library's own gold items as a data set: to ask them all again."""

import hashlib
import json

from eval.datasets import DataSet, GoldAnswer, Question
from index.library import Library
from qa.gold import GoldItem, article_names, require_gold


def gold_dataset(library: Library) -> DataSet:
    """All gold items, each with its answers' words and the names of their articles.

    An answer counts by its words in an article of that name, so also in a later
    version of the file. The hash is that of the items alone: it stays while
    articles come and go. Raises GoldError if there is no item.
    """
    items = require_gold(library)
    names = article_names(library)
    questions = tuple(_question(item, names) for item in items)
    return DataSet(library.folder / "gold", _sha256(items), questions)


def _question(item: GoldItem, names: dict[str, str]) -> Question:
    golds = tuple(GoldAnswer(a.text, names[a.article_id], None) for a in item.answers)
    return Question(item.id, item.question, golds, article=golds[0].article if golds else None)


def _sha256(items: list[GoldItem]) -> str:
    known = [
        [item.id, [[a.article_id, a.start, a.end] for a in item.answers]]  # the id is the words'
        for item in items
    ]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()
