import pytest

from index.types import Hit, Passage
from qa.answer import Candidate
from qa.shape import LONGEST_STATEMENT, fit_to_answer, in_shape
from qa.types import Span


def candidate(text, words, *, evidence=1.0):
    at = text.index(words)
    hit = Hit(Passage("a", 100, 100 + len(text), text), 0.5, 0.5, None)
    return Candidate(hit, Span(at, at + len(words), 3.0, 0.0), evidence)


def shaped(question, text, words):
    return in_shape(question, candidate(text, words), ()).text


@pytest.mark.parametrize(
    ("text", "words", "statement"),
    [
        ("It rained. Dr. Low of Averly Ltd. said it was safe. All slept.", "safe",
         "Dr. Low of Averly Ltd. said it was safe."),
        # The quotation goes on, so its opening mark has no partner in the sentence.
        ('"Tea burns slowly. It smoulders," said Low.', "Tea", "Tea burns slowly."),
        ('"Nobody was hurt," said Low. All slept.', "Nobody", '"Nobody was hurt," said Low.'),
        ("The shed (built in 1911) had none.", "none", "The shed (built in 1911) had none."),
    ],
)  # fmt: skip
def test_a_yes_no_question_gets_the_whole_statement(text, words, statement):
    assert shaped("Is it true that the shed was safe?", text, words) == statement


def test_of_an_endless_sentence_the_clause_that_settles_it_is_shown():
    filler = "the wind turned and the rain came in from the sea over the old harbour wall"
    text = f"{'; '.join([filler] * 6)}; nobody was hurt; {filler}."
    assert len(text) > LONGEST_STATEMENT
    assert shaped("Was anybody hurt?", text, "nobody") == "nobody was hurt"


def test_a_choice_between_two_is_no_yes_no_question():
    assert shaped("Did Low or Marsh win?", "Low won the race.", "Low") == "Low"


def test_a_list_question_gets_the_enumeration():
    text = "It went to Averly, Merriden and Port Wen on Monday."
    assert shaped("Which towns did it go to?", text, "Merriden") == "Averly, Merriden and Port Wen"
    assert shaped("Which town did it go to?", text, "Merriden") == "Merriden"


def test_a_why_question_gets_the_clause():
    text = "They stayed because their straps did not fit."
    assert shaped("Why did they stay?", text, "straps") == "because their straps did not fit"
    assert shaped("What did not fit?", text, "straps") == "straps"


def test_evidence_stays_as_it_is():
    before = candidate("They stayed because their straps did not fit.", "straps", evidence=2.5)
    after = in_shape("Why did they stay?", before, ())
    assert (after.evidence, after.margin, after.hit) == (2.5, 3.0, before.hit)


TOLL = "The toll fell by 21, after two had been counted twice."


def left(question, *candidates):
    return [c.text for c in fit_to_answer(question, candidates)]


@pytest.mark.parametrize("figure", ["21", "by 21", "about 21 per cent", "$2.1 million"])
def test_a_bare_figure_is_no_reason(figure):
    text = TOLL.replace("by 21", "by " + figure.removeprefix("by "))
    read, reason = candidate(text, figure), candidate(text, "after two had been counted twice")
    assert left("Why did the toll fall?", read, reason) == [reason.text]
    assert left("By how much did it fall?", read, reason) == [figure, reason.text]


def test_a_reason_may_hold_a_figure():
    reason = candidate("It shut after 21 crates of tea fell on the quay.", "21 crates of tea fell")
    assert left("Why did it shut?", reason) == ["21 crates of tea fell"]


def test_a_question_in_the_article_is_answered_by_what_follows_it():
    text = "It is light. Does it attract fish? Everybody asks. It does not. It rained."
    assert shaped("Does the lamp attract fish?", text, "fish") == "Everybody asks. It does not."
    assert shaped("Does it sink?", "Does it sink? No. Will it break?", "sink") == "No."


def test_a_question_that_nothing_follows_settles_no_question():
    text = "It does not. Does it attract fish?"
    asked, said = candidate(text, "fish"), candidate(text, "does not")
    assert left("Does the lamp attract fish?", asked, said) == ["does not"]
    assert left("What does the lamp attract?", asked, said) == ["fish", "does not"]
