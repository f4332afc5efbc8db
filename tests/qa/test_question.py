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
        ("Is it true that the bridge is closed?", "yes_no"),
        ("The bridge is closed, isn't it?", "yes_no"),
        ("The bridge is closed, right?", "yes_no"),
        ("Did anybody die or get hurt?", "yes_no"),
        ("Did it take two or three days?", "yes_no"),
        ("Is the bridge closed or not?", "yes_no"),
        ("Did Low or Marsh win?", "short"),
        ("Can you tell me who won?", "short"),
        ("Can you tell me whether they won?", "yes_no"),
        ("Can you tell me, please, who won?", "short"),
        ("Could you explain why it shut?", "explain"),
        ("Do you know when it opened?", "short"),
        ("Do the articles say which towns were hit?", "list"),
        ("I would like to know how it works", "short"),
        ("I'd like to know why it shut", "explain"),
        ("And did it open again?", "yes_no"),
        ("So why did it shut?", "explain"),
        ("Do you know the way?", "yes_no"),
        ("What caused the fire?", "explain"),
        ("What was the reason for the delay?", "explain"),
        ("Can you?", "yes_no"),
        ("Please", "short"),
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
