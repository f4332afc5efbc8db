"""The ways of ranking passages that retrieval is measured in."""

from typing import Literal, get_args

from index.embed import Encoder
from index.library import Library
from index.search import Searcher
from qa.confidence import EvidenceWeights
from qa.reader import Reader
from qa.rerank import Reranker

Ranking = Literal["reranked", "fused", "dense", "bm25"]
RANKINGS: tuple[Ranking, ...] = get_args(Ranking)
_DENSE_WEIGHT: dict[Ranking, float] = {"dense": 1.0, "bm25": 0.0}


def searcher_for(
    ranking: Ranking, library: Library, encoder: Encoder, reader: Reader, weights: EvidenceWeights
) -> Searcher | Reranker:
    """What ranks passages so: after reading them, by the fused score, or by one half of it.

    Raises EncoderMismatch if the library's embeddings are another encoder's.
    """
    if ranking in _DENSE_WEIGHT:
        return Searcher.open(library, encoder, dense_weight=_DENSE_WEIGHT[ranking])
    searcher = Searcher.open(library, encoder)
    return searcher if ranking == "fused" else Reranker(searcher, reader, weights)
