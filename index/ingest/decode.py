"""Bytes -> text, once, before any offset is counted."""

import codecs
import re

from index.ingest.errors import Unreadable

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF: name it .pdf"),
    (b"PK\x03\x04", "a zip archive: name it .docx or .epub if it is one, or unpack it"),
    (b"{\\rtf", "a Rich Text file: save it as .docx or .txt"),
    (b"\xd0\xcf\x11\xe0", "an old Office file: save it as .docx"),
)
_LINE_ENDS = re.compile("\r\n?|[\v\x85\u2028]")
# Above this share of non-ASCII letters, text read as cp1252 is more likely Cyrillic or Greek.
_MOST_ACCENTED = 0.3
_MOST_CONTROLS = 0.05  # share of control characters in text
_STRAY = 8  # in text at most one byte in so many is NUL; in UTF-16 every second may be


def decode(data: bytes, *, declared: str | None = None) -> str:
    """Text of a file: by its mark, as UTF-8, as declared, as cp1252, then as detected.

    Line ends become line feeds, page separators a blank line, NUL is dropped.
    Raises Unreadable for what is not text.
    """
    return plain_newlines(decode_records(data, declared=declared))


def decode_records(data: bytes, *, declared: str | None = None) -> str:
    """The same, character for character: a field may hold what would end a line elsewhere."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise Unreadable(f"not text; it looks like {kind}")
    return _decoded(data, declared)


def plain_newlines(text: str) -> str:
    """The text with one kind of line end, no form feed and no NUL."""
    text = _LINE_ENDS.sub("\n", text.replace("\0", ""))
    return text.replace("\f", "\n\n").replace("\u2029", "\n\n")


def check_text(text: str) -> None:
    """Raise Unreadable where a lone surrogate makes the text impossible to store."""
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        reason = "it holds half a character (a lone surrogate); save it again as UTF-8"
        raise Unreadable(reason) from exc


def _decoded(data: bytes, declared: str | None) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as exc:
                raise Unreadable(f"not text; it begins as {encoding} and breaks off") from exc
    if data.count(b"\0") * _STRAY < len(data):
        data = data.replace(b"\0", b"")
        for candidate in ("utf-8", declared):
            text = _strictly(data, candidate)
            if text is not None and _controls(text) <= _MOST_CONTROLS:
                return text
    return _guessed(data)


def _strictly(data: bytes, encoding: str | None) -> str | None:
    if not encoding:
        return None
    try:
        name = codecs.lookup(encoding).name
        # What pages call Latin-1 or ASCII is cp1252 (WHATWG Encoding, labels of windows-1252).
        return data.decode("cp1252" if name in ("iso8859-1", "ascii") else name)
    except (UnicodeError, LookupError):
        return None


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes, is_binary

    if is_binary(data):
        raise Unreadable("not text; save it as text in UTF-8, or name it by what it is")
    western = None if b"\0" in data else _strictly(data, "cp1252")
    if western is not None and _accented(western) <= _MOST_ACCENTED:
        return western
    best = from_bytes(data).best()
    if best is not None:
        return str(best)
    if western is None:
        raise Unreadable("in an unknown encoding; save it as UTF-8")
    return western


def _controls(text: str) -> float:
    odd = sum(1 for character in text if character < " " and character not in "\t\n\r\f\v\x1b")
    return odd / max(len(text), 1)


def _accented(text: str) -> float:
    letters = sum(1 for character in text if character.isalpha())
    beyond = sum(1 for character in text if character.isalpha() and character > "\x7f")
    return beyond / max(letters, 1)
