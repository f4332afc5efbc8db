"""How much a reader loses when a question is typed carelessly or the text is long.

    footnote eval robustness ../shared/data/dev/squad11.json.gz --abstain never --out runs/robust

The same questions are read as they are and in each variant; a drop is the mean
difference question by question, its interval from the same resamples.
"""

import logging
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from eval.contexts import Progress
from eval.datasets import Context, DataSet, GoldAnswer, Question
from eval.records import ReaderRecord
from eval.results import Abstain, Evaluation, Setup, ready_folder, write_json
from eval.run import evaluate_reader
from eval.stats import Bootstrap, Estimate, clusters_of
from eval.steps import ReadsPairs
from qa.as_typed import as_keywords, in_lower_case, with_slip, without_mark
from qa.types import Json

log = logging.getLogger(__name__)

LONG_WORDS = 2000  # that a long document has at least
SEED = 0


@dataclass(frozen=True, slots=True)
class Varied:
    """The questions in one variant."""

    name: str
    found: Evaluation[ReaderRecord]
    drop: Estimate  # F1 of the questions as they are minus F1 of the variant


@dataclass(frozen=True, slots=True)
class Robustness:
    """The questions as they are, and in every variant."""

    plain: Evaluation[ReaderRecord]
    variants: tuple[Varied, ...]

    def to_json(self) -> Json:
        """The object of `metrics.json`: F1, and of each variant F1 and the drop."""
        written: Json = {"f1": asdict(self.plain["f1"])}
        for varied in self.variants:
            written[f"f1_{varied.name}"] = asdict(varied.found["f1"])
            written[f"f1_drop_{varied.name}"] = asdict(varied.drop)
        return written

    def write(self, folder: Path) -> None:
        """Write metrics.json, and the whole evaluation of each variant into a folder of its own.

        Raises OutputError where that is not possible.
        """
        folder = ready_folder(folder)
        write_json(folder / "metrics.json", self.to_json())
        write_json(folder / "settings.json", self.plain.settings.to_json())
        self.plain.write(folder / "plain")
        for varied in self.variants:
            varied.found.write(folder / varied.name)


def evaluate_robustness(
    data: DataSet,
    reader: ReadsPairs,
    *,
    abstain: Abstain = "shipped",
    threshold: float | None = None,
    limit: int | None = None,
    setup: Setup | None = None,
    on_progress: Progress | None = None,
) -> Robustness:
    """Read the questions as they are and in each variant. Arguments as of `evaluate_reader`.

    Raises KeyboardInterrupt if it is stopped: a comparison takes all of its questions.
    """
    data = data.thinned(limit)
    total = len(data.questions) * (1 + len(VARIANTS))

    def read(data: DataSet, before: int) -> Evaluation[ReaderRecord]:
        def counted(done: int, _: int | None) -> None:
            if on_progress:
                on_progress(before + done, total)

        found = evaluate_reader(
            data, reader, abstain=abstain, threshold=threshold, setup=setup, on_progress=counted
        )
        if not found.settings.complete:
            raise KeyboardInterrupt
        return found

    plain = read(data, 0)
    resampled = Bootstrap(clusters_of(data.questions))
    variants = []
    for number, (name, vary) in enumerate(VARIANTS.items(), start=1):
        found = read(replace(vary(data), variant=name), number * len(data.questions))
        drop = resampled.mean(_scores(plain) - _scores(found))
        assert drop is not None  # every question has an F1
        variants.append(Varied(name, found, drop))
    return Robustness(plain, tuple(variants))


def _scores(found: Evaluation[ReaderRecord]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([record.scored.f1 for record in found.records])


def _typed(change: Callable[[str, random.Random], str]) -> Callable[[DataSet], DataSet]:
    def changed(data: DataSet) -> DataSet:
        questions = (
            replace(q, question=change(q.question, random.Random(f"{SEED}/{q.id}")))
            for q in data.questions
        )
        return replace(data, questions=tuple(questions))

    return changed


def in_long_documents(data: DataSet, *, words: int = LONG_WORDS) -> DataSet:
    """Each context among others of the data, in random places, up to so many words at least.

    None of the others holds the words of an answer to a question about it; for
    one with a question that has no answer none is of the same article, which
    might answer it. The same context makes the same document for all its questions.
    Data with too few other contexts makes shorter documents, and a line says so.
    """
    asked: dict[Context, list[Question]] = {}
    for question in data.questions:
        if question.context:
            asked.setdefault(question.context, []).append(question)
    everything = sorted({*data.contexts, *asked}, key=lambda context: context.text)
    documents = {
        context: _document(context, questions, everything, words)
        for context, questions in asked.items()
    }
    short = sum(len(document.text.split()) < words for document, _ in documents.values())
    if short:
        log.warning(
            "%d of %d long documents have fewer than %d words: the data holds too few other texts",
            short,
            len(documents),
            words,
        )
    return replace(data, questions=tuple(_moved(q, documents) for q in data.questions))


def _document(
    context: Context, questions: Sequence[Question], others: Sequence[Context], words: int
) -> tuple[Context, int]:
    """The long document, and where in it the context starts."""
    rng = random.Random(f"{SEED}/{context.text}")
    golds = {text.lower() for question in questions for text in question.gold_texts}
    apart = any(not question.golds for question in questions)
    parts = [context.text]
    count = len(context.text.split())
    for other in rng.sample(others, len(others)):
        if count >= words:
            break
        if other.text in parts or (apart and other.title == context.title):
            continue
        if any(gold in other.text.lower() for gold in golds):
            continue
        parts.append(other.text)
        count += len(other.text.split())
    first = parts.pop(0)
    at = rng.randint(0, len(parts))
    before = "".join(f"{part}\n\n" for part in parts[:at])
    after = "".join(f"\n\n{part}" for part in parts[at:])
    return replace(context, text=before + first + after), len(before)


def _moved(question: Question, documents: dict[Context, tuple[Context, int]]) -> Question:
    if question.context is None:
        return question
    document, start = documents[question.context]
    return replace(question, context=document, golds=tuple(_shifted(question.golds, start)))


def _shifted(golds: Sequence[GoldAnswer], start: int) -> Iterator[GoldAnswer]:
    for gold in golds:
        yield gold if gold.start is None else replace(gold, start=gold.start + start)


VARIANTS: dict[str, Callable[[DataSet], DataSet]] = {
    "lower_case": _typed(lambda question, rng: in_lower_case(question)),
    "typo": _typed(with_slip),
    "no_question_mark": _typed(lambda question, rng: without_mark(question)),
    "keywords": _typed(lambda question, rng: as_keywords(question)),
    "long_document": in_long_documents,
}
