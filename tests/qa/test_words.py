import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.words import labelled, with_verbs


def verbs(text):
    return [word.text for word in with_verbs(labelled(text)) if word.label == "verb"]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What did the union want?", ["want"]),
        ("Where did the tea warehouse fire in Tolm start?", ["start"]),
        ("Where does Ada Low study batteries?", ["study"]),
        ("Which birds live in the chimney?", ["live"]),
        ("Who wrote the press release about the mill?", ["wrote"]),
        ("How many men were killed in the mine?", ["killed"]),
        ("Who led the opposition to the mill plan?", ["led"]),
        ("What is the price of the painted ceiling?", []),
        ("How many people waited for the reindeer that wears a bell?", ["waited", "wears"]),
        ("When must the swifts not be disturbed?", ["disturbed"]),
    ],
)
def test_verbs_are_told_from_nouns(question, found):
    assert verbs(question) == found


def test_each_word_knows_where_it_stands():
    text = "Who paid $14.2 for Ada’s tea-chest?"
    for word in labelled(text):
        assert text[word.start : word.end] == word.text
    assert [word.text for word in labelled(text)] == [
        "Who", "paid", "$14.2", "for", "Ada’s", "tea-chest", "?",
    ]  # fmt: skip


def test_a_capital_inside_a_question_makes_a_name_of_any_word():
    assert [w.label for w in labelled("Who runs May Over?")][2:4] == ["noun", "noun"]


def test_nothing_has_no_words():
    assert labelled("") == [] == with_verbs([])


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text):
    words = labelled(text)
    assert [w.text for w in with_verbs(words)] == [w.text for w in words]
    assert all(text[w.start : w.end] == w.text for w in words)
