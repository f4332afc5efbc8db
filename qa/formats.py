"""Citations in every form that `footnote cite` prints and writes."""

import html
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, get_args

from qa.bibtex import bibtex
from qa.cite import CitationRecord, records_json, web_annotation
from qa.csl import csl_json
from qa.errors import CitationError
from qa.rich_text import as_html, as_markdown, escaped_markdown, one_line, plain
from qa.ris import ris
from qa.styles import format_records, full_references
from qa.whole_file import write_whole

Format = Literal["text", "markdown", "html", "csl-json", "bibtex", "ris", "web-annotation", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
JSON_FORMATS = frozenset({"csl-json", "web-annotation", "json"})


def in_format(records: Sequence[CitationRecord], form: Format, *, style: str = "apa") -> str:
    """The citations in this form, without a line break at the end.

    style: of references, in text, Markdown and HTML. Raises CitationError if there is no
    such style.
    """
    if form in _STYLED:
        return _STYLED[form](records, style)
    return _UNSTYLED[form](records).rstrip("\n")


def _text(records: Sequence[CitationRecord], style: str) -> str:
    return "\n".join(plain(entry) for entry in format_records(records, style).bibliography)


def _markdown(records: Sequence[CitationRecord], style: str) -> str:
    """Footnotes, numbered as given, each with its quote."""
    references = full_references(records, style)
    return "\n".join(
        f"[^{number}]: “{escaped_markdown(one_line(record.quote))}” {as_markdown(reference)}"
        for number, (record, reference) in enumerate(zip(records, references, strict=True), start=1)
    )


def _html(records: Sequence[CitationRecord], style: str) -> str:
    """A numbered list, each item with its quote."""
    references = full_references(records, style)
    items = [
        f'<li dir="auto"><q dir="auto">{html.escape(one_line(record.quote))}</q> '
        f"{as_html(reference)}</li>"
        for record, reference in zip(records, references, strict=True)
    ]
    return "\n".join(['<ol class="citations">', *items, "</ol>"])


def _annotations(records: Sequence[CitationRecord]) -> str:
    found = [web_annotation(record) for record in records]
    return json.dumps(found, ensure_ascii=False, indent=2)


_STYLED: dict[Format, Callable[[Sequence[CitationRecord], str], str]] = {
    "text": _text,
    "markdown": _markdown,
    "html": _html,
}
_UNSTYLED: dict[Format, Callable[[Sequence[CitationRecord]], str]] = {
    "csl-json": csl_json,
    "bibtex": bibtex,
    "ris": ris,
    "web-annotation": _annotations,
    "json": records_json,
}


def write_citations(file: Path, text: str) -> None:
    """Write the text into this file, whole or not at all.

    Raises CitationError if it cannot be written.
    """
    try:
        if file.is_dir():
            raise CitationError(f"{file}: is a folder: name a file to write")
        write_whole(file, f"{text}\n")
    except OSError as error:
        raise CitationError(
            f"{file}: cannot be written ({error.strerror}): name another place"
        ) from error
