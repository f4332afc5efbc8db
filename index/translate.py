"""Translates a model into the engine's form; the only part of asking that has torch.

    python -m index.translate embedding|spans FOLDER INTO

Writes the graph, the tokenizer and `about.json` into the folder INTO. What the
engine then gives is compared with torch before it is trusted: in f32, and in the
lower precisions that this CPU computes natively, which are taken where they are the
faster. Embeddings are stored and compared with those of other machines, so they must
point in the same direction too. A model that torch runs and the engine does not is recorded
as such.
Ends with status 1 and one line on standard error where the model cannot be loaded or
what came of it cannot be written.
"""

import inspect
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.engine import (
    Engine,
    Floats,
    Tokens,
    computes,
    import_openvino,
    load_tokenizer,
    native_precision,
)
from index.errors import EngineError, FootnoteError, first_line
from index.hub import weight_files
from index.int8 import write_int8
from index.torch_models import load_encoder, load_reader
from index.translated import DISK, About, Kind, Translated

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

MAX_TOKENS = 512  # where neither model nor tokenizer names a limit
AGREE = 1e-3  # largest difference from torch in f32, as a share of the largest value
AGREE_FAST = 0.1  # the same in bf16
# The same in int8. The shipped reader, its weights rounded to fewer and fewer bits with one
# scale for each output (150 questions of SQuAD 1.1): 8, 7 and 6 bits differ by 0.03, 0.04 and
# 0.14 and cost no F1 that can be told from chance, 5 bits by 0.15 and cost 0.9 points, 4 by
# 0.30 and 2.3 points.
AGREE_INT8 = 0.1
# Cosine with torch's, of embeddings in int8. The default encoder's 14,828 passages: 0.9964 at
# the least, 0.9994 on average; of 1,500 questions of SQuAD 1.1, 855 of SQuADShifts and 440 of
# TyDi QA as many find their passage first, among five and among twenty as in f32 (0.6 % more or
# fewer at the most), also where questions alone are embedded in int8.
ALIKE_INT8 = 0.99
WORTH_INT8 = 1.2  # times as fast as without
TRIED_PASSAGES, TRIED_TOKENS, TRIED_RUNS = 8, 128, 5  # to see which precision is the faster
_SAMPLE = (
    "Who steered the ferry?",
    "The ferry Alma left Marlhaven at noon. Captain Ines Tarr steered it to Orrin.",
    "",
    "Ünïcode, 北京 and 3.5 % — “quoted”…",
    "A long passage has more words than any model reads at once. " * 80,
)


class Untranslatable(Exception):
    """The engine cannot run what torch can."""


class Loaded(NamedTuple):
    """A model in torch, ready to be traced, and what it gives for texts."""

    module: "torch.nn.Module"  # input_ids, attention_mask[, token_type_ids] -> tensors
    tokenizer: "PreTrainedTokenizerBase"
    about: About
    expected: Callable[[Sequence[Tokens]], list[list[Floats]]]
    sample: list[str]  # as the tokenizer gets it


def translate(kind: Kind, folder: Path, into: Path) -> None:
    """Write the translated model.

    Raises EngineError where torch cannot load it, OSError where it cannot be written.
    """
    make = _translate_encoder if kind == "embedding" else _translate_reader
    Translated(into, make(folder, into)).record()


def _translate_encoder(folder: Path, into: Path) -> About:
    model = load_encoder(folder)
    dimension = int(model.get_embedding_dimension() or 0)
    if not dimension:
        raise EngineError("it does not say how long its vectors are")
    try:
        return _write(describe_encoder(model), folder, into)
    except Untranslatable as why:
        return About(
            "embedding",
            MAX_TOKENS,
            pad_id=0,
            type_ids=False,
            dimension=dimension,
            untranslatable=_undone(why, into),
        )


def _translate_reader(folder: Path, into: Path) -> About:
    loaded = describe_reader(*load_reader(folder))
    try:
        return _write(loaded, folder, into)
    except Untranslatable as why:
        return replace(loaded.about, untranslatable=_undone(why, into))


def _write(loaded: Loaded, folder: Path, into: Path) -> About:
    backend = loaded.tokenizer.backend_tokenizer.to_str()
    (into / "tokenizer.json").write_text(backend, encoding="utf-8")
    _write_graph(loaded, into, half=_is_half(folder))
    return _compared(loaded, Translated(into, loaded.about))


def _undone(why: Untranslatable, into: Path) -> str:
    """The reason; the tokenizer stays, since reading in torch needs it too."""
    for file in into.glob("model.*"):
        file.unlink()
    return str(why)


def _write_graph(loaded: Loaded, into: Path, *, half: bool) -> None:
    import torch

    openvino = import_openvino(converts=True)
    ids = torch.tensor([[5, 6, 7, 8], [5, 6, 7, 8]])
    example = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if loaded.about.type_ids:
        example["token_type_ids"] = torch.zeros_like(ids)
    try:
        with torch.inference_mode():
            graph = openvino.convert_model(loaded.module, example_input=example)
        for port, name in zip(graph.inputs, example, strict=True):
            port.get_tensor().set_names({name})
    except (OSError, MemoryError):
        raise
    except Exception as error:  # tracing calls any code of any model: nothing narrower is known
        raise Untranslatable(first_line(error)) from error
    # Weights that lie in half precision lose nothing by being written so again.
    openvino.save_model(graph, into / "model.xml", compress_to_fp16=half)


def _compared(loaded: Loaded, made: Translated) -> About:
    """What is known of it once it gave what torch gives. Raises Untranslatable."""
    tokenizer = load_tokenizer(made)
    tokenizer.enable_truncation(loaded.about.max_tokens)
    tokens = [Tokens(one.ids, one.type_ids) for one in tokenizer.encode_batch(loaded.sample)]
    expected = loaded.expected(tokens)
    try:
        exact = Engine(made, precision="f32", keep=False)
        difference = _difference(exact.run(tokens), expected)
        if not difference <= AGREE:
            raise Untranslatable(f"its output differs from torch by {difference:.2g}")
        fastest = exact
        if native_precision() == "bf16":
            fast = Engine(made, precision="bf16", keep=False)
            bears_it = _difference(fast.run(tokens), expected) <= AGREE_FAST
            fastest = fast if bears_it and is_faster(fast, exact) else exact
    except (EngineError, RuntimeError) as error:
        raise Untranslatable(first_line(error)) from error
    f32 = native_precision() == "bf16" and fastest is exact
    return replace(loaded.about, f32=f32, int8=_takes_int8(made, fastest, tokens, expected))


def _takes_int8(
    made: Translated, other: Engine, tokens: Sequence[Tokens], expected: Sequence[Sequence[Floats]]
) -> bool:
    """Whether int8 is worth more than the other; its graph is left in the folder where it is."""
    if not computes("INT8"):
        return False
    if _bears_int8(made, other, tokens, expected):
        return True
    for file in made.folder.glob(f"{made.model_int8.stem}.*"):
        file.unlink()
    return False


def _bears_int8(
    made: Translated, other: Engine, tokens: Sequence[Tokens], expected: Sequence[Sequence[Floats]]
) -> bool:
    try:
        if not write_int8(made.model, made.model_int8):
            return False
        small = Engine(made, precision="int8", keep=False)
        found = small.run(tokens)
        bears_it = _difference(found, expected) <= AGREE_INT8
        if made.about.kind == "embedding":
            bears_it = bears_it and _least_cosine(found, expected) >= ALIKE_INT8
    except (EngineError, RuntimeError):
        return False  # the other precisions serve
    return bears_it and is_faster(small, other, times=WORTH_INT8)


def is_faster(one: Engine, other: Engine, *, times: float = 1.0) -> bool:
    """Whether it runs passages of usual length so many times as fast as the other.

    A CPU can compute bf16 natively and take longer over it: without matrix units (AMX)
    it has been seen to take 1.6 times as long. The least time of a few runs in turn.
    """
    width = min(TRIED_TOKENS, one.about.max_tokens)
    passages = [Tokens([one.about.pad_id + 5] * width, [0] * width)] * TRIED_PASSAGES
    best = {engine: math.inf for engine in (one, other)}
    for _run in range(TRIED_RUNS):
        for engine in best:
            began = time.perf_counter()
            engine.run(passages)
            best[engine] = min(best[engine], time.perf_counter() - began)
    return best[one] * times < best[other]


def _least_cosine(found: Sequence[Sequence[Floats]], expected: Sequence[Sequence[Floats]]) -> float:
    """Of embeddings with those expected."""
    pairs = [(one, other) for (one,), (other,) in zip(found, expected, strict=True)]
    norms = [float(np.linalg.norm(one) * np.linalg.norm(other)) for one, other in pairs]
    return min(float(a @ b) / max(norm, 1e-9) for (a, b), norm in zip(pairs, norms, strict=True))


def _difference(found: Sequence[Sequence[Floats]], expected: Sequence[Sequence[Floats]]) -> float:
    """The largest, as a share of the largest value; over 1 where shapes differ."""
    largest = max(float(np.abs(array).max()) for arrays in expected for array in arrays)
    worst = 0.0
    for ours, theirs in zip(found, expected, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            if one.shape != other.shape:
                return float("inf")
            worst = max(worst, float(np.abs(one - other).max()))
    return worst / max(largest, 1e-9)


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
    about = About(
        "spans",
        _max_tokens(tokenizer, model),
        _pad_id(tokenizer),
        type_ids=_takes_types(tokenizer, model),
        null_id=None if tokenizer.cls_token_id is None else int(tokenizer.cls_token_id),
    )

    def expected(tokens: Sequence[Tokens]) -> list[list[Floats]]:
        try:
            with torch.inference_mode():
                outputs = [module(**_alone(one, type_ids=about.type_ids)) for one in tokens]
        except Exception as error:  # any code of any model
            raise EngineError(f"torch cannot run it either: {first_line(error)}") from error
        return [[logits[0].numpy() for logits in output] for output in outputs]

    return Loaded(module, tokenizer, about, expected, [text for text in _SAMPLE if text])


def describe_encoder(model: "SentenceTransformer") -> Loaded:
    """All of the model's modules in one: a vector of length 1 for a text. Raises Untranslatable."""
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
        raise Untranslatable("it is made of other parts than a transformer")
    prompts, tokenizer = model.prompts, model.tokenizer
    if not getattr(tokenizer, "is_fast", False):
        raise Untranslatable("it has no fast tokenizer")
    passage = next((prompts[n] for n in ("document", "passage", "corpus") if n in prompts), "")
    about = About(
        "embedding",
        _within(int(model.max_seq_length or 0), _max_tokens(tokenizer, model.transformers_model)),
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
    named = inspect.signature(model.forward).parameters
    kinds = getattr(model.config, "type_vocab_size", 2)  # XLNet takes them and has no such number
    return (
        kinds > 1 and "token_type_ids" in named and "token_type_ids" in tokenizer.model_input_names
    )


def _alone(tokens: Tokens, *, type_ids: bool) -> Mapping[str, "torch.Tensor"]:
    import torch

    ids = torch.tensor([list(tokens.ids)])
    given = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    return given | ({"token_type_ids": torch.tensor([list(tokens.type_ids)])} if type_ids else {})


def _max_tokens(tokenizer: "PreTrainedTokenizerBase", model: "PreTrainedModel") -> int:
    positions = int(getattr(model.config, "max_position_embeddings", 0) or 0)
    if model.config.model_type in ("roberta", "xlm-roberta", "camembert", "mpnet", "longformer"):
        positions -= _pad_id(tokenizer) + 1  # theirs are counted from behind the padding's
    return _within(positions, int(tokenizer.model_max_length))


def _within(*limits: int) -> int:
    """The least of the limits that mean something."""
    return min([limit for limit in limits if 0 < limit < 100_000], default=MAX_TOKENS)


def _pad_id(tokenizer: "PreTrainedTokenizerBase") -> int:
    return int(tokenizer.pad_token_id or 0)


def _is_half(folder: Path) -> bool:
    """Whether all weights lie in 16 bits."""
    from safetensors import safe_open

    for file in weight_files(folder):
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
    except FootnoteError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{DISK}{error.errno or 0} {error.strerror or error}")
    except Exception as error:  # the end of this process: whoever started it gets one line
        sys.exit(f"{type(error).__name__}: {first_line(error)}")


if __name__ == "__main__":
    main()
