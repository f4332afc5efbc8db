import pytest

from index.types import Hit, Passage
from qa.answer import Candidate
from qa.shape import LONGEST_STATEMENT, in_order_of_fit, in_shape
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


def order(question, *candidates):
    return [(c.text, c.evidence) for c in in_order_of_fit(question, candidates)]


def test_a_bare_figure_is_no_reason():
    figure = candidate(TOLL, "21", evidence=5.0)
    reason = candidate(TOLL, "after two had been counted twice", evidence=2.0)
    assert order("Why did the toll fall?", figure, reason) == [(reason.text, 2.0), ("21", 1.0)]
    assert order("By how much did it fall?", figure, reason) == [("21", 5.0), (reason.text, 2.0)]


def test_a_question_settles_no_question():
    text = "Does it attract fish? It does not."
    asked, said = candidate(text, "fish", evidence=5.0), candidate(text, "does not", evidence=2.0)
    assert order("Does the lamp attract fish?", asked, said) == [("does not", 2.0), ("fish", 1.0)]
