import pytest

from qa.conversation import Turn
from qa.mentions import Mention, definite, fitting, mentions


def spoken_of(*turns):
    return [mention.text for mention in mentions(turns)]


def first(turns, pronoun):
    return fitting(mentions(turns), pronoun)[0].text


def test_the_answer_comes_before_what_the_question_names():
    turns = [Turn("Which company used the old shed at Tolm?", "Osmund Vale")]
    assert spoken_of(*turns)[:2] == ["Osmund Vale", "the old shed at Tolm"]


def test_a_later_turn_comes_before_an_earlier_one():
    turns = [Turn("Who is the mayor of Brelm?", "Ada Low"), Turn("Who runs the port?", "Bo Ek")]
    assert first(turns, "person") == "Bo Ek"


@pytest.mark.parametrize(
    ("pronoun", "meant"),
    [("person", "Bo Ek"), ("place", "Tolm"), ("many", "the trams in Tolm")],
)
def test_each_pronoun_stands_for_its_kind(pronoun, meant):
    turns = [Turn("Who drives the trams in Tolm?", "Bo Ek")]
    assert first(turns, pronoun) == meant


def test_a_time_is_taken_up_without_its_preposition():
    turns = [Turn("When did the mill close?", "in 2011")]
    assert first(turns, "time") == "2011"


def test_the_owner_stays_the_topic_rather_than_its_property():
    turns = [Turn("What are the advantages of a sodium cell?", "")]
    assert first(turns, "thing") == "the sodium cell"


def test_one_of_many_is_less_the_topic_than_what_it_is_of():
    turns = [Turn("How long does a full charge of the Tolm battery take?", "12 minutes")]
    assert first(turns, "thing") == "the Tolm battery"


def test_what_was_counted_can_be_many():
    turns = [Turn("How many militants attacked the checkpoint?", "twenty")]
    assert first(turns, "many") == "the militants"


def test_who_was_looked_for_and_not_found_is_described():
    turns = [Turn("Who scored the winning goal?", "")]
    assert first(turns, "person") == "the person who scored the winning goal"


def test_a_less_sure_answer_can_be_meant_but_is_more_far_fetched():
    turns = [Turn("Who won?", "Ada Low", others=("Bo Ek",))]
    costs = {m.text: m.cost for m in fitting(mentions(turns), "person")}
    assert 0 <= costs["Ada Low"] < costs["Bo Ek"]


def test_names_in_the_cited_sentence_come_last():
    turns = [Turn("Who won?", "Ada Low", ("On Sunday Ada Low beat Bo Ek in Tolm.",))]
    assert spoken_of(*turns)[-2:] == ["Bo Ek", "Tolm"]
    assert "Sunday" not in spoken_of(*turns)


def test_a_long_answer_and_a_yes_or_no_name_nothing():
    assert spoken_of(Turn("Why did it burn?", "because nobody had looked at it")) == []
    assert "yes" not in spoken_of(Turn("Did the choir win?", "yes"))


def test_nothing_was_spoken_of_before_the_first_turn():
    assert mentions([]) == []
    assert fitting([], "thing") == []


def test_a_storm_becomes_the_storm():
    assert definite("a storm") == "the storm"
    assert definite("The Avengers") == "the Avengers"
    assert definite("Ada Low") == "Ada Low"


def test_a_mention_cannot_be_changed():
    with pytest.raises(AttributeError):
        Mention("Ada", "person", False, "ada", 0.0).cost = 1.0
