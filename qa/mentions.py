"""What a conversation has spoken of, and so what "she", "it" or "there" may mean.

From each turn: its answer, the noun phrases of its question, and the names in the
sentences the answer stands in. A cost says how far-fetched each is; the kinds of
pronoun are told apart by what they can stand for (person, group, place, time, thing).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.conversation import Turn
from qa.lexicon import (
    BE,
    DETERMINERS,
    GROUP_NOUNS,
    NUMBERS,
    PREPOSITIONS,
    RELATIONAL,
    is_plural,
    singular,
)
from qa.phrases import CALENDAR, Kind, Phrase, Question, parse, refers

OLDER = 1.2  # cost of each turn further back
IN_SENTENCE = 1.5  # of a name that only a cited sentence holds
LATER_PHRASE = 0.3  # of each phrase further back in a question
OF_PROPERTY = 0.9  # of "the advantages of the mill": what goes on is mostly about the mill
LESS_SURE = 0.9  # of each answer that was less sure than the one before
UNLIKELY = 2.5  # of a person with a number in the name
AGAIN = 0.4  # taken off for what two turns spoke of: it is likely to stay the topic
MAX_ANSWER_WORDS = 8  # a longer answer is a statement and names nothing

_NAME = re.compile(r"[A-Z][\w’'-]*(?: (?:[A-Z][\w’'-]*|of|de|al|bin|van)){0,4}(?<! of)(?<! de)")
_ABSTRACT = ("tion", "sion", "ment", "ness", "ance", "ence", "ity", "ship", "sis", "age")
_BEGINS_STATEMENT = PREPOSITIONS - {"near"} | {"it", "he", "she", "they", "there", "because"}

# What each class of pronoun can stand for, with the cost of it.
_FITS: dict[str, dict[Kind, float]] = {
    "person": {"person": 0.0, "name": 0.7, "group": 1.5},
    "thing": {"thing": 0.0, "group": 0.2, "name": 0.3, "place": 0.3},
    "many": {"group": 0.2, "thing": 0.0, "person": 0.0, "name": 0.6, "place": 2.0},
    "place": {"place": 0.0, "name": 1.0, "thing": 1.5},
    "time": {"time": 0.0},
    "any": {"thing": 0.0, "group": 0.0, "person": 0.0, "name": 0.0, "place": 0.3},
}


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that was spoken of."""

    text: str
    kind: Kind
    plural: bool
    head: str  # its noun, singular and in lower case
    cost: float  # how far-fetched it is to mean it, in logits
    is_answer: bool = False
    is_counted: bool = False  # what "how many" asked for


def mentions(turns: Sequence[Turn]) -> list[Mention]:
    """All that was spoken of, of each thing the likeliest mention, the likeliest first."""
    found: dict[str, Mention] = {}
    said: Counter[str] = Counter()
    for age, turn in enumerate(reversed(turns)):
        in_turn = set()
        for mention in _of_turn(turn):
            key = mention.text.lower().removeprefix("the ")
            aged = replace(mention, cost=mention.cost + OLDER * age)
            if key not in found or aged.cost < found[key].cost:
                found[key] = aged
            in_turn.add(key)
        said.update(in_turn)
    again = (replace(m, cost=m.cost - AGAIN) if said[key] > 1 else m for key, m in found.items())
    return sorted(again, key=lambda mention: mention.cost)


def fitting(spoken_of: Sequence[Mention], pronoun: str) -> list[Mention]:
    """Those that this class of pronoun can stand for, their cost raised by how well it fits."""
    found = []
    for mention in spoken_of:
        cost = _FITS[pronoun].get(mention.kind)
        if cost is None or (pronoun == "person" and mention.plural):
            continue
        if pronoun == "many" and mention.is_counted and not mention.plural:
            continue
        if pronoun in ("thing", "place") and mention.plural:
            cost += 1.0 if pronoun == "thing" else 2.0  # "there" is one place
        if pronoun == "many" and mention.plural:
            cost = min(cost, 0.3)
        elif pronoun == "many" and mention.kind != "group":
            cost += 1.0 if mention.kind == "name" else 2.0
        found.append(replace(mention, cost=mention.cost + cost))
    return sorted(found, key=lambda mention: mention.cost)


def definite(text: str) -> str:
    """The words as they are taken up again: "a storm" becomes "the storm"."""
    text = re.sub(r"^(?:an?|some)\s+", "the ", text, flags=re.IGNORECASE)
    return re.sub(r"^The\b", "the", text)


def _of_turn(turn: Turn) -> Iterator[Mention]:
    question = parse(turn.question)
    answer = _answer(turn.answer, question)
    if answer:
        yield answer
    for at, other in enumerate(turn.others, start=1):
        less_sure = _answer(other, question)
        if less_sure and other not in turn.answer:
            least = 0.0 if answer else 0.5
            yield replace(less_sure, cost=less_sure.cost + LESS_SURE * at - least)
    asked = _asked(question, answered=answer is not None)
    if asked:
        yield asked
    yield from _of_phrases(question, answered=answer is not None)
    for sentence in turn.sentences:
        yield from _names(sentence)


def _of_phrases(question: Question, *, answered: bool) -> Iterator[Mention]:
    """What the question's own phrases name, the earlier the likelier."""
    cost = 0.3
    for at, phrase in enumerate(question.phrases):
        if refers(phrase):
            continue
        owner = _owner(phrase)
        if owner:
            yield replace(owner, cost=cost)
        alone = not owner and phrase.text == phrase.core
        property_of = phrase.head in RELATIONAL if alone else _names_property(phrase)
        if not _light(phrase):
            same = answered and at < 2 and _is_answer(question, phrase)
            far = (OF_PROPERTY if property_of else 0.0) + (LESS_SURE if same else 0.0)
            name = definite(phrase.text)
            yield Mention(name, phrase.kind, phrase.plural, phrase.head, cost + far)
        if not property_of:
            cost += LATER_PHRASE


def _is_answer(question: Question, phrase: Phrase) -> bool:
    """Whether the phrase and the answer are one: "who is the mayor", "the name of the mayor"."""
    if _says_who(question, phrase):
        return False
    before = [word.lower for word in question.words if word.end <= phrase.start]
    return len(before) <= question.wh.stop + 4 and (
        (before[:1] == ["who"] and before[-1] in BE) or before[-2:] == ["name", "of"]
    )


def _says_who(question: Question, phrase: Phrase) -> bool:
    """Whether a name is what the question is about: "who is Ilse Corbant"."""
    return question.asking == "who" and not question.verbs and phrase.text.split()[0].istitle()


def _answer(given: str, question: Question) -> Mention | None:
    """An answer, if it names something."""
    text = given.strip(" .,;:“”\"'")
    words = text.split()
    if not words or len(words) > MAX_ANSWER_WORDS or not question.wh:
        return None
    asked, noun = question.asking, question.asked_noun
    heads = [p.head for p in parse(f"the {text}").phrases] or [words[-1].lower()]
    if asked.startswith("when") or noun in ("year", "day", "month", "date"):
        return Mention(_without_preposition(text), "time", False, heads[0], 0.0, is_answer=True)
    if asked.startswith("where"):
        return Mention(_without_preposition(text), "place", False, heads[0], 0.0, is_answer=True)
    if (
        asked.startswith("how")
        or text[0] in "0123456789$£€"
        or words[0].lower() in _BEGINS_STATEMENT
    ):
        return None
    kind, plural, cost = _asked_kind(question, text)
    if plural and text[0].islower() and words[0].lower() not in DETERMINERS - NUMBERS:
        text = f"the {text}"
    return Mention(definite(text), kind, plural, heads[-1], cost, is_answer=True)


def _asked_kind(question: Question, text: str) -> tuple[Kind, bool, float]:
    """The kind that the question asks for, whether it is many, and the cost of meaning it."""
    plural = " and " in text or is_plural(text.split()[-1])
    if question.asking.startswith(("who", "whom")):
        if text[0].islower() and question.phrases and _says_who(question, question.phrases[0]):
            return "person", plural, UNLIKELY
        if text.lower().startswith("the ") or text.split()[-1].lower() in GROUP_NOUNS:
            return "group", plural, 0.0
        return "person", plural, UNLIKELY if any(c.isdigit() for c in text) else 0.0
    asked = parse(f"the {question.asked_noun or text}").phrases
    kind: Kind = asked[0].kind if asked else "thing"
    name_of = [p for p in question.phrases if p.head == "name" and p.text != p.core]
    if name_of:
        named = parse(name_of[0].text[len(name_of[0].core) :].split(" of ", 1)[-1]).phrases
        kind = named[0].kind if named else kind
    plural = plural or (bool(asked) and asked[0].plural)
    # What is asked for by its noun is what is spoken of; a bare "what" may be about anything.
    return kind, plural, 0.0 if question.asked_noun or name_of else 0.4


def _asked(question: Question, *, answered: bool) -> Mention | None:
    """What was counted or looked for: "reindeer" in "how many reindeer".

    What was looked for and not found is described: "the bird that lives in the mill".
    """
    noun = question.asked_noun
    if question.asking == "who":
        described = _description(question).replace(" that ", " who ", 1)
        person = Mention(f"the person{described}", "person", False, "person", 1.2)
        return person if described else None
    if not noun:
        return None
    counted = question.asking.startswith(("how many", "how much"))
    if not counted and answered:
        return None
    head = singular(noun.split(" of ")[0].split()[-1])
    kind = parse(f"the {noun}").phrases
    plural = is_plural(noun.split(" of ")[0].split()[-1])
    described = "" if counted or question.asking.startswith("how") else _description(question)
    return Mention(
        f"the {noun}{described}",
        kind[0].kind if kind else "thing",
        plural,
        head,
        0.3,
        is_counted=counted,
    )


def _description(question: Question) -> str:
    """What a question says of its subject: " that lives in the mill"; empty if it asks of more."""
    rest = question.words[question.wh.stop :]
    subject = len(rest) > 1 and (
        rest[0].label == "verb" or (rest[0].label == "aux" and rest[1].label in ("verb", "prep"))
    )
    return f" that {question.text[rest[0].start :].rstrip(' ?.!')}" if subject else ""


def _owner(phrase: Phrase) -> Mention | None:
    """The owner that the phrase begins with: "the mill" in "the mill's roof"."""
    match = re.match(r"(.{2,}?)(?:['’]s|(?<=s)['’])\s", phrase.core)
    if match is None:
        return None
    found = parse(f"of {match[1]}").phrases
    if not found:
        return None
    return Mention(definite(match[1]), found[0].kind, found[0].plural, found[0].head, 0.0)


def _names_property(phrase: Phrase) -> bool:
    """Whether its noun is a part or property of something, as its form or meaning shows.

    "A full charge of the Tolm battery" is one of many, and what is spoken of the battery.
    """
    one_of_many = phrase.determiner in ("a", "an") and f"{phrase.core} of " in phrase.text
    return one_of_many or phrase.head in RELATIONAL or phrase.head.endswith(_ABSTRACT)


def _light(phrase: Phrase) -> bool:
    """Whether the phrase only leads to another: "the name of the reindeer"."""
    return phrase.text != phrase.core and phrase.head in ("name", "kind", "type", "number", "most")


def _without_preposition(text: str) -> str:
    first, _, rest = text.partition(" ")
    return rest if first.lower() in PREPOSITIONS and rest else text


def _names(sentence: str) -> Iterator[Mention]:
    """The names in a sentence, those after "in" or "at" as places."""
    for match in _NAME.finditer(sentence):
        if match[0].lower() in CALENDAR:
            continue
        text, before = match[0], sentence[: match.start()].split()[-1:]
        if match.start() == 0 and " " not in text:
            continue  # any word may begin a sentence
        located = bool(before) and before[0].lower() in ("in", "at", "near", "from", "of")
        kind: Kind = "place" if located else "person" if " " in text else "name"
        yield Mention(text, kind, False, text.split()[-1].lower(), IN_SENTENCE)
