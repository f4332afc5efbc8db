import threading

import pytest

from index.errors import FootnoteError
from qa.errors import QuestionError
from ui.desk import Busy, Desk
from ui.scripted import ScriptedAssistant


@pytest.fixture
def gate():
    opened = threading.Event()
    yield opened
    opened.set()


def test_questions_are_answered_one_at_a_time_in_order(injured, harbour_master, gate):
    assistant = ScriptedAssistant(
        {each.question: each for each in (injured, harbour_master)}, gate=gate
    )
    desk = Desk(assistant)
    first, second = desk.ask(injured.question), desk.ask(harbour_master.question)
    assert not first.done() and not second.done()
    gate.set()
    assert (first.result(5), second.result(5)) == (injured, harbour_master)
    assert assistant.asked == [injured.question, harbour_master.question]
    desk.close()


def test_all_work_is_done_by_the_same_thread(first_report):
    seen = []

    class Watched(ScriptedAssistant):
        def article(self, article_id):
            seen.append(threading.current_thread().name)
            return super().article(article_id)

    desk = Desk(Watched({}, articles={"a": first_report}))
    assert [desk.article("a").result(5) for _ in range(3)] == [first_report] * 3
    assert set(seen) == {"desk"}
    desk.close()


def test_an_error_reaches_the_one_who_asked_and_the_next_is_answered(harbour_master):
    desk = Desk(ScriptedAssistant({harbour_master.question: harbour_master}))
    with pytest.raises(QuestionError):
        desk.ask("unwritten").result(5)
    with pytest.raises(FootnoteError):
        desk.article("unwritten").result(5)
    assert desk.ask(harbour_master.question).result(5) == harbour_master
    desk.close()


def test_too_many_waiting_are_turned_away(harbour_master, gate):
    desk = Desk(
        ScriptedAssistant({harbour_master.question: harbour_master}, gate=gate), max_waiting=2
    )
    in_hand = desk.ask(harbour_master.question)
    while not in_hand.running():
        pass
    waiting = [desk.ask(harbour_master.question) for _ in range(2)]
    with pytest.raises(Busy, match="try again"):
        desk.ask(harbour_master.question)
    gate.set()
    assert [each.result(5) for each in waiting] == [harbour_master] * 2
    desk.close()


def test_a_question_given_up_is_not_read(injured, harbour_master, gate):
    assistant = ScriptedAssistant(
        {each.question: each for each in (injured, harbour_master)}, gate=gate
    )
    desk = Desk(assistant)
    first, second, third = (desk.ask(each.question) for each in (injured, harbour_master, injured))
    assert second.cancel()
    gate.set()
    assert (first.result(5), third.result(5)) == (injured, injured)
    assert assistant.asked == [injured.question, injured.question]
    desk.close()


def test_closing_does_not_wait_for_a_question_without_end(harbour_master, gate):
    desk = Desk(ScriptedAssistant({harbour_master.question: harbour_master}, gate=gate))
    desk.ask(harbour_master.question)
    desk.close(timeout=0.05)
    assert not gate.is_set()
