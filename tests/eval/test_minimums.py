from pathlib import Path

import pytest

from eval.aggregate import answers_summary, reader_summary, retrieval_summary
from eval.errors import MinimumError
from eval.minimums import MEASURES, Minimum, read_minimum, shortfalls
from eval.ranking import Found, Ranking
from eval.records import AnswerRecord, Asked, CitationRecord, ReaderRecord, RetrievalRecord, Scored
from eval.results import Evaluation, Measure, Settings, Setup
from eval.stats import Bootstrap, Clusters, Estimate

LOWER_IS_BETTER = {"ece", "brier", "aurc"} | {
    f"{stage}_ms_{p}" for stage in ("latency", "retrieve", "read") for p in ("p50", "p95")
}


def evaluation(**values: float) -> Evaluation:
    settings = Settings("reader", Path("d").name, "0", 2, True, "question", 2, Setup())
    measures = [Measure(name, Estimate(v, v, v, 2)) for name, v in values.items()]
    return Evaluation(settings, tuple(measures), ())


def asked(*golds: str) -> Asked:
    return Asked(str(len(golds)), "Who?", None, None, str(len(golds)), golds)


def scored(prediction: str, *golds: str) -> Scored:
    return Scored.against(golds, prediction=prediction, best_guess="Bo")


def test_every_measure_that_is_better_when_higher_can_have_a_minimum():
    bootstrap = Bootstrap(Clusters("question", ("1", "0")), resamples=2)
    read = [
        ReaderRecord(asked("Bo"), scored("Bo", "Bo"), 1.0, 0, 2, 1, "Bo", None),
        ReaderRecord(asked(), scored(""), -1.0, 0, 2, None, "Bo", None),
    ]
    cited = (CitationRecord("a", "t", None, 0, 2, "Bo", True, 0, "Bo"),)
    times = (3.0, 1.0, 2.0)
    answered = [
        AnswerRecord(asked("Bo"), scored("Bo", "Bo"), 0.9, cited, 1, 1, 1, None, None, *times),
        AnswerRecord(asked(), scored(""), 0.1, (), 0, 0, None, None, None, *times),
    ]
    searched = [
        RetrievalRecord(asked("Bo"), Ranking((Found(1, 1),), ()), (), None),
        RetrievalRecord(asked(), Ranking((), ()), (), None),
    ]
    measured = {
        "reader": reader_summary(read, bootstrap),
        "retrieval": retrieval_summary(searched, bootstrap),
        "answers": answers_summary(answered, bootstrap),
    }
    for task, summary in measured.items():
        names = [m.name for m in summary.measures if m.name not in LOWER_IS_BETTER]
        assert list(MEASURES[task]) == names


def test_rounding_is_no_shortfall():
    found = evaluation(f1=(0.7 + 0.7 + 0.7) / 3 - 1e-16, mrr=0.69)
    assert list(shortfalls(found, [Minimum("f1", 0.7)])) == []
    assert len(list(shortfalls(found, [Minimum("mrr", 0.7)]))) == 1


def test_a_minimum_is_read():
    assert read_minimum("f1=0.7", "reader") == Minimum("f1", 0.7)
    assert read_minimum("mrr=1", "retrieval") == Minimum("mrr", 1.0)


@pytest.mark.parametrize("written", ["f2=0.7", "F1=0.7", "mrr=0.5", "ece=0.1", "", "=1", "f1 =1"])
def test_an_unknown_measure_names_those_there_are(written):
    with pytest.raises(
        MinimumError, match=r"is no measure of answers .*: there are exact_match, f1"
    ):
        read_minimum(written, "answers")


@pytest.mark.parametrize("value", ["", "=", "=high", "=nan", "=inf", "=-0.1", "=70", "=1.01"])
def test_a_malformed_value_shows_how_it_is_written(value):
    with pytest.raises(MinimumError, match=r"names no value from 0 to 1: write it as f1=0\.7"):
        read_minimum(f"f1{value}", "answers")


def test_what_falls_below_is_a_line_each():
    found = evaluation(f1=0.652, exact_match=0.5)
    minimums = [Minimum("f1", 0.7), Minimum("exact_match", 0.5), Minimum("no_answer_accuracy", 0)]
    assert list(shortfalls(found, minimums)) == [
        "f1 is 0.652, below 0.7",
        "no_answer_accuracy was not measured: none of the questions tells it",
    ]
    assert list(shortfalls(found, [])) == []


def test_a_value_just_below_is_not_rounded_up_to_its_minimum():
    assert list(shortfalls(evaluation(f1=0.69996), [Minimum("f1", 0.7)])) == [
        "f1 is 0.69996, below 0.7"
    ]
    (line,) = shortfalls(evaluation(f1=0.69999999), [Minimum("f1", 0.7)])
    assert line == "f1 is 0.69999999, below 0.7"
