import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.ingest.text import read_text

BODY = (
    "The council met on Tuesday and decided to close the pool, which was built in 1931.",
    "The mayor called it a dark day.",
)
PROSE = "\n\n".join(BODY)


def read(text, is_markdown=False):
    return read_text(text, is_markdown=is_markdown)


def body(draft):
    return tuple(one.text for one in draft.paragraphs)


def facts(draft):
    known = draft.metadata
    return (
        draft.headline,
        [author.value for author in known.authors],
        known.source and known.source.value,
        known.published and (known.published.value, known.published.trust),
    )


words = st.text(string.ascii_letters, min_size=1, max_size=9)
sentences = st.lists(words, min_size=3, max_size=30).map(lambda some: " ".join(some) + ".")
prose_files = st.lists(sentences, min_size=1, max_size=8).flatmap(
    lambda some: st.sampled_from(["\n", "\n\n"]).map(lambda between: between.join(some))
)


@given(prose_files, st.booleans())
def test_without_a_head_every_word_stays_and_nothing_is_taken_for_a_headline(text, is_markdown):
    draft = read(text, is_markdown)
    assert draft.headline is None
    assert " ".join(body(draft)).split() == text.split()
    assert draft.metadata.title is None


@given(prose_files)
@example("Ann Moe Lee.")  # a sentence in the shape of a name
def test_a_recognised_headline_and_the_body_hold_every_word(text):
    draft = read("Pool To Close\nBy Jane Doe\n\n" + text)
    assert draft.headline == "Pool To Close"
    assert " ".join(body(draft)).split() == text.split()


@pytest.mark.parametrize(
    ("head", "authors", "source", "published"),
    [
        ("Pool to close\nBy Jane Doe, The Echo\n3 May 2024\n\n", ["Jane Doe"], "The Echo",
         ("2024-05-03", "high")),
        ("Pool to close\n\nBy JANE DOE and JOHN ROE\n\nMay 3, 2024\n\n", ["JANE DOE", "JOHN ROE"],
         None, ("2024-05-03", "high")),
        ("3 May 2024\n\nPool to close\n\n", [], None, ("2024-05-03", "low")),
        ("3 May 2024\nPool to close\n", [], None, ("2024-05-03", "low")),
        ("Pool to close\n3 May 2024\n\n", [], None, ("2024-05-03", "low")),
        ("Pool to close\nUpdated 3 May 2024\nBy Jane Doe\n\n", ["Jane Doe"], None,
         ("2024-05-03", "low")),
        ("Pool to close\nThe Echo — 3 May 2024\n\n", [], "The Echo", ("2024-05-03", "high")),
        ("The Echo\nPool to close\nJane Doe\n3 May 2024\n\n", ["Jane Doe"], "The Echo",
         ("2024-05-03", "high")),
        ("Title: Pool to close\nAuthor: Jane Doe\nDate: 3 May 2024\nSource: The Echo\n\n",
         ["Jane Doe"], "The Echo", ("2024-05-03", "high")),
        ("From: Jane Doe <j@echo.example>\nTo: me@home.example\nDate: Fri, 3 May 2024 10:00 +0100\n"
         "Subject: Fwd: Pool to close\n\n", ["Jane Doe"], None,
         ("2024-05-03T10:00:00+01:00", "high")),
        ("---\ntitle: Pool to close\nauthors: [Jane Doe, John Roe]\n---\n",
         ["Jane Doe", "John Roe"], None, None),
        ("# Pool to close\n\n", [], None, None),
        ("# Pool to close\n\n*By Jane Doe · 3 May 2024 · [The Echo](https://echo.example)*\n\n",
         ["Jane Doe"], "The Echo", ("2024-05-03", "high")),
        ("Pool to close\n=============\n\nAuthor: **AFP**\n\n", ["AFP"], None, None),
        ("Pool to close\nJane Doe\n634 words\n3 May 2024\nThe Echo\nEnglish\n\n", ["Jane Doe"],
         "The Echo", ("2024-05-03", "high")),
        ("The Echo\nNews | Sport | Weather\nPool to close\nBy Jane Doe\nShare\n"
         "Facebook Twitter Email\n\n", ["Jane Doe"], "The Echo", None),
        ("POOL TO CLOSE\n\n", [], None, None),
        ("WORLD\nPool to close\nBy Jane Doe\n2 hours ago\n\n", ["Jane Doe"], None, None),
        ("EXCLUSIVE: Pool to close\nJane Doe, Political Editor\nThe Echo, Friday 3 May 2024\n\n",
         ["Jane Doe"], "The Echo", ("2024-05-03", "high")),
        ("Home > News > Harrow\n\nThursday 28 November\n\nPool to close\n\nBy Jane Doe\n\n",
         ["Jane Doe"], None, None),
    ],
)  # fmt: skip
def test_heads_of_many_shapes(head, authors, source, published):
    draft = read(head + PROSE, is_markdown="===" in head)
    headline, *rest = facts(draft)
    assert headline.casefold().removeprefix("exclusive: ") == "pool to close"
    assert rest == [authors, source, published]
    assert body(draft) == BODY


def test_a_headline_alone_is_known_by_what_it_leaves_out():
    draft = read(f"Council backs plan for harbour pool\n\n{PROSE}")
    assert draft.headline == "Council backs plan for harbour pool"
    assert draft.metadata.title.origin == "headline"
    assert body(draft) == BODY


@pytest.mark.parametrize(
    "first",
    [
        "It rained on Tuesday and the river rose",
        "We were three when we left the harbour",
        "By the time the ferry left it was dark",
        "Dear all",
        "it rained",
        "Rain",
        "- one thing",
        "He said:",
    ],
)
def test_prose_in_the_first_line_is_no_headline(first):
    draft = read(f"{first}\n\n{PROSE}")
    assert draft.headline is None
    assert body(draft) == (first, *BODY)


def test_a_deck_between_headline_and_byline_stays_in_the_body():
    draft = read(f"Pool to close\nCouncillors voted 8 to 4.\n\nBy Jane Doe\n\n{PROSE}")
    assert facts(draft)[:2] == ("Pool to close", ["Jane Doe"])
    assert body(draft) == ("Councillors voted 8 to 4.", *BODY)


def test_a_page_line_is_trusted_where_the_text_names_a_day_near_it():
    draft = read(f"3 May 2024\n\nPool to close\n\nIt was decided on May 2.\n\n{PROSE}")
    assert facts(draft)[3] == ("2024-05-03", "high")


def test_a_page_line_with_the_wrong_weekday_is_not_trusted():
    draft = read(f"Monday, 3 May 2024\n\nPool to close\n\nIt was decided on May 2.\n\n{PROSE}")
    assert facts(draft)[3] == ("2024-05-03", "low")


def test_a_date_line_over_prose_stays_in_the_text():
    text = "14 March 2024\n\nWe left the harbour at six.\n\n15 March 2024\n\nMore fog."
    draft = read(text)
    assert "\n\n".join(body(draft)) == text
    assert draft.headline is None


def test_a_dateline_stays_and_gives_its_date_and_agency():
    draft = read("KABUL, Nov. 6, 2019 (AFP) — Fifteen people were hurt.\n\nIt was dark.")
    assert facts(draft)[2:] == ("AFP", ("2019-11-06", "high"))
    assert body(draft)[0].startswith("KABUL, Nov. 6, 2019 (AFP) — Fifteen")


def test_a_press_release_keeps_its_contact_and_loses_its_marks():
    draft = read(
        "FOR IMMEDIATE RELEASE\n\nContact: Mara Lind, 555-0134\n\nLUMO UNVEILS STILL\n\n"
        "SPRINGFIELD, March 14, 2024 -- Lumo Labs today announced a still that fits into a pocket "
        "and makes water.\n\n###\n"
    )
    assert facts(draft) == ("LUMO UNVEILS STILL", [], None, ("2024-03-14", "high"))
    assert body(draft)[0] == "Contact: Mara Lind, 555-0134"
    assert len(body(draft)) == 2


def test_what_stands_at_the_end_is_metadata_or_goes():
    draft = read(
        f"Pool to close\nBy Jane Doe\n\n{PROSE}\n\nAdditional reporting by John Roe.\n\n"
        "Source: https://echo.example/pool\n\nRelated Posts\nPool roof leaks\n"
    )
    assert facts(draft)[1] == ["Jane Doe", "John Roe"]
    assert draft.metadata.authors[1].origin == "credit line"
    assert draft.metadata.url.value == "https://echo.example/pool"
    assert body(draft) == BODY


@pytest.mark.parametrize(
    ("line", "url", "source", "day"),
    [
        ("Originally published at https://echo.example/pool on May 3, 2024.",
         "https://echo.example/pool", None, "2024-05-03"),
        ("This article first appeared in The Echo", None, "The Echo", None),
        ("Source: The Echo", None, "The Echo", None),
    ],
)  # fmt: skip
def test_where_it_first_stood_is_metadata(line, url, source, day):
    draft = read(f"Pool to close\nBy Jane Doe\n\n{PROSE}\n\n---\n\n{line}\n")
    known = draft.metadata
    assert body(draft) == BODY
    assert (known.url and known.url.value) == url
    assert (known.source and known.source.value) == source
    assert (known.published and known.published.value) == day


@pytest.mark.parametrize(
    "line",
    ["Source: Ministry of Health", "It was first published in his youth.", "https://x.example/y"],
)
def test_other_last_lines_stay(line):
    assert body(read(f"{PROSE}\n\n{line}")) == (*BODY, line)


def test_an_address_in_the_head_is_the_articles():
    draft = read(f"https://echo.example/pool\n\nPool to close\n\nBy Jane Doe\n\n{PROSE}")
    assert draft.metadata.url.value == "https://echo.example/pool"
    assert body(draft) == BODY


def test_markdown_marks_go_and_words_stay():
    draft = read(
        "# Pool *to* close\n\nIt is **back** on [Moss Hill](https://x.example), see [here][1].\n\n"
        '## What next\n\n- one thing\n- another\n\n> "A dark day," said 2 * 3 * 4.\n\n'
        "![A pool](pool.jpg)\n\n| Year | Visitors |\n|------|---------:|\n| 2022 | 40,000   |\n\n"
        "---\n\n1991. A year of rain.\n\n[1]: https://y.example\n",
        is_markdown=True,
    )
    assert draft.headline == "Pool to close"
    assert body(draft) == (
        "It is back on Moss Hill, see here.",
        "What next",
        "- one thing",
        "- another",
        '"A dark day," said 2 * 3 * 4.',
        "Year | Visitors",
        "2022 | 40,000",
        "1991. A year of rain.",
    )


def test_plain_text_keeps_its_stars():
    assert body(read("He wrote **no** and *left*, [sic] he said.")) == (
        "He wrote **no** and *left*, [sic] he said.",
    )


def test_a_date_that_cannot_be_read_is_a_warning():
    draft = read(f"Title: Pool to close\nDate: 03/04/2024\n\n{PROSE}")
    assert draft.metadata.published is None
    assert draft.warnings == (
        "the date '03/04/2024' is left out: day and month could change places; "
        "write it as 2024-12-31",
    )


def test_nothing_gives_nothing():
    assert body(read("")) == () and read("").headline is None
