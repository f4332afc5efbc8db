import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, roc_auc_score

from eval.calibration import RiskPoint, aurc, reliability, risk_coverage, weighted_aurc
from eval.metrics import brier

CONFIDENCE = np.array([0.9, 0.6, 0.6, 0.2])
RIGHT = np.array([1.0, 0.0, 1.0, 0.0])

answers = st.lists(
    st.tuples(st.sampled_from([0.1, 0.4, 0.4, 0.8, 1.0]), st.booleans()), min_size=1, max_size=12
)


def columns(drawn):
    confidence, right = zip(*drawn, strict=True)
    return np.array(confidence), np.array(right, float)


def test_answers_of_one_confidence_are_given_together():
    assert risk_coverage(CONFIDENCE, RIGHT) == (
        RiskPoint(0.25, 0.0, 0.9),
        RiskPoint(0.75, pytest.approx(1 / 3), 0.6),
        RiskPoint(1.0, 0.5, 0.2),
    )
    assert risk_coverage(np.array([]), np.array([])) == ()


def test_the_area_is_the_mean_risk_of_the_surest():
    # Wrong among the surest 1, 2, 3, 4: 0, half (one of two ties), 1, 2.
    assert aurc(CONFIDENCE, RIGHT) == pytest.approx((0 + 0.5 / 2 + 1 / 3 + 2 / 4) / 4)
    with pytest.raises(ValueError, match="no answers"):
        aurc(np.array([]), np.array([]))


@given(answers)
def test_the_area_is_that_of_all_orders_of_ties_on_average(drawn):
    confidence, right = columns(drawn)
    random = np.random.default_rng(0)
    areas = []
    for _ in range(400):
        order = np.lexsort((random.random(len(right)), -confidence))
        risks = np.cumsum(1 - right[order]) / np.arange(1, len(right) + 1)
        areas.append(risks.mean())
    spread = 4 * np.std(areas) / 20
    assert aurc(confidence, right) == pytest.approx(np.mean(areas), abs=spread + 1e-9)


@given(answers, st.data())
def test_a_weight_is_so_many_copies(drawn, data):
    confidence, right = columns(drawn)
    counts = np.array(
        data.draw(st.lists(st.integers(0, 3), min_size=len(right), max_size=len(right)))
    )
    found = weighted_aurc(confidence, right, counts[None].astype(float))[0]
    if not counts.sum():
        assert np.isnan(found)
    else:
        copies = np.repeat(np.arange(len(right)), counts)
        assert found == pytest.approx(aurc(confidence[copies], right[copies]))


def test_bins_hold_as_many_answers_each_the_least_sure_first():
    found = reliability(CONFIDENCE, RIGHT, bins=2)
    assert [(b.confidence, b.accuracy, b.n) for b in found] == [
        (pytest.approx(0.4), 0.0, 2),
        (pytest.approx(0.75), 1.0, 2),
    ]
    assert len(reliability(CONFIDENCE, RIGHT)) == 4  # no empty bins
    assert reliability(np.array([]), np.array([])) == ()


@given(answers)
def test_brier_is_that_of_scikit_learn(drawn):
    confidence, right = columns(drawn)
    assert brier(confidence, right) == pytest.approx(
        brier_score_loss(right, confidence, labels=[0.0, 1.0])
    )


def test_a_surer_right_answer_makes_the_area_smaller_as_it_makes_the_auc_larger():
    random = np.random.default_rng(1)
    right = (random.random(300) < 0.6).astype(float)
    noises = [right + scale * random.random(300) for scale in (0.5, 1.5, 3.0, 9.0)]
    areas = [aurc(noise, right) for noise in noises]
    ranked = [roc_auc_score(right, noise) for noise in noises]
    assert areas == sorted(areas)
    assert ranked == sorted(ranked, reverse=True)
