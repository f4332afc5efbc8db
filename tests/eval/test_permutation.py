from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.permutation import DRAWS, permutation_p

NAN = float("nan")


def p_of(differences, clusters=None, **options) -> float:
    clusters = clusters or [str(i) for i in range(len(differences))]
    return permutation_p(np.array(differences, dtype=np.float64), list(clusters), **options)


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ([1.0, 1.0, 1.0], 2 / 8),  # only all kept and all exchanged come to 3
        ([3.0, 1.0, -1.0], 6 / 8),  # 5, 3, 3, 1 and their negatives, against 3
        ([0.5, 0.25], 2 / 4),
        ([1.0, -1.0], 1.0),  # any exchange is as far from zero as none
        ([0.25], 1.0),
        ([0.0, 0.0], 1.0),
        ([], 1.0),
    ],
)
def test_all_exchanges_of_a_few_questions_by_hand(differences, p):
    assert p_of(differences) == p


def test_clusters_are_exchanged_as_wholes():
    # "a" comes to 1, "b" to 2: 3 and -3 of 3, 1, -1, -3. One by one it were 2 of 16.
    assert p_of([0.5, 0.5, 1.0, 1.0], "aabb") == 2 / 4
    assert p_of([0.5, 0.5, 1.0, 1.0]) == 2 / 16


def test_clusters_that_come_to_nothing_take_no_part():
    # 0.1 + 0.2 - 0.3 is 5.6e-17. Two clusters are left: few enough for all exchanges.
    differences = [1.0, 0.5, -0.5, 0.1, 0.2, -0.3, 1.0]
    assert p_of(differences, "abbcccd", draws=4) == 2 / 4


def test_equal_totals_count_however_they_are_rounded():
    # In tenths 27, 15, 13, 13, 13, 1, 1, 1 and their negatives, against 13;
    # but in floats some of the 13 fall short.
    assert p_of([-0.7, -0.7, -0.6, 0.7]) == 10 / 16


def test_questions_that_a_measure_says_nothing_of_take_no_part():
    assert p_of([1.0, NAN, 1.0, 1.0, NAN], "abcdd") == 2 / 8
    assert p_of([NAN, NAN]) == 1.0


@pytest.mark.parametrize("seed", range(6))
def test_p_of_a_few_is_the_share_of_all_exchanges(seed):
    random = np.random.default_rng(seed)
    differences = random.integers(0, 2, size=9) - random.random(9)
    totals = [abs(np.dot(signs, differences)) for signs in product((1, -1), repeat=9)]
    share = np.mean(np.array(totals) >= abs(differences.sum()) - 1e-9)
    assert p_of(differences) == pytest.approx(share)


def test_drawn_p_is_near_the_exact_one():
    differences = np.random.default_rng(8).normal(0.5, size=14)
    exact = p_of(differences)
    assert exact * 2**14 == pytest.approx(round(exact * 2**14))
    drawn = p_of(differences, draws=8000)
    assert drawn != exact
    assert drawn == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 8000))


def test_drawn_p_is_never_zero():
    assert p_of([1.0] * 60) == 2 / (DRAWS + 1)
    assert p_of([1.0] * 60, draws=700) == 2 / 701  # also where the last draws are fewer


def test_the_same_seed_draws_the_same_and_another_seed_another():
    differences = np.random.default_rng(2).normal(size=30)
    assert p_of(differences, seed=5) == p_of(differences, seed=5)
    assert p_of(differences, seed=5) != p_of(differences, seed=6)


def test_each_difference_has_its_cluster():
    with pytest.raises(ValueError, match="2 differences, 1 clusters"):
        p_of([1.0, 2.0], ["a"])


SOME = st.lists(
    st.tuples(st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0, NAN]), st.sampled_from("abcdef")),
    max_size=30,
)


@given(SOME, st.randoms())
def test_neither_direction_nor_order_matters(questions, random):
    def p(asked, sign=1):
        return p_of([sign * d for d, _ in asked], [key for _, key in asked] or None)

    found = p(questions)
    assert 0 < found <= 1
    assert p(questions, sign=-1) == found
    random.shuffle(questions)
    assert p(questions) == found
