"""Models of agreement and conflict are fitted on events that say which it is."""

import logging
from dataclasses import replace

import numpy as np
import pytest

import qa.fit_comparison as fit_comparison_module
from qa.answer_pairs import APART
from qa.comparison import FEATURES, Comparison, Features, load_comparison
from qa.confidence import load_calibration
from qa.errors import DatasetError
from qa.events_data import COMPARED, Asked, Event, Report, all_events
from qa.fit_comparison import (
    FOLDS,
    MOST_FALSE,
    MOST_FALSE_WORDED,
    Comparer,
    Place,
    Seen,
    fit_comparison,
    main,
)
from qa.offered_pairs import offered_pairs
from qa.pairs_data import AGREE, CONFLICT, OF_ELSE
from qa.squad import Gold
from qa.types import Span

TEXT = "In {} Ada Low of the Saltgate station counted {} seals on the sandbank."
SAYS = {"agree": ("24", "24"), "conflict": ("24", "29"), "single": ("24", ""), "none": ("", "")}


class NumberReader:
    """Answers with the number in the text and letters behind it, more surely of one town."""

    def __init__(self, *, behind=0, town="nowhere"):
        self.behind, self.town = behind, town

    def read(self, question, texts):
        return [self._spans(text) for text in texts]

    def _spans(self, text):
        at = next((n for n, letter in enumerate(text) if letter.isdigit()), None)
        sure = 40.0 if self.town in text else 9.0
        return [] if at is None else [Span(at, at + 2 + self.behind, sure, 0.0)]


class NothingToSay:
    """Judges no pair to agree or to conflict."""

    def judge(self, question, one, others):
        return [APART] * len(others)


def event(town, together, *, asked=None):
    """Two reports that count seals, and the one question that says what they say together."""
    reports, golds = {}, {}
    for key, number in zip("ab", SAYS[together], strict=True):
        text = TEXT.format(town, number or "no")
        reports[key] = Report(f"Post {key}", "2020-01-01", f"Seals at {town} {key}", text)
        golds[key] = (Gold(number, text.index(number)),) if number else ()
    question = asked or f"How many seals lay on the sandbank in {town}?"
    return Event(town, reports, (Asked(question, golds, together),))


@pytest.fixture
def compare(tmp_path):
    opened = []

    def of(*events, **options):
        reader = NumberReader(**options)
        opened.append(
            Comparer(events, tmp_path / "shelf", reader, load_calibration(), NothingToSay())
        )
        return [opened[-1].see(each, asked) for each in events for asked in each.asked]

    yield of
    for each in opened:
        each.close()


def test_what_stands_beside_an_answer_is_right_where_the_data_has_both(compare):
    agree, conflict = compare(event("Marlhaven", "agree"), event("Quillabaya", "conflict"))
    beside = [(p.relation, p.right) for p in agree.places]
    assert ("same", True) in beside
    # The same number of another event is none of the answers.
    assert ("same", False) in beside
    assert ("differs", True) not in beside
    assert ("differs", True) in [(p.relation, p.right) for p in conflict.places]
    assert (agree.event, conflict.together) == ("Marlhaven", "conflict")


def test_nothing_is_right_beside_a_wrong_answer(compare):
    towns = event("Marlhaven", "single"), event("Quillabaya", "agree")
    _, seen = compare(*towns, town="Marlhaven")
    assert seen.places and not any(place.right for place in seen.places)


def test_words_around_a_right_number_make_it_wrong(compare):
    (seen,) = compare(event("Marlhaven", "agree"), behind=len(" seals on the sandbank"))
    assert seen.places and not any(place.right for place in seen.places)


def test_what_a_reader_offers_beside_its_answers_are_pairs_to_train_on(monkeypatch):
    monkeypatch.setattr("qa.offered_pairs.SpanReader", lambda folder: NumberReader())
    monkeypatch.setattr("qa.offered_pairs.load_calibration", lambda folder: load_calibration())
    events = [event("Marlhaven", "agree"), event("Quillabaya", "conflict")]
    pairs = offered_pairs(events, None)
    kinds = {(p.one.answer, p.other.answer, p.kind) for p in pairs if "Quillabaya" in p.question}
    assert ("24", "29", CONFLICT) in kinds or ("29", "24", CONFLICT) in kinds
    agree = [p for p in pairs if "Marlhaven" in p.question and p.kind == AGREE]
    assert {(p.one.answer, p.other.answer) for p in agree} == {("24", "24")}
    assert all("Marlhaven" in p.one.sentence and "Marlhaven" in p.other.sentence for p in agree)
    # The number of another event is of something else, be it the same or not.
    assert OF_ELSE in {p.kind for p in pairs if "Quillabaya" in p.one.sentence + p.other.sentence}


def seen_by_chance(count, rng):
    """Places that are right where the reader is sure, as a coin falls where it is not."""
    for n in range(count):
        together = ("agree", "conflict", "single", "none")[n % 4]
        places = []
        for relation, true in (("same", "agree"), ("differs", "conflict")):
            right = together == true and rng.random() < 0.9
            values = dict.fromkeys(FEATURES, 0.0)
            values["behind"] = rng.normal(-2.0 if right else -8.0, 2.0)
            places.append(Place(relation, Features(**values), right))
            # Words tell less clearly, and the other way round.
            values |= {"worded": 1.0, "behind": 0.0, "agree": rng.normal(2.0 if right else -1.0)}
            places.append(Place(relation, Features(**values), right))
        yield Seen(f"event {n // 4}", together, tuple(places))


def test_few_are_reported_that_are_none(caplog):
    rng = np.random.default_rng(3)
    with caplog.at_level(logging.INFO):
        fitted = fit_comparison([*seen_by_chance(2000, rng)])
    assert "differs: " in caplog.text and "where there is none" in caplog.text
    fresh = [*seen_by_chance(2000, rng)]
    for model, relation, true in (
        (fitted.same, "same", "agree"),
        (fitted.differs, "differs", "conflict"),
    ):
        told = {True: 0, False: 0}
        for each in fresh:
            place, _ = (p for p in each.places if p.relation == relation)
            told[each.together == true] += model.probability(place.features) >= model.least
        assert told[True] > 350  # of 500
        assert told[False] < 2 * MOST_FALSE * 1500
        assert model.weights[FEATURES.index("behind")] > 0


def test_words_have_a_model_of_their_own():
    rng = np.random.default_rng(4)
    seen = [*seen_by_chance(2000, rng)]
    fitted = fit_comparison(seen)
    assert fitted.same.weights[FEATURES.index("agree")] == 0.0
    for model, true in ((fitted.same_worded, "agree"), (fitted.differs_worded, "conflict")):
        assert model.weights[FEATURES.index("agree")] > 0 == model.weights[FEATURES.index("behind")]
        relation = "same" if true == "agree" else "differs"
        false = [
            model.probability(place.features) >= model.least
            for each in seen
            for place in each.places
            if place.relation == relation and place.features.worded and each.together != true
        ]
        assert 0 < sum(false) < 3 * MOST_FALSE_WORDED * len(false)


def test_too_few_words_are_never_reported(caplog):
    seen = [
        replace(each, places=tuple(p for p in each.places if not p.features.worded))
        for each in seen_by_chance(400, np.random.default_rng(5))
    ]
    with caplog.at_level(logging.INFO):
        fitted = fit_comparison(seen)
    sure = Features(**dict.fromkeys(FEATURES, 0.0) | {"worded": True, "agree": 10.0})
    assert fitted.sureness("same", sure) < 1.0 > fitted.sureness("differs", sure)
    assert "too few to fit" in caplog.text


def test_main_writes_the_comparison_beside_the_weights(tmp_path, monkeypatch):
    towns = [a + b for a in "Kel Mar Tor Vel Wen Zan".split() for b in "by ford hult ness".split()]
    events = [event(town, [*SAYS][n % 4]) for n, town in enumerate(towns)]
    monkeypatch.setattr("qa.fit_comparison.all_events", lambda folder: events)
    monkeypatch.setattr("qa.fit_comparison.SpanReader", lambda folder: NumberReader())
    monkeypatch.setattr("sys.argv", ["qa.fit_comparison", "--reader", str(tmp_path)])
    main()
    assert isinstance(load_comparison(tmp_path), Comparison)
    assert load_comparison(tmp_path) != load_comparison()
    monkeypatch.setattr("sys.argv", ["qa.fit_comparison", "--reader", str(tmp_path / "none")])
    with pytest.raises(SystemExit, match="is no folder"):
        main()


def test_the_compared_events_are_never_trained_on_and_say_what_they_say_together():
    compared, trained = all_events(COMPARED), all_events()
    assert len(compared) > 200
    assert not {event.name for event in compared} & {event.name for event in trained}
    texts = {report.text for event in trained for report in event.reports.values()}
    assert not texts & {r.text for event in compared for r in event.reports.values()}
    for event_ in compared:
        for asked in event_.asked:
            answered = sum(bool(golds) for golds in asked.golds.values())
            assert asked.together
            assert (asked.together == "none") == (answered == 0)
            assert asked.together not in ("agree", "conflict") or answered > 1


def test_where_nothing_agrees_there_is_nothing_to_fit():
    with pytest.raises(DatasetError, match="none of 0 places is right, or all"):
        fit_comparison([Seen("ferry", "none", ())])


class Recorded:
    """A model that knows which events it was fitted on, told by their number of names."""

    def __init__(self, x, y):
        self.fitted_on = set(x[:, FEATURES.index("names")])
        self.judged = set()

    def probability(self, features):
        self.judged.add(features.names)
        return 0.5


def test_no_event_is_judged_by_a_model_that_was_fitted_on_it(monkeypatch):
    of_all, models = fit_comparison_module._logistic, []

    def recorded(x, y):
        models.append(Recorded(x, y))
        return models[-1] if len(models) <= FOLDS else of_all(x, y)

    monkeypatch.setattr(fit_comparison_module, "_logistic", recorded)
    seen = [
        replace(each, places=tuple(replace_names(place, number // 4) for place in each.places))
        for number, each in enumerate(seen_by_chance(200, np.random.default_rng(5)))
    ]
    kinds = ("differs", {"conflict"}, {"agree", "single", "none"})
    fit_comparison_module._fit(seen, kinds, MOST_FALSE, worded=False)
    assert not any(model.judged & model.fitted_on for model in models)
    assert set().union(*(model.judged for model in models)) == set(range(50))


def replace_names(place, number):
    return replace(place, features=replace(place.features, names=float(number)))
