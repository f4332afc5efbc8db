import json
import re
from pathlib import Path

import pytest

from qa.cite import CitationRecord, read_records
from qa.errors import CitationError
from qa.formats import FORMATS, JSON_FORMATS, in_format, write_citations

SOURCES = read_records((Path(__file__).parent / "citations" / "sources.json").read_bytes(), "here")
FERRY = SOURCES[6]


def test_text_is_the_list_of_sources():
    assert in_format([FERRY, FERRY], "text", style="mla") == (
        "Oswin, Tam. “Ferry Fire: Eleven Hurt.” The Averly Courier, 6 Nov. 2019, "
        "https://courier.example/ferry."
    )


def test_markdown_is_numbered_footnotes_with_their_quotes():
    first, second = in_format([SOURCES[0], SOURCES[13]], "markdown", style="chicago").split("\n")
    assert first.startswith("[^1]: “forty tonnes” Ludwig van Beethoven, “A Quiet Night")
    assert second == (
        "[^2]: “two small boats” Tam Oswin, “Ferry Fire: Eleven Hurt,” *The Averly Courier*, "
        "November 6, 2019, [https://courier.example/ferry](<https://courier.example/ferry>)."
    )


def test_each_markdown_footnote_is_one_line_whatever_it_quotes():
    quote = "one\n\n[^9]: two *"
    record = CitationRecord.model_validate(
        FERRY.to_json()
        | {"quote": quote, "start": 0, "end": len(quote), "sentence": {"start": 0, "end": 99}}
    )
    assert in_format([record], "markdown").startswith(r"[^1]: “one \[\^9\]: two \*” Oswin")


def test_html_is_a_numbered_list_with_escaped_quotes():
    record = CitationRecord.model_validate(
        FERRY.to_json() | {"quote": "<b>&amp;</b>", "title": "<script>", "start": 210, "end": 222}
    )
    lines = in_format([record], "html").split("\n")
    assert (lines[0], lines[-1]) == ('<ol class="citations">', "</ol>")
    assert '<q dir="auto">&lt;b&gt;&amp;amp;&lt;/b&gt;</q> ' in lines[1]
    assert "&lt;script&gt;" in lines[1]


def test_json_is_records_that_are_read_again():
    assert read_records(in_format(SOURCES, "json"), "printed") == SOURCES


def test_web_annotations_are_one_per_citation():
    found = json.loads(in_format(SOURCES, "web-annotation"))
    assert [each["target"]["selector"][0]["exact"] for each in found] == [
        record.quote for record in SOURCES
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_ends_without_a_line_break_and_is_the_same_again(form):
    written = in_format(SOURCES, form)
    assert written and not written.endswith("\n")
    assert written == in_format(SOURCES, form)
    if form in JSON_FORMATS:
        assert isinstance(json.loads(written), list)


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_cited_can_be_printed(form):
    assert len(in_format([], form)) < 40


def test_an_unknown_style_is_refused():
    with pytest.raises(CitationError, match="no style 'vogue'"):
        in_format(SOURCES, "html", style="vogue")


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    file = tmp_path / "a.txt"
    write_citations(file, "größe")
    assert file.read_bytes() == "größe\n".encode()
    with pytest.raises(CitationError, match=re.escape(f"{tmp_path}: is a folder: name a file")):
        write_citations(tmp_path, "x")
    missing = tmp_path / "none" / "a.txt"
    with pytest.raises(CitationError, match=r"a\.txt: cannot be written \(No such file"):
        write_citations(missing, "x")
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_a_name_that_no_disk_takes_is_refused_and_nothing_is_left(tmp_path):
    with pytest.raises(CitationError, match=r"a\.txt: cannot be written"):
        write_citations(tmp_path / ("a" * 300 + "a.txt"), "new")
    assert list(tmp_path.iterdir()) == []
