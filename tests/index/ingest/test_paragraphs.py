import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.paragraphs import (
    ends_sentence,
    is_cross_head,
    is_list_item,
    paragraphs_of,
)

PROSE = [
    "The council met on Tuesday and decided that it would not close the pool, Mr Smith said. He "
    "left early. The mayor, who had been away for most of the week, called it a step back.",
    "Another paragraph follows here, and it is about the well-known pool and its long history.",
    "The roof was built in 1931, and 2 million pounds were needed to repair it, said Ann Poe.",
]


def texts(text):
    return [one.text for one in paragraphs_of(text)]


@given(st.text())
def test_every_word_stays_in_order(text):
    joined = "".join("".join(one.text.split()) for one in paragraphs_of(text))
    assert joined == "".join(text.split())


@pytest.mark.parametrize("width", [60, 66, 70, 72, 76, 80])
def test_hard_wrapped_lines_become_the_paragraphs_they_were(width):
    assert texts("\n\n".join(textwrap.fill(one, width) for one in PROSE)) == PROSE


@given(st.integers(56, 110), st.permutations(PROSE * 2), st.sampled_from(["\n", "\n\n"]))
def test_hard_wrapped_lines_are_never_parted_inside_a_sentence(width, prose, between):
    found = texts(between.join(textwrap.fill(one, width) for one in prose))
    assert " ".join(found) == " ".join(prose)
    assert all(ends_sentence(one) for one in found)


def test_one_paragraph_a_line_stays_so():
    assert texts("\n".join(PROSE)) == PROSE


def test_a_cross_head_glues_nothing():
    lines = [PROSE[0], "- Rise in prices -", PROSE[1]]
    assert texts("\n".join(lines)) == lines
    assert texts("\n".join(textwrap.fill(one, 70) for one in lines)) == lines


def test_list_items_stay_apart_and_keep_their_broken_lines():
    text = "What is known:\n- the ship, built in the\nnorth\n- the toll\n2. the port"
    assert texts(text) == ["What is known:", "- the ship, built in the north", "- the toll",
                           "2. the port"]  # fmt: skip


def test_a_dash_that_begins_a_broken_line_by_chance_is_no_list():
    text = (
        "The mayor - who had been away - was angry, and the council\n"
        "- all twelve of them, said Ann Poe, who had seen every one\n"
        "of the many meetings that were held in the old hall since\n"
        "May - went home."
    )
    assert texts(text) == [text.replace("\n", " ")]


def test_a_sentence_that_runs_on_is_joined_in_any_file():
    assert texts("The river\nrose on Tuesday.\nIt fell.") == [
        "The river rose on Tuesday.",
        "It fell.",
    ]


def test_a_short_line_without_full_stop_keeps_its_place():
    assert texts("Pool to close\nThe council met.") == ["Pool to close", "The council met."]


def test_a_compound_broken_at_its_hyphen_gets_no_space():
    assert texts("It was a well-\nknown pool.") == ["It was a well-known pool."]
    assert texts("In pre-\nand post-war days.") == ["In pre- and post-war days."]


def test_gaps_are_noted():
    assert [one.gap for one in paragraphs_of("A b.\nC d.\n\nE f.")] == [True, False, True]


@pytest.mark.parametrize("text", ["", "\n", "  \n\t\n"])
def test_nothing_gives_no_paragraphs(text):
    assert paragraphs_of(text) == []


def test_what_lines_are():
    assert is_cross_head("- Rise in prices -") and is_cross_head("*** Rise ***")
    assert not is_cross_head("*By Jane Doe*") and not is_cross_head("- a thing")
    assert is_list_item("- a thing") and is_list_item("12. a thing") and is_list_item("• a thing")
    assert not is_list_item("-5 degrees") and not is_list_item("2019. A year of rain")
    assert ends_sentence("He left.”") and ends_sentence("Why?") and not ends_sentence("He left")
