import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from index.check import Problem
from index.errors import LibraryError
from index.gold import GoldItem, item_id
from index.library import Library
from index.opening import DATABASE
from index.types import Article, Passage

QUESTION = "How many ships sank?"


@pytest.fixture
def storm(library, make_article, encoder) -> Article:
    """Its text: "Storm reaches the coast", a blank line, "Nine ships sank."."""
    article = make_article("Nine ships sank.")
    library.add([article], encoder)
    return article


def nine(article: Article, words: str = "Nine ships") -> Passage:
    return Passage(article.id, 25, 25 + len(words), words)


def damage(library: Library, statement: str) -> None:
    """Change the tables behind the library's back, as a program without our rules would."""
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection:
        connection.execute(statement)
        connection.commit()


def places(item: GoldItem) -> list[tuple[str, int, int, str]]:
    return [(a.article_id, a.start, a.end, a.text) for a in item.answers]


def test_a_library_begins_without_gold(library):
    assert library.gold() == []
    assert library.status().gold_items == 0


def test_an_item_comes_back_as_it_was_added(library, storm):
    item, new = library.add_gold(QUESTION, [nine(storm)])
    assert new
    assert library.gold() == [item]
    assert (item.id, item.question) == (item_id(QUESTION), QUESTION)
    assert item.answerable
    assert places(item) == [(storm.id, 25, 35, "Nine ships")]
    for added_at in (item.added_at, item.answers[0].added_at):
        age = datetime.now().astimezone() - datetime.fromisoformat(added_at)
        assert timedelta(0) <= age + timedelta(seconds=1) < timedelta(minutes=1)
    assert library.status().gold_items == 1


def test_ids_are_derived_from_the_question():
    # printf 'How many ships sank?' | sha256sum
    assert item_id(QUESTION) == "8ea817ad9ecafd42"


def test_more_answers_are_accepted_each_once(library, storm):
    library.add_gold(QUESTION, [nine(storm)])
    _, new = library.add_gold(QUESTION, [nine(storm)])
    assert not new
    item, new = library.add_gold(QUESTION, [nine(storm), nine(storm, "Nine")])
    assert new
    assert [a.text for a in item.answers] == ["Nine ships", "Nine"]
    assert library.gold() == [item]


def test_a_question_without_an_answer_is_an_item_too(library):
    item, new = library.add_gold("Who owned them?", [])
    assert (new, item.answerable, item.answers) == (True, False, ())
    assert library.add_gold("Who owned them?", []) == (item, False)


def test_items_keep_the_order_of_adding(library, storm):
    for question in ("b?", "a?", "c?"):
        library.add_gold(question, [])
    assert [item.question for item in library.gold()] == ["b?", "a?", "c?"]


@pytest.mark.parametrize(
    "wrong",
    [
        Passage("", 24, 34, "Nine ships"),
        Passage("", 25, 35, "nine ships"),
        Passage("", 25, 25, ""),
        Passage("", -16, -6, "Nine ships"),  # where a slice of Python's would find it
        Passage("", 999, 1009, "Nine ships"),
    ],
)
def test_what_does_not_stand_there_is_refused_and_nothing_kept(library, storm, wrong):
    wrong = Passage(storm.id, wrong.start, wrong.end, wrong.text)
    with pytest.raises(
        LibraryError, match=f"does not stand at {wrong.start} of article {storm.id}"
    ):
        library.add_gold(QUESTION, [nine(storm), wrong])
    assert library.gold() == []


def test_an_answer_in_no_article_is_refused(library):
    with pytest.raises(LibraryError, match="no article 'ffff': 'footnote list' shows the ids"):
        library.add_gold(QUESTION, [Passage("ffff", 0, 1, "N")])
    assert library.gold() == []


def test_a_question_cannot_have_an_answer_and_none(library, storm):
    item, _ = library.add_gold(QUESTION, [nine(storm), nine(storm, "Nine")])
    with pytest.raises(
        LibraryError, match=rf"has 2 accepted answers: 'footnote gold remove {item.id}' first"
    ):
        library.add_gold(QUESTION, [])
    library.add_gold("Who owned them?", [])
    with pytest.raises(LibraryError, match=r"'Who owned them\?' is held to have none: 'footnote"):
        library.add_gold("Who owned them?", [nine(storm)])
    assert [item.answerable for item in library.gold()] == [True, False]


def test_offsets_hold_in_a_version_that_was_replaced_or_removed(
    library, storm, make_article, encoder
):
    item, _ = library.add_gold(QUESTION, [nine(storm)])
    later = make_article("Ten boats sank.")
    assert library.add([later], encoder) == ["replaced"]
    library.remove([later.id])
    library.add_gold("How many boats sank?", [Passage(later.id, 25, 34, "Ten boats")])
    assert library.gold()[0] == item
    assert library.article(storm.id).text[25:35] == "Nine ships"
    assert library.check(encoder=encoder).problems == ()


def test_a_purge_takes_the_answers_that_stood_there(library, storm, make_article, encoder):
    other = make_article("Nine ships went down.", path="/2")
    library.add([other], encoder)
    library.add_gold(QUESTION, [nine(storm), nine(other), nine(storm, "Nine")])
    library.add_gold("What sank?", [Passage(storm.id, 30, 35, "ships")])
    library.add_gold("Who owned them?", [])
    (record,) = library.remove([storm.id], purge=True)
    assert record.gold_answers == 3
    left = {item.question: places(item) for item in library.gold()}
    assert left == {QUESTION: [(other.id, 25, 35, "Nine ships")], "Who owned them?": []}
    assert library.record(other.id).gold_answers == 1


def test_what_was_asked_of_a_purged_article_leaves_no_trace(library, storm):
    library.add_gold("Where is the xylophonist?", [nine(storm)])
    library.remove([storm.id], purge=True)
    for file in library.folder.iterdir():
        assert b"xylophon" not in file.read_bytes(), file


def test_items_are_removed_by_id_or_its_beginning_all_or_none(library, storm):
    one, _ = library.add_gold(QUESTION, [nine(storm)])
    two, _ = library.add_gold("Who owned them?", [])
    with pytest.raises(LibraryError, match=r"no gold item 'xyz' in library .*: 'footnote gold"):
        library.remove_gold([one.id, "xyz"])
    assert library.gold() == [one, two]
    assert library.remove_gold([one.id[:8], one.id]) == [one]
    assert library.gold() == [two]
    assert library.record(storm.id).gold_answers == 0


def test_a_removed_question_can_be_added_anew(library, storm):
    library.remove_gold([library.add_gold(QUESTION, [])[0].id])
    item, new = library.add_gold(QUESTION, [nine(storm)])
    assert new and places(item) == [(storm.id, 25, 35, "Nine ships")]


@pytest.mark.parametrize("id_", ["", "%", "\udcff"])
def test_an_unknown_id_is_named(library, id_):
    library.add_gold(QUESTION, [])
    with pytest.raises(LibraryError, match="no gold item"):
        library.remove_gold([id_])


def test_an_ambiguous_beginning_is_named(library):
    ids = sorted(library.add_gold(f"Question {n}?", [])[0].id for n in range(17))
    shared = next(a[0] for a, b in pairwise(ids) if a[0] == b[0])
    with pytest.raises(LibraryError, match=f"'{shared}' begins several ids"):
        library.remove_gold([shared])


def test_an_item_changes_nothing_that_searches_see(library, storm):
    generation = library.status().generation
    item, _ = library.add_gold(QUESTION, [nine(storm)])
    library.remove_gold([item.id])
    assert library.status().generation == generation


def test_an_item_is_written_while_another_adds(library, storm):
    done = threading.Event()

    def keep() -> None:
        library.add_gold(QUESTION, [nine(storm)])
        done.set()

    with library.adding():
        writer = threading.Thread(target=keep)
        writer.start()
        assert done.wait(10)
    writer.join()


def test_words_are_found_in_live_articles_once_for_each_text(library, make_article, encoder):
    first = make_article("Nine ships sank.", source="AFP")
    copy = make_article("Nine ships sank.", source="Reuters", path="/2")
    other = make_article("Nine ships were saved.", path="/3")
    gone = make_article("Nine ships burnt.", path="/4")
    library.add([other, first, copy, gone], encoder)
    library.remove([gone.id])
    assert library.holding("Nine ships") == [other.id, first.id]
    assert library.holding("nine ships") == []
    assert library.holding("N\udcff") == []


def test_check_finds_an_answer_that_is_not_the_article_s(library, storm):
    item, _ = library.add_gold(QUESTION, [nine(storm)])
    damage(library, "UPDATE gold_answer SET start = 26")
    report = library.check()
    what = (
        "its answer is not what stands at 26 of the article: remove it with 'footnote gold remove'"
    )
    assert report.problems == (Problem(f"gold item {item.id}", what, repaired=False),)
    assert not report.sound


def test_check_finds_a_question_that_is_not_the_one_added(library):
    item, _ = library.add_gold(QUESTION, [])
    damage(library, "UPDATE gold SET question = 'How many boats sank?'")
    (problem,) = library.check().problems
    assert problem.where == f"gold item {item.id}"
    assert problem.what.startswith("its question is not the one that was added")


def test_check_drops_answers_that_belong_to_nothing(library, storm, encoder):
    library.add_gold(QUESTION, [nine(storm)])
    library.remove_gold([item_id(QUESTION)])
    damage(
        library,
        "INSERT INTO gold_answer VALUES (1, 77, 1, 25, 35, 'Nine ships', '2031-05-06T00:00:00')",
    )
    report = library.check(encoder=encoder)
    assert report.problems == (Problem("table 'gold_answer'", "1 rows belong to nothing", True),)
    assert library.check(encoder=encoder).problems == ()


def test_a_backup_carries_gold_along(library, storm, tmp_path):
    item, _ = library.add_gold(QUESTION, [nine(storm)])
    none, _ = library.add_gold("Who owned them?", [])
    library.backup(tmp_path / "backup.db")
    with Library.restore(tmp_path / "backup.db", tmp_path / "other") as other:
        assert other.gold() == [item, none]


def test_gold_without_articles_is_not_overwritten_unasked(library, tmp_path):
    library.backup(tmp_path / "backup.db")
    library.add_gold(QUESTION, [])
    with pytest.raises(LibraryError, match="holds 0 articles and 1 gold items already: restore to"):
        Library.restore(tmp_path / "backup.db", library.folder)
    assert [item.question for item in library.gold()] == [QUESTION]
    Library.restore(tmp_path / "backup.db", library.folder, replace=True).close()
    assert library.gold() == []
