"""FileRead <-> one line of JSON, between the guarded child and its parent.

Not pickle: what comes back was made in a process that parsed a hostile file.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict

from index.ingest.types import FileRead, Refused
from index.types import Article, PublishedDate, Sourced


class Garbled(ValueError):
    """A line that is no FileRead."""


def to_line(result: FileRead) -> bytes:
    """The result as one line of JSON, ASCII, with its end of line."""
    return json.dumps(asdict(result)).encode("ascii") + b"\n"


def from_line(line: bytes) -> FileRead:
    """The result that `to_line` wrote. Raises Garbled for any other line."""
    try:
        data = _record(json.loads(line))
        return FileRead(
            _text(data["path"]),
            tuple(_article(_record(one)) for one in _list(data["articles"])),
            tuple(_refused(_record(one)) for one in _list(data["refused"])),
            tuple(_text(one) for one in _list(data["warnings"])),
        )
    except (ValueError, KeyError, RecursionError) as exc:
        raise Garbled("the reading process answered something that is no result") from exc


def _article(data: dict[str, object]) -> Article:
    title = _sourced(data["title"])
    if title is None:
        raise Garbled("an article without a title")
    return Article(
        text=_text(data["text"]),
        title=title,
        path=_text(data["path"]),
        file_sha256=_text(data["file_sha256"]),
        source=_sourced(data["source"]),
        authors=tuple(name for one in _list(data["authors"]) if (name := _sourced(one))),
        url=_sourced(data["url"]),
        published=_published(data["published"]),
        body_start=_number(data["body_start"]),
        page_starts=tuple(_number(one) for one in _list(data["page_starts"])),
        language=_text(data["language"]),
    )


def _sourced(value: object) -> Sourced | None:
    if value is None:
        return None
    data = _record(value)
    return Sourced(_text(data["value"]), _text(data["origin"]))


def _published(value: object) -> PublishedDate | None:
    if value is None:
        return None
    data = _record(value)
    trusted = _text(data["trust"]) == "high"
    return PublishedDate(_text(data["value"]), _text(data["origin"]), "high" if trusted else "low")


def _refused(data: dict[str, object]) -> Refused:
    return Refused(_text(data["path"]), _text(data["reason"]))


def _record(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Garbled("no record")
    return value


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise Garbled("no list")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Garbled("no text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise Garbled("no offset")
    return value
