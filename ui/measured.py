"""What an evaluation asks: a library's assistant, what to say of it, and its own gold questions."""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from eval.datasets import DataSet
from eval.gold import gold_dataset
from eval.results import Setup
from eval.steps import Asks
from index.search import Hits
from index.types import Article
from qa.gold import list_gold
from qa.types import Answer
from ui.desk import Busy, Desk

if TYPE_CHECKING:
    from index.embed import Encoder
    from qa.assistant import Assistant

POLL = 0.2  # seconds between two looks at whether to go on waiting

T = TypeVar("T")


class Measured(Asks, Protocol):
    """What can be measured. Asked at the desk alone; the rest from any thread."""

    def setup(self) -> Setup:
        """What to say of models and library, as they are now."""

    def gold_count(self) -> int:
        """How many gold questions there are."""

    def gold(self) -> DataSet:
        """The gold questions. Raises GoldError where there is none."""


class MeasuredLibrary:
    """An open assistant, with the names by which its models were chosen."""

    def __init__(
        self, assistant: "Assistant", *, reader: str | None = None, encoder: str | None = None
    ) -> None:
        """Measure this assistant; None stands for the shipped models."""
        self._assistant, self._reader, self._encoder = assistant, reader, encoder

    def ask(self, question: str, /) -> Answer:
        """As the assistant does."""
        return self._assistant.ask(question)

    def retrieve(self, question: str, /) -> Hits:
        """As the assistant does."""
        return self._assistant.retrieve(question)

    def article(self, article_id: str, /) -> Article:
        """As the assistant does."""
        return self._assistant.article(article_id)

    def same_text(self, article_id: str, /) -> tuple[str, ...]:
        """As the assistant does."""
        return self._assistant.same_text(article_id)

    def setup(self) -> Setup:
        """As `footnote eval` says it, but for the folder, of which readers see the name alone."""
        from index.embed import open_encoder

        library = self._assistant.library
        name = library.folder.resolve().name
        encoder = open_encoder(self._encoder)
        return setup_of(encoder, name, library.state(), reader=self._reader, reads=True)

    def gold_count(self) -> int:
        """How many items the library keeps."""
        return len(list_gold(self._assistant.library))

    def gold(self) -> DataSet:
        """All of them."""
        return gold_dataset(self._assistant.library)


def setup_of(
    encoder: "Encoder",
    library: Path | str | None,
    library_state: str | None,
    *,
    reader: str | None = None,
    reads: bool = False,
) -> Setup:
    """What to say of these models and this library; the reader only if it `reads`."""
    from qa.confidence import load_calibration
    from qa.reader import SpanReader

    opened = SpanReader(reader) if reads else None
    return Setup(
        reader=opened.name if opened else None,
        reader_fingerprint=opened.fingerprint if opened else None,
        calibration=load_calibration(reader).fingerprint if reads else None,
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint[:16],
        library=str(library) if library else None,
        library_state=library_state,
    )


class AtDesk:
    """The same, asked at the desk one thing at a time, so that readers' questions come between."""

    def __init__(
        self, measured: Measured, desk: Desk, *, go_on: Callable[[], None] = lambda: None
    ) -> None:
        """go_on: called again and again while it waits; what it raises ends the waiting."""
        self._measured, self._desk, self._go_on = measured, desk, go_on
        self._waited = 0.0  # seconds

    def clock(self) -> float:
        """Seconds that stand still while something waits for its turn."""
        return time.perf_counter() - self._waited

    def ask(self, question: str, /) -> Answer:
        """Answer, or refuse."""
        return self._at_turn(lambda: self._measured.ask(question))

    def retrieve(self, question: str, /) -> Hits:
        """The passages that are read for it, best first."""
        return self._at_turn(lambda: self._measured.retrieve(question))

    def article(self, article_id: str, /) -> Article:
        """One article version."""
        return self._at_turn(lambda: self._measured.article(article_id))

    def same_text(self, article_id: str, /) -> tuple[str, ...]:
        """Ids of the other articles with the same text."""
        return self._at_turn(lambda: self._measured.same_text(article_id))

    def _at_turn(self, work: Callable[[], T]) -> T:
        came = time.perf_counter()
        began: list[float] = []

        def timed() -> T:
            began.append(time.perf_counter())
            return work()

        job = self._handed_in(timed)
        while not wait([job], POLL).done:
            try:
                self._go_on()
            except BaseException:
                job.cancel()
                raise
        self._waited += began[0] - came
        return job.result()

    def _handed_in(self, work: Callable[[], T]) -> "Future[T]":
        """The job, as soon as the desk has room for it."""
        while True:
            self._go_on()
            try:
                return self._desk.later(work)
            except Busy:
                time.sleep(POLL)
