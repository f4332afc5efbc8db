import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.types import FileRead, Refused
from index.ingest.wire import Garbled, from_line, to_line
from index.types import Article, PublishedDate, Sourced

sourced = st.builds(Sourced, st.text(), st.text())
articles = st.builds(
    Article,
    text=st.text(),
    title=sourced,
    path=st.text(),
    file_sha256=st.text(),
    source=st.none() | sourced,
    authors=st.lists(sourced, max_size=3).map(tuple),
    url=st.none() | sourced,
    published=st.none()
    | st.builds(PublishedDate, st.text(), st.text(), st.sampled_from(["high", "low"])),
    body_start=st.integers(0, 99),
    page_starts=st.lists(st.integers(0, 99), max_size=3).map(tuple),
    language=st.text(),
)
results = st.builds(
    FileRead,
    st.text(),
    st.lists(articles, max_size=3).map(tuple),
    st.lists(st.builds(Refused, st.text(), st.text()), max_size=3).map(tuple),
    st.lists(st.text(), max_size=3).map(tuple),
)


@given(results)
def test_what_goes_in_comes_out(result):
    line = to_line(result)
    assert from_line(line) == result
    assert line.count(b"\n") == 1 and line.endswith(b"\n")


@given(st.binary())
def test_anything_else_is_garbled(line):
    with pytest.raises(Garbled):
        from_line(line)


GOOD = json.loads(to_line(FileRead("p", (Article("t", Sourced("a", "b"), "p", "0"),))))


@pytest.mark.parametrize(
    ("field", "value"),
    [("text", 5), ("title", None), ("title", "x"), ("authors", "Jane"), ("body_start", -1),
     ("body_start", "0"), ("page_starts", [None]), ("published", [])],
)  # fmt: skip
def test_a_field_of_another_type_is_garbled(field, value):
    broken = {**GOOD, "articles": [{**GOOD["articles"][0], field: value}]}
    with pytest.raises(Garbled):
        from_line(json.dumps(broken).encode())


def test_trust_is_low_unless_it_says_high():
    published = {"value": "2024-05-03", "origin": "x", "trust": "very high"}
    line = {**GOOD, "articles": [{**GOOD["articles"][0], "published": published}]}
    assert from_line(json.dumps(line).encode()).articles[0].published.trust == "low"
