"""Translates a model into the engine's form; the only part of asking that has torch.

    python -m index.translate embedding|spans FOLDER INTO

Writes the graph, the tokenizer and `about.json` into the folder INTO. What the
engine then gives is compared with torch before it is trusted. A model that torch
runs and the engine does not is recorded as such. Ends with status 1 and one
line on standard error where the model cannot be loaded.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.engine import Engine, Floats, Tokens, import_openvino, load_tokenizer
from index.errors import EngineError
from index.torch_encoder import UNLOADABLE
from index.translated import About, Kind, Translated

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

MAX_TOKENS = 512  # where neither model nor tokenizer names a limit
AGREE = 1e-3  # largest difference from torch, both in f32
_SAMPLE = (
    "Who steered the ferry?",
    "The ferry Alma left Marlhaven at noon. Captain Ines Tarr steered it to Orrin.",
    "",
    "Ünïcode, 北京 and 3.5 % — “quoted”…",
    "A long passage has more words than any model reads at once. " * 80,
)


class Loaded(NamedTuple):
    """A model in torch, ready to be traced, and what it gives for texts."""

    module: "torch.nn.Module"  # input_ids, attention_mask[, token_type_ids] -> tensors
    tokenizer: "PreTrainedTokenizerBase"
    about: About
    expected: Callable[[Sequence[Tokens]], list[list[Floats]]]
    sample: list[str]  # as the tokenizer gets it


def translate(kind: Kind, folder: Path, into: Path) -> None:
    """Write the translated model. Raises EngineError where torch cannot load it."""
    about = (
        _translate_encoder(folder, into) if kind == "embedding" else _translate_reader(folder, into)
    )
    Translated(into, about).record()


def _translate_encoder(folder: Path, into: Path) -> About:
    model = load_encoder(folder)
    try:
        loaded = describe_encoder(model)
        return _write(loaded, folder, into)
    except Exception as error:  # tracing calls any code of any model: nothing narrower is known
        return About(
            "embedding",
            MAX_TOKENS,
            pad_id=0,
            type_ids=False,
            dimension=int(model.get_embedding_dimension() or 0),
            untranslatable=_undone(error, into),
        )


def _translate_reader(folder: Path, into: Path) -> About:
    loaded = describe_reader(*load_reader(folder))
    try:
        return _write(loaded, folder, into)
    except Exception as error:  # as above
        return replace(loaded.about, untranslatable=_undone(error, into))


def _write(loaded: Loaded, folder: Path, into: Path) -> About:
    (into / "tokenizer.json").write_text(loaded.tokenizer.backend_tokenizer.to_str())
    _write_graph(loaded, into, half=_is_half(folder))
    _compare(loaded, Translated(into, loaded.about))
    return loaded.about


def _undone(error: Exception, into: Path) -> str:
    """The reason; the tokenizer stays, since reading in torch needs it too."""
    for file in into.glob("model.*"):
        file.unlink()
    return _first_line(error)


@contextmanager
def _loading() -> Iterator[None]:
    """What the libraries raise for a model that is none, as one kind of error."""
    from safetensors import SafetensorError

    try:
        yield
    except (*UNLOADABLE, SafetensorError) as error:
        raise EngineError(_first_line(error)) from error


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _write_graph(loaded: Loaded, into: Path, *, half: bool) -> None:
    import torch

    openvino = import_openvino()

    ids = torch.tensor([[5, 6, 7, 8], [5, 6, 7, 8]])
    example = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if loaded.about.type_ids:
        example["token_type_ids"] = torch.zeros_like(ids)
    with torch.inference_mode():
        graph = openvino.convert_model(loaded.module, example_input=example)
    for port, name in zip(graph.inputs, example, strict=True):
        port.get_tensor().set_names({name})
    # Weights that lie in half precision lose nothing by being written so again.
    openvino.save_model(graph, into / "model.xml", compress_to_fp16=half)


def _compare(loaded: Loaded, made: Translated) -> None:
    """Raises ValueError where the engine in f32 differs from torch."""
    tokenizer = load_tokenizer(made)
    tokenizer.enable_truncation(loaded.about.max_tokens)
    encoded = tokenizer.encode_batch(loaded.sample)
    tokens = [Tokens(one.ids, one.type_ids) for one in encoded]
    found = Engine(made, precision="f32").run(tokens)
    for ours, theirs in zip(found, loaded.expected(tokens), strict=True):
        for one, other in zip(ours, theirs, strict=True):
            difference = float(np.abs(one - other).max())
            if not difference <= AGREE:
                raise ValueError(f"the engine's output differs from torch by {difference:.2g}")


def load_reader(folder: Path) -> "tuple[PreTrainedModel, PreTrainedTokenizerBase]":
    """An `AutoModelForQuestionAnswering` and its tokenizer. Raises EngineError."""
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


def describe_reader(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> Loaded:
    """Start and end logit of each token."""
    import torch

    class Spans(torch.nn.Module):
        """The model with plain tensors in and out, as tracing needs it."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(
            self,
            input_ids: torch.Tensor,
            attention_mask: torch.Tensor,
            token_type_ids: torch.Tensor | None = None,
        ) -> tuple[torch.Tensor, torch.Tensor]:
            types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
            given = {"input_ids": input_ids, "attention_mask": attention_mask} | types
            output = self.model(**given)
            return output.start_logits, output.end_logits

    module = Spans()
    limit, types = _max_tokens(tokenizer, model), _takes_types(tokenizer, model)
    about = About("spans", limit, _pad_id(tokenizer), type_ids=types)

    def expected(tokens: Sequence[Tokens]) -> list[list[Floats]]:
        with torch.inference_mode():
            return [
                [output[0].numpy() for output in module(**_alone(one, type_ids=types))]
                for one in tokens
            ]

    return Loaded(module, tokenizer, about, expected, [text for text in _SAMPLE if text])


def load_encoder(folder: Path) -> "SentenceTransformer":
    """A Sentence Transformers model. Raises EngineError."""
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


def describe_encoder(model: "SentenceTransformer") -> Loaded:
    """All of the model's modules in one: a vector of length 1 for a text."""
    import torch

    class Embedding(torch.nn.Module):
        """The model with plain tensors in and out, as tracing needs it."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(
            self,
            input_ids: torch.Tensor,
            attention_mask: torch.Tensor,
            token_type_ids: torch.Tensor | None = None,
        ) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            if token_type_ids is not None:
                features["token_type_ids"] = token_type_ids
            embedding = self.model(features)["sentence_embedding"]
            return torch.nn.functional.normalize(embedding, p=2, dim=1)

    if model.transformers_model is None:
        raise ValueError("it is made of other parts than a transformer")
    prompts, tokenizer = model.prompts, model.tokenizer
    passage = next((prompts[n] for n in ("document", "passage", "corpus") if n in prompts), "")
    about = About(
        "embedding",
        int(model.max_seq_length or MAX_TOKENS),
        _pad_id(tokenizer),
        type_ids=_takes_types(tokenizer, model.transformers_model),
        dimension=int(model.get_embedding_dimension() or 0),
        query_prompt=str(prompts.get("query") or ""),
        passage_prompt=str(passage or ""),
    )

    def expected(_: Sequence[Tokens]) -> list[list[Floats]]:
        # By its own prompts, tokenizing and limit: those are compared too.
        texts = list(_SAMPLE)
        queries = model.encode_query(texts, normalize_embeddings=True, show_progress_bar=False)
        passages = model.encode_document(texts, normalize_embeddings=True, show_progress_bar=False)
        return [[vector] for vector in (*queries, *passages)]

    sample = [prompt + t for prompt in (about.query_prompt, about.passage_prompt) for t in _SAMPLE]
    return Loaded(Embedding(), tokenizer, about, expected, sample)


def _takes_types(tokenizer: "PreTrainedTokenizerBase", model: "torch.nn.Module") -> bool:
    """Whether it was trained with token types: it takes them and its tokenizer gives them."""
    able = getattr(model.config, "type_vocab_size", 0) > 1
    return able and "token_type_ids" in tokenizer.model_input_names


def _alone(tokens: Tokens, *, type_ids: bool) -> Mapping[str, "torch.Tensor"]:
    import torch

    ids = torch.tensor([list(tokens.ids)])
    given = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    return given | ({"token_type_ids": torch.tensor([list(tokens.type_ids)])} if type_ids else {})


def _max_tokens(tokenizer: "PreTrainedTokenizerBase", model: "PreTrainedModel") -> int:
    positions = int(getattr(model.config, "max_position_embeddings", 0) or MAX_TOKENS)
    pad = _pad_id(tokenizer)
    if model.config.model_type in ("roberta", "xlm-roberta", "camembert", "mpnet", "longformer"):
        positions -= pad + 1  # their positions are counted from behind the padding's
    return min(positions, int(tokenizer.model_max_length))


def _pad_id(tokenizer: "PreTrainedTokenizerBase") -> int:
    return int(tokenizer.pad_token_id or 0)


def _is_half(folder: Path) -> bool:
    """Whether all weights lie in 16 bits."""
    from safetensors import safe_open

    for file in folder.rglob("*.safetensors"):
        with safe_open(file, "np") as tensors:
            kinds = {tensors.get_slice(name).get_dtype() for name in tensors.keys()}
        if kinds & {"F32", "F64"}:
            return False
    return True


def main() -> None:
    """Translate as the command line says."""
    kind, folder, into = sys.argv[1:]
    if kind not in ("embedding", "spans"):
        sys.exit(f"{kind!r} is no kind of model: embedding or spans")
    try:
        translate("embedding" if kind == "embedding" else "spans", Path(folder), Path(into))
    except EngineError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
