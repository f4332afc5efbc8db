"""The same questions as named endpoints of the Gradio app, for `gradio_client`."""

from collections.abc import Awaitable, Callable

import gradio as gr
from gradio.events import api
from pydantic import ValidationError

from index.errors import FootnoteError
from qa.assistant import TOP_K
from qa.types import Json
from ui.api import Desked
from ui.app import AT_ONCE
from ui.bodies import LISTED, ArticlesQuery, AskBody, SearchBody, first_fault
from ui.desk import Desk


def add_endpoints(page: gr.Blocks, desk: Desk) -> None:
    """Add `/ask`, `/search`, `/read_article` and `/articles` to the page."""
    for each in page.fns.values():  # what the page itself calls needs no names that we want
        if each.api_visibility == "private":
            each.api_name = f"page_{each._id}"
    with page:
        for endpoint in endpoints(Desked(desk)):
            api(endpoint, api_name=endpoint.__name__, concurrency_limit=AT_ONCE)


def endpoints(desked: Desked) -> tuple[Callable[..., Awaitable[Json]], ...]:
    """The functions behind the endpoints. They raise `gr.Error` with one line."""

    async def ask(
        question: str,
        sources: list[str] | None = None,
        authors: list[str] | None = None,
        after: str | None = None,
        before: str | None = None,
        as_of: str | None = None,
        top_k: int = TOP_K,
        precision: float | None = None,
    ) -> Json:
        """Answer a question in the articles' own words, with citations.

        sources, authors: who may answer; none: all. after, before: the first and last day of
        articles, YYYY-MM-DD. as_of: a day; later articles are hidden, and "last week" in the
        question counts from it. top_k: passages to read, 1 to 100. precision: answer only where
        this share (0 to 1) of such answers was right.
        What comes back is the object of `footnote ask --json`.
        """
        return await _said(
            lambda: desked.ask(
                AskBody(
                    question=question,
                    sources=sources or [],
                    authors=authors or [],
                    after=after,
                    before=before,
                    as_of=as_of,
                    top_k=top_k,
                    precision=precision,
                )
            )
        )

    async def search(
        question: str,
        top_k: int = 10,
        sources: list[str] | None = None,
        authors: list[str] | None = None,
        after: str | None = None,
        before: str | None = None,
    ) -> Json:
        """Find passages for a question, best first, each cited without a quote.

        top_k: passages to find, 1 to 100. sources, authors: where to search; none: everywhere.
        after, before: the first and last day of articles, YYYY-MM-DD.
        What comes back is the object of `POST /api/search`.
        """
        return await _said(
            lambda: desked.search(
                SearchBody(
                    question=question,
                    top_k=top_k,
                    sources=sources or [],
                    authors=authors or [],
                    after=after,
                    before=before,
                )
            )
        )

    async def read_article(article_id: str) -> Json:
        """Read an article whole, with where each value of its metadata was found.

        article_id: the id, or the beginning of it.
        What comes back is the object of `footnote show --json`.
        """
        return await _said(lambda: desked.article(article_id))

    async def articles(
        q: str = "",
        source: list[str] | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: int = LISTED,
        offset: int = 0,
    ) -> Json:
        """List articles in the order of adding.

        q: words of headline, outlet, authors or path, without case. source: outlets; none: all.
        after, before: the first and last day, YYYY-MM-DD. limit: articles to list, 1 to 500.
        offset: articles to pass over.
        What comes back is the object of `GET /api/articles`.
        """
        return await _said(
            lambda: desked.articles(
                ArticlesQuery(
                    q=q,
                    source=source or [],
                    after=after,
                    before=before,
                    limit=limit,
                    offset=offset,
                )
            )
        )

    return ask, search, read_article, articles


async def _said(answer: Callable[[], Awaitable[Json]]) -> Json:
    """The answer; whatever stands against it as a line that reaches the client."""
    try:
        return await answer()
    except ValidationError as error:
        raise gr.Error(first_fault(error.errors()), print_exception=False) from error
    except FootnoteError as error:
        raise gr.Error(str(error), print_exception=False) from error
