from dataclasses import replace

import pytest

from index.embed import HashEncoder
from index.errors import EncoderMismatch, LibraryError
from index.search import Searcher


@pytest.fixture
def ships(make_article):
    return make_article("Nine ships sank off Marl.", path="/ships.txt", source="Averly Courier")


def found(library, encoder, query: str) -> list[tuple[str, str]]:
    hits = Searcher.open(library, encoder).search(query).hits
    return [(hit.passage.article_id, hit.passage.text) for hit in hits]


def test_a_removed_article_comes_back_exactly_as_it_was(library, make_article, encoder, ships):
    other = make_article("Ten boats sailed.", path="/boats.txt", title="Boats")
    library.add([ships, other], encoder)
    before = library.articles(), library.passages(ships.id), found(library, encoder, "ships")
    library.remove([ships.id])
    assert ships.id not in {id_ for id_, _ in found(library, encoder, "ships")}
    brought = library.bring_back([ships.id[:8]], encoder)
    assert [record.id for record in brought.back] == [ships.id]
    assert brought.superseded == ()
    after = library.articles(), library.passages(ships.id), found(library, encoder, "ships")
    assert after == before
    assert library.article(ships.id) == ships
    assert library.live_at("/ships.txt") == ships.id
    assert library.check(encoder=encoder).problems == ()


def test_an_open_searcher_finds_it_at_the_next_search(library, encoder, ships):
    library.add([ships], encoder)
    searcher = Searcher.open(library, encoder)
    library.remove([ships.id])
    assert searcher.search("ships").hits == ()
    library.bring_back([ships.id], encoder)
    assert {hit.passage.article_id for hit in searcher.search("ships").hits} == {ships.id}


def test_a_changed_file_replaces_what_was_brought_back(library, make_article, encoder, ships):
    library.add([ships], encoder)
    library.remove([ships.id])
    library.bring_back([ships.id], encoder)
    changed = make_article("Eight ships sank off Marl.", path="/ships.txt")
    assert library.add([changed], encoder) == ["replaced"]
    assert library.state_of(ships.id) == "replaced"


def test_what_has_a_newer_version_at_its_path_stays_removed_and_is_named(
    library, make_article, encoder, ships
):
    boats = make_article("Ten boats sailed.", path="/boats.txt", title="Boats")
    library.add([ships, boats], encoder)
    library.remove([ships.id, boats.id])
    newer = make_article("Eight ships sank off Marl.", path="/ships.txt")
    library.add([newer], encoder)
    brought = library.bring_back([ships.id, boats.id], encoder)
    assert [record.id for record in brought.superseded] == [ships.id]
    assert brought.superseded[0].state == "removed"
    assert [record.id for record in brought.back] == [boats.id]
    assert {record.id for record in library.articles()} == {newer.id, boats.id}


def test_copies_are_one_voice_again(library, encoder, ships):
    copy = replace(ships, path="/copy.txt", source=None)
    library.add([ships, copy], encoder)
    library.remove([ships.id])
    assert library.copies_of(copy.id) == ()
    library.bring_back([ships.id], encoder)
    assert library.copies_of(copy.id) == (ships.id,)


def test_a_live_article_stays_as_it_is_and_changes_nothing(library, encoder, ships):
    library.add([ships], encoder)
    state = library.state()
    assert [record.id for record in library.bring_back([ships.id], encoder).back] == [ships.id]
    assert library.state() == state


def test_nothing_comes_back_where_one_cannot(library, make_article, encoder, ships):
    library.add([ships], encoder)
    library.add([changed := make_article("Eight.", path="/ships.txt")], encoder)
    library.remove([changed.id])
    with pytest.raises(LibraryError, match=f"article {ships.id} .* was replaced, not removed"):
        library.bring_back([changed.id, ships.id], encoder)
    with pytest.raises(LibraryError, match="no article 'xyz'"):
        library.bring_back([changed.id, "xyz"], encoder)
    assert library.articles() == []


def test_a_purged_article_is_unknown(library, encoder, ships):
    library.add([ships], encoder)
    library.remove([ships.id], purge=True)
    with pytest.raises(LibraryError, match=f"no article '{ships.id}'"):
        library.bring_back([ships.id], encoder)


def test_another_encoder_is_refused(library, encoder, ships):
    library.add([ships], encoder)
    library.remove([ships.id])
    with pytest.raises(EncoderMismatch):
        library.bring_back([ships.id], HashEncoder(name="other"))
