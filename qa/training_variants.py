"""Variants of a training question: more to learn from the same text.

Every function takes an example and a random generator and gives another
example, or None where it cannot be made. Knows nothing of data sets or models.
"""

import bisect
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from index.sentences import sentence_spans
from qa.as_typed import as_keywords, with_slip, without_mark
from qa.squad import Example, Gold

RENAMED = 0.5  # share of examples with other names and numbers
CROPPED = 0.5  # share of passages cut to some of their sentences
CARELESS = 0.15  # share of questions as people type them

# Words that turn a question round when one stands for the other.
_OPPOSITES = (
    "first last|largest smallest|biggest smallest|highest lowest|most least|more less|"
    "before after|north south|northern southern|east west|eastern western|"
    "increase decrease|increased decreased|oldest youngest|old new|early late|"
    "earliest latest|best worst|better worse|start end|began ended|begin end|"
    "open closed|male female|men women|left right|above below|inside outside|"
    "won lost|win lose|buy sell|bought sold|longest shortest|long short|"
    "major minor|upper lower|rise fall|rose fell|public private|positive negative|"
    "always never|good bad|like dislike|second third|same different|modern ancient"
)
_OPPOSITE = {
    word: other
    for pair in _OPPOSITES.split("|")
    for word, other in (pair.split(), pair.split()[::-1])
}
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_NAME = re.compile(r"(?<!^)(?<=\s)(?:[A-Z][\w'’-]+)(?:\s(?:of\s)?[A-Z][\w'’-]+)*")
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|did|does|do|has|have|had|could|should|would)\b", re.IGNORECASE
)
_NEGATED = re.compile(r"\b(?:not|never|no)\b|n['’]t\b", re.IGNORECASE)
_NAME_INSIDE = re.compile(r"(?<=[a-z,]\s)(?:[A-Z][\w'’-]+)(?:\s[A-Z][\w'’-]+)*")


@cache
def _sentences(text: str) -> list[tuple[int, int]]:
    return sentence_spans(text)


def cropped(example: Example, rng: random.Random) -> Example | None:
    """The passage cut to a random run of its sentences that holds one gold whole, if it has one."""
    spans = _sentences(example.context)
    if len(spans) < 2:
        return None
    if example.golds:
        gold = rng.choice(example.golds)
        end = gold.start + len(gold.text)
        holding = [i for i, (a, b) in enumerate(spans) if a < end and b > gold.start]
        if not holding:
            return None
        first, last = rng.randint(0, holding[0]), rng.randint(holding[-1], len(spans) - 1)
        # A gold may begin or end in the white space between two sentences.
        return _only(example, min(spans[first][0], gold.start), max(spans[last][1], end))
    first, last = sorted(rng.choices(range(len(spans)), k=2))
    return _only(example, spans[first][0], spans[last][1])


def _only(example: Example, start: int, end: int) -> Example:
    golds = tuple(
        Gold(gold.text, gold.start - start)
        for gold in example.golds
        if start <= gold.start and gold.start + len(gold.text) <= end
    )
    return replace(example, context=example.context[start:end], golds=golds)


def without_answer(example: Example) -> Example | None:
    """The passage without the sentences that hold a gold's words: on the subject, no answer."""
    context, golds = example.context, [gold.text.lower() for gold in example.golds]
    kept = [
        context[a:b]
        for a, b in _sentences(context)
        if not any(gold in context[a:b].lower() for gold in golds)
        and not any(a < g.start + len(g.text) and b > g.start for g in example.golds)
    ]
    return replace(example, context=" ".join(kept), golds=()) if golds and kept else None


def asked_of_another(example: Example, others: Sequence[str], rng: random.Random) -> Example | None:
    """The question with a number, a name or a word of contrast exchanged, or negated.

    A number gets another last digit, a name gives way to one of the `others`
    (questions), a word to its opposite; what is put in is not in the passage.
    "did" becomes "didn't" where the passage denies nothing.
    """
    context = example.context.lower()
    changes = []
    for match in _NUMBER.finditer(example.question):
        number = match[0].rstrip(".,")
        changes.append((match.span(), number[:-1] + rng.choice("0123456789")))
    names = list(_NAME.finditer(example.question))
    if names and (new := [found for other in others for found in _NAME.findall(other)]):
        changes.append((rng.choice(names).span(), rng.choice(new)))
    changes = [(where, put) for where, put in changes if put.lower() not in context]
    for match in re.finditer(r"\w+", example.question):
        opposite = _OPPOSITE.get(match[0].lower())
        if opposite and not re.search(rf"\b{opposite}\b", context):
            changes.append((match.span(), opposite))
    auxiliary = _AUXILIARY.search(example.question)
    if auxiliary and not _NEGATED.search(example.question + " " + example.context):
        changes.append((auxiliary.span(), f"{auxiliary[0]}n't"))
    if not changes:
        return None
    where, put = rng.choice(changes)
    return replace(example, question=_put(example.question, where, put), golds=())


def asked_of_neighbour(example: Example, rng: random.Random) -> Example | None:
    """The question with a name or a number exchanged for another of the same passage.

    The passage may well answer it: a reader should look at it before it is used.
    """
    kind = rng.choice((_NAME_INSIDE, _NUMBER))
    asked = list(kind.finditer(example.question))
    spared = " ".join([example.question, *(gold.text for gold in example.golds)]).lower()
    others = sorted({m[0].rstrip(".,") for m in kind.finditer(example.context)})
    others = [other for other in others if other.lower() not in spared]
    if not asked or not others:
        return None
    question = _put(example.question, rng.choice(asked).span(), rng.choice(others))
    return replace(example, question=question)


def _put(text: str, where: tuple[int, int], put: str) -> str:
    return text[: where[0]] + put + text[where[1] :]


def renamed(example: Example, others: Sequence[str], rng: random.Random) -> Example | None:
    """Other names and numbers throughout passage, question and answers: the same to be read.

    A reader that has learnt a question's answer by heart is wrong here. Numbers
    keep their first digit, or two of four; names inside an answer stay, since
    another would be of another sort. others: names to take instead, of which none
    that the example holds already is taken.
    """
    answers = " ".join(gold.text for gold in example.golds)
    words = re.findall(r"[\w.,]+", f"{example.context} {example.question}")
    taken = {word.strip(".,") for word in words}
    changes: dict[str, str] = {}

    def put(old: str, new: str) -> None:
        if new not in taken:  # or two different things would get one name
            changes[old] = new
            taken.add(new)

    for number in sorted({m[0].rstrip(".,") for m in _NUMBER.finditer(example.context)}):
        put(number, _like_number(number, rng))
    for name in sorted(set(names_in(example.context))):
        if others and name not in answers and rng.random() < 0.5:
            put(name, rng.choice(others))
    return _exchanged(example, changes) if changes else None


def names_in(text: str) -> list[str]:
    """The words that are part of a name and do not begin a sentence."""
    return [word for match in _NAME_INSIDE.finditer(text) for word in match[0].split()]


def _like_number(number: str, rng: random.Random) -> str:
    kept = 2 if len(number) == 4 and number.isdigit() else 1
    rest = [rng.choice("0123456789") if digit.isdigit() else digit for digit in number[kept:]]
    return number[:kept] + "".join(rest)


def _exchanged(example: Example, changes: Mapping[str, str]) -> Example | None:
    """Whole words exchanged everywhere; None if an answer begins or ends within one."""
    longest_first = sorted(changes, key=len, reverse=True)
    words = re.compile(rf"(?<![\w.,])(?:{'|'.join(map(re.escape, longest_first))})(?!\w|[.,]\d)")
    context, ends = [], [(0, 0)]  # pairs of an end in the old and in the new context
    inside: list[tuple[int, int]] = []
    for match in words.finditer(example.context):
        context += [example.context[ends[-1][0] : match.start()], changes[match[0]]]
        inside.append(match.span())
        ends.append((match.end(), sum(map(len, context[-2:])) + ends[-1][1]))
    context.append(example.context[ends[-1][0] :])

    def moved(place: int) -> int:
        old, new = ends[bisect.bisect_right(ends, (place, len(example.context) * 99)) - 1]
        return new + place - old

    text = "".join(context)
    golds = []
    for gold in example.golds:
        start, end = gold.start, gold.start + len(gold.text)
        if any(a < place < b for place in (start, end) for a, b in inside):
            return None
        golds.append(Gold(text[moved(start) : moved(end)], moved(start)))
    question = words.sub(lambda match: changes[match[0]], example.question)
    return replace(example, question=question, context=text, golds=tuple(golds))


def carelessly_typed(question: str, rng: random.Random) -> str:
    """The question as people type it: without its mark, with a slip, or as keywords only."""
    how = rng.random()
    if how < 0.6:
        return without_mark(question)
    return with_slip(question, rng) if how < 0.8 else as_keywords(question)


def varied(example: Example, names: Sequence[str], rng: random.Random) -> Example:
    """The example as an epoch reads it: renamed, cut short, carelessly typed, or none of them.

    names: to take in place of others.
    """
    if rng.random() < RENAMED:
        example = renamed(example, names, rng) or example
    if rng.random() < CROPPED:
        example = cropped(example, rng) or example
    if rng.random() < CARELESS:
        example = replace(example, question=carelessly_typed(example.question, rng))
    return example
