import json

import numpy as np
import pytest

from eval.bench.enlarge import enlarged
from eval.bench.search import Size, reckon
from eval.bench.searching import Measured
from ui.cli import run as footnote


def test_enlarged_embeddings_stay_near_to_real_ones():
    random = np.random.default_rng(0)
    real = random.standard_normal((50, 16)).astype(np.float32)
    real /= np.linalg.norm(real, axis=1, keepdims=True)
    every = np.concatenate(list(enlarged(real, 500)))
    assert every.shape == (500, 16)
    np.testing.assert_array_equal(every[:50], real)
    np.testing.assert_allclose(np.linalg.norm(every, axis=1), 1, atol=1e-5)
    assert np.median((every[50:] @ real.T).max(axis=1)) > 0.7
    assert len(np.unique(every.round(4), axis=0)) == 500


def test_larger_sizes_are_reckoned_by_how_each_part_grows():
    measured = Measured(
        "2048 lists", 0.99, 0.5, 900.0, 200.0, (1.5, 4.0), (20.0, 50.0), (30.0, 70.0)
    )
    size = Size(1_000_000, 200.0, 50.0, 4000.0, 800.0, measured)
    larger = reckon(size, 4_000_000)
    assert (larger.vectors_ms, larger.words_ms) == (3.0, 20.0)
    assert larger.disk_mb == 4 * 4800
    assert larger.build_s == 4 * 200 + 4 * 2 * 50


def test_sizes_that_are_none_are_refused(capsys):
    assert footnote(["bench", "search", "--passages", "many"]) == 2
    assert footnote(["bench", "search", "--passages", "5"]) == 2


@pytest.mark.slow
def test_the_whole_bench_of_searching_runs(capsys, tmp_path):
    arguments = ["bench", "search", "--passages", "400,900", "--json", "--out", str(tmp_path)]
    assert footnote(arguments) == 0
    report = json.loads(capsys.readouterr().out)
    assert [size["passages"] for size in report["sizes"]] == [400, 900]
    assert all(size["measured"]["recall"] == 1.0 for size in report["sizes"])
    assert report["reckoned"] == []  # from exact search nothing follows for lists
    assert "<svg" in (tmp_path / "search.svg").read_text(encoding="utf-8")
