"""The files that the page is dressed with, and where they are served."""

import hashlib
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
STYLESHEETS = (
    "style.css",
    "chat.css",
    "sources.css",
    "report.css",
    "library.css",
    "evaluate.css",
)  # in the order in which they apply
SCRIPTS = (
    "core.js",
    "page.js",
    "report.js",
    "feedback.js",
    "library.js",
    "adding.js",
    "evaluate.js",
)  # in the order in which they run


def stylesheets() -> tuple[str, ...]:
    """The addresses of all stylesheets."""
    return tuple(map(static_address, STYLESHEETS))


def scripts() -> tuple[str, ...]:
    """The addresses of the chat page's scripts."""
    return tuple(map(static_address, SCRIPTS))


@cache
def static_address(name: str) -> str:
    """Where the file is served; the address changes with its content, so caches never lie."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/footnote/{name}?v={digest}"
