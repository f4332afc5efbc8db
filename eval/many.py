"""Finding and answering among thousands of passages, beside plainer ways of doing it.

    python -m eval.many --data ../shared/data --out runs/many --limit 500

Makes one library of all contexts of the question files in `train/` and `dev/`, and asks
it the questions of `dev/`. For each set it prints how well the passage is found by cosine
alone, by BM25 alone, by both fused and after reading, with the p-value of each against
the last (`eval.permutation`); then F1 of whole answers beside two bounds: the reader given
the right passage, and the highest span of the ten nearest by cosine.
"""

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from eval.compare import compare
from eval.contexts import build_library, pooled_articles
from eval.datasets import DataSet, read_dataset
from eval.metrics import f1
from eval.rankings import RANKINGS, searcher_for
from eval.results import Evaluation, Record, Setup, ready_folder
from eval.run import evaluate_answers, evaluate_reader, evaluate_retrieval
from eval.stats import Bootstrap, Estimate, clusters_of
from index.embed import open_encoder
from index.errors import FootnoteError
from index.search import Searcher
from qa.assistant import Assistant
from qa.confidence import load_calibration
from qa.errors import DatasetError
from qa.reader import SpanReader

log = logging.getLogger("footnote.many")

POOL = (
    "squad11",
    "squad20",
    "shifts_wiki",
    "shifts_reddit",
    "shifts_amazon",
    "tydiqa_en",
    "qed_nq",
)
ASKED = ("squad11", "shifts_wiki", "tydiqa_en")
PLAIN_TOP_K = 10

FOUND = "| questions | n | ranked by | success@1 | @5 | @20 | p of @1, @5 |\n" + "|---" * 7 + "|"
ANSWERED = "| questions | n | answers | F1 | exact match |\n" + "|---" * 5 + "|"


class Many:
    """A library of many contexts, what asks it, and where results go."""

    def __init__(self, library: Path, out: Path, reader: str | None, limit: int | None) -> None:
        """Open everything. Raises a FootnoteError where that is not possible."""
        self.out, self.limit = out, limit
        self.encoder, self.reader = open_encoder(), SpanReader(reader)
        self.fitted = load_calibration(reader)
        self.assistant = Assistant.open(library, reader=reader)
        self.setup = Setup(
            reader=self.reader.name,
            reader_fingerprint=self.reader.fingerprint,
            calibration=self.fitted.fingerprint,
            encoder=self.encoder.name,
            encoder_fingerprint=self.encoder.fingerprint[:16],
            library=str(library),
        )

    def found(self, name: str, data: DataSet) -> Iterator[str]:
        """A row for each way of ranking."""
        shelf = self.assistant.library
        for ranking in RANKINGS:
            searcher = searcher_for(ranking, shelf, self.encoder, self.reader, self.fitted.evidence)
            setup = replace(self.setup, ranking=ranking)
            found = evaluate_retrieval(data, searcher, shelf, limit=self.limit, setup=setup)
            folder = self.out / name / ranking
            found.write(folder)
            values = [_percent(found, f"success_at_{k}") for k in (1, 5, 20)]
            tested = "" if ranking == "reranked" else self._tested(folder, found)
            yield row(name, str(found.settings.questions), ranking, *values, tested)

    def _tested(self, folder: Path, found: Evaluation[Record]) -> str:
        compared = compare(folder, folder.with_name("reranked"))
        return ", ".join(f"{compared[f'success_at_{k}'].p:.4f}" for k in (1, 5))

    def answered(self, name: str, data: DataSet) -> Iterator[str]:
        """A row for whole answers, and one for each bound."""
        alone = evaluate_reader(
            data, self.reader, abstain="never", limit=self.limit, setup=self.setup
        )
        asked = str(alone.settings.questions)
        for heading, found in (
            ("reading the right passage alone", alone),
            ("of the library", self._asked(name, data, "shipped")),
            ("of the library, never abstaining", self._asked(name, data, "never")),
        ):
            yield row(name, asked, heading, _percent(found, "f1"), _percent(found, "exact_match"))
        yield row(name, asked, "highest span of the ten nearest", _shown(self._plain(data)), "")

    def _asked(
        self, name: str, data: DataSet, abstain: Literal["shipped", "never"]
    ) -> Evaluation[Record]:
        found = evaluate_answers(
            data, self.assistant, abstain=abstain, limit=self.limit, setup=self.setup
        )
        found.write(self.out / name / f"answers-{abstain}")
        return found

    def _plain(self, data: DataSet) -> Estimate:
        """F1 of what a plain pipeline gives: the best span of the nearest passages."""
        searcher = Searcher.open(self.assistant.library, self.encoder, dense_weight=1.0)
        data = data.thinned(self.limit)
        scores = [f1(self._highest(q.question, searcher), q.gold_texts) for q in data.questions]
        estimate = Bootstrap(clusters_of(data.questions)).mean(np.array(scores))
        if estimate is None:
            raise DatasetError(f"{data.path}: no question was asked")
        return estimate

    def _highest(self, question: str, searcher: Searcher) -> str:
        """The span with the greatest margin in the nearest passages."""
        hits = searcher.search(question, top_k=PLAIN_TOP_K).hits
        read = self.reader.read(question, [hit.passage.text for hit in hits])
        best = [
            (spans[0].score - spans[0].null_score, hit.passage.text[spans[0].start : spans[0].end])
            for hit, spans in zip(hits, read, strict=True)
            if spans
        ]
        return max(best, default=(0.0, ""))[1]


def row(*cells: str) -> str:
    """A row of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def _percent(found: Evaluation[Record], measure: str) -> str:
    return _shown(found[measure])


def _shown(estimate: Estimate) -> str:
    value, low, high = (100 * number for number in (estimate.value, estimate.low, estimate.high))
    return f"{value:.1f} [{low:.1f}, {high:.1f}]"


def read_sets(data: Path, asked: Sequence[str] = ASKED) -> list[DataSet]:
    """All sets of the pool, those of dev/ first.

    Raises DatasetError where none is there whose questions are to be asked.
    """
    files = [data / part / f"{name}.json.gz" for part in ("dev", "train") for name in POOL]
    sets = [read_dataset(file) for file in files if file.is_file()]
    if not any(to_be_asked(each, asked) for each in sets):
        names = ", ".join(f"dev/{name}.json.gz" for name in asked)
        raise DatasetError(f"{data}: holds none of {names}: name a folder with one of them")
    return sets


def to_be_asked(data: DataSet, asked: Sequence[str] = ASKED) -> bool:
    """Whether it is one of these sets of dev/."""
    return data.path.parent.name == "dev" and name_of(data) in asked


def name_of(data: DataSet) -> str:
    """Its file's name without endings."""
    return data.path.name.split(".")[0]


def named_apart(data: DataSet) -> DataSet:
    """Files of train/ and dev/ have the same names, and contexts are named after them."""
    return replace(data, path=data.path.with_name(f"{data.path.parent.name}-{data.path.name}"))


def many(data: Path, out: Path, *, reader: str | None, limit: int | None) -> list[str]:
    """The lines of both tables. The library is kept in `out`, and used again if it is there.

    Raises a FootnoteError where data, library or reader cannot be read.
    """
    sets = read_sets(data)
    named, articles = pooled_articles([named_apart(each) for each in sets])
    library = ready_folder(out) / f"library-{len(articles)}"
    if not library.is_dir():
        build_library(library, articles, open_encoder(), on_progress=say)
    asking = Many(library, out, reader, limit)
    found, answered = [FOUND], ["", ANSWERED]
    for each, pooled in zip(sets, named, strict=True):
        if to_be_asked(each):
            found += asking.found(name_of(each), pooled)
            answered += asking.answered(name_of(each), pooled)
            log.info("%s measured", name_of(each))
    return found + answered


def say(done: int, of: int) -> None:
    """Log how many contexts the library has so far."""
    log.info("added %d of %d contexts", done, of)


class Measures(Protocol):
    """What measures on data, into a folder, and gives the lines of its tables."""

    def __call__(
        self, data: Path, out: Path, *, reader: str | None, limit: int | None
    ) -> list[str]:
        """Raises a FootnoteError where data, library or reader cannot be read."""


def run(measure: Measures, about: str, file: str, arguments: Sequence[str] | None) -> None:
    """Measure as the command line says; print the lines and write them into a file of --out."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, required=True, help="folder for all results")
    parser.add_argument("--reader", help="folder or name of another reader")
    parser.add_argument("--limit", type=int, help="at most so many questions, evenly spread")
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if args.limit is not None and args.limit < 1:
        parser.error("--limit: ask at least one question")
    try:
        lines = measure(args.data, args.out, reader=args.reader, limit=args.limit)
    except FootnoteError as error:
        sys.exit(f"footnote: {error}")
    args.out.joinpath(file).write_text("\n".join(lines) + "\n")
    log.info("%s", "\n".join(lines))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    run(many, __doc__.splitlines()[0], "many.md", arguments)


if __name__ == "__main__":
    main()
