import json

import pytest

from eval.card import main
from qa.reader import SpanReader

TEXT = "Ilse Corbant runs the port of Averly."


def write(folder, name, *, impossible):
    folder.mkdir(exist_ok=True)
    qas = [
        {
            "id": "1",
            "question": "Who runs the port of Averly?",
            "answers": [{"text": "Ilse Corbant", "answer_start": 0}],
        }
    ]
    if impossible:
        qas.append({"id": "2", "question": "Why?", "is_impossible": True, "answers": []})
    paragraphs = [{"context": TEXT, "qas": qas}]
    file = folder / f"{name}.json"
    file.write_text(json.dumps({"data": [{"title": "t", "paragraphs": paragraphs}]}))


def measured(tmp_path):
    main(["--data", str(tmp_path / "dev"), "--out", str(tmp_path / "out")])
    return (tmp_path / "out" / "card.md").read_text()


def test_each_set_gets_the_rows_that_its_questions_allow(tmp_path):
    write(tmp_path / "dev", "squad11", impossible=False)
    write(tmp_path / "dev", "squad20", impossible=True)
    printed = measured(tmp_path)
    assert f"weights `{SpanReader().fingerprint}`" in printed
    rows = [line.split(" | ")[:3] for line in printed.splitlines() if line.startswith("| squad")]
    assert ["| squad11", "never", "1"] in rows
    assert ["| squad20", "shipped", "2"] in rows
    assert ["| squad20", "best", "2"] in rows
    assert "| lower case | " in printed
    assert "| question word: who | 1 | " in printed
    assert (tmp_path / "out" / "squad20" / "metrics.json").exists()
    assert (tmp_path / "out" / "robustness" / "typo" / "metrics.json").exists()


def test_without_the_set_for_drops_there_are_none(tmp_path):
    write(tmp_path / "dev", "mine", impossible=False)
    assert "drop" not in measured(tmp_path)


def test_a_folder_without_questions_is_named(tmp_path):
    with pytest.raises(SystemExit, match=r"holds no \.json"):
        measured(tmp_path)
