import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.embed import DEFAULT_ENCODER, HashEncoder, SentenceEncoder, open_encoder
from index.errors import EncoderError


@pytest.fixture(scope="module")
def default() -> SentenceEncoder:
    return open_encoder()


def test_hash_encoder_is_the_same_for_ever():
    vector = HashEncoder(dimension=4).encode_queries(["storm"])[0]
    np.testing.assert_allclose(vector, [-0.7685655, 0.23990819, 0.47195157, 0.35918355], atol=1e-6)


def test_hash_encoder_puts_texts_that_share_words_near():
    query, near, far = HashEncoder().encode_passages(
        ["Storm at sea", "a storm at sea", "peace talks"]
    )
    assert query @ near > 0.7 > 0.4 > query @ far


def test_hash_encoder_gives_length_1_even_without_words():
    vectors = HashEncoder().encode_passages(["", "...", "one two three"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert vectors.dtype == np.float32


def test_hash_encoders_of_other_names_are_other_encoders():
    one, other = HashEncoder(name="a"), HashEncoder(name="b")
    assert one.fingerprint != other.fingerprint
    assert not np.allclose(one.encode_queries(["storm"]), other.encode_queries(["storm"]))


def test_default_encoder_knows_meaning(default: SentenceEncoder):
    passages = default.encode_passages(
        ["A gale tore roofs off houses.", "Parliament passed the budget."]
    )
    scores = passages @ default.encode_queries(["What damage did the storm do?"])[0]
    assert scores[0] > 0.25 > 0.15 > scores[1]
    assert passages.shape == (2, default.dimension) == (2, 384)
    assert passages.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)


def test_default_encoder_takes_no_texts(default: SentenceEncoder):
    assert default.encode_passages([]).shape == (0, 384)
    assert default.encode_queries([]).shape == (0, 384)
    assert default.count_tokens([]) == []


def test_tokens_are_counted_without_special_ones_and_without_a_limit(default: SentenceEncoder):
    assert default.count_tokens(["The storm", "", "Ishkobod", "word " * 1000]) == [2, 0, 5, 1000]


def test_default_encoder_can_be_shared_by_threads(default: SentenceEncoder):
    texts = [f"storm number {n}" for n in range(8)]
    alone = [default.encode_queries([text]) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        counts = [pool.submit(default.count_tokens, texts * 20) for _ in range(8)]
        together = list(pool.map(lambda text: default.encode_queries([text]), texts))
        assert {tuple(count.result()) for count in counts} == {(3,) * 160}
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_loading_shows_no_progress_bar(default: SentenceEncoder, capfd: pytest.CaptureFixture[str]):
    SentenceEncoder(default.folder).encode_queries(["storm"])
    assert capfd.readouterr().err == ""


def test_the_same_weights_are_the_same_encoder_under_any_name(default: SentenceEncoder):
    again = open_encoder(str(default.folder))
    assert again.name != default.name == DEFAULT_ENCODER
    assert again.fingerprint == default.fingerprint


def test_a_folder_without_a_model_is_refused(tmp_path: Path):
    with pytest.raises(EncoderError, match=r"holds no Sentence Transformers model.*--encoder"):
        open_encoder(str(tmp_path))


def test_pickled_weights_are_refused(tmp_path: Path):
    (tmp_path / "modules.json").write_text("[]")
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(EncoderError, match="safetensors"):
        open_encoder(str(tmp_path))


def test_a_damaged_model_gets_one_clear_line(tmp_path: Path, default: SentenceEncoder):
    for file in default.folder.rglob("*"):
        if file.is_file() and file.stat().st_size < 1_000_000:
            copy = tmp_path / file.relative_to(default.folder)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"\x10\x00\x00\x00\x00\x00\x00\x00 torn")
    with pytest.raises(EncoderError, match=r"^encoder '.*' cannot be loaded from .*: ") as caught:
        open_encoder(str(tmp_path)).encode_queries(["storm"])
    assert "\n" not in str(caught.value)


def test_a_torn_tokenizer_gets_one_clear_line(tmp_path: Path, default: SentenceEncoder):
    for file in default.folder.iterdir():
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "tokenizer.json").unlink()
    (tmp_path / "tokenizer.json").write_text('{"version": "1.0", "trunc')
    with pytest.raises(EncoderError, match=r"^encoder '.*' cannot be loaded from .*: ") as caught:
        open_encoder(str(tmp_path)).count_tokens(["storm"])
    assert "\n" not in str(caught.value)


def test_a_name_that_is_nothing_is_refused_without_a_network(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    with pytest.raises(EncoderError, match="no encoder 'nobody/nothing': it is neither a folder"):
        open_encoder("nobody/nothing")
