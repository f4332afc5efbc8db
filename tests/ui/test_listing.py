import dataclasses

import pytest

from index.rows import ArticleRecord
from index.types import PublishedDate
from ui.listing import Wanted, narrowed, record_json


def record(id_, *, title="Fire", source=None, authors=(), day=None, path="/a.txt"):
    return ArticleRecord(
        id=id_,
        title=title,
        source=source,
        authors=authors,
        published=day and PublishedDate(day, "header", "high"),
        path=path,
        added_at="2019-11-09T08:00:00+00:00",
        passages=1,
        state="live",
    )


RECORDS = [
    record("a", title="Ferry fire", source="Northmark Wire", day="2019-11-06"),
    record("b", title="Élan of the port", source="Averly Courier", authors=("Tam Oswin",)),
    record("c", title="Toll", source="northmark wire", day="2019-11", path="/wire/Toll.csv#2"),
    record("d", title="Storm", day="2019-11-08T23:30:00+00:00"),
]


def ids(**wanted):
    return "".join(each.id for each in narrowed(RECORDS, Wanted(**wanted)).records)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "abcd"),
        ({"words": "fire"}, "a"),
        ({"words": "WIRE toll"}, "c"),
        ({"words": "élan"}, "b"),
        ({"words": "oswin"}, "b"),
        ({"words": "fire storm"}, ""),
        ({"sources": ("NORTHMARK WIRE ",)}, "ac"),
        ({"sources": ("Northmark Wire", "Averly Courier")}, "abc"),
        ({"sources": ("Nobody",)}, ""),
        ({"after": "2019-11-07"}, "cd"),  # somewhere in November may be later
        ({"before": "2019-11-06"}, "ac"),
        ({"after": "2019-11-08", "before": "2019-11-08"}, "cd"),
        ({"after": "2019-12-01"}, ""),
    ],
)
def test_each_wish_narrows_the_list_and_keeps_its_order(wanted, found):
    assert ids(**wanted) == found


def test_undated_articles_are_counted_only_where_days_are_given():
    assert narrowed(RECORDS, Wanted(after="2019-11-07")).undated_left_out == 1
    only = Wanted(sources=("Northmark Wire",), after="2019-11-07")
    assert narrowed(RECORDS, only).undated_left_out == 0
    assert narrowed(RECORDS, Wanted()).undated_left_out == 0


def test_nothing_of_nothing_is_nothing():
    assert narrowed([], Wanted(words="x")).records == ()


def test_a_record_says_where_its_date_was_found():
    shown = record_json(RECORDS[0])
    assert shown["published"] == {"value": "2019-11-06", "origin": "header", "trust": "high"}
    assert set(shown) == {field.name for field in dataclasses.fields(ArticleRecord)}
