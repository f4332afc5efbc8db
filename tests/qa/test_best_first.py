import math

import pytest

from qa.best_first import READ_AT_ONCE, read_best_first
from qa.reader import ScriptedReader

PASSAGES = [f"Passage {n} names Ada." for n in range(2 * READ_AT_ONCE + 1)]


class Counting(ScriptedReader):
    def __init__(self):
        super().__init__({"Ada": 2.0})
        self.reads = []

    def read(self, question, passages):
        self.reads.append(len(passages))
        return super().read(question, passages)


def test_steps_give_what_one_reading_gives():
    reader = Counting()
    whole = read_best_first(reader, "Who?", PASSAGES)
    steps = read_best_first(reader, "Who?", PASSAGES, deadline=math.inf)
    assert whole == steps == ScriptedReader({"Ada": 2.0}).read("Who?", PASSAGES)
    assert reader.reads == [len(PASSAGES), READ_AT_ONCE, READ_AT_ONCE, 1]


def test_nothing_to_read_is_no_step():
    told = []
    assert read_best_first(Counting(), "Who?", [], on_step=lambda: told.append(1)) == []
    assert read_best_first(Counting(), "Who?", []) == []
    assert told == []


def test_past_the_deadline_nothing_more_is_read():
    reader = Counting()
    assert read_best_first(reader, "Who?", PASSAGES, deadline=-math.inf) is None
    assert reader.reads == []


def test_whoever_is_told_of_a_step_may_end_the_reading():
    reader, told = Counting(), []

    def tell():
        told.append(len(reader.reads))
        if len(told) == 2:
            raise KeyError("enough")

    with pytest.raises(KeyError):
        read_best_first(reader, "Who?", PASSAGES, on_step=tell)
    assert told == [0, 1]
    assert reader.reads == [READ_AT_ONCE]


def test_only_what_is_chosen_is_read_until_nothing_is():
    reader, seen = Counting(), []

    def choose(readings):
        seen.append([n for n, spans in enumerate(readings) if spans is not None])
        return [[2, 0], [5], []][len(seen) - 1]

    found = read_best_first(reader, "Who?", PASSAGES, choose=choose)
    assert seen == [[], [0, 2], [0, 2, 5]]
    assert reader.reads == [2, 1]
    assert [n for n, spans in enumerate(found) if spans] == [0, 2, 5]
    whole = ScriptedReader({"Ada": 2.0}).read("Who?", PASSAGES)
    assert found[5] == whole[5]
