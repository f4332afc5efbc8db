import pytest

from index.bm25 import scores
from index.keywords import best_by_words, terms_of

BODIES = (
    "The ferry Alma left Marlhaven at noon. The ferry was late.",
    "Captain Ines Tarr steered ferries for thirty years; cafés in Orrin knew her.",
    "A tea warehouse burned in Marlhaven on Tuesday night, and nine people were hurt.",
    "People in Orrin voted on the mill: the mill stays, and people cheered.",
    "It rained." + " The harbour filled and emptied." * 150,
)


@pytest.fixture
def filled(library, make_article, encoder):
    for number, body in enumerate(BODIES):
        article = make_article(body, title=f"Report {number} from Orrin", path=f"/{number}")
        library.add([article], encoder)
    return library


@pytest.mark.parametrize(
    "query",
    [
        "ferry",
        "Marlhaven ferry captain",
        "people of Orrin",
        "late ferry mill people",
        "Café",
        "sea",
    ],
)
def test_it_is_what_fts5_says(filled, query):
    terms = terms_of(query)
    with filled.reading() as connection:
        (passages,) = connection.execute("SELECT count(*) FROM passage").fetchone()
        expected = best_by_words(connection, terms.expression(), 100)
        every = [id_ for (id_,) in connection.execute("SELECT id FROM passage")]

        def count(term: str) -> float:
            return float(
                connection.execute(
                    "SELECT count(*) FROM passage_words WHERE passage_words MATCH ?", (f'"{term}"',)
                ).fetchone()[0]
            )

        found = scores(connection, terms.written(), every, passages=passages, count=count)
    assert found == pytest.approx(expected, rel=1e-9)


def test_of_nothing_there_is_nothing(filled):
    with filled.reading() as connection:
        assert scores(connection, [], [1, 2], passages=5, count=lambda term: 1) == {}
        assert scores(connection, ["ferry"], [], passages=5, count=lambda term: 1) == {}
