import dataclasses
from datetime import date

import pytest

from index.rows import ArticleRecord
from index.types import Article, PublishedDate, Sourced
from qa.dates import Anchor
from qa.timeline import said_dates, timeline
from qa.types import Agreement, Alternative, Answer, Claim, Copy
from ui.terminal import answer_text, article_text, facts, listing


def test_an_answer_stands_above_its_numbered_footnotes(injured):
    assert answer_text(injured) == "\n".join(
        [
            "eleven people [1][2]",
            "(likely, 0.82)",
            "",
            "[1] Ferry fire in Port Averly leaves eleven injured, The Averly Courier, "
            "6 November 2019",
            "    A fire on the overnight ferry Lady Merriden left **eleven people** injured early "
            "on Tuesday, the coastguard said.",
            "    https://www.averlycourier.example/news/ferry-fire",
            "[2] Averly ferry: toll revised, Northmark Wire, date as shown on page: "
            "8 November 2019",
            "    The harbour authority said on Thursday that **12 people** had been hurt in the "
            "fire aboard the Lady Merriden, one more than first reported.",
            "    /articles/wire.csv#2",
            "",
            "Other readings: Two (a faint guess, 0.08)",
        ]
    )


def test_articles_that_agree_are_counted(injured):
    agreeing = dataclasses.replace(
        injured, agreement=Agreement("agree", (Claim("eleven people", 2, injured.citations),))
    )
    assert answer_text(agreeing).splitlines()[1:3] == [
        "(likely, 0.82)",
        "2 articles say eleven people",
    ]


def test_sources_that_disagree_are_all_cited(disputed):
    shown = answer_text(disputed).splitlines()
    assert shown[:3] == [
        "eleven people [1]",
        "(likely, 0.82)",
        "sources disagree: eleven people (one article) [1], 12 people (one article) [2]",
    ]
    assert shown[4].startswith("[1] Ferry fire in Port Averly")
    assert shown[7].startswith("[2] Averly ferry: toll revised")
    assert "**12 people**" in shown[8]


def test_the_items_of_a_list_stand_below_the_answer_with_their_footnotes(hurt_of):
    shown = answer_text(hurt_of).splitlines()
    assert shown[:5] == [
        "eleven people [1]",
        "  - eleven people [1]",
        "  - 12 people [2]",
        "(more likely than not, 0.60)",
        "",
    ]
    assert [line[:3] for line in shown if line.startswith("[")] == ["[1]", "[2]"]


def test_color_marks_with_escapes_in_place_of_stars(harbour_master):
    shown = answer_text(harbour_master, color=True)
    assert "harbour master \x1b[1;4mIlse Corbant\x1b[0m." in shown
    assert "*" not in shown


def test_a_quote_that_is_its_whole_sentence_is_marked_whole(first_report, harbour_master):
    (cited,) = harbour_master.citations
    sentence = cited.sentence
    whole = first_report.text[sentence.start : sentence.end]
    cited = dataclasses.replace(cited, start=sentence.start, end=sentence.end, quote=whole)
    answer = dataclasses.replace(harbour_master, answer=whole, citations=(cited,))
    assert f"    **{whole}**" in answer_text(answer).splitlines()


def test_a_page_and_copies_are_named(harbour_master):
    (cited,) = harbour_master.citations
    cited = dataclasses.replace(cited, page=7, also_in=("a", "b"))
    shown = answer_text(dataclasses.replace(harbour_master, citations=(cited,)))
    assert ", 6 November 2019, p. 7\n" in shown
    assert shown.endswith("\n    (same text in 2 other articles)")


def test_without_an_answer_the_best_guess_and_its_place_are_shown(owner):
    assert answer_text(owner) == "\n".join(
        [
            "No answer. The subject comes up, but the articles do not say this.",
            "Best guess, not sure enough: The harbour authority (a faint guess, 0.11)",
            "",
            "[1] Averly ferry: toll revised, Northmark Wire, date as shown on page: "
            "8 November 2019",
            "    **The harbour authority** said on Thursday that 12 people had been hurt in the "
            "fire aboard the Lady Merriden, one more than first reported.",
            "    /articles/wire.csv#2",
        ]
    )


def test_without_even_a_guess_the_nearest_passages_are_shown(owner):
    shown = answer_text(dataclasses.replace(owner, best_rejected=None)).splitlines()
    assert shown[1:3] == ["", "Nearest:"]
    assert shown[3].startswith("[1] Ferry fire in Port Averly leaves eleven injured")
    assert shown[6].startswith("[2] Averly ferry: toll revised")
    assert not any("**" in line for line in shown)


def test_a_guess_without_a_place_is_shown_alone(owner):
    bare = dataclasses.replace(owner, best_rejected=Alternative("nobody", 0.2))
    assert answer_text(bare).splitlines()[1:] == [
        "Best guess, not sure enough: nobody (a faint guess, 0.20)"
    ]


def test_where_nothing_is_near_no_guess_is_made(owner):
    shown = answer_text(dataclasses.replace(owner, reason="nothing_near")).splitlines()
    assert shown[0] == "No answer. Nothing in the library is about this."
    assert shown[2] == "Nearest:"
    assert not any("guess" in line for line in shown)


def test_readings_that_nothing_speaks_for_are_left_out(injured):
    others = (Alternative("Two", 0.08), Alternative("ten", 0.009), Alternative("forty", 0.0))
    shown = answer_text(dataclasses.replace(injured, alternatives=others))
    assert shown.endswith("\nOther readings: Two (a faint guess, 0.08)")
    assert "Other" not in answer_text(dataclasses.replace(injured, alternatives=others[1:]))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("nothing_near", "No answer. Nothing in the library is about this."),
        ("filtered_out", "No answer. The filters leave no article to search."),
        ("subject_only", "No answer. The subject comes up, but the articles do not say this."),
        (
            "not_extractive",
            "No answer. Footnote quotes; it does not summarise, write, translate, reckon or judge.",
        ),
        (None, "No answer. The articles do not say."),
    ],
)
def test_the_reason_is_said_in_words(reason, said):
    nothing = Answer("?", "?", answered=False, answer="", confidence=0.0, reason=reason)
    assert answer_text(nothing) == said


def test_undated_articles_that_a_filter_left_out_are_counted(owner, injured):
    for answer in (owner, injured):
        shown = answer_text(dataclasses.replace(answer, undated_left_out=3)).splitlines()
        assert shown[-2:] == ["", "Left out by the date filter for having no date: 3"]


HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202etxt\r\nnext"


def test_no_part_of_an_answer_steers_the_terminal(injured):
    cited = dataclasses.replace(
        injured.citations[0], title=HOSTILE, source=HOSTILE, url=None, path=f"/{HOSTILE}.txt"
    )
    cited = dataclasses.replace(
        cited, passage_text=cited.passage_text.replace("overnight", "over\x1b[2J")
    )
    hostile = dataclasses.replace(
        injured,
        answer=f"eleven{HOSTILE}",
        citations=(cited,),
        alternatives=(Alternative(HOSTILE, 0.1),),
    )
    refused = dataclasses.replace(
        hostile, answered=False, best_rejected=Alternative(HOSTILE, 0.1, (cited,))
    )
    for answer in (hostile, refused):
        shown = answer_text(answer)
        assert not {"\x1b", "\x07", "\r", "\u202e"} & set(shown)


def record(id_: str, **changes) -> ArticleRecord:
    plain = ArticleRecord(
        id=id_,
        title="Toll revised",
        source=None,
        authors=(),
        published=None,
        path="/a.txt",
        added_at="2026-01-01T00:00:00+00:00",
        passages=1,
        state="live",
    )
    return dataclasses.replace(plain, **changes)


def test_a_listing_is_one_line_an_article_with_columns_that_line_up():
    shown = listing(
        [
            record("a" * 16, source="Courier", published=PublishedDate("2019-11-06", "h", "high")),
            record("b" * 16, published=PublishedDate("2019", "h", "high")),
            record("c" * 16, source="Wire\n\x1b[2J", title=HOSTILE),
        ]
    )
    assert shown.split("\n") == [
        "aaaaaaaaaaaaaaaa  2019-11-06  Courier   Toll revised",
        "bbbbbbbbbbbbbbbb  2019                  Toll revised",
        "cccccccccccccccc              Wire [2J  [2J]0;ownedtxt  next",
    ]


def test_a_long_outlet_does_not_push_all_headlines_away():
    shown = listing([record("a" * 16, source="x" * 60), record("b" * 16, source="Wire")])
    assert shown.split("\n")[1] == f"{'b' * 16}  {' ' * 10}  Wire{' ' * 20}  Toll revised"


def test_an_article_is_shown_with_the_origin_of_all_that_is_known_of_it(second_report):
    article = dataclasses.replace(second_report, authors=(Sourced("Tam\x07 Oswin", "byline"),))
    assert article_text(article) == "\n".join(
        [
            "title: Averly ferry: toll revised (header)",
            "source: Northmark Wire (header)",
            "author: Tam Oswin (byline)",
            "published: 2019-11-08T07:30:00+00:00 (page line, low trust)",
            "file: /articles/wire.csv#2",
            f"id: {article.id}",
            "",
            *article.text.split("\n"),
        ]
    )


def test_an_article_that_is_no_longer_searched_says_so(second_report):
    shown = article_text(second_report, state="replaced")
    assert f"id: {second_report.id}\nstate: replaced, no longer searched\n\n" in shown


def test_the_text_of_an_article_keeps_its_lines_and_nothing_that_steers():
    article = Article("a\x1b[2Jb\n\n\tc", Sourced("t", "file name"), "/a.txt", "0" * 64)
    assert article_text(article).endswith(f"id: {article.id}\n\na[2Jb\n\n c")


def test_facts_are_one_pair_a_line():
    values = {"path": "/a\x1bb", "snapshot_generation": None, "writable": False, "bytes": 12}
    assert facts(values) == "path: /ab\nsnapshot generation: none yet\nwritable: no\nbytes: 12"
    assert facts({}) == ""


def dated(answer):
    """The same answer with the times of its sentences, as the assistant gives them."""
    citations = tuple(
        dataclasses.replace(
            cited,
            dates=said_dates(
                cited.sentence_text,
                Anchor.of(PublishedDate(cited.published, "header", cited.published_trust)),
                offset=cited.sentence.start,
            ),
        )
        for cited in answer.citations
    )
    answer = dataclasses.replace(answer, citations=citations)
    return dataclasses.replace(answer, timeline=timeline(answer))


def test_a_relative_date_is_shown_with_the_day_it_was_counted_from(injured):
    lines = answer_text(dated(injured)).splitlines()
    assert "    Tuesday = 2019-11-05, counted from 2019-11-06 (header)" in lines
    doubtful = "    Thursday = 2019-11-07, counted from 2019-11-08 (date as shown on page)"
    assert doubtful in lines


def test_two_dates_make_a_timeline(injured):
    shown = answer_text(dated(injured))
    assert "\n\nIn order of time:\n    2019-11-05  A fire on the overnight ferry" in shown
    assert "\n    2019-11-07  The harbour authority said on Thursday" in shown
    assert shown.endswith("than first reported. [2] (date as shown on page)")


def test_one_date_makes_one_only_where_a_time_was_asked_for(injured):
    alone = dated(dataclasses.replace(injured, citations=injured.citations[:1]))
    assert "In order of time" not in answer_text(alone)
    asked = dataclasses.replace(alone, standalone_question="When was the fire?")
    assert "In order of time:\n    2019-11-05  A fire" in answer_text(asked)


def test_a_time_in_the_question_is_said_even_without_an_answer(owner, injured):
    said = said_dates("last week", Anchor(date(2019, 11, 6), "as of", "high"))
    for answer in (owner, injured):
        shown = answer_text(dataclasses.replace(answer, question_dates=said)).splitlines()
        line = "last week = 2019-10-28/2019-11-03, counted from 2019-11-06 (as of)"
        assert shown[-2:] == ["", line]


def test_a_question_that_was_taken_otherwise_says_how(harbour_master):
    taken = dataclasses.replace(harbour_master, question=" And who runs it? ")
    first, rest = answer_text(taken).split("\n", 1)
    assert first == "Understood as: Who is the harbour master?"
    assert rest == answer_text(harbour_master)


def test_the_outlets_that_carry_the_same_article_are_named(harbour_master):
    (cited,) = harbour_master.citations
    cited = dataclasses.replace(
        cited,
        also_in=("a", "b"),
        copies=(Copy("a", "Fire", "Post\x1b[2J"), Copy("b", "Fire", "Leaf & Cargo")),
    )
    shown = answer_text(dataclasses.replace(harbour_master, citations=(cited,)))
    assert "\n    (also carried by Post" in shown and "Leaf & Cargo)" in shown
    assert "\x1b" not in shown
