"""The model as it is trained on a CPU: the encoder's weights, a span head, quick dropout."""

import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import (
    AutoModelForQuestionAnswering,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)


class SeededDropout(nn.Module):
    """Dropout whose mask comes from a fast byte generator.

    torch draws Bernoulli masks on the CPU one at a time, which takes two
    thirds of a training step of a model this small.
    """

    def __init__(self, rate: float, generator: np.random.Generator) -> None:
        """`rate`: share of values dropped, rounded to a 256th."""
        super().__init__()
        self._dropped = round(rate * 256)
        self._generator = generator

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """The values, some zeroed and the rest scaled up; unchanged outside training."""
        if not self.training or not self._dropped:
            return hidden
        drawn = np.frombuffer(self._generator.bytes(hidden.numel()), dtype=np.uint8).copy()
        keep = torch.from_numpy(drawn).view(hidden.shape) >= self._dropped
        return hidden * (keep.to(hidden.dtype) * (256 / (256 - self._dropped)))


def fresh_model(folder: str, *, dropout: float, generator: np.random.Generator) -> PreTrainedModel:
    """The encoder with an untrained span head, its dropout replaced by the fast one.

    Attention runs "eager" and without dropout of its own: on a CPU that is the
    fastest there is, half again as fast as the fused kernel.
    """
    model: PreTrainedModel = AutoModelForQuestionAnswering.from_pretrained(
        folder,
        local_files_only=True,
        dtype=torch.float32,
        attn_implementation="eager",
        attention_probs_dropout_prob=0.0,
    )
    for module in list(model.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.Dropout) and child.p > 0:
                setattr(module, name, SeededDropout(dropout, generator))
    return model


def write_model(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    """Write fp16 safetensors, configuration and tokenizer files; the model stays as it is."""
    half = type(model)(model.config)
    half.load_state_dict(model.state_dict())
    nn.Module.half(half)
    half.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def bf16_is_faster(*, times: int = 5) -> bool:
    """Whether this CPU trains faster in bf16 than in f32: it does with AMX, and seldom without.

    Tried on a layer of the model's size, forth and back; the best of so many times counts.
    """
    seconds = {True: math.inf, False: math.inf}
    for _ in range(times):
        for bf16 in seconds:
            seconds[bf16] = min(seconds[bf16], _seconds(bf16=bf16))
    return seconds[True] < seconds[False]


def _seconds(*, bf16: bool) -> float:
    layer = nn.Sequential(nn.Linear(384, 1536), nn.Linear(1536, 384))
    hidden = torch.ones(4096, 384, requires_grad=True)
    began = time.perf_counter()
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        out = layer(hidden)
    out.sum().backward()
    return time.perf_counter() - began
