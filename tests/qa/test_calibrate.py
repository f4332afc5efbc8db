import json
from dataclasses import replace

import numpy as np
import pytest

from index.types import Hit, Passage
from qa.calibrate import Read, _left_out, best_threshold, calibrate, expected_threshold, fit, main
from qa.confidence import Evidence
from qa.errors import DatasetError
from qa.reader import SpanReader
from qa.squad import Example
from qa.types import Span


def threshold(*rows):
    """Rows of (sureness, score, answerable)."""
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return best_threshold(columns[0].astype(float), columns[1].astype(float), columns[2])


def test_the_threshold_lies_between_right_answers_and_questions_without_one():
    rows = [(0.9, 1, True), (0.8, 1, True), (0.4, 0, False), (0.2, 0, False)]
    assert threshold(*rows) == pytest.approx(0.6)


def test_a_wrong_refusal_is_traded_for_more_right_ones():
    # Answering down to 0.3 gains 1 + 1 and loses one credit for abstaining.
    rows = [(0.9, 1, True), (0.7, 0, False), (0.6, 1, True), (0.3, 1, True), (0.1, 0, False)]
    assert threshold(*rows) == pytest.approx(0.2)


def test_partial_answers_count_for_their_f1():
    assert threshold((0.9, 0.9, True), (0.5, 0, False), (0.4, 0.9, True)) == 0.7


def test_where_answering_never_pays_nothing_is_answered():
    assert threshold((0.9, 0, False), (0.2, 0, False)) > 0.9


def test_where_answering_always_pays_everything_is_answered():
    assert threshold((0.9, 1, True), (0.2, 1, True)) <= 0.2


def test_the_expected_threshold_is_where_answering_begins_to_pay():
    random = np.random.default_rng(5)
    margins = random.uniform(-10, 10, 20_000)
    # Answerable with probability 1 / (1 + e^-(m - 1)), and then always read rightly.
    answerable = random.random(20_000) < 1 / (1 + np.exp(1 - margins))
    found = expected_threshold(margins, answerable.astype(float), answerable)
    assert found == pytest.approx(1.0, abs=0.1)
    # Half right: answering pays where 1.5 p > 1, at p = 2/3.
    half = expected_threshold(margins, answerable / 2, answerable)
    assert half == pytest.approx(1 + np.log(2), abs=0.1)


def test_the_expected_threshold_of_one_kind_of_question_is_the_best_one():
    margins, scores = np.array([1.0, 2.0, -np.inf]), np.array([1.0, 1.0, 0.0])
    assert expected_threshold(margins, scores, np.array([True] * 3)) <= 1.0
    assert expected_threshold(margins, scores * 0, np.array([False] * 3)) > 2.0


def test_where_answers_are_mostly_wrong_nothing_is_answered():
    margins = np.linspace(-5, 5, 200)
    answerable = np.arange(200) % 2 == 0
    assert expected_threshold(margins, answerable / 100, answerable) > 5.0


def read(margin, *, right, dense=0.5):
    """One passage with one span, and whether that is the gold answer."""
    text = f"Ada Low won in {abs(hash(margin)) % 1000}."
    hit = Hit(Passage(f"article {margin}", 0, len(text), text), 1.0, dense, 1.0)
    return Read(("Ada Low",) if right else (), (hit,), ((Span(0, 7, margin, 0.0),),))


def test_a_fitted_confidence_follows_the_share_that_was_right():
    reads = [read(4 + i / 100, right=i % 10 > 0) for i in range(100)]
    reads += [read(-4 - i / 100, right=i % 10 == 0) for i in range(100)]
    fitted = fit(reads, 1.25)
    high, low = (fitted.confidence(Evidence(m, np.inf, 0.5, 1)) for m in (4.5, -4.5))
    assert high == pytest.approx(0.9, abs=0.05)
    assert low == pytest.approx(0.1, abs=0.05)
    assert low < fitted.answer_threshold <= high
    assert fitted.reader_threshold == 1.25
    assert fitted.near_cosine == pytest.approx(0.5)


def test_nothing_can_be_fitted_to_one_kind_of_answer():
    right = [read(i, right=True) for i in range(9)]
    with pytest.raises(DatasetError, match="all of 9 held-out questions were answered rightly"):
        fit(right, 1.0)
    wrong = [replace(r, golds=("Cy Brook",)) for r in right]
    with pytest.raises(DatasetError, match="none of 9 held-out questions were answered rightly"):
        fit(wrong, 1.0)
    with pytest.raises(DatasetError, match="none of 9 held-out questions has an answer"):
        fit([read(i, right=False) for i in range(9)], 1.0)


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
    sure = fitted.confidence(Evidence(6.0, 10.0, 0.6, 1))
    unsure = fitted.confidence(Evidence(-3.0, 0.0, 0.6, 1))
    assert unsure < fitted.answer_threshold <= sure


def test_the_retrieval_weight_is_the_one_that_ranks_best():
    # The right passage is retrieved first, the wrong one read slightly more surely.
    def rival(number):
        right, wrong = (
            Hit(Passage(f"{name}{number}", 0, 8, f"{name} won."), score, 0.5, 1.0)
            for name, score in (("Ada", 1.0), ("Bob", 0.0))
        )
        return Read(("Ada",), (right, wrong), ((Span(0, 3, 1.0, 0.0),), (Span(0, 3, 2.5, 0.0),)))

    unanswerable = [read(-5.0 - i, right=False) for i in range(3)]
    assert fit([rival(i) for i in range(10)] + unanswerable, 0.0).retrieval_weight == 2.0
