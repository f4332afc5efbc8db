"""The tables of a reader's model card, measured on a folder of SQuAD-form files.

    python -m eval.card --data ../shared/data/dev --out runs/card --reader qa/models/reader

One whose questions all have an answer gets a row for
always answering; one with unanswerable questions a row for the shipped
threshold and one for its own best. The drops are measured on `--robustness`.
"""

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.datasets import read_dataset
from eval.records import ReaderRecord
from eval.results import Evaluation, Setup
from eval.robustness import Robustness, evaluate_robustness
from eval.run import evaluate_reader
from eval.stats import Estimate
from index.errors import FootnoteError
from qa.confidence import load_calibration
from qa.errors import DatasetError
from qa.reader import SHIPPED, SpanReader

log = logging.getLogger("footnote.card")

_HEAD = (
    "| data | abstain | questions | exact match | F1 | with an answer: F1 | without: accuracy |\n"
    "|---|---|---|---|---|---|---|"
)


def measured_rows(found: Evaluation[ReaderRecord], name: str) -> Iterator[str]:
    """The rows of one data set: as it abstains, and at its own best threshold."""
    cells = [_percent(found, measure) for measure in ("exact_match", "f1")]
    if found.settings.abstain == "never":
        yield _row(name, "never", f"{found.settings.questions:,}", *cells, "", "")
        return
    cells += [_percent(found, measure) for measure in ("has_answer_f1", "no_answer_accuracy")]
    yield _row(name, "shipped", f"{found.settings.questions:,}", *cells)
    best = [_percent(found, measure) for measure in ("best_exact_match", "best_f1")]
    yield _row(name, "best", f"{found.settings.questions:,}", *best, "", "")


def drop_rows(found: Robustness) -> Iterator[str]:
    """F1 as asked and in each variant, with the drop."""
    yield _row("as they are", _one(found.plain["f1"].value), "")
    for varied in found.variants:
        drop = varied.drop
        interval = f"{_one(drop.value)} [{_one(drop.low)}, {_one(drop.high)}]"
        yield _row(varied.name.replace("_", " "), _one(varied.found["f1"].value), interval)


def group_rows(found: Evaluation[ReaderRecord]) -> Iterator[str]:
    """Exact match and F1 of each group of questions."""
    for group in found.groups:
        yield _row(
            f"{group.by.replace('_', ' ')}: {group.name}",
            f"{group.f1.n:,}",
            _one(group.exact_match.value),
            _interval(group.f1),
        )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _percent(found: Evaluation[ReaderRecord], name: str) -> str:
    """Empty where none of the questions speaks of the measure."""
    try:
        return _interval(found[name])
    except KeyError:
        return ""


def _interval(estimate: Estimate) -> str:
    return f"{_one(estimate.value)} [{_one(estimate.low)}, {_one(estimate.high)}]"


def _one(fraction: float) -> str:
    return f"{100 * fraction:.1f}"


def card(
    data: Path, out: Path, folder: Path, *, robustness: str, limit: int, repair: bool
) -> list[str]:
    """The lines of all tables. Raises FootnoteError where data or reader cannot be read."""
    if limit < 1:
        raise DatasetError(f"{limit} questions are none to measure on: give --limit 1 or more")
    files = sorted([*data.glob("*.json"), *data.glob("*.json.gz")])
    if not files:
        raise DatasetError(f"{data}: holds no .json or .json.gz file: name a folder of questions")
    reader, threshold = SpanReader(folder), load_calibration(folder).reader_threshold
    setup = Setup(reader=reader.name, reader_fingerprint=reader.fingerprint)
    lines = [f"weights `{reader.fingerprint}`, threshold {threshold:.2f}", "", _HEAD]
    varied: Robustness | None = None
    groups: list[str] = []
    recall: list[str] = []
    for file in files:
        questions = read_dataset(file, repair=repair)
        name = file.name.split(".")[0]
        answerable = all(question.golds for question in questions.questions)
        log.info("%s: %d questions", name, len(questions.questions))
        found = evaluate_reader(
            questions,
            reader,
            abstain="never" if answerable else "shipped",
            threshold=threshold,
            setup=setup,
        )
        found.write(out / name)
        lines += measured_rows(found, name)
        ranks = [_percent(found, f"n_best_recall_at_{k}") for k in (5, 20)]
        recall.append(_row(name, _percent(found, "best_guess_exact_match"), *ranks))
        if name == robustness:
            groups = list(group_rows(found))
            varied = evaluate_robustness(
                questions, reader, abstain="never", limit=limit, setup=setup
            )
            varied.write(out / "robustness")
    lines += ["", "| data | gold is the best span | among 5 | among 20 |", "|---|---|---|---|"]
    lines += recall
    if varied:
        asked = varied.plain.settings.questions
        lines += ["", f"| {robustness}, {asked} questions | F1 | drop |", "|---|---|---|"]
        lines += drop_rows(varied)
        lines += ["", f"| {robustness} | questions | exact match | F1 |", "|---|---|---|---|"]
        lines += groups
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/dev"))
    parser.add_argument("--out", type=Path, required=True, help="folder for all results")
    parser.add_argument("--reader", type=Path, default=SHIPPED)
    parser.add_argument("--robustness", default="squad11", help="set to measure the drops on")
    parser.add_argument("--limit", type=int, default=500, help="questions of it, evenly spread")
    parser.add_argument(
        "--repair", action="store_true", help="take misplaced answers where their words stand"
    )
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        lines = card(
            args.data,
            args.out,
            args.reader,
            robustness=args.robustness,
            limit=args.limit,
            repair=args.repair,
        )
    except FootnoteError as error:
        sys.exit(f"footnote: {error}")
    args.out.joinpath("card.md").write_text("\n".join(lines) + "\n")
    log.info("%s", "\n".join(lines))


if __name__ == "__main__":
    main()
