import pytest

from index.ingest.bylines import read_byline


@pytest.mark.parametrize(
    ("line", "authors", "source", "date"),
    [
        ("By Jane Doe", ["Jane Doe"], None, None),
        ("By Jane Doe, The Harbour Gazette", ["Jane Doe"], "The Harbour Gazette", None),
        ("By Jane Doe, Coastal Pulse", ["Jane Doe"], "Coastal Pulse", None),
        ("By JANE DOE and JOHN ROE", ["JANE DOE", "JOHN ROE"], None, None),
        ("By Jane Doe, John Roe and Ann Poe", ["Jane Doe", "John Roe", "Ann Poe"], None, None),
        ("By Jane Doe, Staff Writer", ["Jane Doe"], None, None),
        ("By Jane Doe, Health Editor | Science Today", ["Jane Doe"], "Science Today", None),
        ("By Jane Doe in Kabul", ["Jane Doe"], None, None),
        ("By Jane Doe for The Echo", ["Jane Doe"], "The Echo", None),
        ("By Jane Doe/The Echo", ["Jane Doe"], "The Echo", None),
        ("By Jane Doe, 3 May 2024", ["Jane Doe"], None, "2024-05-03"),
        ("*By Jane Doe · 3 May 2024 · 5 min read*", ["Jane Doe"], None, "2024-05-03"),
        ("By Jane Doe | The Echo | May 3, 2024", ["Jane Doe"], "The Echo", "2024-05-03"),
        ("Posted by Jane Doe on 6 November 2019", ["Jane Doe"], None, "2019-11-06"),
        ("By Mohammad Nabi al-Gochli", ["Mohammad Nabi al-Gochli"], None, None),
        ("By AFP", ["AFP"], None, None),
        ("By Staff Reporter", [], None, None),
        ("AFP", [], "AFP", None),
        ("(Reuters)", [], "Reuters", None),
        ("The Harbour Gazette — 6 May 2024", [], "The Harbour Gazette", "2024-05-06"),
        ("6 May 2024 | The Harbour Gazette", [], "The Harbour Gazette", "2024-05-06"),
        ("The Harbour Gazette, 6 May 2024", [], "The Harbour Gazette", "2024-05-06"),
        ("Jane Doe | 6 May 2024", ["Jane Doe"], None, "2024-05-06"),
        ("Published: 3 May 2024 | Updated: 4 May 2024", [], None, "2024-05-03"),
    ],
)
def test_what_a_line_says_of_author_outlet_and_date(line, authors, source, date):
    read = read_byline(line)
    assert list(read.authors) == authors
    assert read.source == source
    assert (read.date.value if read.date else None) == date


@pytest.mark.parametrize(
    "line",
    [
        "By Tuesday the river had risen",
        "By Friday Morning",
        "By then, Everything Changed",
        "By the time Jane Doe left",
        "By Land and Sea",
        "By Hook or by Crook",
        "Bystanders ran",
        "Port | Passengers",
        "Harrow Point — a quiet place",
        "KABUL, 6 November 2019",
        "He joined AFP in 2019.",
        "",
    ],
)
def test_prose_is_no_byline(line):
    assert read_byline(line) is None


def test_a_bare_date_is_not_signed():
    assert not read_byline("3 May 2024").signed
    assert read_byline("By Jane Doe").signed
