import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.errors import ResultsError
from eval.ranking import Found, Ranking
from eval.records import AnswerRecord, Asked, ReaderRecord, RetrievalRecord, Scored
from eval.results import Evaluation, Settings, Setup
from eval.written import AnswerLine, Outcome, RankLine, columns, read_run

SETTINGS = Settings(
    task="reader",
    data="dev.json",
    data_sha256="ab" * 32,
    questions=2,
    complete=False,
    unit="context",
    units=1,
    setup=Setup(reader="trial", reader_fingerprint="12ab"),
    abstain="shipped",
    threshold=1.5,
)


def asked(id_: str, *golds: str) -> Asked:
    return Asked(id_, f"What is {id_}?", "short", "ferry.txt", "0", golds)


def reading(id_: str, prediction: str, *golds: str) -> ReaderRecord:
    scored = Scored.against(golds, prediction=prediction, best_guess="Rab")
    return ReaderRecord(asked(id_, *golds), scored, None, None, None, None, "Rab", None)


READ = (reading("1", "Dušanbe, the city", "Dušanbe"), reading("2", ""))


@pytest.fixture
def folder(tmp_path) -> Path:
    Evaluation(SETTINGS, (), READ).write(tmp_path)
    return tmp_path


def test_a_reader_run_is_read_as_it_was_written(folder):
    run = read_run(str(folder))
    assert (run.folder, run.settings) == (folder, SETTINGS)
    assert run.lines == (
        AnswerLine(
            id="1",
            question="What is 1?",
            cluster="0",
            golds=("Dušanbe",),
            prediction="Dušanbe, the city",
            exact_match=0.0,
            f1=pytest.approx(2 / 3),
            lenient_match=1.0,
        ),
        AnswerLine(
            id="2",
            question="What is 2?",
            cluster="0",
            golds=(),
            prediction="",
            exact_match=1.0,
            f1=1.0,
            lenient_match=1.0,
        ),
    )
    assert (run.clusters.unit, run.clusters.keys) == ("context", ("0", "0"))


def test_answers_and_searches_are_read_too(tmp_path):
    scored = Scored.against(["Rab"], prediction="Rab", best_guess="Rab")
    answer = AnswerRecord(asked("1", "Rab"), scored, 0.5, (), 0, 1, 1, None, None, 80.0, 5.0, 75.0)
    Evaluation(replace(SETTINGS, task="answers"), (), (answer,)).write(tmp_path / "answers")
    search = RetrievalRecord(asked("1", "Rab"), Ranking((Found(2, 1), Found(7, 3)), ()), (), None)
    Evaluation(replace(SETTINGS, task="retrieval"), (), (search,)).write(tmp_path / "retrieval")
    assert read_run(tmp_path / "answers").lines[0].outcome == Outcome(1.0, prediction="Rab")
    (found,) = read_run(tmp_path / "retrieval").lines
    assert isinstance(found, RankLine)
    assert found.ranking == search.ranking
    assert found.outcome == Outcome(0.5, ranks=(2, 7))


def test_questions_with_and_without_an_answer_count_in_their_measures(folder):
    with_answer, without = read_run(folder).lines
    assert isinstance(with_answer, AnswerLine) and isinstance(without, AnswerLine)
    assert with_answer.measures() == {
        "exact_match": 0.0,
        "f1": pytest.approx(2 / 3),
        "lenient_match": 1.0,
        "has_answer_exact_match": 0.0,
        "has_answer_f1": pytest.approx(2 / 3),
        "no_answer_accuracy": None,
        "citation_recall": None,
    }
    assert without.measures() == {
        "exact_match": 1.0,
        "f1": 1.0,
        "lenient_match": 1.0,
        "has_answer_exact_match": None,
        "has_answer_f1": None,
        "no_answer_accuracy": 1.0,
        "citation_recall": None,
    }


def searched(*ranks: int, missed: int) -> RankLine:
    found = tuple(Found(rank, 1) for rank in ranks)
    return RankLine(
        id="1", question="?", cluster="0", golds=("Rab",), found=found, missed=(1,) * missed
    )


def test_ranks_make_the_measures_of_retrieval():
    found = columns([searched(3, 15, missed=2), searched(missed=0)])
    assert found["recall_at_20"][0] == 0.5
    assert found["mrr"][0] == pytest.approx(1 / 3)
    assert all(np.isnan(column[1]) for column in found.values())


def test_a_search_without_anything_to_find_has_no_score():
    assert searched(missed=0).outcome == Outcome(None, ranks=())
    assert searched(missed=2).outcome == Outcome(0.0, ranks=())


def test_settings_of_an_earlier_or_later_version_are_read(folder):
    written = json.loads((folder / "settings.json").read_text())
    del written["variant"]
    (folder / "settings.json").write_text(json.dumps({**written, "colour": "blue"}))
    assert read_run(folder).settings == SETTINGS


def test_a_lenient_match_is_read_where_a_line_has_it(folder):
    file = folder / "per_question.jsonl"
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    file.write_text(json.dumps({**lines[0], "lenient_match": 1.0}))
    assert read_run(folder).lines[0].measures()["lenient_match"] == 1.0


def test_a_text_with_odd_line_ends_stays_one_line(tmp_path):
    odd = reading("1", "a\u2028b\x85c\x0cd", "Rab")
    Evaluation(SETTINGS, (), (odd,)).write(tmp_path)
    assert read_run(tmp_path).lines[0].outcome.prediction == "a\u2028b\x85c\x0cd"


def refusal(folder: Path) -> str:
    with pytest.raises(ResultsError) as refused:
        read_run(folder)
    return str(refused.value)


def test_a_missing_folder_is_named(tmp_path):
    assert refusal(tmp_path / "gone") == (
        f"{tmp_path}/gone: no such folder: name a folder that 'footnote eval reader', "
        "'retrieval' or 'answers' wrote"
    )


def test_a_file_is_no_folder(folder):
    assert "metrics.json: is a file: name a folder" in refusal(folder / "metrics.json")


@pytest.mark.parametrize("lacking", ["settings.json", "per_question.jsonl"])
def test_a_folder_without_results_is_named(lacking, folder):
    (folder / lacking).unlink()
    assert refusal(folder).startswith(f"{folder}: holds no {lacking}: name a folder that")


def test_a_folder_of_several_evaluations_names_one_of_them(folder):
    Evaluation(SETTINGS, (), READ).write(folder / "plain")
    (folder / "per_question.jsonl").unlink()
    assert refusal(folder).endswith(f"name one of them, such as {folder / 'plain'}")


def test_a_file_that_cannot_be_read_is_named(folder):
    (folder / "settings.json").unlink()
    (folder / "settings.json").mkdir()
    assert "settings.json: cannot be read (Is a directory)" in refusal(folder)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b'{"task": "reader"', "settings.json: not the settings of an evaluation: Invalid JSON"),
        (b"[]", "Input should be an object"),
        (b"{}", "task: Field required"),
        (b'{"task": "cooking"}', "task: Input should be 'reader', 'retrieval' or 'answers'"),
        (b"\xff", "Invalid JSON"),
    ],
)
def test_broken_settings_are_named(written, said, folder):
    (folder / "settings.json").write_bytes(written)
    assert said in refusal(folder)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b'{"id": "3"', "not a line of 'eval reader': Invalid JSON: EOF while parsing an object"),
        (b'{"id": ', "at column 7: measure again"),
        (b'{"id": "3", "question": "?"}', "cluster: Field required"),
        (b"\xff", "Invalid JSON"),
        (b"null", "not a line of 'eval reader'"),
    ],
)
def test_a_broken_line_is_named_with_its_number(written, said, folder):
    file = folder / "per_question.jsonl"
    file.write_bytes(file.read_bytes() + b"\n" + written)  # after an empty line
    said_of_it = refusal(folder)
    assert said_of_it.startswith(f"{file}, line 4: ")
    assert said in said_of_it
    assert said_of_it.endswith(": measure again")


@pytest.mark.parametrize("f1", ["1.5", "-0.5", "NaN", '"1.0"', "null"])
def test_a_score_is_a_fraction(f1, folder):
    file = folder / "per_question.jsonl"
    file.write_text(file.read_text(encoding="utf-8").replace('"f1": 1.0', f'"f1": {f1}'))
    assert f"{file}, line 2: not a line of 'eval reader': f1: " in refusal(folder)


def test_a_rank_is_counted_from_one(tmp_path):
    search = RetrievalRecord(asked("1", "Rab"), Ranking((Found(0, 1),), ()), (), None)
    Evaluation(replace(SETTINGS, task="retrieval"), (), (search,)).write(tmp_path)
    assert "found.0.rank: Input should be greater than or equal to 1" in refusal(tmp_path)


def test_lines_of_another_task_are_refused(folder):
    written = json.loads((folder / "settings.json").read_text())
    (folder / "settings.json").write_text(json.dumps({**written, "task": "retrieval"}))
    assert "line 1: not a line of 'eval retrieval': found: Field required" in refusal(folder)


def test_an_id_stands_once(tmp_path):
    Evaluation(SETTINGS, (), (*READ, READ[0])).write(tmp_path)
    assert "line 3: '1' stands on an earlier line" in refusal(tmp_path)


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_results_of_no_question_are_refused(content, folder):
    (folder / "per_question.jsonl").write_text(content)
    assert refusal(folder) == f"{folder}/per_question.jsonl: holds no question: measure again"
