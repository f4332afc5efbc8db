import gzip
import json

import pytest

from qa.errors import DatasetError
from ui import question_files
from ui.question_files import read_questions, shown_name, stored_name

LINES = b"""{"id": "1", "question": "Who?", "answers": ["Corbant"]}
{"id": "2", "question": "Why?", "answers": []}
"""


def read(tmp_path, content: bytes, name: str, **options):
    file = tmp_path / stored_name(name)
    file.write_bytes(content)
    return read_questions(file, name, **options)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("dev.json", "dev.json"),
        ("C:\\data\\dev.json", "dev.json"),
        ("../../etc/passwd", "passwd"),
        ("", "questions"),
        ("..", "questions"),
        ("a\nb\x00\u202e.jsonl", "ab.jsonl"),
        ("\ud800.json", "?.json"),
        ("x" * 300 + ".jsonl.gz", "x" * 91 + ".jsonl.gz"),
    ],
)
def test_a_name_is_shown_in_one_line_without_folders(sent, shown):
    assert shown_name(sent) == shown


def test_questions_are_those_of_the_file_under_its_own_name(tmp_path):
    data = read(tmp_path, LINES, "mine.jsonl")
    assert [(q.id, q.question, q.gold_texts) for q in data.questions] == [
        ("1", "Who?", ("Corbant",)),
        ("2", "Why?", ()),
    ]
    assert data.path.name == "mine.jsonl"


def test_a_gzipped_file_is_read_by_its_content(tmp_path):
    assert len(read(tmp_path, gzip.compress(LINES), "mine.jsonl.gz").questions) == 2


@pytest.mark.parametrize(
    ("content", "name", "line"),
    [
        (b"", "empty.json", "empty.json: is empty: name a file of questions"),
        (b"{}", "a.json", "a.json: not SQuAD-form JSON"),
        (LINES, "a.json", "a.json: not SQuAD-form JSON"),
        (LINES + b"{\n", "a.jsonl", "a.jsonl, line 3: not a line of"),
        (gzip.compress(LINES, mtime=0)[:-9], "a.jsonl.gz", "a.jsonl.gz: damaged gzip file"),
        (b"\n", "a.jsonl", "a.jsonl: holds no question"),
    ],
)
def test_what_is_wrong_is_one_line_with_the_name_that_was_sent(tmp_path, content, name, line):
    with pytest.raises(DatasetError) as refused:
        read(tmp_path, content, name)
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)
    assert str(tmp_path) not in str(refused.value)


def test_a_file_that_unpacks_to_far_more_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(question_files, "MAX_UNPACKED", 3 << 20)
    with pytest.raises(DatasetError, match=r"bomb\.json\.gz: holds more than 3 MB once unpacked"):
        read(tmp_path, gzip.compress(b" " * (5 << 20)), "bomb.json.gz")


def test_misplaced_answers_are_repaired_if_asked(tmp_path):
    qa = {"id": "1", "question": "Who?", "answers": [{"text": "Corbant", "answer_start": 0}]}
    document = {"data": [{"paragraphs": [{"context": "Ilse Corbant", "qas": [qa]}]}]}
    content = json.dumps(document).encode()
    with pytest.raises(DatasetError, match=r"a\.json: 1 answer is not at answer_start"):
        read(tmp_path, content, "a.json")
    assert read(tmp_path, content, "a.json", repair=True).questions[0].golds[0].start == 5
