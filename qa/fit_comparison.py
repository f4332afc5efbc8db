"""Fits what tells agreement and conflict from chance, and writes it beside a reader's weights.

    python -m qa.fit_comparison --reader qa/models/reader

The questions are those of `qa/events/compared`: invented events, each told by several outlets,
of which every question says whether they agree on it or contradict one another. No reader is
trained on them. All their articles make one library. Fitted is, of every place in an article on
the answer's event, whether the data has both as answers; the least probability is the lowest at
which few enough questions (`MOST_FALSE`) are reported falsely, by models that were fitted without
their events (fivefold cross-validation).
"""

import argparse
import hashlib
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from index.embed import open_encoder
from index.errors import FootnoteError
from index.library import Library
from index.search import Searcher
from index.types import Article, PublishedDate, Sourced
from qa.answer import Candidate, Pooled
from qa.answer_pairs import JudgesPairs, PairModel
from qa.asked import asked_by
from qa.assistant import TOP_K
from qa.best_first import read_best_first
from qa.citing import Citing
from qa.comparison import FEATURES, Comparing, Comparison, Features, Logistic
from qa.confidence import Calibration, load_calibration
from qa.deciding import Deciding
from qa.errors import DatasetError, ReaderError
from qa.events_data import COMPARED, Asked, Event, Together, all_events
from qa.fitting import RIGHT
from qa.moments import Relation
from qa.reader import Reader, SpanReader
from qa.readings import reading_of
from qa.same_event import shared_names
from qa.spans import Floats
from qa.squad import f1

log = logging.getLogger("footnote.fit_comparison")

MOST_FALSE = 0.02  # share of the questions without a conflict (agreement) that may show one
MOST_FALSE_WORDED = 0.005  # besides, where words alone tell
FEWEST_WORDED = 20  # right places, below which nothing is reported by words alone
FOLDS = 5
STRENGTH = 0.3  # of the weights' freedom, as scikit-learn's C


NEVER = Logistic(0.0, (0.0,) * len(FEATURES), least=1.0)

# A relation, and what the data must say for it to be there, and not to be.
Kinds = tuple[Relation, set[Together], set[Together]]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in another article beside the answer, and whether both answer the question."""

    relation: Relation
    features: Features
    right: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found beside the answer to one question."""

    event: str
    together: Together
    places: tuple[Place, ...]


def article_of(event: Event, key: str) -> Article:
    """A report as a library keeps it: headline, blank line, text."""
    report = event.reports[key]
    head = f"{report.headline}\n\n"
    return Article(
        head + report.text,
        Sourced(report.headline, "header"),
        path=f"{event.name}/{key}",
        file_sha256=hashlib.sha256(report.text.encode()).hexdigest(),
        source=Sourced(report.outlet, "header"),
        published=PublishedDate(report.published, "header", "high"),
        body_start=len(head),
    )


class Comparer:
    """Asks about events, and looks at what stands beside the answers."""

    def __init__(
        self,
        events: Sequence[Event],
        folder: Path,
        reader: Reader,
        fitted: Calibration,
        pairs: JudgesPairs,
    ) -> None:
        """Make a library of all the events' articles in the folder."""
        self._pairs = pairs
        self._reader, self._calibration = reader, fitted
        self._reports = {article_of(e, key).id: (e, key) for e in events for key in e.reports}
        encoder = open_encoder()
        self._library = Library.open(folder, create=True)
        with self._library.adding():
            self._library.add([article_of(e, key) for e in events for key in e.reports], encoder)
        self._searcher = Searcher.open(self._library, encoder)

    def close(self) -> None:
        """Close the library."""
        self._library.close()

    def see(self, event: Event, asked: Asked) -> Seen:
        """What stands beside the answer; nothing where there is none."""
        found = self._searcher.search(asked.question, top_k=TOP_K)
        deciding = Deciding(
            asked.question,
            found,
            found.hits,
            self._library,
            Citing(self._library),
            self._calibration,
        )
        passages = [hit.passage.text for hit in found.hits]
        choose = deciding.unread.next if deciding.unread else None
        spans = read_best_first(self._reader, asked.question, passages, choose=choose) or ()
        places: tuple[Place, ...] = ()
        if deciding.answer(spans).answered:
            right = partial(self._is_right, event, asked)
            places = tuple(_places(deciding, deciding.weigh(spans), right, self._pairs))
        return Seen(event.name, asked.together or "none", places)

    def _is_right(self, event: Event, asked: Asked, candidate: Candidate) -> bool:
        of, key = self._reports[candidate.hit.passage.article_id]
        if of != event:
            return False
        at, start = candidate.place, len(of.reports[key].headline) + 2
        over = [
            gold.text
            for gold in asked.golds[key]
            if at.start < start + gold.start + len(gold.text) and start + gold.start < at.end
        ]
        return bool(over) and f1(candidate.text, over) >= RIGHT


def _places(
    deciding: Deciding,
    answers: Sequence[Pooled],
    right: Callable[[Candidate], bool],
    pairs: JudgesPairs,
) -> Iterator[Place]:
    best = reading_of(deciding.question, answers[0].best, deciding.anchor_of)
    asked = replace(asked_by(deciding.question), text_of=deciding.text_of)
    comparing = Comparing(deciding.question, best, asked, deciding.anchor_of)
    best_is_right = right(answers[0].best)
    ours = deciding.text_of(best.article)
    articles = [
        [hit for hit in deciding.hits if hit.passage.article_id == article]
        for article in dict.fromkeys(hit.passage.article_id for hit in deciding.hits)
        if article != best.article and shared_names(ours, deciding.text_of(article))
    ]
    for beside in comparing.compared(pairs, answers, articles):
        is_so = best_is_right and right(beside.reading.candidate)
        yield Place(beside.relation, beside.features, is_so)


def fit_comparison(seen: Sequence[Seen]) -> Comparison:
    """The models of agreement and of conflict. Raises DatasetError where there is no example."""
    agree: Kinds = ("same", {"agree"}, {"single", "none"})
    conflict: Kinds = ("differs", {"conflict"}, {"agree", "single", "none"})
    return Comparison(
        _fit(seen, agree, MOST_FALSE, worded=False),
        _fit(seen, conflict, MOST_FALSE, worded=False),
        _fit(seen, agree, MOST_FALSE_WORDED, worded=True),
        _fit(seen, conflict, MOST_FALSE_WORDED, worded=True),
    )


def _fit(seen: Sequence[Seen], kinds: Kinds, most_false: float, *, worded: bool) -> Logistic:
    relation, true, false = kinds
    rows = [
        (number, each.event, place, place.right and each.together in true)
        for number, each in enumerate(seen)
        for place in each.places
        if place.relation == relation and place.features.worded == worded
    ]
    x: Floats = np.array([astuple(place.features) for _, _, place, _ in rows], dtype=np.float64)
    y = np.array([is_so for *_, is_so in rows])
    if worded and y.sum() < FEWEST_WORDED:
        log.info("%s in words: %d places are too few to fit: none is reported", relation, y.sum())
        return NEVER
    fold = np.array([hashlib.sha256(event.encode()).digest()[0] % FOLDS for _, event, _, _ in rows])
    held_out = np.zeros(len(rows))
    for n in range(FOLDS):
        model = _logistic(x[fold != n], y[fold != n])
        held_out[fold == n] = [
            model.probability(place.features)
            for (_, _, place, _), k in zip(rows, fold, strict=True)
            if k == n
        ]
    surest = dict.fromkeys(range(len(seen)), 0.0)
    for (number, *_), probability in zip(rows, held_out, strict=True):
        surest[number] = max(surest[number], float(probability))
    least = _least([surest[n] for n, each in enumerate(seen) if each.together in false], most_false)
    told = [surest[n] >= least for n, each in enumerate(seen) if each.together in true]
    log.info(
        "%s%s: %d of %d found, %d of %d where there is none, from probability %.3f on",
        *(relation, " in words" if worded else "", sum(told), len(told)),
        *(sum(surest[n] >= least for n, each in enumerate(seen) if each.together in false),),
        *(sum(each.together in false for each in seen), least),
    )
    return replace(_logistic(x, y), least=least)


def _least(of_none: Iterable[float], most_false: float) -> float:
    """The probability that no larger share of these reaches."""
    falling = sorted(of_none, reverse=True)
    return round(falling[int(most_false * len(falling))] + 1e-3, 3)


def _logistic(x: Floats, y: Floats) -> Logistic:
    if len(set(y)) < 2:
        raise DatasetError(
            f"none of {len(y)} places is right, or all are: there is nothing to fit; "
            "the events must hold answers that agree, that conflict, and others"
        )
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-6
    fitted = LogisticRegression(C=STRENGTH, max_iter=2000).fit((x - mean) / spread, y)
    weights = fitted.coef_[0] / spread
    intercept = float(fitted.intercept_[0] - weights @ mean)
    return Logistic(intercept, tuple(float(weight) for weight in weights), 0.5)


def main() -> None:
    """Ask all the questions, fit and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reader", type=Path, required=True, help="folder of the weights")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        if not args.reader.is_dir():
            raise ReaderError(f"{args.reader}: is no folder: the comparison lies in the reader's")
        reader, calibration = SpanReader(args.reader), load_calibration(args.reader)
        events = all_events(COMPARED)
        with tempfile.TemporaryDirectory() as folder:
            comparer = Comparer(events, Path(folder), reader, calibration, PairModel())
            seen = []
            for number, event in enumerate(events, start=1):
                seen += [comparer.see(event, asked) for asked in event.asked]
                if number % 20 == 0:
                    log.info("%d of %d events asked about", number, len(events))
            comparer.close()
        fit_comparison(seen).save(args.reader)
    except FootnoteError as error:
        sys.exit(f"footnote: {error}")


if __name__ == "__main__":
    main()
