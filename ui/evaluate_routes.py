"""Evaluations over HTTP: fragments of their view, their files, and what begins and ends them.

`POST /api/evaluations?name=...` takes a file of questions as it is. Whatever cannot be done
is `{"error": one line}`.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field

from eval.datasets import DataSet
from eval.report import FILE, policy
from qa.types import Json
from ui import render
from ui.auth import require_edit
from ui.evaluate_view import Shown, left_words, progress_words, so_far_words
from ui.evaluations import Evaluations, NoEvaluation, Standing
from ui.language import _
from ui.library_routes import receive
from ui.question_files import read_questions, shown_name, stored_name

AT_ONCE = 2  # files read at a time, which bounds the memory
REPORT_POLICY = "{policy}; frame-ancestors 'none'"

Limit = Annotated[int | None, Query(ge=1, le=10_000_000)]


class GoldBody(BaseModel):
    """How many of the gold questions to ask at most; None: all."""

    limit: int | None = Field(default=None, ge=1)


def add_routes(app: FastAPI, evaluations: Evaluations) -> None:
    """Add the routes of these evaluations."""
    app.include_router(_reading(evaluations))
    app.include_router(_measuring(evaluations))


def _reading(evaluations: Evaluations) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/evaluate/view")
    async def view(request: Request) -> Response:
        gold = await asyncio.to_thread(evaluations.measured.gold_count)
        shown = [Shown.of(each) for each in evaluations.all()]
        return HTMLResponse(render.evaluate_view(shown, gold=gold, may_edit=_may_edit(request)))

    @router.get("/evaluate/{run_id}")
    async def one(request: Request, run_id: str) -> Response:
        shown = Shown.of(_found(evaluations, run_id))
        return HTMLResponse(render.evaluate_run(shown, may_edit=_may_edit(request)))

    @router.get(f"/evaluate/{{run_id}}/{FILE}")
    async def report(run_id: str) -> Response:
        # The guard adds all other headers.
        headers = {"content-security-policy": REPORT_POLICY.format(policy=policy())}
        return FileResponse(_file(evaluations, run_id, FILE), headers=headers)

    @router.get("/evaluate/{run_id}/metrics.json")
    async def metrics(run_id: str) -> Response:
        return _taken_along(_file(evaluations, run_id, "metrics.json"))

    @router.get("/evaluate/{run_id}/per_question.jsonl")
    async def per_question(run_id: str) -> Response:
        return _taken_along(_file(evaluations, run_id, "per_question.jsonl"))

    @router.get("/api/evaluations")
    async def every() -> Response:
        return JSONResponse({"evaluations": [_json(each) for each in evaluations.all()]})

    return router


def _measuring(evaluations: Evaluations) -> APIRouter:
    router = APIRouter(
        include_in_schema=False, prefix="/api/evaluations", dependencies=[Depends(require_edit)]
    )
    reading = asyncio.Semaphore(AT_ONCE)

    @router.post("")
    async def begin(
        request: Request, name: str = "", limit: Limit = None, repair: bool = False
    ) -> Response:
        shown = shown_name(name)
        async with reading:
            with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
                file = Path(folder, stored_name(shown))
                await receive(request, file)
                data = await asyncio.to_thread(read_questions, file, shown, repair=repair)
        return _begun(evaluations, shown, data, limit)

    @router.post("/gold")
    async def begin_gold(body: GoldBody) -> Response:
        data = await asyncio.to_thread(evaluations.measured.gold)
        return _begun(evaluations, _("Gold questions"), data, body.limit)

    @router.post("/{run_id}/stop")
    async def stop(run_id: str) -> Response:
        _found(evaluations, run_id)
        return JSONResponse(_json(evaluations.stop(run_id)))

    @router.post("/{run_id}/go_on")
    async def go_on(run_id: str) -> Response:
        _found(evaluations, run_id)
        return JSONResponse(_json(evaluations.go_on(run_id)))

    return router


def _begun(evaluations: Evaluations, name: str, data: DataSet, limit: int | None) -> Response:
    return JSONResponse(_json(evaluations.begin(name, data.thinned(limit))))


def _may_edit(request: Request) -> bool:
    return bool(getattr(request.state, "may_edit", False))


def _found(evaluations: Evaluations, run_id: str) -> Standing:
    try:
        return evaluations.one(run_id)
    except NoEvaluation as error:
        raise HTTPException(404, str(error)) from error


def _file(evaluations: Evaluations, run_id: str, name: str) -> Path:
    try:
        return evaluations.file(run_id, name)
    except NoEvaluation as error:
        raise HTTPException(404, str(error)) from error


def _taken_along(file: Path) -> Response:
    """Never shown as a page of this server, whatever stands in it."""
    return FileResponse(file, filename=file.name, content_disposition_type="attachment")


def _json(standing: Standing) -> Json:
    """How it stands, with the words that a page says of it."""
    return {
        "id": standing.id,
        "name": standing.name,
        "state": standing.state,
        "over": standing.over,
        "done": standing.done,
        "total": standing.total,
        "seconds_left": standing.seconds_left,
        "f1": standing.f1,
        "exact_match": standing.exact_match,
        "error": standing.error,
        "said": {
            "progress": progress_words(standing),
            "left": left_words(standing.seconds_left if standing.state == "asking" else None),
            "so_far": so_far_words(standing),
        },
    }
