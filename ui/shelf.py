"""The library behind the page: looked at from any thread, added to by one.

Knows nothing of the network. Questions have a thread of their own (`ui.desk`), so they
are answered while files are being added.
"""

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from index.catalogue import Catalogue, Found, Look
from index.embed import Encoder
from index.errors import FootnoteError, LibraryBusy
from index.ingest import FileRead, read_files
from index.library import ArticleRecord, BroughtBack, Library, Outcome
from index.types import Article
from ui.desk import Busy

BATCH = 32  # articles stored at once
MAX_WAITING = 64  # files
IDLE_SECONDS = 3.0  # after which others may add, and the process that reads files ends
BUSY_SECONDS = 10.0  # how long a file waits for another process that adds

Change = Callable[[Article], Article]


class Unreadable(FootnoteError):
    """A file that gave no article: one line with the reason."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An article that is in the library now."""

    id: str
    title: str
    outcome: Outcome
    was: str | None  # id of the version that it replaced


@dataclass(frozen=True, slots=True)
class Added:
    """What a file gave."""

    articles: tuple[Stored, ...]
    refused: tuple[str, ...] = ()  # a line for each record of a table that could not be read
    warnings: tuple[str, ...] = ()
    dropped: int = 0  # records that the table has no longer

    @property
    def outcome(self) -> Outcome:
        """The one that says most: something new, something changed, or neither."""
        outcomes = {article.outcome for article in self.articles}
        if "added" in outcomes:
            return "added"
        return "replaced" if "replaced" in outcomes or self.dropped else "unchanged"

    @property
    def line(self) -> str:
        """The article's headline, or the counts of a table's records."""
        if len(self.articles) == 1 and not (self.refused or self.dropped):
            return self.articles[0].title
        counts = Counter[str](article.outcome for article in self.articles)
        counts |= Counter({"no longer there": self.dropped, "refused": len(self.refused)})
        said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        return f"{said}: {self.refused[0]}" if self.refused else said


class Shelf:
    """One library for the page: listed, added to, and rid of articles."""

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        *,
        idle_seconds: float = IDLE_SECONDS,
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        """Take the library, which is closed with this; the encoder should be this one's own."""
        self._idle_seconds, self._busy_seconds = idle_seconds, busy_seconds
        self.library = library
        self._encoder = encoder
        self._catalogue: Catalogue | None = None
        self._cataloguing = threading.Lock()
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue(maxsize=MAX_WAITING)
        self._hands: _Hands | None = None  # of the thread alone
        self._thread = threading.Thread(target=self._work, name="shelf", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, folder: Path, encoder: Encoder) -> "Shelf":
        """The shelf of the library in this folder. Raises LibraryError as `Library.open`."""
        return cls(Library.open(folder), encoder)

    def __enter__(self) -> "Shelf":
        """The shelf itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self, *, timeout: float = 2.0) -> None:
        """Take no more on, wait this many seconds for the file in hand, close the library."""
        while True:
            try:
                self._jobs.get_nowait()
            except queue.Empty:
                break
        self._jobs.put(None)
        self._thread.join(timeout)
        self.library.close()

    def catalogue(self) -> Catalogue:
        """All live articles as they are now."""
        with self._cataloguing:
            held = self._catalogue
            if held is None or held.state != self.library.state():
                self._catalogue = held = Catalogue.of(self.library)
            return held

    def find(self, look: Look) -> Found:
        """The articles of this look."""
        return self.catalogue().find(self.library, look)

    def count(self) -> int:
        """How many articles are live."""
        return len(self.catalogue().entries)

    def add(self, file: Path, place: str, *, change: Change | None = None) -> "Future[Added]":
        """Read the file and store what it gives as if it were at `place`, later.

        place: the same for a changed file, so that it replaces what it was. change: what
        is made of each article before it is stored. Fails with Unreadable, or with what
        `Library.add` raises; raises `Busy` when too much is waiting already.
        """
        return self._later(lambda: self._add(file, place, change or _as_it_is))

    def remove(self, ids: Sequence[str]) -> list[ArticleRecord]:
        """Hide these articles from every search; all of them or none."""
        return self.library.remove(ids)

    def bring_back(self, ids: Sequence[str]) -> BroughtBack:
        """Undo their removal."""
        return self.library.bring_back(ids, self._encoder)

    def _add(self, file: Path, place: str, change: Change) -> Added:
        if self._hands is None:
            self._hands = _Hands(self.library, busy_seconds=self._busy_seconds)
        try:
            read = self._hands.read(file)
        except BaseException:  # what has failed once reads no more
            self._rest()
            raise
        if not read.articles:
            raise Unreadable(read.refused[0].reason if read.refused else "no article in it")
        here = str(read.path)
        articles = [
            replace(change(article), path=place + article.path.removeprefix(here))
            for article in read.articles
        ]
        stored: list[Stored] = []
        for first in range(0, len(articles), BATCH):
            stored += self._store(articles[first : first + BATCH])
        kept = [article.path for article in articles]
        kept += [place + refused.path.removeprefix(here) for refused in read.refused]
        return Added(
            articles=tuple(stored),
            refused=tuple(
                f"record {each.path.rpartition('#')[2]}: {each.reason}" for each in read.refused
            ),
            warnings=read.warnings,
            dropped=self.library.drop_records(place, kept) if "#" in kept[0] else 0,
        )

    def _store(self, articles: Sequence[Article]) -> list[Stored]:
        before = [self.library.live_at(article.path) for article in articles]
        outcomes = self.library.add(articles, self._encoder)
        return [
            Stored(article.id, article.title.value, outcome, was if was != article.id else None)
            for article, outcome, was in zip(articles, outcomes, before, strict=True)
        ]

    def _later(self, work: Callable[[], Added]) -> "Future[Added]":
        result: Future[Added] = Future()

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
            raise Busy("many files are waiting to be added: try again in a moment") from None
        return result

    def _work(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=self._idle_seconds if self._hands else None)
            except queue.Empty:
                self._rest()
                continue
            if job is None:
                self._rest()
                return
            job()

    def _rest(self) -> None:
        hands, self._hands = self._hands, None
        if hands:
            hands.close()
            self._encoder.rest()


class _Hands:
    """What adding takes, kept from file to file: the one place that adds, a reading process."""

    def __init__(self, library: Library, *, busy_seconds: float) -> None:
        """Take that place. Raises `Busy` where another process keeps it for so long."""
        self._stack = ExitStack()
        deadline = time.monotonic() + busy_seconds
        while True:
            try:
                self._stack.enter_context(library.adding(wait=False))
                break
            except LibraryBusy:
                if time.monotonic() > deadline:
                    raise Busy(
                        "another process is adding to this library: try again when it is done"
                    ) from None
                time.sleep(0.2)
        self._next = Path()
        self._reads = read_files(self._paths())

    def read(self, file: Path) -> FileRead:
        """All that the file gives."""
        self._next = file
        return next(self._reads)

    def close(self) -> None:
        """End the process, refresh the snapshot, let others add."""
        self._reads.close()
        self._stack.close()

    def _paths(self) -> Iterator[Path]:
        while True:
            yield self._next


def _as_it_is(article: Article) -> Article:
    return article
