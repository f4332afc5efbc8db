"""Questions that leave out what the last one said: "And the governor?", "In May?", "Why?".

The last question is asked again with the new words in the place of those they are
parallel to. Each possibility comes with a cost, how far-fetched it is.
"""

import re
from collections.abc import Iterator, Sequence

from qa.conversation import Turn
from qa.lexicon import BE, DETERMINERS, PREPOSITIONS, WH, base_form, past_form
from qa.phrases import Phrase, Question, parse, refers
from qa.references import references

OLDER = 0.8  # cost of each turn further back
LONGEST_FRAGMENT = 12  # words; what has more says what it asks
REACHES_BACK = 4  # turns that "When was that?" may be about

Reading = tuple[str, float]  # a question, and how far-fetched it is, in logits

_OPENING = re.compile(
    r"(?:(?:and|but|so|or|ok|okay|also|then|well|yes|no)\b[,\s]+)+(?=\S)", re.IGNORECASE
)
_ABOUT = re.compile(r"(?:what|how) about\s+(?:the case of\s+)?(?=\S)", re.IGNORECASE)
_ASKING_ALONE = re.compile(
    r"(?P<wh>(?:(?:by|for|from|with|to|in|at|on|of|since|until|after|before)\s+)?"
    r"(?:why|when|where|how|who|whom|what|which \w+|what \w+|"
    r"how (?:long|many|much|often|far|old|big|large|deep|tall|high|fast|soon)(?: \w+)?))"
    r"(?:\s+(?:is|was|were|did|does|has|will)\s+(?P<event>that|this)(?:\s+(?:happen|so))?)?"
    r"(?P<not>\s+not)?",
    re.IGNORECASE,
)


def opening_cut(question: str) -> str:
    """The question without "and", "but" or "so" at its beginning."""
    return _OPENING.sub("", question, count=1) if _OPENING.match(question) else question


def elliptical(question: str, turns: Sequence[Turn]) -> list[Reading] | None:
    """What a question without a verb of its own may ask for after these turns, at least one.

    None: it has a verb; an empty list: it leaves out what no earlier question gives.
    """
    words = opening_cut(question)
    about = _ABOUT.match(words)
    fragment = (words[about.end() :] if about else words).strip(" ?.!")
    alone = _ASKING_ALONE.fullmatch(fragment)
    if alone and not about and not _asks_property(alone):
        return _asked_anew(alone["wh"], turns)
    if references(parse(fragment)):
        return None
    if not about and (words == question and not _is_fragment(fragment)):
        return None
    if not about and _has_verb(fragment):
        return None
    if len(fragment.split()) > LONGEST_FRAGMENT:
        return None
    return list(_replaced(fragment, parse(turns[-1].question)))


def _asks_property(alone: re.Match[str]) -> bool:
    """Whether a thing is asked about: "how tall is that", "what was that"."""
    asking = alone["wh"].lower()
    measured = asking.startswith("how ") and asking not in ("how long", "how often")
    return bool(alone["event"]) and (measured or asking.startswith(("who", "what", "which")))


def _is_fragment(fragment: str) -> bool:
    """Whether words without "and" before them are a part of a sentence only."""
    words = fragment.lower().split()
    return bool(words) and words[0] in PREPOSITIONS | {"the"} and not _has_verb(fragment)


def _has_verb(fragment: str) -> bool:
    found = parse(fragment)
    return any(word.label in ("aux", "verb") or word.lower in WH for word in found.words)


def _replaced(fragment: str, last: Question) -> Iterator[Reading]:
    """The last question with the fragment in the place of what it is parallel to."""
    words = fragment.split()
    if words[0].lower() in PREPOSITIONS:
        yield from _replaced_adjunct(words[0], " ".join(words[1:]), last)
        return
    new = parse(fragment if words[0].lower() in DETERMINERS else f"of {fragment}").phrases
    if not new:
        return
    rated = sorted(((_unlike(new[0], old), old) for old in last.phrases), key=lambda pair: pair[0])
    for cost, old in rated[:3]:
        whole = new[0].text != new[0].core or old.text == old.core
        yield _in_place(last, old.start, old.end if whole else old.core_end, fragment), cost
    noun = last.asked_noun
    if noun and not new[0].determiner and not new[0].named:
        at = last.text.lower().index(noun.split()[0].lower())
        end = at + len(noun)
        yield _in_place(last, at, end, fragment), 0.2 if new[0].plural else 1.0


def _unlike(new: Phrase, old: Phrase) -> float:
    """How little two phrases are parallel, 0 for the most."""
    cost = 0.0 if new.kind == old.kind else 0.5 if "name" in (new.kind, old.kind) else 1.2
    cost += 0.0 if new.head == old.head else 0.4
    cost += 0.0 if bool(new.determiner) == bool(old.determiner) else 0.6
    cost += 0.0 if _only_name(new) == _only_name(old) else 0.8
    cost += 0.6 if refers(old) else 0.0
    return cost


def _only_name(phrase: Phrase) -> bool:
    words = [w for w in phrase.core.split() if w.lower() not in DETERMINERS]
    return bool(words) and all(word[0].isupper() or word[0].isdigit() for word in words)


def _replaced_adjunct(preposition: str, rest: str, last: Question) -> Iterator[Reading]:
    """The fragment instead of what has its preposition or is of its kind: "And in May?"."""
    new = parse(f"{preposition} {rest}").phrases
    kind = new[0].kind if new else "thing"
    for phrase in reversed(last.phrases):
        same = phrase.preposition == preposition.lower()
        if not phrase.preposition or not (same or phrase.kind == kind):
            continue
        start = last.text.lower().rfind(phrase.preposition, 0, phrase.start)
        text = _in_place(last, start, phrase.end, f"{preposition.lower()} {rest}")
        yield text, 0.0 if same and phrase.kind == kind else 0.5
    yield f"{last.text.rstrip(' ?.!')} {preposition.lower()} {rest}?", 1.0


def _in_place(last: Question, start: int, end: int, words: str) -> str:
    text = f"{last.text[:start]}{words}{last.text[end:]}"
    return text.rstrip(" ?.!") + "?"


def _asked_anew(wh: str, turns: Sequence[Turn]) -> list[Reading]:
    """The last questions with other asking words: "Why?" after "Who left?".

    Something that happened is meant before something that is.
    """
    asking = f"{wh[0].upper()}{wh[1:]}"
    found: list[Reading] = []
    for age, turn in enumerate(reversed(turns[-REACHES_BACK:])):
        question = parse(turn.question)
        if question.asking.endswith(wh.lower()) and turn.answer and wh.lower() == "where":
            found.append((f"Where is {turn.answer}?", age * OLDER))
        elif question.verbs or question.asking.startswith(("where", "when", "why")):
            clause = statement(question, turn)
            if clause:
                found.append((f"{asking} {clause}?", age * OLDER))
    return found


def statement(question: Question, turn: Turn) -> str | None:
    """What the question takes for granted, in the order it has after "why" or "when".

    "Who raised the alarm?", answered "a watchman", gives "did a watchman raise
    the alarm"; None where the question is of no known form.
    """
    words = question.words
    rest_at = question.wh.stop
    if not question.wh or rest_at >= len(words):
        whole = question.text.rstrip(" ?.!")
        return whole[:1].lower() + whole[1:] if words and words[0].label == "aux" else None
    rest = question.text[words[rest_at].start :].rstrip(" ?.!")
    subject = _subject(question, turn)
    if words[rest_at].label == "aux":
        following = words[rest_at + 1].label if rest_at + 1 < len(words) else "mark"
        if following in ("noun", "det", "pron") and not _asks_subject(question):
            return _with_object(question, words[rest_at].start)
        aux, _, behind = rest.partition(" ")
        return f"{aux} {subject} {behind}" if subject else None
    if words[rest_at].label != "verb" or not subject:
        return None
    verb, _, behind = rest.partition(" ")
    base = base_form(verb.lower())
    if base and base != verb.lower():
        return f"did {subject} {base} {behind}".strip()
    return f"does {subject} {verb} {behind}".strip()


def _asks_subject(question: Question) -> bool:
    """Whether who does it is what is asked: "which captain was sent off"."""
    words, at = question.words, question.wh.stop
    return bool(question.asked_noun) and words[at].lower in BE and words[at + 1].label == "verb"


def _with_object(question: Question, start: int) -> str:
    """The question from there on, with what it counts or chooses behind its verb.

    "How many books did staff carry upstairs" gives "did staff carry books upstairs".
    """
    text = question.text.rstrip(" ?.!")
    verb = next((word for word in question.verbs if word.start >= start), None)
    asks_object = question.words[question.wh.start].lower in ("how", "what", "which")
    counted = question.asking.startswith(("how many", "how much", "what", "which"))
    if not (asks_object and counted and question.asked_noun and verb):
        return text[start:]
    return f"{text[start : verb.end]} {question.asked_noun}{text[verb.end :]}"


def _subject(question: Question, turn: Turn) -> str:
    """What stands in the place of the asking words."""
    if question.asking.startswith(("how many", "how much")):
        return f"the {question.asked_noun}" if question.asked_noun else ""
    if turn.answer and len(turn.answer.split()) <= 8:
        return turn.answer.strip(" .,")
    noun = question.asked_noun
    return f"the {noun}" if noun else ""


def time_clause(question: Question) -> str | None:
    """The clause "when the mill closed" of "When did the mill close?"; None of another form."""
    words, at = question.words, question.wh.stop
    if not question.asking.startswith("when") or at >= len(words) or words[at].lower != "did":
        return None
    verb = next((word for word in words if word.label == "verb"), None)
    if verb is None or verb.start < words[at].end:
        return None
    subject = question.text[words[at].end : verb.start].strip()
    rest = question.text[verb.end :].rstrip(" ?.!")
    return f"when {subject} {past_form(verb.lower)}{rest}"
