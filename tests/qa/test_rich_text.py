import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.rich_text import Run, as_html, as_markdown, escaped_markdown, one_line, plain

HOSTILE = [
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![x](https://spy.example/x.png)",
    "**bold** _it_ `code` ~~gone~~ $x^2$ |cell|",
    "1. Not a list",
    "- nor this",
    "+ nor that",
    "# no heading",
    "> no quote",
    "=== ---",
    "&amp; &copy; \\",
    "[^1]: note",
    "@key {x}",
]


def shown(markdown: str) -> str:
    """What a reader of CommonMark sees of one paragraph."""
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(markdown)
    assert rendered.startswith("<p>"), rendered
    return html.unescape(re.sub(r"<[^>]+>", "", rendered)).removesuffix("\n")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(text):
    rich = (Run(f"{text} "), Run(text, italic=True))
    twice = f"{text} {text}"
    assert plain(rich) == twice
    assert shown(as_markdown(rich)) == twice
    assert html.unescape(re.sub(r"</?em>", "", as_html(rich))) == twice
    assert "<script" not in as_html(rich)


@given(st.text())
def test_any_line_is_shown_as_it_is(text):
    line = one_line(text)
    if line:
        assert shown(as_markdown((Run(line),))) == line
        assert shown("x " + escaped_markdown(line)) == f"x {line}"
        assert html.unescape(as_html((Run(line),))) == line


def test_each_look_has_its_markup():
    rich = (Run("See "), Run("The Wire", italic=True), Run(" at "), Run("here", url="https://a.b/"))
    assert plain(rich) == "See The Wire at here"
    assert as_html(rich) == 'See <em>The Wire</em> at <a href="https://a.b/">here</a>'
    assert as_markdown(rich) == "See *The Wire* at [here](<https://a.b/>)"


def test_an_address_cannot_end_its_own_link():
    url = 'https://a.example/?q="><b>&x=\\)> y'
    assert as_html((Run("a", url=url),)) == (
        '<a href="https://a.example/?q=&quot;&gt;&lt;b&gt;&amp;x=\\)&gt; y">a</a>'
    )
    rendered = MarkdownIt().render(as_markdown((Run("a", url=url),)))
    assert rendered.count("<a ") == 1
    assert re.sub(r"<a [^>]*>", "", rendered) == "<p>a</a></p>\n"


def test_blanks_at_the_edges_of_italics_stay_outside():
    assert as_markdown((Run(" a b ", italic=True), Run("c"))) == " *a b* c"
    assert as_markdown((Run(" ", italic=True),)) == " "


def test_one_line_drops_what_steers_and_keeps_what_is_said():
    assert one_line(" a\r\n\tb\u2028c \x00\x1b\u202e\ud800d ") == "a b c d"
    assert one_line("مرحبا 👩‍🚒 é") == "مرحبا 👩‍🚒 é"


def test_nothing_is_nothing():
    assert plain(()) == as_html(()) == as_markdown(()) == one_line("") == ""
