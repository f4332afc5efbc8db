import pytest

from qa.errors import QuestionError
from ui.typed import Typed, read_typed


def test_a_question_is_taken_as_it_is():
    assert read_typed(" Who won? ", last="Who lost?") == Typed(" Who won? ")


@pytest.mark.parametrize("text", ["/as-typed Who won?", " /as-typed   Who won? "])
def test_a_question_can_be_asked_as_typed(text):
    assert read_typed(text) == Typed("Who won?", as_typed=True)


def test_as_typed_alone_means_the_last_question():
    assert read_typed("/as-typed", last="And her?") == Typed("And her?", as_typed=True)


def test_a_longer_word_is_no_command():
    assert read_typed("/as-typedly?") == Typed("/as-typedly?")


def test_as_typed_needs_a_question():
    with pytest.raises(QuestionError, match="nothing was asked before: type /as-typed and"):
        read_typed("/as-typed")
