import gzip
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import LibraryError
from index.library import Library
from index.opening import DATABASE
from index.schema import SCHEMA_VERSION


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that other users may look into, as pytest's own may not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_nothing_at_the_path_says_how_to_begin(tmp_path: Path):
    with pytest.raises(LibraryError, match=r"^no library at .*/none: add articles with 'footnote"):
        Library.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_an_empty_folder_is_no_library_yet(tmp_path: Path):
    with pytest.raises(LibraryError, match="no library at"):
        Library.open(tmp_path)
    with Library.open(tmp_path, create=True) as library:
        assert library.status().articles == 0


def test_a_library_is_made_with_the_folders_above_it(tmp_path: Path):
    with Library.open(tmp_path / "a" / "b", create=True) as library:
        assert library.articles() == []
    Library.open(tmp_path / "a" / "b").close()


def test_a_file_at_the_path_is_refused(tmp_path: Path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear all")
    with pytest.raises(LibraryError, match=r"letter\.txt is a file, not a library"):
        Library.open(file, create=True)


def test_a_folder_of_other_things_is_refused_and_left_alone(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(LibraryError, match=r"holds other files \(letter\.txt\) and no library"):
        Library.open(tmp_path, create=True)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_a_path_below_a_file_is_refused(tmp_path: Path):
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(LibraryError, match="no library can be made at"):
        Library.open(tmp_path / "letter.txt" / "library", create=True)


@pytest.mark.parametrize("content", [b"Dear all, this is no database at all", bytes(5000)])
def test_a_file_of_that_name_that_is_no_database_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / DATABASE).write_bytes(content)
    with pytest.raises(LibraryError) as caught:
        Library.open(tmp_path, create=True)
    assert "\n" not in str(caught.value)
    assert (tmp_path / DATABASE).read_bytes() == content


def test_a_database_of_another_program_is_refused(tmp_path: Path):
    with closing(sqlite3.connect(tmp_path / DATABASE)) as other:
        other.execute("CREATE TABLE recipes (id)")
    with pytest.raises(LibraryError, match="is not a Footnote library"):
        Library.open(tmp_path)


def test_a_library_of_a_newer_version_is_refused(tmp_path: Path):
    Library.open(tmp_path, create=True).close()
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(LibraryError, match="newer Footnote"):
        Library.open(tmp_path)


def test_an_interrupted_beginning_is_taken_up(tmp_path: Path):
    (tmp_path / DATABASE).touch()
    (tmp_path / "opening.lock").touch()
    with pytest.raises(LibraryError, match="no library at"):
        Library.open(tmp_path)
    Library.open(tmp_path, create=True).close()
    Library.open(tmp_path).close()


def test_two_may_make_the_same_library_at_once(tmp_path: Path):
    def make(_: int) -> str:
        with Library.open(tmp_path / "library", create=True) as library, library.reading() as view:
            return str(view.execute("SELECT epoch FROM state").fetchone()[0])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(16)))) == 1


READ_ONLY = """
import os, sys
import faiss, numpy.random, encodings.idna
from index.embed import HashEncoder
from index.errors import LibraryError
from index.library import Library
from index.search import Searcher
os.setgid(65534); os.setuid(65534)  # after the imports: nobody may not read every Python
with Library.open(sys.argv[1]) as library:
    hits = Searcher.open(library, HashEncoder()).search("storm").hits
    print(library.writable, len(hits), library.check().sound)
    try:
        library.remove([hits[0].passage.article_id])
    except LibraryError as error:
        print(error)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become someone with fewer rights")
@pytest.mark.parametrize("closed", [True, False])
def test_a_read_only_library_can_be_searched(public_folder, make_article, encoder, closed):
    folder = public_folder / "library"
    library = Library.open(folder, create=True)
    with library.adding():
        library.add([make_article("The storm came at night.")], encoder)
    if closed:
        library.close()
    before = {file.name for file in folder.iterdir()}
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(folder)], capture_output=True, text=True, check=False
    )
    library.close()
    assert done.stderr == ""
    verdict, refusal = done.stdout.splitlines()
    assert verdict == "False 2 True"
    assert "is read-only here: change the folder's rights" in refusal
    if closed:
        assert {file.name for file in folder.iterdir()} == before


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become someone with fewer rights")
def test_a_read_only_library_of_an_earlier_schema_says_what_it_needs(public_folder):
    data = gzip.decompress((Path(__file__).parent / "libraries" / "schema1.db.gz").read_bytes())
    (public_folder / DATABASE).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", READ_ONLY, str(public_folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.splitlines()[-1] == (
        f"index.errors.LibraryError: library {public_folder} was made by an earlier Footnote "
        f"(schema 1; this one uses {SCHEMA_VERSION}) and is read-only here: open it once where it "
        "can be written, or copy it to a place of your own"
    )
    assert (public_folder / DATABASE).read_bytes() == data
