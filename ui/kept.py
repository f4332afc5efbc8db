"""A conversation as the browser keeps it, and back: nothing of it stays on the server."""

import logging

from pydantic import TypeAdapter, ValidationError

from qa.types import Answer

MAX_ANSWERS_KEPT = 100  # in one conversation; the oldest go first
MAX_CHARACTERS_KEPT = 400_000  # of all answers together, as a browser keeps few megabytes

log = logging.getLogger(__name__)
_answer = TypeAdapter(Answer)


def to_keep(conversation: tuple[Answer, ...]) -> list[str]:
    """The last answers, each as JSON, as many as are not too long together."""
    kept: list[str] = []
    room = MAX_CHARACTERS_KEPT
    for answer in reversed(conversation[-MAX_ANSWERS_KEPT:]):
        written = _answer.dump_json(answer).decode()
        room -= len(written)
        if room < 0:
            break
        kept.append(written)
    return kept[::-1]


def kept_before(value: object) -> tuple[Answer, ...]:
    """The conversation that was kept; empty where it was kept by another version, or altered."""
    if not isinstance(value, list) or len(value) > MAX_ANSWERS_KEPT:
        return ()
    try:
        return tuple(_answer.validate_json(each, strict=False) for each in value)
    except (ValidationError, TypeError):
        log.info("a kept conversation could not be read, and is not shown")
        return ()
