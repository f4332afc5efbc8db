"""Which questions the reader trains on, and how often: data sets to examples.

Knows nothing of models. One context in ten (whole articles for SQuAD) never
appears: thresholds and calibration are fitted there.
"""

import random
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from qa.squad import Example, Gold, kept_from_training, read_squad
from qa.training_variants import asked_of_another, carelessly_typed, cropped, without_answer

# Questions an epoch takes of each data set, drawn anew each epoch.
PER_EPOCH = {
    "squad11": 6000,  # all
    "squad20": 3000,  # all that have no answer; the others stand in squad11
    "shifts_wiki": 6000,  # all
    "shifts_reddit": 3000,
    "shifts_amazon": 3000,
    "tydiqa_en": 4000,  # all
    "qed_nq": 1500,  # all
    "qamr": 6000,
    "subjqa": 1500,
    "policyqa": 500,
    "covidqa": 200,
}
OTHER_PASSAGE = 6000  # questions set before a passage that BM25 ranks high but does not answer
WITHOUT_ANSWER = 4000  # questions whose own passage lost the sentences with the answer
OF_ANOTHER = 3000  # questions in which a name, a number or a contrast was exchanged
CROPPED = 0.5  # share of passages cut to some of their sentences
CARELESS = 0.15  # share of questions as people type them

ANSWERABLE = ("squad11", "shifts_wiki", "shifts_reddit", "shifts_amazon", "tydiqa_en", "qed_nq")
BY_ARTICLE = {"squad11", "squad20"}


def epoch_examples(train: Path, rng: random.Random) -> list[Example]:
    """Everything one epoch reads, in no particular order."""
    chosen: list[Example] = []
    for name, count in PER_EPOCH.items():
        examples = _training_part(train, name)
        if name == "squad20":
            examples = [e for e in examples if not e.golds]
        drawn = rng.sample(examples, min(count, len(examples)))
        chosen += _join_sentences(drawn, examples, rng) if name == "qamr" else drawn
    chosen += _before_other_passages(train, rng, OTHER_PASSAGE)
    chosen += _made_unanswerable(train, rng)
    return [_varied(example, rng) for example in chosen]


def _varied(example: Example, rng: random.Random) -> Example:
    if rng.random() < CROPPED:
        example = cropped(example, rng) or example
    if rng.random() < CARELESS:
        example = replace(example, question=carelessly_typed(example.question, rng))
    return example


def _made_unanswerable(train: Path, rng: random.Random) -> Iterator[Example]:
    """Questions on the passage's own subject that it does not answer."""
    pool = [example for name in ANSWERABLE for example in _training_part(train, name)]
    questions = [example.question for example in pool]
    for example in rng.sample(pool, min(WITHOUT_ANSWER, len(pool))):
        if lacking := without_answer(example):
            yield lacking
    # A third or so of the questions have nothing in them to exchange.
    made = 0
    for example in rng.sample(pool, len(pool)):
        if made == OF_ANOTHER:
            return
        if other := asked_of_another(example, rng.sample(questions, min(20, len(pool))), rng):
            made += 1
            yield other


def read_dev(dev: Path, *, limit: int) -> dict[str, list[Example]]:
    """The first sets to look at while training, each thinned evenly to about `limit`."""
    sets = {
        name: read_squad(dev / f"{name}.json.gz") for name in ("squad11", "squad20", "tydiqa_en")
    }
    return {name: found[:: max(1, len(found) // limit)] for name, found in sets.items()}


@cache
def _training_part(train: Path, name: str) -> list[Example]:
    by_article = name in BY_ARTICLE
    examples = read_squad(train / f"{name}.json.gz")
    return [e for e in examples if not kept_from_training(e, by_article=by_article)]


def _join_sentences(
    drawn: Iterable[Example], everything: Sequence[Example], rng: random.Random
) -> Iterator[Example]:
    """Single sentences become passages: up to five others are set around each."""
    sentences = sorted({e.context for e in everything})
    for example in drawn:
        others = [s for s in rng.sample(sentences, rng.randint(1, 5)) if s != example.context]
        cut = rng.randint(0, len(others))
        before, after = " ".join(others[:cut]), " ".join(others[cut:])
        yield _set_between(example, before, after)


def _set_between(example: Example, before: str, after: str) -> Example:
    lead = f"{before} " if before else ""
    golds = tuple(Gold(gold.text, gold.start + len(lead)) for gold in example.golds)
    context = f"{lead}{example.context} {after}".rstrip()
    return replace(example, context=context, golds=golds)


def _before_other_passages(train: Path, rng: random.Random, count: int) -> Iterator[Example]:
    """Questions before a passage of another context that shares words but not the answer."""
    pool = [example for name in ANSWERABLE for example in _training_part(train, name)]
    index = _passage_index(train, ANSWERABLE)
    for example in rng.sample(pool, min(count, len(pool))):
        terms = " OR ".join(f'"{t}"' for t in _terms(example.question))
        rows: Iterable[tuple[str]] = (
            index.execute(
                "SELECT context FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT 6", (terms,)
            )
            if terms
            else ()
        )
        lacking = [
            context
            for (context,) in rows
            if context != example.context
            and not any(gold.text.lower() in context.lower() for gold in example.golds)
        ]
        if lacking:
            yield replace(example, context=rng.choice(lacking), golds=())


def _terms(question: str) -> list[str]:
    return re.findall(r"\w{4,}", question)


@cache
def _passage_index(train: Path, names: tuple[str, ...]) -> sqlite3.Connection:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE passage USING fts5(context, tokenize='porter')")
    contexts = sorted({e.context for name in names for e in _training_part(train, name)})
    index.executemany("INSERT INTO passage VALUES (?)", ((c,) for c in contexts))
    return index
