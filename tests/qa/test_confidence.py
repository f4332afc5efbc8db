import math

import pytest

from qa.confidence import Calibration, Evidence, load_calibration
from qa.errors import ReaderError
from qa.reader import SHIPPED

FITTED = Calibration(
    intercept=-1.0,
    weights=(0.5, 0.0, 2.0, 1.0),
    answer_threshold=0.4,
    reader_threshold=1.5,
    near_cosine=0.2,
    retrieval_weight=4.0,
)


def test_confidence_is_the_logistic_of_the_weighed_evidence():
    evidence = Evidence(margin=2.0, lead=1.0, cosine=0.5, voices=1)
    # -1 + 0.5 * 2 + 2 * 0.5 = 1
    assert FITTED.confidence(evidence) == pytest.approx(1 / (1 + math.exp(-1)))


@pytest.mark.parametrize("margin", [-1e9, -50, 0, 50, 1e9])
def test_confidence_is_a_probability_for_any_margin(margin):
    sure = FITTED.confidence(Evidence(margin, math.inf, 1.0, 3))
    assert 0 < sure < 1


def test_a_saved_calibration_is_loaded_again(tmp_path):
    FITTED.save(tmp_path)
    assert load_calibration(tmp_path) == FITTED


def test_a_reader_without_a_calibration_gets_the_shipped_one_and_says_so(tmp_path, caplog):
    assert load_calibration() == load_calibration(SHIPPED)
    assert not caplog.records
    assert load_calibration(tmp_path) == load_calibration()
    (said,) = caplog.messages
    assert f"reader '{tmp_path}' has no calibration.json" in said


def test_the_shipped_reader_grows_surer_with_its_margin():
    shipped = load_calibration()
    unsure, sure = (shipped.confidence(Evidence(m, 10.0, 0.6, 1)) for m in (-15.0, 15.0))
    assert unsure < shipped.answer_threshold < sure


@pytest.mark.parametrize("content", ["", "[]", '{"intercept": 1}', "nonsense"])
def test_a_broken_calibration_is_named(tmp_path, content):
    (tmp_path / "calibration.json").write_text(content)
    with pytest.raises(ReaderError, match=r"calibration\.json: not a calibration"):
        load_calibration(tmp_path)
