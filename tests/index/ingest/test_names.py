import pytest

from index.ingest.names import is_agency, is_outlet, is_person, people


@pytest.mark.parametrize(
    "name",
    ["Jane Doe", "Thomas Gibbons-Neff", "Ahmad bin Fahim", "Æsa Þórsdóttir", "J. R. Hale",
     "Liam O’Neill", "Ludwig van der Berg", "Martin King Jr.", "李 小龙"],
)  # fmt: skip
def test_full_names_are_people(name):
    assert is_person(name)


@pytest.mark.parametrize(
    "text",
    ["Jane", "the mayor", "Friday Morning", "Jane Doe said", "Staff Writer", "Jane 2", "Jane Doe.",
     "A Man Of Many Small Words", "", "City Council"],
)  # fmt: skip
def test_other_words_are_no_people(text):
    assert not is_person(text)


def test_lists_of_names_are_people_only_when_all_are():
    assert people("A. Doe, John Roe and Ann Poe") == ("A. Doe", "John Roe", "Ann Poe")
    assert people("Dr. Jane Doe & John Roe") == ("Jane Doe", "John Roe")
    assert people("Jane Doe and others") == ()


def test_outlets_are_known_by_their_words():
    assert is_outlet("The Harbour Gazette")
    assert is_outlet("gazette.example")
    assert is_outlet("AFP")
    assert not is_outlet("The mayor read the Gazette")
    assert not is_outlet("Jane Doe")
    assert not is_outlet("News Editor")


def test_agencies_are_known_by_name():
    assert is_agency("(AFP)")
    assert is_agency("Associated Press")
    assert not is_agency("Agency")
