"""Numbers of nearly one size in articles on one event, said where the reader found no answer.

A reader marks what answers a question as it is put. Another article says it in words that the
reader does not know again ("households" for homes), and then its number is missed. But where two
articles tell of one event, the same amount in both is hardly ever of two things; and one of
nearly that size, in a sentence that is like the question and like the answer's own, is another
count of the same. Pure, as `qa.agreement`.
"""

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.types import Hit
from qa.answer import Candidate
from qa.asked import Asked, sentence_of
from qa.numbers import find_numbers
from qa.quantities import Quantity, read_quantity, says
from qa.readings import Reading, same_state
from qa.same_event import LEAST_NAMES, Likeness, alike, date_places, shared_names
from qa.types import Span
from qa.units import with_unit

LEAST_COUNT = 30  # a smaller count stands in an article for many things
NEAR_COUNT = 1.2  # times by which two counts of the same thing differ at most
NEAR_AMOUNT = 1.3  # the same for amounts with a unit: fewer other things have that unit

_CORRECTED = re.compile(
    r"\b(?:numbers?|figures?|toll|total|tally|(?:re)?count(?:s|ed)?|estimates?|attendance)\b.*"
    r"\b(?:now|again|corrected|revised|amended|updated|in fact)\b"
    r"|\b(?:now|again|corrected|revised|amended|updated|in fact)\b.*"
    r"\b(?:numbers?|figures?|toll|total|tally|(?:re)?count(?:s|ed)?|estimates?|attendance)\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A number in a passage, and how it stands to the answer's."""

    reading: Reading
    value: Quantity
    relation: Literal["same", "near", "bare"]  # bare: the same, but its unit is left out

    @property
    def sentence(self) -> str:
        """What it stands in."""
        return sentence_of(self.reading.candidate)

    @property
    def corrects(self) -> bool:
        """Whether it is said to be a new count."""
        return bool(_CORRECTED.search(self.sentence))


def near_numbers(
    question: str,
    best: Reading,
    hits: Sequence[Hit],
    asked: Asked,
    *,
    likeness: Likeness,
    heard: Collection[str] = (),
    offered: Iterable[Candidate] = (),
    voice_of: Callable[[str], str] = str,
) -> list[Reading]:
    """Of each other voice the number that is the answer's, or another one for the same thing.

    heard: the voices that the reader found an answer of; of these only a number by which they
    correct the answer's. offered: the spans that the reader offered: where one lies over a
    number, it is taken; else there is no evidence (minus infinity).
    """
    if not isinstance(best.value, Quantity) or not asked.short:
        return []
    own = _Found(best, best.value, "same")
    answer = _Answer(question, own, asked.text_of(best.article), likeness)
    by_voice: dict[str, list[_Found]] = {}
    for hit in hits:
        voice = voice_of(hit.passage.article_id)
        if voice == voice_of(best.article):
            continue
        for found in _numbers(own, hit, asked):
            names = shared_names(answer.article, asked.text_of(hit.passage.article_id))
            if answer.may_be_of(found, names=len(names)):
                by_voice.setdefault(voice, []).append(found)
    chosen = (_chosen(found, answer, heard=voice in heard) for voice, found in by_voice.items())
    return [_as_offered(reading, offered) for reading in chosen if reading]


@dataclass(frozen=True, slots=True)
class _Answer:
    """The best answer, and what tells whether a number elsewhere is of the same thing."""

    question: str
    own: _Found
    article: str  # the text of the article that it stands in
    likeness: Likeness

    def may_be_of(self, other: _Found, *, names: int) -> bool:
        """Whether the number may be of the same thing; names: how many both articles name."""
        if names >= LEAST_NAMES and _tells(self.own.value):
            return True
        if (
            other.relation != "same"
            or not names
            or not alike(self.question, self.own.reading, other.reading, self.likeness)
        ):
            return False
        return _tells(self.own.value) or (
            names >= LEAST_NAMES and other.value.core == self.own.value.core
        )

    def may_differ(self, other: _Found) -> bool:
        """Whether another number of nearly that size is likely of the same thing."""
        if says(self.article, other.value):  # it is not, unless the answer corrects it
            return self.own.corrects
        return alike(self.question, self.own.reading, other.reading, self.likeness)


def _tells(value: Quantity) -> bool:
    """Whether it is large enough, or has a unit, so that it stands for few things."""
    if value.dimension == "count":
        return value.core[0] >= LEAST_COUNT
    return value.dimension not in ("ordinal", "time")


def _numbers(own: _Found, hit: Hit, asked: Asked) -> Iterator[_Found]:
    """The passage's numbers that agree with the answer's or are near it."""
    text = hit.passage.text
    dates = date_places(text)
    for number in find_numbers(text):
        value = read_quantity(text, number.start, number.end)
        if value is None or number.start in dates or not (how := _how(own.value, value)):
            continue
        start, end = with_unit(text, number.start, number.end)
        place = Candidate(hit, Span(start, end, -math.inf, 0.0), -math.inf)
        found = _Found(Reading(place, value), value, how)
        if same_state(own.reading, found.reading, asked):
            yield found


def _how(ours: Quantity, theirs: Quantity) -> Literal["same", "near", "bare"] | None:
    if theirs.bare and ours.dimension not in ("share", theirs.dimension):
        return "bare" if theirs.core[0] * ours.unit == ours.core[0] else None
    found = ours.relation(theirs)
    if found == "same" and ours.dimension == theirs.dimension:
        return "same"
    times = ours.times(theirs)
    if times is None:
        return None
    near = NEAR_COUNT if ours.dimension == "count" else NEAR_AMOUNT
    return "near" if found == "differs" and times <= near else None


def _chosen(found: Sequence[_Found], answer: _Answer, *, heard: bool) -> Reading | None:
    """What a voice says, if it is clear which of its numbers that is.

    heard: the reader found that it says the same; does it correct that?
    """
    near = [each for each in found if each.relation == "near"]
    told = heard or len(near) < len(found)  # the answer's own number
    if told:  # "Some said 92 per cent; the number is now 87."
        near = [each for each in near if each.corrects]
    if len({each.value.core for each in near}) == 1 and (told or answer.may_differ(near[0])):
        return near[0].reading
    same = next((each.reading for each in found if each.relation == "same"), None)
    return None if heard else same


def _as_offered(reading: Reading, offered: Iterable[Candidate]) -> Reading:
    """The same where the reader offered it, with its words and its evidence."""
    mine = reading.candidate
    for candidate in offered:
        if candidate.hit == mine.hit and (
            candidate.span.start <= mine.span.start and mine.span.end <= candidate.span.end
        ):
            return Reading(candidate, reading.value)
    return reading
