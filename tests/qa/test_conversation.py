from dataclasses import replace

import pytest

from qa.conversation import MAX_CHARACTERS, MAX_TURNS, Conversation, Turn, conversation_of
from qa.types import Alternative, Answer, Citation, Item, Range

TEXT = "It rained. Ada Low won the cup. It rained."


def cited(article_id="a1"):
    return Citation(
        n=1, article_id=article_id, title="Cup", source=None, authors=(), url=None, path="/a.txt",
        page=None, published=None, published_origin=None, published_trust=None, start=11, end=18,
        quote="Ada Low", prefix="", suffix="", sentence=Range(11, 31), passage=Range(0, len(TEXT)),
        article_sha256="0", passage_text=TEXT,
    )  # fmt: skip


WON = Answer(
    "Who won it?", "Who won the cup?", answered=True, answer="Ada Low", confidence=0.9,
    citations=(cited(),), alternatives=(Alternative("Bo Ek", 0.05),),
)  # fmt: skip
UNSAID = Answer(
    "Who lost?", "Who lost?", answered=False, answer="", confidence=0.2,
    nearest=(cited("b2"),), best_rejected=Alternative("Cy Orr", 0.2),
)  # fmt: skip


def test_a_turn_holds_what_can_be_referred_to():
    assert Turn.of(WON) == Turn(
        "Who won the cup?", "Ada Low", ("Ada Low won the cup.",), ("Bo Ek",), frozenset({"a1"})
    )


def test_a_turn_without_an_answer_holds_what_was_nearest():
    assert Turn.of(UNSAID) == Turn("Who lost?", "", (), ("Cy Orr",), frozenset({"b2"}))


def test_a_list_is_remembered_with_all_its_items():
    items = tuple(Item(name) for name in ("Bolivia", "Chile", "Peru"))
    assert Turn.of(replace(WON, items=items)).answer == "Bolivia, Chile and Peru"
    assert Turn.of(replace(WON, items=items[:1])).answer == "Ada Low"


def test_a_conversation_grows_into_a_new_one():
    empty = Conversation()
    assert empty.after(WON).after(UNSAID).turns == (Turn.of(WON), Turn.of(UNSAID))
    assert empty.turns == ()


def test_a_long_conversation_forgets_its_beginning():
    answers = [replace(WON, standalone_question=f"Who won cup {n}?") for n in range(MAX_TURNS + 3)]
    conversation = Conversation()
    for answer in answers:
        conversation = conversation.after(answer)
    assert [turn.question for turn in conversation.turns] == [
        f"Who won cup {n}?" for n in range(3, MAX_TURNS + 3)
    ]
    assert conversation_of(answers) == conversation


def test_no_turn_keeps_more_than_is_looked_at():
    turn = Turn.of(replace(WON, standalone_question="x" * 9999))
    assert turn.question == "x" * MAX_CHARACTERS


def test_a_turn_cannot_be_changed():
    with pytest.raises(AttributeError):
        Turn("Who?").answer = "Ada"
