import json

import pytest

CONTEXTS = [
    ("a.txt", "Ilse Corbant runs the port of Averly."),
    ("b.txt", "The port of Averly is run by Ilse Corbant."),
]


@pytest.fixture
def data(tmp_path):
    asked = {
        "id": "1",
        "question": "Who runs the port of Averly?",
        "answers": [{"text": "Ilse Corbant", "answer_start": 0}],
        "also": [{"article": "b.txt", "text": "Ilse Corbant"}],
        "conflict": False,
    }
    articles = [
        {"title": name, "article": name, "paragraphs": [{"context": text, "qas": []}]}
        for name, text in CONTEXTS
    ]
    articles[0]["paragraphs"][0]["qas"] = [asked]
    file = tmp_path / "questions.json"
    file.write_text(json.dumps({"version": "v", "data": articles}))
    return file


def test_measures_and_misses_are_printed_and_written(data, tiny_models, tmp_path, footnote):
    out = tmp_path / "out"
    shown = footnote("eval", "agreement", data, "--out", out, *tiny_models)
    assert shown.status == 0, shown.err
    (told,) = [line for line in shown.out.splitlines() if line.startswith("agreements_reported ")]
    assert told.split()[-2:] == ["of", "1"]
    metrics = json.loads((out / "metrics.json").read_text())
    assert metrics["agreements_reported"]["n"] == 1
    assert shown.out.rstrip().endswith(f"written to {out}")
    (line,) = (out / "per_question.jsonl").read_text().splitlines()
    assert json.loads(line)["planted"] == "agreement"
    missed = json.loads(line)["missed"]
    assert ("not reported as it is:" in shown.out) == missed
    assert ("      planted  agreement: Ilse Corbant" in shown.out) == missed


def test_a_missing_file_is_one_clear_line(tmp_path, footnote):
    shown = footnote("eval", "agreement", tmp_path / "none.json", "--out", tmp_path / "out")
    assert (shown.status, shown.out) == (1, "")
    assert shown.err.count("\n") == 1 and "none.json" in shown.err
