from dataclasses import replace

import pytest

from index.catalogue import Catalogue, Look, fold, split_words
from index.types import Sourced

STORIES = (
    # title, outlet, day, body, authors
    ("Élan wins the cup", "Averly Courier", "2031-05-03", "The boat crossed first.", "Tam Oswin"),
    ("Mill vote fails", "Northmark Wire", "2031-04", "Nobody crossed the floor.", "Éva Low"),
    ("A quiet Tuesday", "averly courier", None, "The harbour slept.", ""),
    ("Zinc found", None, "2030", "Under the mill lies zinc.", "Bo Roe"),
)


@pytest.fixture
def find(library, make_article, encoder):
    articles = [
        replace(
            make_article(body, title=title, path=f"/{n}", source=outlet, published=day),
            authors=(Sourced(author, "byline"),) if author else (),
        )
        for n, (title, outlet, day, body, author) in enumerate(STORIES)
    ]
    library.add(articles, encoder)
    places = {article.id: n for n, article in enumerate(articles)}

    def find(**look) -> list[int]:
        return [places[id_] for id_ in Catalogue.of(library).find(library, Look(**look)).ids]

    return find


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        ({}, [0, 1, 3, 2]),  # a month and a year count by their last day, undated ones come last
        ({"order": "added"}, [3, 2, 1, 0]),
        ({"order": "title"}, [2, 0, 1, 3]),
        ({"order": "source"}, [0, 2, 1, 3]),
        ({"words": "ELAN"}, [0]),
        ({"words": "cros"}, [0, 1]),  # the beginning of a word in the text
        ({"words": "crossed cup"}, [0]),  # one in the text, one in the title
        ({"words": "mill"}, [1, 3]),
        ({"words": "averly harbour"}, [2]),
        ({"words": "eva"}, [1]),
        ({"words": "harbour zinc"}, []),
        ({"words": '" NOT * -- ( \ud800'}, []),
        ({"words": "?!"}, [0, 1, 3, 2]),  # no word in it
        ({"source": "AVERLY COURIER"}, [0, 2]),
        ({"source": ""}, [3]),
        ({"after": "2031-04-30"}, [0, 1]),
        ({"before": "2031-04-01"}, [1, 3]),
        ({"after": "2031-05-01", "before": "2031-05-31", "words": "mill"}, []),
    ],
)
def test_a_look_gives_what_it_names_in_its_order(find, look, expected):
    assert find(**look) == expected


def test_copies_are_folded_under_the_first_that_was_looked_for(library, make_article, encoder):
    body = "Nine ships of the Marl fleet sank in the storm that came in on Tuesday night."
    one, two = (make_article(body, path=f"/{n}", source=f"Outlet {n}") for n in (1, 2))
    other = make_article("Something else was said.", path="/3", title="Other")
    library.add([one, two, other], encoder)
    catalogue = Catalogue.of(library)
    folded = catalogue.find(library, Look(order="title")).groups
    assert [(group.entry.id, [copy.id for copy in group.copies]) for group in folded] == [
        (other.id, []),
        (one.id, [two.id]),
    ]
    (only,) = catalogue.find(library, Look(source="Outlet 2")).groups
    assert (only.entry.id, [copy.id for copy in only.copies]) == (two.id, [one.id])


def test_outlets_are_one_whatever_their_case(find, library):
    find()
    outlets = Catalogue.of(library).by_source()
    assert {name: len(entries) for name, entries in outlets.items()} == {
        "Averly Courier": 2,
        "Northmark Wire": 1,
        "": 1,
    }


def test_only_what_is_live_is_listed(library, make_article, encoder):
    assert Catalogue.of(library).entries == ()
    article = make_article("Nine ships.")
    library.add([article], encoder)
    before = Catalogue.of(library)
    library.remove([article.id])
    after = Catalogue.of(library)
    assert (len(before.entries), len(after.entries)) == (1, 0)
    assert before.state != after.state


def test_words_are_folded_as_the_index_folds_them():
    assert fold("Émile STRASSE") == "emile strasse"
    assert split_words("Émile's  cup-final cup") == ["emile", "s", "cup", "final"]
