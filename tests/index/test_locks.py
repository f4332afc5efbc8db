import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import LibraryBusy
from index.locks import adding_lock

HOLDER = """
import sys, time
from pathlib import Path
from index.locks import adding_lock
with adding_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_place_of_a_killed_process_is_free_at_once(tmp_path: Path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    with holder:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        with (
            pytest.raises(LibraryBusy, match=r"or leave out --no-wait to wait for it"),
            adding_lock(tmp_path, wait=False),
        ):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
        with adding_lock(tmp_path, wait=False):
            pass


def test_nobody_is_told_to_wait_for_a_free_place(tmp_path: Path):
    told = []
    with adding_lock(tmp_path, on_wait=lambda: told.append(True)):
        assert told == []
