import json
import sys

import pytest

from eval.bench.engine import Measure, Report, machine, run, same_answers
from ui.cli import run as footnote
from ui.cli_bench import _table


def test_the_median_is_quoted_with_its_range():
    rates = Measure("engine, embedding", "passages/s", (120.0, 100.0, 140.4))
    cosine = Measure("lowest cosine", "", (0.99991,))
    report = Report("A machine", "bf16", {"openvino": "1.2"}, (rates, cosine))
    assert rates.median == 120.0
    assert _table(report, what="7 sample passages", rounds=3).splitlines() == [
        "A machine; bf16; openvino 1.2",
        "7 sample passages; median (lowest to highest) of 3 rounds",
        "  engine, embedding                        120 passages/s (100 to 140)",
        "  lowest cosine                            0.9999",
    ]


def test_a_commands_own_memory_is_measured():
    small = run([sys.executable, "-c", "pass"])
    large = run([sys.executable, "-c", "x = bytearray(200_000_000); x[::4096] = b'1' * 48829"])
    assert 3 < small.peak_mb < 60
    assert 190 < large.peak_mb - small.peak_mb < 260
    assert small.seconds > 0


def test_a_command_that_fails_is_no_measure():
    with pytest.raises(RuntimeError, match="no such thing"):
        run([sys.executable, "-c", "raise SystemExit('no such thing')"])


def test_answers_in_both_precisions_are_compared():
    passage = "The ferry Alma left Marlhaven at noon. Captain Ines Tarr steered it to Orrin."
    pairs = [("Who steered the ferry?", passage), ("Who won?", "It rained."), ("Who?", "")]
    assert same_answers(pairs) == (1.0, 1.0)


def test_the_machine_is_named():
    assert "threads" in machine()


def test_the_whole_bench_runs(capsys):
    assert footnote(["bench", "engine", "--rounds", "1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    measures = {measure["name"]: measure["values"] for measure in report["measures"]}
    assert measures["lowest cosine between the two"][0] > 0.995
    assert measures["cold ask, peak memory"][0] > 50
    assert all(len(values) == 1 and values[0] > 0 for values in measures.values())
