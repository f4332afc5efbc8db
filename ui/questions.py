"""A file of questions, line by line: plain text or JSON Lines.

A line that cannot be asked keeps its place and says what is wrong with it.
"""

import codecs
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TextIO

from qa.errors import QuestionError

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Line:
    """One question and where it stands."""

    number: int  # from 1, blank lines counted
    id: object  # as given, or the line's number
    question: str
    problem: str = ""  # why it cannot be asked, empty if it can
    conversation: str | int | None = None  # lines of one are its turns; None: it stands alone


@contextmanager
def opened(file: str, *, what: str = "a file of questions") -> Iterator[TextIO]:
    """The file as text, or standard input for "-". Bytes that are no UTF-8 spoil no line.

    what: is asked for in messages. Raises QuestionError if it cannot be read, or is no text.
    """
    if file == STDIN:
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        text = Path(file).open(encoding=_encoding(Path(file), what), errors="replace")
    except OSError as exc:
        reason = exc.strerror or str(exc)
        raise QuestionError(f"{file}: cannot be read ({reason}): give {what}") from exc
    with text:
        yield text


def _encoding(file: Path, what: str) -> str:
    with file.open("rb") as data:
        head = data.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head:
        raise QuestionError(f"{file}: not text: give {what}, one a line")
    return "utf-8-sig"


def read_lines(lines: Iterable[str]) -> Iterator[Line]:
    """The lines that are not blank. One that starts with a brace is a JSON object."""
    for number, text in enumerate(lines, start=1):
        words = text.strip()
        if words:
            yield _record(number, words) if words.startswith("{") else Line(number, number, words)


def _record(number: int, text: str) -> Line:
    try:
        record = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as exc:
        what = "too deep" if isinstance(exc, RecursionError) else exc
        problem = f'not JSON ({what}): write {{"id": 1, "question": "..."}}, or the question alone'
        return Line(number, number, text, problem)
    question, given = record.get("question"), record.get("id", number)
    if not isinstance(question, str):
        return Line(number, given, "", 'no "question" in it that is text: add one')
    conversation = record.get("conversation")
    if isinstance(conversation, bool) or not isinstance(conversation, str | int | None):
        return Line(number, given, question, '"conversation" must be text or a whole number')
    return Line(number, given, question, conversation=conversation)


def _refuse(constant: str) -> NoReturn:
    """NaN and Infinity, which Python reads and no other reader of our output would."""
    raise ValueError(f"{constant} is no JSON")
