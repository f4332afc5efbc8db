import json
import random

import pytest

from qa.errors import DatasetError
from qa.own_data import held_out, own_epoch


def written(tmp_path, contexts, *, unanswerable=()):
    paragraphs = []
    for i in range(contexts):
        context = f"Town {i} built its bridge in {1000 + i}. It is of stone."
        answers = [{"text": str(1000 + i), "answer_start": context.index(str(1000 + i))}]
        qas = [{"id": f"{i}", "question": f"When did town {i} build it?", "answers": answers}]
        if i in unanswerable:
            qas.append({"id": f"{i}x", "question": "Who?", "is_impossible": True, "answers": []})
        paragraphs.append({"context": context, "qas": qas})
    file = tmp_path / f"{contexts}.json"
    file.write_text(json.dumps({"data": [{"title": "t", "paragraphs": paragraphs}]}))
    return file


def test_about_a_tenth_of_the_contexts_is_never_trained_on(tmp_path):
    file = written(tmp_path, 200)
    kept = {example.id for example in held_out(file)}
    assert 8 <= len(kept) <= 40
    for seed in range(3):
        trained = {example.id for example in own_epoch(file, random.Random(seed))}
        assert not kept & trained
        assert len(kept | trained) == 200


def test_questions_without_an_answer_are_made_beside_the_files_own(tmp_path):
    file = written(tmp_path, 100, unanswerable=range(0, 100, 4))
    epoch = own_epoch(file, random.Random(1))
    lacking = [e for e in epoch if not e.golds]
    assert any(e.id.endswith("x") for e in lacking)
    before_own = [e for e in lacking if e.context == "It is of stone."]
    elsewhere = [e for e in lacking if not e.id.endswith("x") and "built" in e.context]
    assert len(before_own) > 5 and len(elsewhere) > 5
    assert len(lacking) < len(epoch) / 2


def test_of_few_contexts_one_is_kept(tmp_path):
    for contexts in (2, 3, 4, 5):
        file = written(tmp_path, contexts)
        kept = held_out(file)
        assert 1 <= len(kept) < contexts
        assert {e.id for e in own_epoch(file, random.Random(1))}.isdisjoint(e.id for e in kept)


def test_one_context_is_too_few(tmp_path):
    with pytest.raises(DatasetError, match="about 1 contexts: training takes two or more"):
        held_out(written(tmp_path, 1))


def test_every_gold_stands_where_it_says(tmp_path):
    for example in own_epoch(written(tmp_path, 50), random.Random(2)):
        for gold in example.golds:
            assert example.context[gold.start : gold.start + len(gold.text)] == gold.text
