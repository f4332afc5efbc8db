"""Who is asking, so that no one can fill the queue for everybody else."""

import threading
from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from gradio.context import LocalContext
from starlette.types import ASGIApp, Receive, Scope, Send

_asker: ContextVar[str] = ContextVar("asker", default="")


class Askers:
    """Notes for each request who sends it; `asker_now` says it while the request is answered."""

    def __init__(self, app: ASGIApp) -> None:
        """Note it for `app`, inside of what asks for names."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note it and pass the request on."""
        if scope["type"] == "http":
            _asker.set(asker_of(scope))
        await self._app(scope, receive, send)


def asker_of(scope: Mapping[str, Any]) -> str:
    """The name given, or the address where none is needed; empty if neither is known."""
    name = scope.get("state", {}).get("name")
    if name:
        return f"name {name}"
    client = scope.get("client")
    return f"address {client[0]}" if client else ""


def asker_now() -> str:
    """Who sent the request that is being answered; empty outside of any."""
    # Gradio answers what is in its queue in tasks of its own, which may stem from anyone's
    # request, and keeps the right one.
    queued = LocalContext.request.get(None)
    request = getattr(queued, "request", None)
    return asker_of(request.scope) if request else _asker.get()


class Shares:
    """How many questions each asker has waiting. Any number of threads may use it."""

    def __init__(self, most: int) -> None:
        """At most so many of each."""
        self._most = most
        self._waiting: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, asker: str) -> bool:
        """Count one more; False where the share is used up. Nobody in particular has no share."""
        with self._lock:
            if asker and self._waiting[asker] >= self._most:
                return False
            self._waiting[asker] += 1
            return True

    def give_back(self, asker: str) -> None:
        """Count one less."""
        with self._lock:
            self._waiting[asker] -= 1
            if not self._waiting[asker]:
                del self._waiting[asker]
