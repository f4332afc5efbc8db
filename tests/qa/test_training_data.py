import gzip
import json
import random

import pytest

from qa import training_data, training_variants
from qa.events_data import Asked, Event, Report
from qa.squad import Example, Gold, kept_from_training
from qa.training_data import (
    PER_EPOCH,
    _alike_without_answer,
    _before_other_passages,
    _deceiving_changes,
    epoch_examples,
    read_dev,
)
from qa.types import Span


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A small file for each data set: 30 contexts, every third question without an answer."""
    monkeypatch.setattr(training_data, "all_events", list)
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


def told(i):
    """An event of two reports; the second gives the answer in other words."""
    name = f"Fair of town {i}"
    men = str(i + 5000)
    texts = {
        "a": f"The fair of town {i} drew {men} men.",
        "b": f"Many came to the fair of town {i}.",
    }
    golds = {"a": (Gold(men, texts["a"].index(men)),), "b": ()}
    reports = {key: Report("Post", "2020-01-01", name, text) for key, text in texts.items()}
    return Event(name, reports, (Asked(f"How many men came to the fair of town {i}?", golds),))


@pytest.fixture
def epoch(data, monkeypatch):
    monkeypatch.setattr(training_data, "OTHER_PASSAGE", 20)
    return lambda seed, **how: epoch_examples(data / "train", random.Random(seed), **how)


@pytest.fixture
def with_events(epoch, monkeypatch):
    monkeypatch.setattr(training_data, "all_events", lambda: [told(i) for i in range(1000, 1030)])
    return epoch


def test_every_gold_stands_where_it_says(epoch):
    for example in epoch(1):
        for gold in example.golds:
            assert example.context[gold.start : gold.start + len(gold.text)] == gold.text


def test_contexts_kept_for_fitting_are_never_trained_on(epoch, monkeypatch):
    monkeypatch.setattr(training_variants, "RENAMED", 0)  # a context is known by its words
    for example in epoch(1):
        name = example.id.rstrip("0123456789")
        if name == "qamr":  # joined with others: look at each sentence
            continue
        by_article = name.startswith("squad")
        if example.golds or name == "squad20":
            assert not kept_from_training(example, by_article=by_article)


def test_every_epoch_asks_all_questions_on_events_that_are_not_kept(with_events, monkeypatch):
    monkeypatch.setattr(training_variants, "RENAMED", 0)
    kept = {e.title for i in range(1000, 1030) for e in told(i).examples()
            if kept_from_training(e, by_article=True)}  # fmt: skip
    for others in (0.0, 0.5):
        whole = [e for e in with_events(1, others=others) if e.id.startswith("Fair")]
        assert kept and not kept & {e.title for e in whole}
        # Those with an answer and those without; and before passages made from them.
        assert len({e.id for e in whole}) == 2 * (30 - len(kept))


def test_of_other_data_a_share_can_be_taken(with_events, monkeypatch):
    monkeypatch.setattr(training_data, "PER_EPOCH", dict.fromkeys(PER_EPOCH, 20))
    sizes = [
        len([e for e in with_events(1, others=others) if not e.id.startswith("Fair")])
        for others in (0.0, 0.5, 1.0)
    ]
    assert sizes[0] == 0
    assert sizes[1] == pytest.approx(sizes[2] / 2, rel=0.2)


def test_another_report_on_the_event_is_no_passage_without_the_answer(with_events, data):
    with_events(1)  # fills the caches that are asked below
    asked = [e for i in range(1000, 1030) for e in told(i).examples() if e.golds]
    asked = [e for e in asked if not kept_from_training(e, by_article=True)]
    assert asked
    for example in asked:
        found = _alike_without_answer(data / "train", example)
        assert found
        town = example.title.removeprefix("Fair of ")
        assert f"Many came to the fair of {town}." not in found


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


def test_questions_before_another_passage_have_no_answer_in_it(epoch, monkeypatch):
    monkeypatch.setattr(training_variants, "RENAMED", 0)
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


class Gullible:
    """Reads the year of any passage, the surer the later it is."""

    def read_pairs(self, pairs):
        self.asked = getattr(self, "asked", 0) + len(pairs)
        years = [context.split("bridge in ")[1][:4] for _, context in pairs]
        return [
            [Span(context.index(year), context.index(year) + 4, float(year), 0.0)]
            for year, (_, context) in zip(years, pairs, strict=True)
        ]


def test_with_a_reader_the_passages_are_those_that_deceive_it(data, monkeypatch):
    monkeypatch.setattr(training_data, "OTHER_PASSAGE", 100)
    monkeypatch.setattr(training_data, "DECEIVING", 60)
    years = []
    for reader in (None, Gullible()):
        made = _before_other_passages(data / "train", random.Random(1), reader)
        years.append([int(e.context.split("bridge in ")[1][:4]) for e in made])
    assert len(years[0]) == len(years[1])
    assert sum(years[1]) > sum(years[0])
    assert not reader.asked > 180


def towns(train):
    """Two numbers beside the answer, so that one can stand for the other."""
    for i in range(40):
        context = f"Town {i + 10} built its bridge in {1000 + i}, and burnt in {1500 + i}."
        question = f"When did town {i + 10} build its bridge?"
        yield Example(
            str(i), question, context, "t", (Gold(str(1000 + i), context.index(" in ") + 4),)
        )


def test_changed_questions_that_get_the_old_answer_have_none(data, monkeypatch):
    monkeypatch.setattr(training_data, "OF_NEIGHBOUR", 5)
    monkeypatch.setattr(training_data, "_answerable", lambda train: list(towns(train)))
    made = list(_deceiving_changes(data / "train", random.Random(1), Gullible()))
    assert len(made) == 5
    for example in made:
        assert not example.golds
        assert example.question == f"When did town {1500 + int(example.id)} build its bridge?"


def test_changed_questions_that_get_another_answer_are_left_out(data, monkeypatch):
    class Sharp:
        def read_pairs(self, pairs):
            return [[Span(0, 4, 1.0, 0.0)] for _ in pairs]

    monkeypatch.setattr(training_data, "_answerable", lambda train: list(towns(train)))
    assert list(_deceiving_changes(data / "train", random.Random(1), Sharp())) == []


def test_dev_sets_are_thinned_evenly(data):
    sets = read_dev(data / "dev", limit=10)
    assert set(sets) == {"squad11", "squad20", "tydiqa_en"}
    assert [e.id for e in sets["squad11"]] == [f"squad11{i}" for i in range(0, 30, 3)]
