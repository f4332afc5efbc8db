"""BM25 of a few passages of a large library, the same as FTS5's, without reading long lists.

FTS5 counts the whole list of each term at each query. Here the texts at hand are
tokenised once more, in memory and by FTS5 itself, and what is known of the whole library
is the sum of its lengths and, by sample, in how many passages a term stands.
"""

import json
import math
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing

# FTS5's own, https://sqlite.org/fts5.html#the_bm25_function
_K1, _B = 1.2, 0.75
_LEAST_IDF = 1e-6
_TOKENIZER = "porter unicode61 remove_diacritics 2"  # as passage_words is made with

_Places = dict[int, set[int]]  # by passage, where a token stands; the text far behind the headline
_TEXT = 1 << 20


def scores(
    connection: sqlite3.Connection,
    terms: Iterable[str],
    ids: list[int],
    *,
    passages: int,
    count: Callable[[str], float],
) -> dict[int, float]:
    """BM25, higher is better, of those of these passages that hold any of the terms.

    terms: words, and phrases of words with a space between. count: in how many of all
    the passages such a term stands.
    """
    rows = connection.execute(
        "SELECT id, title, text FROM passage_content WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(ids),),
    ).fetchall()
    lengths = _lengths(connection, ids)
    average = _average_length(connection)
    found: dict[int, float] = {}
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.execute(
            f"CREATE VIRTUAL TABLE held USING fts5(title, text, tokenize='{_TOKENIZER}')"
        )
        memory.execute("CREATE VIRTUAL TABLE token USING fts5vocab(held, instance)")
        written = list(dict.fromkeys(terms))
        memory.executemany("INSERT INTO held (rowid, text) VALUES (?, ?)", enumerate(written))
        tokens = _tokens(memory, len(written))
        memory.execute("DELETE FROM held")
        memory.executemany("INSERT INTO held (rowid, title, text) VALUES (?, ?, ?)", rows)
        places = {token: _places(memory, token) for term in tokens for token in term}
    for term, parts in zip(written, tokens, strict=True):
        held = _together([places[part] for part in parts])
        if not held:
            continue
        there = count(term)
        idf = max(math.log((passages - there + 0.5) / (there + 0.5)), _LEAST_IDF)
        for id_, often in held.items():
            damped = _K1 * (1 - _B + _B * lengths.get(id_, average) / average)
            found[id_] = found.get(id_, 0.0) + idf * often * (_K1 + 1) / (often + damped)
    return found


def _tokens(memory: sqlite3.Connection, terms: int) -> list[list[str]]:
    """Each term's tokens in their order."""
    tokens: list[list[str]] = [[] for _ in range(terms)]
    for token, term in memory.execute("SELECT term, doc FROM token ORDER BY doc, offset"):
        tokens[term].append(token)
    return tokens


def _places(memory: sqlite3.Connection, token: str) -> _Places:
    places: _Places = {}
    rows = memory.execute("SELECT doc, col, offset FROM token WHERE term = ?", (token,))
    for id_, column, offset in rows:
        places.setdefault(id_, set()).add(offset + _TEXT * (column == "text"))
    return places


def _together(parts: list[_Places]) -> dict[int, int]:
    """How often the tokens follow one another, by passage."""
    if not parts:
        return {}
    often: dict[int, int] = {}
    for id_, starts in parts[0].items():
        for shift, part in enumerate(parts[1:], start=1):
            later = part.get(id_, set())
            starts = {start for start in starts if start + shift in later}
        if starts:
            often[id_] = len(starts)
    return often


def _lengths(connection: sqlite3.Connection, ids: list[int]) -> dict[int, int]:
    """Tokens of these passages with their headlines, as FTS5 has counted them."""
    rows = connection.execute(
        """SELECT id, sz FROM passage_words_docsize
            WHERE id IN (SELECT value FROM json_each(?))""",
        (json.dumps(ids),),
    )
    return {id_: sum(_numbers(sizes)) for id_, sizes in rows}


def _average_length(connection: sqlite3.Connection) -> float:
    """Tokens of a passage with its headline, the mean of the library."""
    row = connection.execute("SELECT block FROM passage_words_data WHERE id = 1").fetchone()
    passages, *tokens = _numbers(row[0]) if row else (0,)
    return sum(tokens) / passages if passages and sum(tokens) else 1.0


def _numbers(packed: bytes) -> list[int]:
    """SQLite's numbers of variable length, none of which takes nine bytes here."""
    numbers, number = [], 0
    for byte in packed:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    return numbers
