"""Files of questions in SQuAD form: read, checked to the character, repaired if asked.

Knows the form and nothing of what is done with the questions.
"""

import gzip
import logging
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from qa.errors import DatasetError
from qa.types import Kind

log = logging.getLogger(__name__)

_SQUAD = "SQuAD-form JSON (data[].paragraphs[].context and qas[].{id, question, answers})"
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_NAMED = 5  # of the wrong answers that a message names


class Form(BaseModel):
    """A part of a file of questions; numbers serve as ids too."""

    model_config = ConfigDict(coerce_numbers_to_str=True)


class AnswerForm(Form):
    """One accepted answer: `context[answer_start:answer_start + len(text)] == text`."""

    text: str
    answer_start: int  # code points into the context


class AlsoForm(Form):
    """An answer that another article gives."""

    article: str
    text: str
    answer_start: int | None = None  # code points into that article's context; None: unsaid


class QaForm(Form):
    """A question; the fields after `is_impossible` are ours and may be missing."""

    id: str
    question: str
    answers: list[AnswerForm]
    is_impossible: bool = False
    kind: Kind | None = None
    also: list[AlsoForm] = []
    conflict: bool = False
    why: str | None = None


class ParagraphForm(Form):
    """A text with the questions about it."""

    context: str
    qas: list[QaForm]


class ArticleForm(Form):
    """The paragraphs of one article."""

    title: str = ""
    article: str | None = None
    paragraphs: list[ParagraphForm]


class DocumentForm(Form):
    """A whole file."""

    data: list[ArticleForm]


F = TypeVar("F", bound=Form)


def read_bytes(path: Path) -> bytes:
    """The file as it lies there. Raises DatasetError if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatasetError(
            f"{path}: cannot be read ({error.strerror}): name a file of questions"
        ) from error


def unpacked(raw: bytes, path: Path) -> bytes:
    """Without gzip and byte order mark. Raises DatasetError if the archive is damaged."""
    if raw.startswith(_GZIP):
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as error:
            raise DatasetError(f"{path}: damaged gzip file ({error}): fetch it again") from error
    return raw.removeprefix(_BOM)


def parsed(form: type[F], content: bytes, where: str, expected: str) -> F:
    """JSON as this form. Raises DatasetError that names the first wrong place."""
    try:
        return form.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        reason = f"{place}: {first['msg']}" if place else first["msg"]
        raise DatasetError(f"{where}: not {expected}: {reason}") from error


def read_document(content: bytes, path: Path, *, repair: bool = False) -> DocumentForm:
    """SQuAD JSON with every answer where it says.

    repair: an answer that stands elsewhere in its context is taken at the
    occurrence nearest to where it says; one that stands nowhere is left out, and
    with it a question that has no other. Both are logged. An answer without words
    is none: a question that has only such has no answer.
    Raises DatasetError where the form is another, or answers are misplaced and
    `repair` is not asked for.
    """
    if not content.strip():
        raise DatasetError(f"{path}: is empty: name a file of questions")
    document = parsed(DocumentForm, content, str(path), _SQUAD)
    found = _Misplaced()
    for article in document.data:
        for paragraph in article.paragraphs:
            paragraph.qas = list(_placed(paragraph, found))
    found.report(path, repair=repair)
    return document


@dataclass(slots=True)
class _Misplaced:
    """Ids of the questions whose answers do not stand where they say."""

    moved: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def report(self, path: Path, *, repair: bool) -> None:
        wrong = len(self.moved) + len(self.missing)
        if wrong and not repair:
            raise DatasetError(
                f"{path}: {_count(wrong)} not at answer_start in the context "
                f"({_named(self.moved + self.missing)}): correct them, or repair them with --repair"
            )
        if self.moved:
            log.warning(
                "%s: %s not at answer_start; the nearest occurrence is taken (%s)",
                path,
                _count(len(self.moved)),
                _named(self.moved),
            )
        if self.missing:
            log.warning(
                "%s: %s nowhere in the context and left out (%s)",
                path,
                _count(len(self.missing)),
                _named(self.missing),
            )


def _placed(paragraph: ParagraphForm, found: _Misplaced) -> Iterator[QaForm]:
    for qa in paragraph.qas:
        qa.answers = [answer for answer in qa.answers if answer.text.strip()]
        if qa.is_impossible or not qa.answers:  # only plausible answers, or none
            yield qa
            continue
        kept = []
        for answer in qa.answers:
            start = nearest(paragraph.context, answer.text, answer.answer_start)
            if start is None:
                found.missing.append(qa.id)
                continue
            if start != answer.answer_start:
                found.moved.append(qa.id)
                answer.answer_start = start
            kept.append(answer)
        qa.answers = kept
        if kept:
            yield qa


def nearest(context: str, words: str, start: int) -> int | None:
    """Where the words stand in the context nearest to `start`; None: nowhere.

    Of two equally near places the earlier.
    """
    if start >= 0 and context.startswith(words, start):
        return start
    places = [match.start() for match in re.finditer(f"(?={re.escape(words)})", context)]
    return min(places, key=lambda place: abs(place - start), default=None)


def _count(number: int) -> str:
    return "1 answer is" if number == 1 else f"{number} answers are"


def _named(ids: list[str]) -> str:
    different = list(dict.fromkeys(ids))
    more = f" and {len(different) - _NAMED} more" if len(different) > _NAMED else ""
    return "of question " + ", ".join(f"'{id_}'" for id_ in different[:_NAMED]) + more
