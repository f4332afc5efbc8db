"""A query in, ranked passages out: dense and BM25, fused; filters before anything is ranked.

Knows nothing of questions, readers or answers.
"""

import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.embed import Encoder, Vectors
from index.embeddings import STALE_AFTER, update_index
from index.errors import FilterError
from index.filters import bylines_with, refuse_senseless
from index.keywords import (
    PASSAGES_WHERE,
    RANK_ALL_UP_TO,
    WordSearch,
    best_by_words,
    terms_of,
)
from index.library import Library
from index.rows import source_key
from index.schema import State, read_state
from index.types import Filters, Hit, Passage
from index.vectors import Ids, VectorIndex
from index.writing import require_encoder

# Of the fused score; the rest is BM25's. Chosen on the dev questions of SQuAD 2.0 and
# TyDi QA, where 0.5 to 0.8 found the right article nearly equally often.
DENSE_WEIGHT = 0.6
# One word that stands in a fourth of all passages gives about this much. A best BM25 below it
# tells little: FTS5 gives a word that stands in half of them a millionth, and in a few articles
# on one subject most words do. Shares of such a best would be noise made large.
TELLING_BM25 = 1.0
NO_FILTERS = Filters()
_POOL = 100  # candidates that each way of searching brings, besides top_k


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found, best first, and what its filters left out."""

    hits: tuple[Hit, ...]
    searched: int  # passages that the filters let through
    passages: int  # passages in the library
    undated_left_out: int  # articles that only their missing date shut out

    @property
    def filtered_out(self) -> bool:
        """Whether the filters left nothing to search, though the library holds something."""
        return self.searched == 0 < self.passages


@dataclass(frozen=True, slots=True)
class _Held:
    epoch: str
    generation: int
    snapshot: int | None  # its generation
    index: VectorIndex


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    article_row: int
    text_sha256: str


class Searcher:
    """Searches one library with one encoder; any number of threads may share it.

    It sees what other processes add and remove from their next search on.
    """

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        *,
        dense_weight: float = DENSE_WEIGHT,
        rank_all_up_to: int = RANK_ALL_UP_TO,
    ) -> None:
        """Use `Searcher.open`."""
        self._library = library
        self._encoder = encoder
        self._dense_weight = dense_weight
        self._loading = threading.Lock()
        self._held: _Held | None = None
        self._words = WordSearch(rank_all_up_to)
        self._embedded = lru_cache(maxsize=256)(self._embed)  # sentences that are compared

    @classmethod
    def open(
        cls,
        library: Library,
        encoder: Encoder,
        *,
        dense_weight: float = DENSE_WEIGHT,
        rank_all_up_to: int = RANK_ALL_UP_TO,
    ) -> "Searcher":
        """A searcher with its vectors loaded.

        dense_weight: of cosine in the fused score, 0 to 1; 0 ranks by BM25 alone.
        rank_all_up_to: passages in a library beyond which rarer words alone are looked for.
        Raises EncoderMismatch if the library's embeddings are another encoder's.
        """
        searcher = cls(library, encoder, dense_weight=dense_weight, rank_all_up_to=rank_all_up_to)
        with library.reading() as connection:
            searcher._vectors(connection, read_state(connection))
        return searcher

    def search(self, query: str, *, top_k: int = 10, filters: Filters = NO_FILTERS) -> Hits:
        """The best passages for a query, at most `top_k`; ties keep the order of adding.

        The score is a convex combination of cosine and BM25, each as a share of the
        query's best (Bruch et al. 2023, "An Analysis of Fusion Functions for Hybrid
        Retrieval"). Of passages that stand in several articles with the same text
        only one comes back. Raises EncoderMismatch, or FilterError for a malformed date,
        an unknown outlet or author, and filters that contradict one another.
        """
        (found,) = self.search_all([query], top_k=top_k, filters=filters)
        return found

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """The cosine of this text's embedding with each of the others'; the last are kept."""
        vector = self._embedded(text)
        return [float(vector @ self._embedded(other)) for other in others]

    def _embed(self, text: str) -> npt.NDArray[np.float32]:
        vector: npt.NDArray[np.float32] = self._encoder.encode_passages([text])[0]
        return vector

    def search_all(
        self, queries: Sequence[str], *, top_k: int = 10, filters: Filters = NO_FILTERS
    ) -> list[Hits]:
        """What `search` finds for each query, all of them encoded in one batch."""
        # Half a surrogate pair has no form.
        queries = [query.encode("utf-8", "replace").decode() for query in queries]
        vectors = self._encoder.encode_queries(queries)  # (queries, dimension)
        return [
            self._search(query, vector, top_k=top_k, filters=filters)
            for query, vector in zip(queries, vectors, strict=True)
        ]

    def _search(self, query: str, vector: Vectors, *, top_k: int, filters: Filters) -> Hits:
        _condition(filters)  # a date that is none is said before anything else
        with self._library.reading() as connection:
            state = read_state(connection)
            index = self._vectors(connection, state)
            refuse_senseless(connection, filters)
            condition, values = _condition(filters, _bylines(connection, filters))
            allowed = _allowed(connection, condition, values) if condition else None
            pool = _POOL + max(top_k, 0)
            near = index.search(vector, pool, allowed=allowed)
            words = self._words.scores(
                connection,
                query,
                pool,
                key=(state.epoch, state.generation),
                passages=len(index),
                near=near,
                condition=condition,
                values=values,
            )
            ids = np.union1d(near, np.fromiter(words, dtype=np.int64))
            dense = dict(zip(ids.tolist(), index.scores(vector, ids).tolist(), strict=True))
            candidates = _candidates(connection, ids)
            return Hits(
                _fuse(candidates, dense, words, self._dense_weight)[:top_k],
                searched=len(index) if allowed is None else len(allowed),
                passages=len(index),
                undated_left_out=_undated(connection, filters),
            )

    def check(self, filters: Filters) -> None:
        """Raise FilterError as `search` would, without searching."""
        _condition(filters)
        with self._library.reading() as connection:
            refuse_senseless(connection, filters)

    def _vectors(self, connection: sqlite3.Connection, state: State) -> VectorIndex:
        """The index that belongs to this view of the library."""
        require_encoder(state, self._encoder, folder=self._library.folder)
        held = self._held
        if held and (held.epoch, held.generation) == (state.epoch, state.generation):
            return held.index
        with self._loading:
            held = self._held
            if held is None or held.epoch != state.epoch or _is_outgrown(held, state):
                index = self._library.load_index(connection, dimension=self._encoder.dimension)
            else:
                index = update_index(connection, held.index)
            if held is None or held.epoch != state.epoch or held.generation < state.generation:
                self._held = _Held(state.epoch, state.generation, state.snapshot_generation, index)
            return index


def _is_outgrown(held: _Held, state: State) -> bool:
    """Whether a newer snapshot holds what this index has gathered beside its own."""
    return held.index.changes > STALE_AFTER and held.snapshot != state.snapshot_generation


def nearest_by_words(library: Library, query: str) -> Passage | None:
    """The passage with the best BM25, found without an encoder; None if no word matches."""
    with library.reading() as connection:
        words = best_by_words(connection, terms_of(query).expression(), 1)
        found = _candidates(connection, np.fromiter(words, dtype=np.int64))
    return next((candidate.passage for candidate in found.values()), None)


def _bylines(connection: sqlite3.Connection, filters: Filters) -> list[str]:
    return bylines_with(connection, filters.authors) if filters.authors else []


def _condition(filters: Filters, bylines: Sequence[str] = ()) -> tuple[str, list[str]]:
    """The filters as SQL over `article`, empty without filters, and its values.

    bylines: the stored lists of authors that the filter by author lets through.
    """
    parts: list[str] = []
    values: list[str] = []
    if filters.sources:
        parts.append(f"article.source_key IN ({', '.join('?' * len(filters.sources))})")
        values.extend(source_key(source) for source in filters.sources)
    if filters.authors:
        parts.append("article.authors IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(bylines))
    if filters.articles:
        parts.append("article.id IN (SELECT value FROM json_each(?))")
        values.append(_as_json(filters.articles))
    if filters.without:
        parts.append("article.id NOT IN (SELECT value FROM json_each(?))")
        values.append(_as_json(filters.without))
    if filters.after:
        parts.append("article.published_last >= ?")
        values.append(_day(filters.after))
    if filters.before:
        parts.append("article.published_first <= ?")
        values.append(_day(filters.before))
    return " AND ".join(parts), values


def _as_json(ids: Sequence[str]) -> str:
    return json.dumps([id_.encode("utf-8", "replace").decode() for id_ in ids])


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise FilterError(f"'{written}' is not a day: write it as YYYY-MM-DD") from error


def _allowed(connection: sqlite3.Connection, condition: str, values: list[str]) -> Ids:
    rows = connection.execute(f"{PASSAGES_WHERE} {condition}", values)
    return np.fromiter((id_ for (id_,) in rows), dtype=np.int64)


def _undated(connection: sqlite3.Connection, filters: Filters) -> int:
    if not (filters.after or filters.before):
        return 0
    dateless = replace(filters, after=None, before=None)
    condition, values = _condition(dateless, _bylines(connection, filters))
    (count,) = connection.execute(
        "SELECT count(*) FROM article WHERE state = 'live' AND published IS NULL"
        + (f" AND {condition}" if condition else ""),
        values,
    ).fetchone()
    return int(count)


def _candidates(connection: sqlite3.Connection, ids: Ids) -> dict[int, _Candidate]:
    rows = connection.execute(
        """SELECT passage.id, article.id, passage.start, passage."end", passage.text,
                article.row, article.text_sha256
            FROM passage JOIN article ON article.row = passage.article
            WHERE passage.id IN (SELECT value FROM json_each(?))""",
        (json.dumps(ids.tolist()),),
    )
    return {
        id_: _Candidate(Passage(article_id, start, end, text), row, text_sha256)
        for id_, article_id, start, end, text, row, text_sha256 in rows
    }


def _fuse(
    candidates: dict[int, _Candidate],
    dense: dict[int, float],
    words: dict[int, float],
    dense_weight: float,
) -> tuple[Hit, ...]:
    """All candidates, best first, one for each passage of the same text."""
    best_dense = max(dense.values(), default=0.0)
    best_words = max([TELLING_BM25, *words.values()])
    untold = 1 - max(words.values(), default=0.0) / best_words

    def hit(id_: int) -> Hit:
        nearness = max(dense[id_], 0.0) / best_dense if best_dense > 0 else 0.0
        wording = words.get(id_, 0.0) / best_words
        # Rounded, or the last bit of a float would decide between equal passages.
        score = round(dense_weight * nearness + (1 - dense_weight) * wording, 6)
        # Where words tell little, all passages are worded nearly as well as the best.
        share = wording + untold
        return Hit(candidates[id_].passage, score, dense[id_], words.get(id_), nearness, share)

    def place(id_: int) -> tuple[int, int]:
        return candidates[id_].article_row, candidates[id_].passage.start

    every = {id_: hit(id_) for id_ in candidates}
    ranked = sorted(every, key=lambda id_: (-every[id_].score, *place(id_)))
    hits: dict[tuple[str, int, int], Hit] = {}
    for id_ in ranked:
        passage = candidates[id_].passage
        hits.setdefault((candidates[id_].text_sha256, passage.start, passage.end), every[id_])
    return tuple(hits.values())
