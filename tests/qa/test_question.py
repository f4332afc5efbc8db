import pytest

from qa.errors import QuestionError
from qa.question import asks_when, check_question, kind_of


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


@pytest.mark.parametrize(
    "question",
    [
        "When was it built?",
        "when did it end",
        "Since when has it been shut?",
        "In what year did she die?",
        "On which date was it?",
        "What was the date of the vote?",
        "How long ago was that?",
        "The mill closed when?",
    ],
)
def test_a_question_for_a_time_is_told(question):
    assert asks_when(question)


@pytest.mark.parametrize(
    "question",
    [
        "When the king died, who followed?",
        "When did it fall, who was king, and where?",
        "Who was king when it fell?",
        "What happened when the bridge fell?",
        "Who won in May?",
        "Which day's paper was it?",
        "",
    ],
)
def test_a_question_that_only_names_a_time_asks_for_none(question):
    assert not asks_when(question)


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
