"""Many passages' spans to ranked answers: evidence is weighed and equal answers pooled.

Pure: knows nothing of models, libraries or files.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from index.types import Hit
from qa.confidence import Evidence, EvidenceWeights
from qa.reportage import reportage
from qa.squad import normalize_answer
from qa.types import Range, Span

READ_PER_PASSAGE = 3  # spans of one passage, none over another, that may compete


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span in its place in an article, with everything that speaks for it."""

    hit: Hit
    span: Span  # code points into the hit's passage
    evidence: float  # of reading and retrieval together, in logits

    @property
    def place(self) -> Range:
        """Where it stands, in code points of the article."""
        start = self.hit.passage.start
        return Range(start + self.span.start, start + self.span.end)

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.hit.passage.text[self.span.start : self.span.end]

    @property
    def margin(self) -> float:
        """How much better than no answer, in logits."""
        return self.span.score - self.span.null_score


@dataclass(frozen=True, slots=True)
class Pooled:
    """One answer with all the candidates that give it, the strongest first."""

    candidates: tuple[Candidate, ...]  # one of each voice
    evidence: float  # log-sum-exp of theirs

    @property
    def best(self) -> Candidate:
        """The candidate whose words are the answer."""
        return self.candidates[0]


def rank_candidates(
    hits: Sequence[Hit], spans: Sequence[Sequence[Span]], weights: EvidenceWeights
) -> list[Candidate]:
    """All spans of all passages in one order, the best evidence first.

    hits and spans: one entry a passage. Of spans that overlap in one article
    only the strongest stays: they are readings of the same words.
    """
    candidates = [
        Candidate(hit, span, weights.evidence(span.score - span.null_score, hit))
        for hit, read in zip(hits, spans, strict=True)
        for span in _apart(read)[:READ_PER_PASSAGE]
    ]
    candidates.sort(key=lambda candidate: -candidate.evidence)
    kept: list[Candidate] = []
    for candidate in candidates:
        if not any(_overlap(candidate, other) for other in kept):
            kept.append(candidate)
    return kept


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Without those that overlap a better one."""
    kept: list[Span] = []
    for span in spans:
        if not any(span.start < other.end and other.start < span.end for other in kept):
            kept.append(span)
    return kept


def _overlap(one: Candidate, other: Candidate) -> bool:
    if one.hit.passage.article_id != other.hit.passage.article_id:
        return False
    return one.place.start < other.place.end and other.place.start < one.place.end


def pool(candidates: Sequence[Candidate], *, voice_of: Callable[[str], str] = str) -> list[Pooled]:
    """Answers equal after normalisation become one, the strongest evidence first.

    voice_of: what articles that copy one another have in common, by article id. A
    voice adds only its strongest candidate, so copies do not add up.
    """
    groups: dict[str, dict[str, Candidate]] = {}
    for candidate in sorted(candidates, key=lambda c: -c.evidence):
        key = normalize_answer(candidate.text) or candidate.text
        voice = voice_of(candidate.hit.passage.article_id)
        groups.setdefault(key, {}).setdefault(voice, candidate)
    pooled = [
        Pooled(tuple(group.values()), _log_sum([c.evidence for c in group.values()]))
        for group in groups.values()
    ]
    return sorted(pooled, key=lambda answer: -answer.evidence)


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    return top + math.log(sum(math.exp(value - top) for value in values))


def evidence_for(
    answers: Sequence[Pooled],
    *,
    claims: Sequence[Collection[Candidate]] = (),
    unread: Sequence[float] = (),
) -> Evidence:
    """What speaks for the first of these answers.

    claims: the places of each value that articles give (`qa.agreement`). What gives the
    first answer's value speaks for it; another article's value is news, not a doubt
    about what was read. unread: the evidence that passages which were not read would
    usually offer, in logits; it speaks against it. Raises ValueError if there is no answer.
    """
    if not answers:
        raise ValueError("no answer to weigh")
    first = answers[0]
    same = [first.evidence]
    others = list(unread)
    for answer in answers[1:]:
        claim = next((claim for claim in claims if answer.best in claim), ())
        if first.best in claim:
            same.append(answer.evidence)
        elif not claim:
            others.append(answer.evidence)
    return Evidence(
        odds=_log_sum(same) - _log_sum(others) if others else math.inf,
        cosine=first.best.hit.dense or 0.0,
        margin=first.best.margin,
        score=first.best.span.score,
        reportage=reportage(_read_of(first.best.hit.passage.article_id, answers)),
    )


def _read_of(article: str, answers: Sequence[Pooled]) -> str:
    """The passages of one article that offer any of these answers."""
    passages = dict.fromkeys(c.hit.passage for answer in answers for c in answer.candidates)
    return "\n".join(p.text for p in passages if p.article_id == article)
