"""The slow way to read: for models that the engine cannot run. Imports torch when used."""

import threading
from collections.abc import Sequence
from pathlib import Path

from index.engine import Floats, Tokens
from index.torch_models import load_reader


class TorchReader:
    """An `AutoModelForQuestionAnswering` in torch. Safe to use from many threads."""

    def __init__(self, folder: Path, *, type_ids: bool) -> None:
        """Load the model in this folder. Raises EngineError.

        type_ids: whether it is told which tokens are the question's.
        """
        self._model, _ = load_reader(folder)
        self._type_ids = type_ids
        self._lock = threading.Lock()

    def run(self, inputs: Sequence[Tokens]) -> list[list[Floats]]:
        """Start and end logits of each input's tokens."""
        import torch

        found = []
        for one in inputs:
            given = {"input_ids": torch.tensor([list(one.ids)])}
            if self._type_ids:
                given["token_type_ids"] = torch.tensor([list(one.type_ids)])
            with self._lock, torch.inference_mode():
                output = self._model(**given)
            found.append([output.start_logits[0].numpy(), output.end_logits[0].numpy()])
        return found
