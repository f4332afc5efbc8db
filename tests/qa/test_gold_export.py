import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from eval.datasets import GoldAnswer, read_dataset
from index.embed import HashEncoder
from index.library import Library
from index.types import Article, Passage, Sourced
from qa.errors import GoldError
from qa.gold import add_gold
from qa.gold_export import export_gold, gold_document, gold_json
from qa.own_data import own_epoch
from qa.squad import Example, Gold, normalize_answer, read_squad

FIRE = "Fire\n\nNine people fled, she said."
TOLL = "Toll\n\nThe nine people who fled are well."


def article(text: str, path: str) -> Article:
    return Article(text, Sourced(text.split("\n")[0], "header"), path, "0" * 64, body_start=6)


FIRST, SECOND = article(FIRE, "/a/fire.txt"), article(TOLL, "/a/toll.txt")
NINE = Passage(FIRST.id, 6, 17, "Nine people")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        opened.add([FIRST, SECOND], HashEncoder())
        yield opened


@pytest.fixture
def filled(library: Library) -> Library:
    add_gold(library, "How many fled?", [NINE, Passage(SECOND.id, 10, 21, "nine people")])
    add_gold(library, "How many fled?", [Passage(FIRST.id, 6, 10, "Nine")])
    add_gold(library, "Are they well?", [])
    return library


def test_the_file_is_read_as_it_was_kept(filled, tmp_path):
    assert export_gold(filled, tmp_path / "gold.json") == 2
    data = read_dataset(tmp_path / "gold.json")
    fled, well = data.questions
    assert [c.text for c in data.contexts] == [FIRE, TOLL]
    assert [q.id for q in data.questions] == [item.id for item in filled.gold()]
    assert (fled.question, fled.context.text, fled.article) == ("How many fled?", FIRE, "fire.txt")
    assert fled.golds == (
        GoldAnswer("Nine people", "fire.txt", 6),
        GoldAnswer("Nine", "fire.txt", 6),
        GoldAnswer("nine people", "toll.txt", None),
    )
    assert (well.question, well.golds) == ("Are they well?", ())


def test_no_offset_is_lost(filled):
    forms = {form.article: form.paragraphs[0] for form in gold_document(filled).data}
    (fled,) = forms["fire.txt"].qas
    (also,) = fled.also
    assert forms[also.article].context[also.answer_start :].startswith(also.text)


def test_a_question_without_an_answer_stands_where_its_words_come_nearest(filled):
    (well,) = gold_document(filled).data[1].paragraphs[0].qas
    assert well.question == "Are they well?"  # "well" is a word of the second article alone
    assert (well.is_impossible, well.answers) == (True, [])


def test_a_question_that_nothing_comes_near_stands_under_the_first_article(library):
    add_gold(library, "Quantum chess rankings?", [])
    assert [form.article for form in gold_document(library).data] == ["fire.txt"]


def test_a_question_in_a_library_without_articles_has_an_empty_context(library, tmp_path):
    add_gold(library, "Who fled?", [])
    library.remove([FIRST.id, SECOND.id])
    export_gold(library, tmp_path / "gold.json")
    (question,) = read_dataset(tmp_path / "gold.json").questions
    assert (question.context.text, question.article, question.golds) == ("", None, ())


def test_an_answer_in_an_old_version_keeps_that_version_s_text(library, tmp_path):
    add_gold(library, "How many fled?", [NINE])
    library.add([article(FIRE.replace("Nine", "Ten"), "/a/fire.txt")], HashEncoder())
    export_gold(library, tmp_path / "gold.json")
    (question,) = read_dataset(tmp_path / "gold.json").questions
    assert question.context.text == FIRE
    assert question.golds == (GoldAnswer("Nine people", "fire.txt", 6),)


def test_it_is_squad_2_in_json(library):
    add_gold(library, "How many fled?", [NINE])
    (item,) = library.gold()
    answers = [{"text": "Nine people", "answer_start": 6}]
    question = {"id": item.id, "question": item.question, "answers": answers}
    paragraph = {"context": FIRE, "qas": [{**question, "is_impossible": False}]}
    entry = {"title": "Fire", "article": "fire.txt", "paragraphs": [paragraph]}
    assert gold_json(gold_document(library)) == {"version": "v2.0", "data": [entry]}


def test_training_reads_the_file(filled, tmp_path):
    export_gold(filled, tmp_path / "gold.json")
    fled, well = read_squad(tmp_path / "gold.json")
    assert fled == Example(
        fled.id, "How many fled?", FIRE, "Fire", (Gold("Nine people", 6), Gold("Nine", 6))
    )
    assert (well.context, well.golds) == (TOLL, ())
    assert own_epoch(tmp_path / "gold.json", random.Random(1))


TEXTS = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS, question=st.text(alphabet='aé?"\\ 中🜨', min_size=1), data=st.data())
def test_any_text_and_place_survive_the_way_out_and_in(tmp_path_factory, text, question, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    words = text[start:end]
    assume(normalize_answer(words) and any(c.isalnum() for c in question))
    folder = tmp_path_factory.mktemp("library")
    with Library.open(folder / "library", create=True) as library:
        only = Article(text, Sourced("t", "header"), "/a/t.txt", "0" * 64)
        library.add([only], HashEncoder())
        add_gold(library, question, [Passage(only.id, start, end, words)])
        export_gold(library, folder / "gold.json")
        (item,) = library.gold()
    (read,) = read_dataset(folder / "gold.json").questions
    assert (read.id, read.question, read.context.text) == (item.id, item.question, text)
    assert read.golds == (GoldAnswer(words, "t.txt", start),)


def test_nothing_to_write_is_one_line_and_leaves_the_file(library, tmp_path):
    (tmp_path / "gold.json").write_text("years of work")
    with pytest.raises(GoldError, match="holds no gold items: add one with"):
        export_gold(library, tmp_path / "gold.json")
    assert (tmp_path / "gold.json").read_text() == "years of work"


def test_an_older_file_is_replaced_whole(filled, tmp_path):
    (tmp_path / "gold.json").write_text("x" * 10_000)
    export_gold(filled, tmp_path / "gold.json")
    written = json.loads((tmp_path / "gold.json").read_text())
    assert written == gold_json(gold_document(filled))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gold.json", "library"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("library", "is a folder: name a file to write"),
        ("none/gold.json", r"cannot be written \(No such file or directory\): name another place"),
        ("gold.jsonl", r"is read as JSON Lines: name it \.json"),
        ("library/footnote.db/gold.json", r"cannot be written \(Not a directory\)"),
    ],
)
def test_a_place_that_cannot_be_written_is_one_line(filled, tmp_path, name, said):
    with pytest.raises(GoldError, match=f"{name}: .*{said}") as caught:
        export_gold(filled, tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_device_takes_it_as_it_comes(filled):
    with pytest.raises(GoldError, match=r"/dev/full: cannot be written \(No space left on device"):
        export_gold(filled, "/dev/full")
    assert Path("/dev/full").is_char_device()
