"""One desk where every question and every look into the library waits its turn.

On a laptop two questions at once are slower than one after the other, and a reader
or a database connection need not be safe to share. So a single thread works, and
everyone else awaits its result.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Protocol, TypeVar

from index.errors import FootnoteError
from index.filters import Choices
from index.types import Article, Filters
from qa.conversation import Turn
from qa.types import Answer

MAX_WAITING = 32

T = TypeVar("T")
Job = Callable[[], None]


def sendable(text: str) -> str:
    """The text with lone surrogates, which JSON lets in and UTF-8 does not, as question marks."""
    return text.encode(errors="replace").decode()


class Answerer(Protocol):
    """What the page needs of an assistant. Called from one thread, not the one that made it."""

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        as_of: str | None = None,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """Answer it after these turns; raises a `FootnoteError` when it cannot be asked."""

    def choices(self) -> Choices:
        """What filters can name."""

    def article(self, article_id: str) -> Article:
        """One article, whole; raises a `FootnoteError` when there is none of this id."""


class Busy(FootnoteError):
    """More is waiting than will be answered while anyone still wants to know."""


class Desk:
    """Runs jobs one at a time, in the order they came."""

    def __init__(self, assistant: Answerer, *, max_waiting: int = MAX_WAITING) -> None:
        """Open the desk; its thread never keeps the process from ending."""
        self._assistant = assistant
        self._jobs: queue.Queue[Job | None] = queue.Queue(maxsize=max_waiting)
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
        self._thread.start()

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        as_of: str | None = None,
        history: Sequence[Turn] = (),
    ) -> "Future[Answer]":
        """The answer after these turns, later. Raises `Busy` when too much is waiting already."""
        words = sendable(question)
        return self._later(
            lambda: self._assistant.ask(words, filters=filters, as_of=as_of, history=history)
        )

    def choices(self) -> "Future[Choices]":
        """What filters can name, later. Raises `Busy` when too much is waiting already."""
        return self._later(self._assistant.choices)

    def article(self, article_id: str) -> "Future[Article]":
        """The article, later. Raises `Busy` when too much is waiting already."""
        return self._later(lambda: self._assistant.article(article_id))

    def close(self, *, timeout: float = 2.0) -> None:
        """Take nothing more on; wait this many seconds for the job in hand."""
        while True:
            try:
                self._jobs.get_nowait()
            except queue.Empty:
                break
        self._jobs.put(None)
        self._thread.join(timeout)

    def _later(self, work: Callable[[], T]) -> "Future[T]":
        result: Future[T] = Future()

        def job() -> None:
            if not result.set_running_or_notify_cancel():
                return
            try:
                result.set_result(work())
            except Exception as error:  # handed to whoever waits, who decides what it means
                result.set_exception(error)

        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            raise Busy("many questions are waiting: try again in a moment") from None
        return result

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
