import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import LibraryError
from index.library import Library
from index.schema import SCHEMA_VERSION
from index.search import Searcher


@pytest.fixture
def filled(library, make_article, encoder) -> Library:
    with library.adding():
        library.add([make_article(f"Ship {n} sank.", path=f"/{n}") for n in range(9)], encoder)
    library.remove([library.articles()[0].id])
    return library


@pytest.fixture
def backup(filled, tmp_path) -> Path:
    filled.backup(tmp_path / "backup.db")
    return tmp_path / "backup.db"


def test_a_restored_library_answers_the_same(filled, backup, encoder, tmp_path):
    with Library.restore(backup, tmp_path / "other") as other:
        states = ("live", "removed")
        assert other.articles(states=states) == filled.articles(states=states)
        assert Searcher.open(other, encoder).search("ship 7") == Searcher.open(
            filled, encoder
        ).search("ship 7")
        assert other.check().problems == ()


def test_a_backup_is_one_file(backup, tmp_path):
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db", "library"]
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_later_backup_takes_the_place_of_an_earlier_one(
    filled, backup, encoder, make_article, tmp_path
):
    filled.add([make_article("Late.", path="/late")], encoder)
    filled.backup(backup)
    with Library.restore(backup, tmp_path / "other") as other:
        assert len(other.articles()) == 9


def test_another_file_is_not_overwritten(filled, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(LibraryError, match=r"thesis\.txt exists and is no backup"):
        filled.backup(tmp_path / "thesis.txt")
    with pytest.raises(LibraryError, match="exists and is no backup"):
        filled.backup(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_backup_into_no_folder_gets_one_line(filled, tmp_path):
    with pytest.raises(LibraryError, match=r"^backup .* cannot be written: .*") as caught:
        filled.backup(tmp_path / "none" / "backup.db")
    assert "\n" not in str(caught.value)


def test_a_library_with_articles_is_not_overwritten_unasked(filled, backup):
    with pytest.raises(LibraryError, match="holds 8 articles already: restore to another place"):
        Library.restore(backup, filled.folder)
    assert len(filled.articles()) == 8


def test_a_library_is_put_back_under_an_open_searcher(filled, backup, encoder, make_article):
    searcher = Searcher.open(filled, encoder)
    before = searcher.search("ship 7")
    filled.remove([record.id for record in filled.articles()])
    # These take the passage ids that the backup's next articles would have had.
    filled.add([make_article(f"Boat {n}.", path=f"/b/{n}") for n in range(9)], encoder)
    assert searcher.search("ship 7") != before
    Library.restore(backup, filled.folder, replace=True).close()
    assert searcher.search("ship 7") == before
    filled.add([make_article(f"Raft {n}.", path=f"/r/{n}") for n in range(9)], encoder)
    assert searcher.search("raft 3").hits[0].passage.text == "Raft 3."
    assert filled.check().problems == ()


def test_a_library_can_be_backed_up_while_it_is_added_to(library, encoder, make_article, tmp_path):
    stop = threading.Event()

    def add() -> None:
        number = 0
        while not stop.is_set():
            library.add([make_article(f"Ship {number}.", path=f"/{number}")], encoder)
            number += 1

    adder = threading.Thread(target=add)
    adder.start()
    try:
        for n in range(5):
            library.backup(tmp_path / f"{n}.db")
    finally:
        stop.set()
        adder.join()
    for n in range(5):
        with Library.restore(tmp_path / f"{n}.db", tmp_path / f"library{n}") as copy:
            assert copy.check().problems == ()


def test_no_backup_at_the_path(tmp_path):
    with pytest.raises(LibraryError, match="no backup at"):
        Library.restore(tmp_path / "none.db", tmp_path / "library")
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize("content", [b"", b"no database at all, but text " * 100])
def test_what_is_no_backup_is_refused(tmp_path, content):
    (tmp_path / "x.db").write_bytes(content)
    with pytest.raises(LibraryError, match=r"x\.db is (no backup|damaged)") as caught:
        Library.restore(tmp_path / "x.db", tmp_path / "library")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "library").exists()


def test_a_torn_backup_is_refused(backup, tmp_path):
    data = backup.read_bytes()
    backup.write_bytes(data[: len(data) // 2])
    with pytest.raises(LibraryError, match=r"is damaged \(.*use another one") as caught:
        Library.restore(backup, tmp_path / "other")
    assert "\n" not in str(caught.value)


def test_a_backup_of_a_newer_version_is_refused(backup, tmp_path):
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(LibraryError, match="newer Footnote"):
        Library.restore(backup, tmp_path / "other")


def test_a_library_put_back_twice_mixes_nothing_up(filled, backup, encoder, make_article):
    searcher = Searcher.open(filled, encoder)
    for word in ("boat", "raft"):  # both get the same passage ids
        Library.restore(backup, filled.folder, replace=True).close()
        assert list(filled.folder.glob("vectors-*")) == []
        filled.add([make_article(f"{word} {n}.", path=f"/x/{n}") for n in range(9)], encoder)
        hit = searcher.search(f"{word} 3").hits[0]
        query, text = f"{word} 3", f"Storm reaches the coast\n{word} 3."
        cosine = encoder.encode_passages([text])[0] @ encoder.encode_queries([query])[0]
        assert (hit.passage.text, hit.dense) == (f"{word} 3.", pytest.approx(cosine, abs=1e-5))
