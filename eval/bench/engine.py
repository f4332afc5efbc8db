"""The engine against Sentence Transformers in torch, and a cold start, in one interleaved run.

Rounds alternate between the candidates, so that a machine that slows down
slows all of them; ratios are taken within a round and their median is given.
"""

import math
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from index.embed import SentenceEncoder, open_encoder
from index.engine import threads
from qa.confidence import load_calibration
from qa.reader import SpanReader
from qa.types import Span

QUESTION = "How many people were hurt in the Marlhaven tea fire?"
VERSIONS = ("openvino", "torch", "transformers", "sentence-transformers", "tokenizers", "faiss-cpu")

_MEASURING = """
import os, sys, time
began = time.perf_counter()
nothing = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=nothing)
_, status, used = os.wait4(child, 0)
print(time.perf_counter() - began, used.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Measure:
    """What came out in each round."""

    name: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """Of all rounds."""
        return statistics.median(self.values)


@dataclass(frozen=True, slots=True)
class Report:
    """One run of the bench."""

    machine: str
    precision: str
    versions: dict[str, str]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that ended well."""

    seconds: float  # from start to end
    peak_mb: float  # largest resident size


def bench_engine(texts: Sequence[str], library: Path, *, rounds: int, progress: Progress) -> Report:
    """Measure embedding of these passages, and a cold question to this library."""
    ours, ours_f32 = open_encoder(), open_encoder(precision="f32")
    theirs = sentence_transformer(ours)
    exact = theirs(texts[:32])  # the first call of each is not counted
    cosine = float((ours.encode_passages(texts[:32]) * exact).sum(axis=1).min())
    ours_f32.encode_passages(texts[:32])
    ask = [sys.executable, "-m", "ui.cli", "ask", QUESTION, "--library", str(library)]
    run(ask)
    engine_rate, f32_rate, torch_rate, rows = [], [], [], []
    for done in range(rounds):
        progress(done, rounds)
        engine_rate.append(len(texts) / seconds(lambda: ours.encode_passages(texts)))
        f32_rate.append(len(texts) / seconds(lambda: ours_f32.encode_passages(texts)))
        torch_rate.append(len(texts) / seconds(lambda: theirs(texts)))
        asked = run(ask)
        imported = run([sys.executable, "-c", "import sentence_transformers"])
        helped = run([sys.executable, "-m", "ui.cli", "--help"])
        rows.append((asked.seconds, imported.seconds, helped.seconds, asked.peak_mb))
    asked_s, imported_s, helped_s, peak = (tuple(column) for column in zip(*rows, strict=True))
    return Report(
        machine=machine(),
        precision=f"encoder in {ours.precision}",
        versions={name: version(name) for name in VERSIONS},
        measures=(
            Measure("engine, embedding", "passages/s", tuple(engine_rate)),
            Measure("engine in f32, embedding", "passages/s", tuple(f32_rate)),
            Measure("Sentence Transformers f32, embedding", "passages/s", tuple(torch_rate)),
            Measure("engine : Sentence Transformers", "times", ratios(engine_rate, torch_rate)),
            Measure("engine in f32 : that", "times", ratios(f32_rate, torch_rate)),
            Measure("lowest cosine between the two", "", (cosine,)),
            Measure("cold ask", "s", asked_s),
            Measure("import sentence_transformers", "s", imported_s),
            Measure("cold ask : that import", "times", ratios(asked_s, imported_s)),
            Measure("cold ask, peak memory", "MB", peak),
            Measure("footnote --help", "s", helped_s),
        ),
    )


def same_answers(pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Shares of (question, passage) pairs that the reader answers here as it does in f32.

    First with the fitted threshold, below which there is no answer; then of the
    best spans, whatever their margin.
    """
    threshold = load_calibration().reader_threshold
    fast, exact = (
        [found[0] if found else None for found in reader.read_pairs(pairs)]
        for reader in (SpanReader(), SpanReader(precision="f32"))
    )

    def place(span: Span | None, least: float) -> tuple[int, int] | None:
        answered = span is not None and span.score - span.null_score >= least
        return (span.start, span.end) if span and answered else None

    shares = [
        sum(place(a, least) == place(b, least) for a, b in zip(fast, exact, strict=True))
        / len(pairs)
        for least in (threshold, -math.inf)
    ]
    return shares[0], shares[1]


def machine() -> str:
    """The processor's name and how many of its threads this process may use."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        name = lines[0].split(":", 1)[1].strip() if lines else name
    return f"{name}, {threads()} threads, {platform.system()}, Python {platform.python_version()}"


def run(command: Sequence[str]) -> Ran:
    """Run a command to its end. Raises RuntimeError where it fails."""
    # A process's peak counts what its parent held when it was started: the parent is a small one.
    done = subprocess.run(
        [sys.executable, "-S", "-c", _MEASURING, *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stderr[-300:]}")
    seconds, peak = done.stdout.split()
    return Ran(float(seconds), int(peak) / (1024**2 if sys.platform == "darwin" else 1024))


def sentence_transformer(
    encoder: SentenceEncoder,
) -> Callable[[Sequence[str]], "np.ndarray[tuple[int, ...], np.dtype[np.float32]]"]:
    """The same model the usual way: in torch, in f32."""
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # it has one of its own for loading
    model = SentenceTransformer(str(encoder.folder), device="cpu", local_files_only=True)
    return lambda texts: np.asarray(
        model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
    )


def seconds(call: Callable[[], object]) -> float:
    """How long the call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def ratios(one: Sequence[float], other: Sequence[float]) -> tuple[float, ...]:
    """One by the other, round by round."""
    return tuple(a / b for a, b in zip(one, other, strict=True))
