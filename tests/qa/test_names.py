import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from qa.names import Name, initials, parse_name


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Tam Oswin", Name("Oswin", "Tam")),
        ("Oswin, Tam", Name("Oswin", "Tam")),
        ("By Ben C. Brill", Name("Brill", "Ben C.")),
        ("  Tam\u00a0\n Oswin ", Name("Oswin", "Tam")),
        ("Hanneke de Vries", Name("Vries", "Hanneke", particle="de")),
        ("de Vries, Hanneke", Name("Vries", "Hanneke", particle="de")),
        ("Ursel von der Mark", Name("Mark", "Ursel", particle="von der")),
        ("Ludwig van Beethoven", Name("Beethoven", "Ludwig", dropping="van")),
        ("Beethoven, Ludwig van", Name("Beethoven", "Ludwig", dropping="van")),
        ("Rob De Nimo", Name("De Nimo", "Rob")),
        ("Ana de la Cruz Mota", Name("Cruz Mota", "Ana", particle="de la")),
        ("García Mota, Ana", Name("García Mota", "Ana")),
        ("Ann Roe III", Name("Roe", "Ann", suffix="III")),
        ("Dee Dunn, Jr.", Name("Dunn", "Dee", suffix="Jr.")),
        ("Dunn, Jr., Dee", Name("Dunn", "Dee", suffix="Jr.")),
        ("Dunn, Dee, Jr.", Name("Dunn", "Dee", suffix="Jr.")),
        ("Dr. Ann Roe, PhD", Name("Roe", "Ann")),
        ("Prof Ann Roe MD", Name("Roe", "Ann")),
        ("Md Rahim", Name("Rahim", "Md")),
        ("Bo Al Gorey", Name("Gorey", "Bo Al")),
        ("Иван Петрик", Name("Петрик", "Иван")),
        ("村上 春樹", Name("村上", "春樹", family_first=True)),
        ("김 민수", Name("김", "민수", family_first=True)),
        ("O’Neil, Una", Name("O’Neil", "Una")),
    ],
)
def test_persons_are_parted(written, parts):
    assert parse_name(written) == parts


@pytest.mark.parametrize(
    "written",
    [
        "AFP",
        "Reuters",
        "Northmark News Agency",
        "ANN ROE",
        "Staff Writer",
        "Ministry of Works",
        "Roe & Sons",
        "王小明",
        "طارق سالم",
        "Ann, Ben, Cy",
        "Channel 4",
        "Lorne",
        "“”",
    ],
)
def test_what_is_no_person_in_a_script_that_we_part_stays_whole(written):
    assert parse_name(written) == Name(literal=written)


def test_an_outlet_that_signs_its_own_article_is_no_person():
    assert parse_name("averly courier", outlet="Averly Courier") == Name(literal="averly courier")
    assert parse_name("Averly Courier", outlet="Northmark Wire") == Name("Courier", "Averly")


def test_each_form_of_a_name():
    name = parse_name("Dee A. van Dunn Jr.")
    assert name.whole == "Dee A. van Dunn Jr."
    assert name.inverted == "van Dunn, Dee A., Jr."
    assert name.inverted_initials == "van Dunn, D. A., Jr."
    assert name.surname == "van Dunn"


def test_a_particle_that_drops_stands_only_beside_the_given_names():
    name = parse_name("Ludwig van Beethoven")
    assert (name.surname, name.whole) == ("Beethoven", "Ludwig van Beethoven")
    assert (name.inverted, name.inverted_initials) == ("Beethoven, Ludwig van", "Beethoven, L. van")


def test_a_name_that_its_script_begins_with_the_family_is_never_turned():
    name = parse_name("村上 春樹")
    assert name.whole == name.inverted == name.inverted_initials == "村上 春樹"
    assert name.surname == "村上"


@pytest.mark.parametrize(
    ("given", "letters"),
    [
        ("Ann", "A."),
        ("Jean-Paul", "J.-P."),
        ("J.R.", "J. R."),
        ("J. R.", "J. R."),
        ("émile", "É."),
        ("", ""),
        ("-", ""),
    ],
)
def test_initials(given, letters):
    assert initials(given) == letters


WORDS = ["Ann", "Roe", "van", "de", "De", "Dr.", "PhD", "Jr.", "III", ",", "-", "村", "By", "."]


@given_any(st.lists(st.sampled_from(WORDS), max_size=6), st.sampled_from([" ", ""]))
def test_whatever_is_written_there_is_something_to_print(words, between):
    written = between.join(words)
    name = parse_name(written)
    shown = (name.whole, name.surname, name.inverted, name.inverted_initials, name.inverted_closed)
    assert all(shown) == bool(written)
