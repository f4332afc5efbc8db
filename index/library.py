"""The library: articles, passages and embeddings in one SQLite file, safe against crashes.

A facade: tables are in schema.py, rows in rows.py, snapshots in vectors.py.
Knows nothing of files that articles come from, nor of questions.
"""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal

import numpy as np
from filelock import FileLock

from index.chunk import chunk, refuse_unstorable
from index.embed import Encoder
from index.errors import EncoderError, EncoderMismatch, LibraryError
from index.locks import OPENING, adding_lock
from index.rows import (
    ArticleRecord,
    ArticleState,
    insert_article,
    insert_passages,
    read_article,
    read_records,
    storable_path,
)
from index.schema import SCHEMA_VERSION, Connections, State, connect, migrate, read_state
from index.types import Article, Passage
from index.vectors import (
    Ids,
    Snapshot,
    VectorIndex,
    Vectors,
    discard_others,
    read_snapshot,
    write_snapshot,
)

logger = logging.getLogger(__name__)

Outcome = Literal["added", "replaced", "unchanged"]

DATABASE = "footnote.db"
MAX_TOKENS = 200
_STALE_SHARE = 0.1  # a snapshot is written anew when more than this share of it has changed


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article's passages and their embeddings, ready to be stored."""

    passages: tuple[Passage, ...]
    vectors: Vectors  # (passages, dimension)


@dataclass(frozen=True, slots=True)
class Status:
    """The library in numbers."""

    path: str
    articles: int  # live
    passages: int
    replaced: int  # versions kept for `show` and `verify` only
    removed: int
    sources: int  # outlets of live articles
    undated: int  # live articles without a date
    encoder: str | None  # None until something has been added
    dimension: int | None
    schema: int
    generation: int
    snapshot_generation: int | None
    bytes: int  # all files in the folder
    writable: bool


class Library:
    """One folder of articles. Any number of threads may use one object."""

    def __init__(
        self, folder: Path, connections: Connections, *, writable: bool, unclean: bool
    ) -> None:
        """Use `Library.open`."""
        self.folder = folder
        self.writable = writable
        self._connections = connections
        self._unclean = unclean  # the last process to write did not close it

    @classmethod
    def open(cls, path: str | Path, *, create: bool = False) -> "Library":
        """The library in this folder; an empty one is made there if `create`.

        Raises LibraryError if there is none, or if something else is there.
        """
        folder = Path(path)
        file = folder / DATABASE
        _refuse_foreign(folder, file, create=create)
        if create:
            _make_folder(folder)
        writable = os.access(folder, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))
        log = Path(f"{file}-wal")
        unclean = log.exists() and log.stat().st_size > 0
        try:
            mode = _prepare_writable(folder, file) if writable else _prepare_readonly(file)
        except sqlite3.Error as error:
            raise LibraryError(f"library {folder} cannot be opened: {error}") from error
        return cls(folder, Connections(file, mode=mode), writable=writable, unclean=unclean)

    def __enter__(self) -> "Library":
        """The library itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the files. Closing twice does no harm."""
        self._connections.close()

    # Reading

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """One unchanging view of the tables, for the rest of this package."""
        return self._connections.reading()

    def articles(self, *, states: Sequence[ArticleState] = ("live",)) -> list[ArticleRecord]:
        """Records of the article versions in these states, in the order of adding."""
        marks = ", ".join("?" * len(states))
        with self.reading() as connection:
            return read_records(connection, f"state IN ({marks})", tuple(states))

    def article(self, id_prefix: str) -> Article:
        """The article version with this id, or with the only id that begins so; any state.

        Raises LibraryError if there is none, or more than one.
        """
        with self.reading() as connection:
            return read_article(connection, self._find(connection, id_prefix)[0])

    def record(self, id_prefix: str) -> ArticleRecord:
        """The record of that article version; errors as in `article`."""
        with self.reading() as connection:
            row, _ = self._find(connection, id_prefix)
            return read_records(connection, "row = ?", (row,))[0]

    def passages(self, id_prefix: str) -> list[Passage]:
        """The passages of a live article in their order; none of any other version."""
        with self.reading() as connection:
            row, id_ = self._find(connection, id_prefix)
            rows = connection.execute(
                'SELECT start, "end", text FROM passage WHERE article = ? ORDER BY start, id',
                (row,),
            )
            return [Passage(id_, start, end, text) for start, end, text in rows]

    def same_text(self, article_id: str) -> tuple[str, ...]:
        """Ids of the other live articles whose text is the same, in the order of adding."""
        with self.reading() as connection:
            rows = connection.execute(
                """SELECT id FROM article WHERE state = 'live' AND id != ?1 AND text_sha256 =
                    (SELECT text_sha256 FROM article WHERE id = ?1) ORDER BY row""",
                (article_id,),
            )
            return tuple(id_ for (id_,) in rows)

    def status(self) -> Status:
        """The library in numbers."""
        with self.reading() as connection:
            state = read_state(connection)
            counts = connection.execute(
                """SELECT count(*) FILTER (WHERE state = 'live'),
                    (SELECT count(*) FROM passage),
                    count(*) FILTER (WHERE state = 'replaced'),
                    count(*) FILTER (WHERE state = 'removed'),
                    count(DISTINCT source_key) FILTER (WHERE state = 'live'),
                    count(*) FILTER (WHERE state = 'live' AND published IS NULL)
                FROM article"""
            ).fetchone()
        articles, passages, replaced, removed, sources, undated = counts
        return Status(
            path=str(self.folder),
            articles=articles,
            passages=passages,
            replaced=replaced,
            removed=removed,
            sources=sources,
            undated=undated,
            encoder=state.encoder_name,
            dimension=state.encoder_dimension,
            schema=SCHEMA_VERSION,
            generation=state.generation,
            snapshot_generation=state.snapshot_generation,
            bytes=sum(file.stat().st_size for file in self.folder.iterdir() if file.is_file()),
            writable=self.writable,
        )

    def _find(self, connection: sqlite3.Connection, id_prefix: str) -> tuple[int, str]:
        """Row and whole id."""
        found = connection.execute(
            "SELECT row, id FROM article WHERE substr(id, 1, ?) = ? ORDER BY id != ?, id LIMIT 4",
            (len(id_prefix), id_prefix, id_prefix),
        ).fetchall()
        if not found or not id_prefix:
            raise LibraryError(
                f"no article '{id_prefix}' in library {self.folder}: 'footnote list' shows the ids"
            )
        if len(found) > 1 and found[0][1] != id_prefix:
            ids = ", ".join(id_ for _, id_ in found)
            raise LibraryError(f"'{id_prefix}' begins several ids ({ids}, ...): write more of it")
        return found[0]  # type: ignore[no-any-return]

    # Writing

    @contextmanager
    def adding(
        self, *, wait: bool = True, on_wait: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Hold the place of the one process that adds, and refresh the snapshot at the end.

        Inside, call `add` batch by batch. on_wait is called once if another process
        is adding and this one has to wait. Raises LibraryBusy if it is and `wait` is False.
        """
        self._require_writable()
        with adding_lock(self.folder, wait=wait, on_wait=on_wait):
            yield
            self.refresh_snapshot()

    def add(self, articles: Sequence[Article], encoder: Encoder) -> list[Outcome]:
        """Store a batch, all of it or nothing, and say for each article what that meant.

        "unchanged": this version is there already. "replaced": the file at this path
        held another version until now. The first batch settles the library's encoder.
        Raises EncoderMismatch, EncoderError, or IngestError for text that UTF-8 cannot hold.
        """
        self._require_writable()
        for article in articles:
            refuse_unstorable(article)
        with self.reading() as connection:
            self.require_encoder(read_state(connection), encoder)
            known = {
                id_ for (id_,) in connection.execute("SELECT id FROM article WHERE state = 'live'")
            }
        new = {article.id: article for article in articles if article.id not in known}
        prepared = prepare(list(new.values()), encoder)
        with self._connections.writing() as connection:
            self._adopt(connection, encoder)
            outcomes = [
                _store(connection, article, prepared.get(article.id)) for article in articles
            ]
            if any(outcome != "unchanged" for outcome in outcomes):
                _mark_changed(connection)
        return outcomes

    def remove(self, id_prefixes: Sequence[str], *, purge: bool = False) -> list[ArticleRecord]:
        """Hide articles from search at once, all of them or none; `purge` erases them.

        Records as they were come back. A removed article can still be read by id, a
        purged one cannot. Raises LibraryError if an id is unknown or ambiguous.
        """
        self._require_writable()
        removed: list[ArticleRecord] = []
        with self._connections.writing() as connection:
            rows = dict.fromkeys(self._find(connection, prefix)[0] for prefix in id_prefixes)
            for row in rows:
                removed.extend(read_records(connection, "row = ?", (row,)))
                connection.execute("DELETE FROM place WHERE article = ?", (row,))
                _bury(connection, row, "removed")
                if purge:
                    connection.execute("DELETE FROM article WHERE row = ?", (row,))
            if rows:
                _mark_changed(connection)
            if purge:
                connection.execute("INSERT INTO passage_words (passage_words) VALUES ('optimize')")
        if purge:
            self._erase_traces()
        return removed

    def _erase_traces(self) -> None:
        """What was purged must not live on in the write-ahead log or the snapshot."""
        self.refresh_snapshot(force=True)
        with self._connections.lent() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _require_writable(self) -> None:
        if not self.writable:
            raise LibraryError(
                f"library {self.folder} is read-only here: change the folder's rights, "
                "or copy it to a place of your own"
            )

    def require_encoder(self, state: State, encoder: Encoder) -> None:
        """Raise EncoderMismatch if the library's embeddings are another encoder's."""
        if state.encoder_fingerprint in (None, encoder.fingerprint):
            return
        was = f"encoder '{state.encoder_name}' ({state.encoder_dimension})"
        this = f"'{encoder.name}' ({encoder.dimension})"
        if state.encoder_name == encoder.name:
            this += " with other weights"
        raise EncoderMismatch(
            f"library {self.folder} was made with {was}; this is {this}: run 'footnote rebuild "
            f"--encoder {encoder.name}', or ask with --encoder {state.encoder_name}"
        )

    def _adopt(self, connection: sqlite3.Connection, encoder: Encoder) -> None:
        state = read_state(connection)
        self.require_encoder(state, encoder)
        if state.encoder_fingerprint is None:
            connection.execute(
                "UPDATE state SET encoder_name = ?, encoder_dimension = ?, encoder_fingerprint = ?",
                (encoder.name, encoder.dimension, encoder.fingerprint),
            )

    # Embeddings

    def load_vectors(self, connection: sqlite3.Connection, state: State) -> VectorIndex:
        """An index of this view's embeddings, from the snapshot as far as that is good."""
        index = self._read_snapshot(state, verify=self._unclean)
        return self.update_vectors(connection, index or VectorIndex(state.encoder_dimension or 1))

    def update_vectors(self, connection: sqlite3.Connection, index: VectorIndex) -> VectorIndex:
        """The index brought to what this view of the library holds; itself if nothing changed."""
        live = np.fromiter(
            (
                id_
                for (id_,) in connection.execute("SELECT passage FROM embedding ORDER BY passage")
            ),
            dtype=np.int64,
        )
        gone = np.setdiff1d(index.ids, live, assume_unique=True)
        new = np.setdiff1d(live, index.ids, assume_unique=True)
        if not len(gone) and not len(new):
            return index
        vectors = _read_vectors(connection, new, index.dimension)
        return index.changed(gone=gone, new_ids=new, new_vectors=vectors)

    def refresh_snapshot(self, *, force: bool = False) -> None:
        """Write the snapshot anew if it is damaged or much has changed since, or always."""
        with self.reading() as connection:
            state = read_state(connection)
            if state.encoder_dimension is None:
                return
            old = self._read_snapshot(state, verify=False)
            index = self.update_vectors(connection, old or VectorIndex(state.encoder_dimension))
        changed = len(np.setxor1d(index.ids, old.ids, assume_unique=True)) if old else len(index)
        if old and not force and changed <= _STALE_SHARE * len(old):
            return
        snapshot = write_snapshot(self.folder, index, state.generation)
        if snapshot:
            self._record_snapshot(snapshot, state.epoch)

    def _record_snapshot(self, snapshot: Snapshot, epoch: str) -> None:
        with self._connections.writing() as connection:
            cursor = connection.execute(
                """UPDATE state SET snapshot_generation = ?, snapshot_length = ?,
                    snapshot_sha256 = ? WHERE epoch = ?""",
                (snapshot.generation, snapshot.length, snapshot.sha256, epoch),
            )
        if cursor.rowcount:
            discard_others(self.folder, snapshot)

    def _read_snapshot(self, state: State, *, verify: bool) -> VectorIndex | None:
        snapshot = recorded_snapshot(state)
        if snapshot is None or state.encoder_dimension is None:
            return None
        index = read_snapshot(self.folder, snapshot, state.encoder_dimension, verify=verify)
        if index is None:
            logger.info("snapshot %s is unusable", snapshot.file(self.folder))
        return index


def recorded_snapshot(state: State) -> Snapshot | None:
    """The snapshot that the library remembers writing."""
    if state.snapshot_generation is None:
        return None
    return Snapshot(
        state.snapshot_generation, state.snapshot_length or 0, state.snapshot_sha256 or ""
    )


def prepare(articles: Sequence[Article], encoder: Encoder) -> dict[str, Prepared]:
    """Passages and embeddings of each article, by its id; all encoded together.

    Raises EncoderError if the encoder gives anything but vectors of length 1.
    """
    chunked = [
        chunk(article, token_count=encoder.count_tokens, max_tokens=MAX_TOKENS)
        for article in articles
    ]
    texts = [
        in_context(article, passage)
        for article, passages in zip(articles, chunked, strict=True)
        for passage in passages
    ]
    vectors = encoder.encode_passages(texts)
    _check_vectors(vectors, len(texts), encoder)
    prepared: dict[str, Prepared] = {}
    first = 0
    for article, passages in zip(articles, chunked, strict=True):
        last = first + len(passages)
        prepared[article.id] = Prepared(tuple(passages), vectors[first:last])
        first = last
    return prepared


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


def _store(connection: sqlite3.Connection, article: Article, prepared: Prepared | None) -> Outcome:
    """Make this the version at its path."""
    path = storable_path(article.path)
    held = connection.execute("SELECT article FROM place WHERE path = ?", (path,)).fetchone()
    found = connection.execute(
        "SELECT row, state FROM article WHERE id = ?", (article.id,)
    ).fetchone()
    if found and found[1] == "live":
        row, outcome = found[0], "unchanged"
    elif prepared is None:  # live when the batch began: whoever hid it since came later
        return "unchanged"
    else:
        row, outcome = _bring_to_life(connection, article, found and found[0], path), "added"
        insert_passages(connection, row, prepared.passages, prepared.vectors)
    connection.execute("INSERT OR REPLACE INTO place (path, article) VALUES (?, ?)", (path, row))
    if held is None or held[0] == row:
        return "added" if outcome == "added" else "unchanged"
    if not connection.execute("SELECT 1 FROM place WHERE article = ?", held).fetchone():
        _bury(connection, held[0], "replaced")
    return "replaced"


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


def _bury(connection: sqlite3.Connection, row: int, state: ArticleState) -> None:
    """Hide a version from every search; its text stays."""
    connection.execute("DELETE FROM passage WHERE article = ?", (row,))
    connection.execute("UPDATE article SET state = ? WHERE row = ?", (state, row))


def _mark_changed(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE state SET generation = generation + 1")


def _read_vectors(connection: sqlite3.Connection, ids: Ids, dimension: int) -> Vectors:
    vectors = np.empty((len(ids), dimension), dtype=np.float32)
    if len(ids) == 0:
        return vectors
    rows = connection.execute(
        "SELECT passage, vector FROM embedding WHERE passage >= ? ORDER BY passage", (int(ids[0]),)
    )
    wanted = iter(ids.tolist())
    next_id, place = next(wanted, None), 0
    for id_, vector in rows:
        if id_ == next_id:
            vectors[place] = np.frombuffer(vector, dtype="<f4")
            next_id, place = next(wanted, None), place + 1
    return vectors


def _refuse_foreign(folder: Path, file: Path, *, create: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise LibraryError(f"{folder} is a file, not a library: choose a folder with --library")
    if file.exists() and file.stat().st_size:
        return
    if not create:
        raise LibraryError(f"no library at {folder}: add articles with 'footnote add PATH'")
    ours = ("footnote.db", "vectors-")
    others = folder.is_dir() and [
        other.name
        for other in folder.iterdir()
        if not other.name.startswith(ours) and other.suffix != ".lock"
    ]
    if others:
        raise LibraryError(
            f"folder {folder} holds other files ({others[0]}) and no library: "
            "choose a new folder with --library"
        )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"no library can be made at {folder}: {error.strerror}") from error


def _prepare_writable(folder: Path, file: Path) -> str:
    connection = connect(file)
    try:
        with FileLock(folder / OPENING):
            migrate(connection, file)
    finally:
        connection.close()
    return "rw"


def _prepare_readonly(file: Path) -> str:
    """How a database can be read where nothing may be written."""
    for mode in ("ro", "immutable"):
        connection = connect(file, mode=mode)
        try:
            migrate(connection, file)  # nothing to do, or a clear error
            return mode
        except sqlite3.OperationalError:
            # No place for the shared-memory file. Without a log the database is whole.
            log = Path(f"{file}-wal")
            if mode == "immutable" or (log.exists() and log.stat().st_size):
                raise
        finally:
            connection.close()
    raise LibraryError(f"library {file.parent} cannot be read")
