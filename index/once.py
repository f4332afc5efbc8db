"""Something that is made when it is first needed, by whichever thread needs it first."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from index.errors import FootnoteError

T = TypeVar("T")


class Once(Generic[T]):
    """Calls `make` once; what came of it, a FootnoteError too, comes every time."""

    def __init__(self, make: Callable[[], T]) -> None:
        """Nothing is made yet."""
        self._make = make
        self._lock = threading.Lock()
        self._made: list[T] = []
        self._failed: FootnoteError | None = None

    def get(self) -> T:
        """What was made. Raises what `make` raised."""
        with self._lock:
            if self._failed:
                raise self._failed
            if not self._made:
                try:
                    self._made.append(self._make())
                except FootnoteError as error:
                    self._failed = error
                    raise
            return self._made[0]

    def made(self) -> T | None:
        """What was made; None before anything has been."""
        return self._made[0] if self._made else None
