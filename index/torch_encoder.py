"""The slow way to embed: for models that the engine cannot run. Imports torch when used."""

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from index.errors import EngineError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

UNLOADABLE = (OSError, ValueError, LookupError, RuntimeError, ImportError, TypeError)


class TorchEncoder:
    """A Sentence Transformers model in torch. Safe to use from many threads."""

    def __init__(self, folder: Path) -> None:
        """Take the model in this folder; it is loaded on first use."""
        self._folder = folder
        self._lock = threading.Lock()

    def encode(
        self, texts: Sequence[str], role: Literal["query", "passage"]
    ) -> NDArray[np.float32]:
        """Vectors of length 1, shape (texts, dimension)."""
        model = self._model
        encode = model.encode_query if role == "query" else model.encode_document
        with self._lock:
            vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

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
        except (*UNLOADABLE, SafetensorError) as error:
            reason = str(error).strip().splitlines()
            raise EngineError(reason[0] if reason else type(error).__name__) from error
