"""From the embeddings in SQLite to an index that can be searched, with a snapshot between.

Knows both sides: the tables and the files. snapshots.py knows the files alone.
"""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from index.lists import Lists, lists_for, sample_size, train, write_lists
from index.schema import Connections, State, read_state
from index.snapshots import (
    Snapshot,
    discard_others,
    read_snapshot,
    write_flat,
    write_snapshot,
)
from index.vectors import Ids, VectorIndex, Vectors

logger = logging.getLogger(__name__)

# Up to here all embeddings are compared: exact, and no slower than lists. See docs/scale.md.
FLAT_UP_TO = 50_000
# What has changed since a snapshot is read from SQLite at opening and looked through whole at
# each search. A tenth costs a tenth of either, and lets a library that grows evenly write ten
# snapshots' worth in all; 20,000 are about a millisecond of each search and a tenth of a second
# of opening, and take minutes to embed, beside which writing a snapshot anew is little.
STALE_SHARE = 0.1
STALE_AFTER = 20_000
_PART = 20_000  # embeddings read at a time


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
    """The index brought to what this view of the library holds; itself if nothing changed.

    Costs what has changed: ids only ever rise, and what has gone is looked for only
    where the numbers tell that something has.
    """
    parts = list(_parts(connection, index.newest, index.dimension))
    new = np.concatenate([np.zeros(0, dtype=np.int64), *(ids for ids, _ in parts)])
    gone = np.zeros(0, dtype=np.int64)
    if len(index) + len(new) != _count(connection):
        gone = np.setdiff1d(index.ids, _live(connection), assume_unique=True)
    if not len(gone) and not len(new):
        return index
    empty = np.zeros((0, index.dimension), dtype=np.float32)
    vectors = np.concatenate([empty, *(part for _, part in parts)])
    return index.changed(gone=gone, new_ids=new, new_vectors=vectors)


def refresh_snapshot(
    connections: Connections, folder: Path, *, force: bool = False, flat_up_to: int = FLAT_UP_TO
) -> None:
    """Write the snapshot anew if it is damaged or much has changed since, or always.

    flat_up_to: embeddings that are all compared with every query; more go into lists.
    """
    with connections.reading() as connection:
        state = read_state(connection)
        if state.encoder_dimension is None:
            return
        old = open_snapshot(state, folder, verify=force)
        if old and not force and not _is_stale(connection, old):
            return
        index = old or VectorIndex(state.encoder_dimension)
        write = _writing(connection, index, flat_up_to)
        snapshot = write_snapshot(folder, write, state.generation)
    if snapshot:
        _record(connections, folder, snapshot, state.epoch)


def _is_stale(connection: sqlite3.Connection, old: VectorIndex) -> bool:
    (new,) = connection.execute(
        "SELECT count(*) FROM passage WHERE id > ?", (old.newest,)
    ).fetchone()
    changed = 2 * new + len(old) - _count(connection)  # new ones and gone ones
    return bool(changed > min(STALE_SHARE * len(old), STALE_AFTER))


def _writing(
    connection: sqlite3.Connection, old: VectorIndex, flat_up_to: int
) -> Callable[[Path], None]:
    """What writes a snapshot of this view's embeddings, with as much of the old as is of use."""
    count = _count(connection)
    if count <= flat_up_to:
        return partial(write_flat, index=update_index(connection, old))
    live, base, dimension = _live(connection), old.base, old.dimension
    if isinstance(base, Lists) and len(base.centroids) == lists_for(count):
        gone = np.setdiff1d(base.ids, live, assume_unique=True)
        parts = _parts(connection, old.newest, dimension)
        return partial(write_lists, centroids=base.centroids, parts=parts, old=base, gone=gone)
    lists = lists_for(count)
    sample = live[:: max(1, count // sample_size(lists))]
    centroids = train(_read_vectors(connection, sample, dimension), lists)
    return partial(write_lists, centroids=centroids, parts=_parts(connection, 0, dimension))


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


def _count(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT count(*) FROM passage").fetchone()
    return int(count)


def _live(connection: sqlite3.Connection) -> Ids:
    """Ids of all passages, ascending. Read from an index of SQLite, without their texts."""
    (ids,) = connection.execute("SELECT json_group_array(id) FROM passage").fetchone()
    return np.sort(np.array(json.loads(ids), dtype=np.int64))


def _parts(
    connection: sqlite3.Connection, after: int, dimension: int
) -> Iterator[tuple[Ids, Vectors]]:
    """Ids above `after`, ascending, and their embeddings, some at a time."""
    rows = connection.execute(
        "SELECT passage, vector FROM embedding WHERE passage > ? ORDER BY passage", (after,)
    )
    while part := rows.fetchmany(_PART):
        ids = np.fromiter((id_ for id_, _ in part), dtype=np.int64, count=len(part))
        yield ids, _decoded([vector for _, vector in part], dimension)


def _read_vectors(connection: sqlite3.Connection, ids: Ids, dimension: int) -> Vectors:
    """Embeddings of these passages, shape (ids, dimension)."""
    rows = connection.execute(
        "SELECT vector FROM json_each(?) JOIN embedding ON passage = value",
        (json.dumps(ids.tolist()),),
    )
    return _decoded([vector for (vector,) in rows], dimension)


def _decoded(stored: list[bytes], dimension: int) -> Vectors:
    """Shape (stored, dimension), zeros for what is damaged: `check` tells."""
    size = 4 * dimension
    whole = b"".join(v if len(v) == size else bytes(size) for v in stored)
    return np.frombuffer(whole, dtype="<f4").reshape(-1, dimension)
