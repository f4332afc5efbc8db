import gzip
import json

import pytest

from qa.errors import DatasetError
from qa.squad import (
    Example,
    Gold,
    exact_match,
    f1,
    kept_from_training,
    normalize_answer,
    read_squad,
)

DOCUMENT = {
    "data": [
        {
            "title": "Ferries",
            "paragraphs": [
                {
                    "context": "The Alma sailed at noon.",
                    "qas": [
                        {
                            "id": "1",
                            "question": "When did the Alma sail?",
                            "answers": [{"text": "noon", "answer_start": 19}],
                        },
                        {
                            "id": "2",
                            "question": "Who steered the Alma?",
                            "is_impossible": True,
                            "answers": [],
                            "plausible_answers": [{"text": "noon", "answer_start": 19}],
                        },
                    ],
                }
            ],
        }
    ]
}


@pytest.mark.parametrize("name", ["set.json", "set.json.gz"])
def test_squad_is_read_plain_and_gzipped(tmp_path, name):
    raw = json.dumps(DOCUMENT).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)
    context = "The Alma sailed at noon."
    assert read_squad(path) == [
        Example("1", "When did the Alma sail?", context, "Ferries", (Gold("noon", 19),)),
        Example("2", "Who steered the Alma?", context, "Ferries", ()),
    ]


@pytest.mark.parametrize("content", [b"[]", b'{"data": 3}', b'{"data": [{}]}', b"\xff\xfe"])
def test_other_files_are_refused_by_name(tmp_path, content):
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"odd\.json: not SQuAD-form"):
        read_squad(path)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(DatasetError, match=r"gone\.json: cannot be read"):
        read_squad(tmp_path / "gone.json")


def test_answers_are_compared_without_case_articles_and_punctuation():
    assert normalize_answer("The  U.S. Army!") == "us army"
    assert exact_match("an army", ["The Army."]) == 1.0
    assert exact_match("army", ["navy", "Army"]) == 1.0
    assert exact_match("army", ["navy"]) == 0.0


def test_f1_is_the_best_token_overlap():
    # 2 shared words of 3 predicted and 2 wanted: 2 * 2 / 5.
    assert f1("about 50 km", ["50 km"]) == pytest.approx(0.8)
    assert f1("about 50 km", ["thirty miles", "50 km"]) == pytest.approx(0.8)
    # "the" is dropped, "to to" counts twice only where both have it twice.
    assert f1("to to", ["the to"]) == pytest.approx(2 / 3)


def test_no_answer_is_right_only_where_there_is_none():
    assert exact_match("", []) == f1("", []) == 1.0
    assert exact_match("noon", []) == f1("noon", []) == 0.0
    assert exact_match("", ["noon"]) == f1("", ["noon"]) == 0.0


def test_about_a_tenth_is_kept_and_shared_contexts_stay_together():
    examples = [Example(str(i), "?", f"context {i // 2}", "t", ()) for i in range(2000)]
    kept = {e.id for e in examples if kept_from_training(e, by_article=False)}
    assert 140 < len(kept) < 260
    assert all((str(i) in kept) == (str(i + 1) in kept) for i in range(0, 2000, 2))
    assert len({kept_from_training(e, by_article=True) for e in examples}) == 1
