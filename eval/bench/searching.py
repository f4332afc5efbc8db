"""What `footnote bench search` measures, in a process that does nothing else.

    python -m eval.bench.searching LIBRARY QUESTIONS.json

QUESTIONS.json: a list of {"question", "nearest": ids of the 10 nearest by exact cosine}.
Prints one JSON object, the fields of `Measured`.
"""

import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from index.embed import Encoder, open_encoder
from index.keywords import WordSearch
from index.library import Library
from index.lists import Lists
from index.search import Searcher
from index.vectors import VectorIndex

EXACT = "exact"
_POOL = 100  # what `Searcher.search` asks for


@dataclass(frozen=True, slots=True)
class Measured:
    """What one library came to."""

    index: str  # in words
    recall: float  # of the 10 nearest by exact cosine
    open_s: float  # library and vectors, without the encoder
    resident_mb: float  # at the end, the encoder and what is mapped of files included
    encoder_mb: float  # of that, before anything was opened
    vectors_ms: tuple[float, float]  # median, 95th percentile
    words_ms: tuple[float, float]
    search_ms: tuple[float, float]  # with encoding the question


def measure(folder: Path, asked: list[tuple[str, list[int]]], encoder: Encoder) -> Measured:
    """Open, then ask everything: by vectors alone, by words alone, and by both."""
    import faiss

    faiss.omp_set_num_threads(1)
    encoder.encode_queries([asked[0][0]])
    before = _resident_mb()
    with Library.open(folder) as library:
        with library.reading() as connection:
            index = library.load_index(connection, dimension=encoder.dimension)
            by_words = _times(_word_searches(connection, asked, len(index)))
        vectors = [encoder.encode_queries([question])[0] for question, _ in asked]
        found = [index.search(vector, _POOL)[:10] for vector in vectors]
        shares = [
            len(set(ids) & set(ten.tolist())) / len(ids)
            for (_, ids), ten in zip(asked, found, strict=True)
        ]
        by_vectors = _times([partial(index.search, vector, _POOL) for vector in vectors])
        described = _described(index)
        del index  # or what both have mapped would count twice
    began = time.perf_counter()
    with Library.open(folder) as library:
        searcher = Searcher.open(library, encoder)
        opened = time.perf_counter() - began
        whole = _times([partial(searcher.search, question) for question, _ in asked])
        resident = _resident_mb()
    return Measured(
        index=described,
        recall=float(np.mean(shares)),
        open_s=opened,
        resident_mb=resident,
        encoder_mb=before,
        vectors_ms=by_vectors,
        words_ms=by_words,
        search_ms=whole,
    )


def _word_searches(
    connection: sqlite3.Connection, asked: list[tuple[str, list[int]]], passages: int
) -> list[Callable[[], object]]:
    words, none = WordSearch(), np.zeros(0, dtype=np.int64)
    return [
        partial(
            words.scores, connection, question, _POOL, key=("", 0), passages=passages, near=none
        )
        for question, _ in asked
    ]


def _described(index: VectorIndex) -> str:
    base = index.base
    return f"{len(base.centroids)} lists" if isinstance(base, Lists) else EXACT


def _times(calls: Sequence[Callable[[], object]]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    taken = []
    for call in calls:
        began = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - began))
    return float(np.median(taken)), float(np.quantile(taken, 0.95))


def _resident_mb() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    rows = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    questions = [(row["question"], row["nearest"]) for row in rows]
    print(json.dumps(asdict(measure(Path(sys.argv[1]), questions, open_encoder()))))
