from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.datasets import GoldAnswer, read_dataset
from eval.gold import gold_dataset
from eval.run import evaluate_answers
from index.embed import HashEncoder
from index.library import Library
from index.search import Searcher
from index.types import Article, Passage, Sourced
from qa.assistant import Assistant
from qa.confidence import FEATURES, Calibration, EvidenceWeights
from qa.errors import GoldError
from qa.gold import add_gold
from qa.gold_export import export_gold
from qa.reader import ScriptedReader

FIRE = "Fire\n\nNine people fled, she said."


def article(text: str, path: str = "/a/fire.txt") -> Article:
    return Article(text, Sourced(text.split("\n")[0], "header"), path, "0" * 64, body_start=6)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        opened.add([article(FIRE), article("Rain\n\nIt rained.", "/a/rain.txt")], HashEncoder())
        yield opened


@pytest.fixture
def filled(library: Library) -> Library:
    add_gold(library, "How many fled?", [Passage(article(FIRE).id, 6, 17, "Nine people")])
    add_gold(library, "Who owned it?", [])
    return library


def evaluated(library: Library, script: dict[str, float], data=None) -> dict[str, float]:
    """What the measures come to with a reader that finds these words in any passage."""
    sure = Calibration(30.0, (0.0,) * len(FEATURES), 0.5, 0.0, 0.0, EvidenceWeights(1.0, 0.0, 0.0))
    searcher = Searcher.open(library, HashEncoder())
    assistant = Assistant(library, searcher, ScriptedReader(script), sure)
    found = evaluate_answers(data or gold_dataset(library), assistant)
    named = ("exact_match", "f1", "has_answer_f1", "no_answer_accuracy", "citation_precision")
    return {m.name: m.estimate.value for m in found.measures if m.name in named}


def test_items_become_questions(filled):
    fled, owned = gold_dataset(filled).questions
    item = filled.gold()[0]
    assert (fled.id, fled.question, fled.article) == (item.id, "How many fled?", "fire.txt")
    assert fled.golds == (GoldAnswer("Nine people", "fire.txt", None),)
    assert (owned.golds, owned.article, owned.context) == ((), None, None)


def test_no_items_is_one_line_with_the_cure(library):
    with pytest.raises(GoldError, match="holds no gold items: add one with 'footnote gold add"):
        gold_dataset(library)


def test_a_library_is_measured_on_its_own_items(filled):
    # One right answer rightly cited; the other question should not have been answered.
    assert evaluated(filled, {"Nine people": 3.0}) == {
        "exact_match": 0.5,
        "f1": 0.5,
        "has_answer_f1": 1.0,
        "no_answer_accuracy": 0.0,
        "citation_precision": 0.5,
    }


def test_the_file_gives_the_same_figures(filled, tmp_path):
    export_gold(filled, tmp_path / "gold.json")
    script = {"Nine people": 3.0}
    assert evaluated(filled, script, read_dataset(tmp_path / "gold.json")) == evaluated(
        filled, script
    )


def test_a_later_version_of_the_file_counts_by_its_words(filled):
    filled.remove_gold([filled.gold()[1].id])
    filled.add([article(FIRE.replace("Nine", "Yesterday nine"))], HashEncoder())
    found = evaluated(filled, {"nine people": 3.0})
    assert (found["f1"], found["citation_precision"]) == (1.0, 1.0)
    filled.add([article(FIRE.replace("Nine", "Ten"))], HashEncoder())
    found = evaluated(filled, {"Ten people": 3.0})
    assert (found["f1"], found["citation_precision"]) == (0.5, 0.0)


def test_the_same_words_in_another_article_are_right_and_wrongly_cited(filled):
    filled.remove_gold([filled.gold()[1].id])
    filled.remove([article(FIRE).id])
    filled.add([article("Flood\n\nNine people fled.", "/a/flood.txt")], HashEncoder())
    found = evaluated(filled, {"Nine people": 3.0})
    assert (found["f1"], found["citation_precision"]) == (1.0, 0.0)


def test_the_hash_is_that_of_the_items(filled):
    before = gold_dataset(filled).sha256
    filled.add([article("Wind\n\nWho owned it blew.", "/a/wind.txt")], HashEncoder())
    assert gold_dataset(filled).sha256 == before
    add_gold(filled, "How many fled?", [Passage(article(FIRE).id, 6, 10, "Nine")])
    assert gold_dataset(filled).sha256 != before
