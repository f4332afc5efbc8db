"""Snapshots of the vector index on disk: written whole or not at all, compared when read.

A snapshot only saves time: SQLite holds every embedding, and whatever is wrong
with the file, the index is made from those. Knows nothing of SQLite, texts or queries.
"""

import hashlib
import os
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from index.lists import open_lists
from index.locks import SNAPSHOT
from index.vectors import Flat, VectorIndex

_HEADER = struct.Struct("<4siq")  # what FAISS writes first: kind, dimension, number of vectors
_FLAT, _LISTS = b"IxM2", b"IwSq"
_BLOCK = 1 << 20  # bytes hashed at a time


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What SQLite remembers of a snapshot file."""

    generation: int  # of the library when it was taken
    length: int  # bytes
    sha256: str  # hex

    def file(self, folder: Path) -> Path:
        """Where it lies."""
        return folder / f"vectors-{self.generation}.faiss"


def write_snapshot(folder: Path, write: Callable[[Path], None], generation: int) -> Snapshot | None:
    """Write the index to disk so that a crash at any point leaves the old file or the new.

    write: puts it into the file it is given, `write_flat` or `lists.write_lists`.
    None if another process is writing one just now. The caller records what comes
    back in SQLite, and only then calls `discard_others`.
    """
    file = Snapshot(generation, 0, "").file(folder)
    partial = file.with_suffix(".tmp")
    try:
        with FileLock(folder / SNAPSHOT, blocking=False):
            write(partial)
            with partial.open("rb+") as written:
                os.fsync(written.fileno())
            snapshot = Snapshot(generation, partial.stat().st_size, _sha256(partial))
            partial.rename(file)
            sync_folder(folder)
    except Timeout:
        return None
    return snapshot


def write_flat(file: Path, index: VectorIndex) -> None:
    """All embeddings in FAISS's own format, each to be compared with every query."""
    import faiss

    whole = faiss.IndexIDMap2(faiss.IndexFlatIP(index.dimension))
    if len(index):
        whole.add_with_ids(index.vectors(), index.ids)
    file.write_bytes(faiss.serialize_index(whole).tobytes())


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

    Length and header are always compared, of lists also what leads to the embeddings;
    the SHA-256 of the whole file if `verify`.
    """
    file = snapshot.file(folder)
    try:
        with file.open("rb") as opened:
            header = opened.read(_HEADER.size)
        if file.stat().st_size != snapshot.length or len(header) < _HEADER.size:
            return None
        if verify and _sha256(file) != snapshot.sha256:
            return None
        kind, stored_dimension, count = _HEADER.unpack(header)
        if stored_dimension != dimension:
            return None
        if kind == _LISTS:
            lists = open_lists(file, dimension)
            return VectorIndex(dimension, lists) if lists else None
        if kind != _FLAT or not 0 <= count * dimension * 4 <= snapshot.length:
            return None
        return _read_flat(file, dimension, count)
    except OSError:
        return None


def _read_flat(file: Path, dimension: int, count: int) -> VectorIndex | None:
    import faiss

    try:
        index = faiss.deserialize_index(np.fromfile(file, dtype=np.uint8))
    except RuntimeError:  # FAISS's word for any damage it notices
        return None
    if index.ntotal != count or not isinstance(index, faiss.IndexIDMap2):
        return None
    return VectorIndex(dimension, Flat(index))


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder last through a power cut, where the system allows it."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
