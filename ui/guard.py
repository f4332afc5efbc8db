"""What stands between the network and the app: who may call, what, how much; and the headers.

Knows nothing of answers. A pure ASGI middleware, so that event streams pass unbuffered.
"""

import ipaddress
import re
import secrets
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 1_000_000  # bytes of a request; a question is far smaller
MAX_UPLOAD = 64 << 20  # bytes of a file that is added, or asked from
UPLOADS = ("/api/library/add", "/api/evaluations")

# All that the page uses. Whatever else Gradio serves (uploads, file and proxy routes,
# its API past the queue, monitoring, run history) is not there.
ROUTES = re.compile(
    r"""/
    | /(?:assets|static|footnote|article)/.+
    | /theme\.css
    | /favicon\.ico
    | /api/(?:ask|search|articles(?:/\w+)?|suggestions|me|docs|report|verify|gold(?:/\w+/remove)?)
    | /library/(?:view|list|outlets)
    | /api/library/(?:ids|add|paste|remove|undo)
    | /evaluate/(?:view|\w+(?:/(?:report\.html|metrics\.json|per_question\.jsonl))?)
    | /api/evaluations(?:/gold|/\w+/(?:stop|go_on))?
    | /openapi\.json
    | /mcp  # where it is asked for
    | /gradio_api/(?:queue/(?:join|data)|heartbeat/[\w-]+|cancel|app_id)  # the last: to reconnect
    | /config | /gradio_api/info  # what gradio_client reads before it asks
    """,
    re.VERBOSE,
)
# Pages that bring a policy of their own, by the hashes of all that they may run.
OWN_POLICY = re.compile(r"/evaluate/\w+/report\.html")
VERSIONED = re.compile(r"/assets/.+-[\w-]{8}\.(?:js|css|woff2?)")  # Gradio's, named by content
VERSION = re.compile(rb"v=[0-9a-f]+")  # ours: ui/assets.py
METHODS = ("GET", "HEAD", "POST")

# Gradio's HTML component compiles its (constant) template with `new Function`, hence
# 'unsafe-eval'; a script in the page's text still cannot run, for it lacks the nonce.
# Its elements carry style attributes, hence 'unsafe-inline' for styles only.
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is turned away."""

    status: int
    line: str


def is_loopback(host: str) -> bool:
    """Whether this host is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def own_names(host: str) -> frozenset[str]:
    """Names under which a server bound to `host` is rightly called, apart from addresses."""
    if is_loopback(host):
        return frozenset({"localhost"})
    name = socket.gethostname().lower()
    return frozenset({"localhost", host.lower(), name, f"{name}.local", socket.getfqdn().lower()})


def refusal_to(
    path: str, line: str, *, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """The line as those read it who call this path: scripts as JSON, people as text."""
    if path.startswith("/api/"):
        return JSONResponse({"error": line}, status_code=status, headers=headers)
    return PlainTextResponse(line + "\n", status_code=status, headers=headers)


class Guard:
    """Lets only requests through that are meant for this server and come from its own page.

    A foreign name in `Host` is how a web page elsewhere reaches a server on this machine
    (DNS rebinding), so names are checked; a plain address cannot be rebound.
    """

    def __init__(self, app: ASGIApp, *, host: str, names: Collection[str] = ()) -> None:
        """Guard `app`, bound to `host`; `names` are further names it may be called by."""
        self._app = app
        self._local = is_loopback(host)
        self._names = own_names(host) | {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with headers added."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks WebSocket
            return
        headers = Headers(scope=scope)
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        send = _with_headers(send, nonce=nonce, path=scope["path"], query=scope["query_string"])
        refusal = self._refusal(scope, headers)
        if refusal:
            response = refusal_to(scope["path"], refusal.line, status=refusal.status)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Refusal | None:
        host = headers.get("host", "")
        if not self._is_own(_host_name(host)):
            return Refusal(421, "This server does not answer to that name.")
        if not _from_own_page(headers, host, method=scope["method"]):
            return Refusal(403, "Requests from other sites are not answered.")
        if scope["method"] not in METHODS:
            return Refusal(405, "Only GET, HEAD and POST are answered.")
        if not ROUTES.fullmatch(scope["path"]):
            return Refusal(404, "Not found.")
        if "transfer-encoding" in headers:  # no page of ours sends a body of unknown size
            return Refusal(411, "A request must say its length.")
        length = headers.get("content-length", "0")
        most = MAX_UPLOAD if scope["path"] in UPLOADS else MAX_BODY
        if not length.isdecimal() or int(length) > most:
            return Refusal(413, f"A request may hold {most:,} bytes at most.")
        return None

    def _is_own(self, name: str) -> bool:
        if name in self._names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback if self._local else True


def _host_name(host: str) -> str:
    """The name in a Host header: no port, no brackets, lower case; empty if malformed."""
    try:
        parts = urlsplit(f"//{host}")
        valid = parts.netloc == host and parts.username is None and (parts.port or 1)
    except ValueError:
        return ""
    return (parts.hostname or "").removesuffix(".") if valid else ""


def _from_own_page(headers: Headers, host: str, *, method: str) -> bool:
    """Whether a browser says that the request comes from a page of this server, or of none."""
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == host
    if headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return True
    # Following a link from elsewhere is fine; being loaded into another page is not.
    followed = headers.get("sec-fetch-mode") == "navigate" and method in ("GET", "HEAD")
    return followed and headers.get("sec-fetch-dest") == "document"


def _keeping(path: str, query: bytes) -> str:
    """How long a browser may keep what it finds there."""
    if VERSIONED.fullmatch(path) or (path.startswith("/footnote/") and VERSION.fullmatch(query)):
        return "private, max-age=31536000, immutable"
    if path.startswith(("/assets/", "/static/", "/footnote/")):
        return "no-cache"  # it may be kept, but is asked for again each time
    return "no-store"


def _with_headers(send: Send, *, nonce: str, path: str, query: bytes) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if not (OWN_POLICY.fullmatch(path) and "content-security-policy" in headers):
                headers["content-security-policy"] = POLICY.format(nonce=nonce)
            for name, value in HEADERS.items():
                headers[name] = value
            found = message["status"] in (200, 206, 304)
            headers["cache-control"] = _keeping(path, query) if found else "no-store"
        await send(message)

    return sending
