"""A follow-up question made to stand alone: "And where was that?" -> what may be meant.

Rules make a handful of readings from what the conversation has spoken of, each with a
cost in logits; `best_supported` lets the articles decide between them. A question that
stands alone is its own only reading.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from qa.conversation import Turn
from qa.ellipsis import elliptical, opening_cut, time_clause
from qa.lexicon import FEMALE, MALE, PLACE_NOUNS, POSSESSIVES
from qa.mentions import Mention, definite, fitting, mentions
from qa.phrases import Phrase, Question, parse
from qa.question import MAX_CHARACTERS
from qa.references import Reference, references, unmodified, without_noun

MAX_READINGS = 4  # that are searched for and read; each costs a search and a few passages
MAX_EACH = 3  # things that one pronoun may mean
AS_TYPED = 0.7  # cost of leaving a question that lacks something as it is
MAX_GAP = 1.5  # a reading that is so much more far-fetched than the first is not weighed
COST = 2.0  # logits of support that a cost of 1 takes
CONTINUES = 1.0  # logits that an answer in an article of the turns before is worth
LEAST_CONFIDENCE = 1e-4  # below it readings are not told apart by their answers
FAR_FETCHED = 1.2  # a cost above which a question is as likely meant as it is typed
SHORT = 9  # words up to which a question without any name may lack one

_AT = ("station", "port", "airport", "post", "outpost", "checkpoint")  # not in them
_POSSESSIVE_WORDS = 4  # a longer owner stands behind: "the owner of the old mill at the river"


@dataclass(frozen=True, slots=True)
class Reading:
    """A question that stands alone, and how far-fetched it is to hear it so."""

    question: str
    cost: float = 0.0  # in logits


@dataclass(frozen=True, slots=True)
class Support:
    """What the articles say to a reading."""

    confidence: float  # probability that its best answer is right
    continues: bool = False  # the answer stands in an article of the turns before


def readings(question: str, turns: Sequence[Turn]) -> tuple[Reading, ...]:
    """What the question may mean after these turns, the likeliest first; at most `MAX_READINGS`.

    Exactly the question itself where it stands alone or nothing was said before.
    """
    asked = Reading(question)
    if not turns or not any(word.label != "mark" for word in parse(question).words):
        return (asked,)
    short = elliptical(question, turns)
    if short is not None:
        found = [Reading(text, cost) for text, cost in short]
    else:
        found = list(_resolved(question, turns))
    least = min((reading.cost for reading in found), default=0.0)
    if not found or least > FAR_FETCHED:
        found.append(Reading(question, least + AS_TYPED))
    return _likeliest([r for r in found if len(r.question) <= MAX_CHARACTERS]) or (asked,)


def best_supported(found: Sequence[Reading], support: Sequence[Support]) -> Reading:
    """The reading whose answer is the likeliest, its cost counted against it; ties keep order.

    support: of each reading. What was spoken of is mostly still spoken of, so
    an answer in the articles of the last turns is worth `CONTINUES`.
    """

    def weight(at: int) -> float:
        sure = min(max(support[at].confidence, LEAST_CONFIDENCE), 1 - LEAST_CONFIDENCE)
        bonus = CONTINUES if support[at].continues else 0.0
        return math.log(sure / (1 - sure)) + bonus - COST * found[at].cost

    return found[max(range(len(found)), key=weight)]


def _likeliest(found: Sequence[Reading]) -> tuple[Reading, ...]:
    kept: dict[str, Reading] = {}
    for reading in sorted(found, key=lambda reading: reading.cost):
        kept.setdefault(reading.question.lower(), reading)
    likely = list(kept.values())[:MAX_READINGS]
    return tuple(r for r in likely if r.cost <= likely[0].cost + MAX_GAP)


def _resolved(question: str, turns: Sequence[Turn]) -> Iterator[Reading]:
    """The question with what it points to named."""
    cut = opening_cut(question)
    text = _with_counted(_capital(cut), turns[-1]) if cut != question else question
    text = _with_verb(_with_counted(text, turns[-1]))
    parsed = parse(text)
    spoken_of = [m for m in mentions(turns) if m.text.lower() not in text.lower()]
    pointing = [*references(parsed), *_taken_up(parsed, spoken_of), *without_noun(parsed)]
    if pointing:
        yield from _named(parsed, pointing, spoken_of, turns)
    elif _lacks_something(parsed, continued=cut != question):
        yield Reading(text, AS_TYPED)
        yield from _completed(parsed, spoken_of)
    else:
        yield Reading(text)


def _with_counted(text: str, last: Turn) -> str:
    """The question with what the last one counted, where it says only "how many were hurt"."""
    match = re.match(
        r"(how many)(?=\s+(?:is|are|was|were|have|has|had|did|do|[a-z]+ed)\b)", text, re.I
    )
    noun = parse(last.question).asked_noun if match else ""
    if not match or not noun or not parse(last.question).asking.startswith("how many"):
        return text
    return f"{match[1]} {noun}{text[match.end() :]}"


def _with_verb(text: str) -> str:
    """A question that is only a thing and its owner, "its price", as "What is its price"."""
    words = parse(text).words
    owned = bool(words) and words[0].lower in POSSESSIVES
    if not owned or any(word.label in ("aux", "verb", "wh") for word in words):
        return text
    return f"What is {text[:1].lower()}{text[1:]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(
    question: Question,
    pointing: Sequence[Reference],
    spoken_of: Sequence[Mention],
    turns: Sequence[Turn],
) -> Iterator[Reading]:
    """Every combination of what the words may mean."""
    possible = [_meanings(reference, spoken_of, turns) for reference in pointing]
    known = [(r, m) for r, m in zip(pointing, possible, strict=True) if m]
    if not known:
        yield Reading(question.text)
        return
    for meant in product(*(meanings[:MAX_EACH] for _, meanings in known)):
        if len({mention.text for mention in meant}) < len(meant):
            continue
        text = question.text
        for (reference, _), mention in sorted(
            zip(known, meant, strict=True), key=lambda pair: -pair[0][0].start
        ):
            text = _put(text, question, reference, mention)
        yield Reading(_capital(text), sum(mention.cost for mention in meant))


def _meanings(
    reference: Reference, spoken_of: Sequence[Mention], turns: Sequence[Turn]
) -> list[Mention]:
    """What these words may mean, the likeliest first."""
    if reference.points == "noun":
        return [replace(m, text=m.head) for m in fitting(spoken_of, "any") if m.head in m.text]
    found = fitting(spoken_of, reference.points)
    if reference.points == "any" and not reference.head:  # "that" alone is no person
        found = [m for m in found if m.kind != "person" and not m.is_counted]
    if reference.head:
        same = [m for m in spoken_of if m.head == reference.head]
        nearest = min((m.cost for m in same), default=0.0)
        found = [replace(m, cost=m.cost - nearest) for m in same] or found
    if reference.points == "time" and reference.adverb and not reference.head:
        clause = time_clause(parse(turns[-1].question))
        if clause:
            found.append(Mention(clause, "time", False, "", 0.3))
    return sorted(
        (replace(m, cost=m.cost + _other_gender(reference, m)) for m in found),
        key=lambda m: m.cost,
    )


def _other_gender(reference: Reference, mention: Mention) -> float:
    """A cost where the mention's own words show another gender than the pronoun."""
    words = set(mention.text.lower().split())
    other = {"she": MALE, "he": FEMALE}.get(reference.gender, frozenset())
    return 2.0 if words & other else 0.0


def _put(text: str, question: Question, reference: Reference, mention: Mention) -> str:
    """The text with the mention in the place of the words that point to it."""
    before, after = text[: reference.start], text[reference.end :]
    words = mention.text
    if reference.head and words.lower().endswith(reference.head):
        # "the lamps" stays many where "the Lanternfish lamp" was spoken of.
        noun = text[: reference.end].split()[-1]
        if not words.lower().endswith(noun.lower()):
            words = words[: -len(reference.head)] + noun
    if reference.owner:
        return _owned(before, after, question, reference, words)
    if reference.start == reference.end:
        words = f" {words}"
    elif reference.adverb:
        words = _with_preposition(mention)
    return f"{before}{words}{after}"


def _owned(before: str, after: str, question: Question, reference: Reference, owner: str) -> str:
    phrase = next((p for p in question.phrases if p.start == reference.start), None)
    if phrase is None or (len(owner.split()) <= _POSSESSIVE_WORDS and " of " not in owner):
        mark = "'" if owner.endswith("s") else "'s"
        return f"{before}{owner}{mark}{after}"
    length = phrase.core_end - reference.end
    return f"{before}the{after[:length]} of {owner}{after[length:]}"


def _with_preposition(mention: Mention) -> str:
    if mention.text.startswith("when "):
        return mention.text
    if mention.head in ("street", "road", "square"):
        return f"on {mention.text}"
    if mention.kind == "place" and mention.head not in _AT:
        return f"in {mention.text}"
    if mention.kind == "time":
        return f"in {mention.text}" if mention.text[-4:].isdigit() else mention.text
    return f"at {mention.text}"


def _taken_up(question: Question, spoken_of: Sequence[Mention]) -> Iterator[Reference]:
    """What names less than was said before: "the union" after "the Ferry Workers' Union"."""
    for phrase in unmodified(question):
        if any(m.head == phrase.head and len(m.text) > len(phrase.text) for m in spoken_of):
            yield Reference("any", phrase.start, phrase.core_end, head=phrase.head)


def _lacks_something(question: Question, *, continued: bool) -> bool:
    """Whether a name is missing: "Who was the referee?", "How many people died?".

    continued: it began with "and" or "but", so that it hardly begins anything new.
    """
    words = [word for word in question.words if word.label != "mark"]
    if len(words) > SHORT or any(p.named for p in question.phrases):
        return False
    if any(word.lower in ("you", "i", "we", "me") for word in words):
        return False
    exists = any(word.lower == "there" for word in words) and all(
        phrase.text == phrase.core and not phrase.preposition for phrase in question.phrases
    )
    return continued or exists or not question.phrases or any(True for _ in unmodified(question))


def _completed(question: Question, spoken_of: Sequence[Mention]) -> Iterator[Reading]:
    """The question with what it may be about added."""
    about = [m for m in fitting(spoken_of, "any") if m.kind != "time" and not m.is_counted]
    topics = sorted(
        (replace(m, cost=m.cost + _seldom_a_topic(m)) for m in about), key=lambda m: m.cost
    )
    lacking = list(unmodified(question))
    for topic in topics[:MAX_EACH]:
        yield Reading(_added(question, lacking, topic), topic.cost)


def _seldom_a_topic(mention: Mention) -> float:
    """A cost for answers, which are more often news than the topic, and for what has no name."""
    named = any(char.isupper() for char in mention.text)
    person = 0.5 if mention.kind == "person" else 0.0
    return (0.0 if named else 0.3) + (0.5 if mention.is_answer else 0.0) + person


def _added(question: Question, lacking: Sequence[Phrase], topic: Mention) -> str:
    text = question.text.rstrip(" ?.!")
    at = lacking[-1].end if lacking else len(text)
    preposition = "of" if lacking else "in"
    if topic.kind == "place" or topic.head in PLACE_NOUNS:
        preposition = "in"
    return f"{text[:at]} {preposition} {definite(topic.text)}{text[at:]}?"
