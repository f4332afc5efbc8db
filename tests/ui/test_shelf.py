import threading
from collections.abc import Iterator

import pytest

from index.catalogue import Look
from index.embed import HashEncoder
from index.library import Library
from index.search import Searcher
from ui.desk import Busy, Desk
from ui.scripted import ScriptedAssistant
from ui.shelf import MAX_WAITING, Shelf, Unreadable


class GatedEncoder(HashEncoder):
    """Encodes passages only once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.gate = threading.Event(), threading.Event()

    def encode_passages(self, texts):
        self.reached.set()
        assert self.gate.wait(timeout=30)
        return super().encode_passages(texts)


@pytest.fixture
def encoder() -> Iterator[GatedEncoder]:
    made = GatedEncoder()
    yield made
    made.gate.set()


@pytest.fixture
def shelf(tmp_path, encoder) -> Iterator[Shelf]:
    library = Library.open(tmp_path / "library", create=True)
    with Shelf(library, encoder, idle_seconds=0.3, busy_seconds=0) as opened:
        yield opened


@pytest.fixture
def story(tmp_path):
    file = tmp_path / "ferry.txt"
    file.write_text("Ferry fire\n\nBy Tam Oswin\n\nEleven people were hurt.")
    return file


def test_questions_are_answered_and_articles_removed_while_files_are_added(
    shelf, encoder, story, injured, first_report
):
    encoder.gate.set()
    shelf.library.add([first_report], encoder)
    encoder.gate.clear()
    encoder.reached.clear()
    adding = shelf.add(story, "uploaded/ferry.txt")
    assert encoder.reached.wait(timeout=30)
    desk = Desk(ScriptedAssistant({injured.question: injured}))
    assert desk.ask(injured.question).result(timeout=30) == injured
    assert [entry.id for entry in shelf.catalogue().entries] == [first_report.id]
    shelf.remove([first_report.id])
    assert shelf.count() == 0
    assert not adding.done()
    encoder.gate.set()
    assert adding.result(timeout=30).outcome == "added"
    assert shelf.count() == 1
    desk.close()


def test_what_was_added_is_found_by_a_searcher_that_was_open_before(shelf, encoder, story):
    encoder.gate.set()
    with Library.open(shelf.library.folder) as reading:
        searcher = Searcher.open(reading, HashEncoder())
        (added,) = shelf.add(story, "uploaded/ferry.txt").result(timeout=30).articles
        assert {hit.passage.article_id for hit in searcher.search("ferry").hits} == {added.id}


def test_more_files_than_may_wait_are_refused(shelf, encoder, story):
    first = shelf.add(story, "uploaded/0.txt")
    assert encoder.reached.wait(timeout=30)
    waiting = [shelf.add(story, f"uploaded/{n}.txt") for n in range(1, MAX_WAITING + 1)]
    with pytest.raises(Busy, match="many files are waiting to be added"):
        shelf.add(story, "uploaded/last.txt")
    encoder.gate.set()
    assert first.result(timeout=30).outcome == "added"
    assert {each.result(timeout=60).outcome for each in waiting} == {"unchanged"}


def test_a_file_that_cannot_be_read_says_why(shelf, tmp_path):
    file = tmp_path / "empty.txt"
    file.touch()
    with pytest.raises(Unreadable, match="empty; there is nothing to add"):
        shelf.add(file, "uploaded/empty.txt").result(timeout=30)


def test_the_catalogue_is_read_anew_only_after_a_change(shelf, encoder, first_report):
    encoder.gate.set()
    before = shelf.catalogue()
    assert shelf.catalogue() is before
    with Library.open(shelf.library.folder) as other:
        other.add([first_report], encoder)
    assert shelf.catalogue() is not before
    assert shelf.find(Look(words="ferry")).ids == (first_report.id,)
