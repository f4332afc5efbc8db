import pytest

from qa.conversation import Turn
from qa.ellipsis import elliptical, opening_cut, statement, time_clause
from qa.phrases import parse


def first(question, *turns):
    found = elliptical(question, [Turn(*turn) for turn in turns])
    return found and min(found, key=lambda reading: reading[1])[0]


MAYOR = ("Who is the mayor of Ellerton Falls?", "Ada Low")
WOLVES = ("How many reindeer did Inkeri lose to wolves two winters ago?", "eleven")
HOUSES = ("How many houses were destroyed in Santa Orosia?", "510")


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("And the city treasurer?", MAYOR, "Who is the city treasurer of Ellerton Falls?"),
        ("What about the governor of Tolm?", MAYOR, "Who is the governor of Tolm?"),
        ("And last winter?", WOLVES, "How many reindeer did Inkeri lose to wolves last winter?"),
        ("And in Alto Sol?", HOUSES, "How many houses were destroyed in Alto Sol?"),
        ("What about Alto Sol?", HOUSES, "How many houses were destroyed in Alto Sol?"),
        ("And in March?", HOUSES, "How many houses were destroyed in Santa Orosia in March?"),
        ("And bridges?", HOUSES, "How many bridges were destroyed in Santa Orosia?"),
    ],
)
def test_new_words_take_the_place_of_those_they_are_parallel_to(question, before, meant):
    found = elliptical(question, [Turn(*before)])
    assert meant in [text for text, _ in found]
    assert question == "And in March?" or first(question, before) == meant


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("Why?", ("Who raised the alarm?", "Bo Ek"), "Why did Bo Ek raise the alarm?"),
        ("When was that?", ("Who raised the alarm?", "Bo Ek"), "When did Bo Ek raise the alarm?"),
        ("And why?", ("Which captain was sent off?", "Cy Orr"), "Why was Cy Orr sent off?"),
        ("For how long?", ("When did a storm cut off Tolm?", "in May"),
         "For how long did a storm cut off Tolm?"),
        ("Why?", ("How many books did staff carry upstairs?", "6,000"),
         "Why did staff carry books upstairs?"),
        ("Why?", ("Did the choir win?", "It did."), "Why did the choir win?"),
        ("Where is that?", ("Where did they come from?", "Kunduz"), "Where is Kunduz?"),
    ],
)  # fmt: skip
def test_an_asking_word_alone_asks_the_last_question_anew(question, before, meant):
    assert first(question, before) == meant


def test_what_happened_is_meant_before_what_is():
    before = ("Where was the attack on the cyclists?", "in Danghara")
    assert first("When was that?", before, MAYOR) == "When was the attack on the cyclists?"


@pytest.mark.parametrize(
    "question",
    [
        "Who won the cup?",
        "And who won it?",
        "How tall is that?",
        "What was that?",
        "And its price?",
    ],
)
def test_a_question_with_a_verb_or_a_pronoun_leaves_nothing_out(question):
    assert elliptical(question, [Turn(*MAYOR)]) is None


def test_and_is_cut_from_the_beginning_only():
    assert opening_cut("And who won?") == "who won?"
    assert opening_cut("Who won and why?") == "Who won and why?"
    assert opening_cut("Andes: who won?") == "Andes: who won?"


def test_a_question_of_no_known_form_states_nothing():
    assert statement(parse("the lamp"), Turn("the lamp")) is None
    assert statement(parse("Who won?"), Turn("Who won?")) is None


def test_a_time_can_be_said_as_a_clause():
    assert time_clause(parse("When did the paper mill close?")) == "when the paper mill closed"
    assert time_clause(parse("Where did the paper mill close?")) is None
