import json
import math
from dataclasses import replace

import pytest

from qa.confidence import Calibration, Evidence, EvidenceWeights, Margins, load_calibration
from qa.errors import ReaderError
from qa.reader import SHIPPED

FITTED = Calibration(
    intercept=-1.0,
    weights=(0.5, 1.0, 2.0, 0.25, 3.0, 1.0, 0.125),
    answer_threshold=0.4,
    reader_threshold=1.5,
    near_cosine=0.2,
    evidence=EvidenceWeights(margin=0.3, nearness=2.0, wording=3.0),
    precision=((0.0, 0.5), (0.3, 0.7), (0.6, 0.9)),
    margins=Margins(usual=-8.0, most=(12.5, 9.0)),
)


def test_confidence_is_the_logistic_of_the_weighed_evidence():
    evidence = Evidence(odds=4.0, cosine=0.0, margin=1.0, score=-20.0, reportage=-2.0)
    # -1 + 0.5 * 4 + 1 * 0 + 2 * 1 + 0.25 * -20 + 3 * -2 + 1 * 3 + 0.125 * -2 * 1 = -5.25
    assert FITTED.confidence(evidence) == pytest.approx(1 / (1 + math.exp(5.25)))


@pytest.mark.parametrize(("odds", "more"), [(2.9, True), (3.0, False), (20.0, False)])
def test_better_odds_than_near_ones_tell_nothing_more_where_only_those_weigh(odds, more):
    weights = (0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    fitted = replace(FITTED, weights=weights)
    better = fitted.confidence(Evidence(odds + 0.1, 0.5, 1.0))
    assert (better > fitted.confidence(Evidence(odds, 0.5, 1.0))) == more


def test_a_margin_weighs_more_in_news_where_that_is_fitted():
    fitted = replace(FITTED, weights=(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.5))

    def gain(reportage):
        low, high = (
            fitted.confidence(Evidence(0.0, 0.0, margin, reportage=reportage))
            for margin in (0.0, 1.0)
        )
        return math.log(high / (1 - high)) - math.log(low / (1 - low))

    assert gain(0.0) == pytest.approx(1.0)
    assert gain(2.0) == pytest.approx(2.0)


@pytest.mark.parametrize("margin", [-1e9, -50, 0, 50, 1e9])
def test_confidence_is_a_probability_for_any_margin(margin):
    sure = FITTED.confidence(Evidence(math.inf, 1.0, margin))
    assert 0 < sure < 1


def test_a_saved_calibration_is_loaded_again(tmp_path):
    FITTED.save(tmp_path)
    assert load_calibration(tmp_path) == FITTED


def test_one_bound_for_all_places_is_taken_for_each(tmp_path):
    FITTED.save(tmp_path)
    file = tmp_path / "calibration.json"
    values = json.loads(file.read_text())
    file.write_text(json.dumps(values | {"margins": {"usual": -8.0, "most": 12.5}}))
    assert [load_calibration(tmp_path).margins.most_at(place) for place in (0, 5)] == [12.5, 12.5]
    assert [FITTED.margins.most_at(place) for place in (0, 1, 5)] == [12.5, 9.0, 9.0]


def test_one_of_before_margins_were_kept_says_nothing_of_them(tmp_path):
    FITTED.save(tmp_path)
    file = tmp_path / "calibration.json"
    file.write_text(
        json.dumps({k: v for k, v in json.loads(file.read_text()).items() if k != "margins"})
    )
    assert load_calibration(tmp_path) == replace(FITTED, margins=None)


def test_one_of_before_later_features_were_known_weighs_them_with_nothing(tmp_path):
    FITTED.save(tmp_path)
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"weights": [0.5, 1.0, 2.0]}))
    padded = (0.5, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0)
    assert load_calibration(tmp_path) == replace(FITTED, weights=padded)


def test_a_reader_without_a_calibration_gets_the_shipped_one_and_says_so(tmp_path, caplog):
    assert load_calibration() == load_calibration(SHIPPED)
    assert not caplog.records
    assert load_calibration(tmp_path) == load_calibration()
    (said,) = caplog.messages
    assert f"reader '{tmp_path}' has no calibration.json" in said


def test_the_shipped_reader_grows_surer_with_its_evidence():
    shipped = load_calibration()
    unsure, sure = (
        shipped.confidence(Evidence(odds, 0.6, margin))
        for odds, margin in ((-3.0, 0.0), (6.0, 12.0))
    )
    assert unsure < shipped.answer_threshold < sure


@pytest.mark.parametrize("content", ["", "[]", '{"intercept": 1}', "nonsense"])
def test_a_broken_calibration_is_named(tmp_path, content):
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(ReaderError, match=r"calibration\.json: not a calibration"):
        load_calibration(tmp_path)


def test_weights_of_other_features_are_named(tmp_path):
    file = tmp_path / "calibration.json"
    FITTED.save(tmp_path)
    file.write_text(json.dumps(json.loads(file.read_text()) | {"weights": [0.5, 1.0]}))
    with pytest.raises(ReaderError, match=r"2 weights and takes one each for odds, cosine, margin"):
        load_calibration(tmp_path)


@pytest.mark.parametrize(
    ("precision", "threshold"),
    [(0.0, 0.0), (0.5, 0.0), (0.51, 0.3), (0.9, 0.6), (0.95, 0.95), (1.0, 1.0)],
)
def test_a_wanted_precision_gives_the_first_confidence_that_reaches_it(precision, threshold):
    assert FITTED.threshold_for(precision) == threshold


def test_without_measured_precision_the_share_itself_is_the_threshold():
    assert replace(FITTED, precision=()).threshold_for(0.8) == 0.8


def test_a_precision_never_reached_is_not_answered_at_a_lower_confidence():
    # From 0.6 on the measured share falls short of 0.55.
    unsure = replace(FITTED, precision=((0.0, 0.4), (0.6, 0.5)))
    assert unsure.threshold_for(0.55) == 0.6
