import pytest

from qa.clock import Clock, find_clocks, times_meet


def read(text):
    return [clock for _, clock in find_clocks(text)]


@pytest.mark.parametrize(
    ("text", "minutes", "either"),
    [
        ("10.25pm", 1345, False),
        ("12.05 a.m.", 5, False),
        ("3:23 am", 203, False),
        ("at 14.19", 859, False),
        ("at 3.40 on Saturday morning", 220, False),
        ("at 9.12 in the evening", 1272, False),
        ("at 9:12 on Tuesday night", 1272, False),
        ("at 2.30 at night", 150, False),
        ("fourteen minutes past ten", 614, True),
        ("10 minutes before midnight", 1430, False),
        ("two minutes after noon", 722, False),
        ("five minutes to one", 55, True),
        ("noon", 720, False),
        ("midnight", 0, False),
        ("00:30", 30, False),
    ],
)
def test_a_time_of_day_is_read(text, minutes, either):
    assert read(text) == [Clock((minutes, minutes), either)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("4 a.m.", 210, 270),
        ("six o'clock in the evening", 1050, 1110),
        ("six in the evening", 1050, 1110),
        ("quarter past six in the evening", 1090, 1100),
        ("around 9.12 in the evening", 1257, 1287),
        ("shortly after three in the morning", 180, 200),
        ("a little before midnight", -20, 0),
    ],
)
def test_a_bare_hour_and_what_a_hedge_leaves_open_are_the_time_around_it(text, first, last):
    assert read(text) == [Clock((first, last))]


@pytest.mark.parametrize(
    "text",
    ["at 3.40 metres", "by 9.12 per cent", "from 2.15 million", "9.12", "$3.40", "at 1.234"],
)
def test_an_amount_is_no_time(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("at 9.12", "9.12 pm", True),
        ("at 9.12", "9.12 am", True),
        ("at 9.12", "9.15 pm", False),
        ("half past four", "4.30 p.m.", True),
        ("9.12 am", "9.12 pm", False),
        ("at 21.12", "9.12 pm", True),
        ("three o'clock", "at 3.20 in the morning", True),
        ("7:41", "about twenty to eight", True),
        ("7:31", "half past seven", True),
        ("7:41", "half past seven", False),
        ("23:50", "shortly before midnight", True),
        ("00:20", "shortly before midnight", False),
    ],
)
def test_times_meet_in_either_half_of_the_day_where_that_is_open(one, other, meet):
    (first,), (second,) = read(one), read(other)
    assert times_meet(first, second) is times_meet(second, first) is meet
