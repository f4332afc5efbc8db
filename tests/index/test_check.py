import sqlite3
from contextlib import closing

import pytest

from index.check import Problem
from index.embed import HashEncoder
from index.errors import LibraryError
from index.library import Library
from index.opening import DATABASE
from index.search import Searcher


@pytest.fixture
def filled(library, make_article, encoder) -> Library:
    articles = [make_article(f"Ship {n} sank.", path=f"/{n}") for n in range(3)]
    with library.adding():
        library.add(articles, encoder)
        library.add([make_article("Boat 2 sank.", path="/2")], encoder)
    return library


def damage(library: Library, *statements: str) -> None:
    """Change the tables behind the library's back."""
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_sound_library_has_no_problems(filled, encoder):
    report = filled.check(encoder=encoder)
    assert (report.articles, report.passages, report.problems) == (4, 6, ())
    assert report.sound


def test_an_empty_library_is_sound(library):
    assert library.check().problems == ()


def test_progress_counts_every_version(filled):
    seen = []
    filled.check(progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("column", ["text", "title", "published", "authors"])
@pytest.mark.parametrize("row", [1, 3])  # a live version and a tombstone
def test_a_changed_article_is_found_and_cannot_be_repaired(filled, encoder, column, row):
    value = '[["Someone", "byline"]]' if column == "authors" else "2020-01-01"
    damage(filled, f"UPDATE article SET {column} = '{value}' WHERE row = {row}")
    report = filled.check(encoder=encoder)
    # A title is searched too, so the index differs from it and follows.
    (problem, *rest) = report.problems
    assert problem.where.startswith("article ") and not problem.repaired
    assert problem.what.endswith("'footnote restore' a backup")
    assert {other.where for other in rest} <= {"full-text index"}
    assert not report.sound


VECTOR_DAMAGE = "the embedding of the passage at 25 is missing or damaged"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (
            "UPDATE passage SET start = start - 1 WHERE id = 2",
            "the passage at 24 is not the article",
        ),
        ("DELETE FROM passage WHERE id = 2", "no passage holds what stands at 23"),
        ("DELETE FROM embedding WHERE passage = 2", VECTOR_DAMAGE),
        ("UPDATE embedding SET vector = x'00' WHERE passage = 2", VECTOR_DAMAGE),
        ("UPDATE embedding SET vector = zeroblob(256) WHERE passage = 2", VECTOR_DAMAGE),
    ],
)
def test_damaged_passages_are_made_anew_with_the_encoder(filled, encoder, statement, what):
    first = filled.articles()[0].id
    before = [passage.text for passage in filled.passages(first)]
    damage(filled, statement)
    searcher = Searcher.open(filled, encoder)
    searcher.search("ship")  # whatever is damaged, searching goes on
    without = filled.check().problems[0]
    assert without.where == f"article {first}" and without.what.startswith(what)
    assert without.what.endswith("run 'footnote rebuild'") and not without.repaired
    (other,) = filled.check(encoder=HashEncoder(name="other")).problems
    assert not other.repaired
    (problem,) = filled.check(encoder=encoder).problems
    assert problem.what.startswith(what) and problem.repaired
    assert filled.check(encoder=encoder).problems == ()
    assert [passage.text for passage in filled.passages(first)] == before
    assert searcher.search("ship 0").hits[0].passage.text == "Ship 0 sank."


def test_rows_that_belong_to_nothing_are_dropped(filled, encoder):
    damage(
        filled,
        "INSERT INTO embedding VALUES (99, zeroblob(256))",
        "INSERT INTO passage VALUES (98, 97, 0, 1, 'x')",
    )
    assert filled.check().problems == (
        Problem("table 'passage'", "1 rows belong to nothing", repaired=True),
        Problem("table 'embedding'", "1 rows belong to nothing", repaired=True),
    )
    assert filled.check().problems == ()


def test_passages_of_a_tombstone_are_cleared_away(filled, encoder):
    damage(filled, "INSERT INTO passage (article, start, \"end\", text) VALUES (3, 0, 5, 'Storm')")
    (problem,) = filled.check(encoder=encoder).problems
    assert problem.repaired and "no longer searched" in problem.what
    assert filled.check(encoder=encoder).problems == ()


def test_the_full_text_index_is_made_anew(filled, encoder):
    damage(filled, "DELETE FROM passage_words_data WHERE id > 10")
    with pytest.raises(LibraryError, match=r"is damaged \(.*\): run 'footnote check'$"):
        Searcher.open(filled, encoder).search("sank")
    report = filled.check()
    assert report.problems == (
        Problem("full-text index", "it does not match the passages", repaired=True),
    )
    assert filled.check().problems == ()
    hits = Searcher.open(filled, encoder).search("sank").hits
    assert sum(hit.bm25 is not None for hit in hits) == 3


def test_an_altered_snapshot_is_made_anew(filled):
    (file,) = filled.folder.glob("vectors-*.faiss")
    data = bytearray(file.read_bytes())
    data[-9] ^= 1
    file.write_bytes(data)
    assert filled.check().problems == (Problem("snapshot", "it is missing or damaged", True),)
    assert filled.check().problems == ()


def test_a_torn_database_gets_a_verdict_and_no_traceback(filled, encoder):
    filled.close()
    file = filled.folder / DATABASE
    with file.open("rb+") as database:
        database.seek(3 * 4096)
        database.write(b"\xff" * 8 * 4096)
    with Library.open(filled.folder) as library:
        report = library.check(encoder=encoder)
    assert not report.sound
    assert report.problems[0].where == "database"
    assert report.problems[0].what.endswith("'footnote restore' a backup")
