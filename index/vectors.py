"""Exact nearest-neighbour search over embeddings, and its snapshot on disk.

The snapshot only saves time: SQLite holds every embedding, and whatever is wrong
with the file, the index is made from those. Knows nothing of texts or queries.
"""

import hashlib
import os
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from index.locks import SNAPSHOT

if TYPE_CHECKING:
    from faiss import IndexIDMap2

Vectors = NDArray[np.float32]
Ids = NDArray[np.int64]

_HEADER = struct.Struct("<4siq")  # what FAISS writes first: kind, dimension, number of vectors
_KIND = b"IxM2"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What SQLite remembers of a snapshot file."""

    generation: int  # of the library when it was taken
    length: int  # bytes
    sha256: str  # hex

    def file(self, folder: Path) -> Path:
        """Where it lies."""
        return folder / f"vectors-{self.generation}.faiss"


class VectorIndex:
    """Embeddings by passage id. Never changes, so any number of threads may search it."""

    def __init__(self, dimension: int, index: "IndexIDMap2 | None" = None) -> None:
        """An empty index, or one around FAISS's."""
        import faiss

        self.dimension = dimension
        self._index = index or faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self.ids: Ids = np.sort(faiss.vector_to_array(self._index.id_map))

    def __len__(self) -> int:
        """How many embeddings it holds."""
        return len(self.ids)

    def changed(self, *, gone: Ids, new_ids: Ids, new_vectors: Vectors) -> "VectorIndex":
        """Another index, without some embeddings and with others."""
        import faiss

        index = cast("IndexIDMap2", faiss.clone_index(self._index))
        if len(gone):
            index.remove_ids(faiss.IDSelectorBatch(gone))
        if len(new_ids):
            index.add_with_ids(np.ascontiguousarray(new_vectors), new_ids)
        return VectorIndex(self.dimension, index)

    def search(self, query: Vectors, top_k: int, *, allowed: Ids | None = None) -> Ids:
        """Ids of the nearest embeddings by cosine, best first; of the allowed ones if given.

        query: shape (dimension,), length 1.
        """
        import faiss

        wanted = min(top_k, len(self) if allowed is None else len(allowed))
        if wanted <= 0 or not len(self):
            return np.zeros(0, dtype=np.int64)
        options = None
        if allowed is not None:
            options = faiss.SearchParameters()
            selector = faiss.IDSelectorBatch(allowed)
            options.sel = selector
        _, found = self._index.search(query[None, :], wanted, params=options)  # (1, wanted)
        ids: Ids = found[0]
        return ids[ids >= 0]

    def scores(self, query: Vectors, ids: Ids) -> Vectors:
        """Cosine similarity of the query with each of these embeddings, shape (ids,).

        0 for an id that the index does not hold.
        """
        scores = np.zeros(len(ids), dtype=np.float32)
        held = np.isin(ids, self.ids)
        if held.any():
            scores[held] = self._index.reconstruct_batch(ids[held]) @ query  # (held, dimension)
        return scores

    def to_bytes(self) -> bytes:
        """FAISS's own file format."""
        import faiss

        return bytes(faiss.serialize_index(self._index).tobytes())


def write_snapshot(folder: Path, index: VectorIndex, generation: int) -> Snapshot | None:
    """Write the index to disk so that a crash at any point leaves the old file or the new.

    None if another process is writing one just now. The caller records what comes
    back in SQLite, and only then calls `discard_others`.
    """
    data = index.to_bytes()
    snapshot = Snapshot(generation, len(data), hashlib.sha256(data).hexdigest())
    try:
        with FileLock(folder / SNAPSHOT, blocking=False):
            partial = snapshot.file(folder).with_suffix(".tmp")
            with partial.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.rename(snapshot.file(folder))
            sync_folder(folder)
    except Timeout:
        return None
    return snapshot


def discard_others(folder: Path, snapshot: Snapshot | None) -> None:
    """Delete every snapshot but this one, and what interrupted writes have left."""
    keep = snapshot and snapshot.file(folder)
    with suppress(Timeout), FileLock(folder / SNAPSHOT, blocking=False):
        for file in folder.glob("vectors-*"):
            if file != keep:
                file.unlink(missing_ok=True)


def read_snapshot(
    folder: Path, snapshot: Snapshot, dimension: int, *, verify: bool = False
) -> VectorIndex | None:
    """The index in the snapshot file, or None if the file is missing, torn or altered.

    Length and header are always compared, the SHA-256 of the whole file if `verify`.
    """
    import faiss

    try:
        data = snapshot.file(folder).read_bytes()
    except OSError:
        return None
    if len(data) != snapshot.length or len(data) < _HEADER.size:
        return None
    if verify and hashlib.sha256(data).hexdigest() != snapshot.sha256:
        return None
    kind, stored_dimension, count = _HEADER.unpack_from(data)
    if kind != _KIND or stored_dimension != dimension or count * dimension * 4 > len(data):
        return None
    try:
        index = cast("IndexIDMap2", faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8)))
    except RuntimeError:  # FAISS's word for any damage it notices
        return None
    return VectorIndex(dimension, index) if index.ntotal == count else None


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder last through a power cut, where the system allows it."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
