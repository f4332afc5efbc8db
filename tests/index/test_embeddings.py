"""Lists beside SQLite: small libraries that are told to be large."""

import numpy as np
import pytest

from index.embeddings import STALE_AFTER, load_index, refresh_snapshot
from index.lists import Lists
from index.schema import read_state
from index.search import Searcher
from index.types import Filters

FEW = 50  # from where on lists are used here


@pytest.fixture
def filled(library, make_article, encoder):
    articles = [
        make_article(f"Ship {n} sails.", path=f"/{n}", source=f"S{n % 7}", headline=False)
        for n in range(300)
    ]
    library.add(articles, encoder)
    refresh(library)
    return library


def refresh(library, *, force: bool = False) -> None:
    refresh_snapshot(library._connections, library.folder, flat_up_to=FEW, force=force)


def loaded(library, encoder):
    with library.reading() as connection:
        return load_index(connection, library.folder, dimension=encoder.dimension)


def held_ids(library) -> list[int]:
    with library.reading() as connection:
        return [id_ for (id_,) in connection.execute("SELECT id FROM passage ORDER BY id")]


def snapshot(library) -> int | None:
    with library.reading() as connection:
        return read_state(connection).snapshot_generation


def test_the_kind_of_index_follows_the_size(filled, encoder):
    assert isinstance(loaded(filled, encoder).base, Lists)
    refresh_snapshot(filled._connections, filled.folder, force=True)
    assert not isinstance(loaded(filled, encoder).base, Lists)
    assert loaded(filled, encoder).ids.tolist() == held_ids(filled)


def test_what_is_added_lies_beside_the_snapshot(filled, make_article, encoder):
    before = snapshot(filled)
    filled.add([make_article("A heron on the mole.", path="/new", headline=False)], encoder)
    refresh(filled)
    index = loaded(filled, encoder)
    assert (snapshot(filled), len(index.base), len(index.new_ids)) == (before, 300, 1)
    hits = Searcher.open(filled, encoder).search("heron on the mole").hits
    assert hits[0].passage.text == "A heron on the mole."


def test_what_is_removed_is_found_no_more_though_the_file_holds_it(filled, encoder):
    searcher = Searcher.open(filled, encoder)
    gone = searcher.search("ship 17 sails").hits[0].passage.article_id
    filled.remove([gone])
    for one in (searcher, Searcher.open(filled, encoder)):
        hits = one.search("ship 17 sails", top_k=300).hits
        assert gone not in {hit.passage.article_id for hit in hits}
    index = loaded(filled, encoder)
    assert (len(index), len(index.base), index.changes) == (299, 300, 1)


def test_a_snapshot_is_written_anew_when_a_tenth_has_changed(filled, make_article, encoder):
    before = loaded(filled, encoder).base.centroids
    boats = [make_article(f"Boat {n}.", path=f"/b{n}", headline=False) for n in range(31)]
    filled.add(boats, encoder)
    filled.remove([filled.articles()[3].id])
    refresh(filled)
    index = loaded(filled, encoder)
    assert (len(index), index.changes) == (330, 0)
    assert index.ids.tolist() == held_ids(filled)
    np.testing.assert_array_equal(index.base.centroids, before)  # not trained again


def test_a_snapshot_says_nothing_of_what_was_purged(filled, encoder):
    id_ = filled.articles()[5].id
    filled.remove([id_], purge=True)  # writes it anew, here as a small library's
    refresh(filled, force=True)
    assert loaded(filled, encoder).changes == 0
    assert loaded(filled, encoder).ids.tolist() == held_ids(filled)


def test_filters_leave_exactly_the_nearest_of_what_they_allow(filled, encoder):
    searcher = Searcher.open(filled, encoder)
    found = searcher.search("ship 17 sails", top_k=300, filters=Filters(sources=("S3",)))
    ids = {record.id for record in filled.articles() if record.source == "S3"}
    assert {hit.passage.article_id for hit in found.hits} == ids
    dense = [hit.dense for hit in found.hits if hit.dense is not None]
    assert max(dense) == pytest.approx(dense[0], abs=0.2)


@pytest.mark.parametrize("damage", ["missing", "torn", "ids", "end"])
def test_damage_costs_time_and_nothing_else(filled, encoder, damage):
    (file,) = filled.folder.glob("vectors-*.faiss")
    data = bytearray(file.read_bytes())
    if damage == "missing":
        file.unlink()
    elif damage == "torn":
        file.write_bytes(data[: len(data) // 2])
    else:
        data[-100 if damage == "ids" else -1] ^= 0xFF
        file.write_bytes(data)
    index = loaded(filled, encoder)
    assert index.base is None
    assert index.ids.tolist() == held_ids(filled)
    refresh(filled)
    assert loaded(filled, encoder).changes == 0


def test_an_open_searcher_follows_the_snapshot_only_when_it_lags_far_behind(filled, encoder):
    assert STALE_AFTER > 300  # or each of a small library's changes would read a file
    searcher = Searcher.open(filled, encoder)
    held = searcher._held
    assert held is not None
    filled.remove([filled.articles()[0].id])
    searcher.search("ship")
    assert searcher._held is not None
    assert searcher._held.index.base is held.index.base
