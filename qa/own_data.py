"""One's own questions, a single SQuAD-form file, as training data.

One context in ten is kept from training, as with the data of the shipped
reader. Questions without an answer are made besides those that the file has,
or a reader trained on it would forget how to refuse.
"""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from qa.errors import DatasetError
from qa.squad import Example, kept_from_training, read_squad
from qa.training_variants import names_in, varied, without_answer

LACKING = 0.25  # of the questions with an answer, again before their passage without it
ELSEWHERE = 0.25  # of them, again before another passage of the file


def own_epoch(file: Path, rng: random.Random, *, repair: bool = False) -> list[Example]:
    """Everything one epoch reads: all questions, and some made unanswerable.

    Raises DatasetError as `read_squad`, and where there are fewer than two contexts.
    """
    kept = _kept_contexts(file, repair)
    examples = [e for e in _read(file, repair) if e.context not in kept]
    contexts = sorted({e.context for e in examples})
    made = _made_unanswerable([e for e in examples if e.golds], contexts, rng)
    names = [name for context in contexts for name in names_in(context)]
    return [varied(example, names, rng) for example in [*examples, *made]]


def held_out(file: Path, *, repair: bool = False) -> list[Example]:
    """The questions of the file that training never sees. Raises DatasetError as `own_epoch`."""
    kept = _kept_contexts(file, repair)
    return [e for e in _read(file, repair) if e.context in kept]


@cache
def _read(file: Path, repair: bool) -> tuple[Example, ...]:
    return tuple(read_squad(file, repair=repair))


@cache
def _kept_contexts(file: Path, repair: bool) -> frozenset[str]:
    """One context in ten, and at least one."""
    examples = _read(file, repair)
    contexts = {e.context for e in examples}
    if len(contexts) < 2:
        raise DatasetError(
            f"{file}: holds questions about {len(contexts)} contexts: training takes two or more, "
            "since one is kept for measuring"
        )
    kept = {e.context for e in examples if kept_from_training(e, by_article=False)}
    if not kept or kept == contexts:
        kept = {min(contexts, key=lambda text: hashlib.sha256(text.encode()).digest())}
    return frozenset(kept)


def _made_unanswerable(
    answerable: list[Example], contexts: list[str], rng: random.Random
) -> Iterator[Example]:
    for example in answerable:
        if rng.random() < LACKING and (lacking := without_answer(example)):
            yield lacking
        if rng.random() < ELSEWHERE:
            other = rng.choice(contexts)
            if not any(gold.text.lower() in other.lower() for gold in example.golds):
                yield replace(example, context=other, golds=())
