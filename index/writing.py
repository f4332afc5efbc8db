"""How a batch of articles becomes rows; every function here runs inside one transaction.

Except `prepare`, the slow part, which needs no lock and runs before it.
"""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import numpy as np

from index.chunk import chunk
from index.embed import Encoder
from index.errors import EncoderError, EncoderMismatch
from index.rows import ArticleState, insert_article, insert_passages, storable_path
from index.schema import State, read_state
from index.types import Article, Passage
from index.vectors import Vectors

Outcome = Literal["added", "replaced", "unchanged"]

MAX_TOKENS = 200  # of a passage; with its headline it stays within the encoder's 256


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article's passages and their embeddings, ready to be stored."""

    passages: tuple[Passage, ...]
    vectors: Vectors  # (passages, dimension)


@dataclass(frozen=True, slots=True)
class Cut:
    """Articles in passages, not yet embedded."""

    articles: tuple[Article, ...]
    passages: tuple[tuple[Passage, ...], ...]  # of each article


def prepare(articles: Sequence[Article], encoder: Encoder) -> dict[str, Prepared]:
    """Passages and embeddings of each article, by its id; all encoded together.

    Raises EncoderError if the encoder gives anything but vectors of length 1.
    """
    return embed(cut(articles, encoder), encoder)


def cut(articles: Sequence[Article], encoder: Encoder) -> Cut:
    """The first half of `prepare`, in Python."""
    chunked = (
        tuple(chunk(article, token_count=encoder.count_tokens, max_tokens=MAX_TOKENS))
        for article in articles
    )
    return Cut(tuple(articles), tuple(chunked))


def embed(made: Cut, encoder: Encoder) -> dict[str, Prepared]:
    """The second half of `prepare`, outside Python."""
    texts = texts_of(made)
    vectors = encoder.encode_passages(texts)
    _check_vectors(vectors, len(texts), encoder)
    prepared: dict[str, Prepared] = {}
    first = 0
    for article, passages in zip(made.articles, made.passages, strict=True):
        last = first + len(passages)
        prepared[article.id] = Prepared(passages, vectors[first:last])
        first = last
    return prepared


def texts_of(made: Cut) -> list[str]:
    """What the encoder reads for each passage, article by article."""
    return [
        in_context(article, passage)
        for article, passages in zip(made.articles, made.passages, strict=True)
        for passage in passages
    ]


def in_context(article: Article, passage: Passage) -> str:
    """What the encoder reads for a passage: the headline above it, where there is one."""
    title = article.title
    if title.origin == "file name" or passage.text == title.value:
        return passage.text
    return f"{title.value}\n{passage.text}"


def _check_vectors(vectors: Vectors, count: int, encoder: Encoder) -> None:
    if vectors.shape != (count, encoder.dimension):
        raise EncoderError(
            f"encoder '{encoder.name}' gave vectors of shape {vectors.shape} for {count} passages "
            f"of dimension {encoder.dimension}: use another one with --encoder"
        )
    lengths = np.linalg.norm(vectors, axis=1)
    if not np.all(np.abs(lengths - 1) < 1e-3):  # false for NaN too
        raise EncoderError(
            f"encoder '{encoder.name}' gave vectors that are not of length 1: "
            "use another one with --encoder"
        )


def require_encoder(state: State, encoder: Encoder, *, folder: Path) -> None:
    """Raise EncoderMismatch if the library's embeddings are another encoder's."""
    if state.encoder_fingerprint in (None, encoder.fingerprint):
        return
    was = f"encoder '{state.encoder_name}' ({state.encoder_dimension})"
    this = f"'{encoder.name}' ({encoder.dimension})"
    if state.encoder_name == encoder.name:
        this += " with other weights"
    raise EncoderMismatch(
        f"library {folder} was made with {was}; this is {this}: run 'footnote rebuild "
        f"--encoder {encoder.name}', or ask with --encoder {state.encoder_name}"
    )


def adopt_encoder(connection: sqlite3.Connection, encoder: Encoder, *, folder: Path) -> None:
    """Settle the library's encoder if this is the first. Raises EncoderMismatch as above."""
    state = read_state(connection)
    require_encoder(state, encoder, folder=folder)
    if state.encoder_fingerprint is None:
        connection.execute(
            "UPDATE state SET encoder_name = ?, encoder_dimension = ?, encoder_fingerprint = ?",
            (encoder.name, encoder.dimension, encoder.fingerprint),
        )


def live_ids(connection: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    """Those of the ids that are live articles."""
    rows = connection.execute(
        """SELECT id FROM article
            WHERE state = 'live' AND id IN (SELECT value FROM json_each(?))""",
        (json.dumps(ids),),
    )
    return {id_ for (id_,) in rows}


def texts_touched(connection: sqlite3.Connection, articles: Sequence[Article]) -> set[str]:
    """Hashes of the texts that storing these can bring to life or bury; asked before it."""
    rows = connection.execute(
        """SELECT text_sha256 FROM article JOIN place ON place.article = article.row
            WHERE place.path IN (SELECT value FROM json_each(?))""",
        (json.dumps([storable_path(article.path) for article in articles]),),
    )
    return {article.sha256 for article in articles} | {sha256 for (sha256,) in rows}


def store(connection: sqlite3.Connection, article: Article, prepared: Prepared | None) -> Outcome:
    """Make this the version at its path, and bury the one that no path holds any more.

    prepared: None if the version was live when the batch began.
    """
    path = storable_path(article.path)
    held = connection.execute("SELECT article FROM place WHERE path = ?", (path,)).fetchone()
    found = connection.execute(
        "SELECT row, state FROM article WHERE id = ?", (article.id,)
    ).fetchone()
    is_live = found is not None and found["state"] == "live"
    if is_live:
        row = found["row"]
    elif prepared is None:  # someone has removed it since, and that came later
        return "unchanged"
    else:
        row = _bring_to_life(connection, article, found and found["row"], path)
        insert_passages(connection, row, prepared.passages, prepared.vectors)
    connection.execute("INSERT OR REPLACE INTO place (path, article) VALUES (?, ?)", (path, row))
    if held is None or held["article"] == row:
        return "unchanged" if is_live else "added"
    _bury_if_nowhere(connection, held["article"])
    return "replaced"


def drop_records(connection: sqlite3.Connection, table: str, kept: Collection[str]) -> int:
    """Let go of the records of a table file that are not among `kept`; how many comes back.

    A version that still stands at another path stays live.
    """
    prefix = f"{storable_path(table)}#"
    held = connection.execute(
        "SELECT path, article FROM place WHERE substr(path, 1, ?) = ?", (len(prefix), prefix)
    ).fetchall()
    still = {storable_path(path) for path in kept}
    gone = [(path, row) for path, row in held if path not in still]
    for path, row in gone:
        connection.execute("DELETE FROM place WHERE path = ?", (path,))
        _bury_if_nowhere(connection, row)
    return len(gone)


def _bury_if_nowhere(connection: sqlite3.Connection, row: int) -> None:
    elsewhere = connection.execute("SELECT 1 FROM place WHERE article = ?", (row,))
    if not elsewhere.fetchone():
        bury(connection, row, "replaced")


def _bring_to_life(
    connection: sqlite3.Connection, article: Article, row: int | None, path: str
) -> int:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    if row is None:
        return insert_article(connection, article, added_at=now)
    connection.execute(
        "UPDATE article SET state = 'live', added_at = ?, path = ? WHERE row = ?", (now, path, row)
    )
    return row


def bury(connection: sqlite3.Connection, row: int, state: ArticleState) -> None:
    """Hide a version from every search; its text stays."""
    connection.execute("DELETE FROM passage WHERE article = ?", (row,))
    connection.execute("UPDATE article SET state = ? WHERE row = ?", (state, row))


def mark_changed(connection: sqlite3.Connection) -> None:
    """Let every open searcher notice, at its next search, that the library has changed."""
    connection.execute("UPDATE state SET generation = generation + 1")
