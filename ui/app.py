"""The chat page's wiring: a question box, the conversation, its sources, a way to start over."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence

import gradio as gr

from index.errors import FootnoteError
from qa.conversation import conversation_of
from qa.types import Answer
from ui import render
from ui.desk import Desk, sendable
from ui.typed import Typed, read_typed

MAX_ANSWERS_KEPT = 100  # in one conversation; the oldest go first
AT_ONCE = 16  # conversations that may be waiting for the desk

log = logging.getLogger(__name__)

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

    async def ask(self, question: str, conversation: Conversation) -> AsyncIterator[Shown]:
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
            before = _left_by(typed, conversation)
            yield self._show(before, pending=typed.question), "", gr.skip()
            history = () if typed.as_typed else conversation_of(before).turns
            answer = await asyncio.wrap_future(self._desk.ask(typed.question, history=history))
        except FootnoteError as error:
            yield self._show(conversation, notice=str(error)), question, gr.skip()
        except Exception:  # whatever went wrong, the page must not go on saying that it reads
            log.exception("the question could not be answered")
            notice = "Something went wrong while answering; the server's log says what."
            yield self._show(conversation, notice=notice), question, gr.skip()
        else:
            conversation = (*before, answer)[-MAX_ANSWERS_KEPT:]
            yield self._show(conversation), gr.skip(), conversation

    def clear(self) -> Shown:
        """An empty conversation and an empty question box."""
        return self._show(()), "", ()

    def _show(self, answers: Conversation, *, pending: str = "", notice: str = "") -> str:
        return render.transcript(answers, examples=self._examples, pending=pending, notice=notice)


def _left_by(typed: Typed, conversation: Conversation) -> Conversation:
    """The conversation without its last answer, if that is the one that is asked for anew."""
    again = typed.as_typed and conversation and conversation[-1].question == typed.question
    return conversation[:-1] if again else conversation


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
            question = gr.Textbox(
                elem_id="fn-ask",
                label="Your question",
                show_label=False,
                container=False,
                placeholder="Ask your articles",
                max_lines=6,
                submit_btn="Ask",
            )
        shown = [answers, question, conversation]
        asked = question.submit(
            chat.ask,
            inputs=[question, conversation],
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
    page.queue(max_size=AT_ONCE, api_open=False)
    return page


def _html(value: str, *, elem_id: str) -> gr.HTML:
    """Our markup as it is. The value fills a constant template, it is never compiled."""
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)
