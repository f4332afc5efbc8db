from collections.abc import Sequence

import numpy as np
import pytest

from index.embed import HashEncoder, Vectors
from index.errors import EncoderMismatch
from index.library import Library
from index.schema import read_state
from index.search import Searcher


class CountingEncoder(HashEncoder):
    """Counts the passages it encodes, and can be told to break off."""

    def __init__(self, *, name: str = "new", fail_after: int | None = None) -> None:
        super().__init__(name=name, dimension=32)
        self.encoded = 0
        self.fail_after = fail_after

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        if self.fail_after is not None and self.encoded >= self.fail_after:
            raise KeyboardInterrupt
        self.encoded += len(texts)
        return super().encode_passages(texts)


@pytest.fixture
def filled(library, make_article, encoder) -> Library:
    with library.adding():
        library.add([make_article(f"Ship {n} sank.", path=f"/{n}") for n in range(40)], encoder)
    return library


def test_everything_is_embedded_anew(filled, encoder):
    new = CountingEncoder()
    assert filled.rebuild(new) == 40
    status = filled.status()
    assert (status.encoder, status.dimension, status.passages) == ("new", 32, 80)
    hits = Searcher.open(filled, new).search("ship 7").hits
    assert hits[0].passage.text == "Ship 7 sank."
    assert filled.check().problems == ()
    with pytest.raises(EncoderMismatch):
        Searcher.open(filled, encoder)


def test_hits_are_those_of_a_library_made_with_that_encoder_at_once(filled, make_article, tmp_path):
    new = CountingEncoder()
    filled.rebuild(new)
    with Library.open(tmp_path / "fresh", create=True) as fresh:
        fresh.add([make_article(f"Ship {n} sank.", path=f"/{n}") for n in range(40)], new)
        assert Searcher.open(fresh, new).search("ship 7") == Searcher.open(filled, new).search(
            "ship 7"
        )


def test_an_interrupted_rebuild_shows_the_old_and_is_continued(filled, encoder):
    before = Searcher.open(filled, encoder).search("ship 7")
    with pytest.raises(KeyboardInterrupt):
        filled.rebuild(CountingEncoder(fail_after=33))
    assert Searcher.open(filled, encoder).search("ship 7") == before
    assert filled.check().problems == ()
    rest = CountingEncoder()
    filled.rebuild(rest)
    assert rest.encoded == 80 - 64  # two batches of 16 articles were done, 2 passages each


def test_what_another_encoder_began_is_dropped(filled):
    with pytest.raises(KeyboardInterrupt):
        filled.rebuild(CountingEncoder(fail_after=33))
    other = CountingEncoder(name="third")
    filled.rebuild(other)
    assert other.encoded == 80
    assert filled.check(encoder=other).problems == ()


def test_what_changed_during_an_interruption_is_minded(filled, encoder, make_article):
    with pytest.raises(KeyboardInterrupt):
        filled.rebuild(CountingEncoder(fail_after=33))
    first, second, *_ = filled.articles()
    filled.remove([first.id])
    filled.remove([second.id], purge=True)
    added = make_article("Late news of boats.", path="/late")
    filled.add([added], encoder)
    new = CountingEncoder()
    assert filled.rebuild(new) == 39
    searcher = Searcher.open(filled, new)
    assert searcher.search("late boats").hits[0].passage.article_id == added.id
    assert filled.article(first.id).text.endswith("Ship 0 sank.")
    assert filled.check(encoder=new).problems == ()


def test_progress_goes_from_nothing_to_all(filled):
    seen = []
    filled.rebuild(CountingEncoder(), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(0, 40), (16, 40), (32, 40), (40, 40)]


def test_an_empty_library_can_change_its_encoder(library):
    assert library.rebuild(CountingEncoder()) == 0
    assert library.status().encoder == "new"


def test_embeddings_are_those_of_the_new_encoder(filled):
    new = CountingEncoder()
    filled.rebuild(new)
    with filled.reading() as connection:
        (vector,) = connection.execute(
            """SELECT vector FROM embedding JOIN passage ON passage.id = embedding.passage
                WHERE text = 'Ship 7 sank.'"""
        ).fetchone()
    expected = new.encode_passages(["Storm reaches the coast\nShip 7 sank."])[0]
    np.testing.assert_array_equal(np.frombuffer(vector, "<f4"), expected)


def test_passage_ids_mean_something_else_from_then_on(filled):
    with filled.reading() as connection:
        before = read_state(connection)
    filled.rebuild(CountingEncoder())
    with filled.reading() as connection:
        after = read_state(connection)
    assert after.epoch != before.epoch
    assert after.generation > before.generation
