"""The web server: our routes and Gradio's page in one app, behind the guard."""

import asyncio
import logging
import os
import re
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from types import FrameType

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import FootnoteError
from qa.types import Range
from ui import evaluate_routes, render, report_routes, suggesting
from ui.answerer import Answerer
from ui.api import api_router, describing_router, missing_router, say_errors_in_json
from ui.app import build_page, said
from ui.assets import STATIC
from ui.auth import BasicAuth, NoAuth, users_for
from ui.desk import DEADLINE, Desk
from ui.endpoints import add_endpoints
from ui.evaluations import Evaluations
from ui.fair import Askers, asker_now
from ui.guard import Guard
from ui.library_routes import add_library_routes
from ui.library_view import counted_articles
from ui.mcp_tools import mcp_routes, mcp_server
from ui.measured import Measured
from ui.shelf import Shelf
from ui.shell import dressed
from ui.speak import Speak

DEFAULT_PORT = 7860
PORTS_TRIED = 20
MAX_MARKS = 100  # in one article


class ServeError(FootnoteError):
    """A server that cannot start as asked."""


def build_app(
    assistant: Answerer,
    *,
    host: str = "127.0.0.1",
    examples: Sequence[str] = (),
    subtitle: str = "",
    auth_file: Path | None = None,
    mcp: bool = False,
    shelf: Shelf | None = None,
    deadline: float = DEADLINE,
    measured: Measured | None = None,
) -> ASGIApp:
    """The whole app: the page at `/`, `/api` for scripts, `/article/{id}` to read one whole.

    examples: questions to click. subtitle: a few words beside the name. shelf: the library
    that the page shows and changes; its count is the subtitle then. deadline: seconds for
    one answer, after which its passages alone are shown. measured: what the page can
    evaluate.
    mcp: offer tools at `/mcp` too; raises McpMissing where that is not installed.
    Raises AuthError for a bad password file, and when `host` is open to others and there is none.
    """
    users = users_for(host, auth_file)
    desk = Desk(assistant, asker_now=asker_now, deadline=deadline)
    evaluations = Evaluations(measured, desk) if measured else None
    tools = mcp_server(desk) if mcp else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run() if tools else nullcontext():
            yield
        if evaluations:
            await asyncio.to_thread(evaluations.close)
        await asyncio.to_thread(desk.close)

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    _add_routes(app, desk)
    suggesting.add_routes(app, desk)
    report_routes.add_routes(app, desk)
    if shelf:
        add_library_routes(app, shelf)
    if evaluations:
        evaluate_routes.add_routes(app, evaluations)
    if tools:
        app.router.routes.extend(mcp_routes(tools))
    app.include_router(missing_router())
    app.mount("/footnote", StaticFiles(directory=STATIC))
    _in_a_loop(lambda: _mount_page(app, _page(desk, examples), host=host))
    app.add_middleware(Dress, subtitle=_counting(shelf) if shelf else lambda: subtitle)
    app.add_middleware(Speak)
    app.add_middleware(Askers)
    if users:
        app.add_middleware(BasicAuth, users=users)
    else:
        app.add_middleware(NoAuth)
    # Around all of it, so that even the answer to a failure inside carries the headers.
    return Guard(app, host=host)


def serve(
    assistant: Answerer,
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    auth_file: Path | None = None,
    examples: Sequence[str] = (),
    subtitle: str = "",
    mcp: bool = False,
    shelf: Shelf | None = None,
    deadline: float = DEADLINE,
    measured: Measured | None = None,
    on_listening: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve until SIGTERM or SIGINT, then return within five seconds.

    port: this one or an error; None: 7860, or the next that is free.
    on_listening: called with the page's address once it answers.
    Raises ServeError when the port or host cannot be had, AuthError as `build_app`.
    """
    app = build_app(
        assistant,
        host=host,
        examples=examples,
        subtitle=subtitle,
        auth_file=auth_file,
        mcp=mcp,
        shelf=shelf,
        deadline=deadline,
        measured=measured,
    )
    listener = listen(host, port)
    taken = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    server = Server(app, on_listening=lambda: on_listening(f"http://{shown}:{taken}/"))
    # uvicorn raises the signal again after it has shut down; here that is all there is to do.
    before = {each: signal.signal(each, _ignored) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()
        for each, handler in before.items():
            signal.signal(each, handler)


def listen(host: str, port: int | None) -> socket.socket:
    """A socket listening on the port, or on the first free one from 7860 on when it is None."""
    if port is not None and not 0 <= port < 2**16:
        raise ServeError(f"port {port}: not a port number; choose one below 65536 with --port")
    ports = range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED) if port is None else [port]
    reason = ""
    for each in ports:
        try:
            family = socket.getaddrinfo(host, each, type=socket.SOCK_STREAM)[0][0]
            return socket.create_server((host, each), family=family)
        except OSError as error:
            # Python adds the address to the system's words; the line below has it already.
            number = error.errno or 0  # below 0 for a name that cannot be looked up
            reason = os.strerror(number) if number > 0 else error.strerror or str(error)
    tried = f"port {port}" if port is not None else f"ports {ports[0]} to {ports[-1]}"
    raise ServeError(f"cannot listen on {host}, {tried}: {reason}; choose another with --port")


class Dress:
    """Dresses the page at `/` as ours; all else passes as it comes."""

    def __init__(self, app: ASGIApp, *, subtitle: Callable[[], str]) -> None:
        """Dress what `app` sends at `/`; the subtitle is asked for each time."""
        self._app = app
        self._subtitle = subtitle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold the page back until it is whole, then send it changed."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        # Compressed, there would be nothing to change.
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        body = bytearray()
        status = 200

        async def keep(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            body.extend(message.get("body", b""))

        await self._app(scope, receive, keep)
        page = dressed(
            body.decode(),
            nonce=scope["state"]["nonce"],
            subtitle=await asyncio.to_thread(self._subtitle),
        )
        await HTMLResponse(page, status_code=status)(scope, receive, send)


class Server(uvicorn.Server):
    """Says when it listens, and ends within seconds whoever is still connected."""

    def __init__(self, app: ASGIApp, *, on_listening: Callable[[], None] = lambda: None) -> None:
        """Serve `app`; `on_listening` is called once requests are answered."""
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self._on_listening = on_listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; an open page's stream has no end of its own, and cutting it is no error."""
        noted = logging.getLogger("uvicorn.error")
        before = noted.level
        noted.setLevel(logging.CRITICAL)
        try:
            await super().shutdown(sockets)
        finally:
            noted.setLevel(before)


def _add_routes(app: FastAPI, desk: Desk) -> None:
    say_errors_in_json(app)
    api = api_router(desk)
    app.include_router(api)
    app.include_router(describing_router(api))

    @app.get("/article/{article_id}")
    async def article(article_id: str, start: int = 0, end: int = 0) -> Response:
        try:
            found = await asyncio.wrap_future(desk.article(article_id))
        except FootnoteError as error:
            page = render.notice_page("Not here", str(error))
            return HTMLResponse(page, status_code=404)
        return HTMLResponse(render.article_page(found, marked=[Range(start, end)]))

    @app.get("/article/{article_id}/beside")
    async def beside(article_id: str, marks: str = "") -> Response:
        try:
            found = await asyncio.wrap_future(desk.article(article_id))
        except FootnoteError as error:
            return JSONResponse({"error": str(error)}, status_code=404)
        return HTMLResponse(render.article_beside(found, marked=_ranges(marks)))

    @app.get("/favicon.ico")
    async def icon() -> Response:
        return Response((STATIC / "icon.svg").read_bytes(), media_type="image/svg+xml")


def _ranges(marks: str) -> list[Range]:
    """Of "3-9,20-24"; what is no range is left out."""
    found = re.findall(r"(?<![0-9-])([0-9]{1,9})-([0-9]{1,9})(?![0-9-])", marks)
    return [Range(int(start), int(end)) for start, end in found[:MAX_MARKS]]


def _page(desk: Desk, examples: Sequence[str]) -> gr.Blocks:
    page = build_page(desk, examples=examples)
    add_endpoints(page, desk)
    return page


def _mount_page(app: FastAPI, page: gr.Blocks, *, host: str) -> None:
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_name=host,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        i18n=said,
        pwa=False,
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
    )


def _counting(shelf: Shelf) -> Callable[[], str]:
    return lambda: counted_articles(shelf.count())


def _in_a_loop(build: Callable[[], None]) -> None:
    """Call `build` inside an event loop; without one Gradio opens its own and leaves it open."""

    async def built() -> None:
        build()

    # In a thread of its own, since the caller's may have a loop running already.
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(asyncio.run, built()).result()


def _ignored(signum: int, frame: FrameType | None) -> None:
    """Let the signal pass: the server has ended because of it."""
