import pytest

from qa.numbers import find_numbers, scale_of


def read(text):
    return [(text[n.start : n.end], n.low) for n in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("At least 17 people", "17", 17),
        ("Seventeen people", "Seventeen", 17),
        ("a country of nine million", "nine million", 9e6),
        ("1,344 kilometres", "1,344", 1344),
        ("1.3 million homes", "1.3 million", 1.3e6),
        ("a dozen people", "a dozen", 12),
        ("two dozen boats", "two dozen", 24),
        ("twenty-one", "twenty-one", 21),
        ("one hundred and five", "one hundred and five", 105),
        ("two thousand three hundred", "two thousand three hundred", 2300),
        ("half a million", "half a million", 5e5),
        ("a hundred and twelve people", "a hundred and twelve", 112),
        ("a hundred thousand", "a hundred thousand", 1e5),
        ("a hundred and five thousand", "a hundred and five thousand", 105e3),
        ("a pair of Norwegians", "a pair", 2),
        ("some fourteen point two million more", "fourteen point two million", 14.2e6),
        ("about three-quarters of a million dollars", "three-quarters of a million", 750_000),
        ("a quarter of a million euros", "a quarter of a million", 250_000),
        ("zero point zero five", "zero point zero five", 0.05),
        ("at one point two men left", "one point two", 1.2),
        ("two and a half million", "two and a half million", 2.5e6),
        ("$14.2M", "14.2M", 14.2e6),
        ("£3bn", "3bn", 3e9),
        ("minus 40", "minus 40", -40),
        ("-7.5", "-7.5", -7.5),
    ],
)
def test_a_number_is_read_in_digits_and_in_words(text, words, value):
    assert read(text) == [(words, value)]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("nine tenths", 0.9),
        ("two-thirds", 2 / 3),
        ("a quarter of an hour", 0.25),
        ("half the fleet", 0.5),
        ("one in every eight", 0.125),
        ("1 in 20", 0.05),
    ],
)
def test_parts_of_a_whole_are_shares(text, share):
    (number,) = find_numbers(text)
    assert (number.form, number.low) == ("share", pytest.approx(share))


def test_a_third_is_a_part_and_the_third_an_order():
    assert [n.form for n in find_numbers("a third less")] == ["share"]
    assert [n.form for n in find_numbers("the third ferry")] == ["ordinal"]
    assert [(n.form, n.low) for n in find_numbers("the 118th minute")] == [("ordinal", 118)]


def test_hundreds_lie_between_two_bounds():
    (hundreds,) = find_numbers("Hundreds of people")
    assert (hundreds.form, hundreds.low, hundreds.high) == ("vague", 100, 1000)
    (tens,) = find_numbers("Tens of thousands fled")
    assert (tens.low, tens.high) == (10_000, 100_000)


def test_a_number_is_told_in_its_last_digit_other_than_closing_zeros():
    steps = {"1,300": 100, "1,344": 1, "3.6": 0.1, "nine million": 1e6, "40": 10, "0": 1}
    assert {text: find_numbers(text)[0].step for text in steps} == steps


@pytest.mark.parametrize("text", ["", "someone", "the weather", "attention", "eightsome"])
def test_no_number_is_found_inside_other_words(text):
    assert find_numbers(text) == ()


def test_several_numbers_keep_their_order():
    assert read("8-5, then four of twelve") == [("8", 8), ("5", 5), ("four", 4), ("twelve", 12)]


def test_a_scale_is_the_last_word_of_a_number():
    assert [scale_of(words) for words in ("6 million", "14.2M", "six", "12")] == [1e6, 1e6, 1, 1]


def test_a_range_of_hundreds_is_two_numbers():
    assert read("a hundred and two hundred") == [("a hundred", 100), ("two hundred", 200)]


def test_point_joins_only_single_digits():
    assert read("nine point ninety") == [("nine", 9), ("ninety", 90)]
    assert read("the point two men made") == [("two", 2)]


@pytest.mark.parametrize("words", ["65 litres per second", "65 litres a second"])
def test_a_second_of_time_is_no_order(words):
    assert read(f"It takes {words}.") == [("65", 65)]
    assert read("He got a second card.") == [("second", 2)]
