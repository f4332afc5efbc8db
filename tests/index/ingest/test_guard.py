import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.ingest import Limits, read_file, read_files

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's limits")
PROSE = "The council met on Tuesday and decided to close the pool, which was built in 1931."


@pytest.fixture
def files(tmp_path):
    """Three small files and one that takes long and much to read."""
    paths = []
    for n in range(3):
        paths.append(tmp_path / f"{n}.txt")
        paths[-1].write_text(f"{PROSE} {n}")
    big = tmp_path / "big.txt"
    big.write_text("By Jane, Doe and 2019\n" * 600_000)
    return paths, big


def children_of(process):
    return [
        int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


@pytest.fixture
def started():
    """The processes that this one has started since; a browser of other tests may run on."""
    before = children_of(os.getpid()) if sys.platform.startswith("linux") else []
    return lambda: [child for child in children_of(os.getpid()) if child not in before]


def texts(results):
    return [article.text for result in results for article in result.articles]


def test_results_are_those_of_reading_here_and_in_order(files):
    small, _ = files
    assert list(read_files(small)) == [read_file(path) for path in small]


def test_no_files_start_no_process():
    before = children_of(os.getpid()) if sys.platform.startswith("linux") else []
    assert list(read_files([])) == []
    assert not sys.platform.startswith("linux") or children_of(os.getpid()) == before


def test_a_bad_file_does_not_stop_the_rest(files, tmp_path):
    small, _ = files
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 no")
    results = list(read_files([small[0], broken, small[1]]))
    assert [bool(result.articles) for result in results] == [True, False, True]
    assert results[1].refused[0].path == str(broken)


@linux
def test_too_much_memory_is_refused_and_the_next_file_read(files):
    small, big = files
    big.write_bytes(b"river " * 10_000_000)
    limits = Limits(memory_bytes=320 << 20)  # of which Python and its libraries take 200
    results = list(read_files([small[0], big, small[1]], limits=limits))
    assert results[1].refused[0].reason == "took over 0.3125 GB of memory to read; split it"
    assert texts(results) == [f"{PROSE} 0", f"{PROSE} 1"]


@linux
def test_too_much_processor_time_is_refused_and_the_next_file_read(files):
    small, big = files
    results = list(read_files([small[0], big, small[1]], limits=Limits(cpu_seconds=0)))
    assert results[1].refused[0].reason == "took over 0 s of processor time to read; split it"
    assert texts(results) == [f"{PROSE} 0", f"{PROSE} 1"]


def test_too_long_is_refused_and_the_next_file_read(files):
    small, big = files
    results = list(read_files([small[0], big, small[1]], limits=Limits(wall_seconds=0.3)))
    assert results[1].refused[0].reason == "took longer than 0.3 s to read; split it"
    assert texts(results) == [f"{PROSE} 0", f"{PROSE} 1"]


@linux
def test_a_child_that_dies_is_replaced_by_another(files, started):
    small, _ = files
    results = read_files([small[0], small[1], small[2]])
    first = next(results)
    (child,) = started()
    os.kill(child, signal.SIGSEGV)
    while started() and Path(f"/proc/{child}/stat").read_text().split()[2] != "Z":
        time.sleep(0.01)
    second, third = results
    assert "broken: reading it failed" in second.refused[0].reason
    assert texts([first, third]) == [f"{PROSE} 0", f"{PROSE} 2"]


@linux
def test_one_child_reads_many_files_and_ends_with_the_iterator(files, started):
    small, _ = files
    results = read_files(small)
    next(results)
    (child,) = started()
    next(results)
    assert started() == [child]
    results.close()
    assert started() == []


@linux
def test_ctrl_c_ends_the_child_too(files):
    small, big = files
    script = (
        "import sys; from pathlib import Path; from index.ingest import read_files\n"
        "for result in read_files([Path(name) for name in sys.argv[1:]]):\n"
        "    print('read', flush=True)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(small[0]), str(big)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with process:
        assert process.stdout.readline() == b"read\n"
        time.sleep(0.2)
        (child,) = children_of(process.pid)
        os.killpg(process.pid, signal.SIGINT)  # as the terminal does: to both
        assert process.wait(timeout=20) != 0
    assert not Path(f"/proc/{child}").exists()


def test_a_json_module_in_the_working_folder_is_not_ours(files, tmp_path, monkeypatch):
    small, _ = files
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    assert texts(read_files(small[:1])) == [f"{PROSE} 0"]
