import pytest

from qa.phrases import parse
from qa.references import references, unmodified, without_noun


def pointing(question):
    return [question[r.start : r.end] for r in references(parse(question))]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("When did she raise the alarm?", ["she"]),
        ("Who is its director?", ["its"]),
        ("How many of them did he lose?", ["them", "he"]),
        ("How many people work there?", ["there"]),
        ("Who ruled then?", ["then"]),
        ("What did that lead to?", ["that"]),
        ("Who put out that fire?", ["that fire"]),
        ("What happened that year?", ["that year"]),
        ("Why did Ada start it?", ["it"]),
    ],
)
def test_words_that_point_back(question, words):
    assert pointing(question) == words


@pytest.mark.parametrize(
    "question",
    [
        "How long does it take to reach Port Averly?",
        "Is it true that the mill closed?",
        "Are there any otters in Tolm?",
        "Which church lost its tower?",
        "Who lost his life in the mine?",
        "Why did Ada Low say she left?",
        "What is Rock City, and why is it famous?",
        "How much will be paid to each family that lost its house?",
        "What is the charger that the firemen found?",
        "If the mill is sold, what then?",
        "What is the price of a ferry ticket in Port Averly?",
    ],
)
def test_words_that_point_to_the_question_itself_or_to_nothing(question):
    assert pointing(question) == []


def test_a_second_pronoun_is_the_first_again():
    assert pointing("How long did she expect her crews to stay?") == ["she"]


def test_her_is_an_owner_before_a_noun_only():
    owner, other = (references(parse(q))[0] for q in ("Who is her son?", "Who hired her?"))
    assert owner.owner and not other.owner


def test_a_bare_phrase_or_a_part_asks_for_more():
    assert [p.text for p in unmodified(parse("How many drivers does the union represent?"))] == [
        "the union"
    ]
    assert [p.text for p in unmodified(parse("What are the main symptoms?"))] == [
        "the main symptoms"
    ]
    assert not list(unmodified(parse("What are the symptoms of gout?")))
    assert not list(unmodified(parse("Who runs the old mill?")))


def test_a_superlative_can_lack_its_noun():
    (missing,) = without_noun(parse("What is the largest in the world?"))
    assert (missing.start, missing.end) == (19, 19)
    assert not list(without_noun(parse("What is the largest ferry?")))
