"""The library's tables, how older ones become newer ones, and connections to them.

Knows SQL and nothing of encoders, vectors or searches.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock

from index.errors import LibraryError
from index.voices import settle

APPLICATION_ID = 0x466F6F74  # "Foot", in the header of the database file
BUSY_SECONDS = 60.0  # how long a write waits for another's batch

# MIGRATIONS[n] brings a library from schema n to n + 1; the first makes an empty one.
# A released entry never changes: libraries out there were made by it.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE state (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            epoch TEXT NOT NULL,          -- changes when passage ids start to mean something else
            generation INTEGER NOT NULL,  -- counts the changes that a search can see
            encoder_name TEXT, encoder_dimension INTEGER, encoder_fingerprint TEXT,
            snapshot_generation INTEGER, snapshot_length INTEGER, snapshot_sha256 TEXT
        )""",
        """CREATE TABLE article (
            row INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of adding
            id TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL CHECK (state IN ('live', 'replaced', 'removed')),
            added_at TEXT NOT NULL,                 -- ISO 8601, UTC
            text TEXT NOT NULL,
            text_sha256 TEXT NOT NULL,
            file_sha256 TEXT NOT NULL,
            path TEXT NOT NULL,
            title TEXT NOT NULL, title_origin TEXT NOT NULL,
            source TEXT, source_origin TEXT,
            source_key TEXT,                        -- for filters: normalised, without case
            authors TEXT NOT NULL,                  -- JSON [[name, origin], ...]
            url TEXT, url_origin TEXT,
            published TEXT, published_origin TEXT, published_trust TEXT,
            published_first TEXT, published_last TEXT,  -- first and last day it can mean
            body_start INTEGER NOT NULL,
            page_starts TEXT NOT NULL,              -- JSON [offset, ...]
            language TEXT NOT NULL
        )""",
        "CREATE INDEX article_text ON article (text_sha256)",
        # Which version each file holds now; a version that no file holds is a tombstone.
        """CREATE TABLE place (
            path TEXT PRIMARY KEY,
            article INTEGER NOT NULL REFERENCES article (row)
        ) WITHOUT ROWID""",
        "CREATE INDEX place_article ON place (article)",
        # Only live versions have passages, so a query can never meet a tombstone.
        """CREATE TABLE passage (
            id INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice
            article INTEGER NOT NULL REFERENCES article (row),
            start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            text TEXT NOT NULL
        )""",
        "CREATE INDEX passage_article ON passage (article)",
        """CREATE TABLE embedding (
            passage INTEGER PRIMARY KEY REFERENCES passage (id) ON DELETE CASCADE,
            vector BLOB NOT NULL                    -- little-endian float32, length 1
        )""",
        """CREATE VIEW passage_content AS
            SELECT passage.id AS id, article.title AS title, passage.text AS text
            FROM passage JOIN article ON article.row = passage.article""",
        """CREATE VIRTUAL TABLE passage_words USING fts5(
            title, text, content='passage_content', content_rowid='id',
            tokenize='porter unicode61 remove_diacritics 2'
        )""",
        """CREATE TRIGGER passage_added AFTER INSERT ON passage BEGIN
            INSERT INTO passage_words (rowid, title, text)
                SELECT id, title, text FROM passage_content WHERE id = new.id;
        END""",
        """CREATE TRIGGER passage_gone BEFORE DELETE ON passage BEGIN
            INSERT INTO passage_words (passage_words, rowid, title, text)
                SELECT 'delete', id, title, text FROM passage_content WHERE id = old.id;
        END""",
        # A rebuild fills these batch by batch; one transaction moves them over.
        "CREATE TABLE rebuild (one INTEGER PRIMARY KEY CHECK (one = 1), "
        "encoder_name TEXT, encoder_dimension INTEGER, encoder_fingerprint TEXT)",
        "CREATE TABLE rebuilt_article (article INTEGER PRIMARY KEY REFERENCES article (row)"
        " ON DELETE CASCADE)",
        """CREATE TABLE rebuilt_passage (
            id INTEGER PRIMARY KEY,
            article INTEGER NOT NULL REFERENCES rebuilt_article (article) ON DELETE CASCADE,
            start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            text TEXT NOT NULL, vector BLOB NOT NULL
        )""",
        "CREATE INDEX rebuilt_passage_article ON rebuilt_passage (article)",
        "INSERT INTO state (one, epoch, generation) VALUES (1, hex(randomblob(8)), 0)",
    ),
    (
        """CREATE TABLE gold (
            row INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order of adding
            id TEXT NOT NULL UNIQUE,
            question TEXT NOT NULL,
            added_at TEXT NOT NULL                  -- ISO 8601, UTC
        )""",
        # A question without any: the library does not hold its answer. Offsets are into a
        # version's text, which never changes; an answer goes with the version that is purged.
        """CREATE TABLE gold_answer (
            row INTEGER PRIMARY KEY,
            gold INTEGER NOT NULL REFERENCES gold (row) ON DELETE CASCADE,
            article INTEGER NOT NULL REFERENCES article (row) ON DELETE CASCADE,
            start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            text TEXT NOT NULL,
            added_at TEXT NOT NULL,
            UNIQUE (gold, article, start, "end"),
            CHECK (0 <= start AND start < "end")
        )""",
        "CREATE INDEX gold_answer_article ON gold_answer (article)",
        # Or a question whose last answer goes would turn into one without an answer.
        """CREATE TRIGGER gold_answer_gone AFTER DELETE ON gold_answer
            WHEN NOT EXISTS (SELECT 1 FROM gold_answer WHERE gold = old.gold)
            BEGIN DELETE FROM gold WHERE row = old.gold; END""",
    ),
    (
        # One row for each text of live articles; all of it derived, see `index.voices`.
        """CREATE TABLE wording (
            text_sha256 TEXT PRIMARY KEY,
            method TEXT NOT NULL,                   -- what made the sketch
            minima BLOB NOT NULL,                   -- bytes
            shingles INTEGER NOT NULL,
            facts BLOB NOT NULL,                    -- little-endian uint32
            cluster TEXT NOT NULL                   -- the first text_sha256 in it
        ) WITHOUT ROWID""",
        "CREATE INDEX wording_cluster ON wording (cluster)",
        # Or every look at outlets and authors would read through all the texts.
        "CREATE INDEX article_live_text ON article (state, text_sha256)",
        "CREATE INDEX article_source ON article (state, source_key, source)",
        "CREATE INDEX article_authors ON article (state, authors, source_key)",
    ),
)
SCHEMA_VERSION = len(MIGRATIONS)


@dataclass(frozen=True, slots=True)
class State:
    """What the library says about itself, as one transaction sees it."""

    epoch: str
    generation: int
    encoder_name: str | None
    encoder_dimension: int | None
    encoder_fingerprint: str | None
    snapshot_generation: int | None
    snapshot_length: int | None
    snapshot_sha256: str | None


def read_state(connection: sqlite3.Connection) -> State:
    """The library's one row of state."""
    row = connection.execute("SELECT * FROM state").fetchone()
    return State(*row[1:])


def migrate(
    connection: sqlite3.Connection,
    file: Path,
    *,
    migrations: Sequence[tuple[str, ...]] = MIGRATIONS,
) -> None:
    """Bring a library to the newest schema, in one transaction.

    Raises LibraryError if the file is not a library, or one of a newer schema.
    """
    if _version(connection, file) == len(migrations):
        return
    connection.execute("PRAGMA journal_mode = WAL")
    with transaction(connection, "IMMEDIATE"):
        version = _version(connection, file)  # again: another process may have been faster
        if version > len(migrations):
            raise LibraryError(
                f"library {file.parent} was made by a newer Footnote (schema {version}; this one "
                f"knows {len(migrations)}): update footnote-qa"
            )
        for statement in (step for steps in migrations[version:] for step in steps):
            connection.execute(statement)
        settle(connection)  # what is derived is made by the code as it is, whatever the step
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")


def refuse_older(connection: sqlite3.Connection, file: Path) -> None:
    """Raise LibraryError if the library is of an earlier schema: for where it cannot be written."""
    version = _version(connection, file)
    if 0 < version < SCHEMA_VERSION:
        raise LibraryError(
            f"library {file.parent} was made by an earlier Footnote (schema {version}; this one "
            f"uses {SCHEMA_VERSION}) and is read-only here: open it once where it can be written, "
            "or copy it to a place of your own"
        )


def _version(connection: sqlite3.Connection, file: Path) -> int:
    """The schema version, 0 for an empty file. Raises LibraryError if it is not a library."""
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise not_a_library(file) from error
    if application == APPLICATION_ID or (application == version == tables == 0):
        return int(version)
    raise not_a_library(file)


def not_a_library(file: Path) -> LibraryError:
    """The error for a file that something else wrote, or that is damaged in its first page."""
    return LibraryError(
        f"{file} is not a Footnote library, or is damaged beyond reading: choose another folder "
        "with --library, or 'footnote restore' a backup"
    )


def connect(file: Path, *, mode: str = "rwc") -> sqlite3.Connection:
    """A connection in autocommit mode that any one thread at a time may use.

    mode: "rwc" to read and write, "ro" to read, "immutable" where not even lock
    files can be made.
    """
    options = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # purged means overwritten
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "DEFERRED") -> Iterator[None]:
    """Commit at the end of the block, or undo everything if it raises."""
    try:
        connection.execute(f"BEGIN {kind}")
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # nothing to undo if it never began or SQLite already has
            connection.execute("ROLLBACK")
        raise


class Connections:
    """Connections to one database for many threads: each is lent to one block at a time."""

    def __init__(self, file: Path, *, mode: str) -> None:
        """Open none yet; they are made as they are needed, and kept."""
        self._file = file
        self._mode = mode
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        self._writing = Lock()
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One unchanging view of the library for the length of the block."""
        with self._explained(), self.lent() as connection, transaction(connection):
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The write lock for the length of the block; all of its changes are kept, or none."""
        with self._explained(), self._writing, self.lent() as connection:
            with transaction(connection, "IMMEDIATE"):
                yield connection

    @contextmanager
    def lent(self) -> Iterator[sqlite3.Connection]:
        """A connection outside any transaction."""
        if self._closed:
            raise LibraryError(f"library {self._file.parent} has been closed")
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = connect(self._file, mode=self._mode)
        try:
            yield connection
        finally:
            if self._closed:
                connection.close()
            else:
                self._idle.put(connection)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what a user can cure into one line that says how."""
        folder = self._file.parent
        try:
            yield
        except sqlite3.OperationalError as error:  # locked too long, disk full, gone
            raise LibraryError(f"library {folder} cannot be used just now: {error}") from error
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorname.startswith("SQLITE_CORRUPT"):
                raise LibraryError(
                    f"library {folder} is damaged ({error}): run 'footnote check'"
                ) from error
            raise

    def close(self) -> None:
        """Close what is idle now, and what is lent as soon as it comes back."""
        self._closed = True
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()
