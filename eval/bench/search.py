"""How search grows with a library: one made to measure for each size, asked in its own process.

See `eval.bench.enlarge` for what such a library is made of, `eval.bench.searching` for what
is measured. Larger sizes are reckoned from those, by how each part grows.
"""

import json
import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree

import numpy as np

from eval.bench.engine import machine
from eval.bench.enlarge import Source, build
from eval.bench.searching import EXACT, Measured
from index.embed import Encoder, Vectors
from index.lists import lists_for
from index.opening import DATABASE
from index.schema import connect

VERSIONS = ("faiss-cpu", "numpy", "openvino")
_BLOCK = 20_000  # embeddings compared at a time

Progress = Callable[[str, int, int | None], None]  # what, done, of how many


@dataclass(frozen=True, slots=True)
class Size:
    """One library and what searching it came to."""

    passages: int
    build_s: float  # tables and full-text index
    snapshot_s: float
    database_mb: float
    snapshot_mb: float
    measured: Measured


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a size that was not built would come to, were growth to go on as it did."""

    passages: int
    vectors_ms: float  # median
    words_ms: float  # median
    resident_mb: float  # all that can be mapped, mapped
    disk_mb: float
    build_s: float  # without embedding


@dataclass(frozen=True, slots=True)
class SearchReport:
    """One run of the bench."""

    machine: str
    versions: dict[str, str]
    made_from: str
    questions: int
    sizes: tuple[Size, ...]
    reckoned: tuple[Reckoned, ...]


def bench_search(
    source: Source, counts: Sequence[int], folder: Path, encoder: Encoder, *, progress: Progress
) -> SearchReport:
    """Build, ask and delete a library of each size, in this folder."""
    sizes = []
    for count in counts:
        place = folder / f"library-{count}"
        try:
            sizes.append(_one(source, count, place, encoder, progress))
        finally:
            rmtree(place, ignore_errors=True)
    return SearchReport(
        machine=machine(),
        versions={name: version(name) for name in VERSIONS},
        made_from=source.what,
        questions=len(source.questions),
        sizes=tuple(sizes),
        reckoned=_reckoned(sizes[-1]),
    )


def _reckoned(size: Size) -> tuple[Reckoned, ...]:
    """Nothing from a library that is searched in another way than a larger one would be."""
    if size.measured.index == EXACT:
        return ()
    return tuple(reckon(size, count) for count in (10_000_000, 100_000_000))


def reckon(size: Size, passages: int) -> Reckoned:
    """A larger size from a measured one.

    Disk, memory and building grow with passages. Lists double as passages grow
    fourfold, and as many of them are looked through: so vectors grow with the root. Of
    words no more are ranked than before: their time stays, as long as disk keeps up.
    """
    times = passages / size.passages
    taken = size.measured
    lists = lists_for(passages) * 4 * 384 / 1e6
    return Reckoned(
        passages=passages,
        vectors_ms=taken.vectors_ms[0] * math.sqrt(times),
        words_ms=taken.words_ms[0],
        resident_mb=taken.encoder_mb + lists + size.snapshot_mb * times,
        disk_mb=(size.database_mb + size.snapshot_mb) * times,
        build_s=(size.build_s + size.snapshot_s * math.sqrt(times)) * times,
    )


def nearest(database: Path, queries: Vectors, top_k: int = 10) -> list[list[int]]:
    """Ids of the nearest by cosine for each query, in no order: all embeddings compared."""
    best = np.full((len(queries), top_k), -np.inf, dtype=np.float32)
    ids = np.zeros((len(queries), top_k), dtype=np.int64)
    connection = connect(database, mode="ro")
    try:
        rows = connection.execute("SELECT passage, vector FROM embedding")
        while part := rows.fetchmany(_BLOCK):
            whole = np.frombuffer(b"".join(vector for _, vector in part), dtype="<f4")
            scores = queries @ whole.reshape(len(part), -1).T  # (queries, part)
            scores = np.hstack([best, scores])
            numbers = np.array([id_ for id_, _ in part], dtype=np.int64)
            every = np.hstack([ids, np.broadcast_to(numbers, (len(queries), len(part)))])
            chosen = np.argpartition(-scores, top_k - 1, axis=1)[:, :top_k]
            best = np.take_along_axis(scores, chosen, axis=1)
            ids = np.take_along_axis(every, chosen, axis=1)
    finally:
        connection.close()
    return [row.tolist() for row in ids]


def _one(source: Source, count: int, place: Path, encoder: Encoder, progress: Progress) -> Size:
    what = f"building {count:,} passages"
    seconds = build(
        place, source, count, encoder, progress=lambda done, of: progress(what, done, of)
    )
    progress(f"asking {count:,} passages", 0, None)
    found = nearest(place / DATABASE, encoder.encode_queries(list(source.questions)))
    asked = place.with_suffix(".json")
    rows = [
        {"question": question, "nearest": ids}
        for question, ids in zip(source.questions, found, strict=True)
    ]
    asked.write_text(json.dumps(rows), encoding="utf-8")
    return Size(
        passages=count,
        build_s=seconds[0],
        snapshot_s=seconds[1],
        database_mb=(place / DATABASE).stat().st_size / 1e6,
        snapshot_mb=sum(file.stat().st_size for file in place.glob("vectors-*")) / 1e6,
        measured=_in_child(place, asked),
    )


def _in_child(library: Path, asked: Path) -> Measured:
    done = subprocess.run(
        [sys.executable, "-m", "eval.bench.searching", str(library), str(asked)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"asking {library} failed: {done.stderr[-300:]}")
    fields = json.loads(done.stdout)
    pairs = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return Measured(**(fields | pairs))
