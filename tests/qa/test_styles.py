import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.cite import CitationRecord, read_records
from qa.errors import CitationError
from qa.rich_text import RichText, one_line
from qa.styles import STYLES, Run, as_html, format_records, full_references, plain

FOLDER = Path(__file__).parent / "citations"
SOURCES = read_records((FOLDER / "sources.json").read_bytes(), "here")


def record(**changes) -> CitationRecord:
    return CitationRecord.model_validate(SOURCES[6].to_json() | changes)


def marked(rich: RichText) -> str:
    """Italics between low lines, as in the golden files."""
    return "".join(f"_{run.text}_" if run.italic else run.text for run in rich)


def entry(style: str, **changes) -> str:
    (found,) = format_records([record(**changes)], style).bibliography
    return marked(found)


def note(style: str, **changes) -> str:
    (found,) = format_records([record(**changes)], style).notes
    return marked(found)


@pytest.mark.parametrize("style", STYLES)
def test_the_invented_sources_are_printed_as_the_style_has_them(style):
    formatted = format_records(SOURCES, style)
    notes = "\n".join(map(marked, formatted.notes))
    entries = "\n".join(map(marked, formatted.bibliography))
    assert f"{notes}\n\n{entries}\n" == (FOLDER / f"{style}.txt").read_text()


def test_there_are_five_styles_and_another_is_refused_with_their_names():
    assert STYLES == ("apa", "chicago", "mla", "harvard", "ieee")
    with pytest.raises(
        CitationError, match="no style 'vogue': choose one of apa, chicago, mla, harvard, ieee"
    ):
        format_records(SOURCES, "vogue")
    with pytest.raises(CitationError, match="no style ''"):
        full_references([], "")


@pytest.mark.parametrize("style", STYLES)
def test_nothing_cited_is_nothing_printed(style):
    formatted = format_records([], style)
    assert (formatted.notes, formatted.bibliography) == ((), ())
    assert full_references([], style) == ()


HOSTILE = [
    "#panic()",
    "$x$",
    "*bold* _it_",
    "@key",
    "C:\\new\\",
    "\"q\" 'r' “s”",
    "two\nlines\r\nof\ttext",
    "\x00\x07\x1b[31m",
    "👩‍🚒🔥",
    "مرحبا \u202eabc",
    "<b>&amp;</b>",
    "{{x}}",
    "",
    ".",
    "?",
    "…",
]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(style, text):
    changes = {"title": f"a {text}", "authors": [f"Ann {text}"], "source": text, "url": text}
    records = [record(**changes), record(article_id="b", title=text)]
    formatted = format_records(records, style)
    for rich in (*formatted.notes, *formatted.bibliography, *full_references(records, style)):
        assert plain(rich) == one_line(plain(rich))
        assert not re.search(r"<(?!/?(em>|a[ >]))", as_html(rich))


@pytest.mark.parametrize("style", STYLES)
@given(title=st.text(max_size=60), author=st.text(max_size=30))
def test_the_words_of_any_title_are_all_printed(style, title, author):
    valid = [text.encode("utf-8", "replace").decode() for text in (title, author)]
    printed = entry(style, title=valid[0], authors=[valid[1]])

    def letters(text: str) -> str:
        return "".join(c for c in text.casefold() if c.isalnum())

    assert letters(one_line(valid[0])) in letters(printed)


@pytest.mark.parametrize("style", STYLES)
def test_only_addresses_that_browsers_open_are_links(style):
    (safe,) = format_records([record()], style).bibliography
    assert Run("https://courier.example/ferry", url="https://courier.example/ferry") in safe
    (unsafe,) = format_records([record(url="javascript:alert(1)")], style).bibliography
    assert all(run.url is None for run in unsafe)


@pytest.mark.parametrize(
    ("style", "first", "second"),
    [("apa", "2019a", "2019b"), ("harvard", "2019a", "2019b")],
)
def test_articles_of_one_author_and_year_have_letters_in_the_order_of_the_list(
    style, first, second
):
    records = [record(article_id="x"), record(article_id="y", published="2019-03-01")]
    formatted = format_records(records, style)
    assert [second in plain(formatted.notes[0]), first in plain(formatted.notes[1])] == [True, True]
    assert first in plain(formatted.bibliography[0])
    assert second in plain(formatted.bibliography[1])


@pytest.mark.parametrize("style", STYLES)
def test_a_thousand_sources_are_printed_at_once(style):
    many = [record(article_id=str(n), title=f"Report {n:04}") for n in range(1000)]
    formatted = format_records(many, style)
    assert len({plain(entry) for entry in formatted.bibliography}) == 1000
    if style == "apa":
        assert plain(formatted.notes[27]) == "(Oswin, 2019ab)"


def test_namesakes_with_the_same_initials_have_letters():
    records = [record(), record(article_id="b", authors=["Tom Oswin"])]
    assert [plain(n) for n in format_records(records, "apa").notes] == [
        "(T. Oswin, 2019a)",
        "(T. Oswin, 2019b)",
    ]


def test_undated_articles_of_one_author_have_letters_too():
    records = [record(article_id=each, published=None, title=each) for each in "xy"]
    assert [plain(n) for n in format_records(records, "apa").notes] == [
        "(Oswin, n.d.-a)",
        "(Oswin, n.d.-b)",
    ]


def test_namesakes_are_told_apart_by_initials():
    records = [record(), record(article_id="b", authors=["Uma Oswin"])]
    assert [plain(n) for n in format_records(records, "apa").notes] == [
        "(T. Oswin, 2019)",
        "(U. Oswin, 2019)",
    ]
    assert [plain(n) for n in format_records(records, "mla").notes] == ["(T. Oswin)", "(U. Oswin)"]


def test_a_second_note_in_chicago_is_short_and_names_the_page():
    first, second = format_records([record(), record(page=4)], "chicago").notes
    assert plain(first).startswith("Tam Oswin, “Ferry Fire: Eleven Hurt,” The Averly Courier, Nov")
    assert plain(second) == "Oswin, “Ferry Fire,” 4."


def test_a_second_work_of_the_same_authors_has_a_dash_in_mla():
    records = [record(article_id=each, title=each) for each in ("Ash", "Birch")]
    assert [plain(e)[:8] for e in format_records(records, "mla").bibliography] == [
        "Oswin, T",
        "---. “Bi",
    ]


@pytest.mark.parametrize(
    ("style", "page"),
    [
        ("apa", "(Oswin, 2019, p. 7)"),
        ("mla", "(Oswin 7)"),
        ("harvard", "(Oswin, 2019, p. 7)"),
        ("ieee", "[1, p. 7]"),
    ],
)
def test_the_text_names_the_page(style, page):
    assert note(style, page=7) == page


SEVEN = ["Ann Ash", "Ben Bow", "Cy Cox", "Dee Dow", "Eve Ely", "Flo Fox", "Guy Gum"]


@pytest.mark.parametrize(
    ("style", "count", "lead"),
    [
        ("apa", 3, "Ash, A., Bow, B., & Cox, C. (2019"),
        ("chicago", 3, "Ash, Ann, Ben Bow, and Cy Cox. “"),
        ("chicago", 7, "Ash, Ann, Ben Bow, Cy Cox, et al. “"),
        ("mla", 3, "Ash, Ann, et al. “"),
        ("harvard", 3, "Ash, A., Bow, B. and Cox, C. (2019)"),
        ("harvard", 4, "Ash, A. _et al._ (2019)"),
        ("ieee", 6, "[1] A. Ash, B. Bow, C. Cox, D. Dow, E. Ely, and F. Fox, “"),
        ("ieee", 7, "[1] A. Ash _et al._, “"),
    ],
)
def test_as_many_authors_as_the_style_lists(style, count, lead):
    assert entry(style, authors=SEVEN[:count]).startswith(lead)


def test_apa_lists_nineteen_authors_and_the_last_of_more_than_twenty():
    many = [f"Ann {chr(65 + n)}sh" for n in range(21)]
    assert "Ssh, A., . . . Ush, A. (2019" in entry("apa", authors=many)
    assert "Ssh, A., & Tsh, A. (2019" in entry("apa", authors=many[:20])


@pytest.mark.parametrize(
    ("style", "count", "said"),
    [
        ("apa", 2, "(Ash & Bow, 2019)"),
        ("apa", 3, "(Ash et al., 2019)"),
        ("mla", 2, "(Ash and Bow)"),
        ("mla", 3, "(Ash et al.)"),
        ("harvard", 3, "(Ash, Bow and Cox, 2019)"),
        ("harvard", 4, "(Ash _et al._, 2019)"),
    ],
)
def test_as_many_authors_as_the_text_names(style, count, said):
    assert note(style, authors=SEVEN[:count]) == said


@pytest.mark.parametrize(
    ("style", "dated"),
    [
        ("apa", "(2019, November 6 [date as shown on page])"),
        ("chicago", "November 6, 2019 [date as shown on page]."),
        ("mla", "6 Nov. 2019 [date as shown on page],"),
        ("harvard", "6 November [date as shown on page]."),
        ("ieee", "Nov. 6, 2019 [date as shown on page]."),
    ],
)
def test_a_doubtful_date_is_said_to_be_what_the_page_shows(style, dated):
    assert dated in entry(style, published_trust="low")
    assert "as shown" not in entry(style)


@pytest.mark.parametrize(
    ("title", "style", "printed"),
    [
        ("Who paid?", "apa", "Who paid? _The"),
        ("Who paid?", "chicago", "“Who Paid?” _The"),
        ("Stop!", "mla", "“Stop!” _The"),
        ("The end.", "ieee", "“The end,” _The"),
        ("The end.", "chicago", "“The End.” _The"),
        ("The end…", "harvard", "‘The end…’, _The"),
        ("On (and on)", "apa", "On (and on). _The"),
    ],
)
def test_no_mark_is_doubled(title, style, printed):
    assert printed in entry(style, title=title)


@pytest.mark.parametrize("style", STYLES)
def test_the_full_reference_has_title_outlet_and_page(style):
    (full,) = full_references([record(page=7)], style)
    assert "erry fire: eleven hurt" in plain(full).casefold()
    assert "The Averly Courier" in plain(full)
    assert re.search(r"\b7\b", plain(full))
    assert not plain(full).startswith("[1]")
