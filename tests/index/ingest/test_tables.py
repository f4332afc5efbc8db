import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.errors import Unreadable
from index.ingest.tables import read_csv, read_jsonl

HEADER = "text,title,url,author,published,source\n"


def texts(row):
    return [one.text for one in row.draft.paragraphs]


def reasons(rows):
    return [(row.number, row.reason) for row in rows if row.draft is None]


def test_a_row_of_csv_is_an_article():
    (row,) = read_csv(
        HEADER + '"It rained.\n\nThe ""river"", he said, rose.",Flood,https://e.example/1,'
        '"Jane Doe, John Roe",2024-05-03,The Echo\n'
    )
    known = row.draft.metadata
    assert row.draft.headline == "Flood"
    assert texts(row) == ["It rained.", 'The "river", he said, rose.']
    assert [author.value for author in known.authors] == ["Jane Doe", "John Roe"]
    assert (known.title.origin, known.source.value) == ("column", "The Echo")
    assert (known.published.value, known.published.trust) == ("2024-05-03", "high")
    assert known.url.value == "https://e.example/1"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_names_of_columns_vary(delimiter):
    header = delimiter.join(["\ufeffBody", "Headline", "Date", "Outlet", "note"])
    line = delimiter.join(["It rained.", "Flood", "3 May 2024", "The Echo", "x"])
    (row,) = read_csv(f"{header}\n{line}\n")
    assert texts(row) == ["It rained."]
    assert row.draft.metadata.published.value == "2024-05-03"
    assert row.draft.metadata.source.value == "The Echo"


def test_a_bad_row_is_named_and_the_rest_goes_on():
    rows = list(read_csv("title,text\nA,It rained.\nB,It, rained.\n\nC\nD,It stopped.\n"))
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert reasons(rows) == [
        (2, "3 fields where the header names 2; put quotes around text that holds the delimiter"),
        (3, "no words in the column text, body or content"),
    ]


def test_a_quote_that_never_closes_is_named():
    rows = list(read_csv('title,text\nA,It rained.\nB,"It stopped.\nC,It froze.\n'))
    assert reasons(rows) == [(2, "a quote opens and never closes; close or double it")]


def test_a_single_inch_mark_does_no_harm():
    rows = list(read_csv('title,text\nA,The pipe is 5" wide.\nB,It stopped.\n'))
    assert [texts(row) for row in rows] == [['The pipe is 5" wide.'], ["It stopped."]]


def test_a_field_of_a_million_letters_is_read():
    (row,) = read_csv("text\n" + "river " * 200_000)
    assert len(texts(row)[0]) == 1_199_999


def test_a_table_without_text_says_which_columns_it_has():
    with pytest.raises(Unreadable, match=r"found: title, url"):
        list(read_csv("title,url\nA,B\n"))
    with pytest.raises(Unreadable, match="found: nothing"):
        list(read_csv(""))


def test_no_rows_give_nothing():
    assert list(read_csv("text\n")) == []
    assert list(read_jsonl("\n\n")) == []


def test_a_record_of_jsonl_is_an_article():
    record = {"content": "It rained.", "Title": "Flood", "authors": ["Jane Doe", "John Roe"],
              "published": 1573036935, "outlet": "The Echo"}  # fmt: skip
    (row,) = read_jsonl(json.dumps(record))
    assert row.draft.headline == "Flood"
    assert texts(row) == ["It rained."]
    assert [author.value for author in row.draft.metadata.authors] == ["Jane Doe", "John Roe"]
    assert row.draft.metadata.published.value == "2019-11-06T10:42:15+00:00"


def test_bad_records_are_named_and_the_rest_goes_on():
    lines = ['{"text": "It rained."}', "{broken", '["text"]', '{"text": 5}', '{"text": " "}',
             '{"text": "a \\ud800 b"}', "[" * 100_000, '{"text": "It stopped."}']  # fmt: skip
    rows = list(read_jsonl("\n".join(lines)))
    assert [row.number for row in rows] == list(range(1, 9))
    assert [number for number, _ in reasons(rows)] == [2, 3, 4, 5, 6, 7]
    assert "half a character" in rows[5].reason
    assert all(reason and "\n" not in reason for _, reason in reasons(rows))


def test_a_date_that_cannot_be_read_is_a_warning():
    (row,) = read_jsonl('{"text": "It rained.", "date": "03/04/2024"}')
    assert row.draft.metadata.published is None
    assert "could change places" in row.draft.warnings[0]


@given(st.text())
def test_any_text_gives_rows_or_is_refused(text):
    list(read_jsonl(text))
    try:
        list(read_csv("text,title\n" + text.replace("\r", "")))
    except Unreadable as exc:
        assert "\n" not in str(exc)


def test_a_line_separator_inside_a_field_ends_no_record():
    text = json.dumps({"text": "One storm.\u2028Two storms.", "title": "A"}, ensure_ascii=False)
    (row,) = read_jsonl(text)
    assert " ".join(texts(row)) == "One storm. Two storms."
