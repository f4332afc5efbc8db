import os
from pathlib import Path

import pytest

from index.ingest import Refused, find_files


@pytest.fixture
def folder(tmp_path):
    """A folder with things to read and things to pass over."""
    for name in ("b.txt", "a.md", "sub/c.html", "sub/deep/d.PDF", ".hidden.txt", ".git/e.txt",
                 "sub/~$f.docx", "g.xyz", "h"):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    return tmp_path


def names(found, folder):
    return [str(path.relative_to(folder)) for path in found]


def test_folders_are_searched_in_order_without_hidden_and_unknown_files(folder):
    found, refused = find_files([folder])
    assert names(found, folder) == ["a.md", "b.txt", "sub/c.html", "sub/deep/d.PDF"]
    assert refused == []


def test_a_file_given_twice_is_found_once_and_in_the_order_given(folder):
    found, _ = find_files([folder / "sub", str(folder / "sub" / ".." / "sub" / "c.html"), folder])
    assert names(found, folder) == ["sub/c.html", "sub/deep/d.PDF", "a.md", "b.txt"]


def test_a_hidden_file_that_is_named_is_read(folder):
    found, _ = find_files([folder / ".hidden.txt"])
    assert names(found, folder) == [".hidden.txt"]


@pytest.mark.parametrize("url", ["https://echo.example/a", "http://x", "ftp://x/y", "file:///x"])
@pytest.mark.parametrize("kind", [str, Path])
def test_a_url_is_refused_with_the_cure(url, kind):
    found, (refused,) = find_files([kind(url)])
    assert found == []
    assert refused.reason == "this is a URL; save the page as a file and add that"


def test_what_is_given_by_name_is_never_passed_over_in_silence(folder, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    found, refused = find_files([folder / "gone", folder / "g.xyz", folder / "h", empty, ""])
    assert found == []
    assert [one.reason.split(";")[0] for one in refused] == [
        "no such file or folder",
        ".xyz files cannot be read",
        "files without an ending cannot be read",
        "no articles in it",
        "an empty path",
    ]
    assert refused[0].path == str(folder / "gone")


def test_links_do_not_lead_in_circles(folder):
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "sub" / "loop.txt").symlink_to(folder / "sub" / "loop.txt")
    (folder / "sub" / "dead.txt").symlink_to(folder / "nowhere")
    found, refused = find_files([folder])
    assert len(found) == 4
    assert all("a link that leads nowhere" in one.reason for one in refused)
    assert len(refused) == 2


def test_pipes_are_refused(folder):
    os.mkfifo(folder / "pipe.txt")
    _, refused = find_files([folder])
    assert refused == [
        Refused(str(folder / "pipe.txt"), "not a regular file; give a file or a folder")
    ]


def test_a_name_that_cannot_be_stored_is_refused(folder):
    with open(os.fsencode(folder) + b"/caf\xe9.txt", "wb") as file:
        file.write(b"x")
    _, (refused,) = find_files([folder])
    assert refused.path.endswith("caf\\xe9.txt")
    assert refused.reason == "its name is not valid UTF-8; rename it"


def test_no_paths_give_nothing():
    assert find_files([]) == ([], [])
