import json
from dataclasses import MISSING, fields, replace
from pathlib import Path

import pytest

from eval.agreement import evaluate_agreement, planted
from eval.datasets import Context, DataSet, GoldAnswer, Question
from qa.types import Agreement, Answer, Citation, Claim, Range


def question(name, *, also=(), conflict=False, golds=("nine",)):
    context = Context(f"It was nine, said {name}.", name, f"{name}.txt")
    here = [GoldAnswer(text, f"{name}.txt", 7) for text in golds]
    there = [GoldAnswer(text, "other.txt", None) for text in also]
    return Question(name, f"{name}?", (*here, *there), context, f"{name}.txt", conflict=conflict)


def citation(*, also_in):
    whole = Range(0, 4)
    what = {"article_id": "a", "title": "a", "path": "a.txt", "quote": "nine", "also_in": also_in}
    what |= {"start": 0, "end": 4, "sentence": whole, "passage": whole, "passage_text": "nine"}
    unknown = [field.name for field in fields(Citation) if field.default is MISSING]
    return Citation(**dict.fromkeys(unknown) | what | {"n": 1, "article_sha256": "ab"})


def answer(status, *values, words="nine", citations=()):
    claims = tuple(Claim(value, 1) for value in values)
    answered = status != "none"
    said = words if answered else ""
    return Answer(
        "?", "?", answered, said, 0.9, citations=citations, agreement=Agreement(status, claims)
    )


class Asked:
    def __init__(self, answers):
        self._answers = answers

    def ask(self, question):
        return replace(self._answers[question], question=question)


QUESTIONS = (
    question("told", also=["ten"], conflict=True),
    question("hidden", also=["ten"], conflict=True),
    question("wrong", also=["ten"], conflict=True),
    question("both", also=["nine people"]),
    question("alone"),
    question("made up"),
    question("nothing", golds=()),
)
ANSWERS = {
    "told?": answer("conflict", "nine", "ten"),
    "hidden?": answer("single", "nine"),
    "wrong?": answer("conflict", "a hat", "a coat", words="a hat"),
    "both?": answer("agree", "nine"),
    "alone?": answer("agree", "nine"),
    "made up?": answer("conflict", "nine", "twelve"),
    "nothing?": answer("none"),
}


@pytest.fixture
def found():
    return evaluate_agreement(DataSet(Path("q.json"), "ab", QUESTIONS), Asked(ANSWERS))


def test_what_the_data_plants_is_told_from_other_articles_answers():
    assert [planted(q) for q in QUESTIONS] == ["conflict"] * 3 + ["agreement"] + [None] * 3


def test_shares_are_of_what_was_planted_and_of_what_was_answered(found):
    assert {m.name: (m.estimate.value, m.estimate.n) for m in found.measures} == {
        "conflicts_reported": (pytest.approx(2 / 3), 3),
        "agreements_reported": (1.0, 1),
        "conflicts_reported_if_right": (0.5, 2),
        "agreements_reported_if_right": (1.0, 1),
        "false_conflicts": (pytest.approx(1 / 3), 3),  # of both, alone, made up
        "false_agreements": (0.5, 2),  # of alone, made up
    }
    for measure in found.measures:
        assert 0 <= measure.estimate.low <= measure.estimate.value <= measure.estimate.high <= 1


def test_misses_are_what_was_not_reported_as_planted(found):
    assert [miss.id for miss in found.misses] == ["hidden", "alone", "made up"]
    assert [miss.false_conflict for miss in found.misses] == [False, False, True]


def test_articles_that_copy_one_another_are_to_be_named_not_counted():
    told = answer("single", "nine", citations=(citation(also_in=("b",)),))
    asked = Asked({"both?": told, "alone?": answer("single", "nine")})
    data = DataSet(Path("q.json"), "ab", (QUESTIONS[3], replace(QUESTIONS[3], question="alone?")))
    found = evaluate_agreement(data, asked, voice_of=lambda name: "one voice")
    assert found["copies_reported"] == found["copies_reported_if_right"] == 0.5
    assert [miss.question for miss in found.misses] == ["alone?"]
    assert {m.name for m in found.measures} == {
        "copies_reported",
        "copies_reported_if_right",
        "false_conflicts",
    }


def test_a_third_voice_beside_copies_is_an_agreement():
    asked = question("wire", also=["nine people"])
    third = replace(asked, golds=(*asked.golds, GoldAnswer("nine", "third.txt", None)))
    voices = {"wire.txt": "wire", "other.txt": "wire"}
    assert planted(asked, lambda name: voices.get(name, name)) == "copies"
    assert planted(third, lambda name: voices.get(name, name)) == "agreement"


def test_nothing_planted_leaves_only_what_is_made_up_to_measure():
    data = DataSet(Path("q.json"), "ab", QUESTIONS[4:5])
    measures = evaluate_agreement(data, Asked(ANSWERS)).measures
    shares = {measure.name: measure.estimate.value for measure in measures}
    assert shares == {"false_conflicts": 0.0, "false_agreements": 1.0}


def test_a_limit_and_progress(found):
    seen = []
    data = DataSet(Path("q.json"), "ab", QUESTIONS)
    some = evaluate_agreement(data, Asked(ANSWERS), limit=2, on_progress=lambda *n: seen.append(n))
    assert [outcome.id for outcome in some.outcomes] == ["told", "both"]
    assert seen == [(1, 2), (2, 2)]


def test_results_are_written_whole(found, tmp_path):
    found.write(tmp_path / "out")
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert metrics["conflicts_reported_if_right"]["value"] == 0.5
    lines = (tmp_path / "out" / "per_question.jsonl").read_text().splitlines()
    told = json.loads(lines[0])
    assert (told["id"], told["planted"], told["missed"]) == ("told", "conflict", False)
    assert told["claims"] == [{"value": "nine", "articles": 1}, {"value": "ten", "articles": 1}]
    settings = json.loads((tmp_path / "out" / "settings.json").read_text())
    assert settings == {"task": "agreement", "data": "q.json", "data_sha256": "ab", "questions": 7}
