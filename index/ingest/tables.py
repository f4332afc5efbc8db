"""CSV and JSON Lines: one article a row; a bad row is named and the rest goes on."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from index.ingest.body import draft_of
from index.ingest.dates import from_timestamp
from index.ingest.decode import check_text, plain_newlines
from index.ingest.draft import Draft
from index.ingest.errors import Unreadable
from index.ingest.fields import fields_of, metadata_of, warnings_of
from index.ingest.head import stands_alone
from index.ingest.paragraphs import paragraphs_of

_TEXT_COLUMNS = ("text", "body", "content", "article", "full_text", "fulltext", "article_text")
_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_FIELD = 1 << 30  # characters; the file's size is limited already


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the article in it, or why there is none."""

    number: int  # from 1, the header not counted
    draft: Draft | None = None
    reason: str = ""  # one line, without the path


def read_csv(text: str) -> Iterator[Row]:
    """The rows of a table with a header line; comma, semicolon, tab or bar between fields.

    Raises Unreadable where no column holds the articles' text.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    text = re.sub("\r\n?", "\n", text.replace("\0", "")).lstrip("\ufeff\n")
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip().lower() for name in next(reader, [])]
    if not any(name in header for name in _TEXT_COLUMNS):
        found = ", ".join(header)[:60]
        raise Unreadable(f"no column named text, body or content (found: {found or 'nothing'})")
    unclosed, lines = text.count('"') % 2 == 1, text.count("\n")
    number, line = 0, reader.line_num
    for fields in reader:
        long, line = reader.line_num - line > 1, reader.line_num
        if not any(field.strip() for field in fields):
            continue
        number += 1
        yield _csv_row(number, header, fields, unclosed=unclosed and long and line >= lines)


def read_jsonl(text: str) -> Iterator[Row]:
    """The records of a file with one JSON object a line; empty lines do not count."""
    number = 0
    for line in re.split("\r\n?|\n", text.replace("\0", "")):
        if not line.strip():
            continue
        number += 1
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            yield Row(number, reason="not JSON; write one object a line")
            continue
        if isinstance(record, dict):
            yield _row(number, {str(name).strip().lower(): one for name, one in record.items()})
        else:
            yield Row(number, reason='not a JSON object; write {"text": "...", "title": "..."}')


def _csv_row(number: int, header: list[str], fields: list[str], *, unclosed: bool) -> Row:
    if unclosed:
        return Row(number, reason="a quote opens and never closes; close or double it")
    if len(fields) > len(header):
        counts = f"{len(fields)} fields where the header names {len(header)}"
        return Row(number, reason=f"{counts}; put quotes around text that holds the delimiter")
    return _row(number, dict(zip(header, fields, strict=False)))


def _row(number: int, record: Mapping[str, object]) -> Row:
    try:
        return Row(number, _draft(record))
    except Unreadable as exc:
        return Row(number, reason=str(exc))


def _draft(record: Mapping[str, object]) -> Draft:
    text = next((record[name] for name in _TEXT_COLUMNS if record.get(name)), None)
    if not isinstance(text, str) or not text.strip():
        raise Unreadable("no words in the column text, body or content")
    check_text(json.dumps(record, ensure_ascii=False))
    fields = list(fields_of(_with_dates(record)))
    known = metadata_of(fields, origin="column")
    title = known.title.value if known.title else None
    draft = draft_of(
        paragraphs_of(plain_newlines(text), apart=stands_alone), headline=title, known=known
    )
    return replace(draft, warnings=warnings_of(fields) + draft.warnings)


def _with_dates(record: Mapping[str, object]) -> Mapping[str, object]:
    """The record with seconds since 1970 written as dates."""
    return {
        name: from_timestamp(value) or str(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else value
        for name, value in record.items()
    }
