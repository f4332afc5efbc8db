"""The HTTP API: questions, passages and articles as JSON for scripts. `docs/api.md` shows it."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response

from index.errors import FootnoteError
from qa.types import Json
from ui import render
from ui.bodies import ArticlesQuery, AskBody, SearchBody, first_fault
from ui.description import describe, operations, responses
from ui.desk import Busy, Desk
from ui.listing import narrowed, record_json, whole_json

TAKES = {  # a reminder for those whose request was malformed
    "/api/ask": 'POST /api/ask takes JSON: {"question": "..."}',
    "/api/search": 'POST /api/search takes JSON: {"question": "...", "top_k": 10}',
    "/api/articles": "GET /api/articles takes q, source, after, before, limit and offset",
}


class Desked:
    """The answers of all routes, as JSON, from one desk. Raise FootnoteErrors as the desk does."""

    def __init__(self, desk: Desk) -> None:
        """Ask at this desk."""
        self._desk = desk

    async def ask(self, body: AskBody) -> Json:
        """An answer with its citations; one that was not found is a success too."""
        answer = await asyncio.wrap_future(self._desk.ask(body.question, body.wishes()))
        return answer.to_json()

    async def search(self, body: SearchBody) -> Json:
        """Passages for the question, best first, each cited without a quote."""
        found = await asyncio.wrap_future(self._desk.search(body.question, body.wishes()))
        return found.to_json()

    async def articles(self, query: ArticlesQuery) -> Json:
        """Live articles in the order of adding, and how many there are of those wanted."""
        wanted = query.wanted()
        records = await asyncio.wrap_future(self._desk.articles())
        found = await asyncio.to_thread(narrowed, records, wanted)
        shown = found.records[query.offset : query.offset + query.limit]
        return {
            "total": len(found.records),
            "offset": query.offset,
            "limit": query.limit,
            "undated_left_out": found.undated_left_out,
            "articles": [record_json(record) for record in shown],
        }

    async def article(self, article_id: str) -> Json:
        """One article by its id or the beginning of it, also a replaced or removed one."""
        whole = await asyncio.wrap_future(self._desk.whole(article_id))
        return whole_json(whole.article, whole.record)


def api_router(desk: Desk) -> APIRouter:
    """The routes of scripts."""
    router = APIRouter(prefix="/api")
    desked = Desked(desk)

    @router.post(
        "/ask",
        operation_id="ask",
        summary="Ask a question",
        responses=responses("Answer", problems=(400, 422, 503)),
    )
    async def ask(body: AskBody) -> Response:
        """An answer with its citations, as `footnote ask --json`; or why there is none."""
        return JSONResponse(await desked.ask(body))

    @router.post(
        "/search",
        operation_id="search",
        summary="Search for passages",
        responses=responses("FoundPassages", problems=(400, 422, 503)),
    )
    async def search(body: SearchBody) -> Response:
        """Passages, best first, with their scores; the citation of each has no quote."""
        return JSONResponse(await desked.search(body))

    @router.get(
        "/articles",
        operation_id="articles",
        summary="List articles",
        responses=responses("ArticleList", problems=(400, 422, 503)),
    )
    async def articles(query: Annotated[ArticlesQuery, Query()]) -> Response:
        """The articles in the library in the order of adding, as in `footnote list --json`."""
        return JSONResponse(await desked.articles(query))

    @router.get(
        "/articles/{article_id}",
        operation_id="article",
        summary="Read an article",
        responses=responses("WholeArticle", problems=(404, 503)),
    )
    async def article(article_id: str) -> Response:
        """All of its text and metadata, as `footnote show --json`; by id or the beginning of one.

        Also one that was replaced or removed, for citations stay good.
        """
        try:
            return JSONResponse(await desked.article(article_id))
        except Busy:
            raise
        except FootnoteError as error:
            raise HTTPException(404, str(error)) from error

    @router.get(
        "/me",
        operation_id="me",
        summary="What may I do?",
        responses=responses("Me", problems=()),
    )
    async def me(request: Request) -> Response:
        """The name that was given, and whether it may change the library."""
        state = request.state
        return JSONResponse({"name": state.name, "may_edit": state.may_edit})

    return router


def describing_router(described: APIRouter) -> APIRouter:
    """The routes that describe those of another router, to programs and to people."""
    router = APIRouter()
    description = describe(described)

    @router.get("/openapi.json")
    async def openapi() -> Response:
        return JSONResponse(description)

    @router.get("/api/docs")
    async def docs(request: Request) -> Response:
        address = str(request.base_url).rstrip("/")
        return HTMLResponse(render.api_page(operations(description, address=address)))

    return router


def missing_router() -> APIRouter:
    """Whatever else is asked for under `/api`, said in JSON as all else there; comes last."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/api/{rest:path}", methods=["GET", "POST"])
    async def missing(request: Request, rest: str) -> Response:
        path = f"/api/{rest}"
        if path in TAKES:
            return _error(405, f"{request.method} is not for {path}; {TAKES[path]}")
        return _error(404, f"nothing here answers {request.method} {path}: see /api/docs")

    return router


def say_errors_in_json(app: FastAPI) -> None:
    """Whatever goes wrong in a route is answered `{"error": "one line"}`, with its status."""

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        path = request.url.path
        takes = TAKES.get(path, f"/api/docs says what {path} takes")
        # FastAPI's own answer repeats the input, which may not even be sendable.
        said = first_fault(error.errors(), skip=1)
        return _error(422, f"malformed request; {takes} ({said})")

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        return _error(error.status_code, str(error.detail))

    @app.exception_handler(Busy)
    async def busy(request: Request, error: Busy) -> Response:
        return _error(503, str(error))

    @app.exception_handler(FootnoteError)
    async def impossible(request: Request, error: FootnoteError) -> Response:
        return _error(400, str(error))


def _error(status: int, line: str) -> JSONResponse:
    return JSONResponse({"error": line}, status_code=status)
