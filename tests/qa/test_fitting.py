import itertools
from dataclasses import replace

import numpy as np
import pytest

from index.types import Hit, Passage
from qa.confidence import Evidence, EvidenceWeights
from qa.errors import DatasetError
from qa.fitting import (
    Read,
    _near_cosine,
    best_threshold,
    expected_threshold,
    fit,
    fit_evidence,
    margins_of,
    precision_from,
)
from qa.types import Span


def threshold(*rows):
    """Rows of (sureness, score, answerable)."""
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return best_threshold(columns[0].astype(float), columns[1].astype(float), columns[2])


def test_the_threshold_lies_between_right_answers_and_questions_without_one():
    rows = [(0.9, 1, True), (0.8, 1, True), (0.4, 0, False), (0.2, 0, False)]
    assert threshold(*rows) == pytest.approx(0.6)


def test_a_wrong_refusal_is_traded_for_more_right_ones():
    # Answering down to 0.3 gains 1 + 1 and loses one credit for abstaining.
    rows = [(0.9, 1, True), (0.7, 0, False), (0.6, 1, True), (0.3, 1, True), (0.1, 0, False)]
    assert threshold(*rows) == pytest.approx(0.2)


def test_partial_answers_count_for_their_f1():
    assert threshold((0.9, 0.9, True), (0.5, 0, False), (0.4, 0.9, True)) == 0.7


def test_where_answering_never_pays_nothing_is_answered():
    assert threshold((0.9, 0, False), (0.2, 0, False)) > 0.9


def test_where_answering_always_pays_everything_is_answered():
    assert threshold((0.9, 1, True), (0.2, 1, True)) <= 0.2


def test_the_expected_threshold_is_where_answering_begins_to_pay():
    random = np.random.default_rng(5)
    margins = random.uniform(-10, 10, 20_000)
    # Answerable with probability 1 / (1 + e^-(m - 1)), and then always read rightly.
    answerable = random.random(20_000) < 1 / (1 + np.exp(1 - margins))
    found = expected_threshold(margins, answerable.astype(float), answerable)
    assert found == pytest.approx(1.0, abs=0.1)
    # Half right: answering pays where 1.5 p > 1, at p = 2/3.
    half = expected_threshold(margins, answerable / 2, answerable)
    assert half == pytest.approx(1 + np.log(2), abs=0.1)


def test_the_expected_threshold_of_one_kind_of_question_is_the_best_one():
    margins, scores = np.array([1.0, 2.0, -np.inf]), np.array([1.0, 1.0, 0.0])
    assert expected_threshold(margins, scores, np.array([True] * 3)) <= 1.0
    assert expected_threshold(margins, scores * 0, np.array([False] * 3)) > 2.0


def test_where_answers_are_mostly_wrong_nothing_is_answered():
    margins = np.linspace(-5, 5, 200)
    answerable = np.arange(200) % 2 == 0
    assert expected_threshold(margins, answerable / 100, answerable) > 5.0


def read(margin, *, right, dense=0.5):
    """One passage with one span, and whether that is the gold answer."""
    text = f"Ada Low won in {abs(hash(margin)) % 1000}."
    hit = Hit(Passage(f"article {margin}", 0, len(text), text), 1.0, dense, 1.0)
    return Read("Who won?", ("Ada Low",) if right else (), (hit,), ((Span(0, 7, margin, 0.0),),))


def test_a_fitted_confidence_follows_the_share_that_was_right():
    reads = [read(4 + i / 100, right=i % 10 > 0) for i in range(100)]
    reads += [read(-4 - i / 100, right=i % 10 == 0) for i in range(100)]
    fitted = fit(reads, 1.25)
    high, low = (fitted.confidence(Evidence(np.inf, 0.5, margin, margin)) for margin in (4.5, -4.5))
    assert high == pytest.approx(0.9, abs=0.05)
    assert low == pytest.approx(0.1, abs=0.05)
    assert low < fitted.answer_threshold <= high
    assert fitted.reader_threshold == 1.25
    assert fitted.near_cosine == pytest.approx(0.5)


def test_nothing_can_be_fitted_to_one_kind_of_answer():
    right = [read(i, right=True) for i in range(9)]
    with pytest.raises(DatasetError, match="all of 9 held-out questions were answered rightly"):
        fit(right, 1.0)
    wrong = [replace(r, golds=("Cy Brook",)) for r in right]
    with pytest.raises(DatasetError, match="none of 9 held-out questions were answered rightly"):
        fit(wrong, 1.0)
    with pytest.raises(DatasetError, match="none of 9 held-out questions has an answer"):
        fit([read(i, right=False) for i in range(9)], 1.0)


def test_margins_are_those_of_the_best_span_of_each_passage_that_has_one():
    hit = Hit(Passage("a", 0, 5, "words"), 1.0, 1.0, None, 1.0, 0.0)
    passages = tuple(
        (Span(0, 5, float(margin), 1.0), Span(0, 2, float(margin) - 3, 1.0)) for margin in range(5)
    )
    weights = EvidenceWeights(margin=0.5, nearness=0.0, wording=0.0)
    found = margins_of([Read("Who?", (), (hit,) * 6, (*passages, ()))], weights)
    # The margins are -1 to 3, those of the first three places no higher than later ones.
    assert found.most == pytest.approx((3 - 0.0005,) * 6 + (3 - 4 * 0.0005,) * 5)
    # Of the second half two have spans, with margins 2 and 3.
    assert found.usual == pytest.approx(np.log((np.exp(1.0) + np.exp(1.5)) / 2) / 0.5)
    assert margins_of([Read("Who?", (), (hit,), ((),))], weights) is None


def test_near_is_what_the_first_passage_with_the_answer_is():
    texts = (("Rain fell.", 0.9), ("Ada Low won.", 0.6), ("Ada Low again.", 0.1))
    hits = tuple(
        Hit(Passage(text, 0, len(text), text), 1.0, dense, 1.0, 1.0, 1.0) for text, dense in texts
    )
    found = Read("Who won?", ("Ada Low",), hits, ((), (), ()))
    lost = Read("Who won?", ("Bo Li",), hits, ((), (), ()))
    assert _near_cosine([found, lost]) == pytest.approx(0.6)


def rival(number, *, right_first=True):
    """Two passages: the one found first is read a little less surely."""
    names = ("Ada", "Bob") if right_first else ("Bob", "Ada")
    found_first, found_second = (
        Hit(Passage(f"{name}{number}", 0, 8, f"{name} won."), 0.0, 0.5, 1.0, *shares)
        for name, shares in zip(names, ((1.0, 1.0), (0.5, 0.0)), strict=True)
    )
    spans = ((Span(0, 3, 1.0, 0.0),), (Span(0, 3, 2.0, 0.0),))
    return Read("Who won?", ("Ada",), (found_first, found_second), spans)


def test_what_tells_the_right_passage_gets_the_weight():
    weights = fit_evidence([rival(i) for i in range(10)])
    assert weights.nearness > 0 and weights.wording > 0 > weights.margin
    weights = fit_evidence([rival(i, right_first=False) for i in range(10)])
    assert weights.nearness < 0 and weights.wording < 0 < weights.margin


def test_the_weights_are_the_likeliest():
    reads = [rival(i, right_first=i % 3 > 0) for i in range(12)]
    reads += [read(m, right=m > 0) for m in (3.0, 1.0, -1.0, -2.0)]
    fitted = fit_evidence(reads)

    def likelihood(margin, nearness, wording, null):
        total = 0.0
        for one in reads:
            evidence, right = [null], [1.0]
            for hit, (span,) in zip(one.hits, one.spans, strict=True):
                evidence.append(
                    margin * span.score + nearness * hit.nearness + wording * hit.wording
                )
                is_right = hit.passage.text[span.start : span.end] in one.golds
                right.append(float(is_right))
                right[0] -= is_right
            chance = np.exp(evidence) / np.exp(evidence).sum()
            total += np.log(chance @ right)
        return total / len(reads)

    steps = np.linspace(-4, 4, 33)
    found = (fitted.margin, fitted.nearness, fitted.wording)
    best = max(likelihood(*found, null) for null in steps)
    moved = [
        max(likelihood(*(np.array(found) + change), null) for null in steps)
        for change in itertools.product((-3.0, 0.0, 3.0), repeat=3)
    ]
    # The ridge keeps it a little from the very top.
    assert best > max(moved) - 0.02


def test_a_question_with_nothing_read_counts_as_one_without_an_answer():
    reads = [read(m, right=m > 0) for m in (5.0, 4.0, -1.0, -2.0)]
    empty = fit_evidence([*reads, Read("Who won?", ("Ada Low",), (), ())])
    assert 0 < empty.margin < 20


def test_precision_is_the_share_of_right_answers_from_a_confidence_on():
    confidence = np.repeat([0.1, 0.5, 0.9], 40)
    right = np.repeat([False, True, True], 40)
    right[50:60] = False
    curve = dict(precision_from(confidence, right))
    assert curve[0.0] == curve[0.1] == pytest.approx(70 / 120, abs=1e-4)
    assert curve[0.12] == curve[0.5] == 0.875
    assert curve[0.52] == curve[0.9] == 1.0
    assert max(curve) == 0.9


def test_a_few_unlucky_answers_at_the_top_do_not_speak_for_those_below():
    confidence = np.repeat([0.5, 0.9], [90, 10])
    right = np.array([True] * 90 + [False] * 10)
    assert set(dict(precision_from(confidence, right)).values()) == {0.9}
