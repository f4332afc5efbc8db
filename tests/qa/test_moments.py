import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.clock import Clock
from qa.moments import Moment, read_moment


def read(text):
    return read_moment(text, 0, len(text))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1911", Moment(years=(1911, 1911))),
        ("the spring of 2012", Moment(years=(2012, 2012))),
        ("the early 1990s", Moment(years=(1990, 1993))),
        ("July 2018", Moment(years=(2018, 2018), month=7)),
        ("6 November 2019", Moment(years=(2019, 2019), month=11, day=6)),
        ("November 6, 2019", Moment(years=(2019, 2019), month=11, day=6)),
        ("the 18th of June", Moment(month=6, day=18)),
        ("Sept. 3", Moment(month=9, day=3)),
        ("2019-11-06", Moment(years=(2019, 2019), month=11, day=6)),
        ("Tuesday night", Moment(weekday=1)),
        ("Thursday, 28 Nov 2024", Moment((2024, 2024), 11, 28, 3)),
        ("10.25pm", Moment(clock=Clock((1345, 1345)))),
        ("3:23 am", Moment(clock=Clock((203, 203)))),
        ("4 a.m.", Moment(clock=Clock((210, 270)))),
        ("noon", Moment(clock=Clock((720, 720)))),
    ],
)
def test_a_plain_date_or_time_is_read(text, moment):
    assert read(text) == moment


@pytest.mark.parametrize(
    "text", ["eight years ago", "yesterday", "in maybe a week", "1,911", "$1911"]
)
def test_what_is_no_plain_date_is_not_read(text):
    assert read(text) is None


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [
        ("1911", "in 1911", "same"),
        ("July 2018", "July last year", "same"),
        ("the 1990s", "the early 1990s", "same"),
        ("about 3 a.m.", "3:23 am", "same"),
        ("2011", "the spring of 2012", "differs"),
        ("7 November", "8 November", "differs"),
        ("May 2018", "July 2018", "differs"),
        ("10.25pm", "10.40 p.m.", "differs"),
        ("Friday", "Wednesday", "differs"),
        ("Tuesday night", "Wednesday", "unrelated"),  # one night has both
        ("Tuesday night", "7 November", "unrelated"),
        ("1911", "10.25pm", "unrelated"),
    ],
)
def test_dates_are_compared_by_the_parts_that_both_name(one, other, relation):
    assert read(one).relation(read(other)) == read(other).relation(read(one)) == relation


def test_only_the_date_that_the_words_touch_counts():
    text = "It closed in 2011 and was sold on 3 May 2019."
    assert read_moment(text, text.index("May"), text.index("May") + 3) == Moment((2019, 2019), 5, 3)


PARTS = st.none() | st.integers(0, 6)
RANGES = st.none() | st.tuples(st.integers(0, 9), st.integers(10, 19))
CLOCKS = st.none() | st.builds(
    Clock, st.tuples(st.integers(0, 600), st.integers(700, 1439)), either_half=st.booleans()
)
MOMENTS = st.builds(Moment, RANGES, PARTS, PARTS, PARTS, CLOCKS)


@given(MOMENTS, MOMENTS)
def test_it_does_not_matter_which_is_compared_with_which(one, other):
    assert one.relation(other) == other.relation(one)


@given(MOMENTS)
def test_nothing_differs_from_itself(moment):
    assert moment.relation(moment) == ("unrelated" if moment == Moment() else "same")
