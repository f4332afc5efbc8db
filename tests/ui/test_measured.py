import threading
import time
from types import SimpleNamespace

import pytest

from eval.errors import Stopped
from qa.errors import QuestionError
from ui.desk import Desk
from ui.measured import AtDesk
from ui.scripted import ScriptedAssistant, ScriptedMeasured


@pytest.fixture
def busy(gate):
    """A desk at which someone's long question is in hand until the gate opens."""
    desk = Desk(ScriptedAssistant({}))
    desk.later(lambda: gate.wait(timeout=30))
    yield desk
    gate.set()
    desk.close()


def test_what_is_asked_waits_its_turn_and_readers_come_between(busy, gate, harbour_master):
    assistant = ScriptedAssistant({harbour_master.question: harbour_master})
    asked = AtDesk(ScriptedMeasured(assistant), busy)
    answers = []

    def measure() -> None:
        answers.extend(asked.ask(harbour_master.question) for _ in range(2))

    measuring = threading.Thread(target=measure)
    measuring.start()
    while busy.idle() or len(busy._waiting) < 2:  # the first of the two stands in line
        time.sleep(0.01)
    reader = busy.later(lambda: len(assistant.asked))
    gate.set()
    assert reader.result(timeout=30) == 1  # after the first, before the second
    measuring.join(timeout=30)
    assert answers == [harbour_master, harbour_master]


def test_its_clock_stands_still_while_it_waits(busy, gate, harbour_master, monkeypatch):
    now = 100.0

    def go_on() -> None:
        nonlocal now
        if not gate.is_set():
            now += 10
            gate.set()

    monkeypatch.setattr("ui.measured.time", SimpleNamespace(perf_counter=lambda: now))
    assistant = ScriptedAssistant({harbour_master.question: harbour_master})
    asked = AtDesk(ScriptedMeasured(assistant), busy, go_on=go_on)
    asked.ask(harbour_master.question)
    assert (now, asked.clock()) == (110.0, 100.0)


def test_errors_come_through(harbour_master):
    desk = Desk(ScriptedAssistant({}))
    with pytest.raises(QuestionError, match="no answer was written"):
        AtDesk(ScriptedMeasured(ScriptedAssistant({})), desk).ask("Why?")
    desk.close()


def test_a_full_desk_is_waited_for(gate, harbour_master):
    desk = Desk(ScriptedAssistant({}), max_waiting=1)
    desk.later(lambda: gate.wait(timeout=30))
    while not desk._jobs.empty():
        time.sleep(0.01)
    desk.later(lambda: None)  # now there is no room
    asked = AtDesk(
        ScriptedMeasured(ScriptedAssistant({harbour_master.question: harbour_master})),
        desk,
        go_on=gate.set,
    )
    assert asked.ask(harbour_master.question) == harbour_master
    desk.close()


def test_waiting_ends_when_it_is_told_to(busy):
    tries = iter(range(2))

    def go_on() -> None:
        if next(tries):
            raise Stopped("enough")

    with pytest.raises(Stopped):
        AtDesk(ScriptedMeasured(ScriptedAssistant({})), busy, go_on=go_on).ask("Why?")
