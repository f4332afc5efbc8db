import pytest

from index.ingest.dates import from_timestamp, is_ambiguous, is_supported, is_vague_date, read_date


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Thursday, 28 Nov 2024", "2024-11-28"),
        ("2019-11-06T10:42:15+00:00", "2019-11-06T10:42:15+00:00"),
        ("2019-11-06T10:42:15Z", "2019-11-06T10:42:15+00:00"),
        ("2019-11-06 10:42:15 UTC", "2019-11-06T10:42:15+00:00"),
        ("Nov. 6, 2019", "2019-11-06"),
        ("Sept 3rd, 2024", "2024-09-03"),
        ("3rd of May 2024", "2024-05-03"),
        ("Published on 6 November 2019, 10:42 GMT", "2019-11-06T10:42:00+00:00"),
        ("November 6th, 2019 at 3:45 p.m. EST", "2019-11-06T15:45:00-05:00"),
        ("Sunday, May 5, 2024, 12:01 a.m.", "2024-05-05T00:01:00"),
        ("10:42 BST, 6 June 2019", "2019-06-06T10:42:00+01:00"),
        ("Wed, 06 Nov 2019 10:42:15 +0530", "2019-11-06T10:42:15+05:30"),
        ("Wed Nov 06 2019 10:42:15 GMT+0000 (UTC)", "2019-11-06T10:42:15+00:00"),
        ("16/11/2019", "2019-11-16"),
        ("11/16/2019", "2019-11-16"),
        ("6.11.2019", "2019-11-06"),
        ("2024/05/06", "2024-05-06"),
    ],
)
def test_written_dates_become_iso_as_precise_as_written(written, value):
    assert read_date(written).value == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "06/11/2019",
        "May 2024",
        "2024",
        "2024-02-30",
        "31 June 2020",
        "In 2003 nothing",
        "14 March 2024 was a dark day",
        "on Wednesday",
        "(30 miles)",
        "Founded 1998",
    ],
)
def test_what_is_not_one_whole_day_is_no_date(text):
    assert read_date(text) is None


@pytest.mark.parametrize(
    "text", ["Thursday 28 November", "Nov. 28", "May 2024", "10:42 GMT", "2 hours ago"]
)
def test_a_date_without_a_whole_day_is_vague(text):
    assert is_vague_date(text)
    assert not is_vague_date(f"{text} the river rose")


def test_an_update_is_told_from_a_publication():
    assert read_date("Updated 3 May 2024").updated
    assert read_date("Last modified: 3 May 2024").updated
    assert not read_date("First published 3 May 2024").updated


def test_a_weekday_that_contradicts_its_date_is_seen():
    assert read_date("Wednesday, 28 Nov 2024").weekday_wrong
    assert not read_date("Thurs. 28 Nov 2024").weekday_wrong


def test_a_date_that_may_be_read_two_ways_is_ambiguous():
    assert is_ambiguous("03/04/2024")
    assert not is_ambiguous("13/04/2024")
    assert not is_ambiguous("next week")


@pytest.mark.parametrize(
    ("body", "supported"),
    [
        ("The fire of March 12 was put out.", True),
        ("The fire of 12 March 2024 was put out.", True),
        ("The fire of 12 March 2019 was put out.", False),
        ("The fire of March 30 was put out.", False),
        ("In July 2018 four cyclists died, and in 2015 two.", False),
        ("They may 14 times march 12 miles.", False),
        ("", False),
    ],
)
def test_a_date_is_supported_by_a_day_near_it(body, supported):
    assert is_supported("2024-03-14", body) is supported


def test_seconds_and_milliseconds_since_1970_are_dates():
    assert from_timestamp(1573036935) == "2019-11-06T10:42:15+00:00"
    assert from_timestamp(1573036935000) == "2019-11-06T10:42:15+00:00"
    assert from_timestamp(12) is None
    assert from_timestamp(float("nan")) is None
