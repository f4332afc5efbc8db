import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.quantities import ROUNDED, read_quantity


def read(text, words=None):
    start = text.index(words or text)
    return read_quantity(text, start, start + len(words or text))


def related(one, other):
    first, second = read(one), read(other)
    assert first and second
    assert first.relation(second) == second.relation(first)
    return first.relation(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("17 people", "Seventeen"),
        ("at least 17", "Seventeen"),
        ("at least 17", "17 people"),
        ("at least 17", "at least 20"),
        ("more than 1,000", "1,100"),
        ("about 1,300", "1,344"),
        ("roughly 50", "52"),
        ("nearly 1,000", "960"),
        ("almost 1,000", "about 1,000"),
        ("up to 50", "45"),
        ("between 2,500 and 3,000", "2,700"),
        ("5 to 6 million", "5.5 million"),
        ("dozens", "36"),
        ("a dozen", "12"),
        ("50 kilometres (30 miles)", "30 miles"),
        ("50 miles", "80 km"),
        ("about 50 km", "30 miles"),
        ("nine acres", "3.6 hectares"),
        ("90 minutes", "1.5 hours"),
        ("68 degrees Fahrenheit", "20 degrees Celsius"),
        ("-40 °C", "minus 40 degrees Fahrenheit"),
        ("£18m", "18 million pounds"),
        ("$1.9 million", "1.9m dollars"),
        ("92 per cent", "92%"),
        ("92 per cent", "nine tenths"),
        ("a fifth", "20 percent"),
        ("one in eight", "12.5%"),
        ("a year and a half", "eighteen months"),
        ("a day and a quarter", "30 hours"),
        ("two years and a half", "30 months"),
        ("an hour and fifty minutes", "110 minutes"),
        ("six years and four months", "76 months"),
        ("6 feet 2 inches", "74 inches"),
        ("a dollar and a half", "$1.50"),
        ("half a decade", "five years"),
        ("almost two decades", "19 years"),
        ("a quarter of a century", "25 years"),
        ("a fortnight", "two weeks"),
        ("nearly an hour", "55 minutes"),
        ("six score", "120"),
        ("some two lakh", "200,000"),
        ("three crore rupees", "30 million rupees"),
        ("seventy-odd million", "72 million"),
        ("forty-odd", "43"),
        ("two hundred and more diamonds", "214 diamonds"),
        ("the best part of ten", "nine"),
        ("a good hundred kilometres", "66 nautical miles"),
        ("158 kilometres an hour", "44 metres per second"),
        ("180 pounds", "82 kilos"),
        ("31.1 degrees", "88 degrees Fahrenheit"),
        ("$60 a day", "60 dollars each day"),
        ("£130 million", "130"),
        ("180 million a year", "$180 million"),
        ("eleven", "11 years"),
        ("53.2 per cent", "53 per cent"),
    ],
)
def test_the_same_in_other_words_is_one_claim(one, other):
    assert related(one, other) == "same"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("five", "four"),
        ("38", "forty"),
        ("more than 20", "at least 32"),
        ("at least 14", "23"),
        ("at least 17", "15"),
        ("some 4,000 tonnes", "3,600 tonnes"),
        ("around 400 homes", "340 homes"),
        ("up to 50", "60"),
        ("fewer than 50", "at least 60"),
        ("between 5 and 8", "10"),
        ("50 miles", "50 km"),
        ("12 minutes", "a quarter of an hour"),
        ("18 million pounds", "23 million pounds"),
        ("$14.2 million", "sixteen million"),
        ("92 per cent", "87"),
        ("118th", "117th"),
        ("6.4", "6.3"),
        ("hundreds", "3"),
        ("54", "52-year-old"),
        ("two years", "nine"),
        ("nearly 36", "29"),
        ("a year and a half", "nine months"),
        ("180 million a year", "$240 million"),
        ("three and a half pounds", "1.9 kilograms"),
        ("almost an hour", "35 minutes"),
    ],
)
def test_clearly_other_amounts_differ(one, other):
    assert related(one, other) == "differs"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("about 22,000", "20,875"),  # not what would be rounded to it, yet not far
        ("at least 20", "27"),
        ("up to 50", "20"),
        ("hundreds", "more than 1,000"),
        ("30 miles", "30 days"),
        ("18 million pounds", "18 million euros"),
        ("40 people", "40 per cent"),
        ("12", "12th"),
    ],
)
def test_what_words_do_not_settle_is_left_open(one, other):
    assert related(one, other) == "unrelated"


def test_hedge_and_unit_may_stand_outside_the_answer():
    hedged = read("in which more than 20 people died", "20 people")
    assert hedged == read("more than 20 people")
    assert read("it is 30 miles away", "30") == read("30 miles")
    assert read("a bill of $16m or so", "16m") == read("about $16m")


def test_a_hedge_belongs_to_the_number_next_to_it():
    text = "At least 14 people were killed and some 200 injured"
    assert read(text, "14") == read("at least 14 people")
    assert read(text, "200") == read("some 200 injured")


def test_what_a_value_rose_from_is_no_longer_one():
    assert read("The toll rose from 9 to $12 in May", "$12") == read("$12")
    assert read("It takes from 9 to 12 days", "12 days") == read("9 to 12 days")


def test_a_count_with_fewer_digits_is_left_open():
    assert related("14,200", "14,000") == "unrelated"
    assert related("14,200", "14,300") == "differs"
    assert related("14,200", "13,000") == "differs"


def test_only_a_smaller_part_behind_an_amount_is_added_to_it():
    assert read("three hours and two days") is None
    assert read("in a year, half of it was gone", "half").dimension == "share"
    assert read("for six and three years", "three years") == read("three years")


def test_a_thing_is_no_amount():
    assert read("a dollar") is None


def test_a_year_is_no_duration():
    assert related("since 2011", "three years") == "unrelated"


def test_two_values_are_no_quantity():
    assert read("four dead and two injured") is None
    assert read("no number at all") is None


def test_a_small_bare_count_tells_little():
    assert [read(text).telling for text in ("four", "1,344", "four miles", "nine million")] == [
        False,
        True,
        True,
        True,
    ]


HEDGES = ["", "about ", "at least ", "more than ", "nearly ", "up to ", "fewer than "]
UNITS = ["", " people", " miles", " km", " per cent", " pounds", " hours", " °C"]
QUANTITIES = st.builds(
    lambda hedge, number, unit: f"{hedge}{number}{unit}",
    st.sampled_from(HEDGES),
    st.integers(0, 10**7).map(lambda n: f"{n:,}") | st.sampled_from(["a dozen", "half", "three"]),
    st.sampled_from(UNITS),
)


@given(QUANTITIES, QUANTITIES)
def test_it_does_not_matter_which_is_compared_with_which(one, other):
    first, second = read(one), read(other)
    assert first and second
    assert first.relation(second) == second.relation(first)


@given(QUANTITIES)
def test_everything_is_the_same_as_itself(text):
    value = read(text)
    assert value and value.relation(value) == "same"


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_plain_counts_are_the_same_only_if_equal(one, other):
    found = related(f"{one} people", f"{other:,} people")
    near = abs(one - other) <= ROUNDED * max(one, other)  # one may be told in fewer digits
    assert found == ("same" if one == other else found if near else "differs")
    assert (found == "same") == (one == other)


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_any_text_can_be_read(text, start, end):
    read_quantity(text, min(start, end), max(start, end))
