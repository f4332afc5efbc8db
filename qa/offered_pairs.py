"""Pairs of answers as they come up in a library, to train on: most are of different things.

A reader answers questions about events that their model may be trained on, and whatever it
offers in other articles is set beside each answer, as `qa.comparison` does. What the data does
not have as answers, however like it looks, speaks of something else.
"""

import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

from qa.answer_pairs import APART, Judged, Said
from qa.confidence import load_calibration
from qa.events_data import Asked, Event
from qa.fit_comparison import Comparer, Place
from qa.pairs_data import AGREE, CONFLICT, OF_ELSE, Pair
from qa.reader import SpanReader

log = logging.getLogger("footnote.train_pairs")


class Recorder:
    """Remembers the pairs that it is asked to judge."""

    def __init__(self) -> None:
        """Nothing asked yet."""
        self.asked: list[tuple[Said, Said]] = []

    def judge(self, question: str, one: Said, others: Sequence[Said]) -> list[Judged]:
        """Each is said to be apart."""
        self.asked = [(one, other) for other in others]
        return [APART] * len(others)


def offered_pairs(events: Sequence[Event], reader: Path) -> list[Pair]:
    """What the reader in this folder offers beside its answers to all questions of the events."""
    pairs: list[Pair] = []
    recorder = Recorder()
    with tempfile.TemporaryDirectory() as folder:
        read = SpanReader(reader), load_calibration(reader)
        comparer = Comparer(events, Path(folder), *read, recorder)
        for number, event in enumerate(events, start=1):
            for asked in event.asked:
                recorder.asked = []
                seen = comparer.see(event, asked)
                # Where words tell, a place is there twice; it is one pair.
                places = [p for p in seen.places if not p.features.worded or p.relation == "same"]
                for (one, other), place in zip(recorder.asked, places, strict=True):
                    if (kind := _kind(asked, place)) is not None:
                        pairs.append(Pair(asked.question, one, other, kind))
            if number % 20 == 0:
                log.info("%d of %d events asked about: %d pairs", number, len(events), len(pairs))
        comparer.close()
    return pairs


def _kind(asked: Asked, place: Place) -> int | None:
    """How the two stand to each other; None where the data does not say it of these two."""
    if not place.right:
        return OF_ELSE
    if asked.together == "agree":
        return AGREE
    if asked.together == "conflict":
        return CONFLICT if sum(map(bool, asked.golds.values())) == 2 else None
    return OF_ELSE
