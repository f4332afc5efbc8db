"""All passages and embeddings anew, by another encoder or the same, beside the old ones.

A reader sees the old until one transaction puts the new in their place. What an
interrupted rebuild has done is kept, and the next one with that encoder goes on.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.embed import Encoder
from index.embeddings import refresh_snapshot
from index.rows import read_article, vector_bytes
from index.schema import Connections
from index.types import Article
from index.writing import Prepared, prepare

Progress = Callable[[int, int], None]  # articles done, articles in all

_BATCH = 16
_PENDING = """state = 'live' AND row NOT IN (SELECT article FROM rebuilt_article)"""


@dataclass(frozen=True, slots=True)
class _Batch:
    articles: dict[int, Article]  # by row
    done: int
    total: int


def rebuild(
    connections: Connections, folder: Path, encoder: Encoder, *, progress: Progress | None = None
) -> int:
    """Chunk and embed every live article again; how many there are comes back.

    The caller holds the place of the one process that adds.
    """
    with connections.writing() as connection:
        _begin(connection, encoder)
    while True:
        with connections.reading() as connection:
            batch = _next_batch(connection)
        if progress:
            progress(batch.done, batch.total)
        if batch.articles:
            prepared = prepare(list(batch.articles.values()), encoder)
            with connections.writing() as connection:
                for row, article in batch.articles.items():
                    _set_aside(connection, row, prepared[article.id])
            continue
        with connections.writing() as connection:
            if not _next_batch(connection).articles:  # else one came in between: go on
                _swap(connection)
                break
    refresh_snapshot(connections, folder, force=True)
    return batch.total


def _begin(connection: sqlite3.Connection, encoder: Encoder) -> None:
    """Keep what an earlier rebuild by the same encoder has done, nothing else."""
    begun = connection.execute("SELECT encoder_fingerprint FROM rebuild").fetchone()
    if begun is None or begun[0] != encoder.fingerprint:
        connection.execute("DELETE FROM rebuilt_article")
    connection.execute(
        "INSERT OR REPLACE INTO rebuild VALUES (1, ?, ?, ?)",
        (encoder.name, encoder.dimension, encoder.fingerprint),
    )


def _next_batch(connection: sqlite3.Connection) -> _Batch:
    rows = connection.execute(
        f"SELECT row FROM article WHERE {_PENDING} ORDER BY row LIMIT {_BATCH}"
    )
    articles = {row: read_article(connection, row) for (row,) in rows.fetchall()}
    total, pending = connection.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {_PENDING}) FROM article WHERE state = 'live'"
    ).fetchone()
    return _Batch(articles, total - pending, total)


def _set_aside(connection: sqlite3.Connection, row: int, prepared: Prepared) -> None:
    if not connection.execute("SELECT 1 FROM article WHERE row = ?", (row,)).fetchone():
        return  # purged meanwhile
    connection.execute("INSERT INTO rebuilt_article VALUES (?)", (row,))
    connection.executemany(
        'INSERT INTO rebuilt_passage (article, start, "end", text, vector) VALUES (?, ?, ?, ?, ?)',
        (
            (row, passage.start, passage.end, passage.text, vector_bytes(vector))
            for passage, vector in zip(prepared.passages, prepared.vectors, strict=True)
        ),
    )


def _swap(connection: sqlite3.Connection) -> None:
    """Put the new passages in the place of the old, under ids that were never used."""
    used = "(SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'passage')"
    (first,) = connection.execute(f"SELECT {used}").fetchone()
    connection.execute(
        """DELETE FROM rebuilt_article
            WHERE article IN (SELECT row FROM article WHERE state != 'live')"""
    )
    connection.execute("DELETE FROM passage")
    connection.execute(
        """INSERT INTO passage (id, article, start, "end", text)
            SELECT id + ?, article, start, "end", text FROM rebuilt_passage ORDER BY id""",
        (first,),
    )
    connection.execute(
        "INSERT INTO embedding (passage, vector) SELECT id + ?, vector FROM rebuilt_passage",
        (first,),
    )
    connection.execute(
        """UPDATE state SET (encoder_name, encoder_dimension, encoder_fingerprint) =
                (SELECT encoder_name, encoder_dimension, encoder_fingerprint FROM rebuild),
            epoch = hex(randomblob(8)), generation = generation + 1,
            snapshot_generation = NULL, snapshot_length = NULL, snapshot_sha256 = NULL"""
    )
    connection.execute("DELETE FROM rebuilt_article")
    connection.execute("DELETE FROM rebuild")
