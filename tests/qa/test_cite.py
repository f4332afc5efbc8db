import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa
from index.embed import HashEncoder
from index.library import Library
from index.search import Searcher
from index.types import Article, PublishedDate, Sourced
from qa.assistant import Assistant
from qa.cite import (
    VERSION,
    CitationRecord,
    Stretch,
    read_records,
    record_of,
    records_json,
    schema,
    text_fragment,
    web_annotation,
)
from qa.confidence import FEATURES, Calibration, EvidenceWeights
from qa.errors import CitationError
from qa.reader import ScriptedReader

TEXT = (
    "Tea burns\n\nA fire destroyed 4,000 tonnes of tea, the wire said — 18 million pounds’ worth."
)
SURE = Calibration(30.0, (0.0,) * len(FEATURES), 0.5, 0.0, 0.0, EvidenceWeights(1.0, 0.0, 0.0))


def record(**changes):
    start = TEXT.index("4,000")
    known = CitationRecord(
        article_id="ab12",
        article_sha256="0" * 64,
        path="/news/tea.txt",
        start=start,
        end=start + 12,
        quote="4,000 tonnes",
        prefix=TEXT[max(0, start - 32) : start],
        suffix=TEXT[start + 12 : start + 44],
        sentence=Stretch(start=11, end=len(TEXT)),
        sentence_text=TEXT[11:],
        title="Tea burns",
        source="The Marlhaven Wire",
        url="https://wire.example/tea",
    )
    return known.model_copy(update=changes)


@pytest.fixture
def answer(tmp_path):
    article = Article(
        TEXT,
        Sourced("Tea burns", "html meta"),
        "/news/tea.txt",
        "ab" * 32,
        authors=(Sourced("Ann Roe", "byline"),),
        published=PublishedDate("2019-11-06", "header", "low"),
        body_start=11,
    )
    with Library.open(tmp_path / "library", create=True) as library:
        library.add([article], HashEncoder())
        searcher = Searcher.open(library, HashEncoder())
        reader = ScriptedReader({"4,000 tonnes": 9.0})
        yield Assistant(library, searcher, reader, SURE).ask("How much tea burned?")


def test_a_record_stands_alone(answer):
    (citation,) = answer.citations
    found = record_of(citation)
    assert TEXT[found.start : found.end] == found.quote == "4,000 tonnes"
    assert TEXT[found.sentence.start : found.sentence.end] == found.sentence_text
    assert (found.file_sha256, found.accessed) == ("ab" * 32, date.today().isoformat())
    assert (found.published, found.published_trust) == ("2019-11-06", "low")
    assert found.authors == ("Ann Roe",)


def test_records_are_read_from_answers_lists_and_themselves(answer):
    expected = [record_of(answer.citations[0])]
    written = json.dumps(answer.to_json())
    assert read_records(written, "answer.json") == expected
    assert read_records(f"[{written}, {written}]", "answers.json") == expected
    assert read_records(records_json(expected), "list.json") == expected
    assert read_records(json.dumps(expected[0].to_json()), "one.json") == expected


def test_what_contradicts_the_answer_comes_after_it():
    other = record(article_id="cd34", source="The Ledger")
    claims = [{"citations": [record().to_json()]}, {"citations": [other.to_json()]}]
    written = {"citations": [record().to_json()], "agreement": {"claims": claims}}
    assert read_records(json.dumps(written), "answer.json") == [record(), other]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", r"a\.json: is no JSON .*: give what 'footnote ask --json' printed"),
        ("{}", r"a\.json: is no answer and no citation record"),
        ("[3]", r"a\.json: is no answer"),
        ("[]", r"a\.json: holds no citation"),
        ('{"citations": [], "answer": ""}', r"a\.json: holds no citation"),
        ('{"citations": 3}', r"a\.json: holds no citation"),
        ('{"citations": [{"article_id": "a"}]}', r"a\.json, citation 1: article_sha256: Field re"),
        ('{"citations": [3]}', r"a\.json, citation 1: "),
        ("[" * 100_000, r"a\.json: is no JSON .maximum recursion"),
    ],
)
def test_what_is_no_citation_is_named(content, says):
    with pytest.raises(CitationError, match=says):
        read_records(content, "a.json")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("end", 3, "the quote has 12 characters"),
        ("sentence", {"start": 0, "end": 9}, "does not lie in the sentence"),
        ("article_sha256", "xyz", "article_sha256"),
        ("version", VERSION + 1, rf"form {VERSION + 1}, and this Footnote reads up to {VERSION}"),
        ("version", VERSION + 1.0, "update it with 'pip install -U footnote-qa'"),
        ("version", "new", "version"),
        ("title", "\ud83d", "holds half a character"),
        ("quote", "", "quote"),
    ],
)
def test_a_damaged_or_newer_record_is_named(field, value, says):
    written = json.dumps([record().to_json(), record().to_json() | {field: value}])
    with pytest.raises(CitationError, match=rf"a\.json, citation 2: .*{says}"):
        read_records(written, "a.json")


def test_a_text_fragment_has_the_quote_between_its_neighbours():
    assert text_fragment(record()) == (
        "https://wire.example/tea#:~:text=A%20fire%20destroyed-,4%2C000%20tonnes,-of%20tea%2C%20the"
    )


def test_a_written_record_says_the_address_that_leads_to_the_words():
    assert record().to_json()["fragment_url"] == text_fragment(record())
    assert set(record().to_json()) == set(schema()["properties"])


def test_a_long_quote_is_given_by_its_ends():
    quote = "one two three " + "and on " * 20 + "last but one"
    long = record(quote=quote, end=record().start + len(quote), prefix="", suffix="")
    fragment = text_fragment(long)
    assert fragment.endswith("#:~:text=one%20two%20three,last%20but%20one")
    lines = record(quote="one two\nthree four", prefix="", suffix="")
    assert text_fragment(lines).endswith("#:~:text=one%20two,three%20four")


def test_an_address_keeps_its_own_fragment_and_loses_an_older_directive():
    there = record(url="https://wire.example/tea#top:~:text=old", prefix="", suffix="")
    assert text_fragment(there) == "https://wire.example/tea#top:~:text=4%2C000%20tonnes"


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "file:///etc/passwd"])
def test_only_what_browsers_open_gets_a_fragment(url):
    assert text_fragment(record(url=url)) is None


@given(st.text(min_size=1), st.text(max_size=32), st.text(max_size=32))
def test_a_fragment_is_plain_ascii_without_loose_marks(quote, prefix, suffix):
    fragment = text_fragment(record(quote=quote, prefix=prefix, suffix=suffix))
    directive = fragment.partition("#:~:text=")[2]
    assert directive.isascii() and not set(directive) & set(" &#<>\"'")


def test_an_annotation_has_both_selectors():
    annotation = web_annotation(record(), created="2026-01-02T03:04:05Z")
    assert annotation["@context"] == "http://www.w3.org/ns/anno.jsonld"
    quote, position = annotation["target"]["selector"]
    assert quote["prefix"] + quote["exact"] + quote["suffix"] in TEXT
    assert TEXT[position["start"] : position["end"]] == quote["exact"]
    nowhere = web_annotation(record(url=None))
    assert nowhere["target"]["source"] == f"urn:sha256:{'0' * 64}"
    assert "created" not in nowhere


def test_the_schema_in_the_docs_is_that_of_the_code():
    written = Path(qa.__file__).parent.parent / "docs" / "citation.schema.json"
    assert json.loads(written.read_text()) == schema()


def test_values_one_after_another_are_read_in_order():
    first, second = record(), record(article_id="cd34")
    lines = "\ufeff" + "\n\n".join(json.dumps(each.to_json()) for each in (first, second, first))
    assert read_records(lines, "a.jsonl") == [first, second]
    indented = json.dumps(first.to_json(), indent=2) + json.dumps([second.to_json()], indent=2)
    assert read_records(indented.encode("utf-16"), "a.json") == [first, second]


def test_the_line_that_is_damaged_is_named():
    with pytest.raises(CitationError, match=r"a\.jsonl: is no JSON .*line 2 column"):
        read_records(f"{json.dumps(record().to_json())}\n{{", "a.jsonl")


def test_what_was_not_answered_is_said_to_be_that():
    none = '{"answered": false, "citations": []}'
    for content in (none, f"{none}\n{none}", f"[{none}]"):
        with pytest.raises(CitationError, match=r"^a: no question in it was answered, so there is"):
            read_records(content, "a")
