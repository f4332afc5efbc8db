import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import DatasetError
from qa.squad_form import nearest, read_document

CONTEXT = "The ferry left. A second ferry followed the ferry Alma."
PLACES = [4, 25, 44]  # of "ferry"


def document(*answers: tuple[str, int], impossible: bool = False) -> bytes:
    qas = [
        {
            "id": f"q{number}",
            "question": "What left?",
            "is_impossible": impossible,
            "answers": [{"text": text, "answer_start": start}],
        }
        for number, (text, start) in enumerate(answers, 1)
    ]
    return json.dumps({"data": [{"paragraphs": [{"context": CONTEXT, "qas": qas}]}]}).encode()


def starts(content: bytes, *, repair: bool = False) -> dict[str, list[int]]:
    read = read_document(content, Path("mine.json"), repair=repair)
    qas = read.data[0].paragraphs[0].qas
    return {qa.id: [answer.answer_start for answer in qa.answers] for qa in qas}


def test_the_places_are_those_of_the_context():
    assert [CONTEXT.find("ferry"), CONTEXT.find("ferry", 5), CONTEXT.rfind("ferry")] == PLACES


@pytest.mark.parametrize(
    ("start", "found"), [(4, 4), (0, 4), (14, 4), (15, 25), (40, 44), (999, 44), (-3, 4)]
)
def test_the_nearest_occurrence_is_found(start, found):
    assert nearest(CONTEXT, "ferry", start) == found


def test_words_that_overlap_themselves_are_found_at_every_place():
    assert nearest("aaaa", "aa", 9) == 2
    assert nearest("bcd", "aa", 0) is None


@given(st.text("ab .", max_size=30), st.text("ab .", min_size=1, max_size=3), st.integers(-5, 40))
def test_no_occurrence_is_nearer_than_the_one_found(context, words, start):
    places = [i for i in range(len(context)) if context[i : i + len(words)] == words]
    found = nearest(context, words, start)
    assert found == (min(places, key=lambda place: (abs(place - start), place), default=None))


def test_misplaced_answers_are_counted_and_named():
    content = document(("ferry", 4), ("ferry", 5), ("tram", 0))
    with pytest.raises(DatasetError) as refused:
        starts(content)
    assert str(refused.value) == (
        "mine.json: 2 answers are not at answer_start in the context (of question 'q2', 'q3'): "
        "correct them, or repair them with --repair"
    )


def test_of_many_misplaced_answers_five_are_named():
    with pytest.raises(DatasetError, match=r"9 answers are .*'q4', 'q5' and 4 more\)"):
        starts(document(*[("ferry", 0)] * 9))


def test_repair_moves_answers_and_leaves_out_what_stands_nowhere(caplog):
    content = document(("ferry", 4), ("ferry", 30), ("tram", 0))
    assert starts(content, repair=True) == {"q1": [4], "q2": [25]}
    moved, missing = caplog.messages
    assert moved == (
        "mine.json: 1 answer is not at answer_start; the nearest occurrence is taken "
        "(of question 'q2')"
    )
    assert missing == (
        "mine.json: 1 answer is nowhere in the context and left out (of question 'q3')"
    )


def test_a_question_keeps_its_other_answers():
    content = json.loads(document(("ferry", 4)))
    answers = content["data"][0]["paragraphs"][0]["qas"][0]["answers"]
    answers.append({"text": "tram", "answer_start": 0})
    assert starts(json.dumps(content).encode(), repair=True) == {"q1": [4]}


def test_an_empty_file_is_called_empty():
    with pytest.raises(DatasetError, match=r"mine\.json: is empty"):
        starts(b" \n")


def test_offsets_of_plausible_answers_do_not_matter():
    assert starts(document(("ferry", 1), impossible=True)) == {"q1": [1]}


@pytest.mark.parametrize("start", [0, -1])
def test_an_answer_without_words_is_none(start):
    assert starts(document((" ", start), ("ferry", 4))) == {"q1": [], "q2": [4]}


def test_sound_data_is_repaired_in_silence(caplog):
    assert starts(document(("ferry", 25)), repair=True) == {"q1": [25]}
    assert not caplog.messages


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"[]", "Input should be an object"),
        (b'{"data": [{"paragraphs": [{"qas": []}]}]}', "data.0.paragraphs.0.context"),
        (b'{"data": [{"paragraphs": [{"context": "x", "qas": [{"id": 1}]}]}]}', "qas.0.question"),
        (b"{", "Invalid JSON"),
    ],
)
def test_the_first_wrong_place_is_named(content, place):
    with pytest.raises(DatasetError, match=r"mine\.json: not SQuAD-form JSON") as refused:
        starts(content)
    assert place in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_example_in_the_docs_is_of_this_form():
    docs = Path(__file__).parents[2] / "docs" / "models.md"
    example = docs.read_text().split("```json")[1].split("```")[0]
    document = read_document(example.encode(), docs)
    assert [qa.id for qa in document.data[0].paragraphs[0].qas] == ["1", "2"]
