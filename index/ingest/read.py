"""One file -> FileRead, in this process.

For files that nobody vouches for, `guard.read_files` runs this in a child
process that may run out of memory or time without harm.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from index.ingest.decode import decode, decode_records
from index.ingest.draft import Draft
from index.ingest.errors import Unreadable
from index.ingest.language import language_of, warning_about
from index.ingest.types import DEFAULT_LIMITS, MIB, FileRead, Limits, Refused
from index.types import Article

PLAIN = frozenset((".txt", ".text"))
MARKDOWN = frozenset((".md", ".markdown", ".mdown"))
PAGES = frozenset((".html", ".htm", ".xhtml"))
TABLES = frozenset((".csv", ".tsv"))
RECORDS = frozenset((".jsonl", ".ndjson"))
READABLE = PLAIN | MARKDOWN | PAGES | TABLES | RECORDS | {".pdf", ".docx", ".epub"}
_PAGE_STARTS = (b"<!doctype html", b"<html")


def read_file(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> FileRead:
    """All articles of one file; what cannot be read is in `refused`, never raised."""
    place = os.path.abspath(path)
    try:
        data = _bytes(path, limits)
        return _read(path, place, data)
    except Unreadable as exc:
        return FileRead(place, refused=(Refused(place, str(exc)),))


def _bytes(path: Path, limits: Limits) -> bytes:
    """The file's content. Raises Unreadable, with the cure."""
    try:
        # Opened without waiting: a pipe without a writer would hold us for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
        with os.fdopen(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise Unreadable("not a regular file; give a file or a folder")
            if about.st_size > limits.file_bytes:
                size, most = about.st_size // MIB, limits.file_bytes // MIB
                raise Unreadable(
                    f"{size} MB is too large; files up to {most} MB are read, split it"
                )
            data = file.read(limits.file_bytes + 1)
    except OSError as exc:
        raise Unreadable(
            f"it cannot be opened ({exc.strerror}); check it and its permissions"
        ) from exc
    if not data.strip():
        raise Unreadable("empty; there is nothing to add")
    return data


_BINARY = getattr(os, "O_BINARY", 0)


def _read(path: Path, place: str, data: bytes) -> FileRead:
    sha256 = hashlib.sha256(data).hexdigest()
    suffix = path.suffix.lower()
    if suffix in TABLES | RECORDS:
        return _read_table(path, place, data, sha256)
    draft = _draft(suffix, data)
    article = draft.article(path=place, name=path.stem, file_sha256=sha256)
    article, warnings = _with_language(article)
    return FileRead(place, (article,), warnings=(*draft.warnings, *warnings))


def _draft(suffix: str, data: bytes) -> Draft:
    if suffix in PAGES or (
        suffix in PLAIN and data[:200].lstrip().lower().startswith(_PAGE_STARTS)
    ):
        from index.ingest.html import read_html

        return read_html(data)
    if suffix == ".pdf":
        from index.ingest.pdf import read_pdf

        return read_pdf(data)
    if suffix == ".docx":
        from index.ingest.docx import read_docx

        return read_docx(data)
    if suffix == ".epub":
        from index.ingest.epub import read_epub

        return read_epub(data)
    if suffix in PLAIN | MARKDOWN:
        from index.ingest.text import read_text

        return read_text(decode(data), is_markdown=suffix in MARKDOWN)
    raise Unreadable(unknown_kind(suffix))


def unknown_kind(suffix: str) -> str:
    """Why a file with this ending is not read, with the cure."""
    kinds = "txt, md, html, pdf, docx, epub, csv or jsonl"
    if suffix in (".doc", ".odt", ".rtf", ".pages"):
        return f"{suffix} files cannot be read; save it as .docx"
    if suffix in (".zip", ".gz", ".tar", ".7z", ".rar"):
        return f"{suffix} files cannot be read; unpack it and add the folder"
    what = f"{suffix} files" if suffix else "files without an ending"
    return f"{what} cannot be read; give {kinds}"


def _read_table(path: Path, place: str, data: bytes, sha256: str) -> FileRead:
    from index.ingest.tables import Row, read_csv, read_jsonl

    text = decode_records(data)
    rows: Iterator[Row] = read_jsonl(text) if path.suffix.lower() in RECORDS else read_csv(text)
    articles: list[Article] = []
    refused: list[Refused] = []
    warnings: list[str] = []
    for row in rows:
        record = f"{place}#{row.number}"
        try:
            if row.draft is None:
                raise Unreadable(row.reason)
            name = f"{path.stem} {row.number}"
            article = row.draft.article(path=record, name=name, file_sha256=sha256)
        except Unreadable as exc:
            refused.append(Refused(record, str(exc)))
            continue
        article, about = _with_language(article)
        articles.append(article)
        warnings += [f"#{row.number}: {line}" for line in (*row.draft.warnings, *about)]
    if not articles and not refused:
        raise Unreadable("no rows in it; there is nothing to add")
    return FileRead(place, tuple(articles), tuple(refused), tuple(warnings))


def _with_language(article: Article) -> tuple[Article, tuple[str, ...]]:
    language = language_of(article.text)
    warning = warning_about(language)
    return replace(article, language=language), (warning,) if warning else ()
