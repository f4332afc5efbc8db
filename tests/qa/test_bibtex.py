import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import BibliographyData, parse_string
from pybtex.richtext import Text

from qa.bibtex import bibtex, escaped
from qa.cite import CitationRecord, read_records
from qa.names import Name
from qa.sources import sources_of

SOURCES = read_records((Path(__file__).parent / "citations" / "sources.json").read_bytes(), "here")


def record(**changes) -> CitationRecord:
    return CitationRecord.model_validate(SOURCES[6].to_json() | changes)


def read_back(*records: CitationRecord) -> BibliographyData:
    return parse_string(bibtex(records), "bibtex")


UNKNOWN_TO_PYBTEX = {
    r"\textbraceleft{}": ("\ue001", "{"),
    r"\textbraceright{}": ("\ue002", "}"),
    r"\textasciicircum{}": ("\ue003", "^"),
    r"\$": ("\ue004", "$"),
}


def decoded(latex: str) -> str:
    for command, (stand_in, _) in UNKNOWN_TO_PYBTEX.items():
        latex = latex.replace(command, stand_in)
    text = str(Text.from_latex(latex))
    for stand_in, character in UNKNOWN_TO_PYBTEX.values():
        text = text.replace(stand_in, character)
    return text


def names_of(entry) -> list[tuple[str, ...]]:
    """Each author's particle with family, given names, and suffix, as BibTeX takes them."""
    return [
        tuple(
            decoded(" ".join(words))
            for words in (
                [*person.prelast_names, *person.last_names],
                [*person.first_names, *person.middle_names],
                person.lineage_names,
            )
        )
        for person in entry.persons["author"]
    ]


def expected(name: Name) -> tuple[str, ...]:
    given = " ".join(part for part in (name.given, name.dropping) if part)
    family = " ".join(part for part in (name.particle, name.family) if part)
    return (name.literal or family, given, name.suffix)


def test_an_entry_has_what_is_known():
    entry = read_back(record(page=4)).entries["oswin2019ferry"]
    assert entry.type == "article"
    assert dict(entry.fields) == {
        "title": "{Ferry fire: eleven hurt}",
        "journal": "The Averly Courier",
        "year": "2019",
        "month": "November",
        "day": "6",
        "pages": "4",
        "url": "https://courier.example/ferry",
        "urldate": "2024-03-02",
        "annote": "“forty tonnes”",
    }


def test_a_doubtful_date_is_said_to_be_one():
    assert read_back(SOURCES[4]).entries["roe1998short"].fields["note"] == "Date as shown on page"


def test_what_is_missing_has_no_field():
    unknown = record(
        authors=[], source=None, url=None, published=None, published_trust=None, accessed=None
    )
    entry = read_back(unknown).entries["anonndferry"]
    assert (entry.type, set(entry.fields)) == ("misc", {"title", "annote"})


def test_every_invented_source_comes_back():
    data = read_back(*SOURCES)
    sources = sources_of(SOURCES)
    assert list(data.entries) == [source.key for source in sources]
    for source, entry in zip(sources, data.entries.values(), strict=True):
        assert decoded(entry.fields["title"]) == source.title
        if source.authors:
            assert names_of(entry) == [expected(name) for name in source.authors]


SHOWN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co"]), min_size=1, max_size=60)
NASTY = st.sampled_from(
    [
        "--",
        "---",
        "``",
        "''",
        "?`",
        "{",
        "}",
        "\\",
        "$x$",
        "%",
        "&",
        "#",
        "_",
        "~",
        "^",
        '"',
        "@key",
        " and ",
    ]
)
TEXT = st.lists(SHOWN | NASTY, min_size=1, max_size=5).map("".join)


@given(TEXT)
def test_any_title_comes_back(title):
    (source,) = sources_of([record(title=title)])
    (entry,) = read_back(record(title=title)).entries.values()
    assert decoded(entry.fields["title"]) == source.title


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_any_authors_come_back(authors):
    (source,) = sources_of([record(authors=authors)])
    (entry,) = read_back(record(authors=authors)).entries.values()
    assert names_of(entry) == [expected(name) for name in source.authors] if source.authors else []


@given(TEXT)
def test_any_address_keeps_the_entry_whole(url):
    data = read_back(record(url=url), SOURCES[0])
    assert len(data.entries) == 2


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50% & #1 for $3", r"50\% \& \#1 for \$3"),
        ("a_b {c} ~ ^", r"a\_b \textbraceleft{}c\textbraceright{} \textasciitilde{} "
         r"\textasciicircum{}"),
        ("---``?`", "-{}-{}-`{}`?{}`"),
        ("C:\\new", r"C:\textbackslash{}new"),
        ("Größe 大", "Größe 大"),
    ],
)  # fmt: skip
def test_what_latex_would_read_is_escaped(text, latex):
    assert escaped(text) == latex


def test_nothing_cited_is_nothing_written():
    assert bibtex([]) == ""
    assert json.dumps(sources_of([])) == "[]"
