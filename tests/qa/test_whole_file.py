import os

import pytest

from qa.whole_file import write_whole


def test_text_and_bytes_are_written_and_written_over(tmp_path):
    write_whole(tmp_path / "a", "é\r\n")
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa9\r\n"
    write_whole(tmp_path / "a", b"\xff")
    assert (tmp_path / "a").read_bytes() == b"\xff"
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_keeps_its_permissions_and_a_new_one_can_be_read_by_others(tmp_path):
    write_whole(tmp_path / "a", "x")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644
    (tmp_path / "a").chmod(0o600)
    write_whole(tmp_path / "a", "y")
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / "folder").mkdir()
    for file in (tmp_path / "folder", tmp_path / "none" / "a"):
        with pytest.raises(OSError):
            write_whole(file, "x")
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "a", "\ud800")
    assert os.listdir(tmp_path) == ["folder"]


def test_a_pipe_takes_it_as_it_comes(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole(tmp_path / "pipe", "through")
    assert os.read(reading, 99) == b"through"
    os.close(reading)


@pytest.mark.parametrize("there", [True, False])
def test_a_symbolic_link_stays_one_and_what_it_leads_to_is_written(tmp_path, there):
    (tmp_path / "kept").mkdir()
    if there:
        (tmp_path / "kept" / "a").write_text("old")
    (tmp_path / "link").symlink_to("kept/a")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "kept" / "a").read_text() == "new"
    assert os.listdir(tmp_path / "kept") == ["a"]
