import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.spans import TokenSpan, best_spans

NONE = -np.inf


def test_spans_are_ranked_by_the_sum_of_their_logits():
    start = np.array([NONE, 5.0, 1.0, 0.0])
    end = np.array([NONE, 1.0, 4.0, 2.0])
    assert best_spans(start, end, n_best=3) == [
        TokenSpan(1, 2, 9.0),
        TokenSpan(1, 3, 7.0),
        TokenSpan(1, 1, 6.0),
    ]


def test_an_end_before_its_start_is_never_a_span():
    start, end = np.array([0.0, 9.0]), np.array([9.0, 0.0])
    assert {(s.start, s.end) for s in best_spans(start, end)} == {(0, 0), (1, 1), (0, 1)}


def test_spans_are_no_longer_than_allowed():
    start, end = np.array([9.0, 0.0, 0.0]), np.array([0.0, 0.0, 9.0])
    assert best_spans(start, end, max_tokens=2)[0] == TokenSpan(0, 0, 9.0)
    assert best_spans(start, end, max_tokens=3)[0] == TokenSpan(0, 2, 18.0)


def test_tokens_outside_the_passage_are_left_out():
    start, end = np.array([NONE, 1.0, NONE]), np.array([NONE, 2.0, NONE])
    assert best_spans(start, end) == [TokenSpan(1, 1, 3.0)]


def test_ties_go_to_the_earlier_start_then_the_shorter_span():
    start, end = np.zeros(2), np.zeros(2)
    assert [(s.start, s.end) for s in best_spans(start, end)] == [(0, 0), (0, 1), (1, 1)]


def test_no_tokens_and_no_passage_give_no_spans():
    assert best_spans(np.array([]), np.array([])) == []
    assert best_spans(np.array([NONE]), np.array([NONE])) == []


def test_unequal_shapes_and_empty_requests_are_refused():
    with pytest.raises(ValueError, match="equal vectors"):
        best_spans(np.zeros(2), np.zeros(3))
    with pytest.raises(ValueError, match="at least 1"):
        best_spans(np.zeros(2), np.zeros(2), n_best=0)


logits = st.lists(st.integers(-50, 50), min_size=1, max_size=12)


@given(st.data(), st.integers(1, 5), st.integers(1, 6))
def test_it_agrees_with_trying_every_span(data, n_best, max_tokens):
    start = data.draw(logits)
    end = data.draw(st.lists(st.integers(-50, 50), min_size=len(start), max_size=len(start)))
    every = [
        TokenSpan(i, j, float(start[i] + end[j]))
        for i in range(len(start))
        for j in range(i, min(i + max_tokens, len(start)))
    ]
    every.sort(key=lambda s: (-s.score, s.start, s.end))
    found = best_spans(
        np.array(start, float), np.array(end, float), n_best=n_best, max_tokens=max_tokens
    )
    assert found == every[:n_best]
