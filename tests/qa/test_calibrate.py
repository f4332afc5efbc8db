import numpy as np
import pytest

from index.types import Hit, Passage
from qa.calibrate import Read, best_threshold, fit
from qa.confidence import Evidence
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


def read(margin, *, right, dense=0.5):
    """One passage with one span, and whether that is the gold answer."""
    text = f"Ada Low won in {abs(hash(margin)) % 1000}."
    hit = Hit(Passage(f"article {margin}", 0, len(text), text), 1.0, dense, 1.0)
    return Read(("Ada Low",) if right else (), (hit,), ((Span(0, 7, margin, 0.0),),))


def test_a_fitted_confidence_follows_the_share_that_was_right():
    reads = [read(4 + i / 100, right=i % 10 > 0) for i in range(100)]
    reads += [read(-4 - i / 100, right=i % 10 == 0) for i in range(100)]
    fitted = fit(reads, 1.25)
    high, low = (fitted.confidence(Evidence(m, np.inf, 0.5, 1)) for m in (4.5, -4.5))
    assert high == pytest.approx(0.9, abs=0.05)
    assert low == pytest.approx(0.1, abs=0.05)
    assert low < fitted.answer_threshold <= high
    assert fitted.reader_threshold == 1.25
    assert fitted.near_cosine == pytest.approx(0.5)


def test_the_retrieval_weight_is_the_one_that_ranks_best():
    # The right passage is retrieved first, the wrong one read slightly more surely.
    def rival(number):
        right, wrong = (
            Hit(Passage(f"{name}{number}", 0, 8, f"{name} won."), score, 0.5, 1.0)
            for name, score in (("Ada", 1.0), ("Bob", 0.0))
        )
        return Read(("Ada",), (right, wrong), ((Span(0, 3, 1.0, 0.0),), (Span(0, 3, 2.5, 0.0),)))

    unanswerable = [read(-5.0 - i, right=False) for i in range(3)]
    assert fit([rival(i) for i in range(10)] + unanswerable, 0.0).retrieval_weight == 2.0
