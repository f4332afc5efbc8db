"""Which questions the reader trains on, and how often: data sets to examples.

Knows nothing of models. One context in ten (whole articles for SQuAD) never
appears: thresholds and calibration are fitted there.
"""

import math
import random
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from qa.events_data import all_events
from qa.reader import SpanReader
from qa.squad import Example, Gold, kept_from_training, read_squad
from qa.training_variants import (
    asked_of_another,
    asked_of_neighbour,
    names_in,
    varied,
    without_answer,
)
from qa.types import Span

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
EVENTS = "events"  # our own, of which every epoch takes all questions about every report
OTHER_PASSAGE = 6000  # questions set before a passage that BM25 ranks high but does not answer
WITHOUT_ANSWER = 4000  # questions whose own passage lost the sentences with the answer
OF_ANOTHER = 4000  # questions in which a name, a number or a contrast was exchanged
OF_NEIGHBOUR = 1500  # the same with a name or number of the passage; only with a reader to ask
DECEIVING = 1500  # of OTHER_PASSAGE those where a reader is surest of a wrong answer, likewise

ANSWERABLE = (
    "squad11",
    "shifts_wiki",
    "shifts_reddit",
    "shifts_amazon",
    "tydiqa_en",
    "qed_nq",
    EVENTS,
)
BY_ARTICLE = {"squad11", "squad20", EVENTS}


def epoch_examples(
    train: Path, rng: random.Random, reader: SpanReader | None = None, *, others: float = 1.0
) -> list[Example]:
    """Everything one epoch reads, in no particular order.

    With a `reader`, the questions without an answer are partly such as deceive it
    (adversarial filtering, as in Bartolo et al. 2020, with changed questions).
    others: the share of `PER_EPOCH` and of the questions made unanswerable that it takes
    besides our own events.
    """
    chosen = list(_training_part(train, EVENTS))
    for name, count in PER_EPOCH.items():
        examples = _training_part(train, name)
        if name == "squad20":
            examples = [e for e in examples if not e.golds]
        drawn = rng.sample(examples, min(round(others * count), len(examples)))
        chosen += _join_sentences(drawn, examples, rng) if name == "qamr" else drawn
    made = list(_before_other_passages(train, rng, reader))
    made += _made_unanswerable(train, rng)
    if reader:
        made += _deceiving_changes(train, rng, reader)
    chosen += rng.sample(made, round(others * len(made)))
    names = [
        name for e in rng.sample(chosen, min(1000, len(chosen))) for name in names_in(e.context)
    ]
    return [varied(example, names, rng) for example in chosen]


def _made_unanswerable(train: Path, rng: random.Random) -> Iterator[Example]:
    """Questions on the passage's own subject that it does not answer."""
    pool = _answerable(train)
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


def _answerable(train: Path) -> list[Example]:
    return [e for name in ANSWERABLE for e in _training_part(train, name) if e.golds]


@cache
def _training_part(train: Path, name: str) -> list[Example]:
    by_article = name in BY_ARTICLE
    if name == EVENTS:
        examples = [example for event in all_events() for example in event.examples()]
    else:
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


def _deceiving_changes(train: Path, rng: random.Random, reader: SpanReader) -> Iterator[Example]:
    """Changed questions to which the reader still gives the old answer: now a wrong one."""
    pool = _answerable(train)
    changed = [
        other
        for example in rng.sample(pool, min(4 * OF_NEIGHBOUR, len(pool)))
        if (other := asked_of_neighbour(example, rng))
    ][: 2 * OF_NEIGHBOUR]
    found = _answers(reader, changed)
    deceived = [
        replace(example, golds=())
        for example, span in zip(changed, found, strict=True)
        if span and any(_overlap(span, gold) for gold in example.golds)
    ]
    yield from deceived[:OF_NEIGHBOUR]


def _answers(reader: SpanReader, examples: Sequence[Example]) -> list[Span | None]:
    """The reader's best span for each, whether or not it would rather abstain."""
    read = reader.read_pairs([(e.question, e.context) for e in examples])
    return [spans[0] if spans else None for spans in read]


def _overlap(span: Span, gold: Gold) -> bool:
    return span.start < gold.start + len(gold.text) and span.end > gold.start


def _before_other_passages(
    train: Path, rng: random.Random, reader: SpanReader | None
) -> Iterator[Example]:
    """Questions before a passage of another context that shares words but not the answer."""
    pool = _answerable(train)
    choices = []
    for example in rng.sample(pool, min(OTHER_PASSAGE, len(pool))):
        if lacking := _alike_without_answer(train, example):
            choices.append([replace(example, context=c, golds=()) for c in lacking])
    if reader:
        choices[:DECEIVING] = _surest(reader, choices[:DECEIVING])
    yield from (rng.choice(each) for each in choices)


def _surest(reader: SpanReader, choices: Sequence[list[Example]]) -> list[list[Example]]:
    """Of each few examples the one to which the reader gives an answer most confidently."""
    few = [each[:3] for each in choices]
    found = iter(_answers(reader, [example for each in few for example in each]))
    surest = []
    for each in few:
        margins = [s.score - s.null_score if (s := next(found)) else -math.inf for _ in each]
        surest.append([each[margins.index(max(margins))]])
    return surest


def _alike_without_answer(train: Path, example: Example) -> list[str]:
    """Other contexts that BM25 ranks high for the question and that lack its answer.

    Another report on the same event is none: it may give the answer in other words.
    """
    terms = " OR ".join(f'"{t}"' for t in _terms(example.question))
    if not terms:
        return []
    rows: Iterable[tuple[str]] = _passage_index(train, ANSWERABLE).execute(
        "SELECT context FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT 6", (terms,)
    )
    return [
        context
        for (context,) in rows
        if context != example.context
        and _event_of(train).get(context, "") != example.title
        and not any(gold.text.lower() in context.lower() for gold in example.golds)
    ]


@cache
def _event_of(train: Path) -> dict[str, str]:
    """The event that each report of our own tells of, by its text."""
    return {e.context: e.title for e in _training_part(train, EVENTS)}


def _terms(question: str) -> list[str]:
    return re.findall(r"\w{4,}", question)


@cache
def _passage_index(train: Path, names: tuple[str, ...]) -> sqlite3.Connection:
    index = sqlite3.connect(":memory:")
    index.execute("CREATE VIRTUAL TABLE passage USING fts5(context, tokenize='porter')")
    contexts = sorted({e.context for name in names for e in _training_part(train, name)})
    index.executemany("INSERT INTO passage VALUES (?)", ((c,) for c in contexts))
    return index
