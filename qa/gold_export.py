"""Gold items as a file in SQuAD 2.0 form, to measure with and to train on.

Knows the form and the library, and nothing of either use.
"""

import json
from pathlib import Path

from index.library import Library
from index.search import nearest_by_words
from index.types import Article
from qa.errors import GoldError
from qa.gold import GoldItem, article_names, require_gold
from qa.squad_form import AlsoForm, AnswerForm, ArticleForm, DocumentForm, ParagraphForm, QaForm
from qa.types import Json
from qa.whole_file import write_whole


def gold_document(library: Library) -> DocumentForm:
    """All gold items, each under the whole text of the article that its first answer stands in.

    So `answer_start` is the offset in the article. Answers in other articles are
    in `also`, and their articles in the file too. A question without an answer
    stands under the article whose words come nearest. Raises GoldError if there is no item.
    """
    items = require_gold(library)
    shelf = _Shelf(library)
    for item in items:
        home = item.answers[0].article_id if item.answerable else shelf.nearest(item.question)
        shelf.paragraph(home).qas.append(_question(item, home, shelf))
    return DocumentForm(data=list(shelf.articles.values()))


class _Shelf:
    """The articles of the file, in the order in which they are needed."""

    def __init__(self, library: Library) -> None:
        self.names = article_names(library)
        self.articles: dict[str, ArticleForm] = {}
        self._library = library

    def paragraph(self, article_id: str) -> ParagraphForm:
        """The article's whole text, as the one paragraph it has in the file."""
        if article_id not in self.articles:
            self.articles[article_id] = self._form(article_id)
        return self.articles[article_id].paragraphs[0]

    def nearest(self, question: str) -> str:
        """The live article whose words come nearest, else the first, else none: empty."""
        if passage := nearest_by_words(self._library, question):
            return passage.article_id
        return next((record.id for record in self._library.articles()), "")

    def _form(self, article_id: str) -> ArticleForm:
        if not article_id:
            return ArticleForm(title="", paragraphs=[ParagraphForm(context="", qas=[])])
        article: Article = self._library.article(article_id)
        paragraph = ParagraphForm(context=article.text, qas=[])
        name = self.names[article_id]
        return ArticleForm(title=article.title.value, article=name, paragraphs=[paragraph])


def _question(item: GoldItem, home: str, shelf: _Shelf) -> QaForm:
    here = [
        AnswerForm(text=answer.text, answer_start=answer.start)
        for answer in item.answers
        if answer.article_id == home
    ]
    form = QaForm(
        id=item.id, question=item.question, answers=here, is_impossible=not item.answerable
    )
    elsewhere = [answer for answer in item.answers if answer.article_id != home]
    if elsewhere:
        form.also = [
            AlsoForm(article=shelf.names[a.article_id], text=a.text, answer_start=a.start)
            for a in elsewhere
        ]
    for answer in elsewhere:
        shelf.paragraph(answer.article_id)
    return form


def gold_json(document: DocumentForm) -> Json:
    """The JSON object that `eval.datasets.read_dataset` and `python -m qa.train --data` read."""
    return {"version": "v2.0", **document.model_dump(exclude_unset=True)}


def export_gold(library: Library, file: str | Path) -> int:
    """Write all gold items into this file, whole or not at all; how many comes back.

    Raises GoldError if there is none, or the file cannot be written.
    """
    file = Path(file)
    if ".jsonl" in file.suffixes:
        raise GoldError(f"{file}: a file of this name is read as JSON Lines: name it .json")
    if file.is_dir():
        raise GoldError(f"{file}: is a folder: name a file to write")
    document = gold_document(library)
    try:
        write_whole(file, json.dumps(gold_json(document), ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise GoldError(
            f"{file}: cannot be written ({error.strerror}): name another place"
        ) from error
    return sum(len(article.paragraphs[0].qas) for article in document.data)
