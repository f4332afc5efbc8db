from pathlib import Path

import pytest

from qa.cite import CitationRecord, read_records
from qa.sources import Day, letters, read_day, sources_of

SOURCES = read_records((Path(__file__).parent / "citations" / "sources.json").read_bytes(), "here")


def record(**changes) -> CitationRecord:
    return CitationRecord.model_validate(SOURCES[6].to_json() | changes)


def test_citations_of_one_article_are_one_source_with_all_quotes_and_pages():
    second = {"quote": "two tonnes", "start": 5, "end": 15, "sentence": {"start": 0, "end": 20}}
    records = [record(page=9), SOURCES[0], record(page=4, **second), record(page=9)]
    ferry, opera = sources_of(records)
    assert (ferry.article_id, opera.article_id) == ("a07", "a01")
    assert (ferry.pages, ferry.quotes) == ((4, 9), ("forty tonnes", "two tonnes"))


@pytest.mark.parametrize(
    ("source", "url", "kind"),
    [
        ("The Averly Courier", "https://courier.example", "article-newspaper"),
        ("The Averly Courier", None, "article-newspaper"),
        ("light.example", "https://light.example/", "webpage"),
        (None, "https://light.example/", "webpage"),
        (" \n", None, "document"),
        (None, None, "document"),
    ],
)
def test_the_kind_follows_from_outlet_and_address(source, url, kind):
    assert sources_of([record(source=source, url=url)])[0].kind == kind


def test_only_an_address_that_browsers_open_is_followed():
    (script,) = sources_of([record(url="javascript:alert(1)")])
    assert (script.url, script.web_address) == ("javascript:alert(1)", None)
    (broken,) = sources_of([record(url="https://a.example/b c\nd")])
    assert broken.web_address == "https://a.example/b%20c%20d"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019-11-06", Day(2019, 11, 6)),
        ("2019-11-06T07:30:00+09:00", Day(2019, 11, 6)),
        ("2019-11", Day(2019, 11)),
        ("2019", Day(2019)),
        ("2019-02-30", None),
        ("2019-13", None),
        ("0000", None),
        ("20191106", None),
        ("last week", None),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_as_precise_as_it_was_written(written, day):
    assert read_day(written) == day


def test_keys_are_ascii_and_no_two_are_alike():
    keyed = [
        record(article_id="1", authors=["Ann Roe"], title="Tea burns"),
        record(article_id="2", authors=["Bo Roe"], title="The tea again"),
        record(article_id="3", authors=["Cy Roe"], title="“Tea”"),
        record(article_id="4", authors=["Zoë Strauß-Łem"], title="Ärger", published=None),
        record(article_id="5", authors=["王小明"], title="海"),
        record(article_id="6", authors=[], title="???", published="1999"),
    ]
    assert [source.key for source in sources_of(keyed)] == [
        "roe2019tea",
        "roe2019teab",
        "roe2019teac",
        "strausslemndarger",
        "anon2019",
        "anon1999",
    ]


def test_a_date_is_doubtful_only_where_there_is_one():
    shown = {"published_trust": "low"}
    assert sources_of([record(**shown)])[0].doubtful
    assert not sources_of([record(published=None, **shown)])[0].doubtful


def test_texts_are_on_one_line_without_marks_that_turn_them():
    (source,) = sources_of([record(title="a\n\x00\x1b[31mb\u202ec\u2028 d", source="W\tX")])
    assert (source.title, source.outlet) == ("a [31mbc d", "W X")


def test_a_missing_title_has_a_stand_in():
    assert sources_of([record(title=" \n")])[0].title == "[Untitled]"


def test_letters_go_on_after_z():
    assert [letters(n) for n in (0, 1, 25, 26, 27, 52)] == ["a", "b", "z", "aa", "ab", "ba"]


def test_nothing_cited_has_no_source():
    assert sources_of([]) == []
