"""Pairs of answers to one question, out of invented events, and how they stand to each other."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from qa.answer_pairs import Said, said
from qa.events_data import Asked, Event
from qa.squad import Gold

OF_ELSE, AGREE, CONFLICT = range(3)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers to a question, and how they stand to each other."""

    question: str
    one: Said
    other: Said
    kind: int  # OF_ELSE, AGREE or CONFLICT


def judged_pairs(event: Event) -> Iterator[Pair]:
    """The answers of two reports each to one question."""
    for asked in event.asked:
        answered = [key for key, golds in asked.golds.items() if golds]
        # Of three reports that conflict it is not said which two do.
        if asked.together in ("agree", "single") or len(answered) == 2:
            kind = {"agree": AGREE, "conflict": CONFLICT}.get(asked.together or "", OF_ELSE)
            for one, other in combinations(answered, 2):
                ours, theirs = (_said(event, key, asked.golds[key][0]) for key in (one, other))
                yield Pair(asked.question, ours, theirs, kind)


def pairs_apart(event: Event, rng: random.Random) -> Iterator[Pair]:
    """The answer of one report, beside what another answers to another question."""
    for asked in event.asked:
        for key in (key for key, golds in asked.golds.items() if golds):
            for other in event.reports:
                if other != key and (gold := _of_another(event, asked, key, other, rng)):
                    ours = _said(event, key, asked.golds[key][0])
                    yield Pair(asked.question, ours, _said(event, other, gold), OF_ELSE)


def _of_another(
    event: Event, asked: Asked, key: str, other: str, rng: random.Random
) -> Gold | None:
    """An answer of the other report to another question, if it can be one of like form."""
    taken = [(gold.start, gold.start + len(gold.text)) for gold in asked.golds[other]]
    found = [
        each.golds[other][0]
        for each in event.asked
        if each is not asked and each.golds.get(other)
        if not any(
            each.golds[other][0].start < end
            and start < each.golds[other][0].start + len(each.golds[other][0].text)
            for start, end in taken
        )
    ]
    ours = asked.golds[key][0].text
    alike = [gold for gold in found if _form(gold.text) == _form(ours)]
    return rng.choice(alike or found) if found else None


def _form(text: str) -> tuple[bool, bool]:
    """What tells numbers, names and clauses roughly apart."""
    return any(c.isdigit() for c in text), text[:1].isupper()


def _said(event: Event, key: str, gold: Gold) -> Said:
    return said(event.reports[key].text, gold.start, gold.start + len(gold.text))
