"""Answers, sources and articles as HTML: pure, and the only place in ui/ where text becomes markup.

Every string goes through Jinja's autoescaping; no template marks anything as safe.
"""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from index.types import Article
from qa.types import Answer, Range
from ui.assets import scripts, stylesheets
from ui.views import Turn, WholeArticle, shortened

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals |= {"stylesheets": stylesheets, "scripts": scripts}


def transcript(
    answers: Sequence[Answer] = (),
    *,
    examples: Sequence[str] = (),
    pending: str | None = None,
    notice: str | None = None,
) -> str:
    """The conversation, oldest answer first; before the first, an invitation with examples.

    Each answer carries its sources in `data-sources`, as the HTML of `sources`, so that
    the page can show those of any answer without asking again.
    pending: a question that is being answered. notice: one line on what went wrong.
    """
    turns = [Turn.of(answer, number=number) for number, answer in enumerate(answers, 1)]
    return _templates.get_template("transcript.html").render(
        turns=[(turn, _sources(turn)) for turn in turns],
        examples=examples,
        pending=pending and shortened(pending),
        notice=notice,
    )


def sources_panel() -> str:
    """The place for sources, before there are any."""
    return _templates.get_template("panel.html").render()


def sources(answer: Answer, *, number: int = 1) -> str:
    """The sources of one answer, the `number`-th of the conversation."""
    return _sources(Turn.of(answer, number=number))


def article_page(article: Article, *, marked: Range | None = None) -> str:
    """A page with the whole article, marked where the range lies in its text."""
    return _templates.get_template("article.html").render(
        article=WholeArticle.of(article, marked=marked)
    )


def notice_page(heading: str, line: str) -> str:
    """A page that says calmly what could not be shown."""
    return _templates.get_template("notice.html").render(heading=heading, line=line)


def page_head(*, nonce: str) -> str:
    """What the chat page needs in its <head>."""
    return _templates.get_template("head.html").render(nonce=nonce)


def page_header(*, subtitle: str = "") -> str:
    """The line on top of the chat page, there before anything else has loaded."""
    return _templates.get_template("header.html").render(subtitle=subtitle)


def page_views() -> str:
    """The places of the other views beside the chat, empty until one of them is opened."""
    return _templates.get_template("views.html").render()


def _sources(turn: Turn) -> str:
    return _templates.get_template("sources.html").render(turn=turn)
