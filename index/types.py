"""What flows through the index: Article -> Passage -> Hit.

Every offset counts Unicode code points into `Article.text`; starts are
inclusive, ends exclusive.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Literal

Trust = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Sourced:
    """A metadata value and where it was found."""

    value: str
    origin: str  # "header", "front matter", "html meta", "byline", "file name", "column", ...


@dataclass(frozen=True, slots=True)
class PublishedDate:
    """When an article says it was published."""

    value: str  # ISO 8601, a date or a date with time and offset, as precise as found
    origin: str
    trust: Trust  # "low": a bare page line that the text contradicts or nothing supports

    @property
    def day(self) -> str:
        """The calendar day, `YYYY-MM-DD`, as written (no change of time zone)."""
        return self.value[:10]


@dataclass(frozen=True, slots=True)
class Article:
    """One immutable version of one article.

    `text` is what citations point into: the headline where one was recognised
    (`text[:body_start].strip()`), a blank line, then the body.
    """

    text: str
    title: Sourced
    path: str  # the file it was read from, absolute; "#2" is added for the second record of a table
    file_sha256: str  # of the file's bytes, hex
    source: Sourced | None = None  # the outlet
    authors: tuple[Sourced, ...] = ()
    url: Sourced | None = None
    published: PublishedDate | None = None
    body_start: int = 0  # where the body begins in `text`; 0 when no headline stands in it
    page_starts: tuple[int, ...] = ()  # offset at which page 1, 2, ... begins; empty without pages
    language: str = "en"  # ISO 639-1, as detected

    @property
    def sha256(self) -> str:
        """SHA-256 of the text's UTF-8 bytes, hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def id(self) -> str:
        """16 hex digits derived from text and metadata: same words, same metadata, same id."""
        published = self.published and [self.published.value, self.published.trust]
        metadata = [
            self.title.value,
            self.source and self.source.value,
            [author.value for author in self.authors],
            self.url and self.url.value,
            published,
        ]
        known = json.dumps([self.sha256, metadata], ensure_ascii=False)
        return hashlib.sha256(known.encode()).hexdigest()[:16]

    def page_at(self, offset: int) -> int | None:
        """Number of the page that holds this offset, from 1; None without pages."""
        before = sum(1 for start in self.page_starts if start <= offset)
        return max(before, 1) if self.page_starts else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of one article: `text == article.text[start:end]`, always."""

    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a query found, with the evidence for it."""

    passage: Passage
    score: float  # fused, higher is better; comparable within one query only
    dense: float | None  # cosine similarity, -1 to 1; None when only the words matched
    bm25: float | None  # higher is better; None when no word matched
    nearness: float = 0.0  # its cosine as a share of the query's best, 0 to 1
    wording: float = 0.0  # its BM25 likewise; 1 for the best even where words tell nothing


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles a query may use. Dates are inclusive days, `YYYY-MM-DD`."""

    sources: tuple[str, ...] = ()  # outlets, compared without case; empty: all
    after: str | None = None
    before: str | None = None
    authors: tuple[str, ...] = ()  # by full name, compared without case; empty: all
    articles: tuple[str, ...] = ()  # whole ids, only these; empty: all. Unknown ones name none
    without: tuple[str, ...] = ()  # whole ids that are left out
