import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.library import Library
from index.types import Passage
from ui.cli import app

SQUAD = {
    "data": [
        {
            "title": "Port_Averly",
            "paragraphs": [
                {
                    "context": "Ilse Corbant runs the port of Averly.",
                    "qas": [
                        {
                            "id": "1",
                            "question": "Who runs the port of Averly?",
                            "answers": [{"text": "Ilse Corbant", "answer_start": 0}],
                        },
                        {
                            "id": "2",
                            "question": "Who bought the port?",
                            "is_impossible": True,
                            "answers": [],
                        },
                    ],
                },
                {"context": "Reindeer graze on the northern fells.", "qas": []},
            ],
        }
    ]
}


def evaluate(*arguments):
    return CliRunner().invoke(app, ["eval", *map(str, arguments)])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "dev.json"
    file.write_text(json.dumps(SQUAD))
    return file


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_reader_prints_measures_and_settings_and_writes_them(data, tiny_reader, tmp_path):
    out, predictions = tmp_path / "out", tmp_path / "predictions.json"
    arguments = ["reader", data, "--out", out, "--predictions", predictions]
    arguments += ["--abstain", "never", "--reader", tiny_reader]
    result = evaluate(*arguments)
    assert result.exit_code == 0, result.output
    measured = json.loads((out / "metrics.json").read_text())
    assert measured["exact_match"]["n"] == 2
    assert measured["no_answer_accuracy"] == {"value": 0.0, "low": 0.0, "high": 0.0, "n": 1}
    records = lines(out / "per_question.jsonl")
    assert json.loads(predictions.read_text()) == {r["id"]: r["prediction"] for r in records}
    assert f"f1 {measured['f1']['value']:.3f}" in " ".join(result.stdout.split())
    assert f"reader: {tiny_reader.name}" in result.stdout
    assert "abstain: never" in result.stdout
    assert "2000 resamples of 1 contexts" in result.stdout


def test_reader_writes_a_page_of_it_beside_the_numbers(data, tiny_reader, tmp_path):
    out = tmp_path / "out"
    result = evaluate("reader", data, "--out", out, "--reader", tiny_reader)
    assert result.exit_code == 0, result.output
    assert "Who runs the port of Averly?" in (out / "report.html").read_text(encoding="utf-8")
    assert (out / "figures" / "f1_by_group.svg").exists()


def test_reader_prints_the_breakdown(data, tiny_reader, tmp_path):
    result = evaluate("reader", data, "--out", tmp_path / "out", "--reader", tiny_reader)
    printed = " ".join(result.stdout.split())
    assert "question_word who 2" in printed
    assert "answer_words no answer 1" in printed
    assert (tmp_path / "out" / "breakdown.json").exists()


@pytest.fixture
def misplaced(data):
    document = json.loads(data.read_text())
    document["data"][0]["paragraphs"][0]["qas"][0]["answers"][0]["answer_start"] = 3
    data.write_text(json.dumps(document))
    return data


def test_misplaced_answers_are_refused_in_one_line(misplaced, tiny_reader, tmp_path):
    result = evaluate("reader", misplaced, "--out", tmp_path / "out", "--reader", tiny_reader)
    assert result.exit_code == 1
    assert "1 answer is not at answer_start" in result.stderr
    assert "--repair" in result.stderr


def test_misplaced_answers_are_repaired_if_asked(misplaced, tiny_reader, tmp_path):
    out = tmp_path / "out"
    result = evaluate("reader", misplaced, "--out", out, "--reader", tiny_reader, "--repair")
    assert result.exit_code == 0, result.output
    assert json.loads((out / "metrics.json").read_text())["has_answer_f1"]["n"] == 1


def test_robustness_prints_and_writes_each_drop(data, tiny_reader, tmp_path):
    out = tmp_path / "out"
    arguments = ["robustness", data, "--out", out, "--reader", tiny_reader, "--abstain", "never"]
    result = evaluate(*arguments)
    assert result.exit_code == 0, result.output
    measured = json.loads((out / "metrics.json").read_text())
    printed = " ".join(result.stdout.split())
    for name in ("lower_case", "typo", "no_question_mark", "keywords", "long_document"):
        value, drop = measured[f"f1_{name}"]["value"], measured[f"f1_drop_{name}"]["value"]
        assert f"{name.replace('_', ' ')} {value:.3f} {drop:.3f}" in printed
        assert (out / name / "per_question.jsonl").exists()
    # The default vocabulary is uncased: nothing is lost.
    assert measured["f1_drop_lower_case"]["value"] == 0.0


def test_retrieval_without_a_library_searches_the_contexts_of_the_data(data, tmp_path):
    out = tmp_path / "out"
    result = evaluate("retrieval", str(data), "--out", str(out))
    assert result.exit_code == 0, result.output
    assert json.loads((out / "metrics.json").read_text())["mrr"]["value"] == 1.0
    first = lines(out / "per_question.jsonl")[0]
    assert first["ranks"] == [1]
    assert len(first["hits"]) == 2  # both contexts are in the library
    assert "library: made of the contexts of the data" in result.stdout


def test_retrieval_takes_a_folder_in_beir_form(tmp_path):
    (tmp_path / "beir" / "qrels").mkdir(parents=True)
    (tmp_path / "beir" / "corpus.jsonl").write_text('{"_id": "d1", "text": "Reindeer graze."}\n')
    (tmp_path / "beir" / "queries.jsonl").write_text('{"_id": "q1", "text": "Who grazes?"}\n')
    (tmp_path / "beir" / "qrels" / "dev.tsv").write_text("q\tc\ts\nq1\td1\t2\n")
    arguments = ["retrieval", tmp_path / "beir", "--out", tmp_path / "out"]
    result = evaluate(*arguments, "--split", "dev")
    assert result.exit_code == 0, result.output
    measured = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert measured["ndcg_at_10"]["value"] == measured["map_at_20"]["value"] == 1.0
    result = evaluate(*arguments, "--split", "test")
    assert result.exit_code == 1 and "choose --split of: dev" in result.stderr


def test_a_split_is_for_a_folder(data, tmp_path):
    result = evaluate("retrieval", data, "--out", tmp_path / "out", "--split", "dev")
    assert result.exit_code == 2
    assert "BEIR" in result.output


def test_wrong_answers_are_printed_by_where_they_went_wrong(data, tiny_reader, tmp_path):
    arguments = ["reader", data, "--out", tmp_path / "out", "--reader", tiny_reader]
    result = evaluate(*arguments, "--abstain", "never")
    assert "answered unanswerable 1 0.500" in " ".join(result.stdout.split())


def test_answers_are_measured_on_the_whole_way_from_question_to_citation(
    data, tiny_reader, tmp_path
):
    out = tmp_path / "out"
    arguments = ["answers", data, "--out", out, "--reader", tiny_reader]
    result = evaluate(*arguments)
    assert result.exit_code == 0, result.output
    measured = json.loads((out / "metrics.json").read_text())
    assert measured["no_answer_accuracy"]["value"] == 0.0  # it is sure of everything
    assert measured["latency_ms_p95"]["value"] >= measured["latency_ms_p50"]["value"] > 0.0
    first = lines(out / "per_question.jsonl")[0]
    assert first["prediction"] == first["citations"][0]["quote"]
    assert first["citations"][0]["title"] == "Port Averly"
    assert {"citation_precision", "ece", "brier"} <= measured.keys()


def test_the_shipped_way_to_abstain_uses_the_threshold_beside_the_weights(
    data, tiny_reader, tmp_path
):
    arguments = ["reader", str(data), "--out", str(tmp_path), "--reader", str(tiny_reader)]
    result = evaluate(*arguments)
    assert "abstain: shipped, threshold -99.000" in result.stdout
    assert json.loads((tmp_path / "settings.json").read_text())["threshold"] == -99.0


@pytest.mark.parametrize("command", ["reader", "retrieval", "answers"])
def test_missing_data_is_one_line_on_stderr(command, tmp_path):
    result = evaluate(command, "gone.json", "--out", str(tmp_path))
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "gone.json: cannot be read" in result.stderr
    assert result.stdout == ""


def test_a_place_that_cannot_hold_results_is_refused_before_measuring(data):
    result = evaluate("reader", str(data), "--out", str(data))
    assert result.exit_code == 1
    assert "dev.json: cannot be made a folder" in result.stderr


@pytest.mark.parametrize("command", ["retrieval", "answers"])
def test_a_missing_library_is_named(command, data, tmp_path):
    arguments = [command, str(data), "--out", str(tmp_path), "--library", str(tmp_path / "none")]
    result = evaluate(*arguments)
    assert result.exit_code == 1
    assert "no library at" in result.stderr


@pytest.mark.parametrize(
    "wrong", [["--limit", "0"], ["--abstain", "often"], ["--no-such-option"], []]
)
def test_wrong_usage_is_status_two(wrong, data, tmp_path):
    out = ["--out", str(tmp_path)] if wrong else []
    assert evaluate("reader", str(data), *out, *wrong).exit_code == 2


@pytest.fixture
def gold(tiny_library, first_report) -> Path:
    """A library with one item that has an answer and one that has none."""
    start = first_report.text.index("Ilse Corbant")
    with Library.open(tiny_library) as library:
        master = Passage(first_report.id, start, start + 12, "Ilse Corbant")
        library.add_gold("Who is the harbour master?", [master])
        library.add_gold("Who owns the ferry?", [])
    return tiny_library


def test_gold_items_are_asked_of_their_library(gold, tiny_models, tmp_path):
    out = tmp_path / "out"
    result = evaluate("answers", "--gold", "--library", gold, "--out", out, *tiny_models)
    assert result.exit_code == 0, result.output
    records = lines(out / "per_question.jsonl")
    assert [(r["question"], r["golds"]) for r in records] == [
        ("Who is the harbour master?", ["Ilse Corbant"]),
        ("Who owns the ferry?", []),
    ]
    settings = json.loads((out / "settings.json").read_text())
    assert (settings["data"], settings["library"]) == ("gold", str(gold))


def test_gold_items_are_those_of_the_usual_library(gold, tiny_models, tmp_path, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_LIBRARY", str(gold))
    result = evaluate("answers", "--gold", "--out", tmp_path / "out", *tiny_models)
    assert result.exit_code == 0, result.output
    assert "data: gold (sha256 " in result.stdout


def test_a_library_without_gold_items_says_how_to_add_one(tiny_library, tmp_path):
    arguments = ["answers", "--gold", "--library", tiny_library, "--out", tmp_path / "out"]
    result = evaluate(*arguments)
    assert result.exit_code == 1
    assert "holds no gold items: add one with 'footnote gold add QUESTION" in result.stderr
    assert not (tmp_path / "out").exists()


def test_what_falls_below_its_minimum_fails_after_all_is_written(data, tiny_reader, tmp_path):
    out = tmp_path / "out"
    arguments = ["reader", data, "--out", out, "--reader", tiny_reader, "--abstain", "never"]
    minimums = ["--min", "no_answer_accuracy=0.5", "--min", "f1=0"]
    result = evaluate(*arguments, *minimums)
    assert result.exit_code == 1
    assert result.stderr == "footnote: no_answer_accuracy is 0.000, below 0.5\n"
    assert f"written to {out}" in result.stdout
    assert (out / "metrics.json").exists()
    assert evaluate(*arguments, "--min", "f1=0").exit_code == 0


def test_retrieval_has_minimums_too(data, tmp_path):
    arguments = ["retrieval", data, "--out", tmp_path / "out"]
    assert evaluate(*arguments, "--min", "mrr=1", "--min", "success_at_1=1").exit_code == 0


@pytest.mark.parametrize("minimum", ["f2=0.7", "f1", "f1=70", "ece=0.1"])
def test_a_wrong_minimum_is_refused_before_anything_is_run(minimum, data, tmp_path):
    out = tmp_path / "out"
    assert evaluate("reader", data, "--out", out, "--min", minimum).exit_code == 2
    assert not out.exists()
