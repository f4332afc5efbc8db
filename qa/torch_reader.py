"""The slow way to read: for models that the engine cannot run. Imports torch when used."""

import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.engine import Floats, Tokens
from index.errors import EngineError
from index.torch_encoder import UNLOADABLE

if TYPE_CHECKING:
    from transformers import PreTrainedModel


class TorchReader:
    """An `AutoModelForQuestionAnswering` in torch."""

    def __init__(self, folder: Path, *, type_ids: bool) -> None:
        """Take the model in this folder; it is loaded on first use.

        type_ids: whether it is told which tokens are the question's.
        """
        self._folder, self._type_ids = folder, type_ids

    def run(self, inputs: Sequence[Tokens]) -> list[list[Floats]]:
        """Start and end logits of each input's tokens. Raises EngineError if it does not load."""
        import torch

        model = self._model
        found = []
        for one in inputs:
            given = {"input_ids": torch.tensor([list(one.ids)])}
            if self._type_ids:
                given["token_type_ids"] = torch.tensor([list(one.type_ids)])
            with torch.inference_mode():
                output = model(**given)
            found.append([output.start_logits[0].numpy(), output.end_logits[0].numpy()])
        return found

    @cached_property
    def _model(self) -> "PreTrainedModel":
        import torch
        from safetensors import SafetensorError
        from torch import nn
        from transformers import AutoModelForQuestionAnswering
        from transformers.utils import logging as hf_logging

        hf_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        logging.getLogger("transformers").setLevel(logging.ERROR)
        try:
            model: PreTrainedModel = AutoModelForQuestionAnswering.from_pretrained(
                self._folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
            )
        except (*UNLOADABLE, SafetensorError) as error:
            reason = str(error).strip().splitlines()
            raise EngineError(reason[0] if reason else type(error).__name__) from error
        nn.Module.eval(model)
        return model
