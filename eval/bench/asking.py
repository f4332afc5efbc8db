"""From a question to its answer: how long, how well, beside another pipeline.

Questions are asked of ours and of the other in turn, so that a machine that slows down
slows both. The other gets the very passages of our library, and the same models.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from eval.bench.engine import VERSIONS, Measure, Progress, Report, machine, ratios, run
from eval.bench.peer import Haystack, Settings, cold_command
from eval.datasets import Question
from eval.metrics import f1
from index.embed import SentenceEncoder, open_encoder
from index.engine import threads
from index.library import Library
from index.search import Searcher
from qa.assistant import Assistant
from qa.comparison import load_comparison
from qa.confidence import load_calibration
from qa.reader import SHIPPED, SpanReader
from qa.squad import normalize_answer
from qa.types import Answer, Span

PEER_TOP_K = 10  # passages that the other reads
RIGHT = 0.5  # F1 from which an answer is right, if no right one stands in it
ADDED_AT_ONCE = 100  # passages
COLD_STARTS = 3


class Counting:
    """The shipped reader, and how many passages it was given."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self._reader = SpanReader()
        self.name, self.fingerprint = self._reader.name, self._reader.fingerprint
        self.count = 0

    @property
    def precision(self) -> str:
        """What the reader computes in on this machine."""
        return self._reader.precision

    def warm_up(self) -> None:
        """As the reader does."""
        self._reader.warm_up()

    def read(self, question: str, passages: Sequence[str]) -> list[list[Span]]:
        """What the reader finds."""
        self.count += len(passages)
        return self._reader.read(question, passages)


@dataclass(slots=True)
class Side:
    """What one pipeline did."""

    seconds: list[float] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def measures(self, name: str, questions: Sequence[Question]) -> Iterator[Measure]:
        """Times in milliseconds, and how good the answers are."""
        ms = [1000 * seconds for seconds in self.seconds]
        yield Measure(f"{name}, a question, p50", "ms", (statistics.median(ms),))
        yield Measure(f"{name}, a question, p95", "ms", (float(np.quantile(ms, 0.95)),))
        golds = [question.gold_texts for question in questions]
        pairs = list(zip(self.answers, golds, strict=True))
        mean = statistics.mean(f1(answer, gold) for answer, gold in pairs)
        yield Measure(f"{name}, F1", "", (100 * mean,))
        count = sum(right(answer, gold) for answer, gold in pairs)
        yield Measure(f"{name}, answers right of {len(pairs)}", "", (count,))


def right(answer: str, golds: Sequence[str]) -> bool:
    """Whether it has half of a right answer's words, or all of them among its own."""
    said = f" {normalize_answer(answer)} "
    return f1(answer, golds) >= RIGHT or any(f" {normalize_answer(g)} " in said for g in golds if g)


def open_counting(library: Library, reader: Counting, *, every: bool = False) -> Assistant:
    """The assistant with the shipped models. every: it reads all passages, as it need not."""
    fitted = load_calibration()
    if every:
        fitted = replace(fitted, margins=None)
    searcher = Searcher.open(library, open_encoder())
    return Assistant(library, searcher, reader, fitted, load_comparison())


def bench_asking(
    questions: Sequence[Question],
    library: Path,
    folder: Path,
    *,
    peer: Path | None,
    rounds: int,
    progress: Progress,
) -> Report:
    """Ask these questions, which all have an answer, of this library, `rounds` times.

    folder: for what the other pipeline keeps. peer: its interpreter; None: ours alone.
    Raises PeerError where the other fails.
    """
    encoder, reader = open_encoder(), Counting()
    asked = [question for _round in range(rounds) for question in questions]
    with Library.open(library) as shelf:
        ours = open_counting(shelf, reader)
        ours.warm_up()
        reader.count = 0
        texts = [p.text for record in shelf.articles() for p in shelf.passages(record.id)]
        if peer is None:
            mine, _ = _asked(ours, None, asked, progress)
            measures = [*mine.measures("Footnote", asked)]
        else:
            settings = Settings(encoder.folder, SHIPPED, PEER_TOP_K, threads())
            with Haystack(peer, settings) as other:
                measures = [*_rates(encoder, other, texts, rounds)]
                _fill(other, texts, progress)
                other.order("ask", question="?")
                mine, theirs = _asked(ours, other, asked, progress)
                other.order("save", path=str(folder / "store"))
            measures += mine.measures("Footnote", asked)
            measures += theirs.measures("Haystack", asked)
            measures += _compared(mine, theirs)
            measures += _cold(library, folder / "store", peer, settings, questions[0].question)
        each = reader.count / max(1, len(mine.seconds))
        measures.append(Measure("passages that Footnote read for a question", "", (each,)))
    return Report(
        machine=machine(),
        precision=f"encoder in {encoder.precision}, reader in {reader.precision}",
        versions={name: version(name) for name in VERSIONS},
        measures=tuple(measures),
    )


def _asked(
    ours: Assistant,
    other: Haystack | None,
    questions: Sequence[Question],
    progress: Progress,
) -> tuple[Side, Side]:
    """Each question of ours, then of the other. Neither may abstain."""
    mine, theirs = Side(), Side()
    for n, question in enumerate(questions):
        progress(n, len(questions))
        began = time.perf_counter()
        answer = ours.ask(question.question, precision=0.0)
        mine.seconds.append(time.perf_counter() - began)
        mine.answers.append(answer.answer)
        if other:
            done = other.order("ask", question=question.question)
            theirs.seconds.append(done.seconds)
            theirs.answers.append(done.result)
    return mine, theirs


def _compared(mine: Side, theirs: Side) -> Iterator[Measure]:
    each = ratios(theirs.seconds, mine.seconds)
    yield Measure("Haystack : Footnote, each question", "times", each)
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        ratio = np.quantile(theirs.seconds, share) / np.quantile(mine.seconds, share)
        yield Measure(f"Haystack : Footnote, {name}", "times", (float(ratio),))


def _rates(
    encoder: SentenceEncoder, other: Haystack, texts: Sequence[str], rounds: int
) -> Iterator[Measure]:
    """Passages a second that both embed and store; ours without the files they come from."""
    some = list(texts[:: max(1, len(texts) // ADDED_AT_ONCE)][:ADDED_AT_ONCE])
    encoder.encode_passages(some[:8])
    other.order("add", texts=some[:8], keep=False)
    mine, theirs = [], []
    for _round in range(max(rounds, 3)):
        began = time.perf_counter()
        encoder.encode_passages(some)
        mine.append(len(some) / (time.perf_counter() - began))
        theirs.append(len(some) / other.order("add", texts=some, keep=False).seconds)
    yield Measure("Footnote's engine, embedding", "passages/s", tuple(mine))
    yield Measure("Haystack, adding", "passages/s", tuple(theirs))
    yield Measure("the engine : Haystack", "times", ratios(mine, theirs))


def _fill(other: Haystack, texts: Sequence[str], progress: Progress) -> None:
    for done in range(0, len(texts), ADDED_AT_ONCE):
        progress(done, len(texts))
        other.order("add", texts=list(texts[done : done + ADDED_AT_ONCE]), keep=True)


def _cold(
    library: Path, store: Path, peer: Path, settings: Settings, question: str
) -> Iterator[Measure]:
    """From nothing to the first answer, which is a process of its own each time."""
    ask = [sys.executable, "-m", "ui.cli", "ask", question, "--library", str(library)]
    theirs = cold_command(peer, settings, store=store, question=question)
    run(ask)
    rows = [(run(ask).seconds, run(theirs).seconds) for _start in range(COLD_STARTS)]
    mine, other = (tuple(column) for column in zip(*rows, strict=True))
    yield Measure("Footnote, cold start to the first answer", "s", mine)
    yield Measure("Haystack, cold start to the first answer", "s", other)
    yield Measure("Haystack : Footnote, cold start", "times", ratios(other, mine))


@dataclass(frozen=True, slots=True)
class Same:
    """What reading no more than can matter leaves as it was."""

    questions: int
    answers: int  # with the same words and the same decision to answer
    agreements: int  # of those, with the same agreement, and the same places cited
    read: float  # passages a question
    read_of: float  # where all are read
    times: tuple[float, ...]  # as long all took, each question


def compare_reading(questions: Sequence[Question], library: Path, *, progress: Progress) -> Same:
    """Ask each question reading best-first and reading all, in turn."""
    first, every = Counting(), Counting()
    answers = agreements = 0
    times = []
    with Library.open(library) as shelf:
        ours, whole = open_counting(shelf, first), open_counting(shelf, every, every=True)
        for asking in (ours, whole):
            asking.warm_up()
        first.count = every.count = 0
        for n, question in enumerate(questions):
            progress(n, len(questions))
            some, took = _timed(partial(ours.ask, question.question))
            full, longer = _timed(partial(whole.ask, question.question))
            times.append(longer / took)
            same = (some.answered, some.answer) == (full.answered, full.answer)
            answers += same
            agreements += same and _cited(some) == _cited(full)
    return Same(
        questions=len(questions),
        answers=answers,
        agreements=agreements,
        read=first.count / len(questions),
        read_of=every.count / len(questions),
        times=tuple(times),
    )


def _timed(ask: Callable[[], Answer]) -> tuple[Answer, float]:
    began = time.perf_counter()
    return ask(), time.perf_counter() - began


def _cited(answer: Answer) -> object:
    claims = answer.agreement.claims if answer.agreement else ()
    return [sorted((c.article_id, c.start, c.end) for c in claim.citations) for claim in claims]
