"""Models in torch, as the libraries load them: to be translated, or to run where that fails."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import EngineError, first_line

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_UNLOADABLE = (OSError, ValueError, LookupError, RuntimeError, ImportError, TypeError)


def load_encoder(folder: Path) -> "SentenceTransformer":
    """A Sentence Transformers model, in f32. Raises EngineError."""
    import torch
    from sentence_transformers import SentenceTransformer

    with _loading():
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        ).eval()


def load_reader(folder: Path) -> "tuple[PreTrainedModel, PreTrainedTokenizerBase]":
    """An `AutoModelForQuestionAnswering`, in f32, and its fast tokenizer. Raises EngineError."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    with _loading():
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        model, info = AutoModelForQuestionAnswering.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
    if not tokenizer.is_fast:
        raise EngineError("it has no tokenizer.json and none can be made from its files")
    if info["missing_keys"]:
        # An encoder, say: transformers would fill the answer head with random numbers.
        raise EngineError(
            f"it lacks weights ({sorted(info['missing_keys'])[0]}): give a model that was trained "
            "for extractive question answering"
        )
    return model.eval(), tokenizer


@contextmanager
def _loading() -> Iterator[None]:
    """Without bars and reports; what the libraries raise for a model that is none, as one kind."""
    from safetensors import SafetensorError
    from transformers.utils import logging as hf_logging

    hf_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("transformers").setLevel(logging.ERROR)
    try:
        yield
    except (*_UNLOADABLE, SafetensorError) as error:
        raise EngineError(first_line(error)) from error
