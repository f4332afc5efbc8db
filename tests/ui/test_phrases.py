import dataclasses

import pytest

from index.types import PublishedDate
from ui import phrases
from ui.phrases import MAX_CARRIERS


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (0.0, "a faint guess, 0.00"),
        (0.25, "doubtful, 0.25"),
        (0.5, "more likely than not, 0.50"),
        (0.82, "likely, 0.82"),
        (0.95, "almost certain, 0.95"),
        (1.0, "almost certain, 1.00"),
    ],
)
def test_confidence_is_said_in_words_and_as_a_figure(confidence, words):
    assert phrases.confidence_words(confidence) == words


def test_words_follow_the_probability_not_its_rounded_figure():
    assert phrases.confidence_words(0.749) == "more likely than not, 0.75"


@pytest.mark.parametrize(
    ("value", "trust", "words"),
    [
        ("2019-11-06", "high", "6 November 2019"),
        ("2019-11-06T23:30:00+05:00", "high", "6 November 2019"),
        ("2024-02-29", "low", "date as shown on page: 29 February 2024"),
        ("2019-11", "high", "November 2019"),
    ],
)
def test_a_date_is_written_out_and_a_doubtful_one_says_so(value, trust, words):
    assert phrases.published_words(PublishedDate(value, "header", trust)) == words


@pytest.mark.parametrize(
    "url", ["http://a.example/", "https://a.example:8443/x?y=1&z=<2>", "HTTPS://A.EXAMPLE/"]
)
def test_ordinary_addresses_are_links(url):
    assert phrases.web_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//a.example/",
        "https:a.example",
        "https://[broken",
        "https://a.example/\x01",
        "ftp://a.example/",
    ],
)
def test_any_other_address_is_no_link(url):
    assert phrases.web_url(url) is None


def test_a_link_names_the_host_it_leads_to():
    assert phrases.host_of("https://www.courier.example@evil.example/x") == "evil.example"
    assert phrases.host_of("https://www.courier.example/x") == "courier.example"


def test_a_label_is_one_line_and_cannot_reorder_its_neighbours():
    assert phrases.label("Late \u202enews\u2066\n of  today\u200f") == "Late news of today"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/articles/ferry.txt", "ferry.txt"),
        ("/articles/wire.csv#2", "wire.csv, record 2"),
        ("/articles/issue #2.txt", "issue #2.txt"),
        ("/articles/#3", "#3"),
    ],
)
def test_a_source_without_address_shows_its_file(path, name):
    assert phrases.file_name(path) == name


def test_a_long_question_is_shown_by_its_beginning_and_length():
    shown = phrases.shortened("why " * 5_000)
    assert shown.startswith("why why ")
    assert shown.endswith("why … (19,999 characters)")
    assert len(shown) < 640


def test_of_many_outlets_that_carry_an_article_some_are_named():
    outlets = [f"Outlet {n}" for n in range(MAX_CARRIERS + 2)]
    assert phrases.carried_by(outlets[:1], 9) == "also carried by Outlet 0"
    assert phrases.carried_by(outlets[:2], 9) == "also carried by Outlet 0, Outlet 1"
    named = ", ".join(outlets[:MAX_CARRIERS])
    assert phrases.carried_by(outlets, 9) == f"also carried by {named} and 2 more"
    assert phrases.carried_by([], 1) == "same text in 1 other article"
    assert phrases.carried_by([], 2) == "same text in 2 other articles"
    assert phrases.carried_by([], 0) == ""


def test_what_a_date_filter_left_out_is_counted(owner):
    assert phrases.left_out(owner) == ""
    one = dataclasses.replace(owner, undated_left_out=1)
    assert phrases.left_out(one) == "One article without a date was left out."
    many = dataclasses.replace(owner, undated_left_out=1200)
    assert phrases.left_out(many) == "1,200 articles without a date were left out."


def test_how_many_come_first_is_said():
    assert phrases.waiting(1) == "One question comes before yours"
    assert phrases.waiting(3) == "3 questions come before yours"


def test_what_a_confidence_means_is_said_in_numbers_of_answers():
    assert phrases.confidence_meaning(0.824).startswith(
        "Of 100 answers given with this figure, about 82 "
    )
