"""Evaluations that a server runs: one at a time, the others in line, their results in files.

Knows nothing of the network. Results stand in a temporary folder that goes with the server:
they quote articles, and a copy beside the library would outlive `remove --purge`.
"""

import logging
import queue
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from eval.datasets import DataSet
from eval.errors import Stopped
from eval.records import AnswerRecord
from eval.report import write_report
from eval.results import Evaluation, Measure
from eval.run import evaluate_answers
from index.errors import FootnoteError
from ui.desk import Busy, Desk
from ui.measured import AtDesk, Measured

MAX_WAITING = 8
MAX_KEPT = 30  # the oldest that are over go first
UNFORESEEN = "it could not be measured: the server's log says why"

State = Literal["waiting", "asking", "stopping", "summing", "done", "stopped", "failed"]
OVER: tuple[State, ...] = ("done", "stopped", "failed")

log = logging.getLogger(__name__)


class NoEvaluation(FootnoteError):
    """An id that no evaluation has, or none any longer."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it, in short; the whole stands in its files."""

    measures: tuple[Measure, ...]
    # Every question is one of these.
    exact: int  # rightly answered
    declined: int  # rightly not answered
    wrong: int  # answered, but not exactly
    missed: int  # not answered, though there was an answer

    @classmethod
    def of(cls, found: Evaluation[AnswerRecord]) -> "Result":
        """The measures and counts of an evaluation."""
        right = [bool(r.prediction) for r in found.records if r.scored.exact_match == 1]
        wrong = [bool(r.prediction) for r in found.records if r.scored.exact_match != 1]
        return cls(
            found.measures,
            exact=sum(right),
            declined=len(right) - sum(right),
            wrong=sum(wrong),
            missed=len(wrong) - sum(wrong),
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """How an evaluation stands."""

    id: str
    name: str  # of its questions
    began: datetime
    state: State
    total: int  # questions
    done: int = 0  # questions
    seconds_left: float | None = None  # None: not known
    f1: float | None = None  # of those done so far
    exact_match: float | None = None
    error: str = ""  # why it failed
    result: Result | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more happens unless someone wishes it."""
        return self.state in OVER


class _Closing(Exception):
    """The server ends: nothing is worth finishing."""


class _Run:
    """An evaluation on its way. Its standing is read by any thread, changed by two."""

    def __init__(self, name: str, data: DataSet, folder: Path) -> None:
        """Ask these questions, and keep what comes of it in this folder."""
        self.data: DataSet | None = data  # None once all were asked
        self.folder = folder
        self.stopped = threading.Event()
        self.standing = Standing(
            id=folder.name,
            name=name,
            began=datetime.now().astimezone(),
            state="waiting",
            total=len(data.questions),
        )
        self._saying = threading.Lock()
        self._scores: list[tuple[float, float]] = []  # F1 and exact match of each question done
        self._heard: AnswerRecord | None = None
        self._started = (0.0, 0)  # when, in seconds, and with how many questions done before

    def say(self, **changed: object) -> None:
        """Change the standing."""
        with self._saying:
            self.standing = replace(self.standing, **changed)  # type: ignore[arg-type]

    def begin(self) -> None:
        """Note when the first question is asked."""
        self._started = (time.monotonic(), -1)
        self.say(state="asking", error="")

    def hear(self, record: AnswerRecord) -> None:
        """Note what came of a question."""
        self._heard = record

    def count(self, done: int, total: int) -> None:
        """Note how many are done. Raises Stopped where no more are wanted."""
        began, before = self._started
        if before < 0:  # what an earlier try had done is known with the first question
            before = done - 1
            self._started = (began, before)
        assert self._heard is not None  # told before it is counted
        scored = self._heard.scored
        self._scores[done - 1 :] = [(scored.f1, scored.exact_match)]
        f1s, exact = zip(*self._scores, strict=True)
        a_question = (time.monotonic() - began) / (done - before)
        self.say(
            done=done,
            total=total,
            seconds_left=a_question * (total - done),
            f1=sum(f1s) / len(f1s),
            exact_match=sum(exact) / len(exact),
        )
        if done == total:
            self.say(state="summing")
        elif self.stopped.is_set():
            raise Stopped("no more questions are wanted")


class Evaluations:
    """All evaluations of a server."""

    def __init__(self, measured: Measured, desk: Desk) -> None:
        """Measure this, each question of which waits its turn at the desk."""
        self.measured = measured
        self._desk = desk
        self._lock = threading.Lock()
        self._runs: dict[str, _Run] = {}  # by id, in the order of beginning
        self._line: queue.Queue[_Run | None] = queue.Queue()
        self._folder: Path | None = None  # made for the first
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def all(self) -> Sequence[Standing]:
        """How each stands, the newest first."""
        with self._lock:
            return [run.standing for run in reversed(self._runs.values())]

    def one(self, run_id: str) -> Standing:
        """How this one stands. Raises NoEvaluation."""
        return self._run(run_id).standing

    def file(self, run_id: str, name: str) -> Path:
        """A file of its results. Raises NoEvaluation where there are none."""
        run = self._run(run_id)
        if run.standing.result is None:
            raise NoEvaluation("this evaluation has no results yet")
        return run.folder / name

    def begin(self, name: str, data: DataSet) -> Standing:
        """Ask these questions when it is their turn. Raises Busy where too many wait already."""
        with self._lock:
            self._require_room()
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="footnote-evaluations-"))
            run = _Run(name, data, self._folder / secrets.token_hex(8))
            self._runs[run.standing.id] = run
            self._forget()
            return self._enqueue(run)

    def go_on(self, run_id: str) -> Standing:
        """Ask the questions that are left of one that was stopped or failed.

        From the first on where the library has changed. Raises NoEvaluation and Busy.
        """
        run = self._run(run_id)
        with self._lock:
            if run.standing.state not in ("stopped", "failed"):
                return run.standing
            self._require_room()
            run.stopped.clear()
            run.say(state="waiting", seconds_left=None)
            return self._enqueue(run)

    def stop(self, run_id: str) -> Standing:
        """Ask no more; what was asked is summed up. Raises NoEvaluation."""
        run = self._run(run_id)
        with self._lock:
            if run.standing.state == "waiting":
                run.stopped.set()
                run.say(state="stopped")
            elif run.standing.state == "asking":
                run.stopped.set()
                run.say(state="stopping")
            return run.standing

    def close(self, *, timeout: float = 1.0) -> None:
        """End what is under way within so many seconds, and delete all results."""
        self._closing.set()
        self._line.put(None)
        if self._thread:
            self._thread.join(timeout)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, run_id: str) -> _Run:
        with self._lock:
            if run_id not in self._runs:
                raise NoEvaluation("there is no such evaluation, or none any longer")
            return self._runs[run_id]

    def _require_room(self) -> None:
        waiting = sum(run.standing.state == "waiting" for run in self._runs.values())
        if waiting >= MAX_WAITING:
            raise Busy(f"{waiting} evaluations are waiting: try again when one of them is over")

    def _require_open(self) -> None:
        if self._closing.is_set():
            raise _Closing

    def _enqueue(self, run: _Run) -> Standing:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="evaluations", daemon=True)
            self._thread.start()
        self._line.put(run)
        return run.standing

    def _forget(self) -> None:
        over = [run for run in self._runs.values() if run.standing.over]
        for run in over[: max(len(self._runs) - MAX_KEPT, 0)]:
            del self._runs[run.standing.id]
            shutil.rmtree(run.folder, ignore_errors=True)

    def _work(self) -> None:
        while (run := self._line.get()) is not None and not self._closing.is_set():
            # One that was stopped in line, and may stand in it again further on.
            if run.standing.state == "waiting":
                try:
                    self._measure(run)
                except _Closing:
                    return

    def _measure(self, run: _Run) -> None:
        """Raises _Closing; whatever else goes wrong is the evaluation's own end."""
        with self._lock:
            run.begin()
        try:
            found = self._asked(run)
            self._require_open()
            found.write(run.folder)
            write_report(found, run.folder)
            state: State = "done" if found.settings.complete else "stopped"
            if state == "done":
                run.data = None
            run.say(state=state, result=Result.of(found), seconds_left=None)
        except Stopped:  # before the first answer
            run.say(state="stopped", seconds_left=None)
        except FootnoteError as error:
            line = str(error).replace(str(run.folder), run.standing.name)
            run.say(state="failed", error=line, seconds_left=None)
        except _Closing:
            raise
        except Exception:  # the next in line must not wait for ever
            log.exception("an evaluation failed")
            run.say(state="failed", error=UNFORESEEN, seconds_left=None)

    def _asked(self, run: _Run) -> Evaluation[AnswerRecord]:
        assert run.data is not None  # what is done is never begun again

        def go_on() -> None:
            self._require_open()
            if run.stopped.is_set():
                raise Stopped("no more questions are wanted")

        asked = AtDesk(self.measured, self._desk, go_on=go_on)
        return evaluate_answers(
            run.data,
            asked,
            setup=self.measured.setup(),
            on_record=run.hear,
            on_progress=run.count,
            resume_in=run.folder,
            clock=asked.clock,
        )
