import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.types import Span
from qa.wording import CROSSING, sound_ends, worded


def sound(text: str, words: str) -> str:
    """The words as they become; marked in the text by where they stand first."""
    start = text.index(words)
    first, last = sound_ends(text, start, start + len(words))
    return text[first:last]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("It left Marlhaven today.", "arlhav", "Marlhaven"),
        ("It left Marlhaven today.", "left Marl", "left Marlhaven"),
        ("In 1911, it sank.", "1911,", "1911"),
        ("Ann, Bea and Cy left.", ", Bea", "Bea"),
        ("It cost $3 million.", "$3 million", "$3 million"),
        ("It was -4 degrees.", "-4 degrees", "-4 degrees"),
        ("a cost - high - of", "- high -", "high"),
        ("50 kilometres (30 miles) off", "50 kilometres (30 miles", "50 kilometres (30 miles)"),
        ("50 kilometres (30 miles) off", "30 miles)", "(30 miles)"),
        ("some 50 km (30 miles) off", "(30", "30"),
        ("broadcast in analog or digital) too", "analog or digital)", "analog or digital"),
        ("it is “status Germans” there", "“status Germans", "“status Germans”"),
        ("it is “status Germans now", "“status Germans", "status Germans"),
        ('the "Glen Carrig" sank', '"Glen Carrig', '"Glen Carrig"'),
        ('the "Glen Carrig" sank', 'Glen Carrig"', '"Glen Carrig"'),
        ('the Glen Carrig" sank', 'Glen Carrig"', "Glen Carrig"),
        ("(see the map), where", "(see the map),", "(see the map)"),
        ("MCA Inc. bought it", "MCA Inc.", "MCA Inc."),
        ("what, then", ",", ","),
        ("why (", "(", "("),
        ('a 4" pipe', '4"', '4"'),
        ('They flew "Apollo 11" to it.', '"Apollo 11"', '"Apollo 11"'),
        ("a - - high b", "- - high", "high"),
        ("a (b (c) d", "(b (c)", "b (c)"),
        ("a (b (c) d", "a (b (c", "a (b (c)"),
        ("he (born (1960", "born (1960", "born (1960"),
        ("a) b) c", "b)", "b"),
        ("東京は日本の首都です。", "日本", "日本"),
        ("Größe in Łódź", "röß", "Größe"),
    ],
)
def test_answers_have_sound_ends(text, words, expected):
    assert sound(text, words) == expected


def test_a_span_over_the_end_of_a_sentence_loses_score():
    passage = "The ferry left. Nobody was hurt. It sank."
    left = Span(0, 14, 5.0, 1.0)
    both = Span(4, 22, 5.0, 1.0)
    whole = Span(16, 32, 5.0, 1.0)
    scores = [span.score for span in worded(passage, [left, both, whole])]
    assert scores == [5.0, 5.0 - CROSSING, 5.0]


def test_an_abbreviation_ends_no_sentence():
    passage = "Dr. Quill of Marlhaven left."
    (span,) = worded(passage, [Span(0, 9, 2.0, 0.0)])
    assert span == Span(0, 9, 2.0, 0.0)


def test_order_and_null_scores_stay():
    passage = "One two. Three four."
    spans = [Span(4, 14, 9.0, 0.5), Span(0, 3, 8.0, 0.25)]
    found = worded(passage, spans)
    assert [(s.start, s.end, s.null_score) for s in found] == [(4, 14, 0.5), (0, 3, 0.25)]


@settings(max_examples=500)
@given(
    st.one_of(
        st.text('aB1 .,()“”"-\n', min_size=1, max_size=40),
        st.text('a1()"', min_size=1, max_size=12),
    ),
    st.data(),
)
def test_ends_stay_in_the_text_and_are_sound_at_once(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = sound_ends(text, start, end)
    assert 0 <= first < last <= len(text)
    assert sound_ends(text, first, last) == (first, last)
    assert worded(text, [Span(start, end, 1.0, 0.0)])[0].start == first
