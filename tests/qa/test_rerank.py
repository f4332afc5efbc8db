from dataclasses import replace

import pytest

from index.embed import HashEncoder
from index.library import Library
from index.search import Searcher
from index.types import Article, Hit, Passage, Sourced
from qa.confidence import EvidenceWeights
from qa.reader import ScriptedReader
from qa.rerank import Reranker, by_evidence
from qa.types import Span

WEIGHTS = EvidenceWeights(margin=1.0, nearness=2.0, wording=0.0)


def hit(article, *, nearness=0.0):
    return Hit(Passage(article, 0, 9, "Ada won it"), 0.0, 0.5, None, nearness, 0.0)


def test_the_strongest_single_span_decides():
    first, second, third = hit("a", nearness=1.0), hit("b"), hit("c")
    spans = [
        [Span(0, 3, 1.0, 0.0), Span(4, 7, 1.0, 0.0)],
        [Span(0, 3, 5.0, 1.0)],
        [Span(0, 3, 3.5, 0.0)],
    ]
    # 1 + 2, 4, 3.5
    assert by_evidence([first, second, third], spans, WEIGHTS) == (second, third, first)


def test_what_gives_no_span_comes_last_in_its_old_order():
    hits = [hit(name) for name in "abcd"]
    spans = [[], [Span(0, 3, -9.0, 0.0)], [], [Span(0, 3, -8.0, 0.0)]]
    assert by_evidence(hits, spans, WEIGHTS) == (hits[3], hits[1], hits[0], hits[2])


def test_equal_evidence_keeps_the_order_of_search():
    hits = [hit(name) for name in "abc"]
    assert by_evidence(hits, [[Span(0, 3, 1.0, 0.0)]] * 3, WEIGHTS) == tuple(hits)
    assert by_evidence([], [], WEIGHTS) == ()


@pytest.fixture
def searcher(tmp_path):
    encoder = HashEncoder()
    with Library.open(tmp_path / "library", create=True) as library:
        texts = [f"Storm number {n}." for n in range(30)]
        library.add(
            [
                Article(text=text, title=Sourced("t", "x"), path=f"/{n}", file_sha256="0" * 64)
                for n, text in enumerate(texts)
            ],
            encoder,
        )
        yield Searcher.open(library, encoder)


def test_passages_beyond_those_read_follow_as_they_were_found(searcher):
    reader = ScriptedReader({"number 7": 20.0})
    found = searcher.search("storm", top_k=30)
    ranked = Reranker(searcher, reader, WEIGHTS).search("storm", top_k=30)
    assert ranked.hits[0].passage.text == "Storm number 7."
    assert set(ranked.hits) == set(found.hits)
    assert ranked.hits[20:] == found.hits[20:]
    assert replace(ranked, hits=()) == replace(found, hits=())


def test_top_k_limits_what_comes_back_not_what_is_read(searcher):
    place = [hit.passage.text for hit in searcher.search("storm", top_k=20).hits].index(
        "Storm number 7."
    )
    assert place > 2
    reader = ScriptedReader({"number 7": 20.0})
    (best, _) = Reranker(searcher, reader, WEIGHTS).search("storm", top_k=2).hits
    assert best.passage.text == "Storm number 7."
    assert Reranker(searcher, reader, WEIGHTS).search("storm", top_k=0).hits == ()
