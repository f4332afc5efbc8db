import numpy as np
import pytest
import torch

from qa.training_model import SeededDropout


def test_dropout_drops_its_share_and_keeps_the_mean():
    dropout = SeededDropout(0.25, np.random.default_rng(0))
    values = torch.ones(400, 400)
    dropped = dropout(values)
    assert float((dropped == 0).float().mean()) == pytest.approx(0.25, abs=0.01)
    assert float(dropped.mean()) == pytest.approx(1.0, abs=0.01)
    dropout.eval()
    assert torch.equal(dropout(values), values)
