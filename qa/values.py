"""What an answer's words say, as a value that can be compared with another's.

Pure text: knows nothing of articles or of who answers what.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from qa.moments import Moment, read_moment
from qa.numbers import find_numbers
from qa.quantities import Quantity, Relation, as_age, read_quantity
from qa.squad import normalize_answer
from qa.states import number_of_state

ALIKE = 0.75  # share of letters in order from which two spellings may be of one name
OVERLAP = 0.6  # share of the shorter text's words from which two texts say the same

_ASKED = re.compile(r"\b(?:who|whom|whose|when|what|which|where|why|how)\b", re.IGNORECASE)
_WHEN = re.compile(
    r"when|(?:what|which) (?:\w+ )?(?:time|hour|date|year|month|day|weekday|decade|century)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"who|whom", re.IGNORECASE)
_HOW_MANY = re.compile(
    r"\b(?:how (?:many|much|far|long|big|large|tall|old|high|heavy|fast|strong|deep|wide|hot|cold)"
    r"|number|toll|percentage|population|cost|price|distance|estimate|figure|size|speed|height"
    r"|weight|age|share|score|result|vote[ds]?)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\bhow many\b", re.IGNORECASE)
_AGE = re.compile(r"\bhow old\b|\bages?\b|\baged\b", re.IGNORECASE)
_SCORED = re.compile(r"\b(?:scores?|results?|votes?|voted|win|won|beat|lost|margin)\b", re.I)
_SCORE = re.compile(r"^(?:\s?[-–—:]\s?|(?: votes?| goals?| points?)? (?:to|against) )$", re.I)
_HOUR = re.compile(r"^\s*(?:in the (?:morning|afternoon|evening)|o['’]clock)", re.IGNORECASE)
_DESCRIBED = re.compile(r"\b([^\W\d_A-Z][^\W\d_]+),? ((?:[A-Z][\w'’.-]* ){1,3}[A-Z][\w'’-]*)$")
_TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady president minister mayor governor judge "
    "chancellor king queen prince princess general colonel captain sergeant lt sen rep coun "
    "councillor chief director coach commander spokesman spokeswoman the".split()
)
_SMALL = frozenset("of the de del da di la le van von der den bin ibn al el and for at y".split())
_STOP = _SMALL | frozenset(
    "a an in on to by from with was were is are be been it its he she they his her their that "
    "this which who because as had has have not no".split()
)


@dataclass(frozen=True, slots=True)
class Score:
    """What two sides got, the higher first: "8-5", "eight votes to four"."""

    high: float
    low: float

    def relation(self, other: "Score") -> Relation:
        """The same or not: a score is exact."""
        return "same" if self == other else "differs"


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name without titles, in lower-case letters without accents."""

    words: tuple[str, ...]
    person: bool  # a person is asked for: two different ones are two claims

    def relation(self, other: "Name") -> Relation:
        """Same where one is a short form or another spelling of the other.

        Places lie within places, so only persons of wholly different names differ.
        """
        short, long = sorted((self.words, other.words), key=lambda words: (len(words), words))
        if all(any(alike(word, another) for another in long) for word in short):
            return "same"
        full = len(short) > 1 and self.person and other.person
        apart = not any(alike(word, another) for word in short for another in long)
        return "differs" if full and apart else "unrelated"


@dataclass(frozen=True, slots=True)
class Words:
    """Any other text, by its telling words. It agrees or says nothing: it never differs."""

    words: frozenset[str]

    def relation(self, other: "Words") -> Relation:
        """Same where most words of the shorter stand in the longer."""
        fewer = min(len(self.words), len(other.words))
        shared = len(self.words & other.words)
        return "same" if fewer and shared / fewer >= OVERLAP else "unrelated"


Value = Quantity | Moment | Score | Name | Words


def read_value(question: str, text: str, start: int, end: int) -> Value:
    """What text[start:end] says in answer to the question, read with the words around it.

    text: the sentence. Hedges, units and currencies may stand outside the answer's own words.
    """
    words = text[start:end]
    asked = _from_question_word(question)
    if _WHEN.match(asked):
        return read_moment(text, start, end) or _words(words)
    if _SCORED.search(question) and (score := _score(text, start, end)):
        return score
    if not _WHO.match(asked) and (_counts(question) or not _is_name(words)):
        quantity = read_quantity(text, start, end) or _of_state(question, text, start, end)
        if quantity and (_counts(question) or _starts_with_number(words)):
            if _AGE.search(question):
                return as_age(quantity)
            # What is counted has no unit that could have been left out.
            return replace(quantity, bare=quantity.bare and not _COUNTED.search(question))
    if _WHO.match(asked):
        return _name(words, person=True) or _described(words) or _words(words)
    return _name(words, person=False) or _words(words)


def relation(one: Value, other: Value) -> Relation:
    """How two answers to one question stand to each other; the same both ways round."""
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        return one.relation(other)
    if isinstance(one, Moment) and isinstance(other, Moment):
        return one.relation(other)
    if isinstance(one, Score) and isinstance(other, Score):
        return one.relation(other)
    if {type(one), type(other)} == {Score, Quantity}:
        return _margin_relation(one, other)
    if isinstance(one, Name) and isinstance(other, Name):
        return one.relation(other)
    if isinstance(one, Name | Words) and isinstance(other, Name | Words):
        return _as_words(one).relation(_as_words(other))
    return "unrelated"


def _margin_relation(one: Value, other: Value) -> Relation:
    """A score beside how far the two sides were apart: "27 to 21", "by six"."""
    score, margin = (one, other) if isinstance(one, Score) else (other, one)
    assert isinstance(score, Score) and isinstance(margin, Quantity)
    low, high = margin.core
    return "same" if low <= score.high - score.low <= high else "unrelated"


def telling(value: Value) -> bool:
    """Whether two sources would hardly say it by chance, unlike a small count."""
    if isinstance(value, Quantity):
        return value.telling
    return not isinstance(value, Score)


def _of_state(question: str, text: str, start: int, end: int) -> Quantity | None:
    """Of several numbers the one that is asked for: of "23 dead and 41 missing" the missing."""
    inside = [n for n in find_numbers(text) if start <= n.start and n.end <= end]
    number = number_of_state(question, text, inside)
    return read_quantity(text, number.start, number.end) if number else None


def _from_question_word(question: str) -> str:
    """The question from its first who, when, what ... on: "On which day" is asked like "Which"."""
    match = _ASKED.search(question)
    return question[match.start() :] if match else ""


def _counts(question: str) -> bool:
    return bool(_HOW_MANY.search(question))


def _starts_with_number(words: str) -> bool:
    numbers = find_numbers(words)
    return bool(numbers) and not re.search(r"[A-Z][a-z]", words[: numbers[0].start])


def _score(text: str, start: int, end: int) -> Score | None:
    numbers = find_numbers(text)
    for one, other in pairwise(numbers):
        touched = one.start < end and start < other.end
        joined = _SCORE.match(text[one.end : other.start])
        if touched and joined and not _HOUR.match(text[other.end :]):
            return Score(max(one.low, other.low), min(one.low, other.low))
    return None


def plain(text: str) -> str:
    """The text with straight apostrophes and without accents."""
    text = text.replace("’", "'")
    if text.isascii():
        return text
    marks = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in marks if not unicodedata.combining(mark))


def _is_name(words: str) -> bool:
    """Whether all its words begin with a capital, but for titles and the small ones of names."""
    found = re.findall(r"[^\W\d_][\w'.-]*", plain(words))
    small = _SMALL | _TITLES
    return any(word[0].isupper() and word.lower() not in small for word in found) and all(
        word[0].isupper() or word.lower() in small for word in found
    )


def _name(words: str, *, person: bool) -> Name | None:
    if not _is_name(words) or re.search(r"\band\b|,|&", words):
        return None
    if person:
        words = re.split(r" (?:of|in|from|at|for) ", words)[0]  # where, not who
    found = re.findall(r"[^\W_]+", re.sub(r"'s\b", "", plain(words).lower()))
    kept = tuple(word for word in found if word not in _TITLES and word not in _SMALL)
    return Name(kept, person) if kept else None


def _described(words: str) -> Name | None:
    """A person's whole name after what the person is: "night watchman Ada Low"."""
    match = _DESCRIBED.search(words)
    # What comes after "of" is where, not who.
    return _name(match[2], person=True) if match and match[1] not in _STOP else None


def _words(words: str) -> Words:
    found = normalize_answer(plain(words)).split()
    return Words(frozenset(word for word in found if word not in _STOP) or frozenset(found))


def _as_words(value: Name | Words) -> Words:
    return Words(frozenset(value.words)) if isinstance(value, Name) else value


@lru_cache(100_000)
def alike(one: str, other: str) -> bool:
    """Whether they may be spellings of one name, or one is the other's short form."""
    short, long = sorted((one, other), key=lambda word: (len(word), word))
    if short == long or (len(short) >= 3 and long.startswith(short)):
        return True
    if len(short) == 1:
        return long.startswith(short)
    # Two bounds of what follows, which takes ten times as long: by length, and in any order.
    least = ALIKE * (len(short) + len(long))
    if 2 * len(short) < least:
        return False
    if 2 * sum(min(short.count(letter), long.count(letter)) for letter in set(short)) < least:
        return False
    return SequenceMatcher(None, short, long, autojunk=False).ratio() >= ALIKE
