"""The measures, one question or one column of questions at a time; error bars are in stats.py.

Everything is a fraction from 0 to 1, higher is better, unless it says otherwise.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from qa import squad
from qa.squad import normalize_answer
from qa.types import Range

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RIGHT_F1 = 0.5

_ARTICLES = {"a", "an", "the"}
_INNER_MARK = re.compile(r"[.,]")
_WORD = re.compile(r"\w+(?:[.,]\w+)*")  # "4,000" and "U.S" are one word each


def exact_match(prediction: str, golds: Sequence[str]) -> float:
    """1.0 if the normalised prediction equals a gold; without golds if it is empty.

    As in SQuAD 2.0 (Rajpurkar et al. 2018): a gold of which nothing is left
    after normalisation does not count.
    """
    return squad.exact_match(prediction, _counting(golds))


def f1(prediction: str, golds: Sequence[str]) -> float:
    """Best token F1 against any gold; without golds 1.0 if the prediction is empty."""
    return squad.f1(prediction, _counting(golds))


def _counting(golds: Sequence[str]) -> list[str]:
    return [gold for gold in golds if normalize_answer(gold)]


def is_right(prediction: str, golds: Sequence[str]) -> bool:
    """Whether an answer counts as right where a confidence is judged: F1 of at least 0.5.

    The event whose probability `qa.calibrate` fits.
    """
    return bool(golds) and f1(prediction, golds) >= RIGHT_F1


def holds(text: str, gold: str) -> bool:
    """Whether the text is the gold, or the gold's words stand in it in order and unbroken.

    The test for an answer-bearing passage (Chen et al. 2017, "Reading Wikipedia
    to Answer Open-Domain Questions"), and for a quote that gives the answer.
    """
    wanted = _words(gold)
    if not wanted:
        return gold.strip() in text
    # Spaces around both, or "7" would stand in "17".
    return f" {wanted} " in f" {_words(text)} " or squad.exact_match(text, [gold]) == 1


def gold_places(text: str, gold: str) -> tuple[Range, ...]:
    """Where a text holds the gold, in code points, with what stands around its words there too.

    "$5" is marked with its sign where the text has it, and "5" alone where not. The
    same places that `holds` looks for; the whole text where it finds none and the
    two are equal to the scorers all the same.
    """
    told = list(_tokens(gold))
    wanted = [word for word, _ in told]
    if not told:
        found = re.finditer(re.escape(gold.strip()), text) if gold.strip() else ()
        return tuple(Range(*match.span()) for match in found)
    tokens = list(_tokens(text))
    words, many = [word for word, _ in tokens], len(wanted)
    before, behind = gold[: told[0][1].start], gold[told[-1][1].end :]
    places = [
        _widened(text, Range(tokens[i][1].start, tokens[i + many - 1][1].end), before, behind)
        for i in range(len(words) - many + 1)
        if words[i : i + many] == wanted
    ]
    if not places and holds(text, gold):
        places = [Range(0, len(text))]
    return tuple(places)


def _widened(text: str, place: Range, before: str, behind: str) -> Range:
    start, end = place.start - len(before), place.end + len(behind)
    opens = start >= 0 and text[start : place.start].casefold() == before.casefold()
    closes = text[place.end : end].casefold() == behind.casefold()
    return Range(start if opens else place.start, end if closes else place.end)


def _words(text: str) -> str:
    return " ".join(word for word, _ in _tokens(text))


def _tokens(text: str) -> Iterator[tuple[str, Range]]:
    """The words alone: unlike the scorers' normalisation it parts them at any dash or quote."""
    for match in _WORD.finditer(text):
        word = _INNER_MARK.sub("", match[0]).casefold()
        if word not in _ARTICLES:
            yield word, Range(*match.span())


def lenient_match(prediction: str, golds: Sequence[str]) -> float:
    """1.0 for an exact match, or if prediction or gold holds the other's words whole.

    What a person would let pass: "at least 17" for "17". Without golds 1.0 if
    the prediction is empty.
    """
    if exact_match(prediction, golds):
        return 1.0
    if not _words(prediction):
        return 0.0
    told = [gold for gold in golds if _words(gold)]
    return float(any(holds(prediction, gold) or holds(gold, prediction) for gold in told))


@dataclass(frozen=True, slots=True)
class BestThreshold:
    """The cut at which a score would have been highest, had it been known."""

    value: float
    threshold: float  # answer when the margin is at least this; above every margin: never answer


def best_threshold(answering: Floats, refusing: Floats, margins: Floats) -> BestThreshold:
    """The best mean score over all ways to answer only above some margin.

    answering, refusing: each question's score if its best guess is given and if
    nothing is, shape (questions,). margins: how sure the guess is. The same as
    the official SQuAD 2.0 scorer's best thresholds, but questions of equal
    margin are answered together or not at all, since no threshold divides them.
    Raises ValueError without questions.
    """
    if not len(margins):
        raise ValueError("no questions to find a threshold for")
    order = np.argsort(-margins, kind="stable")
    ranked = margins[order]
    totals = refusing.sum() + np.cumsum((answering - refusing)[order])
    cuts = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))  # last of each equal run
    best = cuts[np.argmax(totals[cuts])]
    if totals[best] <= refusing.sum():
        return BestThreshold(float(refusing.mean()), float(np.nextafter(ranked[0], inf)))
    return BestThreshold(float(totals[best] / len(margins)), float(ranked[best]))


def equal_count_bins(confidence: Floats, *, bins: int = 15) -> Ints:
    """Each answer's bin, by rank of confidence; the bins' sizes differ by at most one."""
    places = np.empty(len(confidence), dtype=np.int64)
    places[np.argsort(confidence, kind="stable")] = np.arange(len(confidence))
    return places * bins // max(len(confidence), 1)


def ece(confidence: Floats, right: Floats, *, bins: int = 15) -> float:
    """Expected calibration error over equal-count bins, lower is better.

    The mean gap between a bin's confidence and its share of right answers
    (Naeini et al. 2015; equal counts after Nguyen and O'Connor 2015).
    """
    gaps = np.bincount(
        equal_count_bins(confidence, bins=bins), weights=confidence - right, minlength=bins
    )
    return float(np.abs(gaps).sum() / len(confidence))


def brier(confidence: Floats, right: Floats) -> float:
    """Mean squared difference of confidence and truth, lower is better (Brier 1950)."""
    return float(np.mean((confidence - right) ** 2))


def percentile(values: Floats, share: float) -> float:
    """The smallest value that at least this share (0 to 1) of all does not exceed."""
    return float(np.quantile(values, share, method="inverted_cdf"))
