"""Reading passage after passage, as long as any could still matter."""

import math
import time
from collections.abc import Callable, Sequence

from qa.reader import Reader
from qa.types import Span
from qa.unread import Readings

READ_AT_ONCE = 10  # passages: fewer would make a step shorter, and the whole slower


def read_best_first(
    reader: Reader,
    question: str,
    passages: Sequence[str],
    known: Sequence[Sequence[Span] | None] = (),
    *,
    choose: Callable[[Readings], Sequence[int]] | None = None,
    deadline: float | None = None,
    on_step: Callable[[], None] | None = None,
) -> list[Sequence[Span] | None] | None:
    """For each passage its n-best spans, or None where it was not read.

    None altogether where the deadline passed before the last. known: what was read of them
    before, which is not read again. choose: the places of the
    passages to read next, given what was read; empty where that is enough, and without it
    all are read. deadline: as `time.perf_counter()` counts. on_step: called before each
    step; what it raises ends the reading.
    """
    until = math.inf if deadline is None else deadline
    watched = deadline is not None or on_step is not None
    at_once = READ_AT_ONCE if watched else max(len(passages), 1)
    found: list[Sequence[Span] | None] = [*known] or [None] * len(passages)
    while wanted := [*choose(found)] if choose else [n for n, s in enumerate(found) if s is None]:
        for first in range(0, len(wanted), at_once):
            if on_step:
                on_step()
            if time.perf_counter() >= until:
                return None
            step = wanted[first : first + at_once]
            read = reader.read(question, [passages[n] for n in step])
            for n, spans in zip(step, read, strict=True):
                found[n] = spans
    return found
