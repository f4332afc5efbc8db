"""What a passage must hold to agree or contradict. Names and events are invented."""

from datetime import date

import pytest

from index.types import Hit, Passage
from qa.agreement import reading_of
from qa.answer import Candidate
from qa.asked import asked_by
from qa.dates import Anchor
from qa.speaking import Speaking
from qa.types import Span

HURT = "How many people were hurt on the Lady Merriden?"
SAILED = "When did the Alma sail?"
STEERED = "Who steered the Alma?"
LINE = "Which line serves Orrin?"
WHY = "Why did the mill shut?"
ANCHORS = {"best": Anchor(date(2024, 5, 6), "header", "high")}


def hit(article, text):
    return Hit(Passage(article, 0, len(text), text), 0.5, 0.5, 1.0)


def speaking(question, text, words, anchor_of=lambda article_id: None):
    at = text.index(words)
    best = Candidate(hit("best", text), Span(at, at + len(words), 9.0, 0.0), 9.0)
    return Speaking(question, reading_of(question, best, anchor_of), asked_by(question), anchor_of)


NINE = (HURT, "Nine people were hurt on the Lady Merriden.", "Nine")
IN_1911 = (SAILED, "The Alma sailed in 1911.", "1911")
TARR = (STEERED, "Ines Tarr steered the Alma.", "Ines Tarr")
NORTH = (LINE, "Orrin is served by the Tolm and Northern Railway.", "Tolm and Northern Railway")
FLOOD = (WHY, "The mill shut because the river flooded it.", "the river flooded it")


@pytest.mark.parametrize(
    ("best", "text"),
    [
        (NINE, "The coastguard counted 9 hurt aboard the Lady Merriden."),
        (NINE, "Aboard the Lady Merriden about nine were injured."),
        (IN_1911, "It was in 1911 that the Alma went to sea."),
        (IN_1911, "On 4 May 1911 the Alma was on her way."),
        (TARR, "Captain Tarr was at the wheel of the Alma."),
        (TARR, "The Alma obeyed I. Tarr."),
        (NORTH, "Trains of the Northern Railway stop at Orrin."),
        (FLOOD, "A flooded river, it is said, did for the mill."),
    ],
)
def test_the_same_value_may_agree(best, text):
    assert speaking(*best).may_speak(hit("other", text), differ=False)


@pytest.mark.parametrize(
    ("best", "text"),
    [
        (NINE, "The Lady Merriden was built by Tarr and sons."),  # no number
        (NINE, "Aboard the Northern Star nine were hurt."),  # another ship
        (NINE, "Nine were killed on the Lady Merriden."),  # not the hurt
        (IN_1911, "The Alma was built of oak."),  # no time
        (IN_1911, "The Star sailed in 1911."),  # another ship
        (TARR, "The Alma was painted white."),  # nobody
        (TARR, "Ines Tarr steered the Star."),  # another ship
        (NORTH, "Orrin has a northern quarter."),  # no name
        (FLOOD, "The mill shut for want of corn."),  # another reason
    ],
)
def test_what_says_nothing_of_it_does_not_speak(best, text):
    assert not speaking(*best).may_speak(hit("other", text), differ=True)


@pytest.mark.parametrize(
    ("best", "text"),
    [
        (NINE, "On the Lady Merriden 14 people were hurt."),
        (IN_1911, "The Alma sailed in 1912."),
        (TARR, "Bo Roe steered the Alma."),
    ],
)
def test_another_value_for_the_same_may_contradict_where_that_is_looked_for(best, text):
    assert speaking(*best).may_speak(hit("other", text), differ=True)
    assert not speaking(*best).may_speak(hit("other", text), differ=False)


@pytest.mark.parametrize(
    ("best", "text"),
    [
        (NINE, "The Lady Merriden lay in port. Fourteen cranes stood idle."),
        (NINE, "On the Lady Merriden 900 people were hurt by it."),  # a hundred times as many
        (IN_1911, "The Alma was broken up. In 1912 others went there."),
        (TARR, "The Alma was painted. Bo Roe steered another boat."),
    ],
)
def test_another_value_must_stand_in_a_sentence_about_the_same(best, text):
    assert not speaking(*best).may_speak(hit("other", text), differ=True)


@pytest.mark.parametrize(("known", "speaks"), [(True, True), (False, False)])
def test_times_are_counted_from_the_day_of_the_article(known, speaks):
    anchors = ANCHORS | ({"other": Anchor(date(2024, 5, 4), "header", "high")} if known else {})
    asking = speaking(SAILED, "The Alma sailed on 3 May 2024.", "3 May 2024", anchors.get)
    other = hit("other", "The Alma sailed yesterday.")
    assert asking.may_speak(other, differ=False) == speaks
