"""The HTTP API: questions, passages and articles as JSON for scripts. `docs/api.md` shows it."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from index.errors import FootnoteError
from qa.types import Json
from ui.bodies import ArticlesQuery, AskBody, SearchBody
from ui.desk import Busy, Desk, sendable
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
        answer = await asyncio.wrap_future(self._desk.ask_as(body.question, body.wishes()))
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

    @router.post("/ask")
    async def ask(body: AskBody) -> Response:
        return JSONResponse(await desked.ask(body))

    @router.post("/search")
    async def search(body: SearchBody) -> Response:
        return JSONResponse(await desked.search(body))

    @router.get("/articles")
    async def articles(query: Annotated[ArticlesQuery, Query()]) -> Response:
        return JSONResponse(await desked.articles(query))

    @router.get("/articles/{article_id}")
    async def article(article_id: str) -> Response:
        try:
            return JSONResponse(await desked.article(article_id))
        except Busy:
            raise
        except FootnoteError as error:
            raise HTTPException(404, str(error)) from error

    @router.get("/me")
    async def me(request: Request) -> Response:
        state = request.state
        return JSONResponse({"name": state.name, "may_edit": state.may_edit})

    return router


def say_errors_in_json(app: FastAPI) -> None:
    """Whatever goes wrong in a route is answered `{"error": "one line"}`, with its status."""

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        path = request.url.path
        takes = TAKES.get(path, f"/api/docs says what {path} takes")
        # FastAPI's own answer repeats the input, which may not even be sendable.
        first = error.errors()[0]
        where = ".".join(sendable(each) for each in first["loc"][1:] if isinstance(each, str))
        said = f"{where}: {first['msg']}" if where else first["msg"]
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
