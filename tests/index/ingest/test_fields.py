import pytest

from index.ingest.fields import (
    bad_date,
    fields_of,
    metadata_of,
    read_field,
    split_names,
    warnings_of,
)
from index.types import PublishedDate, Sourced


def said(*lines):
    return metadata_of([read_field(line) for line in lines], origin="header")


def test_markdown_fields_are_read():
    known = said(
        "Published at: **2019-11-06T10:42:15+00:00**",
        "Author: **Jane Doe**",
        "Original: [The Echo](https://echo.example/a_b_c)",
    )
    assert known.published == PublishedDate("2019-11-06T10:42:15+00:00", "header", "high")
    assert known.authors == (Sourced("Jane Doe", "header"),)
    assert known.source == Sourced("The Echo", "header")
    assert known.url == Sourced("https://echo.example/a_b_c", "header")


def test_the_same_fields_in_other_dress():
    known = said("- **Date:** 3 May 2024", "Source: https://echo.example/x", "By: Jane Doe")
    assert known.published.value == "2024-05-03"
    assert known.source is None and known.url.value == "https://echo.example/x"
    assert known.authors[0].value == "Jane Doe"


def test_an_email_head():
    known = said("From: Jane Doe <jane@echo.example>", "Subject: Fwd: Re: Pool to close")
    assert known.authors[0].value == "Jane Doe"
    assert known.title.value == "Pool to close"
    assert said("From: The Echo <news@echo.example>").source.value == "The Echo"


@pytest.mark.parametrize(
    "line",
    [
        "Date: the fruit of the palm",
        "Source: the river rises in the hills",
        "Author: he who writes.",
        "Reporter: What did you see from there",
        "URL: ask the editor",
        "Original: words of mine",
        "The mayor: a dark day",
        "No colon here",
        "",
    ],
)
def test_a_label_whose_value_does_not_fit_is_prose(line):
    assert read_field(line) is None


def test_original_names_an_outlet_only_where_the_link_does():
    assert said("Original: [read it here](https://echo.example/x)").source is None


def test_an_update_counts_only_without_a_publication():
    assert said("Updated: 4 May 2024").published == PublishedDate(
        "2024-05-04", "header, updated", "low"
    )
    assert said("Updated: 4 May 2024", "Published: 3 May 2024").published.value == "2024-05-03"


def test_a_date_with_the_wrong_weekday_is_not_trusted():
    assert said("Date: Wednesday, 28 Nov 2024").published.trust == "low"


def test_a_date_that_may_be_read_two_ways_is_left_out_with_a_warning():
    field = read_field("Date: 03/04/2024")
    assert metadata_of([field], origin="header").published is None
    assert warnings_of([field]) == (bad_date("03/04/2024"),)
    assert "could change places" in bad_date("03/04/2024")
    assert "not understood" in bad_date("yesterday")


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Jane Doe", ("Jane Doe",)),
        ("By Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("Jane Doe, John Roe & Ann Poe", ("Jane Doe", "John Roe", "Ann Poe")),
        ("Jane Doe; John Roe", ("Jane Doe", "John Roe")),
        ("Doe, Jane", ("Doe, Jane",)),
        ("Jane Doe, Jr.", ("Jane Doe, Jr.",)),
        ("jane@echo.example", ("jane@echo.example",)),
        ("Jane Doe <jane@echo.example>", ("Jane Doe",)),
        ("", ()),
    ],
)
def test_names_in_an_author_field(value, names):
    assert split_names(value) == names


def test_named_values_give_fields_and_unknown_names_none():
    pairs = {"Title": "Pool", "authors": ["[[Jane Doe]]", {"name": "John Roe"}], "mood": "grey"}
    known = metadata_of(fields_of(pairs), origin="front matter")
    assert known.title == Sourced("Pool", "front matter")
    assert [author.value for author in known.authors] == ["Jane Doe", "John Roe"]
