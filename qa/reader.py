"""Reads passages for a question: windows, model, spans mapped back to code points.

The reader answers "which words of this passage, and how much better than no
answer"; it does not compare passages and knows nothing of articles.
"""

import hashlib
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from index.engine import Opened, Tokens, open_model
from index.errors import EngineError
from index.hub import model_folder, weight_files
from index.once import Once
from index.translated import Precision, sha256
from qa.errors import ReaderError
from qa.spans import best_spans
from qa.torch_reader import TorchReader
from qa.types import Span
from qa.wording import worded

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

    from index.engine import Engine

log = logging.getLogger(__name__)

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

    def warm_up(self) -> None:
        """Load what reading needs."""
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
    64 tokens, or a quarter of the window where that is less. Works for any pair
    template, since the tokenizer adds the special tokens itself.
    """
    tokenizer.no_padding()
    tokenizer.no_truncation()
    limit = min(MAX_QUESTION_TOKENS, max_tokens // 4)
    questions = {question: _shorten(tokenizer, question, limit) for question, _ in pairs}
    longest = max((tokens for _, tokens in questions.values()), default=0)
    room = max_tokens - longest - tokenizer.num_special_tokens_to_add(is_pair=True)
    stride = min(OVERLAP, room * 4 // 5)  # a short window must still get on
    tokenizer.enable_truncation(max_tokens, stride=stride, strategy="only_second")
    encodings = tokenizer.encode_batch([(questions[q][0], passage) for q, passage in pairs])
    tokenizer.no_truncation()
    return [
        _window(pair, piece)
        for pair, encoding in enumerate(encodings)
        for piece in (encoding, *encoding.overflowing)
    ]


def _shorten(tokenizer: "Tokenizer", question: str, limit: int) -> tuple[str, int]:
    """The question cut to at most so many tokens, and how many it has."""
    offsets = tokenizer.encode(question, add_special_tokens=False).offsets
    if len(offsets) <= limit:
        return question, len(offsets)
    return question[: offsets[limit - 1][1]], limit


def _window(pair: int, piece: "Encoding") -> Window:
    in_passage = [sequence == 1 for sequence in piece.sequence_ids]
    return Window(pair, piece.ids, piece.type_ids, in_passage, piece.offsets)


class SpanReader:
    """Reads with an extractive question-answering model from a folder or by hub name.

    Runs on the engine, without torch; a model that the engine cannot run falls
    back to torch and says so once. Safe to use from many threads.
    """

    def __init__(
        self,
        name: str | Path | None = None,
        *,
        n_best: int = 20,
        precision: Precision | None = None,
    ) -> None:
        """`name`: a folder or hub name of an `AutoModelForQuestionAnswering`; None: the shipped.

        precision: of the engine; None: the best that this CPU computes natively.
        """
        self._source = str(name) if name else str(SHIPPED)
        self.name = Path(self._source).name if name else "footnote-reader"
        self._n_best, self._precision = n_best, precision
        self._opened = Once(self._open)
        self._torch = Once(self._open_in_torch)
        self._lock = threading.Lock()  # fast tokenizers must not be shared between threads

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the weights' files, 16 hex digits."""
        hashes = [sha256(file) for file in weight_files(self._folder)]
        if len(hashes) == 1:
            return hashes[0][:16]
        return hashlib.sha256("".join(hashes).encode()).hexdigest()[:16]

    @property
    def precision(self) -> str:
        """What it computes in here: that of the engine, or f32 in torch."""
        engine = self._opened.get().engine
        return engine.precision if engine else "f32"

    def prepare(self) -> None:
        """Have the engine's form of the model made and kept, where it is not yet there."""
        self._opened.get()

    def warm_up(self) -> None:
        """Load tokenizer and weights now instead of at the first question."""
        _ = self._running

    def read(self, question: str, passages: Sequence[str]) -> list[list[Span]]:
        """For each passage its n-best spans, best first; offsets are code points into it."""
        return self.read_pairs([(question, passage) for passage in passages])

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[list[Span]]:
        """For each (question, passage) its n-best spans, best first."""
        form, tokenizer, _ = self._opened.get()
        assert tokenizer is not None  # a reader without one is refused when it is translated
        longest = min(MAX_TOKENS, form.about.max_tokens)
        with self._lock:
            cut = windows(tokenizer, pairs, max_tokens=longest)
        logits = self._running.run([Tokens(window.ids, window.type_ids) for window in cut])
        found: list[list[Span]] = [[] for _ in pairs]
        for window, (start, end) in zip(cut, logits, strict=True):
            passage = pairs[window.pair][1]
            null = form.about.null_id
            found[window.pair] += decode(
                window, start, end, passage, n_best=self._n_best, null_id=null
            )
        passages = [passage for _, passage in pairs]
        sound = map(worded, passages, found)
        return [_best_of(spans)[: self._n_best] for spans in sound]

    @cached_property
    def _folder(self) -> Path:
        with self._named_errors():
            return model_folder(self._source)

    @property
    def _running(self) -> "Engine | TorchReader":
        return self._opened.get().engine or self._torch.get()

    def _open(self) -> Opened:
        name, folder = f"reader '{self.name}'", self._folder
        with self._named_errors():
            if not (folder / "config.json").is_file() or not weight_files(folder):
                raise EngineError("config.json or safetensors weights are missing")
            return open_model(folder, "spans", name=name, precision=self._precision)

    def _open_in_torch(self) -> TorchReader:
        about = self._opened.get().form.about
        log.warning(
            "reader '%s' runs in torch, and slower: the engine cannot run it (%s)",
            self.name,
            about.untranslatable,
        )
        with self._named_errors():
            return TorchReader(self._folder, type_ids=about.type_ids)

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        """A model that cannot be loaded, said with its name and the cure."""
        try:
            yield
        except EngineError as error:
            raise ReaderError(
                f"reader '{self._source}' cannot be loaded ({error}): give a folder or a hub name "
                "of an extractive question-answering model in safetensors"
            ) from error


class ScriptedReader:
    """A reader that knows its answers beforehand: the fake for tests."""

    name = "scripted"
    fingerprint = "scripted"

    def __init__(self, margins: Mapping[str, float]) -> None:
        """Words to find, each with how much better than no answer they are (logits)."""
        self._margins = dict(margins)

    def warm_up(self) -> None:
        """Nothing: there is no model."""

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
    null_id: int | None = None,
) -> list[Span]:
    """Spans of one window in code points of its passage, best first.

    start, end: logits, shape (tokens,). The null score is that of the token
    `null_id` ([CLS]) in this window, or of the first token. Spans never leave
    the passage, and carry no white space at their ends.
    """
    inside = np.array(window.in_passage)
    at = window.ids.index(null_id) if null_id in window.ids else 0
    null = float(start[at] + end[at])
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
