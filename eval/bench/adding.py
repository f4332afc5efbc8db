"""What adding costs: beside the bare engine, in libraries of many sizes, and in memory.

    python -m eval.bench.adding LIBRARY FILES...    the memory of adding, for `memory_of_adding`

Rounds alternate between the candidates, as in `eval.bench.engine`. Libraries are filled
with the articles' own passages, their words altered and their embeddings perturbed.
"""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from eval.bench.engine import (
    QUESTION,
    VERSIONS,
    Measure,
    Progress,
    Report,
    machine,
    ratios,
    run,
    seconds,
    sentence_transformer,
)
from index.embed import Encoder, SentenceEncoder, Vectors, open_encoder
from index.ingest import read_files
from index.library import Library
from index.types import Article
from index.writing import cut, texts_of

FEW = 10  # articles that are added to each library
_ALTERED = 0.6  # share of words; what is left makes no near-copies
_PERTURBED = 0.3  # length of what is added to an embedding of length 1
_FILLING = 200  # articles in a batch
_SAMPLED_SECONDS = 0.02

Add = Callable[[Library, Encoder, Sequence[Path]], None]


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident size of a process that adds, MB; its models are loaded in all of them."""

    before: float
    peak: float
    after: float


class PerturbedEncoder:
    """Gives passages that were embedded before, each time a little off: for filling only."""

    def __init__(self, encoder: Encoder, embedded: Vectors) -> None:
        """Pass for the encoder. embedded: some of its embeddings, (passages, dimension)."""
        self.name, self.fingerprint = encoder.name, encoder.fingerprint
        self.dimension = encoder.dimension
        self._embedded, self._random = embedded, np.random.default_rng(1)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The same as for passages."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Any of the embeddings, perturbed."""
        chosen = self._embedded[self._random.integers(0, len(self._embedded), len(texts))]
        noise = self._random.standard_normal(chosen.shape, dtype=np.float32)
        noise *= _PERTURBED / np.linalg.norm(noise, axis=1, keepdims=True)
        found: Vectors = chosen + noise
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As many as words of English have word pieces."""
        return [text.count(" ") * 4 // 3 + 1 for text in texts]

    def prepare(self) -> None:
        """Nothing: there is no model."""

    def rest(self) -> None:
        """Nothing either."""


def bench_adding(
    files: Sequence[Path],
    folder: Path,
    *,
    add: Add,
    sizes: Sequence[int],
    rounds: int,
    progress: Progress,
) -> Report:
    """Measure the adding of these files, and of a few articles to libraries of these sizes.

    folder: where the libraries are made. add: what `footnote add` does. sizes: passages.
    """
    articles = [article for read in read_files(files) for article in read.articles]
    encoder = open_encoder()
    texts = texts_of(cut(articles, encoder))
    measures = _rates(files, texts, encoder, folder, add=add, rounds=rounds, progress=progress)
    filling = PerturbedEncoder(encoder, encoder.encode_passages(texts[:1000]))
    for size in (0, *sizes):
        progress(0, None)
        library = folder / f"library-{size}"
        measures += _at_size(library, size, articles, encoder, filling, rounds=rounds)
    memory = memory_of_adding(folder / "memory", files)
    return Report(
        machine=machine(),
        precision=f"encoder in {encoder.precision}",
        versions={name: version(name) for name in VERSIONS},
        measures=(
            *measures,
            Measure("memory before adding these files", "MB", (memory.before,)),
            Measure("memory while adding, at most", "MB", (memory.peak,)),
            Measure("memory after adding", "MB", (memory.after,)),
        ),
    )


def _rates(
    files: Sequence[Path],
    texts: Sequence[str],
    encoder: SentenceEncoder,
    folder: Path,
    *,
    add: Add,
    rounds: int,
    progress: Progress,
) -> list[Measure]:
    theirs = sentence_transformer(encoder)
    encoder.encode_passages(texts[:32])  # the first call of each is not counted
    theirs(texts[:32])
    engine_rate, torch_rate, add_rate = [], [], []
    for done in range(rounds):
        progress(done, rounds)
        engine_rate.append(len(texts) / seconds(lambda: encoder.encode_passages(texts)))
        torch_rate.append(len(texts) / seconds(lambda: theirs(texts)))
        with Library.open(folder / f"added-{done}", create=True) as library:
            began = time.perf_counter()
            with library.adding():
                add(library, encoder, files)
            took = time.perf_counter() - began
            add_rate.append(library.status().passages / took)
    return [
        Measure("bare engine", "passages/s", tuple(engine_rate)),
        Measure("Sentence Transformers", "passages/s", tuple(torch_rate)),
        Measure("footnote add", "passages/s", tuple(add_rate)),
        Measure("footnote add : bare engine", "", ratios(add_rate, engine_rate)),
        Measure("footnote add : Sentence Transformers", "times", ratios(add_rate, torch_rate)),
    ]


def _at_size(
    folder: Path,
    size: int,
    articles: Sequence[Article],
    encoder: Encoder,
    filling: Encoder,
    *,
    rounds: int,
) -> list[Measure]:
    """Seconds to add a few articles to a library of so many passages; memory of a question."""
    altering = altered(articles, seed=size)
    stored, settled = [], []
    with Library.open(folder, create=True) as library, library.adding():
        fill(library, filling, altering, size)
    with Library.open(folder) as library:
        for _ in range(rounds):
            few = list(islice(altering, FEW))
            began = time.perf_counter()
            with library.adding():
                library.add(few, encoder)
                stored.append(time.perf_counter() - began)
            settled.append(time.perf_counter() - began - stored[-1])
    what = f"{FEW} articles to {size:,} passages"
    measures = [
        Measure(what, "s", tuple(stored)),
        Measure("  and the snapshot after them", "s", tuple(settled)),
    ]
    if size:
        ask = [sys.executable, "-m", "ui.cli", "ask", QUESTION, "--library", str(folder)]
        run(ask)
        peaks = tuple(run(ask).peak_mb for _ in range(rounds))
        measures.append(Measure(f"cold ask of {size:,} passages, memory", "MB", peaks))
    return measures


def fill(library: Library, encoder: Encoder, articles: Iterator[Article], size: int) -> None:
    """Add articles until the library holds so many passages."""
    while library.status().passages < size:
        library.add(list(islice(articles, _FILLING if size > _FILLING else 1)), encoder)


def altered(articles: Sequence[Article], *, seed: int = 0) -> Iterator[Article]:
    """The articles over and over without end, each time with other words in most places."""
    random_ = random.Random(seed)
    words = sorted({word for article in articles for word in article.text.split()})
    for number, article in enumerate(cycle(articles)):
        text = " ".join(
            random_.choice(words) if random_.random() < _ALTERED and word.strip() == word else word
            for word in article.text.split(" ")
        )
        # A headline of its own would end where the altered one does not.
        yield replace(article, text=text, body_start=0, page_starts=(), path=f"/{seed}/{number}")


def memory_of_adding(folder: Path, files: Sequence[Path]) -> Memory:
    """What adding the files to a new library takes, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "eval.bench.adding", str(folder)],
        input="\n".join(map(str, files)),
        capture_output=True,
        text=True,
        check=True,
    )
    return Memory(*json.loads(done.stdout))


def resident_mb() -> float:
    """Resident size of this process; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def main() -> None:
    """Add the files named on standard input to a new library, and print memory as JSON."""
    files = [Path(line.rstrip("\n")) for line in sys.stdin]
    encoder = open_encoder()
    encoder.encode_queries([QUESTION])
    encoder.encode_passages([QUESTION])
    before = peak = resident_mb()
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(_SAMPLED_SECONDS):
            peak = max(peak, resident_mb())

    watching = threading.Thread(target=watch)
    watching.start()
    with Library.open(Path(sys.argv[1]), create=True) as library:
        with library.adding():
            articles = (article for read in read_files(files) for article in read.articles)
            batches = iter(lambda: list(islice(articles, 32)), [])
            for _ in library.add_batches(batches, encoder):
                pass
        ended.set()
        watching.join()
        print(json.dumps([before, peak, resident_mb()]))


if __name__ == "__main__":
    main()
