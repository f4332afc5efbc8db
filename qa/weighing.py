"""What passages offer for a question, as ranked answers in the form that it asks for.

Pure: knows nothing of models, libraries or files.
"""

from collections.abc import Callable, Sequence

from index.types import Hit
from qa.answer import Pooled, pool, rank_candidates
from qa.confidence import EvidenceWeights
from qa.question import asks_when
from qa.shape import fit_to_answer, in_shape
from qa.times_asked import prefer_times
from qa.types import Span


def weigh(
    question: str,
    hits: Sequence[Hit],
    spans: Sequence[Sequence[Span]],
    weights: EvidenceWeights,
    *,
    voice_of: Callable[[str], str] = str,
) -> list[Pooled]:
    """All answers that the passages might give, the strongest first.

    hits and spans: one entry a passage. voice_of: what articles that copy one another
    have in common, by article id.
    """
    ranked = rank_candidates(hits, spans, weights)
    if asks_when(question):
        ranked = prefer_times(ranked)
    read = {_at(hit): of_hit for hit, of_hit in zip(hits, spans, strict=True)}
    shaped = [in_shape(question, c, read[_at(c.hit)]) for c in fit_to_answer(question, ranked)]
    return pool(shaped, voice_of=voice_of)


def _at(hit: Hit) -> tuple[str, int]:
    """Which passage it is."""
    return hit.passage.article_id, hit.passage.start
