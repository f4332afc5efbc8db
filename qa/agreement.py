"""Answers of many articles to one question -> claims that agree or conflict.

A reader offers readings of every passage. Here it is decided which of them
answer the same question as the best one, and which of those say the same, by
value: "17", "Seventeen" and "at least 17" are one claim. A conflict that is
none misleads more than one that is missed, so another value counts only where
the reader might have answered with it, and a doubtful one is left out.

Pure: knows nothing of libraries or models.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.types import Hit
from qa.answer import Candidate, Pooled
from qa.asked import Asked, asked_by, named_in, sentence_of, stems_of
from qa.comparison import Comparing, Comparison
from qa.moments import Moment
from qa.near_numbers import near_numbers
from qa.quantities import Quantity
from qa.readings import (
    AnchorOf,
    Reading,
    may_count_the_same,
    reading_of,
    related,
    same_state,
)
from qa.same_event import LEAST_NAMES, Likeness, alike, all_alike, of_one_event, shared_names
from qa.types import Agreement, Citation, Claim
from qa.values import Name, Score, Words, telling

MAX_CITATIONS = 5  # of one claim
LEAST_BEST = -0.5  # margin of an answer from which on others may contradict it
LEAST_OTHER = -2.0  # that of another value: the reader may like it somewhat less than no answer
SURE_OTHER = 2.0  # margin below which it is one only in a sentence that is much alike
MUCH_ALIKE = 0.45  # cosine from which it is
LEAST_SAME = -10.0  # margin from which the same value, if a telling one, is support
LEAST_SMALL = -3.0  # the same for a small count, which may stand there for something else
FAR_BEHIND = 6.5  # logits of evidence by which another value may be weaker than the best answer
WIDE = 0.25  # of its size, from which on what an amount may stand for makes it a bound
CLEAR_LEAD = 1.0  # logits by which an article's own other value goes before one that agrees


@dataclass(frozen=True, slots=True)
class Support:
    """Readings of one value, the strongest first, at most one of each article."""

    readings: tuple[Reading, ...]
    voices: int  # how many of the articles do not copy one another

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The places it was read in."""
        return tuple(reading.candidate for reading in self.readings)

    @property
    def cited(self) -> tuple[Candidate, ...]:
        """The same places, each with no more words than answer."""
        return tuple(reading.cited for reading in self.readings)


def weigh_claims(
    question: str,
    answers: Sequence[Pooled],
    *,
    hits: Sequence[Hit] = (),
    likeness: Likeness = all_alike,
    voice_of: Callable[[str], str] = str,
    anchor_of: AnchorOf = lambda article_id: None,
    text_of: Callable[[str], str] = lambda article_id: "",
    comparison: Comparison | None = None,
) -> list[Support]:
    """The values that articles give, the best supported first; the best answer's is among them.

    answers: the strongest first. hits: passages in which numbers are looked for that the
    reader did not offer (`qa.near_numbers`). likeness: how like sentences are (`qa.same_event`).
    voice_of: article id -> what it shares with its copies. anchor_of: article id -> the day
    from which its "last week" is counted. text_of: article id -> its text; without it only the
    passages tell what an article is about. comparison: what tells of other articles on the event
    whether they answer the question too, where nothing else does.
    """
    if not answers:
        return []
    best = reading_of(question, answers[0].best, anchor_of)
    asked = replace(asked_by(question), text_of=text_of)
    readings = [
        reading
        for reading in _readings(question, best, answers, asked, anchor_of)
        if _of_one_event(best, reading, asked, names=1) or alike(question, best, reading, likeness)
        if _counts(question, best, reading, likeness)
    ]
    offered = [candidate for pooled in answers for candidate in pooled.candidates]
    agreeing = {voice_of(r.article) for r in readings if related(best, r) == "same"}
    others = {voice_of(r.article) for r in readings} - agreeing
    silent = [hit for hit in hits if voice_of(hit.passage.article_id) not in others]
    near = near_numbers(
        question,
        best,
        silent,
        asked,
        likeness=likeness,
        heard=agreeing,
        offered=offered,
        voice_of=voice_of,
    )
    speak = {voice_of(reading.article) for reading in near}
    readings = [*(r for r in readings if voice_of(r.article) not in speak), *near]
    if comparison:
        comparing = Comparing(question, best, asked, anchor_of)
        readings = [best, *comparing.not_denied(comparison.pairs, readings[1:])]
        heard = {voice_of(reading.article) for reading in readings}
        silent = [hit for hit in hits if voice_of(hit.passage.article_id) not in heard]
        readings += _besides(comparison, comparing, answers, silent)
    supports = [Support(tuple(group), _voices(group, voice_of)) for group in _grouped(readings)]
    # Only what a voice of its own says is another claim.
    first = {voice_of(reading.article) for reading in supports[0].readings}
    supports[1:] = [
        support
        for support in supports[1:]
        if any(voice_of(reading.article) not in first for reading in support.readings)
    ]
    return sorted(
        supports,
        key=lambda support: (-support.voices, -support.readings[0].candidate.evidence),
    )


def _besides(
    comparison: Comparison, comparing: Comparing, answers: Sequence[Pooled], hits: Sequence[Hit]
) -> Iterator[Reading]:
    """What each article of these hits says that tells of the best answer's event."""
    text_of = comparing.asked.text_of
    ours = text_of(comparing.best.article)
    by_article: dict[str, list[Hit]] = {}
    for hit in hits:
        by_article.setdefault(hit.passage.article_id, []).append(hit)
    on_event = (
        of_article
        for article, of_article in by_article.items()
        if shared_names(ours, text_of(article))
    )
    yield from comparing.answers_beside(comparison, answers, on_event)


def _grouped(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Readings of one value together; what neither agrees with a group nor differs is left out."""
    groups: list[list[Reading]] = []
    for reading in readings:
        relations = [related(group[0], reading) for group in groups]
        if groups and reading.beside:
            relations[0] = reading.beside
        if "same" in relations:
            groups[relations.index("same")].append(reading)
        elif reading.beside == "differs" or all(found == "differs" for found in relations):
            groups.append([reading])
    return groups


def agreement_of(
    supports: Sequence[Support], cite: Callable[[int, Candidate], Citation], *, first: int
) -> Agreement:
    """The claims with their citations, of which those of `first` are numbered from 1.

    cite: number and place -> citation. first: which support is the answer's own.
    Raises IndexError if there is no such support.
    """
    order = [first, *(n for n in range(len(supports)) if n != first)]
    cited: dict[int, tuple[Citation, ...]] = {}
    number = 1
    for n in order:
        places = supports[n].cited[:MAX_CITATIONS]
        cited[n] = tuple(cite(number + k, place) for k, place in enumerate(places))
        number += len(places)
    claims = tuple(
        Claim(cited[n][0].quote, support.voices, cited[n]) for n, support in enumerate(supports)
    )
    if len(claims) > 1:
        return Agreement("conflict", claims)
    return Agreement("agree" if claims[0].articles > 1 else "single", claims)


def _readings(
    question: str,
    best: Reading,
    answers: Sequence[Pooled],
    asked: Asked,
    anchor_of: AnchorOf,
) -> list[Reading]:
    """The best answer's reading, then of each other article the one that answers with it."""
    by_article: dict[str, list[Reading]] = {}
    for pooled in answers:
        for candidate in pooled.candidates:
            article = candidate.hit.passage.article_id
            if article != best.article:
                by_article.setdefault(article, []).append(
                    reading_of(question, candidate, anchor_of)
                )
    found = [
        chosen for readings in by_article.values() if (chosen := _chosen(best, readings, asked))
    ]
    return [best, *sorted(found, key=lambda reading: -reading.candidate.evidence)]


def _chosen(best: Reading, readings: Sequence[Reading], asked: Asked) -> Reading | None:
    """The reading of one article that answers the same question, if any does.

    The strongest that agrees, unless the reader clearly prefers another value.
    """
    ranked = sorted(readings, key=lambda reading: -reading.candidate.evidence)
    agreeing = next((r for r in ranked if supports(best, r, ranked, asked)), None)
    differing = next((r for r in ranked if rivals(best, r, asked)), None)
    if agreeing and differing and agreeing.candidate.margin < LEAST_BEST:
        lead = differing.candidate.evidence - agreeing.candidate.evidence
        return differing if lead > CLEAR_LEAD else agreeing
    return agreeing or differing


def supports(best: Reading, other: Reading, ranked: Sequence[Reading], asked: Asked) -> bool:
    """Whether it says the same, and not by chance."""
    if related(best, other) != "same" or not same_state(best, other, asked):
        return False
    if not (_of_the_same(best, other, asked) and _close_enough(best, other, asked)):
        return False
    strongest = next((r for r in ranked if isinstance(r.value, type(best.value))), other)
    by_chance = isinstance(best.value, Words) or not (telling(best.value) or strongest is other)
    return other.candidate.margin >= (LEAST_SMALL if by_chance else LEAST_SAME)


def _of_the_same(best: Reading, other: Reading, asked: Asked) -> bool:
    """Whether its article names what the question names and the best answer's article does."""
    ours, theirs = (asked.text_of(r.article) + r.candidate.hit.passage.text for r in (best, other))
    return named_in(ours, asked) <= named_in(theirs, asked)


def _close_enough(best: Reading, other: Reading, asked: Asked) -> bool:
    """Whether amounts that only a hedge brings together are of one thing by their words too.

    "At least 14" dead in one event would else agree with the 17 of another.
    """
    if not isinstance(best.value, Quantity) or not isinstance(other.value, Quantity):
        return True
    if not (_is_bound(best.value) or _is_bound(other.value)):
        return True
    if best.value.core[0] == other.value.core[0]:
        return True
    ours = asked.stems & stems_of(sentence_of(best.candidate))
    return ours <= stems_of(other.candidate.hit.passage.text)


def _is_bound(value: Quantity) -> bool:
    """Whether it only says from where or up to where: "at least 14", "up to 50"."""
    low, high = value.reach
    return high - low > WIDE * max(abs(low), abs(high))


def rivals(best: Reading, other: Reading, asked: Asked) -> bool:
    """Whether it is another value for the same thing, and one the reader might answer with."""
    return (
        (asked.short or isinstance(best.value, Score))
        and related(best, other) == "differs"
        and best.candidate.margin >= LEAST_BEST
        and other.candidate.margin >= LEAST_OTHER
        and other.candidate.evidence >= best.candidate.evidence - FAR_BEHIND
        and may_count_the_same(best.value, other.value, asked)
        and same_state(best, other, asked)
        and _about_the_same(best, other, asked)
        and _of_one_event(best, other, asked, names=LEAST_NAMES)
    )


def _counts(question: str, best: Reading, other: Reading, likeness: Likeness) -> bool:
    """Whether another value is one the reader would answer with, or put much as the answer is."""
    if other.candidate.margin >= SURE_OTHER or related(best, other) != "differs":
        return True
    return alike(question, best, other, likeness, least=MUCH_ALIKE)


def _of_one_event(best: Reading, other: Reading, asked: Asked, *, names: int) -> bool:
    """Whether their articles share so many names, as far as is known."""
    ours, theirs = (asked.text_of(reading.article) for reading in (best, other))
    return not ours or of_one_event(ours, theirs, least=names)


def _about_the_same(best: Reading, other: Reading, asked: Asked) -> bool:
    """Whether its sentence takes up the question as the best answer's does.

    Many persons and days stand in an article: for them all words are needed that
    the best sentence shares with the question. For amounts it is the names, near
    by, and what is counted, unless both count those of one state.
    """
    ours, theirs = (asked.stems & stems_of(sentence_of(r.candidate)) for r in (best, other))
    if not theirs:
        return False
    if isinstance(best.value, Name | Moment) or best.when:
        return ours <= theirs
    if ours & asked.counted and not theirs & asked.counted:
        state = other.state
        if state is None or state != best.state:
            return False
    return _named(best, asked) <= _named(other, asked)


def _named(reading: Reading, asked: Asked) -> frozenset[str]:
    """The names of the question that stand in the reading's passage, in any spelling."""
    return named_in(reading.candidate.hit.passage.text, asked)


def _voices(readings: Sequence[Reading], voice_of: Callable[[str], str]) -> int:
    return len({voice_of(reading.article) for reading in readings})
