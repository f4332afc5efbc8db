import random

from hypothesis import given
from hypothesis import strategies as st

from qa.as_typed import as_keywords, in_lower_case, with_slip, without_mark

QUESTION = "When was the bridge of Marlhaven opened?"


def test_case_and_mark_go_alone():
    assert in_lower_case(QUESTION) == "when was the bridge of marlhaven opened?"
    assert without_mark(QUESTION) == "When was the bridge of Marlhaven opened"


def test_keywords_are_the_first_word_and_those_with_meaning():
    assert as_keywords(QUESTION) == "When bridge Marlhaven opened"
    assert as_keywords("Who was that?") == "Who was that"
    assert as_keywords("") == ""


def test_a_slip_is_in_one_longer_word_and_not_in_its_first_letter():
    for seed in range(50):
        slipped = with_slip(QUESTION, random.Random(seed))
        changed = [(a, b) for a, b in zip(QUESTION.split(), slipped.split(), strict=True) if a != b]
        # Two equal neighbours exchanged change nothing, and none of these words has such.
        ((before, after),) = changed
        assert before.strip("?") in {"bridge", "Marlhaven", "opened"}
        assert after[0] == before[0]
        assert sorted(after) == sorted(before) or len(after) == len(before) - 1


@given(st.text(max_size=40), st.integers())
def test_any_text_can_be_typed_carelessly(text, seed):
    assert len(with_slip(text, random.Random(seed))) in (len(text), len(text) - 1)
    assert len(as_keywords(text)) <= len(text)
