import gzip
import itertools
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.embed import HashEncoder
from index.library import Library
from index.opening import DATABASE

HERE = Path(__file__).parent
WIRE = (HERE / "stories" / "wire.txt").read_text(encoding="utf-8").strip()
REPORT = (HERE / "stories" / "report.txt").read_text(encoding="utf-8").strip()
PARAGRAPHS = WIRE.split("\n\n")
# Each is a copy of the whole; the beginning and the end are none of one another.
BEGINNING, END = "\n\n".join(PARAGRAPHS[:3]), "\n\n".join(PARAGRAPHS[3:])


@pytest.fixture
def articles(make_article):
    """Whole, beginning, end, an independent report, the whole again at another outlet."""
    bodies = {"Whole": WIRE, "Beginning": BEGINNING, "End": END, "Report": REPORT}
    made = [
        make_article(body, title=f"{name} of it", path=f"/{name}", source=name)
        for name, body in bodies.items()
    ]
    return [*made, make_article(WIRE, title="Whole of it", path="/again", source="Again")]


def clusters(library: Library) -> set[frozenset[str]]:
    """The sets of outlets that share a voice, as both ways of asking tell it."""
    live = library.articles()
    voices = library.voices_of([record.id for record in live])
    outlet = {record.id: record.source for record in live}
    for record in live:
        assert library.voice_of(record.id) == voices[record.id]
        together = {id_ for id_, voice in voices.items() if voice == voices[record.id]}
        assert {record.id, *library.copies_of(record.id)} == together
        assert voices[record.id] == min(together)
    return {
        frozenset(outlet[id_] for id_ in voices if voices[id_] == voice)
        for voice in set(voices.values())
    }


ALL = {frozenset({"Whole", "Beginning", "End", "Again"}), frozenset({"Report"})}


def test_copies_are_one_voice_whatever_the_order_of_adding(tmp_path, articles, encoder):
    for number, order in enumerate(itertools.permutations(articles[:4])):
        with Library.open(tmp_path / str(number), create=True) as library:
            for article in order:
                library.add([article], encoder)
            library.add([articles[4]], encoder)
            assert clusters(library) == ALL
            assert library.status().shared_voices == 1


def test_a_whole_batch_gives_the_same_clusters(library, articles, encoder):
    library.add(articles, encoder)
    assert clusters(library) == ALL
    assert library.copies_of(articles[0].id) == tuple(articles[at].id for at in (1, 2, 4))


def test_what_joined_two_copies_parts_them_when_it_goes(library, articles, encoder):
    library.add(articles, encoder)
    library.remove([articles[0].id])
    left = frozenset({"Beginning", "End", "Again"})
    assert clusters(library) == {left, frozenset({"Report"})}
    library.remove([articles[4].id], purge=True)
    apart = {frozenset({name}) for name in ("Beginning", "End", "Report")}
    assert clusters(library) == apart
    assert library.status().shared_voices == 0
    library.add(articles[:1], encoder)
    assert clusters(library) == {frozenset({"Whole", "Beginning", "End"}), frozenset({"Report"})}


def test_a_file_that_changes_leaves_its_cluster(library, articles, encoder, make_article):
    library.add(articles[:2], encoder)
    changed = make_article("Nothing of it was true.", title="Correction", path="/Whole")
    library.add([changed], encoder)
    assert library.copies_of(articles[1].id) == ()
    assert library.voice_of(articles[1].id) == articles[1].id


def test_an_article_no_longer_searched_speaks_for_itself(library, articles, encoder):
    library.add(articles[:2], encoder)
    library.remove([articles[0].id])
    assert library.voice_of(articles[0].id) == articles[0].id
    assert library.copies_of(articles[0].id) == ()
    assert library.voice_of("unknown") == "unknown"


def test_records_that_leave_their_table_leave_their_cluster(library, encoder, make_article):
    table = [
        make_article(body, title=f"Record {n}", path=f"/t.csv#{n}")
        for n, body in enumerate((WIRE, BEGINNING), 1)
    ]
    library.add(table, encoder)
    assert library.status().shared_voices == 1
    library.drop_records("/t.csv", ["/t.csv#2"])
    assert library.status().shared_voices == 0


def test_a_rebuild_and_a_restored_backup_keep_the_clusters(tmp_path, library, articles, encoder):
    library.add(articles, encoder)
    library.rebuild(HashEncoder(dimension=16))
    assert clusters(library) == ALL
    library.backup(tmp_path / "backup.db")
    with Library.restore(tmp_path / "backup.db", tmp_path / "again") as again:
        assert clusters(again) == ALL


def tables_of(library: Library) -> list[tuple[object, ...]]:
    with library.reading() as connection:
        return [tuple(row) for row in connection.execute("SELECT * FROM wording")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wording SET cluster = text_sha256",
        "UPDATE wording SET minima = zeroblob(256)",
        "UPDATE wording SET minima = x'00'",
        "UPDATE wording SET facts = x''",
        "DELETE FROM wording WHERE shingles > 100",
        "INSERT INTO wording VALUES ('nothing', '', x'', 0, x'', 'nothing')",
    ],
)
def test_a_check_finds_and_repairs_what_is_not_as_the_texts_make_it(
    library, articles, encoder, statement
):
    library.add(articles, encoder)
    before = tables_of(library)
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection, connection:
        connection.execute(statement)
    (problem,) = library.check().problems
    assert (problem.where, problem.repaired) == ("near-copies", True)
    assert tables_of(library) == before
    assert library.check().problems == ()


def test_sketches_made_in_another_way_are_made_anew_at_the_next_change(
    library, articles, encoder, make_article
):
    library.add(articles, encoder)
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection, connection:
        connection.execute("UPDATE wording SET method = 'older', cluster = text_sha256")
    library.add([make_article("Nobody was hurt.", path="/one more", source="More")], encoder)
    assert clusters(library) == ALL | {frozenset({"More"})}


def test_a_library_of_the_earlier_schema_gets_its_clusters_when_it_is_opened(
    tmp_path, make_article
):
    folder = tmp_path / "library"
    folder.mkdir()
    file = folder / DATABASE
    file.write_bytes(gzip.decompress((HERE / "libraries" / "schema2.db.gz").read_bytes()))
    copies = [make_article(body, headline=False) for body in (WIRE, BEGINNING)]
    with closing(sqlite3.connect(file)) as connection, connection:
        live = [
            row for (row,) in connection.execute("SELECT row FROM article WHERE state = 'live'")
        ]
        for row, article in zip(live, copies, strict=False):
            connection.execute(
                "UPDATE article SET text = ?, text_sha256 = ? WHERE row = ?",
                (article.text, article.sha256, row),
            )
    with Library.open(folder) as library:
        assert library.status().shared_voices == 1
        one, other, *_ = library.articles()
        assert library.copies_of(one.id) == (other.id,)
