import pytest

from qa.alike import LEAST_ALIKE, Piece, alike, word_diff, words

CITED = "The ferry burned 4,000 tonnes of tea before it left Port Averly."


@pytest.mark.parametrize(
    "edited",
    [
        "The ferry burned 5,000 tonnes of tea before it left Port Averly.",
        "The ferry burned four tons of tea before it left Port Averly on Monday.",
        CITED.upper(),
        "Last year, officials say, " + CITED[:-1] + ", a loss that nobody has yet explained.",
    ],
)
def test_an_edited_sentence_is_alike(edited):
    assert alike(CITED, edited) >= LEAST_ALIKE


def test_a_slip_in_a_short_headline_is_alike():
    assert alike("Marlhaven burns", "Marlhavn burns") == LEAST_ALIKE


@pytest.mark.parametrize(
    "other",
    ["", "The council met before it left the hall.", "The tea of the ferry was for the port."],
)
def test_another_sentence_is_not_alike(other):
    assert alike(CITED, other) < LEAST_ALIKE


def test_the_share_is_of_the_letters_of_words_in_order():
    assert alike("red green blue", "red white blue") == pytest.approx(2 * 7 / (12 + 12))
    assert words("Straße, CAFE\u0301!") == ["strasse", "café"]


def test_a_diff_keeps_figures_and_neighbouring_changes_together():
    assert word_diff("It lost 4,000 tonnes.", "It lost\n5,000 bags.") == (
        Piece("same", "It lost "),
        Piece("removed", "4,000 tonnes"),
        Piece("added", "5,000 bags"),
        Piece("same", "."),
    )
    assert word_diff("a word gone", "a gone") == (
        Piece("same", "a "),
        Piece("removed", "word "),
        Piece("same", "gone"),
    )
    assert word_diff("", "") == ()


def test_both_texts_can_be_read_off_a_diff():
    was, now = "One two, three four.", "Zero one, three five six four!"
    diff = word_diff(was, now)
    assert "".join(p.text for p in diff if p.kind != "added") == was
    assert "".join(p.text for p in diff if p.kind != "removed") == now


def test_very_long_texts_are_not_compared_word_by_word():
    assert word_diff("a " * 5000, "b " * 5000) == (
        Piece("removed", ("a " * 5000).strip()),
        Piece("added", ("b " * 5000).strip()),
    )
