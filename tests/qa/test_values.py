import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.moments import Moment
from qa.quantities import Quantity
from qa.values import Name, Score, Words, read_value, relation, telling


def read(question, text, words=None):
    start = text.index(words or text)
    return read_value(question, text, start, start + len(words or text))


def related(question, one, other):
    first, second = read(question, one), read(question, other)
    assert relation(first, second) == relation(second, first)
    return relation(first, second)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Mr. Gochli", "Mohammad Nabi Gochli", "same"),
        ("Desmond Tarling", "Des Tarlin", "same"),
        ("Prof. Aila Renquist", "Aila Renquist's", "same"),
        ("J. Ordway", "Jonas Ordway", "same"),
        ("Zoë Märtens", "Zoe Martens", "same"),
        ("the mayor, Ilse Corbant", "Ilse Corbant", "same"),
        ("Night watchman Des Tarlin", "Desmond Tarling", "same"),
        ("the chemist Ilse Corbant", "pump attendant Pavel Stanhope", "differs"),
        ("the mayor of Port Averly", "Pavel Stanhope", "unrelated"),
        ("Ilse Corbant", "Pavel Stanhope", "differs"),
        ("Ilse Corbant", "Pavel Corbant", "unrelated"),  # perhaps another of that name
        ("Corbant", "Stanhope", "unrelated"),
    ],
)
def test_persons_are_told_by_their_names_without_titles(one, other, found):
    assert related("Who was it?", one, other) == found


def test_places_may_lie_within_one_another_and_never_differ():
    assert related("Where was it?", "the Sabuli Stadium", "Sabuli Stadium") == "same"
    assert related("Where was it?", "Port Averly", "Northmark") == "unrelated"


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("8-5", "5–8", "same"),
        ("8-5", "eight votes to five", "same"),
        ("8-5", "eight to four", "differs"),
        ("3-2 after extra time", "3-2", "same"),
    ],
)
def test_scores_are_exact_from_whichever_side(one, other, found):
    assert related("What was the final score?", one, other) == found


def test_a_score_may_be_told_by_its_margin():
    question = "By what margin was it voted down?"
    assert related(question, "It lost by 21 votes to 27", "by six votes") == "same"
    assert related(question, "It lost by 21 votes to 27", "by 27 votes") == "unrelated"


def test_ten_to_one_in_the_morning_is_no_score():
    found = read(
        "How did they vote?", "It was ten to one in the morning when they voted", "ten to one"
    )
    assert not isinstance(found, Score)


def test_texts_agree_by_their_telling_words_or_say_nothing():
    assert related("Why?", "a faulty charger", "because of the faulty old charger") == "same"
    assert related("Why?", "a faulty charger", "lightning") == "unrelated"


def test_the_question_decides_what_kind_of_value_is_read():
    assert isinstance(read("How many came in 1911?", "1911"), Quantity)
    assert isinstance(read("When was it built?", "1911"), Moment)
    assert isinstance(read("On which day was it built?", "Friday"), Moment)
    assert isinstance(read("How much was lost when it burned?", "40 tonnes"), Quantity)
    assert isinstance(read("Who called when it burned?", "Ilse Corbant"), Name)
    assert isinstance(read("What burned?", "the old shed"), Words)


def test_an_age_is_one_of_years_and_what_is_counted_has_no_unit():
    age = read("How old is Dane Whitlock?", "the driver, 19, was held", "19")
    assert relation(age, read("How old is he?", "the 19-year-old", "19-year-old")) == "same"
    assert (
        relation(age, read("How old is he?", "EIGHTEEN years old", "EIGHTEEN years")) == "differs"
    )
    assert relation(age, read("What is his age?", "born in 1971.", "1971")) == "unrelated"
    count = read("How many were held?", "it took 19.", "19")
    assert relation(count, read("How many were held?", "20 hours", "20 hours")) == "unrelated"


def test_of_two_counts_the_one_asked_for_is_read():
    found = read(
        "How many people are missing?", "Some said 23 dead and 41 missing.", "23 dead and 41"
    )
    assert found == read("How many people are missing?", "Some said 41 missing.", "41")


def test_values_of_different_kinds_are_unrelated():
    assert relation(Score(3, 2), Name(("ilse",), person=True)) == "unrelated"


def test_a_small_count_may_come_by_chance_and_a_name_hardly():
    assert not telling(read("How many?", "four"))
    assert not telling(Score(3, 2))
    assert telling(read("Who?", "Ilse Corbant"))


QUESTIONS = st.sampled_from(["How many?", "When?", "Who?", "Where?", "Why?", "What was the score?"])
TEXTS = st.text(max_size=30) | st.sampled_from(
    ["17", "about 20 km", "3-2", "Ilse Corbant", "Corbant", "Friday", "1911", "a dozen", "half"]
)


@given(QUESTIONS, TEXTS, TEXTS)
def test_it_does_not_matter_which_is_compared_with_which(question, one, other):
    first = read_value(question, one, 0, len(one))
    second = read_value(question, other, 0, len(other))
    assert relation(first, second) == relation(second, first)


@given(QUESTIONS, TEXTS)
def test_nothing_differs_from_itself(question, text):
    value = read_value(question, text, 0, len(text))
    assert relation(value, value) != "differs"
