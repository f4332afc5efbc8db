import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.upload_names import MAX_PART, MAX_PARTS, safe_name


@pytest.mark.parametrize(
    "name", ["ferry.txt", "clippings/2031/ferry fire.html", "Übung 3.md", "a.b.c.pdf", "README"]
)
def test_an_ordinary_name_stays_as_it_is(name):
    assert safe_name(name) == name


def test_one_name_is_the_same_however_its_accents_are_written():
    assert safe_name(unicodedata.normalize("NFD", "Übung.txt")) == "Übung.txt"


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [
        ("../../etc/passwd.txt", "etc/passwd-", ".txt"),
        ("/etc/passwd", "etc/passwd-", ""),
        ("..\\..\\win.txt", "win-", ".txt"),
        ("C:\\clips\\win.txt", "C_/clips/win-", ".txt"),
        ("a\0b.txt", "ab-", ".txt"),
        ("two\nlines\x1b[31m.txt", "twolines[31m-", ".txt"),
        ("\u202egpj.exe.txt", "gpj.exe-", ".txt"),
        ("half\ud800.txt", "half_-", ".txt"),
        ("NUL.txt", "_NUL-", ".txt"),
        ("con", "_con-", ""),
        ("table.csv#2", "table-", ".csv_2"),
        ("", "unnamed-", ""),
        ("...", "unnamed-", ""),
    ],
)
def test_a_hostile_name_becomes_a_harmless_one(name, begins, ends):
    safe = safe_name(name)
    assert safe.startswith(begins) and safe.endswith(ends)
    assert len(safe) == len(begins) + 8 + len(ends)


def test_a_long_name_is_cut_and_keeps_its_ending():
    safe = safe_name("/".join(["d" * 300] * 20) + "/" + "é" * 300 + ".html")
    *folders, file = safe.split("/")
    assert len(folders) == MAX_PARTS - 1
    assert all(len(part.encode()) <= MAX_PART for part in (*folders, file))
    assert file.endswith(".html")


def test_names_that_only_differ_in_what_is_taken_away_stay_different():
    names = ["a?.txt", "a*.txt", "a_.txt", "../a_.txt", "x" * 300 + "1.txt", "x" * 300 + "2.txt"]
    assert len({safe_name(name) for name in names}) == len(names)


@given(st.text())
def test_no_name_leads_out_of_its_folder(name):
    safe = safe_name(name)
    assert safe == safe_name(name)
    for part in safe.split("/"):
        assert part not in ("", ".", "..")
        assert len(part.encode()) <= MAX_PART + 20
        assert not any(unicodedata.category(char)[0] == "C" or char in '\\:*?"<>|' for char in part)
