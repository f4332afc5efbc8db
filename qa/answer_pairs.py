"""Do two answers to one question agree, in whatever words? A small model that reads both.

It is a cross-encoder: it sees the question, and of each article the answer with its sentence.
`python -m qa.train_pairs` makes its weights. Its form is that of a reader, so that the engine
runs it as one: the two logits at the first token say how much likelier than "they speak of
different things" it is that the answers agree, and that they contradict each other.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.engine import Opened, Tokens, open_model
from index.errors import EngineError
from index.once import Once
from qa.errors import ReaderError
from qa.sentence import sentence_around

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SHIPPED = Path(__file__).parent / "models" / "pairs"
MAX_TOKENS = 208
LONGEST = 400  # code points of a sentence that are read, those around the answer


@dataclass(frozen=True, slots=True)
class Said:
    """An answer and the sentence it stands in."""

    answer: str
    sentence: str

    @property
    def words(self) -> str:
        """Both, as the model reads them."""
        return f"{self.answer} : {self.sentence}"


@dataclass(frozen=True, slots=True)
class Judged:
    """Logits against their speaking of different things."""

    agree: float
    conflict: float


APART = Judged(0.0, 0.0)


class JudgesPairs(Protocol):
    """Anything that tells agreement from contradiction."""

    def judge(self, question: str, one: Said, others: Sequence[Said]) -> list[Judged]:
        """How each of the others stands to the one."""
        ...


def said(text: str, start: int, end: int) -> Said:
    """The answer text[start:end] with its sentence."""
    around = sentence_around(text, start, end)
    first = max(around.start, min(start, end - LONGEST // 2) - LONGEST // 4)
    last = min(around.end, first + LONGEST)
    return Said(text[start:end], " ".join(text[first:last].split()))


def both(one: Said, other: Said, separator: str) -> str:
    """What the model reads beside the question."""
    return f"{one.words} {separator} {other.words}"


class PairModel:
    """Judges pairs of answers with the weights in a folder. Safe to use from many threads."""

    def __init__(self, folder: str | Path | None = None) -> None:
        """`folder`: as `qa.train_pairs` writes it; None: the shipped one."""
        self._folder = Path(folder or SHIPPED)
        self._opened = Once(self._open)
        self._lock = threading.Lock()  # fast tokenizers must not be shared between threads

    def prepare(self) -> None:
        """Have the engine's form of the model made and kept, where it is not yet there."""
        self._opened.get()

    def judge(self, question: str, one: Said, others: Sequence[Said]) -> list[Judged]:
        """How each of the others stands to the one, whichever of the two is read first."""
        _, tokenizer, engine = self._opened.get()
        if not others or engine is None or tokenizer is None:
            return [APART] * len(others)
        pairs = [
            (question, both(*pair, "[SEP]"))
            for other in others
            for pair in ((one, other), (other, one))
        ]
        with self._lock:
            read = _encoded(tokenizer, pairs)
        logits = [(float(agree[0]), float(conflict[0])) for agree, conflict in engine.run(read)]
        return [
            Judged((a + c) / 2, (b + d) / 2)
            for (a, b), (c, d) in zip(logits[::2], logits[1::2], strict=True)
        ]

    def _open(self) -> Opened:
        try:
            return open_model(self._folder, "spans", name="model of answer pairs", precision=None)
        except EngineError as error:
            raise ReaderError(
                f"{self._folder}: no model of answer pairs ({error}): "
                "make it with 'python -m qa.train_pairs'"
            ) from error


def _encoded(tokenizer: "Tokenizer", pairs: Sequence[tuple[str, str]]) -> list[Tokens]:
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
    encodings = tokenizer.encode_batch(list(pairs))
    return [Tokens(encoding.ids, encoding.type_ids) for encoding in encodings]
