"""Tells whether all that is stored is what it was, all that is derived what it should be.

Derived things are repaired: full-text rows, the snapshot, and with an encoder at
hand passages and embeddings. An article's text is not derived.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embed import Encoder
from index.embeddings import open_snapshot, recorded_snapshot, refresh_snapshot
from index.errors import LibraryError
from index.gold import gold_damage
from index.rows import insert_passages, read_article
from index.schema import Connections, read_state, transaction
from index.types import Article
from index.voices import are_settled, resettle
from index.writing import mark_changed, prepare

Progress = Callable[[int, int], None]  # articles done, articles in all


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be."""

    where: str  # "article 1a2b...", "full-text index", "snapshot", "database"
    what: str
    repaired: bool


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check looked at and found."""

    articles: int  # versions, tombstones among them
    passages: int
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        """Whether everything is well now."""
        return all(problem.repaired for problem in self.problems)


def check(
    connections: Connections,
    folder: Path,
    *,
    encoder: Encoder | None = None,
    repair: bool = True,
    progress: Progress | None = None,
) -> CheckReport:
    """Verify and repair: hashes, offsets, embeddings, words, gold items, near-copies, snapshot.

    encoder: makes passages and embeddings anew where they are damaged.
    """
    with connections.lent() as connection:
        damage = _damaged_pages(connection)
        if damage:
            return CheckReport(0, 0, damage)
    with connections.reading() as connection:
        rows = [row for (row,) in connection.execute("SELECT row FROM article ORDER BY row")]
        (passages,) = connection.execute("SELECT count(*) FROM passage").fetchone()
    problems: list[Problem] = []
    for done, row in enumerate(rows):
        if progress:
            progress(done, len(rows))
        problems.extend(_check_article(connections, row, encoder if repair else None))
    problems.extend(_check_strays(connections, repair=repair))
    problems.extend(_check_gold(connections))
    if all(problem.repaired for problem in problems):  # a damaged text has another sketch, too
        problems.extend(_check_voices(connections, repair=repair))
    problems.extend(_check_words(connections, repair=repair))
    problems.extend(_check_snapshot(connections, folder, repair=repair))
    if progress:
        progress(len(rows), len(rows))
    return CheckReport(len(rows), passages, tuple(problems))


def _damaged_pages(connection: sqlite3.Connection) -> tuple[Problem, ...]:
    try:
        verdicts = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
    except sqlite3.DatabaseError as error:
        verdicts = [str(error)]
    # SQLite's check covers the full-text index too, and that one is derived.
    bad = [verdict for verdict in verdicts if verdict != "ok" and "fts5" not in verdict.lower()]
    return tuple(
        Problem("database", f"{verdict}: 'footnote restore' a backup", repaired=False)
        for verdict in bad
    )


def _check_article(connections: Connections, row: int, encoder: Encoder | None) -> list[Problem]:
    with connections.reading() as connection:
        stored = connection.execute(
            "SELECT id, text_sha256, state FROM article WHERE row = ?", (row,)
        ).fetchone()
        if stored is None:
            return []  # purged since the check began
        article = read_article(connection, row)
        where = f"article {stored['id']}"
        if article.sha256 != stored["text_sha256"] or article.id != stored["id"]:
            what = "its text or metadata are not what was added: 'footnote restore' a backup"
            return [Problem(where, what, repaired=False)]
        what = _passage_damage(connection, row, article, live=stored["state"] == "live")
    if not what:
        return []
    if encoder is None:
        return [Problem(where, f"{what}: run 'footnote rebuild'", repaired=False)]
    return [Problem(where, what, repaired=_renew_passages(connections, row, article, encoder))]


def _passage_damage(
    connection: sqlite3.Connection, row: int, article: Article, *, live: bool
) -> str:
    """What is wrong with the article's passages, empty if nothing is."""
    dimension = read_state(connection).encoder_dimension or 0
    covered = 0
    rows = connection.execute(
        """SELECT start, "end", text, vector FROM passage
            LEFT JOIN embedding ON embedding.passage = passage.id
            WHERE article = ? ORDER BY start, "end\"""",
        (row,),
    ).fetchall()
    if rows and not live:
        return "it has passages though it is no longer searched"
    for start, end, text, vector in rows:
        if article.text[start:end] != text:
            return f"the passage at {start} is not the article's text"
        if not _is_unit_vector(vector, dimension):
            return f"the embedding of the passage at {start} is missing or damaged"
        if article.text[covered:start].strip():
            return f"no passage holds what stands at {covered}"
        covered = max(covered, end)
    if live and article.text[covered:].strip():
        return f"no passage holds what stands at {covered}"
    return ""


def _is_unit_vector(vector: bytes | None, dimension: int) -> bool:
    if vector is None or len(vector) != 4 * dimension:
        return False
    return bool(abs(np.linalg.norm(np.frombuffer(vector, dtype="<f4")) - 1) < 1e-3)


def _renew_passages(connections: Connections, row: int, article: Article, encoder: Encoder) -> bool:
    with connections.reading() as connection:
        if read_state(connection).encoder_fingerprint != encoder.fingerprint:
            return False
    prepared = prepare([article], encoder)[article.id]
    with connections.writing() as connection:
        connection.execute("DELETE FROM passage WHERE article = ?", (row,))
        state = connection.execute("SELECT state FROM article WHERE row = ?", (row,)).fetchone()
        if state and state[0] == "live":
            insert_passages(connection, row, prepared.passages, prepared.vectors)
        mark_changed(connection)
    return True


def _check_strays(connections: Connections, *, repair: bool) -> list[Problem]:
    """Rows that belong to nothing: SQLite's own rules prevent them, other programs may not."""
    problems: list[Problem] = []
    for table, condition in (
        ("passage", "article NOT IN (SELECT row FROM article)"),
        ("embedding", "passage NOT IN (SELECT id FROM passage)"),
        (
            "gold_answer",
            "article NOT IN (SELECT row FROM article) OR gold NOT IN (SELECT row FROM gold)",
        ),
    ):
        with connections.reading() as connection:
            counted = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}")
            (count,) = counted.fetchone()
        if count and repair:
            with connections.writing() as connection:
                connection.execute(f"DELETE FROM {table} WHERE {condition}")
                mark_changed(connection)
        if count:
            problems.append(Problem(f"table '{table}'", f"{count} rows belong to nothing", repair))
    return problems


def _check_gold(connections: Connections) -> list[Problem]:
    with connections.reading() as connection:
        return [
            Problem(f"gold item {id_}", f"{what}: remove it with 'footnote gold remove'", False)
            for id_, what in gold_damage(connection)
        ]


def _check_voices(connections: Connections, *, repair: bool) -> list[Problem]:
    with connections.reading() as connection:
        if are_settled(connection):
            return []
    if repair:
        with connections.writing() as connection:
            resettle(connection)
    return [Problem("near-copies", "they are not what the articles' texts make them", repair)]


def _check_words(connections: Connections, *, repair: bool) -> list[Problem]:
    where, what = "full-text index", "it does not match the passages"
    if not repair:
        return [] if _words_are_complete(connections) else [Problem(where, what, repaired=False)]
    try:
        with connections.lent() as connection, transaction(connection, "IMMEDIATE"):
            connection.execute(
                "INSERT INTO passage_words (passage_words, rank) VALUES ('integrity-check', 1)"
            )
        return []
    except sqlite3.OperationalError as error:  # locked too long, disk full: no verdict
        raise LibraryError(f"the full-text index cannot be checked: {error}") from error
    except sqlite3.DatabaseError:  # this is how FTS5 says that it does not match
        with connections.writing() as connection:
            connection.execute("INSERT INTO passage_words (passage_words) VALUES ('rebuild')")
            mark_changed(connection)
    return [Problem(where, what, repaired=True)]


def _words_are_complete(connections: Connections) -> bool:
    """As much as can be seen without writing, which FTS5's own check counts as."""
    with connections.reading() as connection:
        (missing,) = connection.execute(
            """SELECT count(*) FROM passage
                WHERE id NOT IN (SELECT id FROM passage_words_docsize)"""
        ).fetchone()
    return bool(missing == 0)


def _check_snapshot(connections: Connections, folder: Path, *, repair: bool) -> list[Problem]:
    with connections.reading() as connection:
        state = read_state(connection)
        if recorded_snapshot(state) is None or open_snapshot(state, folder, verify=True):
            return []
    if repair:
        refresh_snapshot(connections, folder, force=True)
    return [Problem("snapshot", "it is missing or damaged", repaired=repair)]
