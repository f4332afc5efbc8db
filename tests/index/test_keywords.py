import numpy as np
import pytest

from index.keywords import Counts, Terms, WordSearch, terms_of, view_of

NONE = np.zeros(0, dtype=np.int64)


@pytest.fixture
def filled(library, make_article, encoder):
    """Twenty short articles: "harbour" stands in all, "mill" in five, "ferry" in one.

    "Harbour day", though all have both words, in two.
    """
    bodies = [
        (f"{n} harbour day" if n % 10 == 3 else f"Day {n}, harbour")
        + (" mill" if n % 4 == 0 else "")
        + (" red ferry" if n == 7 else "")
        for n in range(20)
    ]
    articles = [make_article(b, path=f"/{n}", headline=False) for n, b in enumerate(bodies)]
    library.add(articles, encoder)
    return library


def test_words_and_phrases_of_a_query():
    assert terms_of("Who steered the ferry Alma?") == Terms(
        ("steered", "ferry", "alma"), (("ferry", "alma"),)
    )
    assert terms_of('"; DROP') == Terms(("drop",), ())
    assert terms_of("?!").expression() == ""


def test_rarer_words_are_those_that_fit(filled):
    with filled.reading() as connection:
        view = view_of(connection, ("", 1), 20)

        both = (("harbour", "mill"), ("mill", "ferry"))

        def words(most: int) -> Terms:
            return Counts(most).rarer(connection, view, terms_of("harbour mill ferry"))

        assert words(6) == Terms(("mill", "ferry"), both)
        assert words(5) == Terms(("ferry",), (("mill", "ferry"),))
        assert words(100).words == ("harbour", "mill", "ferry")


def test_a_phrase_may_tell_where_its_words_do_not(filled):
    with filled.reading() as connection:
        view = view_of(connection, ("", 1), 20)
        terms = terms_of("harbour day harbour")
        assert Counts(4).rarer(connection, view, terms) == Terms(
            (), (("harbour", "day"), ("day", "harbour"))
        )


def test_a_frequent_word_is_estimated_by_how_soon_it_came(filled):
    with filled.reading() as connection:
        view = view_of(connection, ("", 1), 20)
        assert Counts(100).of(connection, view, "harbour") == 20
        assert Counts(9).of(connection, view, "harbour") == pytest.approx(20)
        assert Counts(100).of(connection, view, "nowhere") == 0


def test_counts_are_forgotten_when_the_library_changes(filled, make_article, encoder):
    counts = Counts(100)
    with filled.reading() as connection:
        assert counts.of(connection, view_of(connection, ("", 1), 20), "ferry") == 1
    filled.add([make_article("Another ferry.", path="/more", headline=False)], encoder)
    with filled.reading() as connection:
        assert counts.of(connection, view_of(connection, ("", 1), 20), "ferry") == 1  # remembered
        assert counts.of(connection, view_of(connection, ("", 2), 21), "ferry") == 2


@pytest.mark.parametrize("query", ["red ferry", "mill ferry", "harbour", "nowhere", "?"])
def test_a_large_library_ranks_as_a_small_one_does_where_all_words_fit(filled, query):
    with filled.reading() as connection:

        def scores(search: WordSearch) -> dict[int, float]:
            return search.scores(connection, query, 50, key=("", 1), passages=20, near=NONE)

        assert scores(WordSearch(0)) == pytest.approx(scores(WordSearch()), rel=1e-9)


def test_near_passages_are_scored_by_every_word_though_only_rarer_ones_choose(filled):
    search = WordSearch(0)
    search._counts = Counts(1)
    with filled.reading() as connection:
        found = search.scores(
            connection, "mill ferry", 50, key=("", 1), passages=20, near=np.array([1, 2])
        )
    assert found.keys() == {1, 8}  # the first has the mill, the eighth the ferry
    assert found[8] > found[1] > 0
