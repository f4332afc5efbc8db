"""All live articles as a listing shows them: searched, filtered, sorted, copies folded into one.

Made once for each state of a library and kept in memory; only the words of texts are
looked up in the library itself. Knows nothing of ranking by meaning, nor of screens.
"""

import json
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from index.library import Library
from index.rows import source_key
from index.types import PublishedDate

Order = Literal["published", "added", "title", "source"]

_MOST_WORDS = 8  # of a search; a longer one is taken by its first


@dataclass(frozen=True, slots=True)
class Entry:
    """One live article."""

    id: str
    title: str
    source: str | None
    authors: tuple[str, ...]
    published: PublishedDate | None
    path: str
    added_at: str  # ISO 8601, UTC
    row: int  # the order of adding
    cluster: str  # the same for all that copy one another
    first: str  # first and last day that its date can mean; empty without one
    last: str
    folded: str  # title, outlet and authors without case and accents


@dataclass(frozen=True, slots=True)
class Look:
    """What to list. Dates are inclusive days, `YYYY-MM-DD`; empty: from the first, to the last."""

    words: str = ""  # all of them must stand in title, outlet, authors or text, or begin a word
    source: str | None = None  # one outlet, compared without case; empty: those that name none
    after: str = ""
    before: str = ""
    order: Order = "published"  # the newest first, both of "published" and of "added"


@dataclass(frozen=True, slots=True)
class Group:
    """An article that was looked for, and the others that say the same in nearly the same words."""

    entry: Entry
    copies: tuple[Entry, ...] = ()  # in the order of adding, whether looked for or not


@dataclass(frozen=True, slots=True)
class Found:
    """What a look gives, in its order."""

    groups: tuple[Group, ...]
    ids: tuple[str, ...]  # of all articles that were looked for


class Catalogue:
    """The live articles of one state of a library."""

    def __init__(self, state: str, entries: Sequence[Entry]) -> None:
        """Use `Catalogue.of`."""
        self.state = state
        self.entries = tuple(entries)  # in the order of adding
        self._clusters: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._clusters[entry.cluster].append(entry)

    @classmethod
    def of(cls, library: Library) -> "Catalogue":
        """All that is live in the library now."""
        state = library.state()  # before the rows: later ones make it stale, never wrong
        with library.reading() as connection:
            return cls(state, _read(connection))

    def find(self, library: Library, look: Look) -> Found:
        """The articles of this look, those that copy one another in one group."""
        wanted = [entry for entry in self.entries if _passes(entry, look)]
        words = split_words(look.words)[:_MOST_WORDS]
        if words:
            with library.reading() as connection:
                for word in words:
                    in_text = _holding(connection, word)
                    wanted = [each for each in wanted if word in each.folded or each.row in in_text]
        wanted.sort(key=_ORDERS[look.order])
        groups: dict[str, Group] = {}
        for entry in wanted:
            if entry.cluster not in groups:
                others = (each for each in self._clusters[entry.cluster] if each is not entry)
                groups[entry.cluster] = Group(entry, tuple(others))
        return Found(tuple(groups.values()), tuple(entry.id for entry in wanted))

    def by_source(self) -> dict[str, list[Entry]]:
        """The articles of each outlet, by the first of its spellings; of none under ''."""
        spelt: dict[str, str] = {}
        outlets: dict[str, list[Entry]] = {}
        for entry in self.entries:
            name = spelt.setdefault(source_key(entry.source or ""), entry.source or "")
            outlets.setdefault(name, []).append(entry)
        return outlets


def fold(text: str) -> str:
    """The text without case and accents, as the full-text index has its words."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


def split_words(query: str) -> list[str]:
    """The words of a search, each once, folded."""
    storable = query.encode("utf-8", "replace").decode()  # half a surrogate pair has no form
    kept = (char if char.isalnum() else " " for char in fold(storable))
    return list(dict.fromkeys("".join(kept).split()))


def _read(connection: sqlite3.Connection) -> list[Entry]:
    rows = connection.execute(
        """SELECT row, id, title, source, authors, published, published_origin, published_trust,
                published_first, published_last, path, added_at, cluster
            FROM article JOIN wording ON wording.text_sha256 = article.text_sha256
            WHERE state = 'live' ORDER BY row"""
    )
    return [_entry(row) for row in rows]


def _entry(row: sqlite3.Row) -> Entry:
    authors = tuple(name for name, _ in json.loads(row["authors"]))
    published = row["published"] and PublishedDate(
        row["published"], row["published_origin"], row["published_trust"]
    )
    return Entry(
        id=row["id"],
        title=row["title"],
        source=row["source"],
        authors=authors,
        published=published,
        path=row["path"],
        added_at=row["added_at"],
        row=row["row"],
        cluster=row["cluster"],
        first=row["published_first"] or "",
        last=row["published_last"] or "",
        folded=fold("\n".join([row["title"], row["source"] or "", *authors])),
    )


def _passes(entry: Entry, look: Look) -> bool:
    if look.source is not None and source_key(entry.source or "") != source_key(look.source):
        return False
    if not (look.after or look.before):
        return True
    dated = bool(entry.published)
    return dated and entry.last >= look.after and entry.first <= (look.before or "9999-12-31")


def _holding(connection: sqlite3.Connection, word: str) -> set[int]:
    """Rows of the articles in whose text or title a word begins so."""
    rows = connection.execute(
        """SELECT DISTINCT article FROM passage WHERE id IN
            (SELECT rowid FROM passage_words WHERE passage_words MATCH ?)""",
        (f'"{word}"*',),
    )
    return {row for (row,) in rows}


def _newest(entry: Entry) -> tuple[int, ...]:
    """Sorts later days before earlier ones, and undated articles last."""
    day = entry.last.replace("-", "")
    return (-int(day) if day.isdecimal() else 1, -entry.row)


def _latest(entry: Entry) -> tuple[int, ...]:
    return (-int("".join(filter(str.isdecimal, entry.added_at[:19])) or 0), -entry.row)


_ORDERS: dict[Order, Callable[[Entry], tuple[object, ...]]] = {
    "published": _newest,
    "added": _latest,
    "title": lambda entry: (fold(entry.title), entry.row),
    "source": lambda entry: (not entry.source, fold(entry.source or ""), *_newest(entry)),
}
