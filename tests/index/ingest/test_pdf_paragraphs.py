import pytest

from index.ingest.pdf_lines import PdfLine
from index.ingest.pdf_paragraphs import paragraphs_of_pages


def page(*texts, top=700.0):
    return [PdfLine(text, 72.0, top - 14 * n, 11.0) for n, text in enumerate(texts)]


def joined(*texts):
    return [one.text for one in paragraphs_of_pages([page(*texts)])]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("the capac-", "ity of it"), "the capacity of it"),
        (("the capac\u00ad", "ity of it"), "the capacity of it"),
        (("it took twenty-", "five days"), "it took twenty-five days"),
        (("the ice-cold sea, an ice-", "cold one"), "the ice-cold sea, an ice-cold one"),
        (("from Mazar-", "Sharif came"), "from Mazar-Sharif came"),
        (("between 2019-", "2020 it"), "between 2019-2020 it"),
        (("said the", "mayor"), "said the mayor"),
    ],
)
def test_words_broken_at_line_ends_are_made_whole(lines, text):
    assert joined(*lines) == [text]


def test_a_short_line_that_ends_a_sentence_ends_a_paragraph():
    full = "This is a line as long as lines are in this column of text"
    assert joined(f"{full} and", "it ends.", f"{full} too.") == [
        f"{full} and it ends.", f"{full} too.",
    ]  # fmt: skip


def test_a_sentence_runs_on_over_the_page_and_marks_it():
    (one,) = paragraphs_of_pages([page("The river"), page("rose.")])
    assert one.text == "The river rose."
    assert one.pages == ((0, 1), (10, 2))


def test_a_new_size_begins_a_paragraph():
    lines = [PdfLine("Pool to close", 72, 700, 20.0), PdfLine("the council", 72, 680, 10.0)]
    assert [one.text for one in paragraphs_of_pages([lines])] == ["Pool to close", "the council"]


def test_no_pages_give_no_paragraphs():
    assert paragraphs_of_pages([]) == []
    assert paragraphs_of_pages([[]]) == []
