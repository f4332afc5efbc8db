import json
from pathlib import Path

import pytest

from index.embed import HashEncoder
from index.ingest import find_files
from index.ingest.types import FileRead, Refused
from index.library import Library
from ui.adding import BATCH, Tally, add_files


@pytest.fixture
def shelf(tmp_path):
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "clippings"
    made.mkdir()
    (made / "a.txt").write_text("The storm reached the coast at night.")
    (made / "b.txt").write_bytes(bytes(range(256)) * 8)
    (made / "c.txt").write_text("Nine people fled from the storm, a warden said.")
    return made


def add(shelf, folder, *, encoder=None, progress=lambda done, total: None) -> Tally:
    files, _ = find_files([folder])
    tally = Tally()
    add_files(shelf, encoder or HashEncoder(), files, tally, progress=progress)
    return tally


def table(folder: Path, rows: int) -> None:
    records = ({"title": f"Storm {n}", "text": f"Storm number {n} came."} for n in range(rows))
    (folder / "table.jsonl").write_text("\n".join(map(json.dumps, records)))


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(shelf, folder, capsys):
    tally = add(shelf, folder)
    assert str(tally) == "2 added, 0 replaced, 0 unchanged, 1 refused"
    assert [Path(each.path).name for each in shelf.articles()] == ["a.txt", "c.txt"]
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"refused: {folder / 'b.txt'}: not text")
    assert err.count("\n") == 1


def test_a_second_time_nothing_has_changed(shelf, folder):
    add(shelf, folder)
    (folder / "a.txt").write_text("The storm reached the coast in the morning.")
    (folder / "d.txt").write_text("The storm is over.")
    assert str(add(shelf, folder)) == "1 added, 1 replaced, 1 unchanged, 1 refused"


def test_files_and_their_folders_have_given_something_or_not(shelf, folder):
    tally = add(shelf, folder)
    assert tally.gave(str(folder))
    assert tally.gave(str(folder / "a.txt"))
    assert tally.gave(f"{folder}/../clippings/./c.txt")
    assert not tally.gave(str(folder / "b.txt"))
    assert not tally.gave(str(folder / "gone.txt"))


def test_a_path_that_gives_nothing_new_has_still_given(shelf, folder):
    add(shelf, folder)
    assert add(shelf, folder).gave(str(folder / "a.txt"))


def test_a_warning_names_the_file(capsys):
    tally = Tally()
    tally.note(FileRead("/a\x1b.txt", warnings=("in German",)))
    tally.note(FileRead("/b.csv", refused=(Refused("/b.csv#2", "no text in it"),)))
    assert capsys.readouterr().err.splitlines() == [
        "warning: /a.txt: in German",
        "refused: /b.csv#2: no text in it",
    ]
    assert tally.refused == 1


def test_a_long_table_is_stored_in_batches_and_counted_by_article(shelf, folder):
    table(folder, 2 * BATCH + 5)
    seen: list[tuple[int, int | None]] = []
    tally = add(shelf, folder, progress=lambda done, total: seen.append((done, total)))
    assert tally.stored == len(shelf.articles()) == 2 * BATCH + 7
    # 4 files; the refused one counts for nothing, the table for its records.
    assert seen == [
        (BATCH, 2 * BATCH + 7),
        (2 * BATCH, 2 * BATCH + 7),
        (2 * BATCH + 7, 2 * BATCH + 7),
    ]


class StoppingEncoder(HashEncoder):
    """Someone presses Ctrl-C in its second batch."""

    batches = 0

    def encode_passages(self, texts):
        self.batches += 1
        if self.batches == 2:
            raise KeyboardInterrupt
        return super().encode_passages(texts)


def test_what_was_stored_before_control_c_stays_and_is_counted(shelf, folder):
    table(folder, 2 * BATCH)
    files, _ = find_files([folder])
    tally = Tally()
    with pytest.raises(KeyboardInterrupt):
        add_files(shelf, StoppingEncoder(), files, tally, progress=lambda done, total: None)
    assert tally.stored == len(shelf.articles()) == BATCH


def test_records_that_a_table_has_lost_leave_the_library(shelf, folder):
    table(folder, 4)
    add(shelf, folder)
    table(folder, 2)
    assert str(add(shelf, folder)) == "0 added, 0 replaced, 4 unchanged, 1 refused"
    titles = [each.title for each in shelf.articles()]
    assert titles == ["a", "c", "Storm 0", "Storm 1"]


def test_a_record_that_can_no_longer_be_read_keeps_its_old_version(shelf, folder):
    table(folder, 3)
    add(shelf, folder)
    lines = (folder / "table.jsonl").read_text().splitlines()
    (folder / "table.jsonl").write_text("\n".join([lines[0], "{broken", lines[2]]))
    add(shelf, folder)
    assert "Storm 1" in [each.title for each in shelf.articles()]
