"""Reading in steps, for whoever wants to stop in between."""

import math
import time
from collections.abc import Callable, Sequence

from qa.reader import Reader
from qa.types import Span

READ_AT_ONCE = 10  # passages: fewer would make a step shorter, and the whole slower


def read_stepwise(
    reader: Reader,
    question: str,
    passages: Sequence[str],
    *,
    deadline: float | None = None,
    on_step: Callable[[], None] | None = None,
) -> list[list[Span]] | None:
    """For each passage its n-best spans; None where the deadline passed before the last.

    deadline: as `time.perf_counter()` counts. on_step: called before each step; what it
    raises ends the reading. Without either, all passages are read in one step.
    """
    watched = deadline is not None or on_step is not None
    at_once = READ_AT_ONCE if watched else len(passages)
    until = math.inf if deadline is None else deadline
    spans: list[list[Span]] = []
    for first in range(0, len(passages), max(at_once, 1)):
        if on_step:
            on_step()
        if time.perf_counter() >= until:
            return None
        spans += reader.read(question, passages[first : first + at_once])
    return spans
