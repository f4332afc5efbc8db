"""The slow way to embed: for models that the engine cannot run. Imports torch when used."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from index.torch_models import load_encoder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class TorchEncoder:
    """A Sentence Transformers model in torch. Safe to use from many threads; they take turns."""

    def __init__(self, folder: Path) -> None:
        """Load the model in this folder. Raises EngineError."""
        self._model: SentenceTransformer = load_encoder(folder)
        self._lock = threading.Lock()

    def encode(
        self, texts: Sequence[str], role: Literal["query", "passage"]
    ) -> NDArray[np.float32]:
        """Vectors of length 1, shape (texts, dimension)."""
        encode = self._model.encode_query if role == "query" else self._model.encode_document
        with self._lock:
            vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)
