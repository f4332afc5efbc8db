"""Which language a request is answered in. Apart from `ui.language`, which commands load too."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.language import preferred, speaking


class Speak:
    """Has each request answered in the language that its browser prefers."""

    def __init__(self, app: ASGIApp) -> None:
        """Speak to whoever calls `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Choose the language and pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with speaking(preferred(Headers(scope=scope).get("accept-language"))):
            await self._app(scope, receive, send)
