"""Questions with their right answers: SQuAD 1.1 and 2.0, the sample questions, JSON Lines.

Knows nothing of readers, libraries or measures.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from qa.errors import DatasetError
from qa.types import Kind

_SQUAD = "SQuAD-form JSON (data[].paragraphs[].context and qas[].{id, question, answers})"
_LINE = 'a line of {"id": ..., "question": ..., "answers": [...]}'
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


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

    def thinned(self, limit: int | None) -> "DataSet":
        """At most `limit` of the questions, spread evenly over the file; all its contexts."""
        count = len(self.questions)
        if limit is None or limit >= count:
            return self
        chosen = tuple(self.questions[i * count // limit] for i in range(limit))
        return replace(self, questions=chosen)


def read_dataset(path: str | Path) -> DataSet:
    """Read a data set, gzipped or not: JSON Lines if its name says .jsonl, else SQuAD form.

    Raises DatasetError where the file is missing, has another form, holds no
    question, or uses an id twice.
    """
    path = Path(path)
    raw = _read(path)
    sha256 = hashlib.sha256(raw).hexdigest()
    content = _unpacked(raw, path).removeprefix(_BOM)
    if ".jsonl" in path.suffixes:
        data = DataSet(path, sha256, tuple(_lines(content, path)))
    else:
        data = DataSet(path, sha256, *_squad(content, path))
    _check_ids(data.questions, path)
    return data


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatasetError(
            f"{path}: cannot be read ({error.strerror}): name a file of questions"
        ) from error


def _unpacked(raw: bytes, path: Path) -> bytes:
    if not raw.startswith(_GZIP):
        return raw
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"{path}: damaged gzip file ({error}): fetch it again") from error


def _check_ids(questions: Sequence[Question], path: Path) -> None:
    if not questions:
        raise DatasetError(f"{path}: holds no question: there is nothing to measure")
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise DatasetError(f"{path}: two questions have the id '{question.id}': rename one")
        seen.add(question.id)


class _Form(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True)


class _Answer(_Form):
    text: str
    answer_start: int


class _Also(_Form):
    article: str
    text: str


class _Qa(_Form):
    id: str
    question: str
    answers: list[_Answer]
    is_impossible: bool = False
    kind: Kind | None = None
    also: list[_Also] = []
    conflict: bool = False
    why: str | None = None


class _Paragraph(_Form):
    context: str
    qas: list[_Qa]


class _Article(_Form):
    title: str = ""
    article: str | None = None
    paragraphs: list[_Paragraph]


class _Document(_Form):
    data: list[_Article]


class _Line(_Form):
    id: str
    question: str
    answers: list[str]
    article: str | None = None


_F = TypeVar("_F", bound=_Form)


def _parsed(form: type[_F], content: bytes, where: str, expected: str) -> _F:
    try:
        return form.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        reason = f"{place}: {first['msg']}" if place else first["msg"]
        raise DatasetError(f"{where}: not {expected}: {reason}") from error


def _squad(content: bytes, path: Path) -> tuple[tuple[Question, ...], tuple[Context, ...]]:
    document = _parsed(_Document, content, str(path), _SQUAD)
    contexts: list[Context] = []
    questions: list[Question] = []
    for article in document.data:
        for paragraph in article.paragraphs:
            context = Context(paragraph.context, article.title, article.article)
            contexts.append(context)
            questions += [_question(qa, context) for qa in paragraph.qas]
    return tuple(questions), tuple(contexts)


def _question(qa: _Qa, context: Context) -> Question:
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
        line = _parsed(_Line, written, f"{path}, line {number}", _LINE)
        golds = tuple(GoldAnswer(text, line.article, None) for text in line.answers)
        yield Question(line.id, line.question, golds, article=line.article)
