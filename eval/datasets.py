"""Questions with their right answers: SQuAD 1.1 and 2.0, the sample questions, JSON Lines.

Knows nothing of readers, libraries or measures.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import DatasetError
from qa.squad_form import Form, QaForm, parsed, read_bytes, read_document, unpacked
from qa.types import Kind

_LINE = 'a line of {"id": ..., "question": ..., "answers": [...]}'


@dataclass(frozen=True, slots=True)
class Context:
    """A text that questions are asked about."""

    text: str
    title: str
    article: str | None  # file name of its article, "#2" for a table's second record; None: unsaid


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """One accepted answer."""

    text: str
    article: str | None  # file name, id or title of the article it stands in; None: unsaid
    start: int | None  # code points into the context; None: stands elsewhere, or unsaid
    grade: int = 1  # how relevant the article is, where the data says so


@dataclass(frozen=True, slots=True)
class Question:
    """A question and all its accepted answers; without any it has no answer."""

    id: str
    question: str
    golds: tuple[GoldAnswer, ...]
    context: Context | None = None
    article: str | None = None  # what it is asked about: the data's name for it, else the title
    kind: Kind | None = None
    conflict: bool = False  # articles differ on the answer
    why: str | None = None  # why it has no answer: absent, false_premise, off_topic

    @property
    def gold_texts(self) -> tuple[str, ...]:
        """The accepted wordings, in any article."""
        return tuple(gold.text for gold in self.golds)

    @property
    def context_golds(self) -> tuple[str, ...]:
        """The accepted wordings that stand in its own context: what a reader can find."""
        return tuple(gold.text for gold in self.golds if gold.start is not None)


@dataclass(frozen=True, slots=True)
class DataSet:
    """A file of questions. `contexts` holds also those that no question is about."""

    path: Path
    sha256: str  # of the file's bytes, hex
    questions: tuple[Question, ...]
    contexts: tuple[Context, ...] = ()
    repaired: bool = False  # misplaced answers were looked for
    variant: str | None = None  # how the questions were changed; None: they are as written
    whole_articles: bool = False  # the right answers are articles, not words in them
    split: str | None = None  # which part of a folder, where it has several
    limit: int | None = None  # at most so many questions were taken; None: all

    def after(self, count: int) -> "DataSet":
        """Without the first `count` questions; all its contexts."""
        return replace(self, questions=self.questions[count:])

    def thinned(self, limit: int | None) -> "DataSet":
        """At most `limit` of the questions, spread evenly over the file; all its contexts."""
        count = len(self.questions)
        if limit is None or limit >= count:
            return self
        chosen = tuple(self.questions[i * count // limit] for i in range(limit))
        return replace(self, questions=chosen, limit=limit)


def read_dataset(path: str | Path, *, repair: bool = False) -> DataSet:
    """Read a data set, gzipped or not: JSON Lines if its name says .jsonl, else SQuAD form.

    repair: take answers that do not stand where they say at the nearest place
    where they do (`qa.squad_form.read_document`).
    Raises DatasetError where the file is missing, has another form, holds no
    question, uses an id twice, or has misplaced answers that are not repaired.
    """
    path = Path(path)
    if path.is_dir():
        raise DatasetError(
            f"{path}: is a folder: name a file of questions; 'eval retrieval' takes BEIR folders"
        )
    raw = read_bytes(path)
    sha256 = hashlib.sha256(raw).hexdigest()
    content = unpacked(raw, path)
    if ".jsonl" in path.suffixes:
        data = DataSet(path, sha256, tuple(_lines(content, path)))
    else:
        data = DataSet(path, sha256, *_squad(content, path, repair=repair), repaired=repair)
    _check_ids(data.questions, path)
    return data


def _check_ids(questions: Sequence[Question], path: Path) -> None:
    if not questions:
        raise DatasetError(f"{path}: holds no question: there is nothing to measure")
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise DatasetError(f"{path}: two questions have the id '{question.id}': rename one")
        seen.add(question.id)


class _Line(Form):
    id: str
    question: str
    answers: list[str]
    article: str | None = None


def _squad(
    content: bytes, path: Path, *, repair: bool
) -> tuple[tuple[Question, ...], tuple[Context, ...]]:
    document = read_document(content, path, repair=repair)
    contexts: list[Context] = []
    questions: list[Question] = []
    for article in document.data:
        for paragraph in article.paragraphs:
            context = Context(paragraph.context, article.title, article.article)
            contexts.append(context)
            questions += [_question(qa, context) for qa in paragraph.qas]
    return tuple(questions), tuple(contexts)


def _question(qa: QaForm, context: Context) -> Question:
    here = [GoldAnswer(a.text, context.article, a.answer_start) for a in qa.answers]
    elsewhere = [GoldAnswer(also.text, also.article, None) for also in qa.also]
    return Question(
        id=qa.id,
        question=qa.question,
        golds=() if qa.is_impossible else (*here, *elsewhere),
        context=context,
        article=context.article or context.title or None,
        kind=qa.kind,
        conflict=qa.conflict,
        why=qa.why,
    )


def _lines(content: bytes, path: Path) -> Iterator[Question]:
    for number, written in enumerate(content.splitlines(), start=1):
        if not written.strip():
            continue
        line = parsed(_Line, written, f"{path}, line {number}", _LINE)
        golds = tuple(GoldAnswer(text, line.article, None) for text in line.answers)
        yield Question(line.id, line.question, golds, article=line.article)
