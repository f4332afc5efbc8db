import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article, Sourced
from qa.suggest import Suggestion, spread, suggestions
from qa.types import Range


def of(text, language="en"):
    title = Sourced("News", "headline")
    return Article(text, title, path="/a.txt", file_sha256="0" * 64, language=language)


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        (
            "Ilse Corbant raised the alarm at the harbour, the clerk said.",
            "Who raised the alarm at the harbour?",
            "Ilse Corbant",
        ),
        (
            "More than 60 aftershocks had been recorded by Sunday evening.",
            "How many aftershocks had been recorded by Sunday evening?",
            "More than 60",
        ),
        ("Eleven people were hurt, two of them badly.", "How many people were hurt?", "Eleven"),
        (
            "About 95,000 people use the trams on a working day.",
            "How many people use the trams on a working day?",
            "About 95,000",
        ),
        (
            "The old mill was sold to the town in June 2011.",
            "When was the old mill sold to the town?",
            "in June 2011",
        ),
        ("The mill closed in 2011, and nobody wept.", "When did the mill close?", "in 2011"),
        (
            "Among them was Ivy Pask, 81, who packed tea in the shed as a girl.",
            "Who packed tea in the shed?",
            "Ivy Pask",
        ),
        (
            "It is too early, said the state mediator, Oddvar Skaarholm.",
            "Who is Oddvar Skaarholm?",
            "the state mediator",
        ),
        (
            "Bo Lind, the harbour master, shook his head.",
            "Who is Bo Lind?",
            "the harbour master",
        ),
        (
            "A storm flooded the lower town on Friday.",
            "What flooded the lower town on Friday?",
            "A storm",
        ),
    ],
)
def test_a_sentence_asks_for_what_it_says(sentence, question, answer):
    text = f"Nothing happened. {sentence}"
    (found,) = suggestions(of(text))
    assert found.question == question
    assert text[found.expected.start : found.expected.end] == answer


@pytest.mark.parametrize(
    "sentence",
    [
        "“Ilse Corbant raised the alarm at the harbour.”",
        "Ilse Corbant raised it.",
        "Ilse Corbant said the alarm was late.",
        "Ilse Corbant found his hat under the stairs.",
        "He raised the alarm at the harbour.",
        "Measurements made in December had shown a pause.",
        "Mediation broke down on Sunday.",
        "Ilse Corbant " + "raised the alarm at the harbour of " * 20,
        "",
    ],
)
def test_what_would_make_no_question_of_its_own_makes_none(sentence):
    assert suggestions(of(sentence)) == []


def test_articles_in_other_languages_are_left_alone():
    text = "Ilse Corbant raised the alarm at the harbour."
    assert suggestions(of(text, language="de")) == []
    assert len(suggestions(of(text, language="en-GB"))) == 1


@given(st.text(max_size=300))
def test_any_text_gives_places_that_stand_in_it(text):
    for found in suggestions(of(text)):
        assert 0 <= found.expected.start < found.expected.end <= len(text)


@pytest.mark.parametrize("piece", ["The a ", "Ada Low, ", "in May 2011 was ", "10 ", "a-"])
def test_a_hostile_sentence_is_soon_done_with(piece):
    assert len(suggestions(of(piece * 4000))) <= 4000


def test_suggestions_of_several_articles_take_turns():
    a, b, c = (Suggestion(name, name, Range(0, 1)) for name in "abc")
    assert list(spread([[a, b], [], [c]])) == [a, c, b]
    assert list(spread([])) == []
