from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from index.lists import train, write_lists
from index.locks import SNAPSHOT
from index.snapshots import (
    Snapshot,
    discard_others,
    read_snapshot,
    write_flat,
    write_snapshot,
)
from index.vectors import VectorIndex, Vectors

NONE = np.zeros(0, dtype=np.int64)


def unit_vectors(count: int, *, dimension: int = 8, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def write_three(file: Path) -> None:
    ids = np.array([3, 5, 9], dtype=np.int64)
    index = VectorIndex(8).changed(gone=NONE, new_ids=ids, new_vectors=unit_vectors(3))
    write_flat(file, index)


def write_three_in_lists(file: Path) -> None:
    vectors = unit_vectors(3)
    parts = [(np.array([3, 5, 9], dtype=np.int64), vectors)]
    write_lists(file, train(vectors, 2), parts)


@pytest.fixture(params=[write_three, write_three_in_lists], ids=["flat", "lists"])
def written(tmp_path: Path, request: pytest.FixtureRequest) -> Snapshot:
    snapshot = write_snapshot(tmp_path, request.param, 7)
    assert snapshot is not None
    return snapshot


def test_a_snapshot_gives_the_same_index_back(tmp_path: Path, written: Snapshot):
    index = read_snapshot(tmp_path, written, 8, verify=True)
    assert index is not None
    assert index.ids.tolist() == [3, 5, 9]
    assert index.search(unit_vectors(3)[1], 3)[0] == 5
    np.testing.assert_allclose(index.vectors(), unit_vectors(3), atol=1e-3)
    assert sorted(file.name for file in tmp_path.iterdir() if file.suffix != ".lock") == [
        "vectors-7.faiss"
    ]


def test_a_missing_snapshot_is_none(tmp_path: Path):
    assert read_snapshot(tmp_path, Snapshot(1, 100, "00"), 8) is None


@pytest.mark.parametrize("length", [0, 3, 20, 100, -1])
def test_a_torn_snapshot_is_none(tmp_path: Path, written: Snapshot, length: int):
    data = written.file(tmp_path).read_bytes()
    written.file(tmp_path).write_bytes(data[:length])
    assert read_snapshot(tmp_path, written, 8) is None


def test_a_snapshot_with_more_behind_it_is_none(tmp_path: Path, written: Snapshot):
    with written.file(tmp_path).open("ab") as file:
        file.write(b"more")
    assert read_snapshot(tmp_path, written, 8) is None


def test_a_snapshot_of_another_dimension_is_none(tmp_path: Path, written: Snapshot):
    assert read_snapshot(tmp_path, written, 16) is None


def test_an_altered_snapshot_never_crashes_and_never_passes_its_hash(
    tmp_path: Path, written: Snapshot
):
    whole = written.file(tmp_path).read_bytes()
    for place in [*range(60), *range(60, len(whole), 7)]:
        data = bytearray(whole)
        data[place] ^= 0xFF
        written.file(tmp_path).write_bytes(data)
        quick = read_snapshot(tmp_path, written, 8)
        assert quick is None or len(quick) == 3
        if quick:
            assert set(quick.search(unit_vectors(1)[0], 3).tolist()) <= set(quick.ids.tolist())
        assert read_snapshot(tmp_path, written, 8, verify=True) is None


def test_a_snapshot_is_left_alone_while_another_process_writes_one(tmp_path: Path):
    with FileLock(tmp_path / SNAPSHOT):
        assert write_snapshot(tmp_path, write_three, 1) is None


def test_what_an_interrupted_write_has_left_is_written_over(tmp_path: Path):
    (tmp_path / "vectors-7.tmp").write_bytes(b"half of it")
    snapshot = write_snapshot(tmp_path, write_three, 7)
    assert snapshot is not None
    assert read_snapshot(tmp_path, snapshot, 8, verify=True) is not None


def test_other_snapshots_and_remains_are_discarded(tmp_path: Path, written: Snapshot):
    (tmp_path / "vectors-6.faiss").write_bytes(b"old")
    (tmp_path / "vectors-8.tmp").write_bytes(b"interrupted")
    (tmp_path / "notes.txt").write_text("mine")
    discard_others(tmp_path, written)
    kept = {file.name for file in tmp_path.iterdir() if file.suffix != ".lock"}
    assert kept == {"vectors-7.faiss", "notes.txt"}


def test_a_snapshot_of_nothing_opens(tmp_path: Path):
    snapshot = write_snapshot(tmp_path, lambda file: write_flat(file, VectorIndex(8)), 1)
    assert snapshot is not None
    index = read_snapshot(tmp_path, snapshot, 8)
    assert index is not None
    assert (len(index), index.newest) == (0, 0)
    assert index.search(unit_vectors(1)[0], 3).tolist() == []
