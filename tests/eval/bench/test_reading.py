from eval.bench.reading import bench_reading
from index.engine import open_model
from qa.reader import SHIPPED


def test_reading_is_timed_in_this_machines_precision_and_in_f32():
    own = open_model(SHIPPED, "spans", name="it").engine
    said = []
    fast, exact, ratio = bench_reading(rounds=2, progress=lambda *done: said.append(done))
    assert own is not None and f"in {own.precision}," in fast.name
    assert "in f32," in exact.name
    assert ratio.values == tuple(e / f for e, f in zip(exact.values, fast.values, strict=True))
    assert said == [(0, 2), (1, 2)]
