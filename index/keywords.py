"""Passages by their words: BM25 over SQLite's full-text index, quick however many there are.

FTS5 reads a term's list of passages fast and ranks slowly, a few microseconds a passage.
In a large library only passages that hold one of a query's rarer words are ranked, and the
best of them once more by all words (`index.bm25`). Knows nothing of embeddings.
"""

import json
import sqlite3
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index import bm25
from index.vectors import Ids

TITLE_WEIGHT = 1.0  # of a word in the headline, against 1 for one in the passage
# Up to here every passage that holds any of the words is ranked.
RANK_ALL_UP_TO = 50_000  # passages in the library
RANKED = 10_000  # passages that a query may have ranked in a larger one: 15 ms or so
_MOST_TERMS = 64
_PHRASES_COUNTED_IN = 65_536  # passages, about
_REMEMBERED = 50_000  # terms whose counts are kept: a few MB

# Words that say how a question is put, not what it is about.
_STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been before being but by can could did do
    does done for from had has have he her hers him his how i if in into is it its just many me
    more most much my no not of off on or our out over s she should so some such t than that the
    their them then there these they this those to too under up us was we were what when where
    which while who whom whose why will with would you your
    """.split()
)


PASSAGES_WHERE = """SELECT passage.id FROM passage
    JOIN article ON article.row = passage.article WHERE"""
# A plus before rowid keeps SQLite from running the whole MATCH once for every id.
_MATCH = f"""SELECT rowid, -rank FROM passage_words
    WHERE passage_words MATCH ? AND rank MATCH 'bm25({TITLE_WEIGHT}, 1.0)'"""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a query asks the full-text index for: any of these may match."""

    words: tuple[str, ...]
    phrases: tuple[tuple[str, str], ...]  # two telling words that stand side by side

    def expression(self) -> str:
        """In FTS5's syntax; empty if there are none."""
        return " OR ".join(f'"{term}"' for term in self.written())

    def written(self) -> tuple[str, ...]:
        """Words, then phrases with a space between their words."""
        return *self.words, *(f"{one} {other}" for one, other in self.phrases)


def terms_of(query: str) -> Terms:
    """The query's words and phrases.

    A phrase is two telling words that stand side by side; FTS5 weighs it by how few
    passages hold it, as it does a word. Only letters, digits and accents pass, and all
    of it in quotes: nothing a user types is taken for FTS5's own syntax.
    """
    composed = unicodedata.normalize("NFC", query).casefold()
    kept = (
        char if char.isalnum() or unicodedata.category(char).startswith("M") else " "
        for char in composed
    )
    written = "".join(kept).split()
    telling = [word for word in written if word not in _STOP_WORDS]
    phrases = [
        (one, other)
        for one, other in pairwise(written)
        if one not in _STOP_WORDS and other not in _STOP_WORDS
    ]
    return Terms(
        tuple(dict.fromkeys(telling or written))[:_MOST_TERMS],
        tuple(dict.fromkeys(phrases))[:_MOST_TERMS],
    )


@dataclass(frozen=True, slots=True)
class View:
    """One state of a library: where its passages' ids lie, and how many there are."""

    key: tuple[str, int]  # equal to another's only if the library is the same
    passages: int
    lowest: int
    highest: int


def view_of(connection: sqlite3.Connection, key: tuple[str, int], passages: int) -> View:
    """The view that this connection has."""
    lowest, highest = connection.execute(
        "SELECT (SELECT min(id) FROM passage), (SELECT max(id) FROM passage)"
    ).fetchone()
    return View(key, passages, lowest or 0, highest or 0)


class Counts:
    """In how many passages terms stand, remembered while a library is the same; for all threads."""

    def __init__(self, most: int = RANKED) -> None:
        """most: passages that a query may have ranked, and beyond which counts are estimates."""
        self.most = most
        self._lock = threading.Lock()
        self._key: tuple[str, int] | None = None
        self._known: dict[str, float] = {}

    def of(self, connection: sqlite3.Connection, view: View, term: str) -> float:
        """Passages that hold the term: up to `most` exactly, above it by how soon those came.

        Of a phrase always an estimate, from the first of the passages.
        """
        with self._lock:
            if view.key != self._key or len(self._known) > _REMEMBERED:
                self._key = view.key
                self._known.clear()
            if term in self._known:
                return self._known[term]
        counted = self._phrase if " " in term else self._word
        count = counted(connection, view, term)
        with self._lock:
            if view.key == self._key:
                self._known[term] = count
        return count

    def _word(self, connection: sqlite3.Connection, view: View, word: str) -> float:
        count, last = connection.execute(
            """SELECT count(*), max(rowid) FROM
                (SELECT rowid FROM passage_words WHERE passage_words MATCH ? LIMIT ?)""",
            (f'"{word}"', self.most + 1),
        ).fetchone()
        if count <= self.most:
            return float(count)
        share = (last - view.lowest + 1) / (view.highest - view.lowest + 1)
        return float(max(count, min(count / share, view.passages)))

    def _phrase(self, connection: sqlite3.Connection, view: View, phrase: str) -> float:
        """Of frequent words, a phrase takes long to count: their places must be compared."""
        part = max(1, view.passages // _PHRASES_COUNTED_IN)
        last = view.lowest + (view.highest - view.lowest) // part
        (count,) = connection.execute(
            "SELECT count(*) FROM passage_words WHERE passage_words MATCH ? AND rowid <= ?",
            (f'"{phrase}"', last),
        ).fetchone()
        return float(count if part == 1 else (count + 0.5) * part)

    def rarer(self, connection: sqlite3.Connection, view: View, terms: Terms) -> Terms:
        """The rarest of the words, as many as together leave no more than `most` to rank.

        With the phrases that hold one of them, which match nothing more. Where every word
        is too frequent, the phrases that are not; it may be that none is left, and then
        words do not tell these passages from one another.
        """
        words = self._fitting({word: self.of(connection, view, word) for word in terms.words})
        if words:
            phrases = [p for p in terms.phrases if p[0] in words or p[1] in words]
            return Terms(tuple(w for w in terms.words if w in words), tuple(phrases))
        written = {" ".join(p): p for p in terms.phrases}
        rare = self._fitting({text: self.of(connection, view, text) for text in written})
        return Terms((), tuple(pair for text, pair in written.items() if text in rare))

    def _fitting(self, counted: dict[str, float]) -> set[str]:
        left: float = self.most
        chosen: set[str] = set()
        for term in sorted(counted, key=lambda term: counted[term]):
            left -= counted[term]
            if left < 0:
                break
            chosen.add(term)
        return chosen


def best_by_words(
    connection: sqlite3.Connection,
    terms: str,
    limit: int,
    *,
    condition: str = "",
    values: Sequence[str] = (),
) -> dict[int, float]:
    """BM25, higher is better, of the best passages that the condition on articles lets through."""
    if not terms:
        return {}
    allowed = f"AND +rowid IN ({PASSAGES_WHERE} {condition})" if condition else ""
    rows = connection.execute(f"{_MATCH} {allowed} ORDER BY rank LIMIT {limit}", [terms, *values])
    return dict(rows.fetchall())


def words_of(connection: sqlite3.Connection, terms: str, ids: list[int]) -> dict[int, float]:
    """BM25 of those of these passages that hold any of the words."""
    if not terms or not ids:
        return {}
    rows = connection.execute(
        f"{_MATCH} AND +rowid IN (SELECT value FROM json_each(?))", (terms, json.dumps(ids))
    )
    return dict(rows.fetchall())


class WordSearch:
    """Searches by words, in one library; any number of threads may share it."""

    def __init__(self, rank_all_up_to: int = RANK_ALL_UP_TO) -> None:
        """rank_all_up_to: passages in a library beyond which rarer words choose."""
        self._rank_all_up_to = rank_all_up_to
        self._counts = Counts()

    def scores(
        self,
        connection: sqlite3.Connection,
        query: str,
        limit: int,
        *,
        key: tuple[str, int],
        passages: int,
        near: Ids,
        condition: str = "",
        values: Sequence[str] = (),
    ) -> dict[int, float]:
        """BM25 of the best passages, and of those that are near and hold any of the words.

        key: equal to an earlier one only if the library is the same. passages: in it.
        condition, values: what articles must meet, near ones do.
        """
        terms = terms_of(query)
        if passages <= self._rank_all_up_to:
            written = terms.expression()
            best = best_by_words(connection, written, limit, condition=condition, values=values)
            rest = [id_ for id_ in near.tolist() if id_ not in best]
            return best | words_of(connection, written, rest)
        view = view_of(connection, key, passages)
        rarer = self._counts.rarer(connection, view, terms).expression()
        best = best_by_words(connection, rarer, limit, condition=condition, values=values)
        return bm25.scores(
            connection,
            terms.written(),
            sorted({*best, *near.tolist()}),
            passages=passages,
            count=lambda term: self._counts.of(connection, view, term),
        )
