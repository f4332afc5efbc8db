import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.squad import Example, Gold
from qa.training_variants import (
    asked_of_another,
    asked_of_neighbour,
    carelessly_typed,
    cropped,
    renamed,
    varied,
    without_answer,
)

PASSAGE = (
    "The ferry Alma left Marlhaven at noon. Captain Ines Tarr steered it to Orrin. "
    "It carried 212 people. Nobody aboard was hurt. The first ferry sailed in 1911."
)


def example(question: str, *golds: str) -> Example:
    found = tuple(Gold(gold, PASSAGE.index(gold)) for gold in golds)
    return Example("1", question, PASSAGE, "Alma", found)


def sentences(text: str) -> int:
    return text.count(".")


def test_a_cropped_passage_keeps_its_answer_in_place():
    whole = example("Who steered it?", "Ines Tarr")
    seen = set()
    for seed in range(40):
        part = cropped(whole, random.Random(seed))
        (gold,) = part.golds
        assert part.context[gold.start : gold.start + len(gold.text)] == "Ines Tarr"
        assert part.context in PASSAGE
        seen.add(sentences(part.context))
    assert seen == {1, 2, 3, 4, 5}


def test_a_gold_that_is_cut_off_goes():
    whole = example("What sailed?", "The ferry Alma", "The first ferry")
    kept = {len(cropped(whole, random.Random(seed)).golds) for seed in range(40)}
    assert kept == {1, 2}


def test_a_passage_without_answer_may_be_cropped_anywhere():
    firsts = {cropped(example("Who won?"), random.Random(n)).context[:9] for n in range(60)}
    assert firsts == {"The ferry", "Captain I", "It carrie", "Nobody ab", "The first"}


def test_a_single_sentence_cannot_be_cropped():
    one = Example("1", "Who?", "Ines Tarr steered it.", "", ())
    assert cropped(one, random.Random(1)) is None


def test_the_sentences_with_the_answers_words_are_taken_out():
    lacking = without_answer(example("What sailed?", "ferry"))
    assert lacking.context == (
        "Captain Ines Tarr steered it to Orrin. It carried 212 people. Nobody aboard was hurt."
    )
    assert lacking.golds == ()


def test_where_every_sentence_holds_the_answer_nothing_can_be_taken_out():
    assert without_answer(Example("1", "Who?", "Ada won.", "", (Gold("Ada", 0),))) is None
    assert without_answer(example("Who?")) is None


def test_a_question_of_another_year_has_no_answer():
    asked = example("Which ferry sailed in 1911?", "The first ferry")
    others = [asked_of_another(asked, [], random.Random(n)) for n in range(30)]
    made = [other for other in others if other]
    assert made
    for other in made:
        assert other.golds == ()
        assert other.context == PASSAGE
        year = other.question.removeprefix("Which ferry sailed in ").rstrip("?")
        assert year[:3] == "191" and year not in PASSAGE


def test_a_question_of_another_name_takes_one_that_the_passage_lacks():
    asked = example("When did Captain Tarr leave?", "noon")
    others = ["Did Mara Quill win?", "Was Ines Tarr hurt?"]
    made = {asked_of_another(asked, others, random.Random(n)) for n in range(20)} - {None}
    assert {other.question for other in made} == {
        "When did Mara Quill leave?",
        "When didn't Captain Tarr leave?",
    }


def test_a_contrast_is_turned_round_unless_the_passage_says_so_too():
    asked = example("What carried the first load?", "ferry")
    (made,) = {asked_of_another(asked, [], random.Random(n)) for n in range(5)}
    assert made.question == "What carried the last load?"
    both = Example("1", asked.question, PASSAGE + " The last one sank.", "", asked.golds)
    assert asked_of_another(both, [], random.Random(1)) is None


def test_a_question_is_negated_unless_the_passage_denies_something():
    asked = example("Who did steer it?", "Ines Tarr")
    (made,) = {asked_of_another(asked, [], random.Random(n)) for n in range(5)}
    assert made.question == "Who didn't steer it?"
    for denial in ("It was not full.", "It wasn't full.", "It never sank."):
        denied = Example("1", asked.question, f"{PASSAGE} {denial}", "", asked.golds)
        assert asked_of_another(denied, [], random.Random(1)) is None


def test_a_question_with_nothing_to_exchange_is_left_alone():
    assert (
        asked_of_another(example("Who sailed?", "Nobody"), ["Ada Low?"], random.Random(1)) is None
    )


def test_a_neighbours_name_or_number_is_taken_from_the_same_passage():
    asked = example("What did the crew of Tarr carry in 1911?", "212")
    made = {asked_of_neighbour(asked, random.Random(n)) for n in range(60)} - {None}
    # 212 is the answer, and "Captain" and "The" begin their sentences.
    names = {"Alma", "Marlhaven", "Orrin", "Ines Tarr"}
    assert {other.question for other in made} <= {
        f"What did the crew of {name} carry in 1911?" for name in names
    }
    assert len(made) >= 2
    assert all(other.golds == asked.golds for other in made)
    assert asked_of_neighbour(example("who left?", "Nobody"), random.Random(0)) is None


def test_a_renamed_example_reads_the_same_with_other_names_and_numbers():
    asked = example("What did Tarr steer to Orrin in 1911?", "The ferry Alma", "212")
    seen = set()
    for seed in range(40):
        made = renamed(asked, ["Quill", "Brae"], random.Random(seed))
        name, number = made.golds
        assert name.text == "The ferry Alma"  # a name in an answer stays
        assert len(number.text) == 3 and number.text[0] == "2"
        for gold in made.golds:
            assert made.context[gold.start : gold.start + len(gold.text)] == gold.text
        year = made.question.split()[-1].rstrip("?")
        assert year[:2] == "19" and f"sailed in {year}." in made.context
        port = made.question.split()[5]
        assert f"steered it to {port}." in made.context
        seen.add((port, year))
    assert {port for port, _ in seen} == {"Orrin", "Quill", "Brae"}
    assert len({year for _, year in seen}) > 10


def test_no_two_things_get_one_name():
    text = "Here Tarr lived in Orrin, while Quill lived in Brae, at 50 and 51."
    asked = Example("1", "Where did Tarr live?", text, "", ())
    for seed in range(100):
        made = renamed(asked, ["Quill", "Tarr", "Lund"], random.Random(seed))
        words = [word.strip(".,") for word in made.context.split()] if made else []
        assert all(words.count(name) <= 1 for name in ("Quill", "Tarr", "Lund"))
        assert len({word for word in words if word.isdigit()}) == (2 if made else 0)


def test_a_number_within_another_is_left_alone():
    text = "In 19 of 1911 runs, 19.5 or 1,911 were late; mark B19 and 19th too."
    asked = Example("1", "How many of 19?", text, "", (Gold("1911", 9),))
    made = renamed(asked, [], random.Random(3))
    assert "mark B19 and 19th too" in made.context
    first = made.context.split()[1]
    assert made.question == f"How many of {first}?"
    assert len(made.context) == len(text)


def test_an_answer_that_ends_within_a_number_is_not_renamed():
    text = "It was in 1911."
    assert renamed(Example("1", "When?", text, "", (Gold("19", 10),)), [], random.Random(1)) is None
    assert renamed(example("Who?"), [], random.Random(1)) is not None
    assert renamed(Example("1", "Who?", "Nobody knows.", "", ()), ["Ada"], random.Random(1)) is None


@given(st.text("aB1 .,é😀", max_size=60), st.data(), st.integers())
def test_renamed_golds_always_stand_where_they_say(context, data, seed):
    golds = ()
    if context:
        start = data.draw(st.integers(0, len(context) - 1))
        end = data.draw(st.integers(start + 1, len(context)))
        golds = (Gold(context[start:end], start),)
    made = renamed(Example("1", "Who?", context, "", golds), ["Quill"], random.Random(seed))
    if made:
        assert len(made.golds) == len(golds)
        for gold in made.golds:
            assert made.context[gold.start : gold.start + len(gold.text)] == gold.text


def test_examples_are_varied_in_every_way_and_some_not_at_all():
    asked = example("What sailed in 1911?", "The first ferry")
    made = [varied(asked, ["Quill"], random.Random(n)) for n in range(200)]
    renaming = sum("1911" not in m.context and "sailed" in m.context for m in made)
    assert 60 < renaming < 140
    assert any(len(m.context) < 40 for m in made)
    assert any(not m.question.endswith("?") for m in made)
    assert asked in made


def test_questions_lose_their_mark_get_slips_or_become_keywords():
    question = "Who steered the ferry to Orrin?"
    typed = {carelessly_typed(question, random.Random(n)) for n in range(200)}
    assert "Who steered the ferry to Orrin" in typed
    assert "Who steered ferry Orrin" in typed
    slips = [t for t in typed if t.endswith("?")]
    assert len(slips) > 5
    assert all(0 <= len(question) - len(t) <= 1 for t in slips)


@pytest.mark.parametrize("question", ["", "?", "Who", "the of?"])
def test_short_questions_survive(question):
    for n in range(30):
        assert isinstance(carelessly_typed(question, random.Random(n)), str)


@given(st.text(max_size=300), st.data(), st.integers())
def test_golds_always_stand_where_they_say(context, data, seed):
    golds = ()
    if context:
        start = data.draw(st.integers(0, len(context) - 1))
        end = data.draw(st.integers(start + 1, len(context)))
        golds = (Gold(context[start:end], start),)
    part = cropped(Example("1", "Who?", context, "", golds), random.Random(seed))
    if part:
        assert len(part.golds) == len(golds)
        for gold in part.golds:
            assert part.context[gold.start : gold.start + len(gold.text)] == gold.text


def test_a_gold_that_ends_between_two_sentences_stays_whole():
    example = Example("1", "Who?", "Ada came. Bob left.", "", (Gold("came. ", 4),))
    for seed in range(20):
        part = cropped(example, random.Random(seed))
        assert [gold.text for gold in part.golds] == ["came. "]
