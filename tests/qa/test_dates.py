import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.types import PublishedDate
from qa.dates import Anchor, find_dates, same_time

WED = "2019-11-06"


def anchor(day=WED, trust="high"):
    return Anchor(date.fromisoformat(day), "header", trust)


def read(text, day=WED):
    """Each expression with its time, "?" where it stays unsettled."""
    return [
        (text[found.start : found.end], found.period.iso if found.period else "?")
        for found in find_dates(text, anchor(day) if day else None)
    ]


@pytest.mark.parametrize(
    ("sentence", "day", "words", "when"),
    [
        # The day itself and its neighbours.
        ("It burned down yesterday.", WED, "yesterday", "2019-11-05"),
        ("It burned down yesterday evening.", WED, "yesterday evening", "2019-11-05"),
        ("The vote is today.", WED, "today", "2019-11-06"),
        ("They vote tomorrow.", WED, "tomorrow", "2019-11-07"),
        ("He fell ill last night.", WED, "last night", "2019-11-05"),
        ("She sings tonight.", WED, "tonight", "2019-11-06"),
        ("It rained this morning.", WED, "this morning", "2019-11-06"),
        ("It fell the day before yesterday.", WED, "the day before yesterday", "2019-11-04"),
        ("They leave the day after tomorrow.", WED, "the day after tomorrow", "2019-11-08"),
        ("It closed yesterday.", "2020-03-01", "yesterday", "2020-02-29"),
        ("It closed yesterday.", "2020-01-01", "yesterday", "2019-12-31"),
        # Weekdays, on the side that the verb points to.
        ("She resigned on Wednesday.", WED, "Wednesday", "2019-11-06"),
        ("She will resign on Wednesday.", WED, "Wednesday", "2019-11-06"),
        ("They crossed the river on Sunday.", WED, "Sunday", "2019-11-03"),
        ("They will cross the river on Sunday.", WED, "Sunday", "2019-11-10"),
        ("Two men died Thursday in a fire.", WED, "Thursday", "2019-10-31"),
        ("On Friday the council will vote.", WED, "Friday", "2019-11-08"),
        ("The hearing is on Friday.", WED, "Friday", "2019-11-08"),
        ("The exhibition opens on Saturday.", WED, "Saturday", "2019-11-09"),
        ("The fair is due to open on Saturday.", WED, "Saturday", "2019-11-09"),
        ("It broke out on Tuesday night.", WED, "Tuesday night", "2019-11-05"),
        ("It broke out early on tuesday.", WED, "tuesday", "2019-11-05"),
        ("It sank last Friday.", WED, "last Friday", "2019-11-01"),
        ("It sank last Wednesday.", WED, "last Wednesday", "2019-10-30"),
        ("They play next Monday.", WED, "next Monday", "2019-11-11"),
        ("They will play this Friday.", WED, "this Friday", "2019-11-08"),
        ("It closed this past Friday.", WED, "this past Friday", "2019-11-01"),
        ("It closed on Tuesday last week.", WED, "Tuesday last week", "2019-10-29"),
        ("It closed on Tuesday of last week.", WED, "Tuesday of last week", "2019-10-29"),
        ("It will close on Friday next week.", WED, "Friday next week", "2019-11-15"),
        ("She resigned on Tuesday.", "2020-01-01", "Tuesday", "2019-12-31"),
        ("She resigned on Saturday.", "2020-03-01", "Saturday", "2020-02-29"),
        # Weekends and weeks.
        ("It was over the weekend.", WED, "over the weekend", "2019-11-02/2019-11-03"),
        ("It was over the weekend.", "2019-11-10", "over the weekend", "2019-11-09/2019-11-10"),
        ("It will rain over the weekend.", WED, "over the weekend", "2019-11-09/2019-11-10"),
        ("They won last weekend.", WED, "last weekend", "2019-11-02/2019-11-03"),
        ("They won last weekend.", "2019-11-10", "last weekend", "2019-11-02/2019-11-03"),
        ("They will play this weekend.", WED, "this weekend", "2019-11-09/2019-11-10"),
        ("It shut last week.", WED, "last week", "2019-10-28/2019-11-03"),
        ("It shut earlier this week.", WED, "earlier this week", "2019-11-04/2019-11-10"),
        ("It opens next week.", WED, "next week", "2019-11-11/2019-11-17"),
        # Months.
        ("The book came out last July.", WED, "last July", "2019-07"),
        ("The book came out last November.", WED, "last November", "2018-11"),
        ("The book came out last December.", WED, "last December", "2018-12"),
        ("It comes out next March.", WED, "next March", "2020-03"),
        ("The book came out in July last year.", WED, "July last year", "2018-07"),
        ("It comes out in July next year.", WED, "July next year", "2020-07"),
        ("In May, the group claimed the attack.", WED, "May", "2019-05"),
        ("The bridge will open in May.", WED, "May", "2020-05"),
        ("It was closed in November.", WED, "November", "2019-11"),
        ("It was closed in December.", WED, "December", "2018-12"),
        ("It was closed in early March.", WED, "March", "2019-03"),
        ("It began earlier this month.", WED, "earlier this month", "2019-11"),
        ("It began last month.", WED, "last month", "2019-10"),
        ("It began last month.", "2020-01-15", "last month", "2019-12"),
        ("It begins next month.", "2019-12-31", "next month", "2020-01"),
        ("It ran from May to July.", WED, "May to July", "2019-05/2019-07"),
        ("From December to February.", "2020-03-10", "December to February", "2019-12/2020-02"),
        # Days without a year.
        ("He died on 12 March.", WED, "12 March", "2019-03-12"),
        ("He died on March 12.", WED, "March 12", "2019-03-12"),
        ("He died on the 12th of March.", WED, "12th of March", "2019-03-12"),
        ("He died on 30 December.", "2020-01-02", "30 December", "2019-12-30"),
        ("They will meet on 3 June.", WED, "3 June", "2020-06-03"),
        ("They met on 3 June last year.", WED, "3 June last year", "2018-06-03"),
        ("They met on Tuesday, November 5.", WED, "Tuesday, November 5", "2019-11-05"),
        ("It burned on 29 February.", WED, "29 February", "?"),
        ("It burned on 29 February.", "2020-04-01", "29 February", "2020-02-29"),
        ("It broke on the night of 5 November.", WED, "the night of 5 November", "2019-11-05"),
        ("It ran on 3-5 June and was loved.", WED, "3-5 June", "2019-06-03/2019-06-05"),
        # Seasons, quarters, years, decades.
        ("The bridge closes next spring.", WED, "next spring", "2020-03/2020-05"),
        ("He campaigned last fall.", "2019-06-18", "last fall", "2018-09/2018-11"),
        ("It was cold last winter.", WED, "last winter", "2018-12/2019-02"),
        ("It was cold last winter.", "2019-02-10", "last winter", "2017-12/2018-02"),
        ("It was hot this summer.", WED, "this summer", "2019-06/2019-08"),
        ("It shut in the summer of last year.", WED, "the summer of last year", "2018-06/2018-08"),
        ("It opens in the spring of next year.", WED, "the spring of next year", "2020-03/2020-05"),
        ("It fell last quarter.", WED, "last quarter", "2019-07/2019-09"),
        ("It fell last quarter.", "2020-02-01", "last quarter", "2019-10/2019-12"),
        ("It fell late last year.", WED, "late last year", "2018"),
        ("It falls next year.", WED, "next year", "2020"),
        ("It was built this decade.", WED, "this decade", "2010/2019"),
        # So long ago, so long from now: as wide as the unit is vague.
        ("He left three days ago.", WED, "three days ago", "2019-11-03"),
        ("He came roughly two weeks ago.", WED, "roughly two weeks ago", "2019-10-20/2019-10-26"),
        ("He came a fortnight ago.", WED, "a fortnight ago", "2019-10-20/2019-10-26"),
        ("He came about a month ago.", WED, "about a month ago", "2019-10"),
        ("He came two months ago.", "2020-01-31", "two months ago", "2019-11"),
        ("It shut six years ago.", WED, "six years ago", "2013"),
        ("It shut 20 years ago.", WED, "20 years ago", "1998/2000"),
        ("It shut twenty-one years ago.", WED, "twenty-one years ago", "1998"),
        ("It shut a decade ago.", WED, "a decade ago", "2007/2011"),
        ("It ends three days from now.", WED, "three days from now", "2019-11-09"),
        ("It ends in two months' time.", WED, "in two months' time", "2020-01"),
        ("It fell in the past two weeks.", WED, "the past two weeks", "2019-10-23/2019-11-06"),
        ("It fell over the last three years.", WED, "the last three years", "2016/2019"),
        ("It shut two years and a month ago.", WED, "two years and a month ago", "2017-10"),
        # Those that need no day to count from.
        ("It opened on 6 November 2019.", None, "6 November 2019", "2019-11-06"),
        ("It opened on Nov. 6, 2019.", None, "Nov. 6, 2019", "2019-11-06"),
        ("On Wednesday, November 6, 2019.", None, "Wednesday, November 6, 2019", "2019-11-06"),
        ("It opened on the 6th of November 2019.", None, "6th of November 2019", "2019-11-06"),
        ("It opened on 2019-11-06.", None, "2019-11-06", "2019-11-06"),
        ("It opened on 6.11.2019.", None, "6.11.2019", "2019-11-06"),
        ("It opened on 06/11/2019.", None, "06/11/2019", "?"),
        ("It opened on 31/12/2018.", None, "31/12/2018", "2018-12-31"),
        ("It opened on 29 February 2020.", None, "29 February 2020", "2020-02-29"),
        ("It opened on 29 February 2019.", None, "29 February 2019", "?"),
        ("It ran from 3 to 5 May 2019.", None, "3 to 5 May 2019", "2019-05-03/2019-05-05"),
        ("It ran May 3-5, 2019.", None, "May 3-5, 2019", "2019-05-03/2019-05-05"),
        ("And in July 2018, four left.", None, "July 2018", "2018-07"),
        ("It ran from May to July 2018.", None, "May to July 2018", "2018-05/2018-07"),
        ("In the third quarter of 2019.", None, "the third quarter of 2019", "2019-07/2019-09"),
        ("It fell in Q3 2018.", None, "Q3 2018", "2018-07/2018-09"),
        ("It shut in the summer of 2016.", None, "summer of 2016", "2016-06/2016-08"),
        ("It shut in the winter of 2018.", None, "winter of 2018", "2017-12/2019-02"),
        ("It shut in 2015.", None, "2015", "2015"),
        ("It was shut from 1990 to 1995.", None, "1990 to 1995", "1990/1995"),
        ("The war (1990–95) was long.", None, "1990–95", "1990/1995"),
        ("They fought in the 1990s.", None, "the 1990s", "1990/1999"),
        ("They fought in the early 1990s.", None, "the early 1990s", "1990/1999"),
        ("They fought in the ’80s.", None, "the ’80s", "1980/1989"),
        ("It was built in the 19th century.", None, "the 19th century", "1801/1900"),
    ],
)  # fmt: skip
def test_an_expression_is_found_and_settled(sentence, day, words, when):
    assert read(sentence, day) == [(words, when)]


@pytest.mark.parametrize(
    "text",
    [
        "She may march in the second row and sat in the sun with 2,500 men.",
        "May I march? A second later they may.",
        "Theresa May spoke. The book is by May Lindqvist. In May's view it was late.",
        "The March on Washington. A march in the sun. Mar and Jan sat down. Dec and Sept.",
        "They meet every Wednesday, on Wednesdays and on a Friday.",
        "He reads the Sunday Times. It was Black Friday. Sheffield Wednesday lost on that Sunday.",
        "In May of that year it rained. It snowed the following Wednesday.",
        "It was the last week of the war and his last year. The summer of love. A fall of snow.",
        "It cost $2015 and drew 1500 people. Of 2000 homes, in 2000 homes there was light.",
        "Room 2019 has 1990 seats. Call 555-2019. Version 1.2019. The 2019x model.",
        "He ran 1500 metres in 1500 seconds and weighed 30 kilos. (30 miles)",
        "The third century of his career, the second half of the match, a day's work.",
        "more than two weeks ago and at least a year ago",
        "",
    ],
)
def test_what_only_looks_like_a_date_is_none(text):
    assert read(text) == []


def test_every_expression_of_a_sentence_is_read_for_itself():
    text = "The mayor said on Tuesday that the bridge, shut in 2015, will open in May."
    assert read(text) == [("Tuesday", "2019-11-05"), ("2015", "2015"), ("May", "2020-05")]


def test_what_was_planned_may_not_have_come_to_pass():
    assert read("The vote was due on Thursday.") == [("Thursday", "?")]
    assert read("The vote was scheduled for May.") == [("May", "?")]


def test_a_month_without_a_tense_may_be_that_of_every_year():
    assert read("The rains come in February.") == [("February", "?")]


def test_an_expression_may_run_over_a_line_end_but_not_over_a_blank_line():
    assert read("killed on 6\nNovember 2019") == [("6\nNovember 2019", "2019-11-06")]
    assert read("Chapter 6\n\nNovember 2019 was wet") == [("November 2019", "2019-11")]


def test_without_a_day_to_count_from_relative_ones_stay_open_and_absolute_ones_do_not():
    text = "Last week, on Wednesday, in May and two weeks ago, but also in May 2018."
    assert {when for _, when in read(text, None)} == {"?", "2018-05"}
    assert all(found.counted_from is None for found in find_dates(text))


def test_what_is_settled_says_the_day_it_was_counted_from():
    text = "on Wednesday and in 2015"
    relative, absolute = find_dates(text, anchor(trust="low"))
    assert (relative.counted_from, relative.trust) == (anchor(trust="low"), "low")
    assert (absolute.counted_from, absolute.trust) == (None, "high")


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (PublishedDate("2019-11-06T10:42:15+00:00", "front matter", "high"), date(2019, 11, 6)),
        (PublishedDate("2019-11", "header", "high"), None),
        (None, None),
    ],
)
def test_an_article_is_counted_from_the_day_it_was_published(published, expected):
    counted = Anchor.of(published)
    assert (counted and counted.day) == expected


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_leave_expressions_open(day):
    text = "It was 300 years ago, last week, next year; it will be over the weekend and in May."
    assert all(isinstance(when, str) for _, when in read(text, day))


@given(st.text(alphabet=" \n.,09’'-tMayonWedsJul2019lastgokcu", max_size=60), st.dates())
def test_offsets_are_in_order_and_point_into_the_text(text, day):
    before = 0
    for found in find_dates(text, Anchor(day, "header", "high")):
        assert before <= found.start < found.end <= len(text)
        before = found.end


WORDS = st.sampled_from(
    "the a in on of at early late mid last this next past coming year years week weekend month "
    "quarter decade summer winter Friday May 3 3rd 2019 two ago later from now earlier half end "
    "night yesterday today same day".split()
)


@settings(max_examples=500)
@given(st.lists(WORDS, max_size=9).map(" ".join), st.dates(min_value=date(1900, 1, 1)))
def test_words_of_dates_in_any_order_are_read_without_an_error(text, day):
    assert all(text[f.start : f.end] for f in find_dates(text, Anchor(day, "header", "high")))


@given(
    before=st.text(alphabet=st.characters(exclude_categories=["L", "N", "Cs"]), max_size=30),
    day=st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 1, 1)),
)
def test_a_date_is_found_at_its_code_points_whatever_stands_before(before, day):
    words = f"{day.day} {day:%B} {day.year}"
    text = f"{before} 🜁 {words} 🜁"
    (found,) = find_dates(text)
    assert text[found.start : found.end] == words
    assert found.period.iso == day.isoformat()


@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 1, 1)), back=st.integers(0, 6))
def test_a_past_weekday_is_one_of_the_last_seven_days(day, back):
    meant = day - timedelta(days=back)
    (found,) = find_dates(f"It burned on {meant:%A}.", Anchor(day, "header", "high"))
    assert found.period.iso == meant.isoformat()


def only(text, day=WED, trust="high"):
    (found,) = find_dates(text, anchor(day, trust))
    return found


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (only("on 6 November 2019"), only("died on Wednesday"), True),
        (only("in July 2018"), only("in 2018"), True),
        (only("on 5 May 1994"), only("in the 1990s"), True),
        (only("on 6 November 2019"), only("on 7 November 2019"), False),
        (only("in 2018"), only("in 2019"), False),
        (only("on the night of 6 November 2019"), only("on 7 November 2019"), True),
        (only("died on Tuesday night"), only("died on Wednesday"), True),
        # Roughly two weeks ago it may have been four days to one side.
        (only("roughly two weeks ago"), only("on 19 October 2019"), None),
        (only("roughly two weeks ago"), only("on 5 May 2019"), False),
        (only("from 1990 to 1995"), only("from 1994 to 1998"), None),
        (only("It was due on Friday"), only("in 2019"), None),
    ],
)
def test_times_are_the_same_where_one_lies_within_the_other(a, b, same):
    assert same_time(a, b) is same
    assert same_time(b, a) is same


def test_a_day_counted_from_a_doubtful_one_makes_no_conflict():
    doubtful = only("killed on Wednesday", "2024-11-28", trust="low")
    assert doubtful.period.iso == "2024-11-27"
    assert same_time(doubtful, only("killed on Wednesday")) is None
    assert same_time(only("killed on Wednesday"), doubtful) is None


def test_dateparser_is_imported_only_where_nothing_else_will_do():
    script = """
import sys
from datetime import date
from qa.dates import Anchor, find_dates, warm_up
warm_up()
here = Anchor(date(2019, 11, 6), "header", "high")
find_dates("on Wednesday, last July, two weeks ago, in the 1990s, on 6 November 2019", here)
assert "dateparser" not in sys.modules
find_dates("a year and two months ago", here)
assert "dateparser" in sys.modules
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True)
