from dataclasses import replace

import pytest

from index.errors import FilterError
from index.filters import MOST_NAMED, Choices
from index.search import Searcher
from index.types import Filters, Sourced


@pytest.fixture
def searching(library, make_article, encoder):
    """Search a library of articles from these outlets, by these authors."""

    def search(rows, filters):
        articles = [
            replace(
                make_article(f"Storm {n}.", path=f"/{n}", title=f"T{n}", source=source),
                authors=tuple(Sourced(author, "byline") for author in authors),
            )
            for n, (source, *authors) in enumerate(rows)
        ]
        library.add(articles, encoder)
        return Searcher.open(library, encoder).search("storm", filters=filters)

    return search


ROWS = [
    ("Averly Courier", "Tam Oswin", "Beatrix Lorne"),
    ("AVERLY COURIER", "tam oswin"),
    ("Northmark Wire",),
    (None, "Émile Roc"),
]


def refusal(searching, rows, **filters) -> str:
    with pytest.raises(FilterError) as error:
        searching(rows, Filters(**filters))
    return str(error.value)


def test_the_choices_are_all_outlets_and_authors_each_once(library, searching):
    searching(ROWS, Filters())
    assert library.choices() == Choices(
        ("AVERLY COURIER", "Northmark Wire"), ("Beatrix Lorne", "Tam Oswin", "Émile Roc")
    )


def test_an_outlet_that_is_unknown_is_said_with_those_there_are(searching):
    assert refusal(searching, ROWS, sources=("Northmark Wire", "Averly Curier")) == (
        "no article is from 'Averly Curier': the sources are 'AVERLY COURIER' and 'Northmark Wire'"
    )


def test_an_author_is_compared_whole_and_with_accents(searching):
    for name in ("Oswin", "Emile Roc", "Tam"):
        assert refusal(searching, ROWS, authors=(name,)) == (
            f"no article is by '{name}': "
            "the authors are 'Beatrix Lorne', 'Tam Oswin' and 'Émile Roc'"
        )


def test_of_many_names_the_nearest_by_spelling_are_said(searching):
    towns = "Arn Borg Cale Dunn Elm Fenn Gort Holm Ivel".split()
    assert len(towns) > MOST_NAMED
    rows = [(f"{town} Gazette",) for town in towns]
    assert refusal(searching, rows, sources=("Fen Gazete",)) == (
        "no article is from 'Fen Gazete': "
        "did you mean 'Fenn Gazette', 'Elm Gazette' or 'Arn Gazette'?"
    )
    assert refusal(searching, rows, sources=("***",)) == (
        "no article is from '***': "
        "none of the 9 sources is spelt like it; 'footnote list' shows the articles"
    )


def test_the_only_one_is_said_to_be_the_only_one(searching):
    said = refusal(searching, [("Averly Courier",)], sources=("X",))
    assert said == "no article is from 'X': the only source is 'Averly Courier'"


def test_where_none_has_a_name_that_is_said(searching):
    said = refusal(searching, [("Averly Courier",)], authors=("Tam Oswin",))
    assert said == "no article is by 'Tam Oswin': no article in the library names its author"


def test_dates_in_the_wrong_order_are_said(searching):
    assert refusal(searching, ROWS, after="2031-05-06", before="2031-05-05") == (
        "after 2031-05-06 and before 2031-05-05 leave no day between them: "
        "give an earlier day to start from, or a later one to end with"
    )


def test_an_outlet_and_an_author_who_never_wrote_there_are_said(searching):
    said = refusal(searching, ROWS, sources=("averly courier",), authors=("Émile Roc",))
    assert said == (
        "no article from 'averly courier' is by 'Émile Roc': "
        "the authors there are 'Beatrix Lorne' and 'Tam Oswin'"
    )
    said = refusal(searching, ROWS, sources=("Northmark Wire",), authors=("Émile Roc",))
    assert said.endswith("is by 'Émile Roc': none from there names its author")


def test_one_of_several_that_goes_together_is_enough(searching):
    filters = Filters(sources=("Averly Courier",), authors=("Émile Roc", "Beatrix Lorne"))
    assert searching(ROWS, filters).searched == 2  # headline and body of one article


def test_who_wrote_only_what_was_removed_is_unknown(library, searching):
    searching(ROWS, Filters())
    library.remove([library.articles()[3].id])
    assert library.choices().authors == ("Beatrix Lorne", "Tam Oswin")
    assert "no article is by" in refusal(searching, [], authors=("Émile Roc",))


def test_an_empty_library_refuses_no_name(searching):
    assert searching([], Filters(sources=("X",), authors=("Y",))).passages == 0


@pytest.fixture
def storms(library, make_article, encoder):
    """Four articles from two outlets, of which the last has no date, and a way to search them."""
    articles = [
        make_article(f"Storm {n}.", path=f"/{n}", title=f"T{n}", source=source, published=day)
        for n, (source, day) in enumerate(
            [("Wire", "2031-05-01"), ("Wire", "2031-05-02"), ("Post", "2031-05-03"), ("Post", None)]
        )
    ]
    library.add(articles, encoder)
    searcher = Searcher.open(library, encoder)

    def search(**filters):
        named = {
            kind: tuple(each if isinstance(each, str) else articles[each].id for each in ids)
            for kind, ids in filters.items()
            if kind in ("articles", "without")
        }
        hits = searcher.search("storm", filters=Filters(**(filters | named)))
        ids = {hit.passage.article_id for hit in hits.hits}
        return hits, [n for n, article in enumerate(articles) if article.id in ids]

    return search


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"articles": [0, 3]}, [0, 3]),
        ({"without": [1]}, [0, 2, 3]),
        ({"articles": [0, 1, 2], "without": [1]}, [0, 2]),
        ({"articles": [0, 2], "sources": ("post",)}, [2]),
        ({"without": [2], "after": "2031-05-02"}, [1]),
        ({"articles": ["0" * 16, 1]}, [1]),  # one that is gone
        ({"without": ["0" * 16, "\ud800", "' OR 1"]}, [0, 1, 2, 3]),
    ],
)
def test_articles_are_let_through_or_left_out_by_id(storms, filters, expected):
    hits, found = storms(**filters)
    assert found == expected
    assert hits.searched == 2 * len(expected)  # headline and body
    assert not hits.filtered_out


@pytest.mark.parametrize("filters", [{"articles": ["0" * 16]}, {"without": [0, 1, 2, 3]}])
def test_when_no_article_is_let_through_that_is_said(storms, filters):
    hits, found = storms(**filters)
    assert (found, hits.filtered_out) == ([], True)


def test_an_undated_article_that_was_left_out_anyway_is_not_counted(storms):
    assert storms(after="2031-01-01")[0].undated_left_out == 1
    assert storms(after="2031-01-01", without=[3])[0].undated_left_out == 0
