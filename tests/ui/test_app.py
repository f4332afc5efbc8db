import asyncio
import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor

import gradio as gr
import pytest

from index.errors import FilterError
from index.filters import Choices
from index.types import Filters
from qa.conversation import conversation_of
from ui import render
from ui.app import Chat, build_page
from ui.desk import Desk
from ui.kept import MAX_ANSWERS_KEPT, to_keep
from ui.scripted import ScriptedAssistant, found_for


@pytest.fixture
def desk(injured, harbour_master):
    opened = Desk(ScriptedAssistant({each.question: each for each in (injured, harbour_master)}))
    yield opened
    opened.close()


def run(coroutine):
    """In a thread of its own: a browser test before this one leaves its loop running in ours."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def shown_after(chat, question, conversation=(), *filters, **options):
    """All that the page is told, step by step."""

    async def collect():
        return [step async for step in chat.ask(question, conversation, *filters, **options)]

    return run(collect())


def test_a_question_is_shown_at_once_and_its_answer_follows(desk, injured):
    first, *_, last = shown_after(Chat(desk), injured.question)
    assert first == (render.transcript(pending=injured.question), "", gr.skip(), gr.skip())
    assert last == (render.transcript([injured]), gr.skip(), (injured,), to_keep((injured,)))


def test_while_it_is_read_the_first_passages_are_shown(injured):
    gate = threading.Event()
    desk = Desk(ScriptedAssistant({injured.question: injured}, gate=gate))

    async def steps():
        seen = []
        async for shown, *_ in Chat(desk).ask(injured.question, ()):
            seen.append(shown)
            if len(seen) == 2:
                gate.set()
        return seen

    _, found, last = run(steps())
    desk.close()
    assert found == render.transcript(pending=injured.question, found=found_for(injured))
    assert "these passages first" in found and "data-found" in found
    assert last == render.transcript([injured])


def test_a_question_that_waits_says_how_many_come_first(injured, harbour_master):
    gate = threading.Event()
    script = {each.question: each for each in (injured, harbour_master)}
    desk = Desk(ScriptedAssistant(script, gate=gate))

    async def steps():
        first = desk.ask(injured.question)
        desk.ask(injured.question)
        seen = []
        async for shown, *_ in Chat(desk).ask(harbour_master.question, ()):
            seen.append(shown)
            if len(seen) == 2:
                gate.set()
        assert first.result() == injured
        return seen

    waiting = run(steps())[1]
    desk.close()
    assert waiting == render.transcript(pending=harbour_master.question, before=2)
    assert "2 questions come before yours" in waiting


def test_a_later_answer_comes_after_the_earlier_ones(desk, injured, harbour_master):
    *_, last = shown_after(Chat(desk), harbour_master.question, (injured,))
    assert last[0] == render.transcript([injured, harbour_master])
    assert last[2] == (injured, harbour_master)


def test_enter_in_an_empty_box_changes_nothing(desk, injured):
    assert shown_after(Chat(desk), "", (injured,)) == [(gr.skip(),) * 4]


@pytest.mark.parametrize("blank", ["   ", "\n\t ", "\u00a0"])
def test_a_blank_question_is_not_asked(desk, injured, blank):
    ((shown, box, kept, _),) = shown_after(Chat(desk), blank, (injured,))
    assert shown == render.transcript([injured], notice="Type a question first.")
    assert (box, kept) == ("", gr.skip())


def test_a_question_that_cannot_be_asked_is_handed_back_with_the_reason(desk):
    long = "why " * 5_000
    *_, (shown, box, kept, _) = shown_after(Chat(desk, examples=["Who?"]), long)
    assert "no answer was written for this question" in shown
    assert "Who?" in shown
    assert (box, kept) == (long, gr.skip())


def test_a_failure_is_told_calmly_and_in_full_only_to_the_log(desk, caplog):
    class Broken(ScriptedAssistant):
        def ask(self, question, **filters):
            raise ZeroDivisionError("/secret/path")

    *_, (shown, box, *_) = shown_after(Chat(Desk(Broken({}))), "Who?")
    assert "Something went wrong while answering" in shown
    assert "/secret/path" not in shown and "ZeroDivisionError" not in shown
    assert box == "Who?"
    assert "/secret/path" in caplog.text


def test_half_a_surrogate_pair_in_a_question_can_be_shown_again(desk):
    for shown, box, *_ in shown_after(Chat(desk), "Who\ud800?"):
        shown.encode()
        assert box in ("", "Who??", gr.skip())  # skipped where its turn is waited for


def test_a_question_given_up_is_never_answered(injured):
    gate = threading.Event()
    assistant = ScriptedAssistant({injured.question: injured}, gate=gate)
    desk = Desk(assistant)
    chat = Chat(desk)

    async def give_up():
        blocking = desk.ask(injured.question)
        while not blocking.running():
            await asyncio.sleep(0.01)
        steps = chat.ask(injured.question, ())
        await anext(steps)
        waiting = asyncio.ensure_future(anext(steps))
        await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        gate.set()
        await asyncio.wrap_future(blocking)

    run(give_up())
    desk.close()
    assert assistant.asked == [injured.question]


def test_a_very_long_conversation_lets_go_of_its_beginning(desk, injured, harbour_master):
    long = (injured,) * MAX_ANSWERS_KEPT
    *_, (_, _, kept, _) = shown_after(Chat(desk), harbour_master.question, long)
    assert len(kept) == MAX_ANSWERS_KEPT
    assert kept[-2:] == (injured, harbour_master)


def test_clearing_leaves_the_invitation(desk):
    assert Chat(desk, examples=["Who?"]).clear() == (
        render.transcript(examples=["Who?"]),
        "",
        (),
        [],
    )


def test_a_busy_desk_says_so(injured):
    gate = threading.Event()
    desk = Desk(ScriptedAssistant({injured.question: injured}, gate=gate), max_waiting=1)
    first = desk.ask(injured.question)
    while not first.running():
        pass
    desk.ask(injured.question)
    *_, (shown, box, *_) = shown_after(Chat(desk), injured.question)
    gate.set()
    desk.close()
    assert "many questions are waiting" in shown
    assert box == injured.question


def test_the_page_offers_no_named_endpoint(desk):
    async def build():  # inside a loop, or Gradio opens one and leaves it open
        return build_page(desk)

    page = run(build())
    assert page.get_api_info()["named_endpoints"] == {}
    assert not page.analytics_enabled
    assert {fn.api_visibility for fn in page.fns.values()} == {"private"}


@pytest.fixture
def scripted(injured, harbour_master):
    return ScriptedAssistant({each.question: each for each in (injured, harbour_master)})


def test_a_question_is_asked_after_those_of_its_own_conversation(scripted, injured, harbour_master):
    chat = Chat(Desk(scripted))
    shown_after(chat, harbour_master.question, (injured,))
    shown_after(chat, harbour_master.question, ())  # another browser
    assert scripted.histories == [conversation_of([injured]).turns, ()]


def test_as_typed_asks_the_last_question_anew_without_the_conversation(
    scripted, injured, harbour_master
):
    understood = dataclasses.replace(harbour_master, standalone_question="Who is Ada's master?")
    pending, *_, last = shown_after(Chat(Desk(scripted)), "/as-typed", (injured, understood))
    assert pending[0] == render.transcript([injured], pending=harbour_master.question)
    assert last[2] == (injured, harbour_master)
    assert scripted.histories == [()]


def test_as_typed_of_an_earlier_question_comes_after_the_last_answer(
    scripted, injured, harbour_master
):
    asked = f"/as-typed {injured.question}"
    *_, (_, _, kept, _) = shown_after(Chat(Desk(scripted)), asked, (injured, harbour_master))
    assert kept == (injured, harbour_master, injured)


def test_as_typed_without_any_question_says_so(desk):
    ((shown, box, *_),) = shown_after(Chat(desk), "/as-typed")
    assert "nothing was asked before" in shown
    assert box == "/as-typed"


def test_what_the_fold_holds_goes_with_the_question(injured):
    assistant = ScriptedAssistant({injured.question: injured})
    desk = Desk(assistant)
    chosen = (["The Averly Courier", " "], ["Tam Oswin"], " 2019-11-01 ", "")
    shown_after(Chat(desk), injured.question, (), *chosen)
    shown_after(Chat(desk), injured.question, (), [], [], None, " ")
    desk.close()
    expected = Filters(("The Averly Courier",), "2019-11-01", None, ("Tam Oswin",))
    assert assistant.filters == [expected, None]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ('{"articles": ["a1", "b2"]}', Filters(articles=("a1", "b2"))),
        ('{"articles": [], "without": ["c3"]}', Filters(without=("c3",))),
        ("", None),
        ("{}", None),
        ("[1]", None),
        ('{"articles": 7}', None),
    ],
)
def test_what_is_ticked_in_the_library_goes_with_the_question(injured, scope, expected):
    assistant = ScriptedAssistant({injured.question: injured})
    desk = Desk(assistant)
    shown_after(Chat(desk), injured.question, (), [], [], "", "", scope)
    label = Chat(desk).name_filters([], [], "", "", scope)["label"]
    desk.close()
    assert assistant.filters == [expected]
    assert label == ("Filters (1 in force)" if expected else "Filters")


def test_a_filter_that_names_nobody_is_a_calm_notice(injured):
    class Refusing(ScriptedAssistant):
        def ask(self, question, **options):
            raise FilterError("no article is by 'Nobody': the only author is 'Ada Low'")

    desk = Desk(Refusing({}))
    *_, (shown, box, *_) = shown_after(Chat(desk), injured.question, (), [], ["Nobody"], "", "")
    desk.close()
    assert "no article is by &#39;Nobody&#39;: the only author is &#39;Ada Low&#39;" in shown
    assert box == injured.question


def test_the_outlets_and_authors_there_are_can_be_chosen():
    desk = Desk(ScriptedAssistant({}, choices=Choices(("Post",), ("Ada Low", "Bo Roe"))))
    sources, authors = run(Chat(desk).offer())
    desk.close()
    assert (sources["choices"], authors["choices"]) == (["Post"], ["Ada Low", "Bo Roe"])


def test_the_fold_says_how_many_filters_are_in_force(desk):
    chat = Chat(desk)
    assert chat.name_filters([], [""], None, " ")["label"] == "Filters"
    assert (
        chat.name_filters(["Post", "Wire"], [], "2019-11-01", "")["label"] == "Filters (3 in force)"
    )


def test_a_kept_conversation_is_shown_again_and_gone_on_with(desk, injured, harbour_master):
    shown, conversation, *places = run(Chat(desk).resume(to_keep((injured, harbour_master))))
    assert places == [gr.skip()] * 3
    assert conversation == (injured, harbour_master)
    assert shown == render.transcript([injured, harbour_master])
    assert run(Chat(desk).resume([])) == (gr.skip(),) * 5


def test_a_kept_conversation_that_was_altered_is_left_alone(desk, injured):
    cited = dataclasses.replace(injured.citations[0], start=5, end=2)
    altered = dataclasses.replace(injured, citations=(cited,))
    assert run(Chat(desk).resume(to_keep((altered,)))) == (gr.skip(),) * 5


class Event:
    """What Gradio says of the browser that an event comes from."""

    def __init__(self, session_hash, language="en"):
        self.session_hash = session_hash
        self.headers = {"accept-language": language}


@pytest.mark.parametrize(("language", "places"), [("en", 0), ("de", 3)])
def test_who_asked_before_the_page_was_ready_keeps_what_was_asked(
    desk, injured, harbour_master, language, places
):
    chat, kept = Chat(desk), to_keep((harbour_master,))
    event = Event("a", language)
    for question in ("", " ", injured.question):  # only the last is a question
        shown, conversation, *_ = run(chat.resume(kept, event))
        assert (shown != gr.skip(), conversation) == (True, (harbour_master,))
        shown_after(chat, question, (), request=event)
    resumed = run(chat.resume(kept, event))
    assert resumed[:2] == (gr.skip(), gr.skip())
    assert sum(place != gr.skip() for place in resumed[2:]) == places
    assert run(chat.resume(kept, Event("b", language)))[1] == (harbour_master,)


def test_loosening_empties_every_filter(desk):
    assert Chat(desk).loosen() == ([], [], "", "", "")
