"""From the embeddings in SQLite to an index that can be searched, with a snapshot between.

Knows both sides: the tables and the files. vectors.py knows the files alone.
"""

import logging
import sqlite3
from pathlib import Path

import numpy as np

from index.schema import Connections, State, read_state
from index.vectors import (
    Ids,
    Snapshot,
    VectorIndex,
    Vectors,
    discard_others,
    read_snapshot,
    write_snapshot,
)

logger = logging.getLogger(__name__)

_STALE_SHARE = 0.1  # a snapshot is written anew when more than this share of it has changed


def load_index(
    connection: sqlite3.Connection, folder: Path, *, dimension: int, verify: bool = False
) -> VectorIndex:
    """An index of this view's embeddings, from the snapshot as far as that is good.

    dimension: of the encoder, which an empty library does not know yet.
    verify: compare the whole file with its hash, not only length and header.
    """
    index = open_snapshot(read_state(connection), folder, verify=verify)
    return update_index(connection, index or VectorIndex(dimension))


def update_index(connection: sqlite3.Connection, index: VectorIndex) -> VectorIndex:
    """The index brought to what this view of the library holds; itself if nothing changed."""
    rows = connection.execute("SELECT passage FROM embedding ORDER BY passage")
    live = np.fromiter((id_ for (id_,) in rows), dtype=np.int64)
    gone = np.setdiff1d(index.ids, live, assume_unique=True)
    new = np.setdiff1d(live, index.ids, assume_unique=True)
    if not len(gone) and not len(new):
        return index
    vectors = _read_vectors(connection, new, index.dimension)
    return index.changed(gone=gone, new_ids=new, new_vectors=vectors)


def refresh_snapshot(connections: Connections, folder: Path, *, force: bool = False) -> None:
    """Write the snapshot anew if it is damaged or much has changed since, or always."""
    with connections.reading() as connection:
        state = read_state(connection)
        if state.encoder_dimension is None:
            return
        old = open_snapshot(state, folder, verify=force)
        index = update_index(connection, old or VectorIndex(state.encoder_dimension))
    changed = len(np.setxor1d(index.ids, old.ids, assume_unique=True)) if old else len(index)
    if old and not force and changed <= _STALE_SHARE * len(old):
        return
    snapshot = write_snapshot(folder, index, state.generation)
    if snapshot:
        _record(connections, folder, snapshot, state.epoch)


def open_snapshot(state: State, folder: Path, *, verify: bool) -> VectorIndex | None:
    """The index in the snapshot, None if there is none or it is damaged."""
    snapshot = recorded_snapshot(state)
    if snapshot is None or state.encoder_dimension is None:
        return None
    index = read_snapshot(folder, snapshot, state.encoder_dimension, verify=verify)
    if index is None:
        logger.info("%s is missing or damaged: reading embeddings instead", snapshot.file(folder))
    return index


def recorded_snapshot(state: State) -> Snapshot | None:
    """The snapshot that the library remembers writing."""
    generation, length, sha256 = (
        state.snapshot_generation,
        state.snapshot_length,
        state.snapshot_sha256,
    )
    if generation is None or length is None or sha256 is None:
        return None
    return Snapshot(generation, length, sha256)


def _record(connections: Connections, folder: Path, snapshot: Snapshot, epoch: str) -> None:
    with connections.writing() as connection:
        recorded = connection.execute(
            """UPDATE state SET snapshot_generation = ?, snapshot_length = ?,
                snapshot_sha256 = ? WHERE epoch = ?""",
            (snapshot.generation, snapshot.length, snapshot.sha256, epoch),
        ).rowcount
    if recorded:  # else a rebuild or a restore came between, and the file is of no use
        discard_others(folder, snapshot)


def _read_vectors(connection: sqlite3.Connection, ids: Ids, dimension: int) -> Vectors:
    """Embeddings of these passages, ids ascending, shape (ids, dimension)."""
    vectors = np.zeros((len(ids), dimension), dtype=np.float32)
    places = {id_: place for place, id_ in enumerate(ids.tolist())}
    rows = connection.execute(
        "SELECT passage, vector FROM embedding WHERE passage >= ?",
        (int(ids[0]) if len(ids) else 0,),
    )
    for id_, vector in rows:
        if id_ in places and len(vector) == 4 * dimension:  # else damaged: `check` tells
            vectors[places[id_]] = np.frombuffer(vector, dtype="<f4")
    return vectors
