import json

import pytest

from qa.calibrate import _left_out, calibrate, main
from qa.confidence import Evidence
from qa.errors import DatasetError
from qa.reader import SpanReader
from qa.squad import Example
from qa.types import Span


def test_some_contexts_always_stay_in_the_library():
    examples = [Example(str(i), "Who?", f"Town {i}", "", ()) for i in range(60)]
    left_out = _left_out(examples)
    assert 8 < len(left_out) < 32
    for example in examples:
        assert _left_out([example]) == set()


def test_a_passage_without_spans_is_no_reading(tmp_path):
    class Blind(YearReader):
        def read_pairs(self, pairs):
            return [[] if "Town 7" in passage else self._spans(q, passage) for q, passage in pairs]

    assert calibrate(own_file(tmp_path, 900), Blind(), limit=60).reader_threshold < 6.0


@pytest.mark.parametrize(
    ("data", "limit", "says"),
    [("nowhere.json", 9, "no such file or folder"), ("mine.json", 0, "--limit 1 or more")],
)
def test_what_cannot_be_fitted_on_is_named(tmp_path, data, limit, says):
    own_file(tmp_path, 3)
    with pytest.raises(DatasetError, match=says):
        calibrate(tmp_path / data, SpanReader(), limit=limit)


def test_a_reader_that_is_no_folder_is_named(tmp_path, monkeypatch):
    file = own_file(tmp_path, 3)
    arguments = ["qa.calibrate", "--data", str(file), "--reader", "org/hub-name"]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit, match="org/hub-name: is no folder"):
        main()


def own_file(tmp_path, contexts):
    paragraphs = []
    for i in range(contexts):
        context = f"Town {i} built its bridge in {1000 + i}. It is of stone."
        answers = [{"text": str(1000 + i), "answer_start": context.index(str(1000 + i))}]
        qas = [{"id": f"{i}", "question": f"When did town {i} build it?", "answers": answers}]
        paragraphs.append({"context": context, "qas": qas})
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"data": [{"title": "t", "paragraphs": paragraphs}]}))
    return file


def test_few_questions_of_ones_own_are_refused(tmp_path):
    with pytest.raises(DatasetError, match=r"1 questions were kept .* fitting takes 60"):
        calibrate(own_file(tmp_path, 5), SpanReader(), limit=10)


class YearReader:
    """Finds the year, surely where the question is about this town."""

    def read_pairs(self, pairs):
        return [self._spans(question, passage) for question, passage in pairs]

    def read(self, question, passages):
        return self.read_pairs([(question, passage) for passage in passages])

    @staticmethod
    def _spans(question, passage):
        start = max(passage.find("in 1") + 3, 0)
        town = question.split("town ")[1].split()[0]
        own = f"Town {town} " in passage and start > 3
        return [Span(start, start + 4, 6.0 if own else -3.0, 0.0)]


def test_a_reader_is_calibrated_on_ones_own_questions(tmp_path):
    fitted = calibrate(own_file(tmp_path, 900), YearReader(), limit=60)
    assert -3.0 < fitted.reader_threshold < 6.0
    weight = fitted.evidence.margin
    sure = fitted.confidence(Evidence(6 * weight, 10.0, 0.6))
    unsure = fitted.confidence(Evidence(-3 * weight, 0.0, 0.6))
    assert unsure < fitted.answer_threshold <= sure
