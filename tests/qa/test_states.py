import pytest

from qa.states import state_asked, state_counted


@pytest.mark.parametrize(
    ("question", "state"),
    [
        ("How many people died in the flood?", "dead"),
        ("What was the death toll?", "dead"),
        ("How many were hurt?", "hurt"),
        ("How many hikers are missing?", "missing"),
        ("How many smugglers were captured?", "held"),
        ("How many boats are there?", None),
    ],
)
def test_a_question_names_what_became_of_those_it_counts(question, state):
    assert state_asked(question) == state


def test_the_nearest_state_is_the_one_that_is_counted():
    text = "It gave 23 dead and 41 missing; at least 14 were killed and some 200 injured."
    numbers = {"23": "dead", "41": "missing", "14": "dead", "200": "hurt"}
    found = {n: state_counted(text, text.index(n), text.index(n) + len(n)) for n in numbers}
    assert found == numbers


def test_a_state_of_another_sentence_does_not_count():
    assert state_counted("Nobody died. Some 30 came. Two were hurt.", 18, 20) is None
