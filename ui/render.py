"""Answers, sources and articles as HTML: pure, and the only place in ui/ where text becomes markup.

Every string goes through Jinja's autoescaping; no template marks anything as safe.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from index.catalogue import Look
from index.types import Article
from qa.types import Answer, Found, Range
from ui.assets import scripts, static_address, stylesheets
from ui.description import Operation
from ui.evaluate_view import EXAMPLE
from ui.evaluate_view import Shown as Evaluated
from ui.guard import MAX_UPLOAD
from ui.language import _, catalogue, counted, spoken
from ui.library_view import List, Outlet
from ui.views import Pending, Turn, WholeArticle

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals |= {
    "stylesheets": stylesheets,
    "scripts": scripts,
    "_": _,
    "counted": counted,
    "spoken": spoken,
}


def transcript(
    answers: Sequence[Answer] = (),
    *,
    examples: Sequence[str] = (),
    pending: str = "",
    before: int = 0,
    found: Found | None = None,
    notice: str = "",
) -> str:
    """The conversation, oldest answer first; before the first, an invitation with examples.

    Each answer carries in `data-sources`, `data-compared` and `data-timeline`, as HTML, what
    stands beside it, so that the page can show it for any answer without asking again.
    pending: a question that is being answered, and before: how many come first, or
    found: what it is answered from. notice: one line on what went wrong.
    """
    turns = [_turn(answer, number, spoken()) for number, answer in enumerate(answers, 1)]
    waiting = Pending.of(pending, before=before, found=found) if pending else None
    return _templates.get_template("transcript.html").render(
        turns=[(turn, _beside(turn)) for turn in turns],
        examples=examples,
        pending=waiting,
        pending_sources=_sources(waiting) if waiting and waiting.sources else "",
        asked=pending,
        notice=notice,
    )


def sources_panel() -> str:
    """The place for sources, before there are any."""
    return _templates.get_template("panel.html").render()


def next_questions() -> str:
    """The place for questions to ask next."""
    return _templates.get_template("next.html").render()


def scope_line() -> str:
    """What is said where not all articles are asked."""
    return _templates.get_template("scope.html").render()


def sources(answer: Answer, *, number: int = 1) -> str:
    """The sources of one answer, the `number`-th of the conversation."""
    return _sources(_turn(answer, number, spoken()))


def article_page(article: Article, *, marked: Sequence[Range] = ()) -> str:
    """A page with the whole article, marked where the ranges lie in its text."""
    return _templates.get_template("article.html").render(
        article=WholeArticle.of(article, marked=marked)
    )


def article_beside(article: Article, *, marked: Sequence[Range] = ()) -> str:
    """The same, to be read beside the conversation."""
    return _templates.get_template("reading.html").render(
        article=WholeArticle.of(article, marked=marked), marks=len(marked)
    )


def api_page(operations: Sequence[Operation]) -> str:
    """A page that shows scripts' authors what they can ask of the server."""
    return _templates.get_template("api.html").render(
        operations=operations, own=static_address("api.css")
    )


def notice_page(heading: str, line: str) -> str:
    """A page that says calmly what could not be shown."""
    return _templates.get_template("notice.html").render(heading=heading, line=line)


def page_head(*, nonce: str) -> str:
    """What the chat page needs in its <head>."""
    return _templates.get_template("head.html").render(nonce=nonce, words=dict(catalogue(spoken())))


def page_header(*, subtitle: str = "") -> str:
    """The line on top of the chat page, there before anything else has loaded."""
    return _templates.get_template("header.html").render(subtitle=subtitle)


def page_views() -> str:
    """The places of the other views beside the chat, empty until one of them is opened."""
    return _templates.get_template("views.html").render()


def library_view(*, may_edit: bool, kinds: str) -> str:
    """The frame of the library view; `kinds` are the endings of files that can be read."""
    template = _templates.get_template("library.html")
    return template.render(may_edit=may_edit, kinds=kinds, most=MAX_UPLOAD)


def library_list(shown: List, *, look: Look) -> str:
    """A stretch of the articles that were found."""
    return _templates.get_template("library_list.html").render(list=shown, look=look)


def library_outlets(outlets: Sequence[Outlet]) -> str:
    """All outlets, to look at and to take in or leave out."""
    return _templates.get_template("library_outlets.html").render(outlets=outlets)


def evaluate_view(evaluations: Sequence[Evaluated], *, gold: int, may_edit: bool) -> str:
    """The whole Evaluate view; `gold` is the number of the library's own gold questions."""
    return _templates.get_template("evaluate.html").render(
        evaluations=evaluations,
        gold=gold,
        may_edit=may_edit,
        example=EXAMPLE,
        most=MAX_UPLOAD,
    )


def evaluate_run(evaluation: Evaluated, *, may_edit: bool) -> str:
    """One evaluation in that view."""
    return _templates.get_template("evaluate_run.html").render(each=evaluation, may_edit=may_edit)


@lru_cache(maxsize=256)
def _turn(answer: Answer, number: int, language: str) -> Turn:
    """Kept, since every answer of a conversation is drawn again with each new one."""
    return Turn.of(answer, number=number)


def _beside(turn: Turn) -> Mapping[str, str]:
    """What the page can show beside the answer, by the name of its tab; empty for nothing."""
    return {
        "sources": _sources(turn),
        "compared": _part("compared.html", turn) if turn.claims else "",
        "timeline": _part("timeline.html", turn) if turn.timeline else "",
    }


def _sources(turn: Turn | Pending) -> str:
    return _part("sources.html", turn)


def _part(template: str, turn: Turn | Pending) -> str:
    return _templates.get_template(template).render(turn=turn)
