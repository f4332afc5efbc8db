"""Answers of many articles to one question -> claims that agree or conflict.

A reader offers readings of every passage. Here it is decided which of them
answer the same question as the best one, and which of those say the same, by
value: "17", "Seventeen" and "at least 17" are one claim. A conflict that is
none misleads more than one that is missed, so another value counts only where
the reader would have answered with it, and a doubtful one is left out.

Pure: knows nothing of libraries or models.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.sentences import sentence_spans
from qa.answer import Candidate, Pooled
from qa.question import kind_of
from qa.types import Agreement, Citation, Claim
from qa.values import Value, Words, read_value, relation, telling

MAX_CITATIONS = 5  # of one claim
LEAST_OTHER = 0.0  # margin from which another value is a claim: better than no answer
LEAST_SAME = -10.0  # margin from which the same value, if a telling one, is support
LEAST_SMALL = -3.0  # the same for a small count, which may stand there for something else
NEAR_BEST = 12.0  # logits of margin by which another value may be worse than the best answer

_WORD = re.compile(r"[^\W_]{3,}")
_STOP = frozenset(
    "the and was were are how many much what which who whom when where why did does has have had "
    "for from with that this into after before will would been about there their his her its".split()
)
_STEM = 5  # letters by which words of one stem are told


@dataclass(frozen=True, slots=True)
class Reading:
    """What one article says in answer to the question."""

    candidate: Candidate
    value: Value


@dataclass(frozen=True, slots=True)
class Support:
    """Readings of one value, the strongest first, at most one of each article."""

    readings: tuple[Reading, ...]
    voices: int  # how many of the articles do not copy one another

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The places it was read in."""
        return tuple(reading.candidate for reading in self.readings)


def weigh_claims(
    question: str,
    answers: Sequence[Pooled],
    *,
    voice_of: Callable[[str], str] = lambda article_id: article_id,
) -> list[Support]:
    """The values that articles give, the best supported first; the best answer's is among them.

    answers: the strongest first. voice_of: article id -> what it shares with its copies.
    """
    if not answers:
        return []
    readings = _readings(question, answers)
    groups: list[list[Reading]] = []
    for reading in readings:
        relations = [relation(group[0].value, reading.value) for group in groups]
        if "same" in relations:
            groups[relations.index("same")].append(reading)
        elif all(found == "differs" for found in relations):
            groups.append([reading])
    supports = [Support(tuple(group), _voices(group, voice_of)) for group in groups]
    # Only what a voice of its own says is another claim.
    first = {voice_of(_article(reading)) for reading in supports[0].readings}
    supports[1:] = [
        support
        for support in supports[1:]
        if any(voice_of(_article(reading)) not in first for reading in support.readings)
    ]
    return sorted(
        supports,
        key=lambda support: (-support.voices, -support.readings[0].candidate.evidence),
    )


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
        places = supports[n].candidates[:MAX_CITATIONS]
        cited[n] = tuple(cite(number + k, place) for k, place in enumerate(places))
        number += len(places)
    claims = tuple(
        Claim(cited[n][0].quote, support.voices, cited[n]) for n, support in enumerate(supports)
    )
    if len(claims) > 1:
        return Agreement("conflict", claims)
    return Agreement("agree" if claims[0].articles > 1 else "single", claims)


def _readings(question: str, answers: Sequence[Pooled]) -> list[Reading]:
    """The best answer's reading, then of each other article the one that answers with it."""
    best = _read(question, answers[0].best)
    by_article: dict[str, list[Reading]] = {}
    for pooled in answers:
        for candidate in pooled.candidates:
            article = candidate.hit.passage.article_id
            if article != _article(best):
                by_article.setdefault(article, []).append(_read(question, candidate))
    asked = _stems(question)
    found = [
        chosen
        for readings in by_article.values()
        if (chosen := _chosen(best, readings, asked, open_ended=kind_of(question) != "short"))
    ]
    return [best, *sorted(found, key=lambda reading: -reading.candidate.evidence)]


def _read(question: str, candidate: Candidate) -> Reading:
    span = candidate.span
    text = candidate.hit.passage.text
    return Reading(candidate, read_value(question, text, span.start, span.end))


def _chosen(
    best: Reading, readings: Sequence[Reading], asked: frozenset[str], *, open_ended: bool
) -> Reading | None:
    """The reading of one article that answers the same question, if any does.

    Its strongest of the best answer's type; one that agrees goes before another
    that the reader does not clearly prefer.
    """
    ranked = sorted(readings, key=lambda reading: -reading.candidate.evidence)
    agreeing = next((r for r in ranked if _supports(best, r, ranked)), None)
    differing = None if open_ended else next((r for r in ranked if _rivals(best, r, asked)), None)
    if agreeing and differing:
        lead = differing.candidate.evidence - agreeing.candidate.evidence
        return differing if lead > 3.0 and agreeing.candidate.margin < 0 else agreeing
    return agreeing or differing


def _supports(best: Reading, other: Reading, ranked: Sequence[Reading]) -> bool:
    """Whether it says the same, and not by chance."""
    if relation(best.value, other.value) != "same":
        return False
    strongest = next(r for r in ranked if isinstance(r.value, type(best.value)))
    least = LEAST_SAME if telling(best.value) or strongest is other else LEAST_SMALL
    if isinstance(best.value, Words):
        least = LEAST_SMALL
    return other.candidate.margin >= least


def _rivals(best: Reading, other: Reading, asked: frozenset[str]) -> bool:
    """Whether it is another value for the same thing, and one the reader would answer with."""
    margin = other.candidate.margin
    return (
        relation(best.value, other.value) == "differs"
        and margin >= LEAST_OTHER
        and margin >= best.candidate.margin - NEAR_BEST
        and bool(asked & _stems(_sentence(other.candidate)))
    )


def _sentence(candidate: Candidate) -> str:
    text, span = candidate.hit.passage.text, candidate.span
    parts = [text[s:e] for s, e in sentence_spans(text) if s < span.end and span.start < e]
    return " ".join(parts)


def _stems(text: str) -> frozenset[str]:
    words = (word.lower() for word in _WORD.findall(text))
    return frozenset(word[:_STEM] for word in words if word not in _STOP)


def _article(reading: Reading) -> str:
    return reading.candidate.hit.passage.article_id


def _voices(readings: Sequence[Reading], voice_of: Callable[[str], str]) -> int:
    return len({voice_of(_article(reading)) for reading in readings})
