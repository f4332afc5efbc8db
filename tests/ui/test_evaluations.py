import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.datasets import DataSet, GoldAnswer, Question
from eval.results import Setup
from ui import evaluations as module
from ui.desk import Busy, Desk
from ui.evaluations import Evaluations, NoEvaluation
from ui.scripted import ScriptedAssistant, ScriptedMeasured


def questions(*pairs: tuple[str, str]) -> DataSet:
    """Questions, each with its right answer; an empty one for none."""
    made = tuple(
        Question(str(n), question, (GoldAnswer(words, None, None),) if words else ())
        for n, (question, words) in enumerate(pairs, 1)
    )
    return DataSet(Path("/nowhere/mine.json"), "0" * 64, made)


@pytest.fixture
def three(injured, harbour_master, owner) -> DataSet:
    """One answered rightly, one in part ("eleven" of "eleven people": F1 2/3), one refused."""
    return questions(
        (harbour_master.question, "Ilse Corbant"),
        (injured.question, "eleven"),
        (owner.question, ""),
    )


@pytest.fixture
def make(assistant) -> Iterator:
    """Makes evaluations of an assistant; all end with the test."""
    made: list[tuple[Evaluations, Desk]] = []

    def making(answering=assistant, measured=None) -> Evaluations:
        desk = Desk(answering)
        evaluations = Evaluations(measured or ScriptedMeasured(answering), desk)
        made.append((evaluations, desk))
        return evaluations

    yield making
    for evaluations, desk in made:
        evaluations.close()
        desk.close()


def until(evaluations: Evaluations, run_id: str, reached) -> module.Standing:
    for _ in range(3000):
        if reached(standing := evaluations.one(run_id)):
            return standing
        time.sleep(0.01)
    raise AssertionError(standing)


def over(evaluations, run_id):
    return until(evaluations, run_id, lambda standing: standing.over)


def test_questions_are_asked_and_their_figures_and_files_kept(make, three):
    evaluations = make()
    begun = evaluations.begin("mine.json", three)
    assert (begun.state, begun.name, begun.total) == ("waiting", "mine.json", 3)
    done = over(evaluations, begun.id)
    assert (done.state, done.done) == ("done", 3)
    figures = {m.name: m.estimate for m in done.result.measures}
    assert figures["f1"].value == pytest.approx((1 + 2 / 3 + 1) / 3)
    assert done.f1 == pytest.approx(figures["f1"].value)
    assert done.exact_match == figures["exact_match"].value == pytest.approx(2 / 3)
    counts = done.result
    assert (counts.exact, counts.declined, counts.wrong, counts.missed) == (1, 1, 1, 0)
    metrics = json.loads(evaluations.file(begun.id, "metrics.json").read_text())
    assert metrics["f1"]["value"] == figures["f1"].value
    assert "mine.json" in evaluations.file(begun.id, "report.html").read_text()


@pytest.fixture
def slow(make, steps, injured, harbour_master, owner, first_report, second_report):
    """Evaluations whose questions are answered one by one, as `steps` lets them."""
    assistant = ScriptedAssistant(
        {each.question: each for each in (injured, harbour_master, owner)},
        articles={each.id: each for each in (first_report, second_report)},
        gate=steps,
    )
    return make(assistant), assistant


def test_progress_is_told_while_it_runs(slow, steps, three):
    evaluations, _ = slow
    begun = evaluations.begin("mine.json", three)
    until(evaluations, begun.id, lambda now: now.state == "asking")
    steps.let(3)  # the first is asked twice
    now = until(evaluations, begun.id, lambda now: now.done == 2)
    assert now.f1 == pytest.approx((1 + 2 / 3) / 2)
    assert now.exact_match == 0.5
    assert now.seconds_left > 0
    assert now.result is None
    with pytest.raises(NoEvaluation, match="no results yet"):
        evaluations.file(begun.id, "report.html")


def test_stopping_keeps_what_is_done_and_going_on_asks_only_the_rest(slow, steps, three):
    evaluations, assistant = slow
    begun = evaluations.begin("mine.json", three)
    steps.let(3)
    until(evaluations, begun.id, lambda now: now.done == 2)
    assert evaluations.stop(begun.id).state == "stopping"
    stopped = over(evaluations, begun.id)
    assert (stopped.state, stopped.done) == ("stopped", 2)
    assert {m.name: m.estimate.n for m in stopped.result.measures}["f1"] == 2
    assert "Not complete" in evaluations.file(begun.id, "report.html").read_text()
    steps.set()
    asked = len(assistant.asked)
    assert evaluations.go_on(begun.id).state == "waiting"
    done = over(evaluations, begun.id)
    assert (done.state, done.done) == ("done", 3)
    assert {m.name: m.estimate.n for m in done.result.measures}["f1"] == 3
    assert done.f1 == pytest.approx((1 + 2 / 3 + 1) / 3)
    # The third alone, once beforehand.
    assert set(assistant.asked[asked:]) <= {three.questions[2].question}


def test_after_a_change_of_the_library_it_begins_anew(make, assistant, steps, three):
    class Changing(ScriptedMeasured):
        state = "1"

        def setup(self) -> Setup:
            return Setup(library="scripted", library_state=self.state)

    answering = ScriptedAssistant(assistant._answers, articles=assistant._articles, gate=steps)
    measured = Changing(answering)
    evaluations = make(answering, measured)
    begun = evaluations.begin("mine.json", three)
    steps.let(3)
    until(evaluations, begun.id, lambda now: now.done == 2)
    evaluations.stop(begun.id)
    over(evaluations, begun.id)
    measured.state = "2"
    steps.set()
    evaluations.go_on(begun.id)
    done = over(evaluations, begun.id)
    assert (done.state, done.done) == ("done", 3)
    assert done.f1 == pytest.approx((1 + 2 / 3 + 1) / 3)
    assert answering.asked[-4:] == [q.question for q in (three.questions[0], *three.questions)]


def test_one_runs_at_a_time_and_the_next_waits_in_line(slow, steps, three):
    evaluations, _ = slow
    first, second = (evaluations.begin(name, three) for name in ("one.json", "two.json"))
    until(evaluations, first.id, lambda now: now.state == "asking")
    assert evaluations.one(second.id).state == "waiting"
    assert [each.name for each in evaluations.all()] == ["two.json", "one.json"]
    steps.set()
    assert over(evaluations, first.id).state == over(evaluations, second.id).state == "done"


def test_one_that_waits_is_stopped_at_once_and_can_be_taken_up_again(slow, steps, three):
    evaluations, _ = slow
    first, second = (evaluations.begin(name, three) for name in ("one.json", "two.json"))
    until(evaluations, first.id, lambda now: now.state == "asking")
    stopped = evaluations.stop(second.id)
    assert (stopped.state, stopped.result) == ("stopped", None)
    assert evaluations.go_on(second.id).state == "waiting"
    steps.set()
    assert over(evaluations, second.id).state == "done"


def test_one_stopped_before_its_first_answer_has_no_results(slow, steps, three):
    evaluations, _ = slow
    begun = evaluations.begin("mine.json", three)
    until(evaluations, begun.id, lambda now: now.state == "asking")
    evaluations.stop(begun.id)
    stopped = over(evaluations, begun.id)
    assert (stopped.state, stopped.done, stopped.result) == ("stopped", 0, None)


def test_the_line_is_no_longer_than_is_worth_waiting_for(slow, steps, three, monkeypatch):
    evaluations, _ = slow
    monkeypatch.setattr(module, "MAX_WAITING", 1)
    first = evaluations.begin("one.json", three)
    until(evaluations, first.id, lambda now: now.state == "asking")
    evaluations.begin("two.json", three)
    with pytest.raises(Busy, match="1 evaluations are waiting"):
        evaluations.begin("three.json", three)


def test_the_oldest_go_when_there_are_many(make, three, monkeypatch):
    evaluations = make()
    monkeypatch.setattr(module, "MAX_KEPT", 2)
    ids = []
    for name in ("one", "two", "three"):
        ids.append(evaluations.begin(name, three).id)
        folder = over(evaluations, ids[-1]) and evaluations.file(ids[-1], "")
    with pytest.raises(NoEvaluation):
        evaluations.one(ids[0])
    assert [each.name for each in evaluations.all()] == ["three", "two"]
    assert sorted(each.name for each in folder.parent.iterdir()) == sorted(ids[1:])


class Broken(ScriptedMeasured):
    def retrieve(self, question):
        raise RuntimeError("wires crossed")


def test_what_breaks_ends_that_evaluation_alone(make, assistant, three, caplog):
    evaluations = make(measured=Broken(assistant))
    first, second = (evaluations.begin(name, three) for name in ("one", "two"))
    for each in (first, second):
        failed = over(evaluations, each.id)
        assert (failed.state, failed.error) == ("failed", module.UNFORESEEN)
    assert "wires crossed" in caplog.text


def test_closing_ends_all_at_once_and_leaves_no_file(slow, steps, three):
    evaluations, _ = slow
    begun = evaluations.begin("mine.json", three)
    steps.let(2)
    until(evaluations, begun.id, lambda now: now.done == 1)
    folder = evaluations._folder
    assert (folder / begun.id).is_dir()
    before = time.monotonic()
    evaluations.close(timeout=5.0)
    assert time.monotonic() - before < 4
    assert not folder.exists()
