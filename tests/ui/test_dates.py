import pytest

from qa.types import SaidDate
from ui.dates import counted_from_words, period_words


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2019-11-06", "6 November 2019"),
        ("2019-07", "July 2019"),
        ("2019", "2019"),
        ("1990/1999", "1990 to 1999"),
        ("2019-06/2019-08", "June 2019 to August 2019"),
        ("2019-11-02/2019-11-03", "2 November 2019 to 3 November 2019"),
        ("2019-02-30", "2019-02-30"),
        ("<b>", "<b>"),
        ("", ""),
    ],
)
def test_a_time_is_written_out_as_precisely_as_it_is_known(iso, words):
    assert period_words(iso) == words


@pytest.mark.parametrize(
    ("trust", "words"),
    [
        ("high", "counted from 6 November 2019 (front matter)"),
        ("low", "counted from 6 November 2019 (date as shown on page)"),
    ],
)
def test_a_doubtful_day_is_only_what_the_page_shows(trust, words):
    said = SaidDate(0, 9, "Wednesday", "2019-11-06", "day", "2019-11-06", "front matter", trust)
    assert counted_from_words(said) == words
