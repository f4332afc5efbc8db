import numpy as np
import pytest

from eval.datasets import Context, Question
from eval.stats import Bootstrap, Clusters, Estimate, clusters_of

NAN = float("nan")


def of(*keys: str) -> Bootstrap:
    return Bootstrap(Clusters("context", keys))


def test_the_mean_of_three_clusters_spans_what_they_can_be_redrawn_to():
    # One of 27 redraws holds only "a", one only "c": more than the 2.5 % cut off at each end.
    found = of("a", "a", "b", "b", "c", "c").mean(np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0]))
    assert found == Estimate(0.5, 0.0, 1.0, 6)


def test_a_mean_interval_is_as_wide_as_theory_says():
    values = np.random.default_rng(5).normal(10, 2, size=400)
    found = of(*(str(i) for i in range(400))).mean(values)
    assert found is not None
    half = 1.96 * values.std() / np.sqrt(400)
    assert found.low == pytest.approx(values.mean() - half, abs=0.03)
    assert found.high == pytest.approx(values.mean() + half, abs=0.03)


def test_asking_each_text_ten_times_does_not_make_the_interval_narrower():
    values = np.random.default_rng(5).normal(size=50)
    keys = [str(i) for i in range(50)]
    once = of(*keys).mean(values)
    often = of(*(key for key in keys for _ in range(10))).mean(values.repeat(10))
    assert once is not None and often is not None
    assert (often.low, often.high) == pytest.approx((once.low, once.high))
    assert often.n == 10 * once.n


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    clusters = Clusters("context", tuple(str(i) for i in range(30)))
    values = np.random.default_rng(1).random(30)
    assert Bootstrap(clusters, seed=3).mean(values) == Bootstrap(clusters, seed=3).mean(values)
    assert Bootstrap(clusters, seed=3).mean(values) != Bootstrap(clusters, seed=4).mean(values)


def test_weights_count_a_value_several_times():
    found = of("a", "b").mean(np.array([1.0, 0.0]), weights=np.array([3.0, 1.0]))
    assert found == Estimate(0.75, 0.0, 1.0, 4)


def test_questions_that_a_measure_says_nothing_of_do_not_count():
    found = of("a", "b", "c").mean(np.array([1.0, NAN, 0.0]))
    assert found == Estimate(0.5, 0.0, 1.0, 2)


def test_a_measure_that_says_nothing_of_any_question_is_none():
    nothing = np.array([NAN, NAN])
    assert of("a", "b").mean(nothing) is None
    assert of("a", "b").percentile(nothing, 0.5) is None
    assert of("a", "b").ece(nothing, np.ones(2)) is None


def test_one_cluster_has_no_interval():
    assert of("a", "a").mean(np.array([0.0, 1.0])) == Estimate(0.5, 0.5, 0.5, 2)


def test_an_interval_takes_two_clusters_that_the_measure_speaks_of():
    assert of("a", "a", "b").mean(np.array([0.0, 1.0, NAN])) == Estimate(0.5, 0.5, 0.5, 2)


def test_the_median_of_three_clusters_spans_all_three():
    # 7 of 27 redraws have the lowest as median, 7 the highest.
    found = of("a", "b", "c").percentile(np.array([30.0, 10.0, 20.0]), 0.5)
    assert found == Estimate(20.0, 10.0, 30.0, 3)


def test_percentiles_leave_out_what_was_not_measured():
    found = of("a", "b", "c").percentile(np.array([5.0, NAN, 5.0]), 0.95)
    assert found == Estimate(5.0, 5.0, 5.0, 2)


def test_calibration_error_that_is_the_same_everywhere_has_a_narrow_interval():
    found = of("a", "b", "c").ece(np.array([0.8, 0.8, NAN]), np.array([1.0, 1.0, 0.0]))
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.2, 0.2))
    assert found.n == 2


def test_calibration_error_spans_what_the_clusters_differ_by():
    found = of("a", "b", "c").ece(np.array([0.9, 0.5, 0.2]), np.array([1.0, 1.0, 1.0]))
    assert found is not None
    assert found.value == pytest.approx(1.4 / 3)
    assert (found.low, found.high) == pytest.approx((0.1, 0.8))  # only "a", only "c"


def asked(number: int, *, article: str | None, context: str | None) -> Question:
    held = None if context is None else Context(context, article or "", None)
    return Question(str(number), "Who?", (), held, article)


def test_questions_of_a_library_are_resampled_by_article_without_contexts():
    told = [Question("1", "?", (), article="a"), Question("2", "?", ()), Question("3", "?", ())]
    told.append(Question("4", "?", (), article="a"))
    found = clusters_of(told)
    assert (found.unit, found.count) == ("article", 3)
    assert found.keys[0] == found.keys[3] != found.keys[1] != found.keys[2]
    assert clusters_of(told[1:3]).unit == "question"


def test_twenty_articles_are_resampled_as_articles():
    questions = [asked(i, article=f"Article {i % 20}", context=f"text {i}") for i in range(40)]
    clusters = clusters_of(questions)
    assert (clusters.unit, clusters.count) == ("article", 20)
    assert clusters.keys[3] == clusters.keys[23] != clusters.keys[4]


def test_fewer_articles_are_resampled_as_contexts():
    questions = [asked(i, article=f"Article {i % 19}", context=f"text {i // 2}") for i in range(38)]
    clusters = clusters_of(questions)
    assert clusters.unit == "context"
    assert clusters.keys[0] != clusters.keys[1]  # the same words under two titles


def test_without_contexts_and_articles_questions_stand_alone():
    clusters = clusters_of([asked(i, article=None, context=None) for i in range(3)])
    assert clusters == Clusters("question", ("0", "1", "2"))


def test_the_first_clusters_are_those_of_the_first_questions():
    clusters = Clusters("context", ("0", "0", "1")).first(2)
    assert (clusters.keys, clusters.count) == (("0", "0"), 1)
