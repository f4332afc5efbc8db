import gzip
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embed import HashEncoder
from index.errors import LibraryError
from index.gold import GoldItem
from index.library import Library
from index.schema import (
    MIGRATIONS,
    SCHEMA_VERSION,
    Connections,
    connect,
    migrate,
    read_state,
    transaction,
)
from index.search import Searcher
from index.types import Filters

LIBRARIES = Path(__file__).parent / "libraries"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "footnote.db"


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    opened = connect(file)
    yield opened
    opened.close()


def tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def test_an_empty_file_becomes_a_library(connection: sqlite3.Connection, file: Path):
    migrate(connection, file)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
    assert read_state(connection).generation == 0
    assert {"article", "passage", "embedding", "passage_words"} <= tables(connection)


def test_the_log_is_written_ahead_and_synced_in_full(connection: sqlite3.Connection, file: Path):
    migrate(connection, file)
    values = [
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert values == ["wal", 2, 1]


def test_a_later_schema_is_reached_from_any_earlier_one(connection: sqlite3.Connection, file: Path):
    migrate(connection, file)
    epoch = read_state(connection).epoch
    later = (
        *MIGRATIONS,
        ("CREATE TABLE later (id)", "INSERT INTO later VALUES (1)"),
        ("ALTER TABLE later ADD COLUMN note DEFAULT 'x'",),
    )
    migrate(connection, file, migrations=later)
    assert tuple(connection.execute("SELECT * FROM later").fetchone()) == (1, "x")
    assert connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION + 2
    assert read_state(connection).epoch == epoch


def test_a_migration_that_fails_changes_nothing(connection: sqlite3.Connection, file: Path):
    migrate(connection, file)
    before = tables(connection)
    broken = (*MIGRATIONS, ("CREATE TABLE later (id)", "CREATE TABLE later (id)"))
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, file, migrations=broken)
    assert tables(connection) == before
    assert connection.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION


def test_a_newer_schema_is_refused(connection: sqlite3.Connection, file: Path):
    migrate(connection, file)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    newer = rf"newer Footnote \(schema {SCHEMA_VERSION + 1}; this one knows {SCHEMA_VERSION}\): up"
    with pytest.raises(LibraryError, match=newer):
        migrate(connection, file)


def test_another_program_s_database_is_refused(connection: sqlite3.Connection, file: Path):
    connection.execute("CREATE TABLE recipes (id)")
    with pytest.raises(LibraryError, match=r"footnote\.db is not a Footnote library"):
        migrate(connection, file)
    assert tables(connection) == {"recipes"}


def test_a_transaction_is_all_or_nothing(connection: sqlite3.Connection):
    connection.execute("CREATE TABLE t (n)")
    with pytest.raises(KeyboardInterrupt), transaction(connection, "IMMEDIATE"):
        connection.execute("INSERT INTO t VALUES (1)")
        raise KeyboardInterrupt
    with transaction(connection, "IMMEDIATE"):
        connection.execute("INSERT INTO t VALUES (2)")
    assert [n for (n,) in connection.execute("SELECT n FROM t")] == [2]


def test_a_reading_block_sees_one_moment(connection: sqlite3.Connection, file: Path):
    migrate(connection, file)
    connections = Connections(file, mode="rw")
    with connections.reading() as reader:
        assert read_state(reader).generation == 0
        with connections.writing() as writer:
            writer.execute("UPDATE state SET generation = 5")
        assert read_state(reader).generation == 0
    with connections.reading() as reader:
        assert read_state(reader).generation == 5
    connections.close()


def test_a_closed_library_says_so(connection: sqlite3.Connection, file: Path):
    migrate(connection, file)
    connections = Connections(file, mode="rw")
    with connections.reading():
        connections.close()
    with pytest.raises(LibraryError, match="has been closed"), connections.reading():
        pass


GOLD: dict[int, list[tuple[str, list[tuple[int, int, str]]]]] = {  # by schema
    1: [],
    2: [
        ("How many ships sank?", [(22, 31, "Ten ships"), (22, 25, "Ten")]),
        ("Who owned them?", []),
    ],
}
GOLD[3] = GOLD[2]


def accepted(item: GoldItem) -> list[tuple[int, int, str]]:
    return [(answer.start, answer.end, answer.text) for answer in item.answers]


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_a_library_of_every_earlier_schema_opens_and_answers(tmp_path: Path, version: int):
    (tmp_path / "library").mkdir()
    data = gzip.decompress((LIBRARIES / f"schema{version}.db.gz").read_bytes())
    (tmp_path / "library" / "footnote.db").write_bytes(data)
    encoder = HashEncoder(dimension=16)
    with Library.open(tmp_path / "library") as library:
        assert library.status().schema == SCHEMA_VERSION
        titles = {
            record.title: record.state for record in library.articles(states=("live", "removed"))
        }
        assert titles == {
            "Storm reaches Marsal": "live",
            "Vote in Orvik": "live",
            "Fire in Tamsin": "live",
            "Lottery": "removed",
        }
        (replaced,) = library.articles(states=("replaced",))
        assert library.article(replaced.id).text == "Storm reaches Marsal\n\nNine ships sank."
        hits = Searcher.open(library, encoder).search(
            "ships sank", filters=Filters(sources=("gazette",), after="2031-05-06")
        )
        assert hits.hits[0].passage.text == "Ten ships sank."
        assert [(item.question, accepted(item)) for item in library.gold()] == GOLD[version]
        library.add_gold("Who won?", [])
        assert library.check(encoder=encoder).problems == ()
