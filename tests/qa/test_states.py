import pytest

from qa.numbers import find_numbers
from qa.states import number_of_state, part_asked, state_asked, state_counted


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


@pytest.mark.parametrize(
    ("question", "text", "words", "part"),
    [
        (
            "How many raiders were captured?",
            "Nine members of a gang were surrounded and four of them were captured.",
            "Nine members of a gang were surrounded and four",
            "four",
        ),
        (
            "How many are missing?",
            "It left 23 dead and at least 41 missing.",
            "23 dead and at least 41 missing",
            "at least 41 missing",
        ),
        (
            "How many died?",
            "It left at least 23 dead and 41 missing.",
            "at least 23 dead and 41 missing",
            "at least 23 dead",
        ),
        (
            "How many were injured?",
            "It killed 17, injured 35 and left four missing.",
            "17, injured 35 and left four missing",
            "injured 35",
        ),
        ("How many were hurt?", "Of 30 riders 12 were hurt.", "30 riders 12", "30 riders 12"),
        ("How many boats are there?", "23 dead, 4 boats", "23 dead, 4 boats", "23 dead, 4 boats"),
        ("How many died?", "41 missing", "41 missing", "41 missing"),
    ],
)
def test_of_several_counts_the_one_that_is_asked_for_is_a_part(question, text, words, part):
    start = text.index(words)
    at, end = part_asked(question, text, start, start + len(words))
    assert text[at:end] == part


def test_of_two_counts_of_those_asked_for_neither_is_taken():
    text = "Two miners died. A guard said six died."
    numbers = find_numbers(text)
    assert number_of_state("How many died?", text, numbers) is None
    assert number_of_state("How many died?", text, numbers[1:2]) == numbers[1]
    assert number_of_state("How many were hurt?", text, numbers) is None
