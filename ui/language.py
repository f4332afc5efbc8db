"""The language that the page speaks: English as written in the code, or another by a catalogue.

Articles, answers and questions are never translated. A catalogue is `languages/CODE.json`:
the English as it stands in the code, and what is said instead.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

CATALOGUES = Path(__file__).parent / "languages"
ENGLISH = "en"

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages, English first."""
    return (ENGLISH, *sorted(file.stem for file in CATALOGUES.glob("*.json")))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """What is said instead of the English; empty for English itself."""
    if language not in languages()[1:]:
        return {}
    found: dict[str, str] = json.loads((CATALOGUES / f"{language}.json").read_text("utf-8"))
    return found


def preferred(accepted: str | None) -> str:
    """The best language for an `Accept-Language` header (RFC 9110); English where none is known."""
    weighed: list[tuple[float, str]] = []
    for each in (accepted or "").split(","):
        name, _, weight = each.partition(";")
        code = name.strip().lower().partition("-")[0]
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            quality = 0.0
        if code in languages() and quality > 0:
            weighed.append((quality, code))
    return max(weighed, key=lambda pair: pair[0], default=(0.0, ENGLISH))[1]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within the block `_` and `counted` speak this language."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The code of the language that is spoken now."""
    return _spoken.get()


def _(english: str, **values: object) -> str:
    """The sentence in the language spoken, its `{names}` filled in."""
    said = catalogue(spoken()).get(english, english)
    return said.format(**values) if values else said


def counted(n: int, one: str, many: str, **values: object) -> str:
    """The sentence for this count, `{n}` filled in with it."""
    return _(one if n == 1 else many, n=f"{n:,}", **values)
