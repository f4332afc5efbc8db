"""What a reader offers beside its answers, as pairs to train on. All is invented."""

from dataclasses import replace

import pytest

from qa.answer_pairs import Said
from qa.comparison import FEATURES, Features
from qa.events_data import Asked, Event
from qa.fit_comparison import Place, Seen
from qa.offered_pairs import offered_pairs
from qa.pairs_data import AGREE, CONFLICT, OF_ELSE
from qa.squad import Gold

OURS, TWO, THREE = Said("24", "She saw 24."), Said("a chain", "A chain."), Said("29", "He saw 29.")
VALUED = Features(**dict.fromkeys(FEATURES, 0.0) | {"worded": False})
WORDED = replace(VALUED, worded=True)


class Offers:
    """In place of a comparer: always the same two places beside an answer."""

    right = True

    def __init__(self, events, folder, reader, fitted, pairs):
        self.pairs = pairs

    def see(self, event, asked):
        self.pairs.judge(asked.question, OURS, [TWO, THREE])
        # A place of words is there once as agreeing and once as differing.
        places = (
            Place("same", WORDED, False),
            Place("differs", WORDED, False),
            Place("differs", VALUED, self.right),
        )
        return Seen(event.name, asked.together, places)

    def close(self):
        pass


def asked(together, answers):
    return Asked("How many?", {key: (Gold("24", 0),) for key in answers}, together)


@pytest.fixture
def offered(monkeypatch):
    for name in ("SpanReader", "load_calibration"):
        monkeypatch.setattr(f"qa.offered_pairs.{name}", lambda folder: None)
    monkeypatch.setattr("qa.offered_pairs.Comparer", Offers)

    def of(question):
        pairs = offered_pairs([Event("Seals", {}, (question,))], None)
        return [(pair.one, pair.other, pair.kind) for pair in pairs]

    return of


@pytest.mark.parametrize(
    ("together", "kind"), [("agree", AGREE), ("conflict", CONFLICT), ("single", OF_ELSE)]
)
def test_each_place_is_one_pair_of_the_kind_that_the_data_says(offered, together, kind):
    assert offered(asked(together, "ab")) == [(OURS, TWO, OF_ELSE), (OURS, THREE, kind)]


def test_of_three_answers_it_is_not_known_which_conflict(offered):
    assert offered(asked("conflict", "abc")) == [(OURS, TWO, OF_ELSE)]
    assert offered(asked("agree", "abc"))[1] == (OURS, THREE, AGREE)


def test_what_the_data_has_not_as_answers_is_of_something_else(offered, monkeypatch):
    monkeypatch.setattr(Offers, "right", False)
    assert {kind for *_, kind in offered(asked("conflict", "ab"))} == {OF_ELSE}
