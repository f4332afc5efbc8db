import asyncio
import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.types import Article, Sourced
from qa.suggest import Suggestion
from qa.types import Range
from ui.desk import Desk
from ui.scripted import ScriptedAssistant
from ui.suggesting import SHOWN, TRIED, Suggesting

NAMES = ["Ada Low", "Bo Roe", "Cy Lind", "Di Marr", "Ed Holt", "Flo Banks", "Gus Peel", "Hal Orr"]


def article(name, more=""):
    text = f"{name} raised the alarm at pier {ord(name[0]) - 64} of the harbour. {more}"
    return Article(text, Sourced(name, "headline"), path=f"/{name}.txt", file_sha256="0" * 64)


def question(name):
    return f"Who raised the alarm at pier {ord(name[0]) - 64} of the harbour?"


def answer(injured, name, *, of=None, confidence=0.9):
    """As if the name were read in its article."""
    cited = dataclasses.replace(
        injured.citations[0], article_id=of or article(name).id, start=0, end=len(name)
    )
    return dataclasses.replace(
        injured, question=question(name), citations=(cited,), confidence=confidence
    )


def run(coroutine):
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@pytest.fixture
def suggesting(injured):
    """Of these articles, with the answers that the assistant gives."""
    opened = []

    def of(answers, names=NAMES):
        articles = {article(name).id: article(name) for name in names}
        assistant = ScriptedAssistant({a.question: a for a in answers}, articles=articles)
        desk = Desk(assistant)
        opened.append(desk)
        return Suggesting(desk), assistant, [article(name).id for name in names]

    yield of
    for desk in opened:
        desk.close()


def test_only_an_answer_from_the_same_words_meets_it(injured):
    cited = injured.citations[0]
    same = Suggestion("?", cited.article_id, Range(cited.start - 5, cited.start + 1))
    assert same.met_by(injured)
    beside = Suggestion("?", cited.article_id, Range(cited.start - 5, cited.start))
    elsewhere = Suggestion("?", "f" * 16, Range(cited.start, cited.end))
    after = Suggestion("?", cited.article_id, Range(cited.end, cited.end + 5))
    assert not any(each.met_by(injured) for each in (beside, after, elsewhere))


def test_questions_that_are_answered_from_the_same_words_are_offered(suggesting, injured):
    answers = [
        answer(injured, "Ada Low"),
        answer(injured, "Bo Roe", confidence=0.3),
        answer(injured, "Cy Lind", of="f" * 16),
        dataclasses.replace(answer(injured, "Di Marr"), answered=False, answer="", citations=()),
        answer(injured, "Ed Holt"),
    ]
    offered, assistant, ids = suggesting(answers, NAMES[:5])
    assert run(offered.after(ids, [])) == [question("Ada Low"), question("Ed Holt")]
    assert assistant.asked == [question(name) for name in NAMES[:5]]


def test_no_more_are_tried_than_are_shown(suggesting, injured):
    offered, assistant, ids = suggesting([answer(injured, name) for name in NAMES])
    assert run(offered.after(ids, [])) == [question(name) for name in NAMES[:SHOWN]]
    assert len(assistant.asked) == SHOWN


def test_trying_ends_where_nothing_is_answered(suggesting, injured):
    names = [f"{chr(65 + n)}na Low" for n in range(TRIED + 3)]
    unsure = [answer(injured, name, confidence=0.1) for name in names]
    offered, assistant, ids = suggesting(unsure, names)
    assert run(offered.after(ids, [])) == []
    assert len(assistant.asked) == TRIED


def test_what_was_asked_is_not_offered_again(suggesting, injured):
    offered, _, ids = suggesting([answer(injured, name) for name in NAMES[:2]], NAMES[:2])
    asked = ["  who raised the ALARM at pier 1 of the harbour "]
    assert run(offered.after(ids, asked)) == [question("Bo Roe")]


@pytest.mark.parametrize(
    ("asked", "offered"),
    [("Tell me who raised the alarm at Pier 1 of the harbour in May", False), ("Who?", True)],
)
def test_what_was_asked_with_more_words_is_not_offered(suggesting, injured, asked, offered):
    one = question("Ada Low")
    found, _, ids = suggesting([answer(injured, "Ada Low")], NAMES[:1])
    assert run(found.after(ids, [asked])) == ([one] if offered else [])
    at_first = run(found.after([], []))
    assert at_first == [one]
    assert run(found.after([], [asked])) == ([one] if offered else [])


def test_before_the_first_question_those_of_the_newest_articles_are_tried_once(suggesting, injured):
    offered, assistant, _ = suggesting([answer(injured, name) for name in NAMES])
    newest_first = [question(name) for name in NAMES[::-1][:SHOWN]]
    assert run(offered.after([], [])) == newest_first
    assert run(offered.after([], [newest_first[0]])) == newest_first[1:]
    assert len(assistant.asked) == SHOWN


def test_an_article_that_is_gone_offers_nothing(suggesting, injured):
    offered, _, ids = suggesting([answer(injured, "Ada Low")], NAMES[:1])
    assert run(offered.after(["f" * 16, *ids], [])) == [question("Ada Low")]
    assert run(offered.after(["f" * 16], [])) == []
