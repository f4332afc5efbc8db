"""Fits confidence and thresholds, and writes them beside a reader's weights.

    python -m qa.calibrate --data ../shared/data --reader qa/models/reader
    python -m qa.calibrate --data mine.json --reader my-reader

Everything is fitted on the tenth of the training data that no reader sees
(`kept_from_training`). Its contexts become a library among others as
distractors; every third of them is left out of it, so that the questions about
those have no answer there.
"""

import argparse
import hashlib
import logging
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.embed import open_encoder
from index.errors import FootnoteError
from index.library import Library
from index.search import Searcher
from index.types import Article, Sourced
from qa.assistant import TOP_K
from qa.confidence import Calibration
from qa.errors import DatasetError, ReaderError
from qa.fitting import Read, expected_threshold, fit
from qa.own_data import held_out
from qa.reader import SpanReader
from qa.squad import Example, f1, kept_from_training, read_squad
from qa.training_variants import without_answer

log = logging.getLogger("footnote.calibrate")

# Questions that stand alone: not "what did he do next?" about one passage.
ASKED = ("squad11", "squad20", "shifts_wiki", "tydiqa_en", "qed_nq")
BY_ARTICLE = ("squad11", "squad20")
DISTRACTORS = 2000
LEAST_HELD_OUT = 60  # of one's own questions


def read_questions(
    data: Path, reader: SpanReader, folder: Path, *, limit: int, repair: bool = False
) -> list[Read]:
    """Ask about `limit` held-out questions of a library built in `folder`."""
    if data.is_file():
        kept, distractors = _own_held_out(data, repair=repair)
    else:
        kept, distractors = _held_out(data / "train")
    left_out = _left_out(kept)
    contexts = sorted({e.context for e in kept} - left_out)
    titles = {e.context: e.title for e in kept}
    articles = [_article(text, titles.get(text, "")) for text in contexts + distractors]
    encoder = open_encoder()
    with Library.open(folder, create=True) as library:
        for i in range(0, len(articles), 256):
            library.add(articles[i : i + 256], encoder)
            log.info("added %d of %d contexts", min(i + 256, len(articles)), len(articles))
        searcher = Searcher.open(library, encoder)
        asked = kept[:: max(1, len(kept) // limit)]
        return [
            _read(example, searcher, reader, held=example.context not in left_out)
            for example in asked
        ]


def _read(example: Example, searcher: Searcher, reader: SpanReader, *, held: bool) -> Read:
    hits = searcher.search(example.question, top_k=TOP_K).hits
    spans = reader.read(example.question, [hit.passage.text for hit in hits])
    golds = tuple(gold.text for gold in example.golds) if held else ()
    return Read(golds, hits, tuple(tuple(found) for found in spans))


def _held_out(train: Path) -> tuple[list[Example], list[str]]:
    """Held-out questions in a mixed but fixed order, and contexts of the others."""
    kept: dict[str, Example] = {}
    others: set[str] = set()
    for name in ASKED:
        for example in read_squad(train / f"{name}.json.gz"):
            if kept_from_training(example, by_article=name in BY_ARTICLE):
                kept[example.id] = example
            else:
                others.add(example.context)
    order = sorted(kept.values(), key=lambda e: _digest(e.id))
    return order, sorted(others, key=_digest)[:DISTRACTORS]


def _own_held_out(file: Path, *, repair: bool) -> tuple[list[Example], list[str]]:
    """The same of one's own questions. Raises DatasetError if they are too few to fit on."""
    kept = sorted(held_out(file, repair=repair), key=lambda e: _digest(e.id))
    if len(kept) < LEAST_HELD_OUT:
        raise DatasetError(
            f"{file}: {len(kept)} questions were kept from training, and fitting takes "
            f"{LEAST_HELD_OUT}: leave it, and the shipped reader's calibration is used"
        )
    contexts = {e.context for e in read_squad(file, repair=repair)} - {e.context for e in kept}
    return kept, sorted(contexts, key=_digest)[:DISTRACTORS]


def _left_out(kept: Sequence[Example]) -> set[str]:
    """Every third context, never all: what is asked about it has no answer in the library."""
    contexts = {e.context for e in kept}
    left_out = {text for text in contexts if _digest(text)[1] % 3 == 0}
    return left_out - {min(contexts)} if left_out == contexts else left_out


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _article(text: str, title: str) -> Article:
    digest = _digest(text).hex()
    return Article(
        text=text, title=Sourced(title or digest[:8], "data set"), path=digest, file_sha256=digest
    )


def fit_reader_threshold(data: Path, reader: SpanReader, *, repair: bool = False) -> float:
    """The margin from which answering pays on held-out SQuAD 2.0 articles.

    Of one's own questions: on the held-out ones, each once more without its answer.
    """
    if data.is_file():
        own = held_out(data, repair=repair)
        examples = own + [lacking for e in own if (lacking := without_answer(e))]
    else:
        squad20 = read_squad(data / "train" / "squad20.json.gz")
        examples = [e for e in squad20 if kept_from_training(e, by_article=True)]
    read = reader.read_pairs([(e.question, e.context) for e in examples])
    best = [max(spans, key=lambda s: s.score - s.null_score, default=None) for spans in read]
    margins = np.array([s.score - s.null_score if s else -math.inf for s in best])
    scores = np.array(
        [
            f1(e.context[s.start : s.end], [g.text for g in e.golds]) if s and e.golds else 0.0
            for e, s in zip(examples, best, strict=True)
        ]
    )
    return expected_threshold(margins, scores, np.array([bool(e.golds) for e in examples]))


def calibrate(data: Path, reader: SpanReader, *, limit: int, repair: bool = False) -> Calibration:
    """All numbers of a reader, fitted on held-out questions of a folder or file of them.

    Raises DatasetError where they cannot be read or are too few.
    """
    if not data.exists():
        raise DatasetError(
            f"{data}: there is no such file or folder: "
            "name the file that the reader was trained on, or a folder with train/"
        )
    if limit < 1:
        raise DatasetError(f"{limit} questions are none to fit on: give --limit 1 or more")
    with tempfile.TemporaryDirectory() as folder:
        reads = read_questions(data, reader, Path(folder), limit=limit, repair=repair)
    return fit(reads, fit_reader_threshold(data, reader, repair=repair))


def main() -> None:
    """Parse the command line, fit and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("../shared/data"),
        help="folder with train/, or a SQuAD-form file of your own",
    )
    parser.add_argument("--reader", type=Path, required=True, help="folder of the weights")
    parser.add_argument("--limit", type=int, default=1500, help="held-out questions to ask")
    parser.add_argument(
        "--repair", action="store_true", help="take misplaced answers where their words stand"
    )
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        if not args.reader.is_dir():
            raise ReaderError(f"{args.reader}: is no folder: the calibration lies in the reader's")
        reader = SpanReader(args.reader)
        reader.prepare()  # a reader that cannot be loaded is said at once
        calibration = calibrate(args.data, reader, limit=args.limit, repair=args.repair)
        calibration.save(args.reader)
    except FootnoteError as error:
        sys.exit(f"footnote: {error}")
    log.info("%s", calibration)


if __name__ == "__main__":
    main()
