"""Reads passages for a question: windows, model, spans mapped back to code points.

The reader answers "which words of this passage, and how much better than no
answer"; it does not compare passages and knows nothing of articles.
"""

import hashlib
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from qa.errors import ReaderError
from qa.spans import best_spans
from qa.types import Span

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer
    from transformers import PreTrainedModel

SHIPPED = Path(__file__).parent / "models" / "reader"
MAX_TOKENS = 256  # of one window, question and special tokens included: what training uses
OVERLAP = 96  # passage tokens that two windows share
MAX_QUESTION_TOKENS = 64

Ints = npt.NDArray[np.int64]


class Reader(Protocol):
    """Anything that finds candidate answers in passages."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes when the weights do."""
        ...

    def read(self, question: str, passages: Sequence[str]) -> list[list[Span]]:
        """For each passage its n-best spans, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """A question and a stretch of a passage, as the model sees them."""

    pair: int  # which (question, passage) pair it belongs to
    ids: list[int]  # (tokens,)
    type_ids: list[int]  # (tokens,)
    in_passage: list[bool]  # (tokens,) False for question and special tokens
    offsets: list[tuple[int, int]]  # (tokens,) code points into the passage


def windows(
    tokenizer: "Tokenizer", pairs: Sequence[tuple[str, str]], *, max_tokens: int = MAX_TOKENS
) -> list[Window]:
    """Cut (question, passage) pairs into overlapping windows of at most `max_tokens`.

    Every token of a passage is in at least one window; a question is cut after
    64 tokens. Works for any pair template, since the tokenizer adds the
    special tokens itself.
    """
    tokenizer.no_padding()
    tokenizer.no_truncation()
    questions = {question: _shorten(tokenizer, question) for question, _ in pairs}
    tokenizer.enable_truncation(max_tokens, stride=OVERLAP, strategy="only_second")
    encodings = tokenizer.encode_batch([(questions[q], passage) for q, passage in pairs])
    tokenizer.no_truncation()
    return [
        _window(pair, piece)
        for pair, encoding in enumerate(encodings)
        for piece in (encoding, *encoding.overflowing)
    ]


def _shorten(tokenizer: "Tokenizer", question: str) -> str:
    offsets = tokenizer.encode(question, add_special_tokens=False).offsets
    if len(offsets) <= MAX_QUESTION_TOKENS:
        return question
    return question[: offsets[MAX_QUESTION_TOKENS - 1][1]]


def _window(pair: int, piece: "Encoding") -> Window:
    in_passage = [sequence == 1 for sequence in piece.sequence_ids]
    return Window(pair, piece.ids, piece.type_ids, in_passage, piece.offsets)


class SpanReader:
    """Reads with an extractive question-answering model from a folder or by hub name."""

    def __init__(self, name: str | Path | None = None, *, n_best: int = 20) -> None:
        """`name`: a folder or hub name of an `AutoModelForQuestionAnswering`; None: the shipped."""
        self._source = str(name) if name else str(SHIPPED)
        self.name = Path(self._source).name if name else "footnote-reader"
        self._n_best = n_best
        self._lock = threading.Lock()  # fast tokenizers must not be shared between threads

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the weights' file, 16 hex digits; the name where there is no such file."""
        weights = Path(self._source) / "model.safetensors"
        if not weights.is_file():
            return self._source
        with weights.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:16]

    @cached_property
    def _loaded(self) -> tuple["Tokenizer", "PreTrainedModel"]:
        return _load(self._source)

    def warm_up(self) -> None:
        """Load tokenizer and weights now instead of at the first question."""
        with self._lock:
            _ = self._loaded

    def read(self, question: str, passages: Sequence[str]) -> list[list[Span]]:
        """For each passage its n-best spans, best first; offsets are code points into it."""
        return self.read_pairs([(question, passage) for passage in passages])

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[list[Span]]:
        """For each (question, passage) its n-best spans, best first."""
        with self._lock:
            tokenizer, model = self._loaded
            cut = windows(tokenizer, pairs)
            logits = _run(model, cut, pad=tokenizer.token_to_id("[PAD]") or 0)
        found: list[list[Span]] = [[] for _ in pairs]
        for window, (start, end) in zip(cut, logits, strict=True):
            passage = pairs[window.pair][1]
            found[window.pair] += decode(window, start, end, passage, n_best=self._n_best)
        return [_best_of(spans)[: self._n_best] for spans in found]


class ScriptedReader:
    """A reader that knows its answers beforehand: the fake for tests."""

    name = "scripted"
    fingerprint = "scripted"

    def __init__(self, margins: Mapping[str, float]) -> None:
        """Words to find, each with how much better than no answer they are (logits)."""
        self._margins = dict(margins)

    def read(self, question: str, passages: Sequence[str]) -> list[list[Span]]:
        """A span at the first place of each of the words, best first."""
        return [self._spans(passage) for passage in passages]

    def _spans(self, passage: str) -> list[Span]:
        found = [(passage.find(words), words) for words in self._margins]
        spans = [
            Span(at, at + len(words), self._margins[words], 0.0) for at, words in found if at >= 0
        ]
        return sorted(spans, key=lambda span: -span.score)


def decode(
    window: Window,
    start: npt.NDArray[np.float32],
    end: npt.NDArray[np.float32],
    passage: str,
    *,
    n_best: int = 20,
) -> list[Span]:
    """Spans of one window in code points of its passage, best first.

    start, end: logits, shape (tokens,). The null score is that of the first
    token ([CLS]) in this window. Spans never leave the passage, and carry no
    white space at their ends.
    """
    inside = np.array(window.in_passage)
    null = float(start[0] + end[0])
    tokens = best_spans(
        np.where(inside, start, -np.inf), np.where(inside, end, -np.inf), n_best=n_best
    )
    spans = []
    for token_span in tokens:
        first, last = window.offsets[token_span.start][0], window.offsets[token_span.end][1]
        text = passage[first:last]
        first += len(text) - len(text.lstrip())
        last = first + len(text.strip())
        if first < last:
            spans.append(Span(first, last, token_span.score, null))
    return spans


def _best_of(spans: list[Span]) -> list[Span]:
    """Best first; of equal stretches (overlapping windows) the one with the larger margin."""
    best: dict[tuple[int, int], Span] = {}
    for span in sorted(spans, key=lambda s: s.null_score - s.score):
        best.setdefault((span.start, span.end), span)
    return list(best.values())


def _run(
    model: "PreTrainedModel", cut: Sequence[Window], *, pad: int, batch_tokens: int = 8192
) -> list[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """Start and end logits of each window, in order; batches hold windows of like length."""
    import torch

    logits: dict[int, tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]] = {}
    for batch in _batches([len(window.ids) for window in cut], batch_tokens):
        width = max(len(cut[i].ids) for i in batch)
        ids = np.full((len(batch), width), pad)  # (batch, width)
        types, mask = np.zeros_like(ids), np.zeros_like(ids)
        for row, i in enumerate(batch):
            size = len(cut[i].ids)
            ids[row, :size], types[row, :size], mask[row, :size] = cut[i].ids, cut[i].type_ids, 1
        inputs = {"input_ids": ids, "attention_mask": mask}
        if getattr(model.config, "type_vocab_size", 0) > 1:
            inputs["token_type_ids"] = types
        with torch.inference_mode():
            output = model(**{key: torch.from_numpy(value) for key, value in inputs.items()})
        for row, i in enumerate(batch):
            size = len(cut[i].ids)
            logits[i] = (
                output.start_logits[row, :size].float().numpy(),
                output.end_logits[row, :size].float().numpy(),
            )
    return [logits[i] for i in range(len(cut))]


def _batches(lengths: Sequence[int], batch_tokens: int) -> list[list[int]]:
    """Indices grouped by length, each group at most `batch_tokens` when padded."""
    batches: list[list[int]] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        # Ascending lengths: the newest is the widest, and sets the padded size.
        if batches and lengths[i] * (len(batches[-1]) + 1) <= batch_tokens:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches


def _load(source: str) -> tuple["Tokenizer", "PreTrainedModel"]:
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer
    from transformers.utils import logging as hf_logging

    hf_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("transformers").setLevel(logging.ERROR)
    try:
        # A folder never reaches for the network; only a hub name may.
        local = Path(source).exists()
        tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=local)
        model, loaded = AutoModelForQuestionAnswering.from_pretrained(
            source,
            local_files_only=local,
            use_safetensors=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
    except (OSError, ValueError, ImportError, SafetensorError) as exc:
        reason = str(exc).strip().splitlines()[0]
        raise ReaderError(
            f"reader {source!r} cannot be loaded ({reason}): give a folder or a hub name "
            "of an extractive question-answering model in safetensors"
        ) from exc
    if loaded["missing_keys"]:
        # An encoder, say: transformers would fill the answer head with random numbers.
        raise ReaderError(
            f"reader {source!r} lacks weights ({sorted(loaded['missing_keys'])[0]}): give a model "
            "that was trained for extractive question answering"
        )
    model.eval()
    return tokenizer.backend_tokenizer, model
