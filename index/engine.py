"""Runs an encoder-type transformer fast on a CPU, without importing torch.

A translated model (see `index.translated`) is compiled by OpenVINO in the fastest of the
precisions that this CPU computes natively and the model bears. Knows nothing of what a model's
outputs mean: token ids go in, arrays come out.
"""

import os
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import EngineError
from index.translated import Kind, Precision, Translated, translated

if TYPE_CHECKING:
    from types import ModuleType

    from openvino import InferRequest
    from tokenizers import Tokenizer

Floats = NDArray[np.float32]
Inputs = Mapping[str, NDArray[np.int64]]  # by the model's names, each (batch, width)
BATCH_TOKENS = 1024  # in one call, padding included: what fits a core's cache runs fastest
WIDTH_STEP = 16  # tokens; every new width costs a call's set-up, so there are few
INT8_GROUP = 64  # values of a token that share a scale in int8


# OpenVINO sets the process's locale to "C" while it reads a model, and back: two at
# once would leave it there, and Python would read files as ASCII from then on.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Tokens:
    """One input of the model, special tokens included."""

    ids: Sequence[int]  # (tokens,)
    type_ids: Sequence[int]  # (tokens,)


class Engine:
    """One compiled model. Safe to use from many threads; they take turns."""

    def __init__(
        self,
        form: Translated,
        *,
        precision: Precision | None = None,
        keep: bool = True,
        bulk: bool = False,
    ) -> None:
        """Compile. Raises EngineError.

        precision: None for the fastest here that the model bears: int8, bf16 or f32.
        keep: what was compiled beside the model, for the next time.
        bulk: a batch for each thread instead of all threads for each batch. Much is done
        in less time so, above all on a machine that has other things to do; one input takes
        longer.
        """
        core = import_openvino().Core()
        self.about = form.about
        self.precision = precision or _fastest(form)
        graph = form.model_int8 if self.precision == "int8" else form.model
        self.streams = threads() if bulk else 1
        settings: dict[str, str | int] = {
            "INFERENCE_PRECISION_HINT": "bf16" if self.precision == "bf16" else "f32",
            "INFERENCE_NUM_THREADS": threads(),
            "PERFORMANCE_HINT": "THROUGHPUT" if bulk else "LATENCY",
            "NUM_STREAMS": self.streams,
        }
        if self.precision == "int8":
            # Within one token: of a batch, none may change what another gives.
            settings["DYNAMIC_QUANTIZATION_GROUP_SIZE"] = INT8_GROUP
        if keep and os.access(form.folder, os.W_OK):
            # OpenVINO checks what it finds there, and makes anew what is not whole.
            settings["CACHE_DIR"] = str(form.folder / "compiled")
        try:
            with _one_at_a_time:
                compiled = core.compile_model(graph, "CPU", settings)
        except RuntimeError as error:  # the library raises no narrower kind
            reason = str(error).strip().splitlines()[-1]
            raise EngineError(f"{graph} cannot be run: {reason}") from error
        self._compiled = compiled
        self._request = compiled.create_infer_request()
        self._queue = import_openvino().AsyncInferQueue(compiled, self.streams) if bulk else None
        self._inputs = [port.any_name for port in compiled.inputs]
        self._lock = threading.Lock()

    def run(self, inputs: Sequence[Tokens]) -> list[list[Floats]]:
        """For each input the model's outputs; those of each token are cut to its tokens.

        They depend on nothing but the input: how far it is padded, which the last
        bit of a sum can show, is its own affair and not that of its neighbours.
        """
        outputs: list[list[Floats]] = [[] for _ in inputs]
        widths = [self._width(len(one.ids)) for one in inputs]

        def keep(request: "InferRequest", batch: Sequence[int]) -> None:
            arrays = [np.array(tensor.data) for tensor in request.output_tensors]
            for row, i in enumerate(batch):
                n = len(inputs[i].ids)
                outputs[i] = [a[row, :n] if self.about.per_token else a[row] for a in arrays]

        # Few inputs too are shared out among the streams.
        budget = min(BATCH_TOKENS, -(-sum(widths) // self.streams))
        planned = batches(widths, budget)
        if self._queue is None:
            for batch in planned:
                given = self._padded([inputs[i] for i in batch], widths[batch[0]])
                with self._lock:
                    self._request.infer(given, share_inputs=True)
                    keep(self._request, batch)
            return outputs
        with self._lock:
            self._queue.set_callback(keep)
            try:
                for batch in reversed(planned):  # the longest first: no stream is left with one
                    given = self._padded([inputs[i] for i in batch], widths[batch[0]])
                    self._queue.start_async(given, userdata=batch)
            finally:
                self._queue.wait_all()
        return outputs

    def rest(self) -> None:
        """Let go of the memory that running took; the next run takes it anew."""
        with self._lock:
            self._compiled.release_memory()

    def _width(self, tokens: int) -> int:
        """The next step, but no more than the model takes."""
        step = -(-tokens // WIDTH_STEP) * WIDTH_STEP
        return min(step, max(self.about.max_tokens, tokens, 1))

    def _padded(self, batch: Sequence[Tokens], width: int) -> Inputs:
        ids = np.full((len(batch), width), self.about.pad_id, dtype=np.int64)
        types, mask = np.zeros_like(ids), np.zeros_like(ids)
        for row, one in enumerate(batch):
            n = len(one.ids)
            ids[row, :n], types[row, :n], mask[row, :n] = one.ids, one.type_ids, 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        return {name: given[name] for name in self._inputs}


class Opened(NamedTuple):
    """A model ready for use."""

    form: Translated
    tokenizer: "Tokenizer | None"  # only encoders that run in torch may lack it
    engine: Engine | None  # None where only torch can run it


def open_model(
    folder: Path,
    kind: Kind,
    *,
    name: str,
    precision: Precision | None = None,
    bulk: bool = False,
) -> Opened:
    """The model in this folder; what of it in the cache is damaged is made anew.

    name: what to call it. bulk: for many inputs at once, see `Engine`.
    Raises EngineError where it cannot be loaded.
    """
    form = translated(folder, kind, name=name)
    try:
        return _opened(form, precision, bulk=bulk)
    except EngineError:  # files of the right size with the wrong bytes
        return _opened(translated(folder, kind, name=name, instead_of=form), precision, bulk=bulk)


def _opened(form: Translated, precision: Precision | None, *, bulk: bool) -> Opened:
    tokenizer = load_tokenizer(form) if form.tokenizer.exists() else None
    runs = not form.about.untranslatable
    engine = Engine(form, precision=precision, bulk=bulk) if runs else None
    return Opened(form, tokenizer, engine)


def import_openvino(*, converts: bool = False) -> "ModuleType":
    """OpenVINO without its telemetry, which would report each translation.

    converts: with its converter, whose import takes twice the time of the rest.
    """
    # What cannot be imported it does without: it has a stub for the package that reports.
    unwanted = ["openvino_telemetry", *([] if converts else ["openvino.tools.ovc"])]
    absent = [name for name in unwanted if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None: as documented
    try:
        import openvino
    finally:
        for name in set(absent) - {"openvino_telemetry"}:
            sys.modules.pop(name, None)  # others may want it
    module: ModuleType = openvino
    return module


def batches(widths: Sequence[int], batch_tokens: int) -> list[list[int]]:
    """Indices grouped by width, each group at most `batch_tokens` or one input."""
    grouped: list[list[int]] = []
    for i in sorted(range(len(widths)), key=widths.__getitem__):
        last = grouped[-1] if grouped else []
        if last and widths[last[0]] == widths[i] and widths[i] * (len(last) + 1) <= batch_tokens:
            last.append(i)
        else:
            grouped.append([i])
    return grouped


def threads() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def native_precision() -> Precision:
    """bf16 where the CPU computes it natively (AVX-512 BF16 or AMX), else f32."""
    return "bf16" if computes("BF16") else "f32"


def computes(capability: str) -> bool:
    """Whether the CPU computes this natively, as OpenVINO names it: BF16, INT8."""
    return capability in import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _fastest(form: Translated) -> Precision:
    if form.about.int8 and computes("INT8"):
        return "int8"
    return "f32" if form.about.f32 else native_precision()


def load_tokenizer(form: Translated) -> "Tokenizer":
    """The model's tokenizer, without padding or truncation; not to be shared between threads.

    Raises EngineError.
    """
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(form.tokenizer))
    except Exception as error:  # the library raises no narrower kind
        raise EngineError(f"{form.tokenizer} is damaged ({error})") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
