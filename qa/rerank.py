"""Retrieved passages in the order of what the reader finds in them.

Knows nothing of answers: it says where to look, not what stands there.
"""

from collections.abc import Sequence
from dataclasses import replace

from index.search import NO_FILTERS, Hits, Searcher
from index.types import Filters, Hit
from qa.answer import rank_candidates
from qa.confidence import EvidenceWeights
from qa.reader import Reader
from qa.types import Span

READ = 20  # passages of a search that are read


def by_evidence(
    hits: Sequence[Hit], spans: Sequence[Sequence[Span]], weights: EvidenceWeights
) -> tuple[Hit, ...]:
    """The hits, those with the strongest single span first; without any, as they were.

    hits and spans: one entry a passage. Passages with equal evidence, or of which
    another in the same article offers the same words more surely, keep their order.
    """
    best: dict[Hit, float] = {}
    for candidate in rank_candidates(hits, spans, weights):
        best.setdefault(candidate.hit, candidate.evidence)
    read = sorted((hit for hit in hits if hit in best), key=lambda hit: -best[hit])
    return (*read, *(hit for hit in hits if hit not in best))


class Reranker:
    """A searcher whose first passages are read before they are ranked."""

    def __init__(self, searcher: Searcher, reader: Reader, weights: EvidenceWeights) -> None:
        """Of parts that are already open."""
        self._searcher, self._reader, self._weights = searcher, reader, weights

    def search(self, query: str, *, top_k: int = 10, filters: Filters = NO_FILTERS) -> Hits:
        """As `Searcher.search`, the first 20 in the order of their evidence."""
        found = self._searcher.search(query, top_k=max(top_k, READ), filters=filters)
        first, rest = found.hits[:READ], found.hits[READ:]
        spans = self._reader.read(query, [hit.passage.text for hit in first])
        ranked = by_evidence(first, spans, self._weights) + rest
        return replace(found, hits=ranked[:top_k])
