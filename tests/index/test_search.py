from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embed import HashEncoder, Vectors
from index.errors import EncoderMismatch, FilterError
from index.library import Library
from index.search import TELLING_BM25, Searcher
from index.types import Article, Filters, Sourced

VOCABULARY = ["storm", "ship", "harbour", "minister", "vote", "goal", "river", "bridge", "fire"]


class FixedEncoder(HashEncoder):
    """Gives the vector that the last word of a text names, so that tests choose the cosines."""

    def __init__(self, **vectors: list[float]) -> None:
        super().__init__(dimension=2)
        self._vectors = {word: np.array(vector, np.float32) for word, vector in vectors.items()}

    def encode_passages(self, texts) -> Vectors:
        return np.stack([self._vectors[text.strip(" .?").split()[-1]] for text in texts])


def bodies(searcher: Searcher, query: str, **options) -> list[str]:
    return [hit.passage.text for hit in searcher.search(query, **options).hits]


def worded(searcher: Searcher, query: str) -> list[str]:
    """Only what the words found."""
    return [hit.passage.text for hit in searcher.search(query).hits if hit.bm25 is not None]


def fill(library, make_article, encoder, *texts: str, **options) -> Searcher:
    library.add(
        [
            make_article(text, title=f"T{n}", path=f"/{n}", headline=False, **options)
            for n, text in enumerate(texts)
        ],
        encoder,
    )
    return Searcher.open(library, encoder)


def test_an_empty_library_finds_nothing(library, encoder):
    hits = Searcher.open(library, encoder).search("storm")
    assert (hits.hits, hits.searched, hits.passages, hits.filtered_out) == ((), 0, 0, False)


def test_scores_are_shares_of_the_best_combined_6_to_4(library, make_article):
    encoder = FixedEncoder(east=[1, 0], near=[0.8, 0.6], west=[-1, 0], north=[0, 1])
    texts = ["Ship near.", "Ship east.", "Storm north.", "Rain west.", "Fog west."]
    searcher = fill(library, make_article, encoder, *texts)
    hits = {hit.passage.text: hit for hit in searcher.search("storm east").hits}
    assert {text: pytest.approx(hit.dense) for text, hit in hits.items()} == {
        "Ship east.": 1.0,
        "Ship near.": 0.8,
        "Storm north.": 0.0,
        "Rain west.": -1.0,
        "Fog west.": -1.0,
    }
    assert hits["Ship near."].bm25 is None and hits["Rain west."].bm25 is None
    # "storm" and "east" stand in one passage of five each: the same weight, the best there is.
    assert hits["Ship east."].bm25 == hits["Storm north."].bm25 > TELLING_BM25
    assert [(text, hit.score) for text, hit in hits.items()] == [
        ("Ship east.", 1.0),  # 0.6 * 1.0 / 1.0 + 0.4 * 1
        ("Ship near.", 0.48),  # 0.6 * 0.8 / 1.0
        ("Storm north.", 0.4),  # 0.6 * 0.0 / 1.0 + 0.4 * 1
        ("Rain west.", 0.0),  # a cosine below zero counts as none
        ("Fog west.", 0.0),
    ]


def test_what_only_the_meaning_or_only_the_words_find_comes_up_either_way(library, make_article):
    encoder = FixedEncoder(east=[1, 0], west=[-1, 0])
    far = [f"Rain {n} west." for n in range(150)]
    searcher = fill(library, make_article, encoder, *far, "Storm west.", "Gale east.")
    found = bodies(searcher, "Storm of the east", top_k=2)
    assert set(found) == {"Storm west.", "Gale east."}


def test_tied_scores_keep_the_order_of_adding(library, make_article):
    encoder = FixedEncoder(east=[1, 0])
    texts = [f"Word{n} east." for n in (5, 3, 9, 1, 7)]
    searcher = fill(library, make_article, encoder, *texts)
    assert bodies(searcher, "nothing like it east?") == texts


def test_top_k_limits_what_comes_back(library, make_article, encoder):
    searcher = fill(library, make_article, encoder, *(f"Storm {n}." for n in range(20)))
    every = bodies(searcher, "storm 7", top_k=20)
    assert len(every) == 20 and every[0] == "Storm 7."
    assert bodies(searcher, "storm 7", top_k=3) == every[:3]
    assert bodies(searcher, "storm 7", top_k=0) == []


def test_words_that_stand_in_most_passages_decide_nothing(library, make_article):
    encoder = FixedEncoder(east=[1, 0], near=[0.8, 0.6], north=[0, 1])
    texts = ["Ship storm near.", "Storm, storm, storm: storm north.", "Storm east."]
    searcher = fill(library, make_article, encoder, *texts)
    hits = searcher.search("storm by east").hits
    assert all(hit.bm25 and hit.bm25 < TELLING_BM25 for hit in hits)
    # Their cosines alone, to which "east", in one of three passages, adds what it tells.
    assert [hit.passage.text for hit in hits] == [texts[2], texts[0], texts[1]]
    assert hits[1].score == pytest.approx(0.6 * 0.8, abs=1e-4)
    assert hits[2].score == pytest.approx(0.0, abs=1e-4)


texts = st.lists(
    st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6).map(" ".join),
    min_size=1,
    max_size=25,
    unique=True,
)


@settings(max_examples=40, deadline=None)
@given(texts=texts, query=st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=4))
def test_the_order_is_that_of_brute_force(tmp_path_factory, texts, query):
    encoder = HashEncoder()
    articles = [
        Article(text, Sourced("T", "file name"), f"/{n}", "") for n, text in enumerate(texts)
    ]
    with Library.open(tmp_path_factory.mktemp("l") / "library", create=True) as library:
        library.add(articles, encoder)
        hits = Searcher.open(library, encoder).search(" ".join(query), top_k=50).hits
    cosines = encoder.encode_passages(texts) @ encoder.encode_queries([" ".join(query)])[0]
    assert {hit.passage.text: pytest.approx(hit.dense, abs=1e-5) for hit in hits} == dict(
        zip(texts, cosines, strict=True)
    )
    assert {hit.passage.text for hit in hits if hit.bm25 is not None} == {
        text for text in texts if set(text.split()) & set(query)
    }
    best_dense = max(0.0, *cosines)
    best_bm25 = max((hit.bm25 or 0.0 for hit in hits), default=0.0)
    best_bm25 = max(best_bm25, TELLING_BM25)
    for hit in hits:
        assert hit.dense is not None
        nearness = max(hit.dense, 0) / best_dense if best_dense > 0 else 0
        wording = (hit.bm25 or 0.0) / best_bm25
        assert hit.score == pytest.approx(0.6 * nearness + 0.4 * wording, abs=1e-5)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_words_are_found_by_their_stem_without_accents_or_case(library, make_article, encoder):
    searcher = fill(library, make_article, encoder, "Über São Paulo.", "It was KILLING.", "Rain.")
    assert worded(searcher, "sao") == ["Über São Paulo."]
    assert worded(searcher, "who u\u0308ber?") == ["Über São Paulo."]
    assert worded(searcher, "killed") == ["It was KILLING."]


def test_a_headline_s_words_find_the_passages_below_it(library, make_article, encoder):
    library.add(
        [
            make_article("Nine died.", title="Zeppelin lands", path="/1"),
            make_article("Nine lived.", title="Peace talks", path="/2"),
        ],
        encoder,
    )
    found = worded(Searcher.open(library, encoder), "zeppelin")
    assert sorted(found) == ["Nine died.", "Zeppelin lands"]


def test_words_that_only_shape_a_question_count_for_nothing(library, make_article, encoder):
    searcher = fill(library, make_article, encoder, "Who is it that was there?", "Ten ships.")
    assert worded(searcher, "Who is it that sank the ships?") == ["Ten ships."]


def test_a_query_of_nothing_else_uses_them(library, make_article, encoder):
    searcher = fill(library, make_article, encoder, "Who is it?", "Ten ships.")
    assert worded(searcher, "Who?") == ["Who is it?"]


@pytest.mark.parametrize(
    "query",
    ["", " ", '"', "storm\x00ship", 'storm" OR "', "NEAR(storm ship)", "storm*", "title:storm",
     "storm AND", "(((", "😀", "^storm", "-storm", "{storm} : ship", "'; DROP TABLE x; --",
     "storm " * 5000, " ".join(f"word{n}" for n in range(3000)), "שלום",
     "storm\u202e", "_", "\ud800"],
)  # fmt: skip
def test_anything_may_be_asked(library, make_article, encoder, query):
    searcher = fill(library, make_article, encoder, "The storm.", "A ship.")
    hits = searcher.search(query).hits
    assert {hit.passage.text for hit in hits} == {"The storm.", "A ship."}
    if "storm" in query:
        assert hits[0].passage.text == "The storm." or "ship" in query


@pytest.fixture
def dated(library, make_article, encoder) -> Searcher:
    authors = {"a": ["Éva Low"], "b": ["Bo Roe", "éva low"], "c": ["Bo Roe"], "d": ["Cy Day"]}
    days = {
        "a": ("AFP", "2019-11-06T10:42:15+00:00"),
        "b": ("afp", "2019-11-07"),
        "c": ("Reuters", "2019-11"),
        "d": ("Reuters", None),
        "e": (None, None),
        "f": ("Ａgence É", "2020-01-01"),
    }
    library.add(
        [
            replace(
                make_article(
                    f"Storm {name}.",
                    path=name,
                    title=name,
                    source=source,
                    published=day,
                    headline=False,
                ),
                authors=tuple(Sourced(author, "byline") for author in authors.get(name, ())),
            )
            for name, (source, day) in days.items()
        ],
        encoder,
    )
    return Searcher.open(library, encoder)


@pytest.mark.parametrize(
    ("filters", "expected", "undated"),
    [
        (Filters(), "abcdef", 0),
        (Filters(sources=("AFP",)), "ab", 0),
        (Filters(sources=("Afp ", "REUTERS")), "abcd", 0),
        (Filters(sources=("agence é",)), "f", 0),
        (Filters(after="2019-11-07"), "bcf", 2),
        (Filters(before="2019-11-06"), "ac", 2),
        (Filters(after="2019-11-06", before="2019-11-06"), "ac", 2),
        (Filters(after="2019-12-01"), "f", 2),
        (Filters(sources=("reuters",), after="2019-11-30"), "c", 1),
        (Filters(sources=("AFP",), after="2020-01-01"), "", 0),
        (Filters(authors=("Éva Low",)), "ab", 0),
        (Filters(authors=("ÉVA LOW ", "Bo Roe")), "abc", 0),
        (Filters(authors=("bo roe",), sources=("afp",)), "b", 0),
        (Filters(authors=("bo roe",), before="2019-11-07"), "bc", 0),
        (Filters(authors=("Cy Day",), after="2019-01-01"), "", 1),
    ],
)
def test_filters_let_through_what_they_name(dated, filters, expected, undated):
    hits = dated.search("storm", filters=filters)
    assert "".join(sorted(hit.passage.text[6] for hit in hits.hits)) == expected
    assert hits.searched == len(expected)
    assert hits.undated_left_out == undated
    assert hits.filtered_out == (expected == "")
    assert hits.passages == 6


@pytest.mark.parametrize("day", ["yesterday", "2019-13-01", "06/11/2019", "2019"])
def test_a_date_that_is_none_is_refused(dated, day):
    with pytest.raises(FilterError, match=f"'{day}' is not a day: write it as YYYY-MM-DD"):
        dated.search("storm", filters=Filters(after=day))


def test_filters_apply_before_the_best_are_chosen(library, make_article, encoder):
    near = [make_article(f"Storm storm {n}.", path=f"/{n}", source="AFP") for n in range(150)]
    far = make_article("Nothing like it.", path="/far", source="Reuters")
    library.add([*near, far], encoder)
    searcher = Searcher.open(library, encoder)
    hits = searcher.search("storm storm 3", top_k=2, filters=Filters(sources=("Reuters",))).hits
    assert {hit.passage.article_id for hit in hits} == {far.id}


def test_one_text_in_several_articles_is_one_hit(library, make_article, encoder):
    one = make_article("Nine ships sank.", path="/1", source="AFP")
    two = make_article("Nine ships sank.", path="/2", source="Reuters")
    library.add([one, two], encoder)
    searcher = Searcher.open(library, encoder)
    assert {hit.passage.article_id for hit in searcher.search("ships").hits} == {one.id}
    assert len(searcher.search("ships").hits) == 2  # headline and body
    reuters = searcher.search("ships", filters=Filters(sources=("Reuters",))).hits
    assert {hit.passage.article_id for hit in reuters} == {two.id}


def test_an_open_searcher_sees_what_others_change(library, make_article, encoder):
    one, two = make_article("Nine ships.", path="/1"), make_article("Ten boats.", path="/2")
    searcher = Searcher.open(library, encoder)
    with Library.open(library.folder) as other:
        with other.adding():
            other.add([one, two], encoder)
        assert bodies(searcher, "ships boats nine ten", top_k=2) == ["Nine ships.", "Ten boats."]
        other.remove([one.id])
        assert "Nine ships." not in bodies(searcher, "ships")
        other.remove([two.id], purge=True)
        assert bodies(searcher, "boats") == []
        other.add([replace(one, path="/3")], encoder)
        assert bodies(searcher, "ships")[0] == "Nine ships."


def test_an_open_searcher_sees_a_rebuild(library, make_article, encoder):
    library.add([make_article("Nine ships.")], encoder)
    searcher = Searcher.open(library, encoder)
    before = searcher.search("ships").hits
    library.rebuild(encoder)
    assert searcher.search("ships").hits == before
    library.rebuild(HashEncoder(name="other"))
    with pytest.raises(EncoderMismatch, match="made with encoder 'other'"):
        searcher.search("ships")


def test_the_same_hits_come_back_after_closing_and_opening(library, make_article, encoder):
    with library.adding():
        library.add([make_article(f"Ship {n} sank.", path=f"/{n}") for n in range(30)], encoder)
    before = Searcher.open(library, encoder).search("ship 7")
    library.close()
    with Library.open(library.folder) as again:
        assert Searcher.open(again, encoder).search("ship 7") == before


def test_many_threads_get_the_same_hits(library, make_article, encoder):
    searcher = fill(library, make_article, encoder, *(f"Ship {n} sank." for n in range(50)))
    alone = [searcher.search(f"ship {n}") for n in range(50)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda n: searcher.search(f"ship {n}"), range(50))) == alone


def test_ties_keep_the_order_of_articles_though_passages_were_made_anew(library, make_article):
    encoder = FixedEncoder(east=[1, 0])
    one, two = (
        make_article(f"Word{n} east.", path=f"/{n}", title="T", headline=False) for n in (1, 2)
    )
    library.add([one, two], encoder)
    library.remove([one.id])
    library.add([one], encoder)
    assert bodies(Searcher.open(library, encoder), "east") == ["Word1 east.", "Word2 east."]


def test_any_number_can_be_asked_for(library, make_article, encoder):
    searcher = fill(library, make_article, encoder, *(f"Ship {n}." for n in range(250)))
    assert len(bodies(searcher, "nothing that stands there", top_k=200)) == 200
    assert len(bodies(searcher, "ship", top_k=1000)) == 250


def test_the_fused_score_can_be_of_cosines_or_of_words_alone(library, make_article):
    encoder = FixedEncoder(east=[1, 0], near=[0.8, 0.6], north=[0, 1])
    texts = ["Harbour east.", "Lantern festival north.", "Meadow near."]
    fill(library, make_article, encoder, *texts)

    def first(weight: float) -> str:
        searcher = Searcher.open(library, encoder, dense_weight=weight)
        return bodies(searcher, "lantern by festival in east")[0]

    assert (first(1.0), first(0.0)) == (texts[0], texts[1])


def test_a_hit_says_its_shares_of_the_best(library, make_article):
    encoder = FixedEncoder(east=[1, 0], near=[0.8, 0.6], north=[0, 1])
    searcher = fill(library, make_article, encoder, "Harbour east.", "Meadow near.", "Hill north.")
    found = {hit.passage.text: hit for hit in searcher.search("east").hits}
    assert found["Harbour east."].nearness == pytest.approx(1.0)
    assert found["Meadow near."].nearness == pytest.approx(0.8)
    assert found["Hill north."].nearness == pytest.approx(0.0, abs=1e-6)
    best = found["Harbour east."]
    assert best.bm25 is not None and best.wording == pytest.approx(1.0)
    assert found["Meadow near."].wording == pytest.approx(1 - best.bm25 / max(best.bm25, 1.0))


def test_telling_words_side_by_side_count_as_a_phrase(library, make_article, encoder):
    texts = [
        "Harbour fire, then a festival parade.",
        "A parade by the harbour, then a festival and a fire.",
        *(f"Note {n} on gulls." for n in range(9)),
    ]
    searcher = fill(library, make_article, encoder, *texts)
    assert bodies(searcher, "festival parade?")[0] == texts[0]
    assert bodies(searcher, "harbour fire?")[0] == texts[0]
    # With a word between them, or a word of no weight, they are no phrase.
    apart = {hit.passage.text: hit.bm25 for hit in searcher.search("harbour a fire").hits}
    side = {hit.passage.text: hit.bm25 for hit in searcher.search("harbour fire").hits}
    assert side[texts[0]] > apart[texts[0]]
    assert side[texts[1]] == pytest.approx(apart[texts[1]])


def test_how_like_texts_are_is_the_cosine_of_their_embeddings(library):
    encoder = FixedEncoder(east=[1, 0], near=[0.8, 0.6], west=[-1, 0])
    searcher = Searcher.open(library, encoder)
    likeness = searcher.likeness("Ship east.", ["Storm near.", "Rain west.", "Ship east."])
    assert likeness == pytest.approx([0.8, -1.0, 1.0])
    assert searcher.likeness("Ship east.", []) == []
