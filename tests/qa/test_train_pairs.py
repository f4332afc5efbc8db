"""Pairs of answers to train on, and a run on a few of them. All is invented."""

import logging
import random
from itertools import combinations

import pytest

from qa.answer_pairs import Said
from qa.events_data import Asked, Event, Report
from qa.pairs_data import OF_ELSE, Pair, judged_pairs, pairs_apart
from qa.squad import Gold
from qa.train_pairs import BATCH, PairTraining, main

TEXTS = {
    "a": "Ada Low counted 24 seals. The count took Monday.",
    "b": "Low found two dozen seals. They lay there on Tuesday.",
    "c": "There were 29 seals. The tide was out.",
}


def gold(key, words):
    return (Gold(words, TEXTS[key].index(words)),)


def event(*asked, name="Seals"):
    reports = {
        key: Report(f"Post {key}", "2020-01-01", f"Seals {key}", text)
        for key, text in TEXTS.items()
    }
    return Event(name, reports, asked)


COUNT = "How many seals were counted?"
AGREE = Asked(COUNT, {"a": gold("a", "24"), "b": gold("b", "two dozen"), "c": ()}, "agree")
DAY = Asked(
    "When were they counted?",
    {"a": gold("a", "Monday"), "b": gold("b", "Tuesday"), "c": ()},
    "conflict",
)
ALL = {"a": gold("a", "24"), "b": gold("b", "two dozen"), "c": gold("c", "29")}


def test_what_two_reports_answer_is_a_pair_of_the_kind_that_the_data_says():
    count, day = judged_pairs(event(AGREE, DAY))
    assert (count.question, count.kind, day.kind) == (COUNT, 1, 2)
    assert count.one == Said("24", "Ada Low counted 24 seals.")
    assert count.other == Said("two dozen", "Low found two dozen seals.")


@pytest.mark.parametrize(
    ("together", "kinds"), [("agree", [1, 1, 1]), ("single", [0, 0, 0]), ("conflict", [])]
)
def test_of_three_reports_it_is_not_known_which_two_conflict(together, kinds):
    assert [pair.kind for pair in judged_pairs(event(Asked(COUNT, ALL, together)))] == kinds


def test_what_answers_another_question_speaks_of_something_else():
    found = [*pairs_apart(event(AGREE, DAY), random.Random(1))]
    assert {pair.kind for pair in found} == {0}
    answers = {(pair.question, pair.one.answer, pair.other.answer) for pair in found}
    assert answers == {
        (COUNT, "24", "Tuesday"),
        (COUNT, "two dozen", "Monday"),
        (DAY.question, "Monday", "two dozen"),
        (DAY.question, "Tuesday", "24"),
    }


def test_one_question_put_twice_is_no_other_question():
    again = Asked("What was the number of seals?", AGREE.golds, "agree")
    assert [*pairs_apart(event(AGREE, again), random.Random(1))] == []


def test_a_run_learns_and_writes_weights(tmp_path, monkeypatch, caplog):
    events = [event(AGREE, DAY, name=str(n)) for n in range(BATCH)]
    monkeypatch.setattr("qa.train_pairs.all_events", lambda *folder: events)
    monkeypatch.setattr(
        "sys.argv", ["qa.train_pairs", "--out", str(tmp_path / "out"), "--epochs", "2"]
    )
    with caplog.at_level(logging.INFO):
        main()
    losses = [float(line.split()[-1]) for line in caplog.messages if "loss" in line]
    assert losses and losses[0] > 0.5
    measured = [line for line in caplog.messages if "told rightly" in line]
    assert len(measured) == 2
    assert float(measured[-1].split("told rightly ")[1].split(",")[0]) > 0.9
    assert (tmp_path / "out" / "model.safetensors").is_file()
    assert (tmp_path / "out" / "tokenizer.json").is_file()


@pytest.mark.parametrize("option", ["--start", "--reader"])
def test_a_folder_without_weights_is_named(option, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "sys.argv", ["qa.train_pairs", "--out", str(tmp_path / "out"), option, str(tmp_path)]
    )
    with pytest.raises(SystemExit, match=rf"{option} .* holds no model\.safetensors"):
        main()


def test_what_a_reader_offers_takes_the_place_of_other_pairs(monkeypatch):
    training = PairTraining(seed=3)
    read = []

    def logits(pairs):
        read.extend(pairs)
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "_logits", logits)
    offered = [Pair("What else?", Said("a", "a"), Said("b", "b"), OF_ELSE)] * 2 * BATCH
    events = [event(AGREE, DAY, name=str(n)) for n in range(BATCH)]
    with pytest.raises(KeyboardInterrupt):
        training.train(events, [], epochs=1, learning_rate=1e-4, offered=offered)
    kinds = {pair.question for pair in read if pair.kind == OF_ELSE}
    assert kinds == {"What else?"}


def test_a_run_without_an_epoch_is_none(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        "sys.argv", ["qa.train_pairs", "--out", str(tmp_path / "out"), "--epochs", "0"]
    )
    with pytest.raises(SystemExit):
        main()
    assert "--epochs" in capsys.readouterr().err


def test_both_orders_of_a_pair_are_trained_on(monkeypatch):
    training = PairTraining(seed=3)
    read = []

    def logits(pairs):
        read.extend((pair.one.answer, pair.other.answer) for pair in pairs)
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "_logits", logits)
    events = [event(AGREE, DAY, name=str(n)) for n in range(BATCH)]
    with pytest.raises(KeyboardInterrupt):
        training.train(events, [], epochs=1, learning_rate=1e-4)
    assert any((b, a) in read for a, b in combinations(("24", "two dozen"), 2))
    assert ("24", "two dozen") in read
