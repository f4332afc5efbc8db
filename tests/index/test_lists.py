from pathlib import Path

import numpy as np
import pytest

from index.lists import Ids, Lists, Vectors, lists_for, open_lists, train, write_lists

COUNT, DIMENSION = 6000, 32


def clustered(count: int = COUNT, *, seed: int = 0) -> Vectors:
    """Unit vectors around 60 middles, as neighbours lie in a real library."""
    random = np.random.default_rng(seed)
    middles = np.random.default_rng(99).standard_normal((60, DIMENSION))
    vectors = middles[random.integers(0, 60, count)]
    vectors = vectors + 0.7 * random.standard_normal((count, DIMENSION))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


IDS: Ids = np.arange(COUNT, dtype=np.int64) * 3 + 7
VECTORS = clustered()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("lists") / "vectors"
    parts = [(IDS[:2500], VECTORS[:2500]), (IDS[2500:], VECTORS[2500:])]
    write_lists(file, train(VECTORS[::2], lists_for(COUNT)), parts)
    return file


@pytest.fixture
def lists(file: Path) -> Lists:
    opened = open_lists(file, DIMENSION)
    assert opened is not None
    return opened


def recall(lists: Lists, rows: Ids) -> float:
    """Share of the 10 nearest of these rows that are found."""
    shares = []
    for query in clustered(100, seed=5):
        exact = rows[np.argsort(-(VECTORS[rows] @ query))[:10]]
        chosen = np.zeros(COUNT, dtype=bool)
        chosen[rows] = True
        found, _ = lists.search(query, 10, usable=lists.usable(chosen))
        shares.append(len(set(exact.tolist()) & set(found.tolist())) / 10)
    return float(np.mean(shares))


@pytest.mark.parametrize(
    ("count", "lists"), [(1, 2), (50_000, 512), (1_000_000, 2048), (4_000_000, 4096)]
)
def test_lists_double_as_passages_grow_fourfold(count: int, lists: int):
    assert lists_for(count) == lists


def test_what_was_written_is_held(lists: Lists):
    assert lists.ids.tolist() == IDS.tolist()
    rows = np.array([5999, 0, 17])
    np.testing.assert_allclose(lists.vectors(rows), VECTORS[rows], atol=3e-4)
    assert lists.vectors(np.zeros(0, dtype=np.int64)).shape == (0, DIMENSION)


def test_nearly_all_neighbours_are_found(lists: Lists):
    assert recall(lists, np.arange(COUNT)) >= 0.99


@pytest.mark.parametrize("step", [2, 10, 100])
def test_nearly_all_are_found_where_few_are_usable(lists: Lists, step: int):
    assert recall(lists, np.arange(0, COUNT, step)) >= 0.99


def test_scores_are_cosines_best_first(lists: Lists):
    query = clustered(1, seed=9)[0]
    rows, scores = lists.search(query, 20)
    np.testing.assert_allclose(scores, VECTORS[rows] @ query, atol=1e-3)
    assert (np.diff(scores) <= 0).all()


def test_an_extended_file_holds_what_was_kept_and_what_is_new(lists: Lists, tmp_path: Path):
    more = clustered(300, seed=3)
    new_ids = np.arange(300, dtype=np.int64) + 100_000
    file = tmp_path / "extended"
    write_lists(file, lists.centroids, [(new_ids, more)], old=lists, gone=IDS[::4])
    extended = open_lists(file, DIMENSION)
    assert extended is not None
    kept = np.delete(np.arange(COUNT), np.arange(0, COUNT, 4))
    assert extended.ids.tolist() == [*IDS[kept].tolist(), *new_ids.tolist()]
    every = np.concatenate([VECTORS[kept], more])
    np.testing.assert_allclose(extended.vectors(np.arange(len(every))), every, atol=3e-4)
    rows, _ = extended.search(more[7], 1)
    assert extended.ids[rows].tolist() == [100_007]


def test_a_query_near_to_no_list_is_compared_with_more(lists: Lists):
    near = lists._looked_in(VECTORS[0], 1.0)
    assert lists._looked_in(np.zeros(DIMENSION, dtype=np.float32), 1.0) >= near


@pytest.mark.parametrize("place", [0, 30, 200, -1, -40, -70, -3000])
def test_an_altered_frame_is_noticed(file: Path, tmp_path: Path, place: int):
    data = bytearray(file.read_bytes())
    data[place] ^= 0xFF
    altered = tmp_path / "altered"
    altered.write_bytes(data)
    assert open_lists(altered, DIMENSION) is None
