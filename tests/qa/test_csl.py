import json
from pathlib import Path

from qa.cite import CitationRecord, read_records
from qa.csl import csl_items, csl_json

SOURCES = read_records((Path(__file__).parent / "citations" / "sources.json").read_bytes(), "here")


def item(**changes) -> dict[str, object]:
    (found,) = csl_items([CitationRecord.model_validate(SOURCES[6].to_json() | changes)])
    return found


def test_an_item_has_what_is_known():
    assert item(page=4, published_trust="low") == {
        "id": "oswin2019ferry",
        "type": "article-newspaper",
        "title": "Ferry fire: eleven hurt",
        "author": [{"family": "Oswin", "given": "Tam"}],
        "container-title": "The Averly Courier",
        "issued": {"date-parts": [[2019, 11, 6]]},
        "accessed": {"date-parts": [[2024, 3, 2]]},
        "URL": "https://courier.example/ferry",
        "page": "4",
        "annote": "“forty tonnes”",
        "note": "date as shown on page",
    }


def test_what_is_missing_has_no_field():
    unknown = item(authors=[], source=None, url=None, published=None, accessed=None)
    assert unknown == {
        "id": "anonndferry",
        "type": "document",
        "title": "Ferry fire: eleven hurt",
        "annote": "“forty tonnes”",
    }


def test_names_have_the_parts_that_csl_knows():
    written = ["Ludwig van Beethoven", "Hanneke de Vries", "Dee Dunn Jr.", "村上 春樹", "AFP"]
    assert item(authors=written)["author"] == [
        {"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van"},
        {"family": "Vries", "given": "Hanneke", "non-dropping-particle": "de"},
        {"family": "Dunn", "given": "Dee", "suffix": "Jr."},
        {"family": "村上", "given": "春樹"},
        {"literal": "AFP"},
    ]


def test_dates_are_as_precise_as_they_are_known():
    assert item(published="2019-11")["issued"] == {"date-parts": [[2019, 11]]}
    assert item(published="2019")["issued"] == {"date-parts": [[2019]]}
    assert "issued" not in item(published="soon")


def test_citations_of_one_article_share_an_item():
    found = csl_items(SOURCES)
    assert len(SOURCES) == len(found) + 1
    assert [each["annote"] for each in found if each["id"] == "oswin2019ferry"] == [
        "“forty tonnes”\n“two small boats”"
    ]


def test_the_json_is_readable_and_the_same():
    written = csl_json(SOURCES)
    assert json.loads(written) == csl_items(SOURCES)
    assert "海の記録" in written


def test_nothing_cited_is_an_empty_list():
    assert json.loads(csl_json([])) == []
