"""The several things that a list question is answered by, each where it stands.

Of one sentence they are the items of its enumeration. Of several they are answers that
stand up nearly as well as the best one, and are of its form.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer import Candidate, Pooled
from qa.lists import items_in
from qa.plural import number_asked
from qa.question import kind_of
from qa.squad import normalize_answer
from qa.types import Range

LEAST_MARGIN = 3.0  # logits better than no answer that an item from elsewhere must be
NEAR_MARGIN = 2.0  # logits by which it may fall behind the best answer, as it is read …
NEAR_EVIDENCE = 1.0  # … and with all that speaks for it


@dataclass(frozen=True, slots=True)
class Place:
    """One occurrence of an item."""

    candidate: Candidate  # the reading that it is part of
    place: Range  # code points into the article's text


def items_of(question: str, answers: Sequence[Pooled]) -> list[tuple[Place, ...]]:
    """The things that a list question asks for, each with the places that give it.

    answers: the strongest first. Empty where one thing only is asked for or found.
    """
    if kind_of(question) != "list" or not answers:
        return []
    together = _of_enumeration(answers[0])
    if together:
        return together
    several = _of_answers(answers)[: number_asked(question)]
    return several if len(several) > 1 else []


def _of_enumeration(best: Pooled) -> list[tuple[Place, ...]]:
    """The best answer's items, each also where the articles that agree with it name it."""
    named: dict[str, list[Place]] = {}
    for candidate in best.candidates:
        for place in _places(candidate):
            words = _words(candidate, place)
            if candidate is best.best or words in named:
                named.setdefault(words, []).append(Place(candidate, place))
    return [tuple(places) for places in named.values()]


def _places(candidate: Candidate) -> list[Range]:
    text, start = candidate.hit.passage.text, candidate.hit.passage.start
    found = items_in(text, candidate.span.start, candidate.span.end)
    return [Range(start + item.start, start + item.end) for item in found.items] if found else []


def _words(candidate: Candidate, place: Range) -> str:
    passage = candidate.hit.passage
    said = passage.text[place.start - passage.start : place.end - passage.start]
    return normalize_answer(said) or said


def _of_answers(answers: Sequence[Pooled]) -> list[tuple[Place, ...]]:
    first = answers[0]
    least = max(LEAST_MARGIN, first.best.margin - NEAR_MARGIN)
    chosen: list[Pooled] = []
    for answer in answers:
        near = answer.best.margin >= least
        strong = answer.evidence >= first.evidence - NEAR_EVIDENCE
        if near and strong and all(_beside(answer.best, other.best) for other in chosen):
            chosen.append(answer)
    return [tuple(Place(c, c.place) for c in answer.candidates) for answer in chosen]


def _beside(one: Candidate, other: Candidate) -> bool:
    """Whether both may be items of one list: of the same form, and no word in common."""
    if _form(one) != _form(other) or _places(one):
        return False
    words, others = (set(normalize_answer(c.text).split()) for c in (one, other))
    return not words & others


def _form(candidate: Candidate) -> str:
    if re.match(r"\W*\d", candidate.text):
        return "figure"
    named = re.search(r"\b[^\W\d_a-z]\w", candidate.text)
    return "name" if named else "thing"
