import gzip
import hashlib
import json
from pathlib import Path

import pytest

from eval.datasets import Context, GoldAnswer, Question, read_dataset
from index.ingest import read_file
from index.sample import __file__ as sample
from qa.errors import DatasetError

SQUAD = {
    "data": [
        {
            "title": "Port_Averly",
            "paragraphs": [
                {
                    "context": "Ilse Corbant runs the port.",
                    "qas": [
                        {
                            "id": "1",
                            "question": "Who runs the port?",
                            "answers": [
                                {"text": "Ilse Corbant", "answer_start": 0},
                                {"text": "Corbant", "answer_start": 5},
                            ],
                        },
                        {
                            "id": "2",
                            "question": "Who sold the port?",
                            "is_impossible": True,
                            "answers": [],
                            "plausible_answers": [{"text": "Corbant", "answer_start": 5}],
                        },
                    ],
                },
                {"context": "Nobody asks about this.", "qas": []},
            ],
        }
    ]
}

SAMPLE = {
    "version": "footnote-sample-1",
    "data": [
        {
            "title": "Ferry fire",
            "article": "clippings.csv#2",
            "paragraphs": [
                {
                    "context": "Eleven were hurt.",
                    "qas": [
                        {
                            "id": "s1",
                            "question": "How many were hurt?",
                            "kind": "short",
                            "is_impossible": False,
                            "answers": [{"text": "Eleven", "answer_start": 0}],
                            "also": [{"article": "later.html", "text": "12 people"}],
                            "conflict": True,
                        },
                        {
                            "id": "s2",
                            "question": "Why did it sink?",
                            "kind": "explain",
                            "is_impossible": True,
                            "why": "false_premise",
                            "answers": [],
                            "also": [],
                            "conflict": False,
                        },
                    ],
                }
            ],
        }
    ],
}


def written(tmp_path: Path, content: object, name: str = "data.json") -> Path:
    file = tmp_path / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_squad_questions_come_with_their_context_and_golds(tmp_path):
    data = read_dataset(written(tmp_path, SQUAD))
    context = Context("Ilse Corbant runs the port.", "Port_Averly", None)
    assert data.questions[0] == Question(
        id="1",
        question="Who runs the port?",
        golds=(GoldAnswer("Ilse Corbant", None, 0), GoldAnswer("Corbant", None, 5)),
        context=context,
        article="Port_Averly",
    )
    assert data.contexts[0] == context


def test_plausible_answers_to_impossible_questions_are_no_golds(tmp_path):
    assert read_dataset(written(tmp_path, SQUAD)).questions[1].golds == ()


def test_a_context_without_questions_is_kept(tmp_path):
    contexts = read_dataset(written(tmp_path, SQUAD)).contexts
    assert [context.text for context in contexts][1:] == ["Nobody asks about this."]


def test_sample_golds_are_those_of_all_articles_each_with_its_own(tmp_path):
    first, second = read_dataset(written(tmp_path, SAMPLE)).questions
    assert first.golds == (
        GoldAnswer("Eleven", "clippings.csv#2", 0),
        GoldAnswer("12 people", "later.html", None),
    )
    assert (first.kind, first.conflict, first.article) == ("short", True, "clippings.csv#2")
    assert first.gold_texts == ("Eleven", "12 people")
    assert first.context_golds == ("Eleven",)
    assert (second.golds, second.why) == ((), "false_premise")


def test_json_lines_need_no_context(tmp_path):
    lines = (
        '{"id": 7, "question": "Who?", "answers": ["Corbant"], "article": "ferry.txt"}\n'
        "\n"
        '{"id": "8", "question": "Why?", "answers": []}\n'
    )
    data = read_dataset(written(tmp_path, lines, "data.jsonl"))
    golds = (GoldAnswer("Corbant", "ferry.txt", None),)
    assert data.questions == (
        Question("7", "Who?", golds, None, "ferry.txt"),
        Question("8", "Why?", (), None, None),
    )
    assert data.contexts == ()


@pytest.mark.parametrize("name", ["data.json.gz", "misnamed.json"])
def test_gzip_is_known_by_its_bytes(tmp_path, name):
    file = tmp_path / name
    file.write_bytes(gzip.compress(json.dumps(SQUAD).encode()))
    data = read_dataset(file)
    assert [question.id for question in data.questions] == ["1", "2"]
    assert data.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_byte_order_mark_is_no_part_of_the_data(tmp_path):
    assert len(read_dataset(written(tmp_path, "\ufeff" + json.dumps(SQUAD))).questions) == 2


def test_a_limit_takes_questions_from_all_over_the_file(tmp_path):
    lines = "".join(f'{{"id": {i}, "question": "Who?", "answers": []}}\n' for i in range(10))
    data = read_dataset(written(tmp_path, lines, "data.jsonl"))
    assert [question.id for question in data.thinned(3).questions] == ["0", "3", "6"]
    assert data.thinned(None) == data.thinned(10) == data.thinned(99) == data


def test_a_limit_keeps_all_contexts(tmp_path):
    data = read_dataset(written(tmp_path, SQUAD))
    assert data.thinned(1).contexts == data.contexts


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        ("# Not data", "data.json", "not SQuAD-form JSON"),
        ({"data": [{"paragraphs": [{"qas": []}]}]}, "data.json", "data.0.paragraphs.0.context"),
        ({"data": []}, "data.json", "holds no question"),
        ("", "data.jsonl", "holds no question"),
        ('{"id": "1", "question": "Who?"}', "data.jsonl", "line 1: not a line of .*answers"),
        ('{"id": "1", "question": ["Who?"], "answers": []}', "data.jsonl", "question: "),
        ('{"id": "1", "question": "A?", "answers": []}\n' * 2, "data.jsonl", "id '1'"),
    ],
)
def test_data_of_another_form_is_named_in_one_line(tmp_path, content, name, says):
    file = written(tmp_path, content, name)
    with pytest.raises(DatasetError, match=says) as raised:
        read_dataset(file)
    assert str(raised.value).startswith(str(file))
    assert "\n" not in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"gone\.json: cannot be read"):
        read_dataset(tmp_path / "gone.json")


def test_a_cut_off_gzip_file_is_named(tmp_path):
    file = tmp_path / "data.json.gz"
    file.write_bytes(gzip.compress(json.dumps(SQUAD).encode())[:-20])
    with pytest.raises(DatasetError, match="damaged gzip"):
        read_dataset(file)


@pytest.mark.parametrize(("name", "least"), [("sample", 160), ("number", 200)])
def test_the_sample_questions_are_read_whole(name, least):
    file = Path(sample).parents[2] / "eval" / "data" / f"{name}_questions.json"
    data = read_dataset(file)
    assert len(data.questions) >= least
    for question in data.questions:
        for gold in question.golds:
            if gold.start is not None and question.context:
                assert question.context.text[gold.start :].startswith(gold.text)
        assert bool(question.golds) == (question.why is None)


@pytest.mark.parametrize(
    ("folder", "questions"), [("numbers", "number_questions"), ("accounts", "account_questions")]
)
def test_questions_on_events_name_articles_that_say_what_they_are_to_say(folder, questions):
    root = Path(sample).parents[2]
    (file,) = (root / "index" / "sample" / folder).iterdir()
    articles = {
        f"{file.name}#{n}": " ".join(article.text.split())
        for n, article in enumerate(read_file(file).articles, 1)
    }
    for question in read_dataset(root / "eval" / "data" / f"{questions}.json").questions:
        # The article begins with its headline.
        assert question.context
        assert articles[question.article].endswith(" ".join(question.context.text.split()))
        for gold in question.golds:
            assert gold.text in articles[gold.article]


def test_a_folder_is_no_file_of_questions(tmp_path):
    with pytest.raises(DatasetError, match="is a folder: name a file of questions"):
        read_dataset(tmp_path)
