"""What other programs call by name: the same four functions for Gradio's clients and for MCP."""

from collections.abc import Awaitable, Callable

from pydantic import ValidationError

from index.errors import FootnoteError
from qa.assistant import TOP_K
from qa.types import Json
from ui.api import Desked
from ui.bodies import LISTED, ArticlesQuery, AskBody, SearchBody, first_fault
from ui.desk import Desk


class Tools:
    """Typed functions of plain values, described by their docstrings, which callers see."""

    def __init__(self, desk: Desk, *, refuse: Callable[[str], Exception]) -> None:
        """Ask at this desk; `refuse` makes the error that carries a line to the caller."""
        self._desked = Desked(desk)
        self._refuse = refuse

    async def ask(
        self,
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
        question counts from it. top_k: passages to find, 1 to 100. precision: answer only where
        this share (0 to 1) of such answers was right.
        What comes back is the object of `footnote ask --json`.
        """
        return await self._said(
            lambda: self._desked.ask(
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
        self,
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
        return await self._said(
            lambda: self._desked.search(
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

    async def read_article(self, article_id: str) -> Json:
        """Read an article whole, with where each value of its metadata was found.

        article_id: the id, or the beginning of it.
        What comes back is the object of `footnote show --json`.
        """
        return await self._said(lambda: self._desked.article(article_id))

    async def articles(
        self,
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
        return await self._said(
            lambda: self._desked.articles(
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

    async def _said(self, answer: Callable[[], Awaitable[Json]]) -> Json:
        """The answer; whatever stands against it as a line that reaches the caller."""
        try:
            return await answer()
        except ValidationError as error:
            raise self._refuse(first_fault(error.errors())) from error
        except FootnoteError as error:
            raise self._refuse(str(error)) from error
