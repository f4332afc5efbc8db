"""SIGKILL at random points: what was acknowledged is there, what was not is whole or absent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from index.embed import HashEncoder
from index.library import Library
from index.search import Searcher

ROOT = Path(__file__).parents[2]
KILLS = 50
OPEN_SECONDS = 1.0

Places = dict[str, str]  # which article version each path holds


class Expectation:
    """What the library must hold, told line by line what a worker does."""

    def __init__(self) -> None:
        self.places: Places = {}
        self._then: Places = {}  # if what was begun last is there too

    def hear(self, line: str) -> None:
        verb, *words = line.split()
        if verb == "add":
            self._then = self.places | dict(word.split("=") for word in words)
        elif verb == "remove":
            self._then = {path: id_ for path, id_ in self.places.items() if id_ not in words}
        elif verb == "done":
            self.places = self._then

    def settle(self, live: set[str]) -> None:
        """Decide, after a kill, whether the last thing begun was done; it must be either."""
        if live == set(self._then.values()):
            self.places = self._then
        assert live == set(self.places.values())
        self._then = self.places


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[str]]:
    script = Path(__file__).with_name("crash_worker.py")
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with process:
        yield process
        assert process.stdin
        process.stdin.close()
        assert process.wait(20) == 0


def lines_until_killed(
    worker: subprocess.Popen[str], folder: Path, seed: int, seconds: float
) -> list[str]:
    """What one child said in that time."""
    assert worker.stdin and worker.stdout
    worker.stdin.write(f"{folder}\t{seed}\n")
    worker.stdin.flush()
    said: list[str] = []
    while not any(line.startswith("pid") for line in said):
        said.append(worker.stdout.readline())
    pid = next(int(line.split()[1]) for line in said if line.startswith("pid"))
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    for line in worker.stdout:
        if line == "gone\n":
            break
        said.append(line)
    return said


def test_nothing_acknowledged_is_lost_and_nothing_half_done_shows(
    tmp_path: Path, worker: subprocess.Popen[str]
):
    folder, random, expected = tmp_path / "library", Random(1), Expectation()
    encoder = HashEncoder(dimension=16)
    Library.open(folder, create=True).close()
    done = 0
    for seed in range(4 * KILLS):
        if seed >= KILLS and done > KILLS:
            break
        for line in lines_until_killed(worker, folder, seed, random.uniform(0, 0.2)):
            expected.hear(line)
            done += line == "done\n"
        begun = time.monotonic()
        with Library.open(folder) as library:
            searcher = Searcher.open(library, encoder)
            hits = searcher.search("second sentence word1").hits
            assert time.monotonic() - begun < OPEN_SECONDS
            live = {record.id for record in library.articles()}
            expected.settle(live)
            assert {hit.passage.article_id for hit in hits} <= live
            problems = {problem.where for problem in library.check(encoder=encoder).problems}
            assert problems <= {"snapshot"}  # derived, and made good
    assert done > KILLS  # else the worker was killed before it could do anything


ADDER = """
import sys
from random import Random
sys.path.insert(0, sys.argv[3])
from crash_worker import article
from index.embed import HashEncoder
from index.library import Library
random = Random(int(sys.argv[2]))
with Library.open(sys.argv[1], create=True) as library, library.adding():
    for _ in range(20):
        library.add([article(random)], HashEncoder())
"""


def test_two_processes_may_add_at_once(tmp_path: Path):
    folder, here = str(tmp_path / "library"), str(Path(__file__).parent)
    adders = [
        subprocess.Popen(
            [sys.executable, "-c", ADDER, folder, seed, here],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for seed in ("1", "2")
    ]
    assert [adder.wait(60) for adder in adders] == [0, 0]
    with Library.open(folder) as library:
        versions = library.articles(states=("live", "replaced"))
        assert len(versions) == 40
        assert library.check().problems == ()
