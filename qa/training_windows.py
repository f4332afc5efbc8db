"""Questions to what the model sees of them: labelled windows, in batches of like length.

Knows nothing of data sets or of the model.
"""

import hashlib
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from qa.reader import Window, windows
from qa.squad import Example


@dataclass(frozen=True, slots=True)
class Labelled:
    """What the model sees of a window, and its target tokens; 0, 0 ([CLS]) without an answer."""

    ids: npt.NDArray[np.int32]  # (tokens,)
    type_ids: npt.NDArray[np.uint8]  # (tokens,)
    start: int
    end: int


def label_windows(
    tokenizer: Tokenizer, examples: Sequence[Example], rng: random.Random, *, at_once: int = 1000
) -> list[Labelled]:
    """One window for each example: with its answer in it, or a random one if it has none.

    Every fourth example that was cut into several windows gives one without
    the answer too. An answer that no window holds whole is left out.
    """
    labelled: list[Labelled] = []
    for i in range(0, len(examples), at_once):  # windows with all their offsets are large
        few = examples[i : i + at_once]
        cut = windows(tokenizer, [(e.question, e.context) for e in few])
        for pair, pieces in itertools.groupby(cut, key=lambda window: window.pair):
            labelled += _label(few[pair], list(pieces), rng)
    return labelled


def _label(example: Example, pieces: list[Window], rng: random.Random) -> Iterator[Labelled]:
    if not example.golds:
        yield _labelled(rng.choice(pieces), (0, 0))
        return
    gold = rng.choice(example.golds)
    targets = [_target(piece, gold.start, gold.start + len(gold.text)) for piece in pieces]
    holding = [(piece, target) for piece, target in zip(pieces, targets, strict=True) if target]
    lacking = [piece for piece, target in zip(pieces, targets, strict=True) if not target]
    if holding:
        yield _labelled(*rng.choice(holding))
    if lacking and rng.random() < 0.25:
        yield _labelled(rng.choice(lacking), (0, 0))


def _labelled(window: Window, target: tuple[int, int]) -> Labelled:
    ids, type_ids = np.array(window.ids, np.int32), np.array(window.type_ids, np.uint8)
    return Labelled(ids, type_ids, *target)


def _target(window: Window, start: int, end: int) -> tuple[int, int] | None:
    """First and last token that overlap [start, end), or None if it is not wholly inside."""
    inside = [i for i, is_in in enumerate(window.in_passage) if is_in]
    if not inside or window.offsets[inside[0]][0] > start or window.offsets[inside[-1]][1] < end:
        return None
    touched = [i for i in inside if window.offsets[i][0] < end and window.offsets[i][1] > start]
    return (touched[0], touched[-1]) if touched else None


def batches(
    labelled: Sequence[Labelled], *, size: int, rng: random.Random
) -> Iterator[list[Labelled]]:
    """Shuffled batches of windows of like length, so that little is padded."""
    shuffled = rng.sample(labelled, len(labelled))
    pools = (shuffled[i : i + size * 50] for i in range(0, len(shuffled), size * 50))
    groups = []
    for pool in pools:
        pool.sort(key=lambda item: len(item.ids))
        groups += [pool[i : i + size] for i in range(0, len(pool), size)]
    rng.shuffle(groups)
    yield from groups


def fingerprint(planned: Sequence[Sequence[Labelled]]) -> str:
    """Changes when any window or target of the plan does."""
    digest = hashlib.sha256()
    for batch in planned:
        for item in batch:
            digest.update(item.ids.tobytes())
            digest.update(b"%d %d;" % (item.start, item.end))
    return digest.hexdigest()[:16]
