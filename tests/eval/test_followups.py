import json
from pathlib import Path

import pytest

from eval.followups import (
    DialogueForm,
    TopicForm,
    evaluate_dialogues,
    evaluate_rewritings,
    read_followups,
)
from index.embed import open_encoder
from index.ingest import find_files, read_files
from index.library import Library
from index.sample import SAMPLE_FOLDERS
from qa.assistant import Assistant
from qa.errors import DatasetError, QuestionError
from qa.types import Answer

DATA = Path(__file__).parents[2] / "eval" / "data"
TARGET = 0.80  # share of follow-ups to be answered as well as their stand-alone form


class Scripted:
    """Answers by what is asked, and rewrites a question only after others."""

    def __init__(self, answers, rewritings):
        self.answers, self.rewritings, self.asked = answers, rewritings, []

    def ask(self, question, *, history=()):
        self.asked.append((question, len(history)))
        if question == "?":
            raise QuestionError("empty")
        understood = self.rewritings.get(question, question) if history else question
        text = self.answers.get(understood, "")
        return Answer(question, understood, answered=bool(text), answer=text, confidence=0.5)


def dialogue(id_, *turns):
    forms = [{"asked": a, "alone": b, "answers": answers} for a, b, answers in turns]
    return DialogueForm.model_validate({"id": id_, "turns": forms})


MAYOR = ("Who is the mayor?", "Who is the mayor?", ["Ada Low"])
DIALOGUES = [
    dialogue("d1", MAYOR, ("How old is she?", "How old is Ada Low?", ["51"])),
    dialogue("d2", MAYOR, ("And the clerk?", "Who is the clerk?", ["Bo Ek"]),
             ("Where does he live?", "Where does Bo Ek live?", [])),
]  # fmt: skip
ANSWERS = {"How old is Ada Low?": "51", "Who is the clerk?": "Bo Ek", "Who is the mayor?": "Ada"}
REWRITINGS = {"How old is she?": "How old is Ada Low?", "And the clerk?": "Who is a clerk there?"}


def test_each_follow_up_is_compared_with_its_stand_alone_form_and_itself():
    assistant = Scripted(ANSWERS, REWRITINGS)
    found = evaluate_dialogues(DIALOGUES, assistant)
    first, second, third = found.records
    assert (first.id, first.understood, first.answer) == ("d1-2", "How old is Ada Low?", "51")
    assert (first.f1, first.f1_alone, first.f1_unchanged) == (1.0, 1.0, 0.0)
    assert (second.answer, second.answer_alone) == ("", "Bo Ek")
    assert second.missed and not first.missed
    assert (third.f1, third.f1_alone) == (1.0, 1.0)  # nothing is what the articles say
    assert found.misses == (second,)
    value = {name: estimate.value for name, estimate in found.measures.items()}
    assert value["as_good_as_alone"] == pytest.approx(2 / 3)
    assert value["unchanged_as_good_as_alone"] == pytest.approx(1 / 3)
    assert value["f1"] == pytest.approx(2 / 3)
    assert value["f1_alone"] == 1.0
    assert assistant.asked[:4] == [
        ("Who is the mayor?", 0),
        ("How old is she?", 1),
        ("How old is Ada Low?", 0),
        ("How old is she?", 0),
    ]


def test_a_question_that_cannot_be_asked_counts_as_not_answered():
    turns = dialogue("d", MAYOR, ("?", "Who is the clerk?", ["Bo Ek"]))
    (record,) = evaluate_dialogues([turns], Scripted(ANSWERS, {})).records
    assert (record.answer, record.f1) == ("", 0.0)


def test_progress_counts_turns():
    seen = []
    evaluate_dialogues(
        DIALOGUES, Scripted({}, {}), on_progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(n, 5) for n in range(1, 6)]


def test_without_articles_the_rewriting_is_compared_word_by_word():
    topic = TopicForm.model_validate({"topic": 1, "turns": [
        {"asked": "What is gout?", "alone": "What is gout?"},
        {"asked": "Is it treatable?", "alone": "Is gout treatable?"},
        {"asked": "What is cholera?", "alone": "What is cholera?"},
    ]})  # fmt: skip
    found = evaluate_rewritings([topic])
    gout, cholera = found.records
    assert (gout.understood, gout.rewriting_f1) == ("Is gout treatable?", 1.0)
    assert gout.unchanged_f1 == pytest.approx(2 / 3)  # is, treatable of is, it, treatable
    assert cholera.understood == cholera.asked
    assert found.measures["stand_alone_kept"].value == 1.0
    assert "f1" not in found.measures


def test_both_forms_are_read(tmp_path):
    file = tmp_path / "d.json"
    turns = [{"asked": "Who?", "alone": "Who?"}]
    file.write_text(json.dumps([{"topic": 7, "turns": turns}]))
    assert [topic.topic for topic in read_followups(file)] == ["7"]
    file.write_text(json.dumps({"articles": "blind", "dialogues": [{"id": 1, "turns": turns}]}))
    assert read_followups(file).articles == "blind"


@pytest.mark.parametrize(
    "text",
    ["", "[", "[7]", "[]", "{}", '{"dialogues": [{"id": "a", "turns": []}]}', "[" * 100_000,
     '{"version": "2", "dialogues": []}'],
)  # fmt: skip
def test_another_form_is_one_line_that_names_the_file(text, tmp_path):
    (tmp_path / "d.json").write_text(text)
    with pytest.raises(DatasetError, match=r"d\.json") as refused:
        read_followups(tmp_path / "d.json")
    assert "\n" not in str(refused.value)


def test_results_are_written_as_those_of_other_evaluations(tmp_path):
    evaluate_dialogues(DIALOGUES, Scripted(ANSWERS, REWRITINGS)).write(tmp_path / "out")
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert metrics["f1_alone"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 3}
    lines = (tmp_path / "out" / "per_question.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["d1-2", "d2-2", "d2-3"]


def test_the_open_dialogues_are_what_they_say():
    data = read_followups(DATA / "followups_sample.json")
    assert len(data.dialogues) >= 34
    assert len({d.id for d in data.dialogues}) == len(data.dialogues)
    names = {file.name for file in SAMPLE_FOLDERS[0].iterdir()}
    for each in data.dialogues:
        assert 2 <= len(each.turns) <= 3
        assert each.turns[0].asked == each.turns[0].alone
        assert {turn.article for turn in each.turns} <= names


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["followups_sample.json", "followups_blind.json"])
def test_follow_ups_are_answered_as_well_as_their_stand_alone_form(name, tmp_path):
    if not (DATA / name).is_file():
        pytest.skip(f"there is no {name}")
    data = read_followups(DATA / name)
    folder = SAMPLE_FOLDERS[data.articles == "blind"]
    files, _ = find_files([folder])
    articles = [article for read in read_files(files) for article in read.articles]
    with Library.open(tmp_path / "library", create=True) as library, library.adding():
        library.add(articles, open_encoder())
    with Assistant.open(tmp_path / "library") as assistant:
        found = evaluate_dialogues(data.dialogues, assistant)
    told = [
        f"{m.asked} -> {m.understood}: {m.answer!r}, not {m.answer_alone!r}" for m in found.misses
    ]
    assert found.measures["as_good_as_alone"].value >= TARGET, "\n".join(told)
