import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import PublishedDate
from qa.types import Agreement, Answer, Claim, Range
from ui import views
from ui.views import MAX_CARRIERS, Part, Source


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (0.0, "a faint guess, 0.00"),
        (0.25, "doubtful, 0.25"),
        (0.5, "more likely than not, 0.50"),
        (0.82, "likely, 0.82"),
        (0.95, "almost certain, 0.95"),
        (1.0, "almost certain, 1.00"),
    ],
)
def test_confidence_is_said_in_words_and_as_a_figure(confidence, words):
    assert views.confidence_words(confidence) == words


def test_words_follow_the_probability_not_its_rounded_figure():
    assert views.confidence_words(0.749) == "more likely than not, 0.75"


@pytest.mark.parametrize(
    ("value", "trust", "words"),
    [
        ("2019-11-06", "high", "6 November 2019"),
        ("2019-11-06T23:30:00+05:00", "high", "6 November 2019"),
        ("2024-02-29", "low", "date as shown on page: 29 February 2024"),
        ("2019-11", "high", "November 2019"),
    ],
)
def test_a_date_is_written_out_and_a_doubtful_one_says_so(value, trust, words):
    assert views.published_words(PublishedDate(value, "header", trust)) == words


@pytest.mark.parametrize(
    "url", ["http://a.example/", "https://a.example:8443/x?y=1&z=<2>", "HTTPS://A.EXAMPLE/"]
)
def test_ordinary_addresses_are_links(url):
    assert views.web_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
        "//a.example/",
        "https:a.example",
        "https://[broken",
        "https://a.example/\x01",
        "ftp://a.example/",
    ],
)
def test_any_other_address_is_no_link(url):
    assert views.web_url(url) is None


def test_a_link_names_the_host_it_leads_to():
    assert views.host_of("https://www.courier.example@evil.example/x") == "evil.example"
    assert views.host_of("https://www.courier.example/x") == "courier.example"


def test_a_label_is_one_line_and_cannot_reorder_its_neighbours():
    assert views.label("Late \u202enews\u2066\n of  today\u200f") == "Late news of today"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/articles/ferry.txt", "ferry.txt"),
        ("/articles/wire.csv#2", "wire.csv, record 2"),
        ("/articles/issue #2.txt", "issue #2.txt"),
        ("/articles/#3", "#3"),
    ],
)
def test_a_source_without_address_shows_its_file(path, name):
    assert views.file_name(path) == name


def test_a_long_question_is_shown_by_its_beginning_and_length():
    shown = views.shortened("why " * 5_000)
    assert shown.startswith("why why ")
    assert shown.endswith("why … (19,999 characters)")
    assert len(shown) < 640


def test_the_quote_is_marked_inside_its_sentence_inside_the_passage(injured):
    assert views.passage_parts(injured.citations[1]) == (
        Part("The harbour authority said on Thursday that ", "sentence"),
        Part("12 people", "mark"),
        Part(
            " had been hurt in the fire aboard the Lady Merriden, one more than first reported.",
            "sentence",
        ),
        Part(" Two remain in hospital."),
    )


def test_a_quote_longer_than_its_sentence_is_still_one_mark(injured):
    cited = dataclasses.replace(injured.citations[1], sentence=Range(0, 0))
    marks = [part.text for part in views.passage_parts(cited) if part.kind == "mark"]
    assert marks == ["12 people"]


def test_a_passage_that_did_not_answer_has_no_mark(owner):
    (part,) = views.passage_parts(owner.nearest[1])
    assert part == Part(owner.nearest[1].passage_text)


def test_a_quote_that_is_the_whole_sentence_is_not_repeated(injured):
    cited = injured.citations[1]
    first, last = cited.sentence.start, cited.sentence.end - 1  # all but its full stop
    whole = dataclasses.replace(
        cited, start=first, end=last, quote=cited.passage_text[: last - first]
    )
    assert views.sentence_parts(whole) == ()
    assert views.sentence_parts(cited)[1] == Part("12 people", "mark")


@given(st.text(min_size=1, max_size=80), st.data())
def test_parts_put_together_are_the_passage(text, data):
    cuts = sorted(data.draw(st.integers(0, len(text))) for _ in range(4))
    sentence, quote = Range(cuts[0], cuts[3]), Range(cuts[1], cuts[2])
    parts = views._marked(text, quote, sentence)
    assert "".join(part.text for part in parts) == text
    assert "".join(part.text for part in parts if part.kind == "mark") == text[cuts[1] : cuts[2]]


def test_a_huge_passage_is_cut_around_the_quote_which_stays_whole(injured):
    cited = injured.citations[0]
    before, after = "b" * 600_000, "a" * 400_000
    start = len(before)
    huge = dataclasses.replace(
        cited,
        start=start,
        end=start + len(cited.quote),
        sentence=Range(start, start + len(cited.quote)),
        passage=Range(0, start + len(cited.quote) + len(after)),
        passage_text=before + cited.quote + after,
    )
    parts = views.passage_parts(huge)
    assert [part.kind for part in parts] == ["plain", "mark", "plain"]
    assert parts[0].text.startswith("… b") and parts[0].text.endswith("bbb")
    assert parts[1].text == "eleven people"
    assert parts[2].text.startswith("aaa") and parts[2].text.endswith("a …")
    assert sum(len(part.text) for part in parts) < 4_100


def test_a_turn_without_answer_shows_the_nearest_passages_and_the_reason(owner):
    turn = views.Turn.of(owner, number=3)
    assert (turn.id, turn.answered) == ("t3", False)
    assert turn.reason == "They touch on the subject, but nowhere state the answer."
    assert [source.id for source in turn.sources] == ["t3-s1", "t3-s2"]
    assert turn.rejected is not None
    assert turn.rejected.answer == "The harbour authority"
    far = views.Turn.of(dataclasses.replace(owner, reason="nothing_near"), number=3)
    assert far.rejected is None  # a guess would belie the reason


def test_agreeing_articles_are_counted(injured):
    agreeing = dataclasses.replace(
        injured, agreement=Agreement("agree", (Claim("eleven", articles=3),))
    )
    assert views.Turn.of(agreeing, number=1).agreement == "3 articles say eleven"
    assert views.Turn.of(injured, number=1).agreement == ""


def test_an_answer_too_long_to_repeat_is_only_counted(injured):
    agreeing = dataclasses.replace(injured, agreement=Agreement("agree", (Claim("x" * 61, 2),)))
    assert views.Turn.of(agreeing, number=1).agreement == "2 articles say so"


def test_sources_that_disagree_are_shown_each_with_its_own_footnotes(disputed):
    turn = views.Turn.of(disputed, number=2)
    assert (
        turn.agreement == "sources disagree: eleven people (one article), 12 people (one article)"
    )
    assert [source.id for source in turn.sources] == ["t2-s1", "t2-s2"]
    assert [source.id for source in turn.cited] == ["t2-s1"]
    assert [(c.value, c.articles, [s.n for s in c.sources]) for c in turn.claims] == [
        ("eleven people", "one article", [1]),
        ("12 people", "one article", [2]),
    ]


def test_agreeing_sources_make_no_list_of_claims(injured):
    turn = views.Turn.of(injured, number=1)
    assert turn.claims == ()
    assert turn.cited == turn.sources


def test_the_whole_article_is_marked_in_headline_or_text(first_report):
    at = first_report.text.index("eleven")  # the first one stands in the headline
    headline = views.WholeArticle.of(first_report, marked=Range(at, at + 6))
    assert headline.headline == (
        Part("Ferry fire in Port Averly leaves "),
        Part("eleven", "mark"),
        Part(" injured"),
    )
    assert [part.kind for part in headline.text] == ["plain"]
    at = first_report.text.index("engine room")
    body = views.WholeArticle.of(first_report, marked=Range(at, at + 11))
    assert [part.text for part in body.text if part.kind == "mark"] == ["engine room"]
    assert "".join(part.text for part in body.text) == first_report.text[first_report.body_start :]


@pytest.mark.parametrize("marked", [None, Range(0, 0), Range(9_000, 9_010), Range(50, 20)])
def test_a_range_outside_the_article_marks_nothing(first_report, marked):
    whole = views.WholeArticle.of(first_report, marked=marked)
    assert {part.kind for part in (*whole.headline, *whole.text)} == {"plain"}


def test_an_empty_answer_has_a_turn_too():
    bare = Answer(question="?", standalone_question="?", answered=False, answer="", confidence=0.0)
    turn = views.Turn.of(bare, number=1)
    assert (turn.sources, turn.alternatives, turn.rejected, turn.reason) == ((), (), None, "")


def test_of_many_outlets_that_carry_an_article_some_are_named(harbour_master):
    (cited,) = harbour_master.citations
    outlets = tuple(f"Outlet {n}" for n in range(MAX_CARRIERS + 2))
    for carried_by, words in (
        (outlets[:1], "also carried by Outlet 0"),
        (outlets[:2], "also carried by Outlet 0, Outlet 1"),
        (outlets, f"also carried by {', '.join(outlets[:MAX_CARRIERS])} and 2 more"),
    ):
        found = dataclasses.replace(cited, also_in=tuple("abcdefghi"), carried_by=carried_by)
        assert Source.of(found, turn="t1").copies == words
    assert (
        Source.of(dataclasses.replace(cited, also_in=("a",)), turn="t1").copies
        == "same text in 1 other article"
    )
    assert Source.of(cited, turn="t1").copies == ""
