"""How an article that was removed comes back: as it was, unless its place has been taken."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from index.embed import Encoder
from index.errors import LibraryError
from index.rows import ArticleRecord, insert_passages, read_article, read_records
from index.schema import Connections
from index.voices import settle
from index.writing import mark_changed, prepare


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """What became of the articles that were to come back, in the order asked."""

    back: tuple[ArticleRecord, ...]  # live again, or live all along
    superseded: tuple[ArticleRecord, ...]  # still removed: their file holds a newer version


def bring_back(
    connections: Connections, rows: Sequence[int], encoder: Encoder, *, folder_of: str
) -> BroughtBack:
    """Make the removed versions in these rows live again; those that can, all at once.

    folder_of: the library, for the error. Raises LibraryError for a version that was not
    removed but replaced.
    """
    with connections.reading() as connection:
        for row in rows:
            _refuse_replaced(connection, row, folder_of)
        gone = [row for row in rows if _state(connection, row) == "removed"]
        articles = [read_article(connection, row) for row in gone]
    prepared = prepare(articles, encoder)
    superseded: set[int] = set()
    with connections.writing() as connection:
        for row, article in zip(gone, articles, strict=True):
            if _state(connection, row) != "removed":
                continue
            path = read_records(connection, "row = ?", (row,))[0].path
            if connection.execute("SELECT 1 FROM place WHERE path = ?", (path,)).fetchone():
                superseded.add(row)
                continue
            known = prepared[article.id]
            connection.execute("UPDATE article SET state = 'live' WHERE row = ?", (row,))
            insert_passages(connection, row, known.passages, known.vectors)
            connection.execute("INSERT INTO place (path, article) VALUES (?, ?)", (path, row))
        if len(superseded) < len(gone):
            settle(connection)
            mark_changed(connection)
        records = {row: read_records(connection, "row = ?", (row,))[0] for row in rows}
    return BroughtBack(
        tuple(record for row, record in records.items() if row not in superseded),
        tuple(record for row, record in records.items() if row in superseded),
    )


def _state(connection: sqlite3.Connection, row: int) -> str | None:
    found = connection.execute("SELECT state FROM article WHERE row = ?", (row,)).fetchone()
    return found and str(found["state"])


def _refuse_replaced(connection: sqlite3.Connection, row: int, library: str) -> None:
    for record in read_records(connection, "row = ? AND state = 'replaced'", (row,)):
        raise LibraryError(
            f"article {record.id} in library {library} was replaced, not removed: "
            f"'footnote add' the file as it was"
        )
