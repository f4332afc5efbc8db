import pytest

from qa.explain import causal_clause
from qa.types import Range


def clause(text, words):
    at = text.index(words)
    found = causal_clause(text, Range(0, len(text)), at, at + len(words))
    return found and text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "words", "whole"),
    [
        ("They left because the straps broke.", "straps", "because the straps broke"),
        ("It shut because the roof leaked, the mayor said.", "roof", "because the roof leaked"),
        ("Since the dam broke, nobody fishes.", "dam", "Since the dam broke"),
        ("He ran so that the bus would wait.", "bus", "so that the bus would wait"),
        ("It shut because the roof leaked", "because the roof", "because the roof leaked"),
    ],
)  # fmt: skip
def test_a_part_of_a_reason_becomes_its_clause(text, words, whole):
    assert clause(text, words) == whole


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It shut due to rain in the north.", "rain"),
        ("It shut because of rain in the north.", "rain"),
        ("The roof leaked because it was old.", "roof"),  # the effect
        ("It shut because the roof leaked, so the cast went home.", "cast"),  # another clause
        ("Nobody knows.", "Nobody"),
    ],
)
def test_other_words_stay_as_they_were_read(text, words):
    assert clause(text, words) is None


def test_a_clause_never_leaves_its_sentence():
    text = "It shut because the roof leaked. Rain fell."
    end = text.index(" Rain")
    found = causal_clause(text, Range(0, end), text.index("roof"), text.index("roof") + 4)
    assert text[found.start : found.end] == "because the roof leaked"
