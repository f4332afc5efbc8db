"""Trains the model that tells whether two answers agree, on invented events.

    python -m qa.train_pairs --out FIRST
    python -m qa.train_pairs --start FIRST --reader READER --epochs 1 --learning-rate 5e-5 --out OUT

Of every question in `qa/events` that two reports answer, its `S:` line says whether they agree
or contradict each other. What a report answers to *another* question, and answers that each
tell another side, are its third kind: they speak of different things. With `--reader` what that
reader offers beside its answers in a library of every seventh event is trained on too. Judged are
the events of `qa/events/compared`, which are never trained on. Takes a quarter of an hour on two
cores, and as long again with a reader.
"""

import argparse
import logging
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]
from torch import nn
from transformers import AutoTokenizer

from index.errors import FootnoteError
from qa.answer_pairs import MAX_TOKENS, both
from qa.errors import ReaderError
from qa.events_data import COMPARED, Event, all_events
from qa.offered_pairs import offered_pairs
from qa.pairs_data import Pair, judged_pairs, pairs_apart
from qa.train import BASE
from qa.training_model import bf16_is_faster, fresh_model, write_model

log = logging.getLogger("footnote.train_pairs")

BATCH = 32
EVERY = 7  # event, of those trained on, is in the library that a reader is asked about
WARMUP = 0.1


class PairTraining:
    """One run: the encoder's weights, and two logits at the first token."""

    def __init__(self, start: str = str(BASE), *, seed: int, dropout: float = 0.1) -> None:
        """`start`: folder of the weights to go on from; by default the encoder's."""
        torch.manual_seed(seed)
        self.rng = random.Random(seed)
        self.noise = np.random.default_rng(seed)
        self.model = fresh_model(start, dropout=dropout, generator=self.noise)
        self.tokenizer = AutoTokenizer.from_pretrained(start, local_files_only=True)
        self.bf16 = bf16_is_faster()

    def train(
        self,
        events: Sequence[Event],
        judged: Sequence[Event],
        *,
        epochs: int,
        learning_rate: float,
        offered: Sequence[Pair] = (),
    ) -> None:
        """Train, and after each epoch log what the judged events show.

        offered: pairs to train on besides (`qa.offered_pairs`), in place of as many others
        that speak of different things.
        """
        gold = [pair for event in events for pair in judged_pairs(event)]
        log.info("%d pairs, %s", len(gold), [sum(p.kind == k for p in gold) for k in range(3)])
        planned: list[Pair] = []
        ends = set()
        for _ in range(epochs):
            apart = [pair for event in events for pair in pairs_apart(event, self.rng)]
            enough = max(0, min(len(apart), len(gold) - len(offered)))
            epoch = [*gold, *self.rng.sample(apart, enough), *offered]
            self.rng.shuffle(epoch)
            planned += epoch
            ends.add(len(planned) // BATCH)
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=learning_rate, weight_decay=0.01)
        steps = len(planned) // BATCH
        for step in range(steps):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate * min(
                    (step + 1) / max(1.0, WARMUP * steps), (steps - step) / ((1 - WARMUP) * steps)
                )
            batch = planned[step * BATCH : (step + 1) * BATCH]
            turned = [
                Pair(p.question, p.other, p.one, p.kind) if self.rng.random() < 0.5 else p
                for p in batch
            ]
            self.model.train()
            loss: Any = nn.functional.cross_entropy(
                self._logits(turned), torch.tensor([pair.kind for pair in turned])
            )
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            if step % 50 == 0:
                log.info("step %d of %d, loss %.3f", step, steps, float(loss.detach()))
            if step + 1 in ends:
                self.measure(judged)

    def _logits(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """Of the three kinds, the first being nought."""
        texts = [both(p.one, p.other, "[SEP]") for p in pairs]
        given = self.tokenizer(
            [pair.question for pair in pairs],
            texts,
            padding=True,
            pad_to_multiple_of=16,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        )
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            output = self.model(**given)
        told = torch.stack([output.start_logits[:, 0], output.end_logits[:, 0]], dim=1).float()
        return torch.cat([torch.zeros(len(pairs), 1), told], dim=1)

    def measure(self, events: Sequence[Event]) -> None:
        """Log how well kinds are told apart in these events."""
        self.model.train(False)
        rng = random.Random(1)
        pairs = [p for event in events for p in (*judged_pairs(event), *pairs_apart(event, rng))]
        with torch.inference_mode():
            logits = np.concatenate(
                [self._logits(pairs[at : at + BATCH]).numpy() for at in range(0, len(pairs), BATCH)]
            )
        kind = np.array([pair.kind for pair in pairs])
        both_told = kind > 0
        log.info(
            "%d pairs: told rightly %.3f, agree or conflict: AUC %.3f, either or apart: AUC %.3f",
            len(pairs),
            (logits.argmax(axis=1) == kind).mean(),
            roc_auc_score(kind[both_told] == 2, (logits[:, 2] - logits[:, 1])[both_told]),
            roc_auc_score(both_told, np.logaddexp(logits[:, 1], logits[:, 2])),
        )

    def export(self, folder: Path) -> None:
        """Write fp16 safetensors, configuration and tokenizer files into `folder`."""
        write_model(self.model, self.tokenizer, folder)


def _check(args: argparse.Namespace) -> None:
    for option, folder in (("--start", Path(args.start)), ("--reader", args.reader)):
        if folder and not (folder / "model.safetensors").is_file():
            raise ReaderError(
                f"{option} {folder}: holds no model.safetensors: name a model's folder"
            )


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder of the weights")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--start", default=str(BASE), help="folder of weights to go on from")
    parser.add_argument("--reader", type=Path, help="train on what this reader offers, too")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if args.epochs < 1:
        parser.error("--epochs: train for one at least")
    try:
        _check(args)
        events = all_events()
        offered = offered_pairs(events[::EVERY], args.reader) if args.reader else ()
        training = PairTraining(args.start, seed=args.seed)
        training.train(
            events,
            all_events(COMPARED),
            epochs=args.epochs,
            learning_rate=args.learning_rate,
            offered=offered,
        )
        training.export(args.out)
    except FootnoteError as error:
        sys.exit(f"footnote: {error}")


if __name__ == "__main__":
    main()
