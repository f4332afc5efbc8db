import pytest

from qa.plural import asks_for_several, number_asked


@pytest.mark.parametrize(
    "question",
    [
        "Which countries were the cyclists from?",
        "Which schools closed?",
        "Which forklift drivers got burned?",
        "Which ferry lines kept running?",
        "In which towns did the lights go out?",
        "From which countries did the sailors come?",
        "Which two plans were combined?",
        "What other uses does the lamp have?",
        "What are the names of the brothers?",
        "What are the union's demands in Port Averly?",
        "Who were the winners?",
        "Which people left?",
        "Name the three schools.",
        "List the dead.",
        "Name all of the schools.",
        "Which political parties back the strikers?",
    ],
)
def test_a_plural_asks_for_several(question):
    assert asks_for_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which boss resigned?",
        "Which series was the longest?",
        "Which ferry was the first to leave?",
        "Which university has its own harbour?",
        "Which player went off on crutches?",
        "What causes the light?",
        "What kind of lamps did they sell?",
        "Which of the brothers is older?",
        "What are the dogs from the valley called?",
        "What is the name of the border post?",
        "Name one way to leave.",
        "Name the captain of the ferries.",
        "Which planet has the most moons?",
        "What does she sell?",
        "Which?",
        "",
    ],
)
def test_a_singular_asks_for_one(question):
    assert not asks_for_several(question)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Which three docks were shut?", 3),
        ("What are the two demands?", 2),
        ("Which docks were shut?", None),
        ("Which docks were shut on all of the first two days?", None),
    ],
)
def test_how_many_are_asked_for(question, number):
    assert number_asked(question) == number
