"""The chat page's wiring: a question box, the conversation, its sources, a way to start over."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal, TypedDict

import gradio as gr
from pydantic import BaseModel, ValidationError

from index.errors import FootnoteError
from index.types import Filters
from qa.conversation import conversation_of
from qa.period_asked import as_filters
from qa.types import Answer, Found
from ui import render
from ui.answerer import Wishes
from ui.desk import Asking, Desk, sendable
from ui.kept import MAX_ANSWERS_KEPT, kept_before, to_keep
from ui.language import ENGLISH, _, catalogue, languages, preferred, speaking
from ui.typed import Typed, read_typed

COMPONENT_WORDS = (
    *("Ask", "Ask your articles", "Your question", "Clear conversation"),
    *("Filters", "Outlets", "Authors", "From", "Until"),
)
AT_ONCE = 16  # conversations that may be waiting for the desk
LOOK_AGAIN = 0.5  # seconds after which a waiting question looks at its place
KEY = "footnote.conversation"  # under which a browser keeps it

log = logging.getLogger(__name__)


class Quiet(TypedDict):
    """How events that no reader waits for are bound."""

    show_progress: Literal["hidden"]
    api_visibility: Literal["private"]


# What Gradio's own components say, in every language that there is a catalogue of.
said = gr.I18n(
    en={each: each for each in COMPONENT_WORDS},
    **{code: {each: catalogue(code)[each] for each in COMPONENT_WORDS} for code in languages()[1:]},
)

_QUIET: Quiet = {"show_progress": "hidden", "api_visibility": "private"}

Field = gr.Dropdown | gr.Textbox
Conversation = tuple[Answer, ...]
# the conversation as HTML, the question box, the conversation, and as it is kept
Shown = tuple[object, object, object, object]


class Chat:
    """What happens when a question is sent or the conversation cleared.

    It keeps no conversation: each browser session has its own and passes it in.
    """

    def __init__(self, desk: Desk, *, examples: Sequence[str] = ()) -> None:
        """Ask at this desk; show the examples while there is no conversation."""
        self._desk = desk
        self._examples = examples
        self._asked: deque[str] = deque(maxlen=1000)  # sessions that have asked, the last ones

    async def ask(
        self,
        question: str,
        conversation: Conversation,
        sources: Sequence[str] = (),
        authors: Sequence[str] = (),
        after: str | None = None,
        before: str | None = None,
        scope: str = "",
        request: gr.Request | None = None,
    ) -> AsyncIterator[Shown]:
        """Show the question at once, its passages when they are found, then its answer.

        On failure the question is handed back.
        """
        question = sendable(question)
        show = partial(self._show, language=_language(request))
        if not question:  # Enter in an empty box, or once too often
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        if not question.strip():
            notice = "Type a question first."
            yield show(conversation, notice=notice), "", gr.skip(), gr.skip()
            return
        if request and request.session_hash:
            self._asked.append(request.session_hash)
        try:
            typed = read_typed(question, last=conversation[-1].question if conversation else "")
            filters = _filters(sources, authors, after, before, scope)
            left = _left_by(typed, conversation)
            yield show(left, pending=typed.question), "", gr.skip(), gr.skip()
            history = () if typed.as_typed else conversation_of(left).turns
            asking = self._desk.follow(typed.question, Wishes(filters, history=history))
            try:
                async for step in _steps(asking):
                    shown = show(left, pending=typed.question, step=step)
                    yield shown, gr.skip(), gr.skip(), gr.skip()
            finally:
                asking.give_up()  # also where the page was closed or stopped meanwhile
            answer = asking.answer.result()
        except FootnoteError as error:
            shown = show(conversation, notice=str(error))
            yield shown, question, gr.skip(), gr.skip()
        except Exception:  # whatever went wrong, the page must not go on saying that it reads
            log.exception("the question could not be answered")
            notice = "Something went wrong while answering; the server's log says what."
            yield show(conversation, notice=notice), question, gr.skip(), gr.skip()
        else:
            conversation = (*left, answer)[-MAX_ANSWERS_KEPT:]
            yield show(conversation), gr.skip(), conversation, to_keep(conversation)

    async def resume(self, kept: object, request: gr.Request | None = None) -> tuple[object, ...]:
        """The conversation that the browser has kept, shown, and to go on with.

        And the places beside it, which were made in English. Whoever has asked before the
        page came this far is shown what was asked, and goes on with that.
        """
        language = _language(request)
        conversation = kept_before(kept)
        try:
            shown = self._show(conversation, language=language)
        except (ValueError, FootnoteError):  # what was altered may look like answers and be none
            log.info("a kept conversation could not be shown")
            conversation, shown = (), self._show((), language=language)
        places: tuple[object, ...] = (gr.skip(),) * 3
        if language != ENGLISH:
            with speaking(language):
                places = (render.next_questions(), render.sources_panel(), render.scope_line())
        has_asked = request is not None and request.session_hash in self._asked
        if has_asked or (language == ENGLISH and not conversation):
            return gr.skip(), gr.skip(), *places
        return shown, conversation, *places

    async def offer(self) -> tuple[object, object]:
        """The outlets and the authors there are now, to choose from."""
        try:
            found = await asyncio.wrap_future(self._desk.choices())
        except FootnoteError:  # a name can be typed as well
            return gr.skip(), gr.skip()
        return gr.update(choices=list(found.sources)), gr.update(choices=list(found.authors))

    def name_filters(
        self,
        sources: Sequence[str],
        authors: Sequence[str],
        after: str | None,
        before: str | None,
        scope: str = "",
        request: gr.Request | None = None,
    ) -> object:
        """The fold's label, which says how many filters are in force behind it."""
        count = len(_named(sources)) + len(_named(authors)) + bool(_day(after)) + bool(_day(before))
        count += _scope(scope) != Scope()
        with speaking(_language(request)):
            return gr.update(label=_("Filters ({n} in force)", n=count) if count else _("Filters"))

    def loosen(self) -> tuple[list[str], list[str], str, str, str]:
        """The filters, empty."""
        return [], [], "", "", ""

    def look(self) -> None:
        """Nothing: an event for the stream that it opens."""

    def stop(self, conversation: Conversation, request: gr.Request | None = None) -> object:
        """The conversation without the question that was given up."""
        return self._show(conversation, language=_language(request))

    def clear(self, request: gr.Request | None = None) -> Shown:
        """An empty conversation and an empty question box."""
        return self._show((), language=_language(request)), "", (), []

    def _show(
        self,
        answers: Conversation,
        *,
        pending: str = "",
        step: int | Found = 0,
        notice: str = "",
        language: str = ENGLISH,
    ) -> str:
        """step: how many questions come before the pending one, or what was found for it."""
        with speaking(language):
            return render.transcript(
                answers,
                examples=self._examples,
                pending=pending,
                before=step if isinstance(step, int) else 0,
                found=step if isinstance(step, Found) else None,
                notice=_(notice),
            )


def _language(request: gr.Request | None) -> str:
    """Of the browser that an event comes from: Gradio runs events outside of requests."""
    return preferred(request.headers.get("accept-language") if request else None)


async def _steps(asking: Asking) -> AsyncIterator[int | Found]:
    """How many come before it, as that changes, then what was found; ends with the answer."""
    answer = asyncio.wrap_future(asking.answer)
    found = asyncio.wrap_future(asking.found)
    either: set[asyncio.Future[Answer] | asyncio.Future[Found]] = {answer, found}
    said = 0
    while not answer.done() and not found.done():
        await asyncio.wait(either, timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
        before = asking.before()
        if before != said and not found.done() and not answer.done():
            said = before
            yield before
    if not answer.done():
        yield found.result()
    await answer  # raises what went wrong


def _left_by(typed: Typed, conversation: Conversation) -> Conversation:
    """The conversation without its last answer, if that is the one that is asked for anew."""
    again = typed.as_typed and conversation and conversation[-1].question == typed.question
    return conversation[:-1] if again else conversation


def _filters(
    sources: Sequence[str],
    authors: Sequence[str],
    after: str | None,
    before: str | None,
    scope: str,
) -> Filters | None:
    """What the fold and the library's ticks hold; None where nothing is left out.

    Raises FilterError as `as_filters` does.
    """
    named = as_filters(
        sources=_named(sources),
        authors=_named(authors),
        after=_day(after),
        before=_day(before),
    )
    ticked = _scope(scope)
    chosen = replace(named, articles=ticked.articles, without=ticked.without)
    return None if chosen == Filters() else chosen


class Scope(BaseModel):
    """Which articles are ticked in the library: ids of only these, or of all but those."""

    articles: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def _scope(kept: str) -> Scope:
    """As the browser keeps it; all articles where it keeps nothing, or what is none."""
    try:
        return Scope.model_validate_json(kept or "{}")
    except ValidationError:
        return Scope()


def _named(names: Sequence[str]) -> list[str]:
    """Without the empty one that Enter in an empty field leaves."""
    return [sendable(name) for name in names if name.strip()]


def _day(typed: str | None) -> str | None:
    """Without space; None for a field that was never touched or is empty again."""
    return sendable(typed or "").strip() or None


def build_page(desk: Desk, *, examples: Sequence[str] = ()) -> gr.Blocks:
    """The page, to be mounted in an app that serves `ui/static` under `/footnote`."""
    chat = Chat(desk, examples=examples)
    page: gr.Blocks
    with gr.Blocks(analytics_enabled=False, title="Footnote", fill_width=True) as page:
        conversation = gr.State(())
        # Its secret only keeps the text from lying open: whoever has the browser has both.
        kept = gr.BrowserState([], storage_key=KEY, secret=KEY)
        with gr.Column(elem_id="fn-app"):
            start_over = gr.Button(said("Clear conversation"), elem_id="fn-clear")
            with gr.Column(elem_id="fn-talk"):
                answers = _html(render.transcript(examples=examples), elem_id="fn-answers")
                following = _html(render.next_questions(), elem_id="fn-next")
            panel = _html(render.sources_panel(), elem_id="fn-panel")
            with gr.Column(elem_id="fn-foot"):
                question = gr.Textbox(
                    elem_id="fn-ask",
                    label=said("Your question"),
                    show_label=False,
                    container=False,
                    placeholder=said("Ask your articles"),
                    max_lines=6,
                    submit_btn="Ask",  # the page says it in other languages
                )
                fold, filters = _filter_fold()
                scoped = _html(render.scope_line(), elem_id="fn-scoped")
                # The ticks of the library view, which the page keeps here.
                filters.append(gr.Textbox(elem_id="fn-scope", show_label=False, container=False))
            with gr.Row(elem_id="fn-unseen"):  # pressed by the page's own buttons
                stop = gr.Button(elem_id="fn-stop")
                loosen = gr.Button(elem_id="fn-loosen")
                look = gr.Button(elem_id="fn-look")
        shown = [answers, question, conversation, kept]
        asked = question.submit(
            chat.ask,
            inputs=[question, conversation, *filters],
            outputs=shown,
            show_progress="hidden",
            concurrency_limit=AT_ONCE,
            # Enter while an answer is awaited takes effect afterwards, on what then is in the box.
            trigger_mode="always_last",
            api_visibility="private",
        )
        start_over.click(chat.clear, outputs=shown, cancels=[asked], **_QUIET)
        stop.click(chat.stop, inputs=conversation, outputs=answers, cancels=[asked], **_QUIET)
        loosen.click(chat.loosen, outputs=filters, **_QUIET)
        # Gradio's page closes its stream of results at the server's word, also where an event
        # was sent meanwhile, whose results then lie with the server until another event opens
        # a stream. This one does nothing else, and may go unheard itself.
        look.click(chat.look, trigger_mode="multiple", **_QUIET)
        page.load(chat.offer, outputs=filters[:2], **_QUIET)
        page.load(
            chat.resume,
            inputs=kept,
            outputs=[answers, conversation, following, panel, scoped],
            **_QUIET,
        )
        gr.on(
            [each.change for each in filters],
            chat.name_filters,
            inputs=filters,
            outputs=fold,
            trigger_mode="always_last",  # several change at once where they are emptied
            **_QUIET,
        )
    page.queue(max_size=AT_ONCE, api_open=False)
    return page


def _filter_fold() -> tuple[gr.Accordion, list[Field]]:
    """Fields for outlets, authors, first and last day, folded away until they are wanted."""
    fold: gr.Accordion
    with gr.Accordion(said("Filters"), open=False, elem_id="fn-filters") as fold:
        with gr.Row(elem_id="fn-filter-fields"):
            names: list[Field] = [
                gr.Dropdown(
                    [], multiselect=True, label=said(label), allow_custom_value=True, elem_id=id_
                )
                for label, id_ in (("Outlets", "fn-sources-filter"), ("Authors", "fn-authors"))
            ]
            days: list[Field] = [
                gr.Textbox(label=said(label), placeholder="YYYY-MM-DD", max_lines=1, elem_id=id_)
                for label, id_ in (("From", "fn-after"), ("Until", "fn-before"))
            ]
    return fold, [*names, *days]


def _html(value: str, *, elem_id: str) -> gr.HTML:
    """Our markup as it is. The value fills a constant template, it is never compiled."""
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)
