"""A question in, an Answer with Citations out. Nothing here knows what a screen is."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.types import Answer, Citation

__all__ = ["Answer", "Assistant", "Citation"]


def __getattr__(name: str) -> object:
    # Looked up on demand: `from qa.errors import ...` must not load models' libraries.
    if name == "Assistant":
        from qa.assistant import Assistant

        return Assistant
    if name in ("Answer", "Citation"):
        from qa import types

        return getattr(types, name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")
