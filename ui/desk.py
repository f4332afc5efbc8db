"""One desk where every question and every look into the library waits its turn.

On a laptop two questions at once are slower than one after the other, and a reader
or a database connection need not be safe to share. So a single thread works, and
everyone else awaits its result.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from index.errors import FootnoteError
from index.filters import Choices
from index.gold import GoldItem
from index.rows import ArticleRecord
from index.types import Article
from qa.cite import CitationRecord
from qa.found import Passages
from qa.types import Answer, Found, Range
from qa.verify import Verdict
from ui.answerer import Answerer, Whole, Wishes
from ui.fair import Shares

MAX_WAITING = 32
MAX_EACH = 8  # of one asker, so that others' questions find a place
DEADLINE = 60.0  # seconds for one answer, once it is its turn

T = TypeVar("T")
Job = Callable[[], None]


def sendable(text: str) -> str:
    """The text with lone surrogates, which JSON lets in and UTF-8 does not, as question marks."""
    return text.encode(errors="replace").decode()


class Busy(FootnoteError):
    """More is waiting than will be answered while anyone still wants to know."""


class GivenUp(FootnoteError):
    """Whoever asked does not want to know any more."""


class Asking:
    """A question on its way: when it is its turn, what was found for it, and its answer."""

    def __init__(self, desk: "Desk", ask: Callable[[Callable[[Found], None]], Answer]) -> None:
        """Hand it in. Raises `Busy` when too much is waiting already."""
        self.found: Future[Found] = Future()  # before the answer, unless that fails sooner
        self._given_up = threading.Event()
        self._desk = desk
        self.answer: Future[Answer] = desk.later(lambda: ask(self._tell), shared=True)

    def before(self) -> int:
        """How many questions come before this one; 0 once it is its turn."""
        return self._desk.before(self.answer)

    def give_up(self) -> None:
        """Have it neither begun nor gone on with."""
        self._given_up.set()
        self.answer.cancel()

    def _tell(self, found: Found) -> None:
        if self._given_up.is_set():
            raise GivenUp("the question was given up")
        if not self.found.done():
            self.found.set_result(found)


class Desk:
    """Runs jobs one at a time, in the order they came."""

    def __init__(
        self,
        assistant: Answerer,
        *,
        max_waiting: int = MAX_WAITING,
        deadline: float | None = DEADLINE,
        asker_now: Callable[[], str] = lambda: "",
    ) -> None:
        """Open the desk; its thread never keeps the process from ending.

        deadline: seconds for one answer, counted from when it is its turn.
        asker_now: who asks at the moment; empty for nobody in particular.
        """
        self._assistant, self._deadline = assistant, deadline
        self._asker_now, self._shares = asker_now, Shares(MAX_EACH)
        # Of each job that is not done, in order: whether it was given up.
        self._waiting: list[Callable[[], bool]] = []
        self._brief: set[Callable[[], bool]] = set()  # of these, what takes no time to speak of
        self._jobs: queue.Queue[Job | None] = queue.Queue(maxsize=max_waiting)
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
        self._thread.start()

    def ask(self, question: str, wishes: Wishes | None = None) -> "Future[Answer]":
        """The answer, later. Raises `Busy` when too much is waiting already."""
        return self.follow(question, wishes).answer

    def follow(self, question: str, wishes: Wishes | None = None) -> Asking:
        """The same, to be watched or given up on its way."""
        words, wished = sendable(question), wishes or Wishes()

        def ask(tell: Callable[[Found], None]) -> Answer:
            return self._assistant.ask(
                words,
                filters=wished.filters,
                as_of=wished.as_of,
                history=wished.history,
                top_k=wished.top_k,
                precision=wished.precision,
                deadline=self._deadline,
                on_found=tell,
            )

        return Asking(self, ask)

    def choices(self) -> "Future[Choices]":
        """What filters can name, later. Raises `Busy` when too much is waiting already."""
        return self.later(self._assistant.choices)

    def article(self, article_id: str) -> "Future[Article]":
        """The article, later. Raises `Busy` when too much is waiting already."""
        return self.later(lambda: self._assistant.article(article_id))

    def newest(self, count: int) -> "Future[tuple[str, ...]]":
        """The ids, later. Raises `Busy` when too much is waiting already."""
        return self.later(lambda: self._assistant.newest(count))

    def verify(self, records: Sequence[CitationRecord]) -> "Future[list[Verdict]]":
        """The verdicts, later. Raises `Busy` when too much is waiting already."""
        return self.later(lambda: self._assistant.verify(records))

    def keep_gold(
        self, question: str, places: Sequence[tuple[str, Range]]
    ) -> "Future[tuple[GoldItem, bool]]":
        """The item, later. Raises `Busy` when too much is waiting already."""
        return self.later(lambda: self._assistant.keep_gold(sendable(question), places))

    def drop_gold(self, item_id: str) -> "Future[None]":
        """Done later. Raises `Busy` when too much is waiting already."""
        return self.later(lambda: self._assistant.drop_gold(item_id))

    def idle(self) -> bool:
        """Whether nobody waits for anything."""
        return not self._waiting

    def search(self, question: str, wishes: Wishes) -> "Future[Passages]":
        """Passages, later; of the wishes filters and `top_k` count. Raises `Busy` as `ask`."""
        words = sendable(question)
        return self.later(
            lambda: self._assistant.search(words, top_k=wishes.top_k, filters=wishes.filters),
            shared=True,
        )

    def articles(self) -> "Future[Sequence[ArticleRecord]]":
        """Records of the live articles, later. Raises `Busy` as `ask`."""
        return self.later(self._assistant.articles)

    def whole(self, id_prefix: str) -> "Future[Whole]":
        """The only article whose id begins so and its record, later. Raises `Busy` as `ask`."""

        def found() -> Whole:
            record = self._assistant.record(id_prefix)
            return Whole(self._assistant.article(record.id), record)

        return self.later(found)

    def close(self, *, timeout: float = 2.0) -> None:
        """Take nothing more on; wait this many seconds for the job in hand."""
        while True:
            try:
                self._jobs.get_nowait()
            except queue.Empty:
                break
        self._jobs.put(None)
        self._thread.join(timeout)

    def before(self, result: "Future[T]") -> int:
        """How many questions and searches come before it that nobody has given up."""
        waiting = list(self._waiting)
        if result.cancelled not in waiting:
            return 0
        ahead = set(waiting[: waiting.index(result.cancelled)]) - self._brief
        return sum(not given_up() for given_up in ahead)

    def later(self, work: Callable[[], T], *, shared: bool = False) -> "Future[T]":
        """What the work gives, when it is its turn. Raises `Busy` when too much is waiting.

        shared: it takes so long that it counts against the asker's share.
        """
        result: Future[T] = Future()
        asker = self._asker_now() if shared else ""
        if not self._shares.take(asker):
            raise Busy(f"{MAX_EACH} of your questions are waiting: try again when one is answered")
        result.add_done_callback(lambda _: self._shares.give_back(asker))

        def job() -> None:
            if not result.set_running_or_notify_cancel():
                self._waiting.remove(result.cancelled)
                return
            try:
                tell = partial(result.set_result, work())
            except Exception as error:  # handed to whoever waits, who decides what it means
                tell = partial(result.set_exception, error)
            # Before anyone hears of it, or the desk would seem busy to them.
            self._waiting.remove(result.cancelled)
            tell()

        if not shared:
            self._brief.add(result.cancelled)
            result.add_done_callback(lambda done: self._brief.discard(done.cancelled))
        self._waiting.append(result.cancelled)
        try:
            self._jobs.put_nowait(job)
        except queue.Full:
            result.cancel()
            self._waiting.remove(result.cancelled)
            raise Busy("many questions are waiting: try again in a moment") from None
        return result

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
