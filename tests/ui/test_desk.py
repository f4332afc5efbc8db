import threading

import pytest

from index.errors import FootnoteError
from qa.errors import QuestionError
from ui.desk import Busy, Desk, GivenUp
from ui.scripted import ScriptedAssistant, found_for


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


def test_what_was_found_is_told_before_the_answer(injured, gate):
    desk = Desk(ScriptedAssistant({injured.question: injured}, gate=gate))
    asking = desk.follow(injured.question)
    assert asking.found.result(5) == found_for(injured)
    assert not asking.answer.done()
    gate.set()
    assert asking.answer.result(5) == injured
    desk.close()


def test_it_is_known_how_many_come_before(injured, harbour_master, gate):
    answers = {each.question: each for each in (injured, harbour_master)}
    desk = Desk(ScriptedAssistant(answers, gate=gate))
    assert desk.idle()
    first, second, third = (desk.follow(injured.question) for _ in range(3))
    first.found.result(5)
    assert [each.before() for each in (first, second, third)] == [0, 1, 2]
    assert not desk.idle()
    second.give_up()
    assert third.before() == 1
    gate.set()
    assert third.answer.result(5) == injured
    assert third.before() == 0
    desk.close()
    assert desk.idle()


def test_a_look_into_the_library_is_no_question_that_comes_before(injured, gate):
    desk = Desk(ScriptedAssistant({injured.question: injured}, gate=gate))
    first = desk.follow(injured.question)
    first.found.result(5)
    looks = [desk.newest(3), desk.choices()]
    second = desk.follow(injured.question)
    assert second.before() == 1
    gate.set()
    assert second.answer.result(5) == injured
    assert [look.done() for look in looks] == [True, True]
    desk.close()


def test_a_question_given_up_while_it_is_read_makes_room_for_the_next(
    injured, harbour_master, gate
):
    answers = {each.question: each for each in (injured, harbour_master)}
    desk = Desk(ScriptedAssistant(answers, gate=gate))
    first, second = desk.follow(injured.question), desk.follow(harbour_master.question)
    first.found.result(5)
    first.give_up()
    gate.set()
    with pytest.raises(GivenUp):
        first.answer.result(5)
    assert second.answer.result(5) == harbour_master
    desk.close()


def test_the_time_for_one_answer_is_handed_on(injured):
    class Timed(ScriptedAssistant):
        def ask(self, question, *, deadline=None, **options):
            seen.append(deadline)
            return super().ask(question, **options)

    seen = []
    for desk in (Desk(Timed({injured.question: injured}), deadline=2.5),):
        desk.ask(injured.question).result(5)
        desk.close()
    assert seen == [2.5]
