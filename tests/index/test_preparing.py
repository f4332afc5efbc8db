import threading

import pytest

from index.embed import HashEncoder
from index.errors import EncoderError
from index.preparing import AHEAD


class WatchedEncoder(HashEncoder):
    """Notes what it is asked for, and fails on one text."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.rested = 0
        self.threads: set[int] = set()

    def encode_passages(self, texts):
        self.threads.add(threading.get_ident())
        self.seen += texts
        if any("broken" in text for text in texts):
            raise EncoderError("it is broken")
        return super().encode_passages(texts)

    def rest(self):
        self.rested += 1


@pytest.fixture
def one(make_article):
    """An article with this text at this path."""
    return lambda text, path=None: make_article(text, headline=False, path=path or f"/{text}")


def test_batches_come_back_in_order_and_are_embedded_in_another_thread(library, one):
    encoder = WatchedEncoder()
    batches = [[one(f"storm {n} a"), one(f"storm {n} b")] for n in range(7)]
    outcomes = list(library.add_batches([*batches, batches[0]], encoder))
    assert outcomes == [["added", "added"]] * 7 + [["unchanged", "unchanged"]]
    paths = [record.path for record in library.articles()]
    assert paths == [article.path for batch in batches for article in batch]
    assert threading.get_ident() not in encoder.threads
    assert encoder.rested == 1


def test_only_a_few_batches_are_taken_before_the_first_is_stored(library, one):
    taken: list[int] = []

    def batches():
        for n in range(20):
            taken.append(n)
            yield [one(f"storm {n}")]

    storing = library.add_batches(batches(), HashEncoder())
    for stored, _ in enumerate(storing, 1):
        assert len(taken) <= stored + AHEAD
    assert len(library.articles()) == 20


def test_what_came_before_a_batch_that_fails_is_stored_and_nothing_after_it(library, one):
    encoder = WatchedEncoder()
    batches = [[one("storm")], [one("flood")], [one("broken")], [one("peace")]]
    done = []
    with pytest.raises(EncoderError, match="it is broken"):
        for outcomes in library.add_batches(batches, encoder):
            done += outcomes
    assert done == ["added", "added"]
    assert [record.path for record in library.articles()] == ["/storm", "/flood"]
    assert encoder.rested == 1


def test_closed_early_it_stores_nothing_more(library, one):
    storing = library.add_batches(([one(f"storm {n}")] for n in range(9)), HashEncoder())
    next(storing)
    storing.close()
    assert len(library.articles()) == 1


def test_a_version_that_an_earlier_batch_buried_is_added_again(library, one):
    first, second = one("storm", "/a"), one("flood", "/a")
    library.add([first], HashEncoder())
    elsewhere = one("storm", "/a")
    outcomes = list(library.add_batches([[second], [elsewhere]], HashEncoder()))
    assert outcomes == [["replaced"], ["replaced"]]
    (live,) = library.articles()
    assert library.article(live.id).text == "storm"
    assert len(library.passages(live.id)) == 1


def test_no_batches_give_nothing(library):
    assert list(library.add_batches([], HashEncoder())) == []
