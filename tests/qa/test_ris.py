from pathlib import Path

import rispy
from hypothesis import given
from hypothesis import strategies as st

from qa.cite import CitationRecord, read_records
from qa.names import Name
from qa.ris import ris
from qa.sources import sources_of

SOURCES = read_records((Path(__file__).parent / "citations" / "sources.json").read_bytes(), "here")


def record(**changes) -> CitationRecord:
    return CitationRecord.model_validate(SOURCES[6].to_json() | changes)


def test_a_record_has_what_is_known():
    assert ris([record(page=4)]) == (
        "TY  - NEWS\n"
        "ID  - oswin2019ferry\n"
        "AU  - Oswin, Tam\n"
        "TI  - Ferry fire: eleven hurt\n"
        "T2  - The Averly Courier\n"
        "PY  - 2019\n"
        "DA  - 2019/11/06/\n"
        "Y2  - 2024/03/02/\n"
        "SP  - 4\n"
        "UR  - https://courier.example/ferry\n"
        "N1  - “forty tonnes”\n"
        "ER  - \n"
    )


def test_every_invented_source_comes_back():
    found = rispy.loads(ris(SOURCES))
    sources = sources_of(SOURCES)
    assert [each["id"] for each in found] == [source.key for source in sources]
    assert [each["title"] for each in found] == [source.title for source in sources]
    assert [";".join(each.get("urls", [])) for each in found] == [s.url or "" for s in sources]


def test_a_doubtful_date_is_said_to_be_one():
    (found,) = rispy.loads(ris([SOURCES[4]]))
    assert (found["date"], found["notes"][0]) == ("1998///", "Date as shown on page")


TEXT = st.lists(
    st.text(max_size=40) | st.sampled_from(["\nER  - \n", "\nTY  - JOUR\n", "\rAU  - x", "\u2028"]),
    min_size=1,
    max_size=4,
).map("".join)


def expected(name: Name) -> str:
    return f"{name.family}, {name.given}" if name.family_first else name.inverted


@given(TEXT, st.lists(TEXT, max_size=3))
def test_any_title_and_any_authors_come_back(title, authors):
    valid = [text.encode("utf-8", "replace").decode() for text in (title, *authors)]
    changed = record(title=valid[0], authors=valid[1:])
    (source,) = sources_of([changed])
    (found,) = rispy.loads(ris([changed]))
    assert found["title"] == source.title
    assert found.get("authors", []) == [expected(name) for name in source.authors]


def test_nothing_cited_is_nothing_written():
    assert ris([]) == ""
