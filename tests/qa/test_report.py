import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.cite import CitationRecord, Stretch
from qa.errors import CitationError, ReportError
from qa.report import Cited, Report, ReportItem, Stated
from qa.report_answers import read_items
from qa.report_file import load_report, save_report


def record(name="wire", quote="nine", **changes):
    text = f"It was {quote}, said {name}."
    known = {
        "article_id": name,
        "article_sha256": "0" * 64,
        "path": f"/news/{name}.txt",
        "start": 7,
        "end": 7 + len(quote),
        "quote": quote,
        "sentence": Stretch(start=0, end=len(text)),
        "sentence_text": text,
        "title": f"What {name} said",
        "published": "2019-11-06",
    }
    return CitationRecord(**(known | changes))


LINES = st.lists(st.text('ab :#-|>\t\x85\u2028 "%', max_size=6), max_size=5).map("\n".join)


def item(question="How many?", *records, **changes):
    records = records or (record(),)
    known = {"question": question, "answer": "nine", "cited": (1,), "citations": records}
    return ReportItem(**(known | changes))


def answer(**changes):
    wire, ledger = record("wire").to_json(), record("ledger", "eleven").to_json()
    known = {
        "question": "How many?",
        "answered": True,
        "answer": "nine",
        "confidence": 0.8,
        "citations": [wire],
        "agreement": {
            "status": "conflict",
            "claims": [
                {"value": "nine", "articles": 1, "citations": [wire]},
                {"value": "eleven", "articles": 2, "citations": [ledger]},
            ],
        },
        "items": [{"answer": "nine", "citations": [wire]}],
    }
    return known | changes


REPORT = Report(title="Fire", items=(item("First?"), item("Second?"), item("Third?")))


def questions(report):
    return [each.question for each in report.items]


def test_an_answer_becomes_an_item_with_each_citation_once():
    (found,) = read_items(json.dumps(answer()), "a.json")
    assert found.citations == (record("wire"), record("ledger", "eleven"))
    assert (found.answer, found.cited, found.confidence) == ("nine", (1,), 0.8)
    assert found.claims == (
        Stated(words="nine", cited=(1,), articles=1),
        Stated(words="eleven", cited=(2,), articles=2),
    )
    assert found.parts == (Cited(words="nine", cited=(1,)),)
    assert found.status == "conflict"


def test_a_question_without_an_answer_is_an_item_too():
    unanswered = answer(answered=False, answer="", citations=[], agreement={}, items=[])
    (found,) = read_items(json.dumps(unanswered), "a.json")
    assert found == ReportItem(question="How many?")


def test_lines_of_answers_are_items_in_their_order():
    lines = "\n\n".join(json.dumps(answer(question=q)) for q in ("One?", "Two?"))
    assert [each.question for each in read_items(lines.encode(), "a.jsonl")] == ["One?", "Two?"]


def test_only_line_breaks_part_the_lines_of_answers():
    asked = [answer(question=f"What\u2028is\x85{n}?") for n in (1, 2)]
    lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in asked)
    assert [each.question for each in read_items(lines, "a.jsonl")] == [
        "What\u2028is\x851?",
        "What\u2028is\x852?",
    ]


def test_what_a_batch_could_not_ask_is_passed_over_and_told():
    unasked = answer(question="", answer="", citations=[], error="the question is empty")
    told = []
    lines = "\n".join(map(json.dumps, [answer(), unasked, answer(question="Who?")]))
    found = read_items(lines, "a.jsonl", on_unasked=told.append)
    assert [each.question for each in found] == ["How many?", "Who?"]
    assert told == ["a.jsonl, answer 2: the question is empty"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", r"a\.json: is empty"),
        ("[]", r"a\.json, answer 1: is no answer"),
        ("nonsense", r"a\.json, line 1: is no JSON"),
        ('{"question": "Q?", "citations": []}\n{', r"a\.json, line 2: is no JSON"),
        (json.dumps(answer(citations=[])), r"answer 1: .*an answer without a citation"),
        (json.dumps(answer(agreement={"claims": [{}]})), r"answer 1: is no whole answer"),
        (json.dumps(answer(question=3)), r"answer 1: question: "),
        (json.dumps(answer(agreement=3)), r"answer 1: is no whole answer"),
    ],
)
def test_what_is_no_answer_is_named(content, says):
    with pytest.raises(ReportError, match=says):
        read_items(content, "a.json")


def test_a_damaged_citation_is_named():
    broken = answer(citations=[record().to_json() | {"end": 3}])
    with pytest.raises(CitationError, match=r"a\.json, answer 1, citation 1: the quote has 4"):
        read_items(json.dumps(broken), "a.json")


def test_items_are_moved_noted_and_removed_by_their_number():
    assert questions(REPORT.moving(1, 3)) == ["Second?", "Third?", "First?"]
    assert questions(REPORT.moving(3, 1)) == ["Third?", "First?", "Second?"]
    assert REPORT.moving(2, 2) == REPORT
    assert questions(REPORT.removing(2)) == ["First?", "Third?"]
    noted = REPORT.noting(2, "Ask again.").noting(None, "Before all.")
    assert (noted.note, noted.items[1].note) == ("Before all.", "Ask again.")
    assert noted.noting(2, "").noting(None, "") == REPORT
    assert questions(REPORT.adding(item("Fourth?"))) == [*questions(REPORT), "Fourth?"]


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_number_that_no_item_has_is_named(number):
    for change in (REPORT.removing, lambda n: REPORT.moving(1, n), lambda n: REPORT.noting(n, "x")):
        with pytest.raises(ReportError, match=rf"no item {number}: it has items 1 to 3"):
            change(number)
    with pytest.raises(ReportError, match="no items yet"):
        Report(title="Fire").removing(1)


def test_records_are_named_once_in_the_order_of_the_items():
    wire, ledger = record("wire"), record("ledger")
    report = Report(title="Fire", items=(item("A?", ledger), item("B?", wire, ledger)))
    assert report.records == (ledger, wire)


def test_a_saved_report_is_read_again_and_pleasant_to_read(tmp_path):
    file = tmp_path / "fire.yaml"
    report = REPORT.noting(1, "Two lines:\nthe second.").noting(None, "no")
    save_report(report, file)
    assert load_report(file) == report
    written = file.read_text()
    assert written.startswith("# A report by Footnote.")
    assert "footnote_report: 1\ntitle: Fire\n" in written
    assert "version: 1" in written  # of each citation's form


@given(st.text(min_size=1).filter(str.strip), st.text() | LINES, st.text(min_size=1))
def test_any_text_is_read_as_it_was_written(tmp_path_factory, title, note, quote):
    file = tmp_path_factory.mktemp("report") / "r.yaml"
    report = Report(title=title, items=(item(title, record(quote=quote), answer=quote, note=note),))
    save_report(report, file)
    assert load_report(file) == report


def test_days_typed_by_hand_stay_as_they_are_written(tmp_path):
    file = tmp_path / "fire.yaml"
    save_report(REPORT, file)
    by_hand = file.read_text().replace("'2019-11-06'", "2019-11-06")
    assert "published: 2019-11-06" in by_hand
    file.write_text(by_hand)
    assert load_report(file) == REPORT


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is no report: make one"),
        ("just words", "is no report: make one"),
        ("title: x", "is no report: make one"),
        ("footnote_report: 2\ntitle: x\n", "form 2, and this Footnote reads up to 1: update it"),
        ("footnote_report: 1\n", "title: Field required: mend it there"),
        ("footnote_report: 1\ntitle: ' '\n", "title: is empty"),
        ("footnote_report: 1\ntitle: x\ntitel: y\n", "titel: Extra inputs are not permitted"),
        ("footnote_report: 1\ntitle: [x\n", "damaged in line 3"),
        ("footnote_report: 1\ntitle: A: b\n", "line 2 .text with a colon in it stands in q"),
        ("footnote_report: 1\ntitle: x\nnote: y\nnote: z\n", "in line 4 .'note' stands there tw"),
        ("footnote_report: 1\ntitle: x\n? [a]\n: b\n", "is damaged in line 3"),
        ("footnote_report: 1\ntitle: 5\n", "title: is no text: put it in quotes"),
        ("footnote_report: 1\ntitle: x\nitems: [{question: 1911}]\n", "item 1, question: is no te"),
        ("footnote_report: 1\ntitle: &a x\nnote: *a\n", "is damaged"),
        ("a: !!python/object/apply:os.system ['x']\n", "is damaged in line 1"),
        ("footnote_report: 1\ntitle: x\nitems: [{question: q, cited: [1]}]\n", "citation 1 is na"),
    ],
)
def test_what_is_no_report_is_named(tmp_path, content, says):
    file = tmp_path / "r.yaml"
    file.write_text(content)
    with pytest.raises(ReportError, match=rf"r\.yaml: .*{says}"):
        load_report(file)


def test_what_was_wiped_by_hand_is_empty(tmp_path):
    file = tmp_path / "r.yaml"
    file.write_text("footnote_report: 1\ntitle: x\nnote:\nitems:\n- question: q\n  note:\n")
    assert load_report(file) == Report(title="x", items=(ReportItem(question="q"),))
    file.write_text("footnote_report: 1\ntitle: x\nitems:\n")
    assert load_report(file) == Report(title="x")


def test_a_file_that_cannot_be_read_or_is_no_text_is_named(tmp_path):
    with pytest.raises(ReportError, match=r"none\.yaml: cannot be read \(No such file"):
        load_report(tmp_path / "none.yaml")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(ReportError, match=r"b\.yaml: cannot be read \(it is no text\)"):
        load_report(tmp_path / "b.yaml")


def test_a_new_report_goes_over_no_file(tmp_path):
    file = tmp_path / "r.yaml"
    save_report(REPORT, file, new=True)
    with pytest.raises(ReportError, match="is already there"):
        save_report(Report(title="Other"), file, new=True)
    assert load_report(file) == REPORT


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / "r.yaml").mkdir()
    with pytest.raises(ReportError, match=r"r\.yaml: cannot be written"):
        save_report(REPORT, tmp_path / "r.yaml")
    with pytest.raises(ReportError, match="cannot be written"):
        save_report(REPORT, tmp_path / "nowhere" / "r.yaml")
    assert os.listdir(tmp_path) == ["r.yaml"]


def test_a_saved_report_keeps_the_permissions_of_the_file(tmp_path):
    file = tmp_path / "r.yaml"
    save_report(REPORT, file)
    file.chmod(0o600)
    save_report(REPORT.removing(1), file)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "changed",
    [
        {"answer": "ten"},
        {"answer": "Nine"},
        {"claims": (Stated(words="eleven", cited=(1,)),)},
        {"parts": (Cited(words="nine men", cited=(1,)),)},
        {"parts": (Cited(words="nine"),)},
    ],
)
def test_words_that_no_citation_quotes_are_not_an_articles(changed):
    with pytest.raises(ValueError, match="is not what the citations quote"):
        item(**changed)
