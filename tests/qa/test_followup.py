import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversation import MAX_TURNS, Turn
from qa.followup import MAX_READINGS, Reading, Support, best_supported, readings


def first(question, *turns):
    return readings(question, [Turn(*turn) for turn in turns])[0].question


VALE = ("Which company used Saltgate Shed 9?", "Osmund Vale")
LOW = ("Who is the mayor of Brelm?", "Ada Low")


@pytest.mark.parametrize(
    ("question", "before", "meant"),
    [
        ("How old is she?", LOW, "How old is Ada Low?"),
        ("Who is her brother?", LOW, "Who is Ada Low's brother?"),
        ("And how old is she?", LOW, "How old is Ada Low?"),
        ("Where is its inland store?", VALE, "Where is Osmund Vale's inland store?"),
        ("What caused it?", ("How many people were hurt in the Tolm tea fire?", "nine"),
         "What caused the Tolm tea fire?"),
        ("How many people use the trams there?", ("Which city had a tram strike?", "Halvorsund"),
         "How many people use the trams in Halvorsund?"),
        ("How many smugglers were caught there?", ("What is the name of the border post?", "Orzan"),
         "How many smugglers were caught in Orzan?"),
        ("Who guards it?", ("How many smugglers came to the border post?", "nine"),
         "Who guards the border post?"),
        ("How many men died then?", ("When did the silo explode?", "in 1974"),
         "How many men died in 1974?"),
        ("How many of them were captured?", ("How many militants were killed?", "15"),
         "How many of the militants were captured?"),
        ("How many were captured?", ("How many militants were killed?", "15"),
         "How many militants were captured?"),
        ("What does the union want?", ("Who leads the Ferry Workers' Union?", "Bo Ek"),
         "What does the Ferry Workers' Union want?"),
        ("How many of the lamps broke?", ("What does the Lanternfish lamp cost?", "59 euros"),
         "How many of the Lanternfish lamps broke?"),
        ("What happened that year?", ("When was the bridge built?", "in 2019"),
         "What happened in 2019?"),
        ("And its population?", ("What is the capital of Slovenia?", ""),
         "What is Slovenia's population?"),
        ("And the governor?", ("Who is the local police commander in Danghara?", "Bo Ek"),
         "Who is the governor in Danghara?"),
        ("What is the largest in the world?", ("Tell me about sharks.", ""),
         "What is the largest shark in the world?"),
    ],
)  # fmt: skip
def test_what_was_said_before_is_taken_up(question, before, meant):
    assert first(question, before) == meant


@pytest.mark.parametrize(
    ("noun", "there"),
    [("border post", "at the border post"), ("old prison", "in the old prison")],
)
def test_a_place_is_named_where_there_stands_for_it(noun, there):
    before = (f"Who was captured by the raiders at the {noun}?", "nine guards")
    assert first("Who is the police commander there?", before) == (
        f"Who is the police commander {there}?"
    )


def test_there_is_the_place_spoken_of_before_and_not_the_last_crowd():
    raid = ("How many people died in the raid?", "six", ("In all six people died in Danghara.",))
    turns = raid, ("How many of the raiders fled?", "nine")
    found = first("Who is the police commander there?", *turns)
    assert found == "Who is the police commander in Danghara?"


def test_a_long_owner_stands_behind():
    before = ("What burned?", "the old mill at the river")
    assert first("Who is its owner?", before) == "Who is the owner of the old mill at the river?"


STANDING_ALONE = [
    "How old is Brother Hilario?",
    "What does the Lanternfish lamp cost?",
    "How long does it take to reach Port Averly?",
    "Which church lost its bell tower?",
    "Why did Ada Low say she would leave Brelm?",
    "What happened in Tolm in 1974?",
    "Name all ferries of Port Averly.",
    "Is it true that Tolm has a tram?",
    'Who wrote "The Long Quay"?',
]


@pytest.mark.parametrize("question", STANDING_ALONE)
def test_a_question_that_stands_alone_is_its_only_reading(question):
    assert readings(question, [Turn(*VALE), Turn(*LOW)]) == (Reading(question),)


@pytest.mark.parametrize("question", ["How old is she?", "And there?", "Why?", "What about May?"])
def test_the_first_turn_is_taken_as_it_is(question):
    assert readings(question, []) == (Reading(question),)


def test_a_pronoun_that_nothing_fits_is_left():
    assert first("How old is she?", ("How deep is the well?", "9 metres")) == "How old is she?"


def test_a_bare_phrase_may_be_of_the_topic_or_stand_as_it_is():
    before = [Turn("Where was the Amirani Cup final played?", "in the Sabuli Stadium")]
    found = [reading.question for reading in readings("Who was the referee?", before)]
    assert found[0] == "Who was the referee of the Amirani Cup final?"
    assert "Who was the referee?" in found


def test_turns_without_answers_can_be_pointed_to():
    before = [("Who scored the winning goal?", ""), ("How old is the person who scored it?", "")]
    meant = "Where was the person who scored the winning goal born?"
    assert meant in [
        r.question for r in readings("Where was he born?", [Turn(*turn) for turn in before])
    ]


def test_a_name_of_long_ago_can_still_be_meant():
    turns = [LOW] + [("How deep is the well?", "9 metres")] * (MAX_TURNS - 1)
    assert first("When was she elected?", *turns) == "When was Ada Low elected?"


def test_readings_are_few_different_and_the_likeliest_first():
    turns = [Turn(f"Who led the {n} and the {n}y?", f"{n.title()} Low") for n in "abcdefgh"]
    found = readings("Why did she give it to them there?", turns)
    costs = [reading.cost for reading in found]
    assert 1 < len(found) <= MAX_READINGS
    assert costs == sorted(costs)
    assert len({reading.question for reading in found}) == len(found)


def test_no_reading_is_longer_than_may_be_asked():
    long = "x" * 1990
    assert first("Who is its owner?", (f"What is {long}?", f"the {long}")) == "Who is its owner?"


_WORDS = st.sampled_from(
    """and what about the it its they them their she her he his there then that this those one ones
    who when where why how many much which of in at did was were is are does Ada Tolm mill's lamps
    killed , ? ! . ' " - 1974 $3 it's the's of of THE é 。
    \ud800 in, most largest first last""".split()
)
_QUESTION = st.lists(_WORDS, min_size=1, max_size=9).map(" ".join) | st.text(
    min_size=1, max_size=40
)
_TURN = st.builds(
    Turn, _QUESTION, st.just("") | _QUESTION, st.lists(_QUESTION, max_size=1).map(tuple)
)


@given(_QUESTION, st.lists(_TURN, max_size=4))
def test_nothing_asked_after_anything_is_without_a_reading(question, turns):
    found = readings(question, turns)
    assert 1 <= len(found) <= MAX_READINGS
    assert all(reading.question.strip() or not question.strip() for reading in found)


@given(st.sampled_from(STANDING_ALONE), st.lists(_TURN, max_size=3))
def test_no_conversation_changes_a_question_that_stands_alone(question, turns):
    assert readings(question, turns) == (Reading(question),)


FIRST, SECOND = Reading("Who led the mill?", 0.0), Reading("Who led the port?", 0.5)


def test_the_articles_decide_where_they_are_clear():
    # log odds 0.0 against 2.2 - 2 * 0.5
    assert best_supported([FIRST, SECOND], [Support(0.5), Support(0.9)]) == SECOND


def test_the_likelier_reading_stands_where_they_are_not():
    # log odds 0.0 against 0.4 - 2 * 0.5
    assert best_supported([FIRST, SECOND], [Support(0.5), Support(0.6)]) == FIRST


def test_an_answer_in_the_same_articles_counts_for_a_reading():
    # log odds 0.0 against 0.4 + 1 - 2 * 0.5
    support = [Support(0.5), Support(0.6, continues=True)]
    assert best_supported([FIRST, SECOND], support) == SECOND


def test_equal_support_keeps_the_order():
    same = [Reading("a"), Reading("b")]
    assert best_supported(same, [Support(0.0), Support(0.0)]) == same[0]
    assert best_supported(same, [Support(1.0), Support(1.0)]) == same[0]
