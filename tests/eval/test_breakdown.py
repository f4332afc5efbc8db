import pytest

from eval.breakdown import breakdown, question_word
from eval.records import Asked, ReaderRecord, Scored
from eval.stats import Bootstrap, Clusters


def record(id_: str, question: str, *golds: str, prediction: str, words: int) -> ReaderRecord:
    asked = Asked(id_, question, None, None, id_, golds)
    scored = Scored.against(golds, prediction=prediction, best_guess=prediction)
    return ReaderRecord(asked, scored, 1.0, 0, 1, None, "word " * words, None)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Who left?", "who"),
        ("To whom was it given?", "who"),
        ("Whose ferry is it?", "who"),
        ("In what year?", "what"),
        ("On WHICH day, and when?", "which"),
        ("What's new?", "what"),
        ("How much did it cost?", "how many"),
        ("How many left?", "how many"),
        ("How long is it?", "how"),
        ("Did the show end?", "other"),
        ("The ferry left from", "other"),
        ("", "other"),
    ],
)
def test_the_first_question_word_counts(question, word):
    assert question_word(question) == word


def test_questions_are_grouped_by_word_answer_and_passage():
    records = [
        record("1", "Who?", "Ilse Corbant", "Corbant", prediction="Corbant", words=100),
        record("2", "Who?", "Ann", prediction="Bea", words=101),
        record("3", "Why?", "the fog of that morning", prediction="fog", words=900),
        record("4", "Why?", prediction="", words=20),
    ]
    bootstrap = Bootstrap(Clusters("question", ("1", "2", "3", "4")))
    found = {
        (group.by, group.name): (group.exact_match.value, group.f1.value, group.f1.n)
        for group in breakdown(records, bootstrap)
    }
    assert found == {
        ("question_word", "who"): (0.5, 0.5, 2),
        # "the" does not count: one of four words, and the empty answer that is right
        ("question_word", "why"): (0.5, pytest.approx((0.4 + 1) / 2), 2),
        ("answer_words", "1"): (0.5, 0.5, 2),  # the shorter gold
        ("answer_words", "5-8"): (0.0, pytest.approx(0.4), 1),
        ("answer_words", "no answer"): (1.0, 1.0, 1),
        ("passage_words", "1-100"): (1.0, 1.0, 2),
        ("passage_words", "101-200"): (0.0, 0.0, 1),
        ("passage_words", "over 800"): (0.0, pytest.approx(0.4), 1),
    }


def test_questions_without_an_answer_are_grouped_by_why():
    def asked(id_: str, why: str | None, *golds: str, prediction: str) -> ReaderRecord:
        about = Asked(id_, "Who?", None, None, id_, golds, why)
        scored = Scored.against(golds, prediction=prediction, best_guess=prediction)
        return ReaderRecord(about, scored, 1.0, 0, 1, None, "word", None)

    records = [
        asked("1", "false_premise", prediction=""),
        asked("2", "false_premise", prediction="Bea"),
        asked("3", "absent", prediction=""),
        asked("4", None, prediction=""),
        asked("5", "absent", "Ann", prediction="Ann"),  # it has an answer after all
    ]
    groups = breakdown(records, Bootstrap(Clusters("question", ("1", "2", "3", "4", "5"))))
    refused = {g.name: (g.exact_match.value, g.exact_match.n) for g in groups if g.by == "why"}
    assert refused == {"absent": (1.0, 1), "false_premise": (0.5, 2)}


def test_groups_come_in_a_fixed_order():
    records = [
        record("1", "Why?", "a b c", prediction="", words=500),
        record("2", "Who?", "a b", prediction="", words=5),
    ]
    bootstrap = Bootstrap(Clusters("question", ("1", "2")))
    assert [group.name for group in breakdown(records, bootstrap)] == [
        "who", "why", "2", "3-4", "1-100", "401-800",
    ]  # fmt: skip


def test_no_questions_make_no_groups():
    assert breakdown([], Bootstrap(Clusters("question", ()))) == ()
