import hashlib
import os
from pathlib import Path

import pytest

from index.ingest import Limits, read_file
from index.types import Sourced

PROSE = "The council met on Tuesday and decided to close the pool, which was built in 1931."


@pytest.fixture
def write(tmp_path):
    def written(name, data):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return written


def reason(result):
    assert result.articles == ()
    (refused,) = result.refused
    assert refused.path == result.path and os.path.isabs(refused.path)
    assert refused.reason and "\n" not in refused.reason
    assert refused.path not in refused.reason
    return refused.reason


def test_an_article_knows_its_file(write):
    path = write("pool.txt", PROSE)
    (article,) = read_file(path).articles
    assert article.text == PROSE
    assert article.path == str(path)
    assert article.file_sha256 == hashlib.sha256(PROSE.encode()).hexdigest()
    assert article.title == Sourced("pool", "file name")
    assert article.published is None  # a file's time is no publication date


def test_a_relative_path_becomes_absolute(write, monkeypatch):
    monkeypatch.chdir(write("pool.txt", PROSE).parent)
    (article,) = read_file(Path("pool.txt")).articles
    assert os.path.isabs(article.path)


def test_every_kind_is_read_by_its_ending(write, make_pdf, make_docx, make_epub):
    pdf = make_pdf([[(72, 700, 11, "The river rose.")]])
    kinds = {
        "a.TXT": "The river rose.",
        "a.md": "The **river** rose.",
        "a.html": "<html><body><p>The river rose.</p></body></html>",
        "a.pdf": pdf,
        "a.docx": make_docx([("Normal", "The river rose.")]),
        "a.epub": make_epub(["<p>The river rose.</p>"]),
        "a.csv": "text\nThe river rose.\n",
        "a.jsonl": '{"text": "The river rose."}\n',
    }
    for name, data in kinds.items():
        (article,) = read_file(write(name, data)).articles
        assert article.text == "The river rose.", name


def test_a_page_saved_as_txt_is_read_as_a_page(write):
    data = f"<!DOCTYPE html><html><body><p>{PROSE}</p></body></html>"
    (article,) = read_file(write("page.txt", data)).articles
    assert article.text == PROSE


def test_a_table_gives_articles_and_names_bad_rows(write):
    path = write("t.csv", f'title,text\nA,"{PROSE}"\nB,\n,"{PROSE}"\n')
    result = read_file(path)
    assert [article.path for article in result.articles] == [f"{path}#1", f"{path}#3"]
    assert [article.title.value for article in result.articles] == ["A", "t 3"]
    assert [refused.path for refused in result.refused] == [f"{path}#2"]


def test_another_language_is_a_warning(write):
    german = (
        "Der Stadtrat hat am Dienstag beschlossen, das Freibad zu schließen, weil das Dach, das "
        "1931 gebaut wurde, nicht mehr zu retten ist. Viele Bürger waren wütend darüber."
    )
    result = read_file(write("a.txt", german))
    assert result.articles[0].language == "de"
    assert result.warnings == ("looks like German; the default models are English",)
    rows = read_file(write("a.csv", f'text\n"{PROSE}"\n"{german}"\n'))
    assert rows.warnings == ("#2: looks like German; the default models are English",)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"", "empty"),
        ("a.md", b" \n\n", "empty"),
        ("a.txt", bytes(range(256)) * 9, "not text"),
        ("a.txt", b"%PDF-1.7", "name it .pdf"),
        ("a.txt", b"Source: Read Full Article\n", "no words"),
        ("a.docx", b"PK\x03\x04 no", "broken: not a DOCX"),
        ("a.epub", b"hello", "broken: not an EPUB"),
        ("a.pdf", b"hello", "broken: not a readable PDF"),
        ("a.csv", b"title\nx\n", "no column named text"),
        ("a.csv", b"text\n", "no rows"),
        ("a.jsonl", b"\n \n", "empty"),
        ("a.doc", b"x", "save it as .docx"),
        ("a.zip", b"x", "unpack it"),
        ("a.xyz", b"x", "cannot be read; give txt"),
        ("a", b"x", "without an ending"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(write, name, data, said):
    assert said in reason(read_file(write(name, data)))


def test_a_file_that_is_too_large_is_refused(write):
    path = write("a.txt", "x" * 3_000_000)
    limits = Limits(file_bytes=2 << 20)
    assert "files up to 2 MB are read" in reason(read_file(path, limits=limits))


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path):
    assert "No such file" in reason(read_file(tmp_path / "gone.txt"))
    (tmp_path / "folder.txt").mkdir()
    assert reason(read_file(tmp_path / "folder.txt"))
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in reason(read_file(tmp_path / "pipe.txt"))


def test_an_unreadable_file_is_refused(tmp_path):
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")  # root may read any other file
    assert "cannot be opened" in reason(read_file(tmp_path / "loop.txt"))
