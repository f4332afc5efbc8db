"""Who may add: one process at a time, and a lock file that a crash sets free.

Short writes need no lock of ours: SQLite's own is held for one batch only.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import LibraryBusy

ADDING = "adding.lock"
OPENING = "opening.lock"
SNAPSHOT = "snapshot.lock"


@contextmanager
def adding_lock(
    folder: Path, *, wait: bool = True, on_wait: Callable[[], None] | None = None
) -> Iterator[None]:
    """Hold the library's one place for a long write while the block runs.

    on_wait is called once if another holds it and this one has to wait.
    Raises LibraryBusy if it is held and `wait` is False.
    """
    lock = FileLock(folder / ADDING)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        if not wait:
            raise LibraryBusy(
                f"library {folder} is being added to by another process: "
                "try again later, or leave out --no-wait to wait for it"
            ) from None
        if on_wait:
            on_wait()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
