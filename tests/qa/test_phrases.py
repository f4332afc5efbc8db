import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.phrases import parse, refers


def texts(question):
    return [phrase.text for phrase in parse(question).phrases]


def test_a_phrase_takes_what_is_joined_to_it():
    phrase = parse("How tall is the chimney of the old mill?").phrases[0]
    assert (phrase.text, phrase.core) == ("the chimney of the old mill", "the chimney")
    assert (phrase.head, phrase.kind, phrase.determiner) == ("chimney", "thing", "the")


def test_a_time_is_not_joined_to_what_it_follows():
    assert texts("What burned in the port of Tolm in 1974?") == [
        "the port of Tolm",
        "Tolm",
        "1974",
    ]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who is the harbour master?", "person"),
        ("Who leads the Ferry Workers' Union?", "group"),
        ("What happened in Tolm?", "place"),
        ("What happened last winter?", "time"),
        ("What does Ada Low want?", "name"),
        ("What does the lamp cost?", "thing"),
    ],
)
def test_the_kind_of_a_phrase_is_seen_from_its_noun_or_its_place(question, kind):
    assert parse(question).phrases[-1].kind == kind


def test_names_joined_by_and_are_one_phrase_of_many():
    (phrase,) = parse("Where did Abel and Ada Low grow up?").phrases
    assert (phrase.text, phrase.plural) == ("Abel and Ada Low", True)
    (union,) = parse("What does the Tram and Ferry Union want?").phrases
    assert (union.text, union.plural) == ("the Tram and Ferry Union", False)


@pytest.mark.parametrize(
    ("question", "asking", "noun"),
    [
        ("How many tonnes of tea were lost?", "how many", "tonnes of tea"),
        ("Which birds live there?", "which", "birds"),
        ("At what depth did it strike?", "what", "depth"),
        ("How many of the lamps broke?", "how many the", "lamps"),
        ("Who won?", "who", ""),
        ("Did it rain?", "", ""),
    ],
)
def test_what_is_asked_for_by_name(question, asking, noun):
    parsed = parse(question)
    assert (parsed.asking, parsed.asked_noun) == (asking, noun)


def test_a_bare_phrase_says_nothing_of_which():
    bare = {p.text: p.bare for p in parse("Did the city buy the old mill from Tolm?").phrases}
    assert bare["the city"] and not bare["the old mill from Tolm"]


def test_that_fire_points_back_and_the_fire_does_not():
    assert [refers(p) for p in parse("Did that fire reach the quay?").phrases] == [True, False]


def test_nothing_has_no_phrases():
    assert parse("").phrases == ()
    assert parse("?!").asking == ""


@given(st.text(alphabet=st.sampled_from("the of Ada how many was it's 7, lost?' ’-"), max_size=80))
def test_phrases_stand_in_the_question(text):
    question = parse(text)
    for phrase in question.phrases:
        assert text[phrase.start : phrase.end] == phrase.text
        assert phrase.start < phrase.core_end <= phrase.end
