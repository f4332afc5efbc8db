"""The chat page's wiring: a question box, the conversation, its sources, a way to start over."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence

import gradio as gr

from index.errors import FootnoteError
from index.types import Filters
from qa.conversation import conversation_of
from qa.period_asked import as_filters
from qa.types import Answer
from ui import render
from ui.desk import Desk, sendable
from ui.typed import Typed, read_typed

MAX_ANSWERS_KEPT = 100  # in one conversation; the oldest go first
AT_ONCE = 16  # conversations that may be waiting for the desk

log = logging.getLogger(__name__)

Field = gr.Dropdown | gr.Textbox
Conversation = tuple[Answer, ...]
Shown = tuple[
    object, object, object
]  # the conversation as HTML, the question box, the conversation


class Chat:
    """What happens when a question is sent or the conversation cleared.

    It keeps nothing: each browser session has its own conversation and passes it in.
    """

    def __init__(self, desk: Desk, *, examples: Sequence[str] = ()) -> None:
        """Ask at this desk; show the examples while there is no conversation."""
        self._desk = desk
        self._examples = examples

    async def ask(
        self,
        question: str,
        conversation: Conversation,
        sources: Sequence[str] = (),
        authors: Sequence[str] = (),
        after: str | None = None,
        before: str | None = None,
    ) -> AsyncIterator[Shown]:
        """Show the question at once, then its answer; on failure hand the question back."""
        question = sendable(question)
        if not question:  # Enter in an empty box, or once too often
            yield gr.skip(), gr.skip(), gr.skip()
            return
        if not question.strip():
            yield self._show(conversation, notice="Type a question first."), "", gr.skip()
            return
        try:
            typed = read_typed(question, last=conversation[-1].question if conversation else "")
            filters = _filters(sources, authors, after, before)
            left = _left_by(typed, conversation)
            yield self._show(left, pending=typed.question), "", gr.skip()
            history = () if typed.as_typed else conversation_of(left).turns
            asked = self._desk.ask(typed.question, filters=filters, history=history)
            answer = await asyncio.wrap_future(asked)
        except FootnoteError as error:
            yield self._show(conversation, notice=str(error)), question, gr.skip()
        except Exception:  # whatever went wrong, the page must not go on saying that it reads
            log.exception("the question could not be answered")
            notice = "Something went wrong while answering; the server's log says what."
            yield self._show(conversation, notice=notice), question, gr.skip()
        else:
            conversation = (*left, answer)[-MAX_ANSWERS_KEPT:]
            yield self._show(conversation), gr.skip(), conversation

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
    ) -> object:
        """The fold's label, which says how many filters are in force behind it."""
        count = len(_named(sources)) + len(_named(authors)) + bool(_day(after)) + bool(_day(before))
        return gr.update(label=f"Filters ({count} in force)" if count else "Filters")

    def clear(self) -> Shown:
        """An empty conversation and an empty question box."""
        return self._show(()), "", ()

    def _show(self, answers: Conversation, *, pending: str = "", notice: str = "") -> str:
        return render.transcript(answers, examples=self._examples, pending=pending, notice=notice)


def _left_by(typed: Typed, conversation: Conversation) -> Conversation:
    """The conversation without its last answer, if that is the one that is asked for anew."""
    again = typed.as_typed and conversation and conversation[-1].question == typed.question
    return conversation[:-1] if again else conversation


def _filters(
    sources: Sequence[str], authors: Sequence[str], after: str | None, before: str | None
) -> Filters | None:
    """What the fold holds; None where it is empty. Raises FilterError as `as_filters` does."""
    chosen = as_filters(
        sources=_named(sources),
        authors=_named(authors),
        after=_day(after),
        before=_day(before),
    )
    return None if chosen == Filters() else chosen


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
        with gr.Column(elem_id="fn-app"):
            start_over = gr.Button("Clear conversation", elem_id="fn-clear")
            answers = _html(render.transcript(examples=examples), elem_id="fn-answers")
            _html(render.sources_panel(), elem_id="fn-panel")
            with gr.Column(elem_id="fn-foot"):
                question = gr.Textbox(
                    elem_id="fn-ask",
                    label="Your question",
                    show_label=False,
                    container=False,
                    placeholder="Ask your articles",
                    max_lines=6,
                    submit_btn="Ask",
                )
                fold, filters = _filter_fold()
        shown = [answers, question, conversation]
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
        start_over.click(
            chat.clear,
            outputs=shown,
            show_progress="hidden",
            cancels=[asked],
            api_visibility="private",
        )
        page.load(chat.offer, outputs=filters[:2], show_progress="hidden", api_visibility="private")
        gr.on(
            [each.change for each in filters],
            chat.name_filters,
            inputs=filters,
            outputs=fold,
            show_progress="hidden",
            api_visibility="private",
        )
    page.queue(max_size=AT_ONCE, api_open=False)
    return page


def _filter_fold() -> tuple[gr.Accordion, list[Field]]:
    """Fields for outlets, authors, first and last day, folded away until they are wanted."""
    fold: gr.Accordion
    with gr.Accordion("Filters", open=False, elem_id="fn-filters") as fold:
        with gr.Row(elem_id="fn-filter-fields"):
            names: list[Field] = [
                gr.Dropdown([], multiselect=True, label=label, allow_custom_value=True, elem_id=id_)
                for label, id_ in (("Outlets", "fn-sources-filter"), ("Authors", "fn-authors"))
            ]
            days: list[Field] = [
                gr.Textbox(label=label, placeholder="YYYY-MM-DD", max_lines=1, elem_id=id_)
                for label, id_ in (("From", "fn-after"), ("Until", "fn-before"))
            ]
    return fold, [*names, *days]


def _html(value: str, *, elem_id: str) -> gr.HTML:
    """Our markup as it is. The value fills a constant template, it is never compiled."""
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)
