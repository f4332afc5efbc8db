"""EPUB books and newsletters -> Draft: the chapters of the spine, in order."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from lxml import etree

from index.ingest.archive import open_archive
from index.ingest.body import draft_of
from index.ingest.dates import read_date
from index.ingest.decode import decode
from index.ingest.draft import Draft, Metadata
from index.ingest.errors import DAMAGE, Unreadable
from index.ingest.markup import lines_of
from index.ingest.paragraphs import Paragraph
from index.types import PublishedDate, Sourced

_DECLARED = re.compile(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)")
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]\w*;")
_CONTAINER = "META-INF/container.xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"


def read_epub(data: bytes) -> Draft:
    """An article from an EPUB's bytes. Raises Unreadable for what is none, or is protected."""
    with open_archive(data, kind="an EPUB file") as archive:
        try:
            folder, package = _package(archive)
            known = _metadata(package)
            chapters = list(_chapters(archive, folder, package))
        except (etree.XMLSyntaxError, *DAMAGE) as exc:
            raise Unreadable("broken: not an EPUB file; download it again") from exc
    found = [Paragraph(text) for chapter in chapters for text in lines_of(chapter)]
    return draft_of(found, headline=known.title.value if known.title else None, known=known)


def _parse(data: bytes) -> etree._Element:
    declared = _DECLARED.match(data)
    text = decode(data, declared=declared[1].decode() if declared else None)
    # XML knows five names of characters; books use those of HTML too.
    text = _NAMED.sub(lambda found: unescape(found[0]), _XML_HEAD.sub("", text))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(text.encode(), parser)
    if root is None:
        raise ValueError("no markup")
    return root


def _package(archive: zipfile.ZipFile) -> tuple[str, etree._Element]:
    """Folder and content of the package document that the container names."""
    container = _parse(archive.read(_CONTAINER))
    path = next(one.get("full-path") for one in container.iter("{*}rootfile"))
    return posixpath.dirname(path), _parse(archive.read(path))


def _chapters(
    archive: zipfile.ZipFile, folder: str, package: etree._Element
) -> Iterator[etree._Element]:
    items = {one.get("id"): one for one in package.iter(f"{_OPF}item")}
    protected = b""
    if "META-INF/encryption.xml" in archive.namelist():
        protected = archive.read("META-INF/encryption.xml")
    for reference in package.iter(f"{_OPF}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        path = posixpath.normpath(posixpath.join(folder, unquote(item.get("href"))))
        if path.encode() in protected:
            raise Unreadable("protected against copying (DRM); add a copy without protection")
        yield _parse(archive.read(path))


def _metadata(package: etree._Element) -> Metadata:
    origin = "epub metadata"

    def all_of(name: str) -> list[str]:
        values = (" ".join("".join(one.itertext()).split()) for one in package.iter(_DC + name))
        return [value for value in values if value]

    titles, outlets = all_of("title"), all_of("publisher")
    urls = [value for name in ("source", "identifier") for value in all_of(name)]
    dates = [date for value in all_of("date") if (date := read_date(value)) is not None]
    known = Metadata(
        title=Sourced(titles[0], origin) if titles else None,
        source=Sourced(outlets[0], origin) if outlets else None,
        url=next((Sourced(url, origin) for url in urls if url.startswith("http")), None),
        published=PublishedDate(dates[0].value, origin, "high") if dates else None,
    )
    return known.with_authors(all_of("creator"), origin)
