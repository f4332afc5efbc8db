from dataclasses import replace
from pathlib import Path

import pytest

from eval.contexts import as_articles, build_library, pooled_articles
from eval.datasets import Context, DataSet, GoldAnswer, Question
from index.embed import HashEncoder
from index.library import Library
from index.search import Searcher
from qa.errors import DatasetError

PORT = Context("Ilse Corbant runs the port.", "Port_Averly", None)
FERRY = Context("Eleven were hurt.", "Marxism%E2%80%93Leninism", None)


def data_of(*contexts: Context, asked: Context | None = None) -> DataSet:
    golds = (GoldAnswer("Corbant", asked.article if asked else None, 5),)
    question = Question("1", "Who runs the port?", golds, asked, None)
    return DataSet(Path("/data/squad.json.gz"), "f" * 64, (question,), contexts)


def test_each_different_context_is_an_article_of_its_own():
    _, articles = as_articles(data_of(PORT, FERRY, PORT))
    assert [article.text for article in articles] == [PORT.text, FERRY.text]
    assert [Path(article.path).name for article in articles] == [
        "squad.json.gz#1",
        "squad.json.gz#2",
    ]


def test_titles_lose_the_spelling_of_an_address():
    _, articles = as_articles(data_of(PORT, FERRY))
    assert [article.title.value for article in articles] == ["Port Averly", "Marxism–Leninism"]


def test_a_context_without_title_is_called_like_its_file():
    _, (article,) = as_articles(data_of(Context("Some text.", "", None)))
    assert article.title.value == "squad.json.gz#1"


def test_golds_are_in_the_article_made_of_their_context():
    named, _ = as_articles(data_of(FERRY, PORT, asked=PORT))
    assert named.questions[0].golds == (GoldAnswer("Corbant", "squad.json.gz#2", 5),)


def test_an_article_that_the_data_names_keeps_its_name_and_holds_all_its_contexts():
    first = Context("First part.", "Ferry", "clips.csv#2")
    second = Context("Second part.", "Ferry", "clips.csv#2")
    named, (article,) = as_articles(data_of(first, second, asked=second))
    assert article.text == "First part.\n\nSecond part."
    assert Path(article.path).name == "clips.csv#2"
    assert named.questions[0].golds[0].article == "clips.csv#2"


def test_data_without_contexts_asks_for_a_library():
    with pytest.raises(DatasetError, match="--library"):
        as_articles(data_of())


def test_the_built_library_finds_the_contexts_and_says_how_far_it_is(tmp_path):
    contexts = [Context(f"Ferry number {i} left.", "Ferries", None) for i in range(70)]
    _, articles = as_articles(data_of(*contexts, PORT))
    told: list[tuple[int, int]] = []
    encoder = HashEncoder()
    folder = tmp_path / "library"
    build_library(folder, articles, encoder, on_progress=lambda *step: told.append(step))
    assert told == [(64, 71), (71, 71)]
    with Library.open(folder) as library:
        hit = Searcher.open(library, encoder).search("Who runs the port?", top_k=1).hits[0]
        assert library.article(hit.passage.article_id) == articles[-1]


def test_a_context_of_several_sets_is_one_article_named_by_the_first():
    one, other = data_of(PORT, FERRY, asked=PORT), data_of(FERRY, PORT, asked=PORT)
    other = replace(other, path=Path("/data/newer.json.gz"))
    (first, second), articles = pooled_articles([one, other])
    assert [Path(article.path).name for article in articles] == [
        "squad.json.gz#1",
        "squad.json.gz#2",
    ]
    gold = (GoldAnswer("Corbant", "squad.json.gz#1", 5),)
    assert first.questions[0].golds == second.questions[0].golds == gold


def test_golds_that_stand_elsewhere_keep_their_place():
    question = Question("1", "Who?", (GoldAnswer("Corbant", "other.txt", None),), None, None)
    data = replace(data_of(PORT), questions=(question,))
    (named,), _ = pooled_articles([data])
    assert named.questions == data.questions
