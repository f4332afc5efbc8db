"""The noun phrases and verbs of a question, by rules over closed word classes.

A light chunker, no parser: nouns are what is left when determiners, prepositions,
auxiliaries and known verbs are taken away. Knows nothing of conversations.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.lexicon import (
    DEMONSTRATIVES,
    GROUP_NOUNS,
    PERSON_NOUNS,
    PLACE_NOUNS,
    POSSESSIVES,
    TIME_NOUNS,
    is_plural,
    singular,
)
from qa.words import Word, labelled, with_verbs

# "name": capitalised, and of whatever it names nothing is known.
Kind = Literal["person", "group", "place", "time", "name", "thing"]

CALENDAR = frozenset(
    """january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday christmas easter""".split()
)
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d(?:s|-\d\d)?")
_JOINING = frozenset("of in at on for about from near between with against to".split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase with what is joined to it: "the chimney of the mill"."""

    text: str
    start: int  # code points into the question
    end: int
    core_end: int  # where the phrase without what is joined to it ends
    head: str  # its noun, singular and in lower case
    kind: Kind
    plural: bool
    determiner: str  # in lower case, or empty
    preposition: str  # that stands before it, or empty

    @property
    def core(self) -> str:
        """The phrase without what is joined to it."""
        return self.text[: self.core_end - self.start]

    @property
    def named(self) -> bool:
        """Whether a name or number is in it."""
        return any(char.isupper() or char.isdigit() for char in self.text)

    @property
    def bare(self) -> bool:
        """Whether it is one noun with nothing that tells which: "the city"."""
        words = self.text.split()
        return not self.named and len(words) <= 1 + bool(self.determiner)


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart."""

    text: str
    words: tuple[Word, ...]
    phrases: tuple[Phrase, ...]  # each noun phrase, with all that is joined to it
    wh: range  # words of the asking phrase, its preposition included; empty if there is none

    @property
    def asked_noun(self) -> str:
        """What is asked for by name, in lower case: "tonnes of tea" in "how many tonnes of tea"."""
        words = self.words[self.wh.start : self.wh.stop]
        nouns = [word.text for word in words if word.label == "noun" or word.lower == "of"]
        return " ".join(nouns).removeprefix("of ")

    @property
    def asking(self) -> str:
        """The asking words themselves, in lower case: "who", "how many"; empty for yes or no."""
        words = self.words[self.wh.start : self.wh.stop]
        return " ".join(w.lower for w in words if w.label in ("wh", "det", "adv"))

    @property
    def verbs(self) -> tuple[Word, ...]:
        """Its main verbs."""
        return tuple(word for word in self.words if word.label == "verb")


def parse(text: str) -> Question:
    """The question's words, noun phrases and asking phrase."""
    words = labelled(text)
    wh = _asking(words)
    words = with_verbs(words)
    if wh:
        wh = range(wh.start, _end_of_asking(words, wh))
    return Question(text, tuple(words), tuple(_phrases(text, words, wh)), wh)


def _asking(words: Sequence[Word]) -> range:
    """The asking word, with its preposition; what belongs to it is known only with the verbs."""
    for at, word in enumerate(words[:6]):
        if word.label == "wh":
            start = at - (at > 0 and words[at - 1].label == "prep")
            return range(start, at + 1)
        if word.label == "aux" or (word.label == "noun" and at == 0):
            break
    return range(0)


def _end_of_asking(words: Sequence[Word], wh: range) -> int:
    """Where the asking phrase ends: before an auxiliary, a verb, or a new noun phrase."""
    at = wh.stop
    asked = words[at - 1].lower
    if asked in ("who", "whom", "where", "when", "why"):
        return at
    while at < len(words) and words[at].label in ("noun", "adv"):
        at += 1
    if asked == "how" and at < len(words) and words[at].lower in ("many", "much"):
        at += 1
        while at < len(words) and words[at].label in ("noun", "adv"):
            at += 1
    of_all = asked == "how" and words[at - 1].lower in ("many", "much")
    if of_all and at < len(words) and words[at].lower == "of":
        after = at + 2 if at + 1 < len(words) and words[at + 1].label == "det" else at + 1
        while after < len(words) and words[after].label == "noun":
            after += 1
        return after
    if words[at - 1].label == "noun" and at + 1 < len(words) and words[at].lower == "of":
        after = at + 1
        while after < len(words) and words[after].label == "noun":
            after += 1
        at = after if after > at + 1 else at
    return at


def _phrases(text: str, words: Sequence[Word], wh: range) -> list[Phrase]:
    """Each noun phrase outside the asking words, with all that is joined to it."""
    bounds = _bounds(words, _without_all(words, wh))
    found: list[Phrase] = []
    for at in reversed(range(len(bounds))):
        first, last = bounds[at]
        phrase = _phrase(text, words, first, last)
        if at + 1 < len(bounds) and _joined(words, phrase, last, bounds[at + 1][0], found):
            end = found[0].end
            phrase = _extended(phrase, text[phrase.start : end], end)
        found.insert(0, phrase)
    return found


def _without_all(words: Sequence[Word], wh: range) -> range:
    """The asking words without the phrase in "how many of the lamps", which names something."""
    for at in wh:
        if words[at].lower == "of" and words[at - 1].lower in ("many", "much"):
            return range(wh.start, at)
    return wh


def _bounds(words: Sequence[Word], wh: range) -> list[tuple[int, int]]:
    """First word and one after the last of every noun phrase."""
    found = []
    at = 0
    while at < len(words):
        start = at
        if at in wh:
            at += 1
            continue
        while at < len(words) and at not in wh and words[at].label == "det":
            at += 1
        nouns = at
        while at < len(words) and at not in wh and words[at].label == "noun":
            at += 1
        if at > nouns:
            at += at < len(words) and words[at].lower == "ago"
            found.append((start, at))
        elif at == start:
            at += 1
    return found


def _phrase(text: str, words: Sequence[Word], first: int, last: int) -> Phrase:
    inside = words[first:last]
    determiner = inside[0].lower if inside[0].label == "det" else ""
    before = words[first - 1] if first else None
    preposition = before.lower if before and before.label == "prep" else ""
    core = text[inside[0].start : inside[-1].end]
    nouns = [word for word in inside if word.label == "noun"]
    head = singular(nouns[-1].text)
    return Phrase(
        core,
        inside[0].start,
        inside[-1].end,
        inside[-1].end,
        head,
        _kind(nouns, head, preposition),
        _is_plural(nouns),
        determiner,
        preposition,
    )


def _is_plural(nouns: Sequence[Word]) -> bool:
    if any(word.lower == "and" for word in nouns):
        return nouns[-1].capital and nouns[-1].lower not in GROUP_NOUNS
    return is_plural(nouns[-1].lower) and not all(word.capital for word in nouns)


def _kind(nouns: Sequence[Word], head: str, preposition: str) -> Kind:
    if head in TIME_NOUNS or head in CALENDAR or any(_YEAR.fullmatch(w.text) for w in nouns):
        return "time"
    for kind, heads in (
        ("person", PERSON_NOUNS),
        ("group", GROUP_NOUNS),
        ("place", PLACE_NOUNS),
    ):
        if head in heads:
            return kind  # type: ignore[return-value]  # one of the three just named
    if nouns[-1].capital:
        return "place" if preposition in ("in", "near", "at") else "name"
    return "thing"


def _joined(
    words: Sequence[Word], phrase: Phrase, last: int, following: int, found: Sequence[Phrase]
) -> bool:
    """Whether the next phrase belongs to this one: "of" always, other prepositions mostly."""
    if following != last + 1 or words[last].lower not in _JOINING or found[0].kind == "time":
        return False
    return words[last].lower == "of" or phrase.kind in ("thing", "person", "group", "place")


def _extended(phrase: Phrase, text: str, end: int) -> Phrase:
    return Phrase(
        text,
        phrase.start,
        end,
        phrase.core_end,
        phrase.head,
        phrase.kind,
        phrase.plural,
        phrase.determiner,
        phrase.preposition,
    )


def refers(phrase: Phrase) -> bool:
    """Whether the phrase itself points back: "that fire", "its owner"."""
    return phrase.determiner in DEMONSTRATIVES | POSSESSIVES


__all__ = ["CALENDAR", "Kind", "Phrase", "Question", "Word", "parse", "refers"]
