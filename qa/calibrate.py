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
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from index.embed import open_encoder
from index.errors import FootnoteError
from index.library import Library
from index.search import Searcher
from index.types import Article, Hit, Sourced
from qa.answer import Pooled, evidence_for, pool, rank_candidates
from qa.confidence import Calibration
from qa.errors import DatasetError, ReaderError
from qa.own_data import held_out
from qa.reader import SpanReader
from qa.spans import Floats
from qa.squad import Example, f1, kept_from_training, read_squad
from qa.training_variants import without_answer
from qa.types import Span

log = logging.getLogger("footnote.calibrate")

# Questions that stand alone: not "what did he do next?" about one passage.
ASKED = ("squad11", "squad20", "shifts_wiki", "tydiqa_en", "qed_nq")
BY_ARTICLE = ("squad11", "squad20")
DISTRACTORS = 2000
LEAST_HELD_OUT = 60  # of one's own questions
RETRIEVAL_WEIGHTS = (0.0, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0)  # logits
RIGHT = 0.5  # token F1 from which an answer counts as right


@dataclass(frozen=True, slots=True)
class Read:
    """A question with everything that the passages offered for it."""

    golds: tuple[str, ...]  # empty: the library does not hold the answer
    hits: tuple[Hit, ...]
    spans: tuple[tuple[Span, ...], ...]  # of each hit

    def answers(self, retrieval_weight: float) -> list[Pooled]:
        """What the assistant would rank."""
        return pool(rank_candidates(self.hits, self.spans, retrieval_weight=retrieval_weight))


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
    hits = searcher.search(example.question, top_k=10).hits
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


def fit(reads: Sequence[Read], reader_threshold: float) -> Calibration:
    """All numbers of a calibration from answered questions.

    Raises DatasetError if all of them or none were answered rightly.
    """
    if not any(read.golds for read in reads):
        raise DatasetError(
            f"none of {len(reads)} held-out questions has an answer: there is nothing to fit; "
            "leave it, and the shipped reader's calibration is used"
        )
    weight = max(RETRIEVAL_WEIGHTS, key=lambda w: _mean_f1(reads, w))
    log.info(
        "retrieval weight %.0f: F1 %.1f of the questions with an answer",
        weight,
        100 * _mean_f1(reads, weight),
    )
    weighed = [(read, answers) for read in reads if (answers := read.answers(weight))]
    evidence = [evidence_for(answers) for _, answers in weighed]
    scores = np.array(
        [f1(answers[0].best.text, read.golds) if read.golds else 0.0 for read, answers in weighed]
    )
    model = LogisticRegression(C=1.0, max_iter=1000)
    right = scores >= RIGHT
    if right.all() or not right.any():
        raise _one_kind("all" if right.all() else "none", len(right))
    model.fit(np.array([e.features() for e in evidence]), right)
    fitted = Calibration(
        intercept=float(model.intercept_[0]),
        weights=tuple(float(w) for w in model.coef_[0]),
        answer_threshold=0.5,
        reader_threshold=reader_threshold,
        near_cosine=_near_cosine(reads),
        retrieval_weight=weight,
    )
    confidence = np.array([fitted.confidence(e) for e in evidence])
    answerable = np.array([bool(read.golds) for read, _ in weighed])
    logits = np.log(confidence) - np.log1p(-confidence)
    least = expected_threshold(logits, scores, answerable)
    return replace(fitted, answer_threshold=1 / (1 + math.exp(-least)))


def _one_kind(how_many: str, questions: int) -> DatasetError:
    return DatasetError(
        f"{how_many} of {questions} held-out questions were answered rightly: fitting takes some "
        "of both; leave it, and the shipped reader's calibration is used"
    )


def _mean_f1(reads: Sequence[Read], weight: float) -> float:
    answered = [(read, read.answers(weight)) for read in reads if read.golds]
    return float(np.mean([f1(a[0].best.text, r.golds) if a else 0.0 for r, a in answered]))


def _near_cosine(reads: Sequence[Read]) -> float:
    """The similarity that one in fifty passages with the answer in it falls below."""
    near = [
        hit.dense
        for read in reads
        for hit in read.hits
        if hit.dense is not None and any(gold in hit.passage.text for gold in read.golds)
    ]
    return float(np.quantile(near, 0.02))


def best_threshold(sureness: Floats, scores: Floats, answerable: npt.NDArray[np.bool_]) -> float:
    """The value of `sureness` from which answering gives the highest mean F1.

    Abstaining scores 1 where there is no answer and 0 elsewhere, as in SQuAD 2.0.
    All three: shape (questions,); scores of questions without an answer are 0.
    """
    order = np.argsort(-sureness, kind="stable")
    # Answering the k surest ones gains their F1 and loses the credit for abstaining.
    gain = np.cumsum(np.where(answerable, scores, -1.0)[order])
    best = int(np.argmax(gain))
    if gain[best] <= 0:
        return float(np.nextafter(sureness.max(), math.inf))
    following = sureness[order[best + 1]] if best + 1 < len(order) else sureness[order[best]]
    return float((sureness[order[best]] + following) / 2)


def expected_threshold(margins: Floats, scores: Floats, answerable: npt.NDArray[np.bool_]) -> float:
    """The margin from which an answer's expected F1 exceeds the chance that there is none.

    That chance, and the F1 where there is one, are logistic in the margin. On few
    articles this is steadier than the best threshold itself, which may be anywhere
    on a flat top. Arguments as of `best_threshold`, which decides where all
    questions are of one kind.
    """
    there = np.isfinite(margins)
    m, score, has = margins[there, None], scores[there], answerable[there]
    if has.all() or not has.any() or not score.any():
        return best_threshold(margins, scores, answerable)
    answered = LogisticRegression(C=1e3).fit(m, has)
    # Of those with an answer; a fractional score is a success and a failure, each weighed.
    of = m[has]
    halves = np.repeat([True, False], len(of))
    weights = np.concatenate([score[has], 1 - score[has]])
    right = LogisticRegression(C=1e3).fit(np.concatenate([of, of]), halves, sample_weight=weights)
    grid = np.linspace(m.min(), m.max(), 10_000)[:, None]
    chance = answered.predict_proba(grid)[:, 1]
    gain = chance * right.predict_proba(grid)[:, 1] - (1 - chance)
    worth = grid[gain > 0, 0]
    return float(worth[0]) if len(worth) else float(np.nextafter(m.max(), math.inf))


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
