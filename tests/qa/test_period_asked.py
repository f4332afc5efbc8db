from datetime import date

import pytest

from index.errors import FilterError
from index.types import Filters
from qa.period_asked import as_filters, hidden_after, question_anchor


def test_as_of_hides_later_articles_as_before_does():
    assert as_filters(as_of="2024-01-05") == Filters(before="2024-01-05")
    both = as_filters(sources=["A"], after="2023-01-01", before="2024-02-01", as_of="2024-01-05")
    assert both == Filters(("A",), "2023-01-01", "2024-01-05")
    assert hidden_after("2024-03-05", Filters(before="2024-02-01")).before == "2024-02-01"


def test_one_day_is_a_period():
    assert as_filters(after="2024-01-05", as_of="2024-01-05").after == "2024-01-05"


@pytest.mark.parametrize("day", ["2019-02-30", "soon", "", "2019", "06/11/2019"])
@pytest.mark.parametrize("name", ["after", "before", "as_of"])
def test_a_day_that_is_none_is_named_with_the_cure(name, day):
    with pytest.raises(
        FilterError, match=f"^{name.replace('_', ' ')}: '{day}' is not a day: write"
    ):
        as_filters(**{name: day})


@pytest.mark.parametrize("end", ["before", "as_of"])
def test_days_the_wrong_way_round_are_refused(end):
    with pytest.raises(FilterError) as refused:
        as_filters(after="2024-01-06", **{end: "2024-01-05"})
    assert str(refused.value) == (
        f"after 2024-01-06 and {end.replace('_', ' ')} 2024-01-05 leave no day between them: "
        "give an earlier day to start from, or a later one to end with"
    )


def test_a_question_is_asked_today_or_as_of_a_day():
    today = question_anchor(None, today=date(2024, 5, 2))
    assert (today.day, today.origin) == (date(2024, 5, 2), "today")
    then = question_anchor("2019-11-06", today=date(2024, 5, 2))
    assert (then.day, then.origin) == (date(2019, 11, 6), "as of")
