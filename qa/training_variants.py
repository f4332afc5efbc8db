"""Variants of a training question: more to learn from the same text.

Every function takes an example and a random generator and gives another
example, or None where it cannot be made. Knows nothing of data sets or models.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from index.sentences import sentence_spans
from qa.squad import Example, Gold

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
_SMALL_WORDS = frozenset(
    "a an the is are was were be been do does did has have had of to in on at for by with from "
    "that this it its as and or not what which who whom whose when where why how".split()
)


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
    else:
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
    """The question with a number, a name or a word of contrast exchanged: a false premise.

    A number gets another last digit, a name gives way to one of the `others`
    (questions), a word to its opposite; what is put in is not in the passage.
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
    if not changes:
        return None
    (start, end), put = rng.choice(changes)
    question = example.question[:start] + put + example.question[end:]
    return replace(example, question=question, golds=())


def carelessly_typed(question: str, rng: random.Random) -> str:
    """The question as people type it: without its mark, with a slip, or as keywords only."""
    how = rng.random()
    bare = question.rstrip("? ")
    if how < 0.6:
        return bare
    if how < 0.8:
        return _with_a_slip(question, rng)
    words = bare.split()
    keywords = [word for word in words if word.lower() not in _SMALL_WORDS]
    return " ".join(words[:1] + [w for w in keywords if w != words[0]]) if keywords else bare


def _with_a_slip(question: str, rng: random.Random) -> str:
    """Two neighbouring letters of a longer word exchanged, or one of them left out."""
    long_words = [match for match in re.finditer(r"[^\W\d_]{5,}", question)]
    if not long_words:
        return question
    word = rng.choice(long_words)
    i = rng.randrange(word.start() + 1, word.end() - 1)
    left, right = question[i], question[i + 1]
    slip = right + left if rng.random() < 0.5 else right
    return question[:i] + slip + question[i + 2 :]
