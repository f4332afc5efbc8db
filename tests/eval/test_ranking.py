from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.ranking import Found, Ranking, ranking_scores


def scores(*rankings: Ranking) -> dict[str, list[float]]:
    return {name: values.tolist() for name, values in ranking_scores(rankings).items()}


def test_measures_of_a_hand_made_ranking():
    # Two of three found, at ranks 2 and 3.
    found = scores(Ranking((Found(2, 1), Found(3, 1)), (1,)))
    ideal = 1 + 1 / log2(3) + 1 / log2(4)
    assert found == {
        "success_at_1": [0.0],
        "success_at_5": [1.0],
        "success_at_10": [1.0],
        "success_at_20": [1.0],
        "recall_at_1": [0.0],
        "recall_at_5": [pytest.approx(2 / 3)],
        "recall_at_10": [pytest.approx(2 / 3)],
        "recall_at_20": [pytest.approx(2 / 3)],
        "mrr": [0.5],
        "ndcg_at_10": [pytest.approx((1 / log2(3) + 1 / log2(4)) / ideal)],
        "map_at_20": [pytest.approx((1 / 2 + 2 / 3 + 0) / 3)],
    }


def test_a_grade_is_a_gain():
    # The better one second: (1 + 3/log2(3)) of (3 + 1/log2(3)).
    found = scores(Ranking((Found(1, 1), Found(2, 3)), ()))
    assert found["ndcg_at_10"] == [pytest.approx((1 + 3 / log2(3)) / (3 + 1 / log2(3)))]


def test_nothing_found_scores_zero_and_nothing_to_find_is_not_measured():
    found = scores(Ranking((), (1, 2)), Ranking((), ()))
    assert all(value[0] == 0.0 and np.isnan(value[1]) for value in found.values())
    assert all(np.isnan(value).all() for value in ranking_scores([Ranking((), ())]).values())
    assert all(len(value) == 0 for value in ranking_scores([]).values())


def test_what_is_found_below_the_tenth_rank_is_seen_by_some():
    found = scores(Ranking((Found(12, 1),), ()))
    assert (found["success_at_10"], found["success_at_20"]) == ([0.0], [1.0])
    assert (found["mrr"], found["map_at_20"]) == ([pytest.approx(1 / 12)],) * 2
    assert found["ndcg_at_10"] == [0.0]


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(1, 20), unique=True, max_size=5).map(sorted),
            st.integers(0, 4),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_success_recall_and_rank_are_what_their_definitions_say(drawn):
    rankings = [Ranking(tuple(Found(rank, 1) for rank in r), (1,) * m) for r, m in drawn]
    found = ranking_scores(rankings)
    for i, (ranks, missed) in enumerate(drawn):
        if not ranks and not missed:
            assert all(np.isnan(column[i]) for column in found.values())
            continue
        for k in (1, 5, 10, 20):
            first = [rank for rank in ranks if rank <= k]
            assert found[f"success_at_{k}"][i] == float(bool(first))
            relevant = len(ranks) + missed
            assert found[f"recall_at_{k}"][i] == pytest.approx(len(first) / relevant)
        assert found["mrr"][i] == pytest.approx(1 / ranks[0] if ranks else 0)
