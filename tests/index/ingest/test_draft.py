import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.draft import Draft, Metadata
from index.ingest.errors import Unreadable
from index.ingest.paragraphs import Paragraph
from index.types import PublishedDate, Sourced


def made(draft):
    return draft.article(path="/a.txt", name="a", file_sha256="0")


def test_the_headline_stands_before_the_body():
    article = made(Draft((Paragraph("It rained."), Paragraph("It stopped.")), "Flood  in\nHarrow"))
    assert article.text == "Flood in Harrow\n\nIt rained.\n\nIt stopped."
    assert article.text[: article.body_start] == "Flood in Harrow\n\n"


def test_without_a_headline_the_body_begins_at_once_and_the_title_is_the_files_name():
    article = made(Draft((Paragraph("It rained."),)))
    assert (article.text, article.body_start) == ("It rained.", 0)
    assert article.title == Sourced("a", "file name")


def test_a_headline_alone_is_an_article():
    article = made(Draft((), "Flood"))
    assert (article.text, article.body_start) == ("Flood", 5)


def test_no_words_are_refused():
    with pytest.raises(Unreadable, match="no words"):
        made(Draft(()))


def test_half_characters_are_refused():
    with pytest.raises(Unreadable, match="half a character"):
        made(Draft((Paragraph("a\udc80"),)))


def test_a_trusted_date_comes_before_one_that_is_not():
    low, high = PublishedDate("2024-01-01", "x", "low"), PublishedDate("2023-01-01", "y", "high")
    first = PublishedDate("2022-01-01", "z", "high")
    assert (Metadata(published=low) | Metadata(published=high)).published == high
    assert (Metadata(published=first) | Metadata(published=high)).published == first
    assert (Metadata(published=low) | Metadata()).published == low


def test_an_author_counts_once():
    known = Metadata().with_authors(["Jane Doe"], "byline").with_authors(["JANE DOE", "X Y"], "end")
    assert known.authors == (Sourced("Jane Doe", "byline"), Sourced("X Y", "end"))


@given(st.lists(st.tuples(st.text("ab", min_size=1), st.integers(1, 5)), max_size=8))
def test_page_starts_never_fall_and_lie_in_the_text(parts):
    parts = sorted(parts, key=lambda part: part[1])
    body = tuple(Paragraph(text, pages=((0, page),)) for text, page in parts)
    article = made(Draft(body, "Headline", page_count=5))
    starts = article.page_starts
    assert len(starts) == 5 and starts[0] == 0
    assert list(starts) == sorted(starts) and starts[-1] <= len(article.text)
