import numpy as np
import pytest
import torch

from qa import training_model
from qa.training_model import SeededDropout, bf16_is_faster


def test_dropout_drops_its_share_and_keeps_the_mean():
    dropout = SeededDropout(0.25, np.random.default_rng(0))
    values = torch.ones(400, 400)
    dropped = dropout(values)
    assert float((dropped == 0).float().mean()) == pytest.approx(0.25, abs=0.01)
    assert float(dropped.mean()) == pytest.approx(1.0, abs=0.01)
    dropout.eval()
    assert torch.equal(dropout(values), values)


@pytest.mark.parametrize("faster", [True, False])
def test_the_precision_is_the_one_that_took_less_time(monkeypatch, faster):
    took = iter([0.9, 0.9, 0.1, 0.5, 0.8, 0.4])  # seconds in bf16 and in f32, in turn

    def seconds(*, bf16):
        return next(took) if faster else 1 - next(took)

    monkeypatch.setattr(training_model, "_seconds", seconds)
    assert bf16_is_faster(times=3) == faster


def test_both_precisions_can_be_tried_here():
    assert bf16_is_faster(times=1) in (True, False)
