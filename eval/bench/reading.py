"""The reader in the precision that is the fastest on this machine, against f32."""

from collections.abc import Sequence
from functools import partial

from eval.bench.engine import Measure, Progress, ratios, seconds
from index.engine import Engine, Tokens, open_model
from index.translated import Precision
from qa.reader import SHIPPED

PASSAGES, TOKENS = 10, 250  # about what one question has read


def bench_reading(*, rounds: int, progress: Progress) -> tuple[Measure, ...]:
    """Time the reading of one question's passages; each round measures both precisions."""
    fast, exact = _engine(None), _engine("f32")
    words = [range(1000 + n, 1000 + n + TOKENS) for n in range(PASSAGES)]  # any will do
    passages = [Tokens(ids, [0] * TOKENS) for ids in words]
    for engine in (fast, exact):
        engine.run(passages)  # the first call of each is not counted
    taken = []
    for done in range(rounds):
        progress(done, rounds)
        taken.append((_milliseconds(fast, passages), _milliseconds(exact, passages)))
    fast_ms, exact_ms = (tuple(column) for column in zip(*taken, strict=True))
    what = f"{PASSAGES} passages of {TOKENS} tokens"
    return (
        Measure(f"reader in {fast.precision}, {what}", "ms", fast_ms),
        Measure(f"reader in f32, {what}", "ms", exact_ms),
        Measure(f"f32 : {fast.precision}, reading", "times", ratios(exact_ms, fast_ms)),
    )


def _engine(precision: Precision | None) -> Engine:
    engine = open_model(SHIPPED, "spans", name="the reader", precision=precision).engine
    assert engine is not None  # the shipped reader runs on the engine
    return engine


def _milliseconds(engine: Engine, passages: Sequence[Tokens]) -> float:
    return 1000 * seconds(partial(engine.run, passages))
