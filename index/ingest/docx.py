"""Word documents -> Draft.

Paragraphs are read from the XML in order rather than through python-docx's
`iter_inner_content`, which passes over content controls and tracked insertions.
"""

import io
import re
from collections.abc import Iterator

from lxml import etree

from index.ingest.archive import open_archive
from index.ingest.body import draft_of
from index.ingest.draft import Draft, Metadata
from index.ingest.errors import DAMAGE, Unreadable
from index.ingest.fields import split_names
from index.ingest.headline import same_words
from index.ingest.paragraphs import Paragraph
from index.types import PublishedDate, Sourced

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = frozenset(_W + name for name in ("del", "moveFrom", "instrText", "txbxContent", "rPr"))
_MARKS = {"tab": "\t", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_TITLE_STYLES = re.compile(r"title|heading ?1", re.IGNORECASE)
_TEMPLATE = "python-docx"  # author of documents that were made from its template
_NO_TITLE = frozenset(("", "word document", "document", "untitled", "title"))


def read_docx(data: bytes) -> Draft:
    """An article from a DOCX file's bytes. Raises Unreadable for what is none."""
    import docx
    from docx.opc.exceptions import OpcError

    open_archive(data, kind="a DOCX file").close()
    try:
        document = docx.Document(io.BytesIO(data))
        styles = {style.style_id: style.name or "" for style in document.styles}
        found = list(_paragraphs(document.element.body))
        properties = document.core_properties
        known = _metadata(properties.title, properties.author, properties.created)
    except (OpcError, etree.XMLSyntaxError, *DAMAGE) as exc:
        raise Unreadable("broken: not a DOCX file; open it in Word and save it again") from exc
    paragraphs = [Paragraph(text) for _, text in found]
    headline = _headline(found, styles, known.title.value if known.title else None)
    return draft_of(paragraphs, headline=headline, fallback=known)


def _paragraphs(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Style id and text of each paragraph; a table's row is one paragraph."""
    for child in element:
        if child.tag == _W + "p":
            text = " ".join("".join(_words(child)).split())
            style = child.find(f"{_W}pPr/{_W}pStyle")
            if text:
                yield "" if style is None else style.get(_W + "val", ""), text
        elif child.tag == _W + "tr":
            cells = (" ".join(text for _, text in _paragraphs(cell)) for cell in child)
            row = " | ".join(cell for cell in cells if cell)
            if row:
                yield "", row
        elif child.tag not in _SKIPPED:
            yield from _paragraphs(child)


def _words(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == _W + "t":
            yield child.text or ""
        elif isinstance(child.tag, str) and child.tag.removeprefix(_W) in _MARKS:
            yield _MARKS[child.tag.removeprefix(_W)]
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED:
            yield from _words(child)


def _metadata(title: str, author: str, created: object) -> Metadata:
    """Document properties; the day a file was made is not the day it was published."""
    origin = "docx properties"
    known = Metadata(
        title=None if title.strip().lower() in _NO_TITLE else Sourced(title.strip(), origin),
        published=_made(created, origin),
    )
    return known.with_authors(() if author == _TEMPLATE else split_names(author), origin)


def _made(created: object, origin: str) -> PublishedDate | None:
    day = str(created)[:10] if created else ""
    return PublishedDate(day, origin, "low") if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else None


def _headline(
    found: list[tuple[str, str]], styles: dict[str, str], title: str | None
) -> str | None:
    """The paragraph near the top that repeats the title, or is styled as one."""
    for _, text in found[:4]:
        if title and same_words(text, title):
            return text
    for style, text in found[:4]:
        if _TITLE_STYLES.fullmatch(styles.get(style, "")) and len(text) <= 250:
            return text
    return None
