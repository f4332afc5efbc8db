"""The library over HTTP: fragments of its view, and what changes it.

`POST /api/library/add?name=...` takes one file as it is; the rest takes and gives JSON.
Whatever cannot be done is `{"error": one line}`.
"""

import asyncio
import tempfile
from concurrent.futures import Future
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import ClientDisconnect

from index.catalogue import Look, Order
from ui import render
from ui.auth import require_edit
from ui.desk import sendable
from ui.guard import MAX_UPLOAD
from ui.library_view import List, kinds, outlets
from ui.pasting import Paste, as_day
from ui.shelf import Added, Shelf, Unreadable
from ui.upload_names import safe_name

UPLOADED = "uploaded"  # where files from the page stand; no path on a disk begins so
PASTED = "pasted"
AT_ONCE = 4  # uploads held on disk
_ORDERS: tuple[Order, ...] = ("published", "added", "title", "source")

T = TypeVar("T", bound=BaseModel)


class Ids(BaseModel):
    """Articles by their whole ids."""

    ids: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(min_length=1)


def may_edit(request: Request, shelf: Shelf) -> bool:
    """Whether whoever asks may change this library."""
    return bool(getattr(request.state, "may_edit", False)) and shelf.library.writable


def add_library_routes(app: FastAPI, shelf: Shelf) -> None:
    """Add the routes of this library."""
    app.include_router(_reading(shelf))
    app.include_router(_editing(shelf))


def _reading(shelf: Shelf) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/library/view")
    async def view(request: Request) -> Response:
        page = render.library_view(may_edit=may_edit(request, shelf), kinds=kinds())
        return HTMLResponse(page)

    @router.get("/library/list")
    async def listing(request: Request, offset: str = "0") -> Response:
        look = _look(request)
        first = int(offset) if offset.isdecimal() and len(offset) < 10 else 0
        return HTMLResponse(await asyncio.to_thread(_listing, shelf, look, first))

    @router.get("/library/outlets")
    async def outlet_list() -> Response:
        catalogue = await asyncio.to_thread(shelf.catalogue)
        return HTMLResponse(render.library_outlets(outlets(catalogue)))

    @router.get("/api/library/ids")
    async def ids() -> Response:
        catalogue = await asyncio.to_thread(shelf.catalogue)
        named = [
            {"name": name, "ids": [entry.id for entry in entries]}
            for name, entries in catalogue.by_source().items()
        ]
        return JSONResponse({"state": catalogue.state, "outlets": named})

    return router


def _listing(shelf: Shelf, look: Look, offset: int) -> str:
    catalogue = shelf.catalogue()
    found = catalogue.find(shelf.library, look)
    return render.library_list(List.of(catalogue, found, offset=offset), look=look)


def _look(request: Request) -> Look:
    asked = {name: sendable(value)[:500] for name, value in request.query_params.items()}
    order = next((order for order in _ORDERS if order == asked.get("order")), _ORDERS[0])
    return Look(
        words=asked.get("q", ""),
        source=asked.get("outlet"),
        after=as_day("from", asked.get("after", "")),
        before=as_day("until", asked.get("before", "")),
        order=order,
    )


def _editing(shelf: Shelf) -> APIRouter:
    router = APIRouter(
        include_in_schema=False, prefix="/api/library", dependencies=[Depends(require_edit)]
    )
    uploads = asyncio.Semaphore(AT_ONCE)

    @router.post("/add")
    async def add(request: Request, name: str = "") -> Response:
        safe = safe_name(name)
        async with uploads:
            with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
                file = Path(folder, safe)
                file.parent.mkdir(parents=True, exist_ok=True)
                await receive(request, file)
                added = await _added(shelf.add(file, f"{UPLOADED}/{safe}"))
        return JSONResponse(_as_json(added))

    @router.post("/paste")
    async def paste(request: Request) -> Response:
        pasted = await _body(request, Paste, '{"text": "...", "title": "..."}')
        change, record = pasted.change(), pasted.record()
        place = f"{PASTED}/{pasted.name()}"
        with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
            file = Path(folder, "pasted.jsonl")
            file.write_text(record, encoding="utf-8")
            added = await _added(shelf.add(file, place, change=change))
        return JSONResponse(_as_json(added))

    @router.post("/remove")
    async def remove(request: Request) -> Response:
        ids = (await _body(request, Ids, '{"ids": ["..."]}')).ids
        removed = await asyncio.to_thread(shelf.remove, [sendable(id_) for id_ in ids])
        return JSONResponse({"removed": [record.id for record in removed]})

    @router.post("/undo")
    async def undo(request: Request) -> Response:
        ids = (await _body(request, Ids, '{"ids": ["..."]}')).ids
        found = await asyncio.to_thread(shelf.bring_back, [sendable(id_) for id_ in ids])
        return JSONResponse(
            {
                "back": [record.id for record in found.back],
                "superseded": [
                    {"id": record.id, "title": record.title} for record in found.superseded
                ],
            }
        )

    return router


async def _added(adding: "Future[Added]") -> Added:
    """What the file gave. Raises HTTPException 422 where it gave no article."""
    try:
        return await asyncio.wrap_future(adding)
    except Unreadable as error:
        raise HTTPException(422, str(error)) from error


async def receive(request: Request, file: Path) -> None:
    """Write the body to the file. Raises HTTPException: 413 at once, 400 where it breaks off."""
    size = 0
    try:
        with file.open("wb") as place:
            async for chunk in request.stream():
                size += len(chunk)
                if size > MAX_UPLOAD:
                    raise HTTPException(
                        413, f"a file may hold {MAX_UPLOAD >> 20} MB at most: split it"
                    )
                place.write(chunk)
    except ClientDisconnect:
        raise HTTPException(400, "the file did not arrive whole: send it again") from None


async def _body(request: Request, form: type[T], like: str) -> T:
    """The request's JSON. Raises HTTPException 422 where it is not of this form."""
    try:
        return form.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(map(str, first["loc"]))[:60]
        about = f"{where}: {first['msg']}" if where else "not JSON"
        line = f"malformed request ({about}); POST {request.url.path} takes JSON: {like}"
        raise HTTPException(422, sendable(line)) from None


def _as_json(added: Added) -> dict[str, object]:
    return {
        "outcome": added.outcome,
        "line": added.line,
        "warnings": list(added.warnings)[:5],
        "articles": [
            {"id": each.id, "title": each.title, "outcome": each.outcome, "was": each.was}
            for each in added.articles
        ],
    }
