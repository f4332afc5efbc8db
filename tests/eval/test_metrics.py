"""Expected values are worked out by hand from the official scorers' definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    best_threshold,
    brier,
    ece,
    equal_count_bins,
    exact_match,
    f1,
    gold_places,
    holds,
    is_right,
    lenient_match,
    percentile,
)

# prediction, golds, exact match, F1
OFFICIAL = [
    ("The Eiffel Tower!", ["eiffel  tower"], 1.0, 1.0),  # case, article, punctuation, spaces
    ("in Paris, France", ["Paris"], 0.0, 0.5),  # 2 * 1 shared / (3 + 1)
    ("cat cat dog", ["cat dog dog"], 0.0, 2 / 3),  # repeats are shared once each: 2 * 2 / (3 + 3)
    ("2 March 1990", ["1990", "March 1990"], 0.0, 0.8),  # the better gold: 2 * 2 / (3 + 2)
    ("twenty-one", ["twenty one"], 0.0, 0.0),  # a hyphen goes, and leaves one word
    ("Über", ["uber"], 0.0, 0.0),  # accents stay
    ("$5", ["5"], 1.0, 1.0),
    ("nothing shared", ["Paris"], 0.0, 0.0),
    ("", ["Paris"], 0.0, 0.0),
    ("", [], 1.0, 1.0),  # rightly refused
    ("Paris", [], 0.0, 0.0),
    ("the", [], 1.0, 1.0),  # nothing is left of it: as good as refused
    ("", ["a", "The Who"], 0.0, 0.0),  # a gold of which nothing is left does not count
    ("who", ["a", "The Who"], 1.0, 1.0),
]


@pytest.mark.parametrize(("prediction", "golds", "exact", "overlap"), OFFICIAL)
def test_scores_are_those_of_the_official_arithmetic(prediction, golds, exact, overlap):
    assert exact_match(prediction, golds) == exact
    assert f1(prediction, golds) == pytest.approx(overlap)


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=4))
def test_f1_lies_between_exact_match_and_one(prediction, golds):
    assert exact_match(prediction, golds) <= f1(prediction, golds) <= 1.0


def test_an_answer_is_right_from_half_overlap_on():
    assert is_right("in Paris, France", ["Paris"])  # F1 0.5
    assert not is_right("in Paris, northern France", ["Paris"])  # 0.4
    assert not is_right("", [])  # nothing was answered


def test_a_text_holds_a_gold_as_whole_words_in_order():
    assert holds("At least 17 people were killed.", "17 People")
    assert holds("“Seventeen,” he said", "seventeen")
    assert holds("a 17-year-old", "17")
    assert holds("Corbant’s port", "the Corbant")
    assert holds("twenty-one", "twentyone")  # equal to the scorers
    assert not holds("4,000 tonnes", "4")
    assert not holds("17 wounded people", "17 people")
    assert not holds("in 1976", "76")
    assert not holds("people", "17 people")


@pytest.mark.parametrize(
    ("text", "gold", "places"),
    [
        ("In 2017, 17 people; then 17.", "17", ["17", "17"]),
        ("It cost 4,000 crowns.", "4000", ["4,000"]),
        ("At least twenty\nmen left.", "twenty men", ["twenty\nmen"]),
        ("Said the U.S. envoy", "US envoy", ["U.S. envoy"]),
        ("by the Corbant", "The Corbant", ["the Corbant"]),
        ("cost (US) $5.", "$5", ["$5"]),
        ("cost 5 crowns", "$5", ["5"]),
        ("yes — no — yes", "—", ["—", "—"]),
        ("twenty-one", "twentyone", ["twenty-one"]),
        ("Nobody.", "17", []),
        ("Nobody.", "", []),
    ],
)
def test_gold_places_are_where_it_is_held(text, gold, places):
    assert [text[place.start : place.end] for place in gold_places(text, gold)] == places


@given(st.text("a1.,- \nİß", max_size=12), st.text("a1.,- İß", max_size=4))
def test_a_text_has_places_if_it_holds_the_gold(text, gold):
    assert bool(gold_places(text, gold)) == bool(gold.strip() and holds(text, gold))


def test_a_gold_without_words_is_held_as_it_is_written():
    assert holds("the answer is —", "—")
    assert not holds("the answer is no", "—")


@pytest.mark.parametrize(
    ("prediction", "golds", "passes"),
    [
        ("17", ["17"], 1.0),
        ("At least 17 people", ["17"], 1.0),
        ("17", ["at least 17"], 1.0),
        ("the Corbant", ["Ilse Corbant"], 1.0),
        ("17 wounded people", ["17 people"], 0.0),  # not whole
        ("7", ["17"], 0.0),
        ("", ["17"], 0.0),
        ("—", ["17"], 0.0),
        ("17", ["—", ""], 0.0),
        ("", [], 1.0),
        ("17", [], 0.0),
    ],
)
def test_a_lenient_match_takes_more_words_or_fewer(prediction, golds, passes):
    assert lenient_match(prediction, golds) == passes


def test_best_threshold_of_a_hand_worked_table():
    #                      answerable, unanswerable, answerable, answerable, unanswerable
    answering = np.array([1.0, 0.0, 0.5, 1.0, 0.0])
    refusing = np.array([0.0, 1.0, 0.0, 0.0, 1.0])
    margins = np.array([5.0, 4.0, 3.0, 2.0, 1.0])
    # Totals when the surest 0..5 are answered: 2, 3, 2, 2.5, 3.5, 2.5
    best = best_threshold(answering, refusing, margins)
    assert (best.value, best.threshold) == (0.7, 2.0)


def test_best_threshold_does_not_depend_on_the_order_of_questions():
    answering, refusing = np.array([0.0, 1.0, 0.0]), np.array([1.0, 0.0, 1.0])
    margins = np.array([-1.0, 3.0, 2.0])
    assert best_threshold(answering, refusing, margins).threshold == 3.0


def test_questions_of_equal_margin_are_answered_together_or_not_at_all():
    answering, refusing = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    # Cutting between them would score 1.0, which no threshold can.
    assert best_threshold(answering, refusing, np.array([4.0, 4.0])).value == 0.5


def test_where_every_answer_harms_the_best_threshold_is_above_all_margins():
    best = best_threshold(np.zeros(2), np.ones(2), np.array([7.0, 3.0]))
    assert best.value == 1.0
    assert 7.0 < best.threshold < 7.001


def test_a_best_threshold_takes_questions():
    with pytest.raises(ValueError, match="no questions"):
        best_threshold(np.array([]), np.array([]), np.array([]))


def test_bins_hold_equally_many_in_order_of_confidence():
    assert equal_count_bins(np.array([0.9, 0.1, 0.5, 0.3, 0.7]), bins=2).tolist() == [1, 0, 0, 0, 1]


def test_calibration_error_is_the_mean_gap_of_the_bins():
    confidence, right = np.array([0.2, 0.4, 0.6, 0.8]), np.array([0.0, 1.0, 1.0, 1.0])
    # Two bins: |0.6 - 1| and |1.4 - 2|, of four answers
    assert ece(confidence, right, bins=2) == pytest.approx(0.25)


def test_calibration_error_with_fewer_answers_than_bins_judges_each_alone():
    assert ece(np.array([0.9, 0.4]), np.array([1.0, 0.0])) == pytest.approx(0.25)


def test_brier_is_the_mean_squared_difference():
    assert brier(np.array([0.5, 1.0]), np.array([1.0, 1.0])) == pytest.approx(0.125)


def test_a_percentile_is_a_value_that_occurs():
    values = np.array([40.0, 10.0, 30.0, 20.0])
    assert [percentile(values, share) for share in (0.5, 0.51, 0.95)] == [20.0, 30.0, 40.0]
