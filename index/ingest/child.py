"""The process that parses files which nobody vouches for; `guard` starts and ends it.

It reads one request a line from standard input, `{"path": ..., limits}`, and answers
one result a line. Its limits are set by the operating system, so that no parser
can get round them.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from index.ingest.read import read_file
from index.ingest.types import Limits
from index.ingest.wire import to_line

OUT_OF_MEMORY = 70  # exit status; the parent names the file and starts another child


def main() -> None:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the parent, and that ends us
    answers = _own_output()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        limits = Limits(**request["limits"])
        _limit(limits)
        path = Path(request["path"])
        try:
            answers.write(to_line(read_file(path, limits=limits)))
            answers.flush()
        except MemoryError:
            os._exit(OUT_OF_MEMORY)


def _own_output() -> BinaryIO:
    """Standard output for answers alone; what a parser prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _limit(limits: Limits) -> None:
    """Bound memory, and processor time from now on; nothing where the system has no such limits."""
    try:
        import resource
    except ImportError:
        return
    _lower(resource.RLIMIT_AS, limits.memory_bytes)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + limits.cpu_seconds + 1)


def _lower(which: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(which)
    soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(which, (soft, hard))
    except (ValueError, OSError):
        return  # macOS refuses RLIMIT_AS; the other limits still hold


if __name__ == "__main__":
    main()
