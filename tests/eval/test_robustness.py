import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.datasets import Context, DataSet, GoldAnswer, Question
from eval.robustness import VARIANTS, evaluate_robustness, in_long_documents
from qa.types import Span

TEXTS = ("Ilse Corbant runs Port Averly.", "The ferry sails at noon.", "Corbant likes tea.")


def asked(id_: str, question: str, gold: str, text: str) -> Question:
    context = Context(text, "Ferries", None)
    return Question(id_, question, (GoldAnswer(gold, None, text.index(gold)),), context, "Ferries")


QUESTIONS = (
    asked("1", "Who runs Port Averly?", "Ilse Corbant", TEXTS[0]),
    asked("2", "When does the ferry sail?", "noon", TEXTS[1]),
)
DATA = DataSet(
    Path("dev.json"), "f" * 64, QUESTIONS, tuple(Context(text, "", None) for text in TEXTS)
)


class Pedant:
    """Reads rightly what is typed as it was written, and the first word of the text otherwise."""

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[list[Span]]:
        golds = {q.question: q.golds[0].text for q in QUESTIONS}
        return [[self._span(golds.get(question), text)] for question, text in pairs]

    @staticmethod
    def _span(gold: str | None, text: str) -> Span:
        words = gold or text.split()[0]
        return Span(text.index(words), text.index(words) + len(words), 1.0, 0.0)


def test_each_variant_gives_its_drop():
    found = evaluate_robustness(DATA, Pedant(), abstain="never")
    assert found.plain["f1"].value == 1.0
    drops = {varied.name: varied.drop.value for varied in found.variants}
    # The first word of the first text is half of its answer, that of the second no answer.
    lost = pytest.approx(1 - (2 / 3) / 2)
    assert drops == {
        "lower_case": lost,
        "typo": lost,
        "no_question_mark": lost,
        "keywords": lost,
        "long_document": 0.0,
    }


def test_a_drop_has_the_interval_of_paired_differences(tmp_path):
    found = evaluate_robustness(DATA, Pedant(), abstain="never")
    written = found.to_json()
    drop = written["f1_drop_typo"]
    assert (drop["low"], drop["high"]) == (pytest.approx(1 / 3), 1.0)
    assert written["f1_typo"]["value"] == pytest.approx(1 / 3)
    found.write(tmp_path)
    assert json.loads((tmp_path / "metrics.json").read_text()) == written
    lines = (tmp_path / "keywords" / "per_question.jsonl").read_text().splitlines()
    assert [json.loads(line)["question"] for line in lines] == [
        "Who runs Port Averly",
        "When ferry sail",
    ]


def test_progress_counts_all_variants():
    told = []
    evaluate_robustness(
        DATA, Pedant(), abstain="never", on_progress=lambda done, total: told.append((done, total))
    )
    total = 2 * (1 + len(VARIANTS))
    assert told == [(done, total) for done in range(1, total + 1)]


def test_stopping_gives_no_half_comparison():
    def stop(done: int, total: int | None) -> None:
        if done == 3:  # the first of two questions in the first variant
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate_robustness(DATA, Pedant(), abstain="never", on_progress=stop)


def test_settings_say_how_the_questions_were_changed(tmp_path):
    found = evaluate_robustness(DATA, Pedant(), abstain="never")
    found.write(tmp_path)
    written = {
        file.parent.name: json.loads(file.read_text())["variant"]
        for file in tmp_path.glob("*/settings.json")
    }
    assert written == {"plain": None} | {name: name for name in VARIANTS}
    assert json.loads((tmp_path / "settings.json").read_text())["data"] == "dev.json"


def test_long_documents_hold_each_answer_where_they_say_and_nowhere_else():
    others = tuple(Context(f"Text {i} about trams.", "", None) for i in range(40))
    data = DataSet(DATA.path, DATA.sha256, QUESTIONS, (*DATA.contexts, *others))
    starts = set()
    for question in in_long_documents(data, words=60).questions:
        text = question.context.text
        (gold,) = question.golds
        assert text[gold.start :].startswith(gold.text)
        assert text.count(gold.text) == 1
        assert 60 <= len(text.split()) < 70
        starts.add(gold.start)
    assert len(starts) == 2 and max(starts) > 30


def test_a_text_that_holds_the_answer_too_is_left_out_of_the_document():
    noon = Context("Lunch is at NOON.", "", None)
    data = DataSet(DATA.path, DATA.sha256, QUESTIONS[1:], (*DATA.contexts, noon))
    (question,) = in_long_documents(data).questions
    assert "NOON" not in question.context.text
    assert all(text in question.context.text for text in TEXTS)


def test_a_question_without_an_answer_stays_apart_from_its_own_article(caplog):
    lacking = Question("3", "Who sold it?", (), Context(TEXTS[0], "Ferries", None), "Ferries")
    contexts = (Context(TEXTS[1], "Ferries", None), Context(TEXTS[2], "Tea", None))
    data = DataSet(DATA.path, DATA.sha256, (lacking,), contexts)
    (question,) = in_long_documents(data).questions
    assert TEXTS[2] in question.context.text
    assert TEXTS[1] not in question.context.text
    (line,) = caplog.messages
    assert line.startswith("1 of 1 long documents have fewer than 2000 words")


def test_the_same_data_makes_the_same_variants():
    for vary in VARIANTS.values():
        assert vary(DATA) == vary(DATA)
