"""PDF -> Draft, with the page each word stands on."""

import io
import re

from pypdf import DocumentInformation, PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from index.ingest.body import draft_of
from index.ingest.draft import Draft, Metadata
from index.ingest.errors import DAMAGE, Unreadable
from index.ingest.fields import split_names
from index.ingest.headline import is_headline_like, same_words
from index.ingest.paragraphs import Paragraph
from index.ingest.pdf_lines import PdfLine, lines_of_page, usual_size, without_running_lines
from index.ingest.pdf_paragraphs import paragraphs_of_pages
from index.types import PublishedDate, Sourced

_ORIGIN = "pdf info"
_NO_TITLE = re.compile(
    r"(?:microsoft word\b.*|untitled.*|document\d*|.*\.(?:docx?|pdf|indd|qxd|rtf|html?|txt|tex|pub)"
    r"|layout \d*|title|print|.*https?://.*|\W*)",
    re.IGNORECASE,
)
_BROKEN: tuple[type[Exception], ...] = (PyPdfError, DependencyError, *DAMAGE)
_LARGER = 1.15  # of the body's size, in which a headline is set at least
_PAGES_MOST = 5000


def read_pdf(data: bytes) -> Draft:
    """An article from a PDF's bytes.

    Raises Unreadable for what is encrypted or broken, or holds no text.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted; save a copy without its password")
        if len(reader.pages) > _PAGES_MOST:
            raise Unreadable(f"it has over {_PAGES_MOST} pages; split it")
        pages = [lines_of_page(page) for page in reader.pages]
        info = _information(reader.metadata)
    except LimitReachedError as exc:
        raise Unreadable("it unpacks to far more than an article; print it to a new PDF") from exc
    except _BROKEN as exc:
        raise Unreadable("broken: not a readable PDF; download or print it again") from exc
    if not any(pages):
        raise Unreadable("no text in it; scanned? Run it through text recognition first")
    pages = without_running_lines(pages)
    paragraphs = paragraphs_of_pages(pages)
    headline = _headline(paragraphs, pages, info.title.value if info.title else None)
    return draft_of(paragraphs, headline=headline, fallback=info, page_count=len(pages))


def _information(info: object) -> Metadata:
    """Title, author and day from the document's information; the day it was made is not trusted."""
    if not isinstance(info, DocumentInformation):
        return Metadata()
    title, author = " ".join((info.title or "").split()), " ".join((info.author or "").split())
    try:
        made = info.creation_date
    except ValueError:
        made = None
    known = Metadata(
        title=None if _NO_TITLE.fullmatch(title) else Sourced(title, _ORIGIN),
        published=PublishedDate(made.date().isoformat(), _ORIGIN, "low") if made else None,
    )
    return known.with_authors(split_names(author), _ORIGIN)


def _headline(
    paragraphs: list[Paragraph], pages: list[list[PdfLine]], title: str | None
) -> str | None:
    """The paragraph near the top that repeats the title or is set larger than the rest."""
    for one in paragraphs[:5]:
        if title is not None and same_words(one.text, title):
            return one.text
    first = next(page for page in pages if page)
    size = max(line.size for line in first)
    if size < _LARGER * usual_size(pages):
        return None
    large = " ".join(line.text for line in first if line.size == size)
    for one in paragraphs[:5]:
        if same_words(one.text, large) and is_headline_like(one.text):
            return one.text
    return None
