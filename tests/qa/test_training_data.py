import gzip
import json
import random

import pytest

from qa import training_data
from qa.squad import kept_from_training
from qa.training_data import PER_EPOCH, epoch_examples, read_dev


@pytest.fixture
def data(tmp_path):
    """A small file for each data set: 30 contexts, every third question without an answer."""
    for name in PER_EPOCH:
        articles = []
        for i in range(30):
            context = f"Town {i} of {name} built its bridge in {1000 + i} of stone."
            answers = [{"text": str(1000 + i), "answer_start": context.index(str(1000 + i))}]
            lacking = i % 3 == 0 and name in ("squad20", "subjqa")
            question = f"When was the bridge of town {i} built?"
            qas = [
                {"id": f"{name}{i}", "question": question, "is_impossible": lacking,
                 "answers": [] if lacking else answers}
            ]  # fmt: skip
            articles.append(
                {"title": f"{name} {i}", "paragraphs": [{"context": context, "qas": qas}]}
            )
        for part in ("train", "dev"):
            (tmp_path / part).mkdir(exist_ok=True)
            raw = gzip.compress(json.dumps({"data": articles}).encode())
            (tmp_path / part / f"{name}.json.gz").write_bytes(raw)
    return tmp_path


@pytest.fixture
def epoch(data, monkeypatch):
    monkeypatch.setattr(training_data, "OTHER_PASSAGE", 20)
    return lambda seed: epoch_examples(data / "train", random.Random(seed))


def test_every_gold_stands_where_it_says(epoch):
    for example in epoch(1):
        for gold in example.golds:
            assert example.context[gold.start : gold.start + len(gold.text)] == gold.text


def test_contexts_kept_for_fitting_are_never_trained_on(epoch):
    for example in epoch(1):
        name = example.id.rstrip("0123456789")
        if name == "qamr":  # joined with others: look at each sentence
            continue
        by_article = name.startswith("squad")
        if example.golds or name == "squad20":
            assert not kept_from_training(example, by_article=by_article)


def test_squad_2_gives_only_questions_without_an_answer(epoch):
    found = [e for e in epoch(1) if e.id.startswith("squad20")]
    assert found
    assert not any(example.golds for example in found)


def test_single_sentences_are_set_among_others(epoch):
    joined = [e for e in epoch(1) if e.id.startswith("qamr")]
    assert joined
    sentences = [e.context.count("built its bridge") for e in joined]
    assert max(sentences) > 3 and max(sentences) <= 6
    assert len({e.golds[0].start // 40 for e in joined}) > 1


def test_questions_before_another_passage_have_no_answer_in_it(epoch):
    own = {(e.id, e.context) for e in epoch(1) if e.golds}
    contexts = {id_: context for id_, context in own}
    others = [e for e in epoch(1) if not e.golds and e.id[:7] not in ("squad20", "subjqa0")]
    moved = [e for e in others if e.id in contexts and contexts[e.id] != e.context]
    assert moved
    for example in moved:
        # The year of its own town is the gold.
        assert contexts[example.id].split(" in ")[1][:4] not in example.context


def test_the_same_seed_gives_the_same_epoch_and_another_does_not(epoch):
    assert epoch(1) == epoch(1)
    assert epoch(1) != epoch(2)


def test_dev_sets_are_thinned_evenly(data):
    sets = read_dev(data / "dev", limit=10)
    assert set(sets) == {"squad11", "squad20", "tydiqa_en"}
    assert [e.id for e in sets["squad11"]] == [f"squad11{i}" for i in range(0, 30, 3)]
