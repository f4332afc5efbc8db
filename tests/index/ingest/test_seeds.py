"""The two real articles that the project was founded on; they are not part of it."""

import os
from pathlib import Path

import pytest

from index.ingest import read_file
from index.types import PublishedDate, Sourced

ROOT = Path(__file__).parents[3]
SEEDS = Path(os.environ.get("FOOTNOTE_DATA", ROOT.parent / "shared")) / "seeds"
FIRST, SECOND = SEEDS / "000_714efa6a3321b4cf.txt", SEEDS / "004_70ed376d072bdc9b.txt"

pytestmark = pytest.mark.skipif(
    not (FIRST.exists() and SECOND.exists()), reason=f"no seed articles under {SEEDS}"
)


def only(path):
    result = read_file(path)
    assert result.refused == () and result.warnings == ()
    (article,) = result.articles
    return article


def test_the_first_has_headline_authors_and_a_date_of_low_trust():
    article = only(FIRST)
    assert article.title == Sourced("ISIS Fighters Attack Outpost in Tajikistan", "headline")
    assert article.published == PublishedDate("2024-11-28", "page line", "low")
    assert article.authors == (
        Sourced("Thomas Gibbons-Neff", "credit line"),
        Sourced("Najim Rahim", "credit line"),
    )
    assert (article.source, article.url, article.language) == (None, None, "en")


def test_the_second_has_everything_in_its_head():
    article = only(SECOND)
    assert article.title.value.startswith("Seventeen people were killed in attack")
    assert article.published == PublishedDate("2019-11-06T10:42:15+00:00", "header", "high")
    assert article.authors == (Sourced("AFP", "header"),)
    assert article.source == Sourced("Yahoo", "header")
    assert article.url.value == (
        "https://news.yahoo.com/17-people-killed-tajikistan-clash-blamed-jihadists-085831165.html"
    )


def test_neither_holds_its_furniture():
    texts = only(FIRST).text + only(SECOND).text
    for words in (
        "Thursday, 28 Nov", "reported from Kabul", "Source:", "Read Full Article", "Related Posts",
        "Published at", "Author:", "Original:", "**", "1 / 3", "# ",
    ):  # fmt: skip
        assert words not in texts


@pytest.mark.parametrize("path", [FIRST, SECOND])
def test_the_headline_stands_first_and_every_line_of_prose_stays(path):
    article = only(path)
    assert article.text[: article.body_start].strip() == article.title.value
    for line in path.read_text("utf-8").split("\n"):
        if len(line) > 110 and not line.startswith(("#", "1 / 3", "Original")):
            assert f"\n{line}" in article.text


def test_a_cross_head_is_a_paragraph_of_its_own():
    assert "\n\n- Rise in Islamic extremism -\n\n" in only(SECOND).text
