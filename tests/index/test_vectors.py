from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.vectors import VectorIndex, Vectors

NONE = np.zeros(0, dtype=np.int64)


def unit_vectors(count: int, *, dimension: int = 8, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def index_of(ids: list[int], vectors: Vectors) -> VectorIndex:
    new = np.array(ids, dtype=np.int64)
    return VectorIndex(vectors.shape[1]).changed(gone=NONE, new_ids=new, new_vectors=vectors)


@settings(max_examples=100, deadline=None)
@given(
    count=st.integers(1, 60),
    top_k=st.integers(1, 70),
    seed=st.integers(0, 1000),
    share=st.none() | st.floats(0, 1),
)
def test_search_is_exact_also_among_the_allowed(
    count: int, top_k: int, seed: int, share: float | None
):
    random = np.random.default_rng(seed)
    vectors, query = unit_vectors(count, seed=seed), unit_vectors(1, seed=seed + 1)[0]
    ids = np.sort(random.choice(1000, count, replace=False))
    allowed = None if share is None else ids[random.random(count) < share]
    scores = vectors @ query
    pool = [place for place in range(count) if allowed is None or ids[place] in allowed]
    expected = sorted(pool, key=lambda place: -scores[place])[:top_k]
    found = index_of(ids.tolist(), vectors).search(query, top_k, allowed=allowed)
    assert found.tolist() == [ids[place] for place in expected]


def test_scores_are_cosines_in_the_order_asked():
    vectors, query = unit_vectors(3), unit_vectors(1, seed=1)[0]
    scores = index_of([3, 5, 9], vectors).scores(query, np.array([9, 3]))
    np.testing.assert_allclose(scores, vectors[[2, 0]] @ query, atol=1e-6)


def test_an_empty_index_finds_nothing():
    empty, query = VectorIndex(8), unit_vectors(1)[0]
    assert len(empty) == 0
    assert empty.search(query, 5).tolist() == []
    assert empty.scores(query, NONE).tolist() == []


def test_a_change_makes_another_index_and_leaves_the_first():
    vectors = unit_vectors(4)
    before = index_of([1, 2, 3], vectors[:3])
    after = before.changed(gone=np.array([2]), new_ids=np.array([8]), new_vectors=vectors[3:])
    assert (before.ids.tolist(), after.ids.tolist()) == ([1, 2, 3], [1, 3, 8])
    assert before.search(vectors[1], 1).tolist() == [2]
    assert after.search(vectors[3], 1).tolist() == [8]
    assert 2 not in after.search(vectors[1], 4)


def test_many_threads_may_search_at_once():
    vectors = unit_vectors(500)
    index = index_of(list(range(500)), vectors)
    with ThreadPoolExecutor(8) as pool:
        firsts = list(pool.map(lambda place: index.search(vectors[place], 1)[0], range(500)))
    assert firsts == list(range(500))
