"""Which words of a question point back to what was said: "she", "there", "that fire"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.lexicon import BE, DEMONSTRATIVES, RELATIONAL, TIME_NOUNS, base_form
from qa.phrases import Phrase, Question, Word

Points = Literal["person", "thing", "many", "place", "time", "any", "noun"]

_PRONOUNS: dict[str, tuple[Points, bool]] = {  # to what they point, and whether as its owner
    "he": ("person", False),
    "him": ("person", False),
    "she": ("person", False),
    "his": ("person", True),
    "it": ("thing", False),
    "its": ("thing", True),
    "it's": ("thing", True),
    "they": ("many", False),
    "them": ("many", False),
    "their": ("many", True),
}
_HAPPENS_TO_BE = frozenset("true possible likely clear known necessary worth time that".split())
_SUITS: dict[str, frozenset[str]] = {  # kinds of an earlier phrase of the same question
    "person": frozenset({"person", "name"}),
    "thing": frozenset({"thing", "group", "name", "place"}),
    "many": frozenset({"person", "group", "thing", "name"}),
}
_ORDINALS = frozenset("first second third last best worst oldest most".split())
_NEW_CLAUSE = frozenset(
    "that when if because before after while and but which who until since as than where".split()
)
_DEMONSTRATIVE_OF: dict[str, Points] = {"person": "person", "place": "place", "time": "time"}


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that point back."""

    points: Points
    start: int  # code points into the question
    end: int
    owner: bool = False  # as in "its": what is pointed to owns what follows
    head: str = ""  # the noun of a phrase that points back, singular and in lower case
    gender: str = ""  # "he" or "she" where the pronoun shows it
    adverb: bool = False  # stands for a preposition too: "there" is "in the city"


def references(question: Question) -> list[Reference]:
    """The words that point out of the question, in their order; no two alike twice in a clause."""
    found: list[Reference] = []
    for at in range(len(question.words)):
        reference = _pronoun(question, at) or _adverb(question, at) or _demonstrative(question, at)
        if reference and not _answered_within(question, at, reference, found):
            found.append(reference)
    return found


def unmodified(question: Question) -> Iterator[Phrase]:
    """Phrases that ask for more: "the union", "the main symptoms", "members"."""
    for phrase in question.phrases:
        if phrase.named or phrase.text != phrase.core or phrase.kind == "time":
            continue
        relational = phrase.head in RELATIONAL
        if (phrase.determiner == "the" and (phrase.bare or relational)) or (
            relational and phrase.determiner in ("", "any", "some", "other")
        ):
            yield phrase


def _pronoun(question: Question, at: int) -> Reference | None:
    word = question.words[at]
    following = question.words[at + 1] if at + 1 < len(question.words) else None
    if word.lower == "her":
        owns = following is not None and following.label == "noun"
        return Reference("person", word.start, word.end, owner=owns, gender="she")
    if word.lower == "it" and _stands_for_nothing(question.words, at):
        return None
    if word.lower in ("one", "ones") and _is_pro_noun(question, at):
        return Reference("noun", word.start, word.end)
    if word.lower not in _PRONOUNS:
        return None
    points, owner = _PRONOUNS[word.lower]
    if word.lower == "it's" and (following is None or following.label != "noun"):
        return None  # "it is"
    gender = {"she": "she", "he": "he", "him": "he", "his": "he"}.get(word.lower, "")
    return Reference(points, word.start, word.end, owner=owner, gender=gender)


def _stands_for_nothing(words: Sequence[Word], at: int) -> bool:
    """Whether "it" points to nothing: "how long does it take to ...", "is it true that ..."."""
    rest = [word.lower for word in words[at + 1 : at + 8]]
    if rest[:1] in (["take"], ["takes"]) and "to" in rest:
        return True
    before = words[at - 1].lower if at else ""
    if before in BE and rest[:1] and rest[0] in _HAPPENS_TO_BE:
        return True
    return bool(rest) and rest[0] in BE and any(word in _HAPPENS_TO_BE for word in rest[1:2])


def _is_pro_noun(question: Question, at: int) -> bool:
    """Whether "one" stands in the place of a noun."""
    following = question.words[at + 1] if at + 1 < len(question.words) else None
    return following is None or (following.label not in ("noun", "adv") and following.lower != "of")


def without_noun(question: Question) -> Iterator[Reference]:
    """Where a noun is missing: "the largest" without "shark"."""
    for phrase in question.phrases:
        last = phrase.core.split()[-1].lower()
        if phrase.determiner == "the" and (last in _ORDINALS or last.endswith("est")):
            yield Reference("noun", phrase.core_end, phrase.core_end)


def _adverb(question: Question, at: int) -> Reference | None:
    words = question.words
    word, before = words[at], words[at - 1] if at else None
    following = words[at + 1] if at + 1 < len(words) else None
    if word.lower == "there" and at:
        exists = (before is not None and before.lower in BE) or (
            following is not None and following.lower in BE
        )
        last = following is None or following.label == "mark"
        if exists and not (last and question.verbs):
            return None
        return Reference("place", word.start, word.end, adverb=True)
    if word.lower == "then" and at and not any(w.lower == "if" for w in words):
        return Reference("time", word.start, word.end, adverb=True)
    return None


def _demonstrative(question: Question, at: int) -> Reference | None:
    """A phrase such as "that fire" or "those villages", or "that" alone."""
    word = question.words[at]
    following = question.words[at + 1] if at + 1 < len(question.words) else None
    if word.lower not in DEMONSTRATIVES:
        return None
    if following and following.label == "verb" and base_form(following.lower) is not None:
        return None  # "the family that lost its house"
    phrase = next((p for p in question.phrases if p.start == word.start), None)
    if phrase:
        if at and word.lower == "that" and question.words[at - 1].label in ("noun", "conj"):
            return None  # "the charger that firemen found"
        points = _DEMONSTRATIVE_OF.get(phrase.kind, "any")
        adverb = phrase.head in TIME_NOUNS and not phrase.preposition
        return Reference(points, phrase.start, phrase.core_end, head=phrase.head, adverb=adverb)
    before = question.words[at - 1] if at else None
    if before is None or before.label not in ("aux", "verb", "prep", "adv"):
        return None
    if before.lower in ("before", "after") or (before.label == "adv" and following):
        if following and following.label != "mark":
            return None  # "is it true that she left"
        if before.label == "prep":
            return None  # "before that" says enough
    return Reference("any", word.start, word.end)


def _answered_within(
    question: Question, at: int, reference: Reference, found: Sequence[Reference]
) -> bool:
    """Whether the words point to something in the question itself.

    A second "she" is the first. An owner may be named in the same clause ("Which
    church lost its tower?"), another only in one before it ("Why did Ann say she
    left?"), since a verb's object is not its own subject.
    """
    if any(other.points == reference.points and other.points in _SUITS for other in found):
        return True
    suiting = _SUITS.get(reference.points)
    if suiting is None or reference.head:
        return False
    earlier = [p for p in question.phrases if p.end <= reference.start]
    if reference.owner and _subject_asked(question) and _first_clause(question, at):
        return True
    fits = [p for p in earlier if p.kind in suiting and _agrees(p, reference)]
    return bool(fits) and (reference.owner or _clause_between(question, fits[-1].end, at))


def _subject_asked(question: Question) -> bool:
    """Whether the asking phrase is the subject: "which church lost its tower"."""
    after = question.words[question.wh.stop : question.wh.stop + 1]
    return bool(after) and after[0].label == "verb"


def _first_clause(question: Question, at: int) -> bool:
    return not any(w.lower in _NEW_CLAUSE for w in question.words[question.wh.stop : at])


def _agrees(phrase: Phrase, reference: Reference) -> bool:
    if reference.points == "many":
        return phrase.plural or phrase.kind == "group"
    return not phrase.plural and not (reference.points == "thing" and phrase.kind == "name")


def _clause_between(question: Question, start: int, at: int) -> bool:
    between = [w for w in question.words[:at] if w.start >= start]
    acts = any(word.label in ("verb", "aux") for word in between)
    begins = any(word.lower in _NEW_CLAUSE or word.text == "," for word in between)
    verbs = [word for word in between if word.label == "verb"]
    following = question.words[at + 1].label if at + 1 < len(question.words) else "mark"
    says = bool(between) and between[-1].label == "verb" and following in ("verb", "aux")
    return acts and (begins or len(verbs) > 1 or says)  # "did Ann say she left"
