import json
from fractions import Fraction

import pytest

from qa.calibrate import _evenly, _left_out, _of_news, _small, calibrate, main, read_questions
from qa.confidence import Evidence
from qa.errors import DatasetError
from qa.events_data import Asked, Event, Report
from qa.reader import SpanReader
from qa.squad import Example, Gold
from qa.types import Span


def test_some_contexts_always_stay_in_the_library():
    examples = [Example(str(i), "Who?", f"Town {i}", "", ()) for i in range(60)]
    left_out = _left_out(examples)
    assert 4 < len(left_out) < 24
    for example in examples:
        assert _left_out([example]) == set()


def asked_about(*texts, times=1):
    return [Example(f"{t}{n}", f"{n}?", t, t[0], ()) for t in texts for n in range(times)]


def test_small_libraries_are_about_contexts_near_in_subject():
    texts = [f"{title}{i:02}" for i in range(30) for title in "cab"]
    parts = _small(asked_about(*texts, times=2))
    assert [len(part) for part in parts] == [100, 80]
    assert [sorted({e.title for e in part}) for part in parts] == [["a", "b"], ["b", "c"]]
    together = [example.id for part in parts for example in part]
    assert sorted(together) == sorted(e.id for e in asked_about(*texts, times=2))


@pytest.mark.parametrize(
    ("share", "taken"), [("1/3", "258"), ("0", ""), ("1", "012345678"), ("7/2", "012345678")]
)
def test_questions_are_taken_at_even_distances(share, taken):
    examples = asked_about(*"012345678")
    assert "".join(e.context for e in _evenly(examples, Fraction(share))) == taken


def test_a_third_of_the_questions_is_asked_of_each_size_of_library(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr("qa.calibrate._read", lambda asked, golds, *_: seen.append(bool(golds)))
    file = own_file(tmp_path, 900)
    reads = read_questions(file, YearReader(), tmp_path, limit=60)
    assert len(reads) == pytest.approx(60, abs=3)
    assert 0 < seen.count(False) < 30


def event(name, *, answers):
    """Two reports on one event; `answers` to its one question, by report."""
    text = f"The bridge of {name} is of stone and {{}} years old."
    reports = {key: Report("Post", "2020-01-01", name, text.format(n)) for key, n in answers}
    golds = {key: (Gold(n, text.index("{")),) if n else () for key, n in answers}
    return Event(name, reports, (Asked(f"How old is the bridge of {name}?", golds),))


def test_news_is_asked_of_libraries_of_three_sizes():
    events = [event(f"Town {i}", answers=(("a", "90"), ("b", "ninety"))) for i in range(60)]
    kept = [*events[:29], event("Nowhere", answers=(("a", ""),))]
    *parts, alone, among_all = _of_news(kept, events[29:], limit=99)
    assert [len(part.asked) for part in parts] == [12, 12, 6]
    assert [len(part.titles) for part in parts] == [24, 24, 11]
    assert (len(alone.titles), len(among_all.titles)) == (59, 121)
    assert alone.asked == among_all.asked == [q for part in parts for q in part.asked]
    assert ("How old is the bridge of Town 3?", ("90", "ninety")) in parts[0].asked
    assert parts[-1].asked[-1][1] == ()
    assert len(_of_news(kept, events, limit=3)[-1].asked) == 3
    assert _of_news([], events, limit=3) == []


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
    sure = fitted.confidence(Evidence(10.0, 0.6, 6.0))
    unsure = fitted.confidence(Evidence(0.0, 0.6, -3.0))
    assert unsure < fitted.answer_threshold <= sure
