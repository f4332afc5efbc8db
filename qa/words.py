"""The words of a question and their classes: closed ones by lists, verbs by where they stand.

What is in no closed class is a noun until it turns out to be a verb; adjectives
count as nouns, since they belong to the same phrases. Knows nothing of phrases.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.lexicon import (
    ADVERBS,
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DEMONSTRATIVES,
    DETERMINERS,
    DO,
    MODALS,
    NUMBERS,
    PREDICATES,
    PREPOSITIONS,
    PRONOUNS,
    TIME_NOUNS,
    WH,
    base_form,
    is_base,
    is_plural,
    is_verb,
)

Label = Literal["det", "prep", "aux", "wh", "conj", "adv", "pron", "mark", "verb", "noun"]

_WORD = re.compile(r"[$£€]?\d[\d.,:]*\d%?|[^\W_]+(?:[-'’.&/][^\W_]+)*(?:(?<=s)['’](?=\s))?|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or mark, where it stands in the question, and its class."""

    text: str
    start: int  # code points into the question
    end: int
    label: Label

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower().replace("’", "'")

    @property
    def capital(self) -> bool:
        """Whether it is written with a capital."""
        return self.text[:1].isupper()


def labelled(text: str) -> list[Word]:
    """The words and marks of a text with their classes; verbs are still among the nouns."""
    found: list[Word] = []
    matches = list(_WORD.finditer(text))
    for at, match in enumerate(matches):
        initial = not found or found[-1].text in '.?!:"“'
        following = matches[at + 1][0] if at + 1 < len(matches) else "?"
        label = _label(match[0], initial)
        label = _in_place(match[0], label, found[-1] if found else None, following)
        found.append(Word(match[0], *match.span(), label))
    return found


def _in_place(text: str, label: Label, before: Word | None, following: str) -> Label:
    """The class of a word that its neighbours decide."""
    lower = text.lower()
    if lower in ("last", "next") and following.lower() in TIME_NOUNS:
        return "det"
    if before is None:
        return label
    begins = following.lower() in (DETERMINERS | PRONOUNS) - {"other", "one"}
    if lower == "that" and (begins or following[0].isupper()):
        return "conj"  # "is it true that the mill closed"
    if lower == "and" and before.label == "noun" and before.capital and following[0].isupper():
        return "noun"  # inside a name: "the Tram and Ferry Union"
    if label == "adv" and lower.endswith("ly") and before.label == "det":
        return "noun"  # "each family"
    if lower in PREDICATES and before.label != "det" and _label(following, False) != "noun":
        return "adv"
    return label


def _label(text: str, initial: bool) -> Label:
    lower = text.lower().replace("’", "'")
    if not text[0].isalnum() and text[0] not in "$£€":
        return "mark"
    if text[0].isupper() and not initial and len(text) > 1 and lower not in DETERMINERS | WH:
        return "noun"
    classes: tuple[tuple[Label, frozenset[str]], ...] = (
        ("wh", WH),
        ("aux", AUXILIARIES),
        ("det", DETERMINERS | NUMBERS),
        ("pron", PRONOUNS),
        ("conj", CONJUNCTIONS),
        ("adv", ADVERBS),
        ("prep", PREPOSITIONS),
    )
    for label, members in classes:
        if lower in members or (label == "wh" and lower.removesuffix("'s") in members):
            return label
    return "adv" if lower.endswith("ly") and len(lower) > 5 and not text[0].isupper() else "noun"


def with_verbs(words: list[Word]) -> list[Word]:
    """The same words, those among the nouns that are verbs labelled so."""
    supported = _supported(words)
    found: list[Word] = []
    for at, word in enumerate(words):
        acts = at == supported or (
            (supported is None or at > supported) and _acts(words, at, found)
        )
        if word.label == "noun" and acts:
            word = Word(word.text, word.start, word.end, "verb")
        found.append(word)
    return found


def _supported(words: Sequence[Word]) -> int | None:
    """Where the verb stands that "do" or a modal needs: "want" in "what did the union want"."""
    auxiliaries = [at for at, word in enumerate(words) if word.label == "aux"]
    if not auxiliaries or words[auxiliaries[0]].lower not in DO | MODALS:
        return None
    if any(words[at].lower in BE and words[at - 1].lower != "to" for at in auxiliaries[1:]):
        return None  # the verb is a participle and shows itself
    rated = [
        (_verb_rating(words, at), at)
        for at in range(auxiliaries[0] + 2, len(words))
        if _may_be_verb(words, at)
    ]
    return max(rated)[1] if rated else None


def _may_be_verb(words: Sequence[Word], at: int) -> bool:
    word, previous = words[at], words[at - 1]
    plain = word.label == "noun" and not word.capital and word.lower.isalpha()
    return plain and previous.label in ("noun", "pron", "adv", "aux") and not _past_only(word)


def _past_only(word: Word) -> bool:
    return bool(base_form(word.lower)) and not is_base(word.lower)


def _verb_rating(words: Sequence[Word], at: int) -> int:
    """How much speaks for it: a known verb, the end of its run, a subject before it."""
    previous = words[at - 1]
    following = words[at + 1].label if at + 1 < len(words) else "mark"
    subject = previous.capital or previous.label == "pron" or is_plural(previous.lower)
    return 2 * is_base(words[at].lower) + (following != "noun") + subject


def _acts(words: Sequence[Word], at: int, before: Sequence[Word]) -> bool:
    """Whether this noun is a verb after all, where no auxiliary tells."""
    word, lower = words[at], words[at].lower
    if (word.capital and at > 0) or not lower.isalpha():
        return False
    following = words[at + 1].label if at + 1 < len(words) else "mark"
    if not before:
        return is_verb(lower) or following in ("det", "pron", "prep")
    previous = before[-1]
    if previous.lower in ("to", "that"):
        return is_verb(lower) and following in ("det", "prep", "pron", "mark", "adv", "noun")
    if previous.lower in DEMONSTRATIVES and len(before) > 1 and before[-2].label == "aux":
        return bool(base_form(lower)) or lower.endswith("ed")  # "how has this changed trade"
    if previous.label in ("det", "prep"):
        return False
    if lower.endswith("ing") and len(lower) > 5:
        return not _in_determined_run(before) and previous.label in ("noun", "aux")
    if base_form(lower) or (lower.endswith("ed") and len(lower) > 4):
        return True
    if previous.label in ("wh", "conj"):
        return is_verb(lower) and previous.lower not in ("which", "what", "whose", "how")
    first = not any(w.label in ("verb", "aux") for w in before)
    subject = previous.label == "noun" and is_plural(previous.lower) and is_base(lower)
    return first and (
        subject or (is_verb(lower) and previous.label == "noun" and following != "noun")
    )


def _in_determined_run(before: Sequence[Word]) -> bool:
    """Whether the nouns that end here began with "the" or the like."""
    for word in reversed(before):
        if word.label != "noun":
            return word.label == "det"
    return False
