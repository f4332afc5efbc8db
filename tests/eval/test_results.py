import json
from dataclasses import dataclass

import pytest

from eval.errors import OutputError
from eval.results import (
    Evaluation,
    Measure,
    Settings,
    Setup,
    ready_file,
    ready_folder,
    write_predictions,
)
from eval.stats import Estimate
from qa.types import Json


@dataclass(frozen=True, slots=True)
class Line:
    """A record of two values."""

    id: str
    prediction: str

    def to_json(self) -> Json:
        return {"id": self.id, "said": self.prediction}


SETTINGS = Settings(
    task="reader",
    data="dev.json",
    data_sha256="ab" * 32,
    questions=2,
    complete=True,
    unit="context",
    units=2,
    setup=Setup(reader="trial", reader_fingerprint="12ab"),
    abstain="never",
)
FOUND = Evaluation(
    SETTINGS,
    (Measure("f1", Estimate(0.5, 0.25, 1.0, 2)),),
    (Line("1", "Dušanbe"), Line("2", "")),
)


def test_metrics_are_written_in_the_form_of_the_contract(tmp_path):
    FOUND.write(tmp_path / "new" / "out")
    written = json.loads((tmp_path / "new" / "out" / "metrics.json").read_text())
    assert written == {"f1": {"value": 0.5, "low": 0.25, "high": 1.0, "n": 2}}


def test_each_question_is_a_line_in_its_order_and_spelling(tmp_path):
    FOUND.write(tmp_path)
    assert (tmp_path / "per_question.jsonl").read_text(encoding="utf-8") == (
        '{"id": "1", "said": "Dušanbe"}\n{"id": "2", "said": ""}\n'
    )


def test_settings_say_what_was_measured_and_how(tmp_path):
    FOUND.write(tmp_path)
    written = json.loads((tmp_path / "settings.json").read_text())
    assert written["reader"] == "trial"
    assert (written["unit"], written["resamples"], written["seed"]) == ("context", 2000, 0)
    assert "setup" not in written


def test_writing_again_replaces_what_was_there(tmp_path):
    FOUND.write(tmp_path)
    Evaluation(SETTINGS, (), FOUND.records[:1]).write(tmp_path)
    assert json.loads((tmp_path / "metrics.json").read_text()) == {}
    assert len((tmp_path / "per_question.jsonl").read_text().splitlines()) == 1


def test_a_measure_is_found_by_its_name():
    assert FOUND["f1"].high == 1.0
    with pytest.raises(KeyError, match="mrr"):
        FOUND["mrr"]


def test_predictions_are_written_in_the_official_form(tmp_path):
    file = tmp_path / "new" / "predictions.json"
    write_predictions(FOUND.records, file)
    assert json.loads(file.read_text(encoding="utf-8")) == {"1": "Dušanbe", "2": ""}


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError, match="taken: cannot be made a folder"):
        ready_folder(tmp_path / "taken")


def test_a_file_that_is_a_folder_is_named(tmp_path):
    with pytest.raises(OutputError, match="is a folder"):
        ready_file(tmp_path)


def test_a_result_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "metrics.json").mkdir()
    with pytest.raises(OutputError, match=r"metrics\.json: cannot be written"):
        FOUND.write(tmp_path)
