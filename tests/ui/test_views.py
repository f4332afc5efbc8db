import dataclasses

import pytest

from qa.types import Agreement, Answer, Claim, Range
from ui import views
from ui.marking import Part


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
    headline = views.WholeArticle.of(first_report, marked=[Range(at, at + 6)])
    assert headline.headline == (
        Part("Ferry fire in Port Averly leaves "),
        Part("eleven", "mark"),
        Part(" injured"),
    )
    assert [part.kind for part in headline.text] == ["plain"]
    at = first_report.text.index("engine room")
    body = views.WholeArticle.of(first_report, marked=[Range(at, at + 11)])
    assert [part.text for part in body.text if part.kind == "mark"] == ["engine room"]
    assert "".join(part.text for part in body.text) == first_report.text[first_report.body_start :]


@pytest.mark.parametrize("marked", [[], [Range(0, 0)], [Range(9_000, 9_010)], [Range(50, 20)]])
def test_a_range_outside_the_article_marks_nothing(first_report, marked):
    whole = views.WholeArticle.of(first_report, marked=marked)
    assert {part.kind for part in (*whole.headline, *whole.text)} == {"plain"}


def test_an_empty_answer_has_a_turn_too():
    bare = Answer(question="?", standalone_question="?", answered=False, answer="", confidence=0.0)
    turn = views.Turn.of(bare, number=1)
    assert (turn.sources, turn.alternatives, turn.rejected, turn.reason) == ((), (), None, "")
