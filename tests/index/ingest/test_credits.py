import pytest

from index.ingest.credits import read_credit, without_credits
from index.ingest.paragraphs import Paragraph


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        (
            "Dilan Harker reported from Port Vell, and Mina Aduro from Castle-on-Row, Wales.",
            ("Dilan Harker", "Mina Aduro"),
        ),
        ("Jane Doe and John Roe reported from Kabul.", ("Jane Doe", "John Roe")),
        (
            "Jane Doe reported from Kabul, John Roe from Herat and Ann Poe from Farah.",
            ("Jane Doe", "John Roe", "Ann Poe"),
        ),
        (
            "Jane Doe reported from Rome; John Roe contributed reporting from Pisa.",
            ("Jane Doe", "John Roe"),
        ),
        ("Jane Doe contributed reporting.", ("Jane Doe",)),
        ("Jane Doe in London contributed to this report.", ("Jane Doe",)),
        ("Reuters contributed to this report.", ("Reuters",)),
        (
            "(Reporting by Jane Doe in Kabul; Writing by John Roe; Editing by Ann Poe)",
            ("Jane Doe", "John Roe"),
        ),
        ("Additional reporting by Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("With files from The Canadian Press", ("The Canadian Press",)),
        ("By Jane Doe", ("Jane Doe",)),
        ("Editing by Ann Poe", ()),
        ("Photographs by Ann Poe", ()),
    ],
)
def test_credit_lines_name_their_authors(line, authors):
    assert read_credit(line) == authors


@pytest.mark.parametrize(
    "line",
    [
        "The minister reported from Kabul that all was well.",
        "He reported from Kabul, and she from Herat.",
        "Jane Doe reported from Kabul for the first time in May.",
        "A Gazette reporter contributed to this story.",
        "John Smith contributed to the party.",
        "Jane Doe wrote the book in Rome and lost it.",
        "By Tuesday",
        "",
    ],
)
def test_prose_is_no_credit(line):
    assert read_credit(line) is None


def test_credits_are_cut_near_the_end_only():
    credit, prose = Paragraph("Jane Doe reported from Rome."), Paragraph("It rained.")
    assert without_credits([prose, credit, prose]) == ([prose, prose], ("Jane Doe",))
    early = [prose, credit] + [prose] * 20
    assert without_credits(early) == (early, ())


def test_an_article_is_never_all_credits():
    credit = Paragraph("Jane Doe reported from Rome.")
    assert without_credits([credit]) == ([credit], ())
    assert without_credits([]) == ([], ())
