"""Logits to spans: pure numpy, knows nothing of text or models."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A span of tokens, both ends inclusive."""

    start: int
    end: int
    score: float  # start logit + end logit


def best_spans(
    start: Floats, end: Floats, *, n_best: int = 20, max_tokens: int = 30
) -> list[TokenSpan]:
    """Rank answer spans by start + end logit, best first (Devlin et al. 2019, section 4.2).

    start, end: shape (tokens,), -inf outside the passage. A span has 1 to
    `max_tokens` tokens; ties go to the earlier start, then the shorter span.
    Fewer than `n_best` come back where fewer are possible.
    Raises ValueError if the shapes differ or an argument is below 1.
    """
    if start.ndim != 1 or start.shape != end.shape:
        raise ValueError(f"start and end must be equal vectors, got {start.shape} and {end.shape}")
    if n_best < 1 or max_tokens < 1:
        raise ValueError(f"n_best and max_tokens must be at least 1, got {n_best} and {max_tokens}")
    width = min(max_tokens, len(start))
    if width == 0:
        return []
    reach = np.full(len(end) + width, -np.inf)
    reach[: len(end)] = end
    # scores[i, k]: the span from token i to token i + k  # (tokens, width)
    scores = start[:, None] + np.lib.stride_tricks.sliding_window_view(reach, width)[: len(start)]
    flat = scores.ravel()
    order = np.argsort(-flat, kind="stable")[:n_best]
    order = order[np.isfinite(flat[order])]
    return [TokenSpan(int(i // width), int(i // width + i % width), float(flat[i])) for i in order]
