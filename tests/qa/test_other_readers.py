"""Readers of other shapes than the shipped one: tiny random models with tokenizers of their own.

For each, the spans are compared with a brute-force search over the logits that
transformers gives for the same question and passage.
"""

import numpy as np
import pytest
import torch
from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)
from transformers import (
    AutoModelForQuestionAnswering,
    AutoTokenizer,
    BertConfig,
    DebertaV2Config,
    DistilBertConfig,
    ElectraConfig,
    MPNetConfig,
    PreTrainedTokenizerFast,
    RobertaConfig,
)

from qa.reader import SpanReader, windows
from qa.types import Span
from qa.wording import worded

TEXT = """The ferry Alma left Marlhaven at noon, with 212 people on board (40 of them children).
Captain Ines Tarr steered it to Orrin; “no one was hurt”, she said. It cost £3.5 million.
Ünal Çelik's bakery re-opened in May — his third. 北京 was mentioned twice."""
PASSAGE = (
    "  Captain Ines Tarr steered the ferry (Alma) to Orrin,\n  in May;  it cost £3.5 million. "
)
QUESTION = "Who steered the ferry?"

SMALL = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 48,
}
WORDPIECE_BERT = ("wordpiece", "[CLS] $A [SEP] $B:1 [SEP]:1")
CONFIGS = {
    "bert": (WORDPIECE_BERT, lambda size: BertConfig(vocab_size=size, **SMALL)),
    "electra": (
        WORDPIECE_BERT,
        lambda size: ElectraConfig(vocab_size=size, embedding_size=16, **SMALL),
    ),
    "distilbert": (
        ("wordpiece", "[CLS] $A [SEP] $B [SEP]"),
        lambda size: DistilBertConfig(
            vocab_size=size, dim=32, n_layers=2, n_heads=4, hidden_dim=48
        ),
    ),
    "roberta": (
        ("bytes", "<s> $A </s> </s> $B </s>"),
        lambda size: RobertaConfig(
            vocab_size=size, max_position_embeddings=130, pad_token_id=1, **SMALL
        ),
    ),
    "mpnet": (
        ("wordpiece-s", "<s> $A </s> </s> $B </s>"),
        lambda size: MPNetConfig(vocab_size=size, pad_token_id=1, **SMALL),
    ),
    "deberta-v2": (
        ("unigram", "[CLS] $A [SEP] $B:1 [SEP]:1"),
        lambda size: DebertaV2Config(
            vocab_size=size,
            relative_attention=True,
            position_buckets=16,
            pos_att_type=["p2c", "c2p"],
            position_biased_input=False,
            type_vocab_size=0,
            **SMALL,
        ),
    ),
}


def train_tokenizer(kind: str, template: str) -> PreTrainedTokenizerFast:
    angular = kind in ("bytes", "wordpiece-s")
    cls, pad, sep, unk, mask = (
        ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
        if angular
        else ("[CLS]", "[PAD]", "[SEP]", "[UNK]", "[MASK]")
    )
    # RoBERTa's padding is token 1, BERT's token 0.
    special = [cls, pad, sep, unk, mask] if angular else [pad, cls, sep, unk, mask]
    if kind == "bytes":
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=400,
            special_tokens=special,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
    elif kind == "unigram":
        tokenizer = Tokenizer(models.Unigram())
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        trainer = trainers.UnigramTrainer(
            vocab_size=120, special_tokens=special, unk_token=unk, show_progress=False
        )
    else:
        tokenizer = Tokenizer(models.WordPiece(unk_token=unk))
        tokenizer.normalizer = normalizers.BertNormalizer()
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        trainer = trainers.WordPieceTrainer(
            vocab_size=200, special_tokens=special, show_progress=False
        )
    tokenizer.train_from_iterator(TEXT.splitlines(), trainer)
    ids = [(token, tokenizer.token_to_id(token)) for token in (cls, sep)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{cls} $A {sep}", pair=template, special_tokens=ids
    )
    names = ["input_ids", "attention_mask", *(["token_type_ids"] if ":1" in template else [])]
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_input_names=names,
        cls_token=cls,
        pad_token=pad,
        sep_token=sep,
        unk_token=unk,
        mask_token=mask,
        model_max_length=128,
    )


@pytest.fixture(scope="module", params=CONFIGS)
def folder(request, tmp_path_factory):
    (kind, template), config = CONFIGS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    tokenizer = train_tokenizer(kind, template)
    torch.manual_seed(11)
    model = AutoModelForQuestionAnswering.from_config(config(len(tokenizer)))
    with torch.no_grad():  # of a random model all logits are nearly the same
        model.qa_outputs.weight.mul_(50)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def reader(folder):
    return SpanReader(folder, precision="f32", n_best=5)


def brute_force(folder, question: str, passage: str) -> list[tuple[float, str]]:
    """Every span of at most 30 tokens inside the passage with its score, best first.

    With sound ends, as the reader gives them: those rules have tests of their own.
    """
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForQuestionAnswering.from_pretrained(folder).eval()
    encoded = tokenizer(question, passage, return_tensors="pt", return_offsets_mapping=True)
    offsets = encoded.pop("offset_mapping")[0].tolist()
    inside = [i for i, s in enumerate(encoded.sequence_ids(0)) if s == 1]
    if getattr(model.config, "type_vocab_size", 0) <= 1:  # DeBERTa's tokenizer gives them unasked
        encoded.pop("token_type_ids", None)
    with torch.inference_mode():
        output = model(**encoded)
    start, end = output.start_logits[0].numpy(), output.end_logits[0].numpy()
    spans = [
        Span(offsets[i][0], offsets[j][1], float(start[i] + end[j]), 0.0)
        for i in inside
        for j in inside
        if i <= j < i + 30 and passage[offsets[i][0] : offsets[j][1]].strip()
    ]
    sound = [(span.score, passage[span.start : span.end]) for span in worded(passage, spans)]
    best = sorted(sound, reverse=True)
    return [(float(start[0] + end[0]), ""), *best]


def test_it_finds_what_brute_force_finds(folder, reader):
    null, *expected = brute_force(folder, QUESTION, PASSAGE)
    (spans,) = reader.read(QUESTION, [PASSAGE])
    assert spans[0].score == pytest.approx(expected[0][0], abs=1e-3)
    assert spans[0].null_score == pytest.approx(null[0], abs=1e-3)
    assert PASSAGE[spans[0].start : spans[0].end] == expected[0][1]
    for span in spans:
        text = PASSAGE[span.start : span.end]
        assert any(
            text == other and span.score == pytest.approx(score, abs=1e-3)
            for score, other in expected
        )


def test_every_word_of_a_long_passage_is_in_a_window_and_none_is_too_long(folder, reader):
    passage = PASSAGE * 20
    form, tokenizer, engine = reader._opened.get()
    assert engine is not None
    assert form.about.max_tokens == 128
    cut = windows(tokenizer, [(QUESTION, passage)], max_tokens=128)
    assert len(cut) > 3
    assert max(len(window.ids) for window in cut) <= 128
    seen = np.zeros(len(passage), bool)
    for window in cut:
        for inside, (start, end) in zip(window.in_passage, window.offsets, strict=True):
            if inside:
                seen[start:end] = True
    assert all(seen[i] or passage[i].isspace() for i in range(len(passage)))
    (spans,) = reader.read(QUESTION, [passage])
    assert spans
    for span in spans:
        text = passage[span.start : span.end]
        assert text and text == text.strip()


def test_a_question_longer_than_a_window_is_cut(reader):
    question = "Who of all the people on board steered the ferry " * 30 + "?"
    (spans,) = reader.read(question, [PASSAGE * 10])
    assert spans


def test_reading_in_a_batch_is_like_reading_alone(reader):
    passages = [PASSAGE, "Orrin.", PASSAGE * 3]
    together = reader.read(QUESTION, passages)
    for passage, spans in zip(passages, together, strict=True):
        (alone,) = reader.read(QUESTION, [passage])
        assert spans[0].score == pytest.approx(alone[0].score, abs=1e-3)
        assert (spans[0].start, spans[0].end) == (alone[0].start, alone[0].end)
