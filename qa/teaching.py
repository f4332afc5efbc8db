"""A larger reader that a smaller one learns from while it trains.

Besides the answer that the data gives, the pupil learns how the teacher spreads its belief over
the words of a window and over no answer (knowledge distillation, Hinton, Vinyals and Dean 2015).
The two may mark beginnings and ends differently, but must cut words alike.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from transformers import (
    AutoModelForQuestionAnswering,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from qa.errors import ReaderError
from qa.training_windows import Labelled

_ROLES = ("cls_token", "sep_token", "pad_token", "mask_token", "unk_token")
_IMPOSSIBLE = -1e4  # logit of what is no token of the window


class Teacher:
    """Reads the windows of a pupil and says where, by its own belief, answers start and end."""

    def __init__(self, folder: str | Path, pupil: PreTrainedTokenizerBase) -> None:
        """`folder`: of an `AutoModelForQuestionAnswering` whose vocabulary holds the pupil's.

        Raises ReaderError if it does not.
        """
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self.model: PreTrainedModel = AutoModelForQuestionAnswering.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32, attn_implementation="eager"
        ).eval()
        self._ids = _same_pieces(pupil, tokenizer, str(folder))
        self._sep: int = tokenizer.sep_token_id
        self._pad: int = tokenizer.pad_token_id
        self._pupils_sep: int = pupil.sep_token_id
        pair = tokenizer("a", "b", return_token_type_ids=True)
        parts = pair.sequence_ids(0)
        self._between = parts.index(1) - parts.index(0) - 1  # separators, where the pupil has one
        self._passage_type: int = pair["token_type_ids"][parts.index(1)]

    def logits(
        self, items: Sequence[Labelled], width: int, *, bf16: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Of starts and of ends at the pupil's tokens, each (windows, width); -1e4 on padding."""
        more = self._between - 1
        ids = torch.full((len(items), width + more), self._pad)
        types, mask = (torch.zeros_like(ids) for _ in range(2))
        places = torch.zeros(len(items), width, dtype=torch.long)
        for row, item in enumerate(items):
            size = len(item.ids)
            question = int(np.flatnonzero(item.ids == self._pupils_sep)[0]) + 1  # its tokens
            place = np.arange(size) + more * (np.arange(size) >= question)
            ids[row, question : question + more] = self._sep
            ids[row, torch.from_numpy(place)] = torch.from_numpy(self._ids[item.ids])
            types[row, question + more : size + more] = self._passage_type
            mask[row, : size + more] = 1
            places[row, :size] = torch.from_numpy(place)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            said = self.model(input_ids=ids, token_type_ids=types, attention_mask=mask)
        padding = torch.arange(width)[None, :] >= torch.tensor([[len(i.ids)] for i in items])
        start, end = (
            each.float().gather(1, places).masked_fill(padding, _IMPOSSIBLE)
            for each in (said.start_logits, said.end_logits)
        )
        return start, end


def divergence(
    pupil: torch.Tensor, teacher: torch.Tensor, *, temperature: float = 1.5
) -> torch.Tensor:
    """How far the pupil's distribution is from the teacher's, a mean over windows, in nats.

    Kullback-Leibler, of logits (windows, tokens) divided by `temperature`, times its square, which
    keeps the gradient's size; what is padding to the teacher counts for nothing.
    """
    padding = teacher <= _IMPOSSIBLE
    said = pupil.float().masked_fill(padding, _IMPOSSIBLE)
    apart = functional.kl_div(
        functional.log_softmax(said / temperature, dim=1),
        functional.softmax(teacher / temperature, dim=1),
        reduction="batchmean",
    )
    return apart * temperature**2


def _same_pieces(
    pupil: PreTrainedTokenizerBase, teacher: PreTrainedTokenizerBase, folder: str
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The teacher's id of each of the pupil's word pieces; special ones by what they are for."""
    known = teacher.get_vocab()
    roles = {getattr(pupil, role): getattr(teacher, role) for role in _ROLES}
    ids = np.zeros(len(pupil), np.int64)
    lacking = []
    for piece, number in pupil.get_vocab().items():
        its_own = roles.get(piece, piece)
        if its_own not in known:
            lacking.append(piece)
        else:
            ids[number] = known[its_own]
    if lacking:
        raise ReaderError(
            f"{folder}: lacks {len(lacking)} word pieces of the reader that it is to teach "
            f"({', '.join(sorted(lacking)[:3])}): a teacher must cut words alike"
        )
    return ids
