"""Two real articles on one event, which lie outside the project: add them, ask, check the words."""

import os
import re
from pathlib import Path

import pytest

from index.embed import open_encoder
from index.ingest import find_files, read_files
from index.library import Library
from qa import Assistant
from qa.dates import Anchor, find_dates, same_time

DATA = Path(os.environ.get("FOOTNOTE_DATA", Path(__file__).parents[2] / "shared"))
SEEDS = DATA / "seeds"

pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason=f"the two seed articles are not at {SEEDS}: set FOOTNOTE_DATA"
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    folder = tmp_path_factory.mktemp("founding") / "library"
    files, refused = find_files([SEEDS])
    assert not refused
    articles = [article for read in read_files(files) for article in read.articles]
    with Library.open(folder, create=True) as library, library.adding():
        library.add(articles, open_encoder())
    with Assistant.open(folder) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "answers"),
    [
        ("How many people were killed in the attack?", {"17", "At least 17", "Seventeen"}),
        ("Who is a spokesman for the Tajikistan Interior Ministry?", {"Umarjon Emomali"}),
        ("What is the name of the border post?", {"Ishkobod"}),
        ("How many people live in Tajikistan?", {"nine million"}),
        ("How many cyclists died in the attack of July 2018?", {"four"}),
    ],
)
def test_it_answers_in_the_articles_words(assistant, question, answers):
    answer = assistant.ask(question)
    assert answer.answer in answers
    for citation in answer.citations:
        article = assistant.article(citation.article_id)
        assert article.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("How many militants were captured in the attack?", ("Five", "four")),
        ("How many people died in the prison riot in May?", ("32", "20")),
        ("How many people were killed in the prison riot?", ("32", "20")),
        ("How many were killed during the riot in a Tajik prison?", ("32", "20")),
    ],
)
def test_the_articles_disagree(assistant, question, values):
    agreement = assistant.ask(question).agreement
    assert agreement.status == "conflict"
    said = [claim.value for claim in agreement.claims]
    assert len(said) == 2
    assert all(any(value in words for words in said) for value in values)
    articles = [claim.citations[0].article_id for claim in agreement.claims]
    assert len(set(articles)) == 2 and [claim.articles for claim in agreement.claims] == [1, 1]


@pytest.mark.parametrize(
    "question",
    [
        "How many people were killed in the attack?",
        "How many people died in the attack on the border post?",
        "How many people live in Tajikistan?",
        "What is the population of Tajikistan?",
        "How many cyclists were killed in July 2018?",
        "How many touring cyclists died in July 2018?",
    ],
)
def test_both_articles_agree(assistant, question):
    answer = assistant.ask(question)
    assert answer.agreement.status == "agree"
    (claim,) = answer.agreement.claims
    assert claim.articles == 2
    assert claim.citations == answer.citations
    assert len({citation.article_id for citation in answer.citations}) == 2


def test_who_speaks_for_one_article_is_no_conflict_with_who_leads_in_the_other(assistant):
    answer = assistant.ask("Who is a spokesman for the Tajikistan Interior Ministry?")
    assert answer.agreement.status == "single"


def test_it_says_so_where_the_articles_do_not_answer(assistant):
    answer = assistant.ask("Who won the 2018 World Cup?")
    assert not answer.answered
    assert answer.reason in {"nothing_near", "subject_only"}
    assert answer.answer == "" and answer.citations == ()


def test_both_articles_know_where_they_come_from(assistant):
    records = {r.title: r for r in assistant.library.articles()}
    first = records["ISIS Fighters Attack Outpost in Tajikistan"]
    second = next(r for title, r in records.items() if title.startswith("Seventeen people"))
    assert (first.published.day, first.published.trust) == ("2024-11-28", "low")
    assert first.authors == ("Thomas Gibbons-Neff", "Najim Rahim")
    assert (second.published.day, second.published.trust) == ("2019-11-06", "high")
    assert (second.authors, second.source) == (("AFP",), "Yahoo")
    url = assistant.article(second.id).url
    assert url and url.value.startswith("https://news.yahoo.com/17-people-killed")


def test_page_furniture_is_gone_and_the_rest_is_whole(assistant):
    for record in assistant.library.articles():
        text = assistant.article(record.id).text
        assert not re.search(r"Read Full Article|Related Posts|Published at|^1 / 3", text, re.M)
    text = "\n".join(assistant.article(r.id).text for r in assistant.library.articles())
    assert "hundreds of airstrikes." in text
    assert "swap them for arrested traffickers." in text


def test_wednesday_is_counted_from_each_articles_own_day_and_makes_no_conflict(assistant):
    found = {}
    for record in assistant.library.articles():
        article = assistant.article(record.id)
        start = article.text.index("killed ")
        sentence = article.text[start : article.text.index(".", start)]
        (said,) = find_dates(sentence, Anchor.of(article.published))
        found[said.trust] = said
    assert (found["high"].period.iso, found["low"].period.iso) == ("2019-11-06", "2024-11-27")
    assert same_time(found["high"], found["low"]) is None


def test_the_times_of_both_articles_are_read_as_a_reader_would(assistant):
    read = {}
    for record in assistant.library.articles():
        article = assistant.article(record.id)
        for found in find_dates(article.text, Anchor.of(article.published)):
            words = article.text[found.start : found.end]
            read.setdefault(found.trust if found.relative else "", set()).add(
                (words, found.period.iso)
            )
    assert read["high"] >= {("July last year", "2018-07"), ("Sunday", "2019-11-03")}
    assert read["low"] == {
        ("Wednesday", "2024-11-27"),
        ("over the weekend", "2024-11-23/2024-11-24"),
        ("roughly two weeks ago", "2024-11-11/2024-11-17"),
        ("about a month ago", "2024-10"),
        ("May", "2024-05"),
    }
    assert {("the 1990s", "1990/1999"), ("July 2018", "2018-07"), ("2015", "2015")} <= read[""]
