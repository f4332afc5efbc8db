from lxml import html

from index.ingest.markup import lines_of


def lines(body):
    return lines_of(html.document_fromstring(f"<html><body>{body}</body></html>"))


def test_each_block_is_a_line_and_inline_marks_are_none():
    assert lines("<h1>A <b>b</b>c</h1><div>By <span>Jane</span> Doe<p>x</p>y</div>") == [
        "A bc", "By Jane Doe", "x", "y",
    ]  # fmt: skip


def test_line_ends_in_the_source_are_spaces():
    assert lines("<p>The river\n   rose.</p>") == ["The river rose."]


def test_a_break_parts_lines_unless_a_sentence_runs_on():
    assert lines("<p>By Jane Doe<br>3 May 2024</p>") == ["By Jane Doe", "3 May 2024"]
    assert lines("<p>The river<br>rose.</p>") == ["The river rose."]


def test_a_row_is_one_line():
    row = "<tr><td><p>Harrow</p><p>Point</p></td><td>112</td></tr>"
    assert lines(f"<table>{row}</table>") == ["Harrow Point | 112"]


def test_what_is_not_shown_is_left_out():
    assert lines("<script>x</script><!-- y --><p>z</p><style>w</style>") == ["z"]
