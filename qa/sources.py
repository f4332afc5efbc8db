"""The sources that citations cite: one for each article, with all that a reference list says."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from qa.cite import CitationRecord
from qa.names import Name, parse_name
from qa.rich_text import one_line

Kind = Literal["article-newspaper", "webpage", "document"]

DATE_AS_SHOWN = "date as shown on page"  # said of a date that nothing else supports
UNTITLED = "[Untitled]"


class Day(NamedTuple):
    """A day of the calendar, or a month or year of it, as precise as is known."""

    year: int
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A cited article. Texts are on one line, and not escaped for any form."""

    key: str  # ASCII, unique among the sources given: "roe2019tea"
    article_id: str
    kind: Kind
    title: str
    authors: tuple[Name, ...]
    outlet: str | None
    published: Day | None
    doubtful: bool  # the date is only what the page shows
    accessed: Day | None
    url: str | None  # as it was found; `web_address` says whether it leads anywhere
    pages: tuple[int, ...]  # on which quotes stand, ascending
    quotes: tuple[str, ...]  # each once, in the order cited

    @property
    def web_address(self) -> str | None:
        """The address if it is one that browsers open."""
        return self.url if self.url and self.url.startswith(("http://", "https://")) else None


def sources_of(records: Sequence[CitationRecord]) -> list[Source]:
    """One source for each article that is cited, in the order of first mention."""
    of_article: dict[str, list[CitationRecord]] = {}
    for record in records:
        of_article.setdefault(record.article_id, []).append(record)
    taken: dict[str, int] = {}
    return [_source(cited, taken) for cited in of_article.values()]


def _source(records: Sequence[CitationRecord], taken: dict[str, int]) -> Source:
    first = records[0]
    outlet = one_line(first.source or "") or None
    written = [one_line(author) for author in first.authors]
    authors = tuple(parse_name(author, outlet=outlet) for author in written if author)
    title = one_line(first.title) or UNTITLED
    published = read_day(first.published)
    url = re.sub(r"\s", "%20", one_line(first.url or "")) or None
    return Source(
        key=_free_key(_key(authors, published, title), taken),
        article_id=first.article_id,
        kind=_kind(outlet, url),
        title=title,
        authors=authors,
        outlet=outlet,
        published=published,
        doubtful=published is not None and first.published_trust == "low",
        accessed=read_day(first.accessed),
        url=url,
        pages=tuple(sorted({record.page for record in records if record.page is not None})),
        quotes=tuple(dict.fromkeys(one_line(record.quote) for record in records)),
    )


_SITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/?", re.IGNORECASE)


def _kind(outlet: str | None, url: str | None) -> Kind:
    if outlet and not _SITE.fullmatch(outlet):
        return "article-newspaper"
    return "webpage" if outlet or url else "document"


_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?!\d)")


def read_day(written: str | None) -> Day | None:
    """The day, month or year that an ISO 8601 date or time begins with; None if it is none."""
    found = _DAY.match(written or "")
    if not found:
        return None
    day = Day(*(int(part) if part else None for part in found.groups()))  # type: ignore[arg-type]
    try:
        date(day.year, day.month or 1, day.day or 1)
    except ValueError:
        return None
    return day


def _key(authors: Sequence[Name], published: Day | None, title: str) -> str:
    who = _ascii_word(authors[0].literal or authors[0].family) if authors else ""
    year = str(published.year) if published else "nd"
    return f"{who or 'anon'}{year}{_telling_word(title)}"


_TELLS_NOTHING = frozenset("a an the on in of at to for and or is are was how why what".split())


def _telling_word(title: str) -> str:
    words = [_ascii_word(word) for word in title.split()]
    return next((word for word in words if word and word not in _TELLS_NOTHING), "")


_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "þ": "th"})


def _ascii_word(text: str) -> str:
    """Its Latin letters and digits, small and without accents, at most 20."""
    apart = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return "".join(c for c in apart if c.isascii() and c.isalnum())[:20]


def _free_key(key: str, taken: dict[str, int]) -> str:
    """The key, or the key with the first letters that make it another than those before.

    taken: each key in use, with the number of the letters that it was last tried with.
    """
    free = key
    while free in taken:
        taken[key] += 1
        free = f"{key}{letters(taken[key])}"
    taken[free] = 0
    return free


def letters(number: int) -> str:
    """Letters for a number from 0: a to z, then aa, ab and so on."""
    rest, last = divmod(number, 26)
    return (letters(rest - 1) if rest else "") + chr(ord("a") + last)
