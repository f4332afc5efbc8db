"""Files -> FileReads through a child process that may fail without harm to the rest.

One child reads many files. A file that ends it, by memory, time or a crash, is
refused with the reason, and the next file gets a new child.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from index.ingest.child import OUT_OF_MEMORY
from index.ingest.types import DEFAULT_LIMITS, FileRead, Limits, Refused
from index.ingest.wire import Garbled, from_line

_GIB = 1 << 30
_START_SECONDS = 30.0  # added to the first file's time, for Python and its imports


def read_files(
    files: Iterable[Path], *, limits: Limits = DEFAULT_LIMITS
) -> Generator[FileRead, None, None]:
    """The articles of each file, in order; what cannot be read is in `refused`.

    Files are parsed in a child process. It is ended when the iterator is
    exhausted, closed or interrupted.
    """
    with _Reader(limits) as reader:
        for path in files:
            yield reader.read(path)


class _Reader:
    """The child process, started when needed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def __enter__(self) -> "_Reader":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def read(self, path: Path) -> FileRead:
        place = os.path.abspath(path)
        fresh = self._child is None
        child = self._child or self._start()
        request = {"path": place, "limits": asdict(self._limits)}
        seconds = self._limits.wall_seconds + (_START_SECONDS if fresh else 0)
        try:
            _send(child, json.dumps(request).encode("ascii") + b"\n")
            line = self._lines.get(timeout=seconds)
            if line:
                return from_line(line)
            reason = self._why_ended(child)
        except queue.Empty:
            reason = f"took longer than {self._limits.wall_seconds:g} s to read; split it"
        except Garbled as exc:
            reason = f"{exc}; the file is probably damaged"
        self._end()
        return FileRead(place, refused=(Refused(place, reason),))

    def _start(self) -> subprocess.Popen[bytes]:
        # -P: a file named json.py in the working folder must not become our json.
        command = [sys.executable, "-P", "-c", "from index.ingest.child import main; main()"]
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        # A queue of its own: a late answer of an ended child must not be taken for this one's.
        self._lines = queue.SimpleQueue()
        threading.Thread(target=_collect, args=(child, self._lines), daemon=True).start()
        self._child = child
        return child

    def _why_ended(self, child: subprocess.Popen[bytes]) -> str:
        status = child.wait()
        if status == OUT_OF_MEMORY or status == -signal.SIGKILL:
            size = self._limits.memory_bytes / _GIB
            return f"took over {size:g} GB of memory to read; split it"
        if status == -getattr(signal, "SIGXCPU", 0):
            return f"took over {self._limits.cpu_seconds} s of processor time to read; split it"
        return f"broken: reading it failed (status {status}); save it anew, or as .txt"

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        if child.stdin is not None:
            try:
                child.stdin.close()
            except BrokenPipeError:
                pass  # half a request was waiting in the pipe


def _send(child: subprocess.Popen[bytes], line: bytes) -> None:
    if child.stdin is not None:
        try:
            child.stdin.write(line)
            child.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended; the answer, an empty line, says so


def _collect(child: subprocess.Popen[bytes], lines: "queue.SimpleQueue[bytes]") -> None:
    """Put each answer into the queue, and an empty one at the end."""
    if child.stdout is not None:
        with child.stdout:
            for line in child.stdout:
                lines.put(line)
    lines.put(b"")


def _environment() -> dict[str, str]:
    """Our own import path, and one thread for numerical libraries: each reserves memory."""
    places = [place for place in sys.path if place]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**os.environ, **threads, "PYTHONPATH": os.pathsep.join(places)}
