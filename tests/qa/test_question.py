import pytest

from qa.errors import QuestionError
from qa.question import check_question, kind_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who won the cup?", "short"),
        ("How many people were hurt?", "short"),
        ("How old is Ivy Pask?", "short"),
        ("What is the name of the border post?", "short"),
        ("Did the shed have sprinklers?", "yes_no"),
        ("Isn't the bridge closed?", "yes_no"),
        ("Is the mill red or white?", "short"),
        ("Why did the sprinklers fail?", "explain"),
        ("How did the fire start?", "explain"),
        ("Which countries sent help?", "list"),
        ("Which forklift drivers got burned?", "list"),
        ("What schools were shut?", "list"),
        ("What causes the light?", "short"),
        ("Which boss resigned?", "short"),
        ("Name the three schools.", "list"),
    ],
)
def test_the_wording_tells_the_kind(question, kind):
    assert kind_of(question) == kind


def test_white_space_around_a_question_goes():
    assert check_question("  Who?\n") == "Who?"


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "???", "…"])
def test_a_question_without_a_word_is_refused(question):
    with pytest.raises(QuestionError, match="empty"):
        check_question(question)


def test_an_overlong_question_is_refused_with_its_length():
    with pytest.raises(QuestionError, match="20,000 characters"):
        check_question("a" * 20_000)


def test_half_a_surrogate_pair_is_replaced():
    assert check_question("Who\ud800?") == "Who??"
