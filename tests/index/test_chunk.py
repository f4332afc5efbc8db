from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.chunk import chunk
from index.errors import IngestError
from index.types import Article, Sourced


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def article(text: str, body_start: int = 0) -> Article:
    return Article(
        text=text,
        title=Sourced("Title", "header"),
        path="/a.txt",
        file_sha256="",
        body_start=body_start,
    )


def texts(text: str, **options: int) -> list[str]:
    return [passage.text for passage in chunk(article(text), token_count=words, **options)]


space = [" ", ". ", "\n", "\n\n", "\r\n", "\x85", "\u3000", "\x00"]
script = ["שלום. ", "مرحبا", "\u202e", "。", "e\u0301", "\u200d", "\ufe0f", "👩\u200d👩\u200d👧"]
prose = ["Mr. ", "No. 5 ", "; ", ", ", "— ", "“A.” "]
awkward = st.lists(
    st.one_of(
        st.sampled_from([*space, *script, *prose]),
        st.text(max_size=8),
        st.text(alphabet="ab .,;\n", max_size=12),
    ),
    max_size=14,
).map("".join)


@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=awkward, share=st.floats(0, 1), max_tokens=st.integers(1, 12), overlap=st.integers(0, 2)
)
def test_passages_are_exact_and_lose_no_word(
    text: str, share: float, max_tokens: int, overlap: int
):
    body_start = int(share * len(text))
    passages = chunk(
        article(text, body_start),
        token_count=words,
        max_tokens=max_tokens,
        overlap_sentences=overlap,
    )
    covered = 0
    previous = (-1, -1)
    for passage in passages:
        assert passage.text == text[passage.start : passage.end] != ""
        assert passage.text == passage.text.strip()
        assert passage.end <= body_start or passage.start >= body_start
        assert words([passage.text])[0] <= max_tokens
        assert previous[0] < passage.start and previous[1] < passage.end
        assert not text[covered : passage.start].strip()
        covered = max(covered, passage.end)
        previous = (passage.start, passage.end)
    assert not text[covered:].strip()


def test_whole_sentences_fill_the_budget_and_the_last_is_repeated():
    assert texts("A one two. B one two. C one two. D one.", max_tokens=7) == [
        "A one two. B one two.",
        "B one two. C one two.",
        "C one two. D one.",
    ]


def test_an_overlap_that_does_not_fit_is_left_out():
    assert texts("A. B one two three. C one two three.", max_tokens=5) == [
        "A. B one two three.",
        "C one two three.",
    ]


def test_overlap_can_be_two_sentences_or_none():
    text = "A one. B one. C one. D one."
    assert texts(text, max_tokens=6, overlap_sentences=2) == [
        "A one. B one. C one.",
        "B one. C one. D one.",
    ]
    assert texts(text, max_tokens=6, overlap_sentences=0) == ["A one. B one. C one.", "D one."]


def test_a_headline_is_a_passage_of_its_own():
    text = "Storm hits coast\n\nIt rained. Ships sank."
    assert [
        (passage.start, passage.end)
        for passage in chunk(article(text, text.index("It")), token_count=words)
    ] == [(0, 16), (18, 40)]


def test_a_sentence_beyond_the_budget_is_cut_between_clauses():
    text = "The first part of it is long, and the second part of it is long too."
    assert texts(text, max_tokens=9) == [
        "The first part of it is long,",
        "and the second part of it is long too.",
    ]


def test_a_sentence_without_clauses_is_cut_between_words():
    assert texts("one two three four five six", max_tokens=3) == ["one two three", "four five six"]


def test_a_word_too_long_to_read_is_cut_between_characters():
    family = "👩\u200d👩\u200d👧"
    passages = texts(family * 100, max_tokens=1)
    assert "".join(passages) == family * 100
    assert len(passages) > 1
    assert all(len(passage) <= 20 for passage in passages)
    assert not any(
        passage.startswith("\u200d") or passage.endswith("\u200d") for passage in passages
    )


@pytest.mark.parametrize("text", ["", "  \n\n "])
def test_an_article_without_words_has_no_passages(text: str):
    assert texts(text) == []


def test_half_a_surrogate_pair_is_refused_by_name_and_place():
    with pytest.raises(IngestError, match=r"^/a\.txt: .*U\+D83D.* character 3 of its text: save"):
        chunk(article("bad\ud83d"), token_count=words)


def test_a_budget_of_nothing_is_refused():
    with pytest.raises(ValueError, match="max_tokens"):
        texts("A.", max_tokens=0)
