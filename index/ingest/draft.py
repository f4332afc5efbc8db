"""What every format is read into, and the Article that is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.ingest.decode import check_text
from index.ingest.errors import Unreadable
from index.ingest.paragraphs import Paragraph
from index.types import Article, PublishedDate, Sourced


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of an article besides its words; None or empty where nothing is."""

    title: Sourced | None = None
    source: Sourced | None = None
    authors: tuple[Sourced, ...] = ()
    url: Sourced | None = None
    published: PublishedDate | None = None

    def __or__(self, other: "Metadata") -> "Metadata":
        """Field by field, this one's values first; a trusted date before one that is not."""
        dates = [date for date in (self.published, other.published) if date is not None]
        trusted = [date for date in dates if date.trust == "high"]
        return Metadata(
            self.title or other.title,
            self.source or other.source,
            self.authors or other.authors,
            self.url or other.url,
            next(iter(trusted + dates), None),
        )

    def with_authors(self, names: Sequence[str], origin: str) -> "Metadata":
        """With these authors added after those known, each person once."""
        known = list(self.authors)
        for name in names:
            if name.casefold() not in {author.value.casefold() for author in known}:
                known.append(Sourced(name, origin))
        return replace(self, authors=tuple(known))


NOTHING_KNOWN = Metadata()


@dataclass(frozen=True, slots=True)
class Draft:
    """An article's parts, cleaned: the text is the headline, a blank line, the paragraphs."""

    paragraphs: tuple[Paragraph, ...]
    headline: str | None = None  # None: no head was recognised, nothing but paragraphs
    metadata: Metadata = NOTHING_KNOWN
    warnings: tuple[str, ...] = ()
    page_count: int = 0  # 0: the format has no pages

    def article(self, *, path: str, name: str, file_sha256: str) -> Article:
        """The article; `name` is its title where nothing gave one.

        Raises Unreadable where no words are left, or where they cannot be stored.
        """
        headline = " ".join((self.headline or "").split())
        body = "\n\n".join(one.text for one in self.paragraphs)
        text = "\n\n".join(part for part in (headline, body) if part)
        if not text.strip():
            raise Unreadable("no words in it")
        check_text(text)
        body_start = len(headline) + (2 if body else 0) if headline else 0
        known = self.metadata
        return Article(
            text=text,
            title=known.title or Sourced(name, "file name"),
            path=path,
            file_sha256=file_sha256,
            source=known.source,
            authors=known.authors,
            url=known.url,
            published=known.published,
            body_start=body_start,
            page_starts=self._page_starts(body_start, len(text)),
        )

    def _page_starts(self, body_start: int, length: int) -> tuple[int, ...]:
        """Where each page begins; a page without words begins where the next one does."""
        begins: dict[int, int] = {}
        offset = body_start
        for one in self.paragraphs:
            for inside, page in one.pages:
                begins.setdefault(page, offset + inside)
            offset += len(one.text) + 2
        starts: list[int] = []
        for page in range(self.page_count, 0, -1):
            starts.append(begins.get(page, starts[-1] if starts else length))
        return (0, *starts[::-1][1:]) if starts else ()
