"""A library as large as one likes, from a small real one.

An embedding is a real one moved by some of the difference of two of its neighbours and by
noise half as long as the way to the nearest; a passage is four real sentences, mixed. So
neighbours are as unequal and words as frequent as in real text, which uniform noise and
made-up words are not. What a thousand times as much real text would have, and this
has not: new names, so that rare words here are less rare; and passages on one subject.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embed import Encoder, Vectors
from index.embeddings import refresh_snapshot
from index.library import Library
from index.opening import open_database
from index.rows import vector_bytes
from index.sentences import sentence_spans
from index.writing import adopt_encoder, mark_changed

Progress = Callable[[int, int], None]  # passages done, of how many

_PER_ARTICLE = 8  # passages
_SENTENCES = 4  # of a passage
_NEIGHBOURS = 16
_STEP = 20_000  # passages written at a time


@dataclass(frozen=True, slots=True)
class Source:
    """What a large library is made from."""

    what: str  # in words
    passages: tuple[str, ...]
    titles: tuple[str, ...]
    vectors: Vectors  # (passages, dimension)
    questions: tuple[str, ...]


def read_source(library: Library, questions: tuple[str, ...], what: str) -> Source:
    """A real library's passages and headlines, and questions to ask."""
    with library.reading() as connection:
        rows = connection.execute(
            """SELECT passage.text, vector FROM passage
                JOIN embedding ON passage = passage.id ORDER BY passage.id"""
        ).fetchall()
        titles = [t for (t,) in connection.execute("SELECT title FROM article ORDER BY row")]
    vectors = np.array([np.frombuffer(vector, dtype="<f4") for _, vector in rows])
    return Source(what, tuple(text for text, _ in rows), tuple(titles), vectors, questions)


def enlarged(vectors: Vectors, count: int, *, seed: int = 0) -> Iterator[Vectors]:
    """As many embeddings as that, some at a time: the real ones, then moved copies."""
    import faiss

    random_ = np.random.default_rng(seed)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    neighbours = min(_NEIGHBOURS, len(vectors) - 1)
    cosines, near = index.search(vectors, neighbours + 1)  # the first is itself
    distance = np.sqrt(np.maximum(2 - 2 * cosines[:, 1], 0)).astype(np.float32)
    yield vectors[:count]
    for start in range(len(vectors), count, _STEP):
        size = min(_STEP, count - start)
        row = random_.integers(0, len(vectors), size)
        one, other = (
            vectors[near[row, random_.integers(1, neighbours + 1, size)]] for _ in range(2)
        )
        noise = random_.standard_normal((size, vectors.shape[1]), dtype=np.float32)
        noise *= (0.5 * distance[row] / np.linalg.norm(noise, axis=1))[:, None]
        moved = vectors[row] + 0.5 * random_.random((size, 1), dtype=np.float32) * (one - other)
        moved += noise
        yield moved / np.linalg.norm(moved, axis=1, keepdims=True)


def build(
    folder: Path, source: Source, count: int, encoder: Encoder, *, progress: Progress
) -> tuple[float, float]:
    """Write such a library straight into its tables; seconds for those and for its snapshot."""
    began = time.perf_counter()
    opened = open_database(folder, create=True)
    connections = opened.connections
    with closing(connections):
        with connections.writing() as connection:
            adopt_encoder(connection, encoder, folder=folder)
            # One by one, rows would be written into the full-text index as often.
            (trigger,) = connection.execute(
                "SELECT sql FROM sqlite_master WHERE name = 'passage_added'"
            ).fetchone()
            connection.execute("DROP TRIGGER passage_added")
        mixed, done = _mixed(source), 0
        for vectors in enlarged(source.vectors, count):
            with connections.writing() as connection:  # small enough for SQLite's log
                _fill(connection, source, mixed, vectors, done)
            done += len(vectors)
            progress(done, count)
        with connections.writing() as connection:
            connection.execute(trigger)
            mark_changed(connection)
        filled = time.perf_counter()
        refresh_snapshot(connections, folder)
    return filled - began, time.perf_counter() - filled


def _fill(
    connection: sqlite3.Connection,
    source: Source,
    mixed: Iterator[str],
    vectors: Vectors,
    done: int,
) -> None:
    for start in range(0, len(vectors), _PER_ARTICLE):
        part = vectors[start : start + _PER_ARTICLE]
        _insert_article(connection, source, [next(mixed) for _ in part], part, done + start)
    connection.execute(
        """INSERT INTO passage_words (rowid, title, text)
            SELECT id, title, text FROM passage_content WHERE id > ?""",
        (done,),
    )


def _mixed(source: Source) -> Iterator[str]:
    chosen = random.Random(0)
    sentences = [
        text[start:end]
        for text in source.passages
        for start, end in sentence_spans(text)
        if end - start > 20
    ]
    while True:
        yield " ".join(chosen.choices(sentences, k=_SENTENCES))


def _insert_article(
    connection: sqlite3.Connection, source: Source, texts: list[str], vectors: Vectors, first: int
) -> None:
    title = source.titles[first // _PER_ARTICLE % len(source.titles)]
    whole = "\n\n".join(texts)
    number = f"{first:08d}"
    row = connection.execute(
        """INSERT INTO article (id, state, added_at, text, text_sha256, file_sha256, path, title,
                title_origin, authors, body_start, page_starts, language)
            VALUES (?1, 'live', '2026-01-01T00:00:00+00:00', ?2, ?1, ?1, ?1, ?3, 'header', '[]',
                0, '[]', 'en')""",
        (number, whole, title),
    ).lastrowid
    place = 0
    passages, embeddings = [], []
    for offset, (text, vector) in enumerate(zip(texts, vectors, strict=True)):
        passages.append((first + offset + 1, row, place, place + len(text), text))
        embeddings.append((first + offset + 1, vector_bytes(vector)))
        place += len(text) + 2
    connection.executemany("INSERT INTO passage VALUES (?, ?, ?, ?, ?)", passages)
    connection.executemany("INSERT INTO embedding VALUES (?, ?)", embeddings)
