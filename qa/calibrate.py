"""Fits confidence and thresholds, and writes them beside a reader's weights.

    python -m qa.calibrate --data ../shared/data --reader qa/models/reader
    python -m qa.calibrate --data mine.json --reader my-reader

Everything is fitted on the tenth of the training data that no reader sees
(`kept_from_training`). Its contexts become libraries of three sizes: forty contexts
each, all of them, and all of them among others as distractors. Every fifth context
is left out, so that the questions about those have no answer there: with those that
never had one, about a third of all. As many questions are asked about news (`qa.events_data`),
of libraries of three sizes too: there several articles answer a question.
"""

import argparse
import hashlib
import logging
import math
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import numpy as np

from index.embed import Encoder, open_encoder
from index.errors import FootnoteError
from index.library import Library
from index.search import Searcher
from index.types import Article, Sourced
from qa.assistant import TOP_K
from qa.confidence import Calibration
from qa.errors import DatasetError, ReaderError
from qa.events_data import COMPARED, Event, all_events
from qa.fitting import Read, expected_threshold, fit
from qa.own_data import held_out
from qa.reader import SpanReader
from qa.squad import Example, f1, kept_from_training, read_squad
from qa.training_variants import without_answer

log = logging.getLogger("footnote.calibrate")

T = TypeVar("T")

# Questions that stand alone: not "what did he do next?" about one passage.
ASKED = ("squad11", "squad20", "shifts_wiki", "tydiqa_en", "qed_nq")
BY_ARTICLE = ("squad11", "squad20")
DISTRACTORS = 2000
SMALL = 50  # contexts that a small library is about, a fifth of them left out
SMALL_NEWS = 12  # events that a small library of news tells of
LEAST_HELD_OUT = 60  # of one's own questions


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library to be, and what it is asked."""

    titles: Mapping[str, str]  # of its articles, by their text
    asked: Sequence[tuple[str, tuple[str, ...]]]  # questions, with what answers them there


def read_questions(
    data: Path, reader: SpanReader, folder: Path, *, limit: int, repair: bool = False
) -> list[Read]:
    """Ask about `limit` held-out questions, a third of them of libraries of each size.

    What counts as near or sure differs with the size of a library, and readers have
    small ones as well as large ones. As many questions on news that no reader is trained on
    come besides, but not where `data` is a file of one's own. The libraries are built in `folder`.
    """
    if data.is_file():
        kept, distractors = _own_held_out(data, repair=repair)
        news: list[Shelf] = []
    else:
        kept, distractors = _held_out(data / "train")
        kept_news = [event for event in all_events() if event.kept] + [*all_events(COMPARED)]
        others = [event for event in all_events() if not event.kept]
        news = _of_news(kept_news, others, limit=limit // 3)
    left_out = _left_out(kept)
    share = Fraction(limit, 3 * len(kept))  # of its questions that each library is asked
    parts = [(kept, distractors), (kept, []), *((some, []) for some in _small(kept))]
    shelves = [_shelf(about, left_out, others, share) for about, others in parts] + news
    encoder = open_encoder()
    reads: list[Read] = []
    for number, shelf in enumerate(shelves):
        with _library(folder / str(number), shelf.titles, encoder) as library:
            searcher = Searcher.open(library, encoder)
            reads += [_read(question, golds, searcher, reader) for question, golds in shelf.asked]
        log.info("library %d of %d: %d questions read", number + 1, len(shelves), len(reads))
    return reads


def _small(kept: Sequence[Example]) -> list[list[Example]]:
    """The questions in parts, each about a few contexts that are near in subject."""
    in_order = sorted({(e.title, e.context) for e in kept})
    part_of = {text: n // SMALL for n, (_, text) in enumerate(in_order)}
    parts: list[list[Example]] = [[] for _ in range(part_of[in_order[-1][1]] + 1)]
    for example in kept:
        parts[part_of[example.context]].append(example)
    return parts


def _shelf(
    about: Sequence[Example], left_out: Collection[str], others: Sequence[str], share: Fraction
) -> Shelf:
    """The contexts of these questions that are not left out, and others; some of the questions."""
    titles = {e.context: e.title for e in about if e.context not in left_out}
    titles = {text: titles.get(text, "") for text in [*sorted(titles), *others]}
    asked = [
        (e.question, () if e.context in left_out else tuple(gold.text for gold in e.golds))
        for e in _evenly(about, share)
    ]
    return Shelf(titles, asked)


def _of_news(kept: Sequence[Event], others: Sequence[Event], *, limit: int) -> list[Shelf]:
    """Questions on the events kept, `limit` of them asked of libraries of each of three sizes.

    A few events each, all of them, and all of them among the others.
    """
    if not kept:
        return []
    parts = [kept[i : i + SMALL_NEWS] for i in range(0, len(kept), SMALL_NEWS)]
    share = Fraction(limit, sum(len(event.asked) for event in kept))
    both = [(part, part) for part in [*parts, kept]] + [(kept, [*kept, *others])]
    return [_news_shelf(about, told, share) for about, told in both]


def _news_shelf(about: Sequence[Event], told: Sequence[Event], share: Fraction) -> Shelf:
    """All reports on the events told; some of the questions on those that it is about."""
    asked = [
        (question.question, tuple(gold.text for golds in question.golds.values() for gold in golds))
        for event in about
        for question in event.asked
    ]
    titles = {r.text: r.headline for event in told for r in event.reports.values()}
    return Shelf(titles, _evenly(asked, share))


def _evenly(examples: Sequence[T], share: Fraction) -> list[T]:
    """So many of them, at even distances; all from a share of 1 on."""
    ends = [int(n * min(share, Fraction(1))) for n in range(len(examples) + 1)]
    return [e for e, last, end in zip(examples, ends, ends[1:], strict=False) if end > last]


def _library(folder: Path, titles: Mapping[str, str], encoder: Encoder) -> Library:
    """An open library of articles with these texts and titles."""
    articles = [_article(text, title) for text, title in titles.items()]
    library = Library.open(folder, create=True)
    for i in range(0, len(articles), 256):
        library.add(articles[i : i + 256], encoder)
        log.info("added %d of %d articles", min(i + 256, len(articles)), len(articles))
    return library


def _read(question: str, golds: tuple[str, ...], searcher: Searcher, reader: SpanReader) -> Read:
    hits = searcher.search(question, top_k=TOP_K).hits
    spans = reader.read(question, [hit.passage.text for hit in hits])
    return Read(question, golds, hits, tuple(tuple(found) for found in spans))


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
    """Every fifth context, never all: what is asked about it has no answer in the library."""
    contexts = {e.context for e in kept}
    left_out = {text for text in contexts if _digest(text)[1] % 5 == 0}
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
    parser.add_argument("--limit", type=int, default=1800, help="held-out questions to ask")
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
