"""Citation records out of reports, report files and JSON that nobody vouches for.

Sizes are capped, no entity is expanded and no address opened; what a file is is seen
by what is in it, not by its name. `qa.embedded` writes what is read here.
"""

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from index.ingest.archive import open_archive
from index.ingest.errors import DAMAGE, Unreadable
from index.ingest.types import MIB
from qa.cite import CitationRecord, read_records
from qa.errors import CitationError, ReportError

NAME = "footnote-citations"  # of the Markdown block, the HTML element and the attachment
COMMENT = f"<!-- {NAME}"  # how the Markdown block begins
ATTACHMENT = f"{NAME}.json"
NAMESPACE = "urn:footnote:citations"  # of the custom XML in a DOCX file
MOST_EMBEDDED = 8 * MIB  # of records in one report: some thousands

_MOST_BYTES = 200 * MIB  # of a file
_CURE = "give a report that Footnote wrote, or what 'footnote ask --json' printed"
_DAMAGED = "the citations in it are damaged: get the report anew"

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # what it notes is no news to a user


def read_embedded(path: Path) -> list[CitationRecord]:
    """The records in a report (YAML, Markdown, HTML, DOCX, PDF) or in JSON, each once.

    Raises CitationError for a file without records, a damaged one, and one that a newer
    Footnote wrote.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # a name with NUL in it is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise CitationError(f"{path}: {reason}: {_CURE}") from error
    return read_records_in(data, str(path))


def read_records_in(data: bytes, where: str) -> list[CitationRecord]:
    """The same from a file's bytes; where: names it in messages."""
    if len(data) > _MOST_BYTES:
        raise CitationError(f"{where}: over {_MOST_BYTES // MIB} MB, no report: {_CURE}")
    try:
        if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
            contents = list(_in_docx(data))
        elif data[:1024].lstrip(b"\xef\xbb\xbf\0\t\r\n ").startswith(b"%PDF-"):
            contents = list(_in_pdf(data))
        elif (text := _report_file(data)) is not None:
            return _in_report_file(text, where)
        else:
            contents = _in_text(data)
    except Unreadable as error:
        raise CitationError(f"{where}: {error}") from error
    if not contents:
        raise CitationError(f"{where}: holds no citation: {_CURE}")
    records = [record for content in contents for record in read_records(content, where)]
    return list(dict.fromkeys(records))


def _in_docx(data: bytes) -> Iterator[str]:
    """The custom XML is known by its namespace: Word gives it another name when it saves."""
    with open_archive(data, kind="a DOCX file") as archive:
        for member in archive.infolist():
            if not member.filename.startswith("customXml/"):
                continue
            try:
                blob = archive.read(member) if member.file_size <= 2 * MOST_EMBEDDED else b""
                found = citations_in_xml(blob)
            except (etree.XMLSyntaxError, *DAMAGE) as error:
                raise Unreadable(_DAMAGED) from error
            if found is not None:
                yield _capped(found)


def citations_in_xml(blob: bytes) -> str | None:
    """The JSON in custom XML of ours; None for what others keep there. lxml's errors pass."""
    if NAMESPACE.encode() not in blob[:1000]:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(blob, parser)
    return (root.text or "") if root.tag == f"{{{NAMESPACE}}}citations" else None


def _in_pdf(data: bytes) -> Iterator[str]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    broken: tuple[type[Exception], ...] = (PyPdfError, DependencyError, *DAMAGE)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted: save a copy without its password")
        for attachment in reader.attachment_list:
            if attachment.name == ATTACHMENT:
                yield _capped(attachment.content.decode("ascii"))
    except broken as error:
        raise Unreadable("broken: no PDF that can be read: get the report anew") from error


_BEGINS_A_REPORT_FILE = re.compile(r"^footnote_report[ ]*:", re.MULTILINE)


def _report_file(data: bytes) -> str | None:
    """The text of a file of `footnote report`; None for anything else."""
    if b"footnote_report" not in data or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in b"<{[":
        return None
    text = data.decode("utf-8-sig", "replace")
    if not _BEGINS_A_REPORT_FILE.search(text) or any(_comments(text)):
        return None
    return text


def _in_report_file(text: str, where: str) -> list[CitationRecord]:
    from qa.report_file import read_report

    try:
        records = read_report(text, where).records
    except ReportError as error:
        raise CitationError(str(error)) from error
    if not records:
        raise CitationError(f"{where}: no question in it was answered, so there is nothing to cite")
    return list(records)


def _in_text(data: bytes) -> list[str]:
    """What is JSON in it: what is embedded in text, or all of it."""
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))  # as a shell of Windows writes it
    text = data.decode("utf-16" if utf16 else "utf-8-sig", "replace")
    # JSON has no comment at the beginning of a line, but Markdown may begin as JSON does.
    embedded = list(_comments(text))
    looks_json = text.lstrip().startswith(("{", "["))
    if not embedded and not (looks_json and _begins_as_json(text)):
        embedded = list(_scripts(text))
    if embedded or not looks_json:
        return embedded
    if not utf16:
        _require_utf8(data)
    return [text]


def _require_utf8(data: bytes) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise Unreadable("not UTF-8: save it as UTF-8") from error


def _begins_as_json(text: str) -> bool:
    try:
        json.JSONDecoder().raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return False
    return True


def _comments(text: str) -> Iterator[str]:
    start = text.find(COMMENT)
    while start >= 0:
        following = start + 1
        if text[max(start - 1, 0) : start] in ("", "\n"):  # else the text talks of a block
            following = text.find("-->", start)
            if following < 0:
                raise Unreadable(_DAMAGED)
            yield _capped(text[start + len(COMMENT) : following])
        start = text.find(COMMENT, following)


def _scripts(text: str) -> Iterator[str]:
    if NAME not in text or "<" not in text:
        return
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, *DAMAGE) as error:
        raise Unreadable(_DAMAGED) from error
    for element in root.iter("script") if root is not None else ():
        if element.get("id") == NAME:
            yield _capped(element.text or "")


def _capped(content: str) -> str:
    if len(content) > MOST_EMBEDDED:
        raise Unreadable(f"over {MOST_EMBEDDED // MIB} MB of citations in it: {_CURE}")
    return content
