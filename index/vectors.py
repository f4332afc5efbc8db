"""Nearest-neighbour search over embeddings: a base that never changes, and what came since.

The base is compared whole where that is fast, else list by list; what was added since
lies beside it, what has gone is passed over. Knows nothing of texts, queries or files.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from index.lists import Lists, Usable

if TYPE_CHECKING:
    from faiss import IndexIDMap2

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]

# So few embeddings that filters leave are compared each: about 5 ms.
EXACT_UP_TO = 10_000


class Flat:
    """Embeddings in memory, all compared with every query: exact."""

    def __init__(self, index: "IndexIDMap2") -> None:
        """Around FAISS's."""
        import faiss

        at = faiss.vector_to_array(index.id_map)
        self.index = index  # keeps the inner one alive
        self._inner = faiss.downcast_index(index.index)
        self._position = np.argsort(at, kind="stable")
        self._row = np.argsort(self._position)
        self.ids: Ids = at[self._position]

    def __len__(self) -> int:
        """How many embeddings it holds."""
        return len(self.ids)

    def usable(self, rows: Mask) -> Usable:
        """As `Lists.usable`."""
        bits = np.packbits(rows[self._row], bitorder="little")
        return Usable(float(np.count_nonzero(rows) / len(rows)), bits)

    def search(
        self, query: Vectors, top_k: int, *, usable: Usable | None = None
    ) -> tuple[Ids, Vectors]:
        """As `Lists.search`, and never fewer than there are."""
        import faiss

        options = faiss.SearchParameters()
        if usable:
            options.sel = usable.selector()
        scores, found = self._inner.search(query[None, :], top_k, params=options)
        held = found[0] >= 0
        return self._row[found[0][held]], scores[0][held]

    def vectors(self, rows: Ids) -> Vectors:
        """The embeddings in these rows of `ids`, shape (rows, dimension)."""
        return self._inner.reconstruct_batch(self._position[rows])


@dataclass(frozen=True, slots=True)
class _Gone:
    rows: Mask  # of the base that are still there
    usable: Usable


class VectorIndex:
    """Embeddings by passage id. Never changes, so any number of threads may search it."""

    def __init__(self, dimension: int, base: Flat | Lists | None = None) -> None:
        """An empty index, or one of a base's embeddings."""
        self.dimension = dimension
        self.base = base
        self._gone: _Gone | None = None
        self.new_ids: Ids = np.zeros(0, dtype=np.int64)  # ascending, beside the base
        self.new_vectors: Vectors = np.zeros((0, dimension), dtype=np.float32)

    def __len__(self) -> int:
        """How many embeddings it holds."""
        if self._gone:
            return int(np.count_nonzero(self._gone.rows)) + len(self.new_ids)
        return (len(self.base) if self.base else 0) + len(self.new_ids)

    @property
    def ids(self) -> Ids:
        """Of all its embeddings, ascending."""
        return np.sort(np.concatenate([self._base_ids(), self.new_ids]))

    @property
    def newest(self) -> int:
        """The highest id it has ever held, 0 if none."""
        held = [self.new_ids, *([self.base.ids] if self.base else [])]
        return max((int(ids[-1]) for ids in held if len(ids)), default=0)

    @property
    def changes(self) -> int:
        """How many embeddings the base lacks or has too many."""
        return len(self.base or ()) - len(self._base_ids()) + len(self.new_ids)

    def changed(self, *, gone: Ids, new_ids: Ids, new_vectors: Vectors) -> "VectorIndex":
        """Another index, without some embeddings and with others, by the same base.

        new_ids: none of them held before.
        """
        other = VectorIndex(self.dimension, self.base)
        other._gone = self._gone
        if self.base and len(gone):
            there = ~np.isin(self.base.ids, gone)
            there &= self._gone.rows if self._gone else True
            if not there.all():
                other._gone = _Gone(there, self.base.usable(there))
        kept = ~np.isin(self.new_ids, gone)
        ids = np.concatenate([self.new_ids[kept], new_ids])
        order = np.argsort(ids)
        other.new_ids = ids[order]
        other.new_vectors = np.concatenate([self.new_vectors[kept], new_vectors])[order]
        return other

    def search(self, query: Vectors, top_k: int, *, allowed: Ids | None = None) -> Ids:
        """Ids of the nearest embeddings by cosine, best first; of the allowed ones if given.

        query: shape (dimension,), length 1. Exact unless the base is in lists.
        """
        wanted = min(top_k, len(self) if allowed is None else len(allowed))
        if wanted <= 0 or not len(self):
            return np.zeros(0, dtype=np.int64)
        ids, scores = self._in_base(query, wanted, allowed)
        new = slice(None) if allowed is None else np.isin(self.new_ids, allowed)
        ids = np.concatenate([ids, self.new_ids[new]])
        scores = np.concatenate([scores, self.new_vectors[new] @ query])
        return ids[np.lexsort((ids, -scores))[:wanted]]

    def scores(self, query: Vectors, ids: Ids) -> Vectors:
        """Cosine similarity of the query with each of these embeddings, shape (ids,).

        0 for an id that the index does not hold.
        """
        scores = np.zeros(len(ids), dtype=np.float32)
        if self.base and len(self.base):
            held, rows = _found(self.base.ids, ids)
            if self._gone:
                held[held] = self._gone.rows[rows]
                rows = rows[self._gone.rows[rows]]
            if len(rows):
                scores[held] = self.base.vectors(rows) @ query
        held, rows = _found(self.new_ids, ids)
        scores[held] = self.new_vectors[rows] @ query
        return scores

    def vectors(self) -> Vectors:
        """All embeddings, in the order of `ids`: shape (len, dimension)."""
        ids = np.concatenate([self._base_ids(), self.new_ids])
        order = np.argsort(ids)
        if not self.base:
            return self.new_vectors[order]
        rows = np.flatnonzero(self._gone.rows) if self._gone else np.arange(len(self.base))
        return np.concatenate([self.base.vectors(rows), self.new_vectors])[order]

    def _base_ids(self) -> Ids:
        if not self.base:
            return np.zeros(0, dtype=np.int64)
        return self.base.ids[self._gone.rows] if self._gone else self.base.ids

    def _in_base(self, query: Vectors, wanted: int, allowed: Ids | None) -> tuple[Ids, Vectors]:
        """Ids and cosines of the base's nearest, best first."""
        if not self.base or not len(self.base):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        usable = self._gone.usable if self._gone else None
        rows: Ids | None = None
        if allowed is not None:
            _, rows = _found(self.base.ids, allowed)
            rows = rows[self._gone.rows[rows]] if self._gone else rows
            if len(rows) <= EXACT_UP_TO:
                return self._each(query, rows, wanted)
            chosen = np.zeros(len(self.base), dtype=bool)
            chosen[rows] = True
            usable = self.base.usable(chosen)
        found, scores = self.base.search(query, wanted, usable=usable)
        if rows is not None and len(found) < min(wanted, len(rows)):  # they lie in lists far off
            return self._each(query, rows, wanted)
        return self.base.ids[found], scores

    def _each(self, query: Vectors, rows: Ids, wanted: int) -> tuple[Ids, Vectors]:
        """Ids and cosines of the nearest of these rows of the base, each compared."""
        base = cast("Flat | Lists", self.base)
        parts = [rows[start : start + EXACT_UP_TO] for start in range(0, len(rows), EXACT_UP_TO)]
        none = np.zeros(0, dtype=np.float32)
        scores = np.concatenate([none, *(base.vectors(part) @ query for part in parts)])
        best = np.argsort(-scores, kind="stable")[:wanted]
        return base.ids[rows[best]], scores[best]


def flat(dimension: int, ids: Ids, vectors: Vectors) -> VectorIndex:
    """An exact index of these embeddings. ids: ascending."""
    import faiss

    index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
    index.add_with_ids(np.ascontiguousarray(vectors), ids)
    return VectorIndex(dimension, Flat(index))


def _found(held: Ids, asked: Ids) -> tuple[Mask, Ids]:
    """Which of the asked are held, shape (asked,), and the rows of those in `held`."""
    if not len(held):
        return np.zeros(len(asked), dtype=bool), np.zeros(0, dtype=np.int64)
    rows = np.minimum(np.searchsorted(held, asked), len(held) - 1)
    there = held[rows] == asked
    return there, rows[there]
