import pytest

from qa.units import Unit, currency_before, unit_after


@pytest.mark.parametrize(
    ("text", "unit", "taken"),
    [
        (" miles away", Unit("length", 1609.344), " miles"),
        (" per cent of it", Unit("share", 0.01), " per cent"),
        ("% of it", Unit("share", 0.01), "%"),
        ("-minute wait", Unit("time", 60.0), "-minute"),
        (" square miles", Unit("area", 2_589_988.0), " square miles"),
        (" pounds", Unit("GBP"), " pounds"),
        (" degrees Fahrenheit", Unit("celsius", 5 / 9, -32.0), " degrees Fahrenheit"),
    ],
)
def test_the_unit_behind_a_number_is_read(text, unit, taken):
    assert unit_after(text) == (unit, len(taken))


@pytest.mark.parametrize("text", [" people", "", " milestones", " am", ", days later", " m"])
def test_other_words_are_no_unit(text):
    assert unit_after(text) is None


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("for $", "USD"),
        ("for US$", "USD"),
        ("A$", "AUD"),
        ("cost £", "GBP"),
        ("€ ", "EUR"),
        ("EUR ", "EUR"),
    ],
)
def test_the_sign_before_a_number_is_a_currency(text, money):
    found = currency_before(text)
    assert found is not None and found[0] == Unit(money)


def test_without_a_sign_there_is_no_currency():
    assert currency_before("for ") is None


def test_a_part_is_one_of_the_unit_and_whole_ones_are_at_a_rate():
    assert unit_after(" of an hour", part=True) == (Unit("time", 3600.0), len(" of an hour"))
    assert unit_after(" an hour") is None
