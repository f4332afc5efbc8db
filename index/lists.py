"""Nearest-neighbour search among too many embeddings to compare each: only in the nearest lists.

Every embedding lies, as fp16, in the list of its nearest centroid; a query is compared with
all that lies in the lists near it (FAISS's IVF). What it is compared with are the
embeddings themselves, no shorter codes, so scores need no second look. The file is
mapped into memory: opening reads centroids and ids, a search what it looks at.
Knows nothing of SQLite, texts or queries.
"""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from faiss import IDSelector, IndexIVFScalarQuantizer, InvertedLists

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]

_TRAINED_ON = 40  # embeddings for each centroid; FAISS warns below 39
_ROUNDS = 5  # of k-means
# How many lists a query is compared with, chosen at 1,000,000 passages: see docs/scale.md.
_FEWEST = 24
_GAP = 3.0  # standard deviations of its cosines with all centroids, below the highest
_MOST = 0.25  # of all lists
_FOOTER = struct.Struct("<8sqqq32s")  # magic, embeddings, dimension, bytes before them, hash
_MAGIC = b"FtLists1"


@dataclass(frozen=True, slots=True)
class Usable:
    """Which embeddings may come back from a search; made by `Lists.usable`."""

    share: float  # of all, above 0
    bits: NDArray[np.uint8]  # one for each position in the file

    def selector(self) -> "IDSelector":
        """In FAISS's form; keep this object as long."""
        import faiss

        return faiss.IDSelectorBitmap(len(self.bits), faiss.swig_ptr(self.bits))


class Lists:
    """Embeddings in lists by centroid, and their ids. Never changes; threads may share it."""

    def __init__(self, file: Path, *, count: int, dimension: int, head: int) -> None:
        """Use `open_lists`. Raises RuntimeError for damage that FAISS notices."""
        import faiss

        index = cast("IndexIVFScalarQuantizer", faiss.read_index(str(file), faiss.IO_FLAG_MMAP))
        if index.ntotal != count or index.d != dimension:
            raise RuntimeError(f"{file} holds something else than its end says")
        self._index = index
        stored = faiss.downcast_InvertedLists(cast("InvertedLists", index.invlists))
        # Or every search starts threads that read ahead. The stubs know no kinds of lists.
        setattr(stored, "prefetch_nthread", 0)  # noqa: B010
        sizes = [stored.list_size(list_) for list_ in range(index.nlist)]
        self._first = np.concatenate(([0], np.cumsum(sizes)))  # position of each list's first
        body = count * (2 * dimension + 8)
        # FAISS's own map of the file: in a second one every page would count as resident again.
        start = stored.get_codes(int(np.flatnonzero(sizes)[0]))
        self._halves = faiss.rev_swig_ptr(start, body).view("<f2")
        # At each position; positions run through the first list, then the second ...
        at = np.fromfile(file, "<i8", count, offset=head + body)
        self._position = np.argsort(at)  # of each row of `ids`
        self._row = np.argsort(self._position)  # of `ids`, at each position
        self.ids: Ids = at[self._position]  # ascending
        quantizer = faiss.downcast_index(self._index.quantizer)
        self.centroids: Vectors = quantizer.reconstruct_n()  # (lists, dimension)

    def __len__(self) -> int:
        """How many embeddings it holds."""
        return len(self.ids)

    def usable(self, rows: Mask) -> Usable:
        """For a search among some. rows: shape (ids,), at least one of them True."""
        bits = np.packbits(rows[self._row], bitorder="little")
        return Usable(float(np.count_nonzero(rows) / len(rows)), bits)

    def search(
        self, query: Vectors, top_k: int, *, usable: Usable | None = None
    ) -> tuple[Ids, Vectors]:
        """Rows of `ids` of the nearest embeddings, best first, and their cosines.

        There may be fewer than `top_k` though more are usable.
        """
        import faiss

        share = usable.share if usable else 1.0
        options = faiss.SearchParametersIVF()
        options.nprobe = self._looked_in(query, share)
        if usable:
            options.sel = usable.selector()
        scores, found = self._index.search(query[None, :], top_k, params=options)  # (1, top_k)
        held = (found[0] >= 0) & (found[0] < len(self))
        return self._row[found[0][held]], scores[0][held]

    def vectors(self, rows: Ids) -> Vectors:
        """The embeddings in these rows of `ids`, shape (rows, dimension)."""
        if not len(rows):
            return np.zeros((0, self._index.d), dtype=np.float32)
        position = self._position[rows]
        list_ = np.searchsorted(self._first, position, side="right") - 1
        # Behind the embeddings of each list lie its ids in FAISS, 8 bytes or 4 halves each.
        places = position * self._index.d + self._first[list_] * 4
        windows = np.lib.stride_tricks.sliding_window_view(self._halves, self._index.d)
        return np.asarray(windows[places], dtype=np.float32)

    def content(self, list_: int) -> tuple[Ids, NDArray[np.float16]]:
        """Ids and embeddings of one list, in the order of the file."""
        first, last = int(self._first[list_]), int(self._first[list_ + 1])
        start = first * (self._index.d + 4)
        halves = self._halves[start : start + (last - first) * self._index.d]
        return self.ids[self._row[first:last]], halves.reshape(-1, self._index.d)

    def _looked_in(self, query: Vectors, share: float) -> int:
        """How many lists: few for a query that is near to some, many for one near to none.

        The more of them, the smaller the share that is usable.
        """
        nearness = self.centroids @ query  # (lists,)
        near = np.count_nonzero(nearness >= nearness.max() - _GAP * nearness.std())
        wanted = max(min(int(near), int(_MOST * len(nearness))), _FEWEST)
        return min(int(wanted / share), len(nearness))


def lists_for(count: int) -> int:
    """How many lists this many embeddings are put in: about twice the root, a power of two.

    It changes only where the number grows fourfold, and so does the need to train.
    """
    return int(2 ** max(1, round(np.log2(2 * np.sqrt(max(count, 1))))))


def sample_size(lists: int) -> int:
    """How many embeddings `train` makes use of."""
    return _TRAINED_ON * lists


def train(sample: Vectors, lists: int) -> Vectors:
    """Centroids, shape (lists, dimension) or fewer, by spherical k-means on some embeddings."""
    import faiss

    count, dimension = sample.shape
    clustering = faiss.Clustering(dimension, min(lists, count))
    clustering.niter, clustering.seed, clustering.spherical = _ROUNDS, 1, True
    clustering.min_points_per_centroid, clustering.max_points_per_centroid = 1, _TRAINED_ON
    quantizer = faiss.IndexFlatIP(dimension)
    clustering.train(np.ascontiguousarray(sample), quantizer)
    return cast(Vectors, quantizer.reconstruct_n())


def write_lists(
    file: Path,
    centroids: Vectors,
    parts: Iterable[tuple[Ids, Vectors]],
    *,
    old: Lists | None = None,
    gone: Ids | None = None,
) -> None:
    """Write ids and embeddings, part by part, into a file of lists by these centroids.

    old: lists by the same centroids, to be copied without what is gone. That takes no
    comparing with centroids, which is nearly all the work.
    """
    import faiss

    lists, dimension = centroids.shape
    quantizer = faiss.IndexFlatIP(dimension)
    quantizer.add(np.ascontiguousarray(centroids))
    index = faiss.IndexIVFScalarQuantizer(
        quantizer,
        dimension,
        lists,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
        False,  # not what is left of an embedding without its centroid
    )
    index.is_trained = True  # fp16 has nothing to learn
    for list_ in range(lists if old else 0):
        ids, halves = cast(Lists, old).content(list_)
        _append(index, list_, ids, halves, gone)
    for ids, vectors in parts:
        if len(ids):
            index.add_with_ids(np.ascontiguousarray(vectors), ids)
    at = _number(index)
    index.ntotal = len(at)
    faiss.write_index(index, str(file))
    head = file.stat().st_size - len(at) * (2 * dimension + 8)
    with file.open("rb+") as written:
        digest = _hash(written, 0, head)
        written.seek(0, 2)
        written.write(at.astype("<i8").tobytes())
        digest.update(at.astype("<i8").tobytes())
        written.write(_FOOTER.pack(_MAGIC, len(at), dimension, head, digest.digest()))


def open_lists(file: Path, dimension: int) -> Lists | None:
    """The lists in a file; None if it is no such file, or altered where that could mislead.

    Compares centroids, sizes and ids with their hash. An altered embedding passes: only
    reading the whole file can tell.
    """
    with file.open("rb") as opened:
        size = opened.seek(0, 2)
        if size < _FOOTER.size:
            return None
        opened.seek(size - _FOOTER.size)
        magic, count, stored, head, digest = _FOOTER.unpack(opened.read())
        if magic != _MAGIC or stored != dimension or count <= 0 or head < 0:
            return None
        body = count * (2 * dimension + 8)
        if size != head + body + 8 * count + _FOOTER.size:
            return None
        seen = _hash(opened, 0, head)
        opened.seek(head + body)
        seen.update(opened.read(8 * count))
    if seen.digest() != digest:
        return None
    try:
        return Lists(file, count=count, dimension=dimension, head=head)
    except RuntimeError:
        return None


def _append(
    index: "IndexIVFScalarQuantizer",
    list_: int,
    ids: Ids,
    halves: NDArray[np.float16],
    gone: Ids | None,
) -> None:
    import faiss

    kept = np.ones(len(ids), dtype=bool) if gone is None else ~np.isin(ids, gone)
    if kept.any():
        ids, halves = np.ascontiguousarray(ids[kept]), np.ascontiguousarray(halves[kept])
        codes = halves.view(np.uint8)
        invlists = cast("InvertedLists", index.invlists)
        invlists.add_entries(list_, len(ids), faiss.swig_ptr(ids), faiss.swig_ptr(codes))


def _number(index: "IndexIVFScalarQuantizer") -> Ids:
    """Put positions in the place of the ids; the id at each position comes back.

    FAISS can then choose by a bitmap, and where an embedding lies needs no table.
    """
    import faiss

    invlists = cast("InvertedLists", index.invlists)
    taken: list[Ids] = [np.zeros(0, dtype=np.int64)]
    done = 0
    for list_ in range(index.nlist):
        size = invlists.list_size(list_)
        if size:
            ids = faiss.rev_swig_ptr(invlists.get_ids(list_), size)
            taken.append(ids.copy())
            ids[:] = np.arange(done, done + size)
        done += size
    return np.concatenate(taken)


def _hash(file: BinaryIO, start: int, end: int) -> "hashlib._Hash":
    file.seek(start)
    return hashlib.sha256(file.read(end - start))
