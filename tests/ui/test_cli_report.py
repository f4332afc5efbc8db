import json
import re
from dataclasses import replace

import pytest

from index.embed import HashEncoder
from index.library import Library
from qa.assistant import Assistant
from qa.embedded_read import read_embedded
from qa.report import Report
from qa.report_answers import item_of
from qa.report_file import load_report, save_report


@pytest.fixture
def report(tmp_path, disputed, harbour_master):
    """A report with two items, where commands are run."""
    items = (item_of(disputed), item_of(harbour_master))
    save_report(Report(title="The ferry", items=items), tmp_path / "r.yaml")
    return tmp_path / "r.yaml"


def said(ran):
    """The one line on what was wrong."""
    return ran.refusal.removeprefix("footnote: ").removesuffix("\n")


def questions(file):
    return [item.question for item in load_report(file).items]


def test_a_report_is_begun_once(footnote, tmp_path):
    begun = footnote("report", "new", "r.yaml", "--title", "The ferry", "--style", "mla")
    assert (begun.status, begun.out, begun.err) == (0, "r.yaml: begun\n", "")
    assert load_report(tmp_path / "r.yaml") == Report(title="The ferry", style="mla")
    again = footnote("report", "new", "r.yaml", "--title", "Other")
    assert said(again) == "r.yaml: is already there: name another file, or add to it"
    assert said(footnote("report", "new", "s.yaml", "--title", "  ")).startswith("--title: is emp")
    wrong = footnote("report", "new", "s.yaml", "--title", "x", "--style", "none")
    assert (wrong.status, "Value error" in wrong.err) == (2, False)
    assert "'none' is not one of 'apa'" in wrong.err
    assert not (tmp_path / "s.yaml").exists()


def test_a_style_is_known_however_it_is_written(footnote, report, tmp_path):
    footnote("report", "new", "s.yaml", "--title", "x", "--style", "MLA")
    assert load_report(tmp_path / "s.yaml").style == "mla"
    assert footnote("cite", "r.yaml", "--style", "Chicago").status == 0


def test_answers_of_an_earlier_run_are_added_in_their_order(
    footnote, report, injured, harbour_master, tmp_path
):
    lines = "\n".join(json.dumps(each.to_json()) for each in (injured, harbour_master))
    (tmp_path / "answers.jsonl").write_text(lines)
    added = footnote("report", "add", "r.yaml", "--answer", "answers.jsonl")
    assert added.out == (
        f"3. {injured.question}\n   {injured.answer}\n"
        f"4. {harbour_master.question}\n   {harbour_master.answer}\n"
    )
    assert questions(report)[2:] == [injured.question, harbour_master.question]
    piped = footnote("report", "add", "r.yaml", "--answer", "-", stdin=lines.encode())
    assert (piped.status, len(questions(report))) == (0, 6)


def test_a_batch_with_lines_that_could_not_be_asked_is_added_without_them(
    footnote, report, tiny_library, tiny_models, tmp_path
):
    (tmp_path / "q.jsonl").write_text('{"question": 5}\n{bad\nWho is the harbour master?\n')
    batch = footnote("batch", "q.jsonl", *tiny_models)
    added = footnote("report", "add", "r.yaml", "--answer", "-", stdin=batch.out.encode())
    assert (added.status, questions(report)[2:]) == (0, ["Who is the harbour master?"])
    first, second = added.err.splitlines()
    assert first.startswith('passed over: standard input, answer 1: no "question" in it')
    assert second.startswith("passed over: standard input, answer 2: not JSON")


def test_a_question_is_asked_and_added(footnote, tiny_library, tiny_models, tmp_path):
    footnote("report", "new", "r.yaml", "--title", "The ferry")
    added = footnote("report", "add", "r.yaml", "Who is the harbour master?", *tiny_models)
    assert (added.status, added.err) == (0, "")
    (item,) = load_report(tmp_path / "r.yaml").items
    assert item.question == "Who is the harbour master?"
    assert added.out == f"1. {item.question}\n   {item.answer}\n"
    assert item.citations[0].quote == item.answer


def test_what_was_edited_while_a_question_is_asked_is_kept(
    footnote, report, tiny_library, tiny_models, monkeypatch
):
    asked = Assistant.ask

    def ask(*arguments, **options):
        save_report(load_report(report).noting(1, "Typed meanwhile."), report)
        return asked(*arguments, **options)

    monkeypatch.setattr(Assistant, "ask", ask)
    added = footnote("report", "add", "r.yaml", "Who is the harbour master?", *tiny_models)
    assert (added.status, added.err) == (0, "")
    assert [item.note for item in load_report(report).items] == ["Typed meanwhile.", "", ""]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.yaml", "--answer", "a.json"], "none.yaml: cannot be read"),
        (["r.yaml", "--answer", "none.json"], "none.json: cannot be read"),
        (["r.yaml", "--answer", "."], ".: cannot be read (Is a directory): give a file of answers"),
        (["r.yaml", "--answer", "r.yaml"], "r.yaml, line 1: is no JSON"),
        (["r.yaml", " "], "the question is empty"),
    ],
)
def test_what_cannot_be_added_is_named_and_the_report_stays(footnote, report, arguments, says):
    before = report.read_bytes()
    assert said(footnote("report", "add", *arguments)).startswith(says)
    assert report.read_bytes() == before


def test_nothing_to_add_is_wrong_usage(footnote, report):
    assert footnote("report", "add", "r.yaml").status == 2


def test_items_are_noted_moved_and_removed(footnote, report):
    first, second = questions(report)
    moved = footnote("report", "move", "r.yaml", "2", "1")
    assert (moved.status, questions(report)) == (0, [second, first])
    assert moved.out.index(second) < moved.out.index(first)
    footnote("report", "note", "r.yaml", "1", "Ask him.")
    noted = footnote("report", "note", "r.yaml", "0", "Before all.")
    assert "   Note: Before all.\n1. " in noted.out and "   Note: Ask him.\n" in noted.out
    assert load_report(report).items[0].note == "Ask him."
    assert footnote("report", "remove", "r.yaml", "1").status == 0
    assert questions(report) == [first]
    refused = footnote("report", "remove", "r.yaml", "7")
    assert said(refused) == "the report has no item 7: it has items 1 to 1"


def test_a_report_file_is_cited_and_checked_as_it_is(footnote, report, tmp_path):
    (tmp_path / "other.txt").write_text("The tram did not run on Sunday.")
    records = load_report(report).records
    cited = footnote("cite", "r.yaml", "--format", "json")
    assert json.loads(cited.out) == [record.to_json() for record in records]
    checked = footnote("verify", "r.yaml", "--files", ".")
    assert checked.out.endswith(f"{len(records)} citations: {len(records)} gone\n")


def test_a_report_is_shown_with_its_sources(footnote, report, disputed):
    shown = footnote("report", "show", "r.yaml").out
    title = disputed.citations[0].title
    assert shown.startswith(
        f"The ferry (apa)\n1. {disputed.question}\n   {disputed.answer}  [{title}"
    )
    assert "sources disagree]" in shown
    assert "no items yet" not in shown


@pytest.mark.parametrize("ending", [".md", ".html", ".docx", ".pdf"])
def test_a_report_is_exported_with_its_records(footnote, report, tmp_path, ending):
    out = f"out{ending}"
    exported = footnote("report", "export", "r.yaml", out, "--style", "ieee")
    assert (exported.status, exported.out) == (0, f"written to {out}\n")
    assert set(read_embedded(tmp_path / out)) == set(load_report(report).records)


@pytest.mark.parametrize("ending", [".md", ".html", ".docx", ".pdf"])
def test_an_exported_report_is_checked_years_later(
    footnote, report, hash_library, first_report, ending
):
    out = f"out{ending}"
    footnote("report", "export", "r.yaml", out)
    checked = footnote("verify", out)
    assert checked.status == 0, checked.out
    corrected = first_report.text.replace("Ilse Corbant", "Ilse Corbald")
    assert corrected != first_report.text
    with Library.open(hash_library) as library, library.adding():
        library.add([replace(first_report, text=corrected)], HashEncoder())
    again = footnote("verify", out)
    assert again.status == 1
    assert "[-Corbant-]{+Corbald+}" in again.out


@pytest.mark.parametrize("ending", [".yaml", ".md", ".docx"])
def test_a_name_that_no_disk_takes_is_refused_in_one_line(footnote, report, ending):
    long = "x" * 300 + ending
    if ending == ".yaml":
        refused = footnote("report", "new", long, "--title", "x")
    else:
        refused = footnote("report", "export", "r.yaml", long)
    assert "cannot be written (File name too long)" in said(refused)


def test_a_document_that_cannot_be_written_is_refused_in_one_line(footnote, report, tmp_path):
    assert "a name ending in .md, .html" in said(footnote("report", "export", "r.yaml", "o.txt"))
    assert "cannot be written" in said(footnote("report", "export", "r.yaml", "no/o.md"))
    (tmp_path / "newer.yaml").write_text("footnote_report: 9\ntitle: x\n")
    assert "is a report of form 9" in said(footnote("report", "export", "newer.yaml", "o.md"))
    assert not list(tmp_path.glob("o.*"))


@pytest.mark.parametrize("out", ["b.docx", "b.md", "b.yaml"])
def test_a_batch_becomes_a_briefing(footnote, tiny_library, tiny_models, tmp_path, out):
    (tmp_path / "questions.txt").write_text("Who is the harbour master?\n\nWhere did it begin?\n")
    ran = footnote("batch", "questions.txt", "--report", out, *tiny_models)
    assert (ran.status, ran.err) == (0, f"written to {out}\n")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [each["id"] for each in answers] == [1, 3]
    if out == "b.yaml":
        found = load_report(tmp_path / out)
        assert (found.title, [i.answer for i in found.items]) == (
            "questions",
            [each["answer"] for each in answers],
        )
    else:
        quotes = {record.quote for record in read_embedded(tmp_path / out)}
        assert {each["answer"] for each in answers} <= quotes


@pytest.mark.parametrize("out", ["b.txt", "no/b.docx", "there.yaml"])
def test_a_briefing_that_cannot_be_written_is_said_before_anything_is_asked(
    footnote, tmp_path, out
):
    (tmp_path / "there.yaml").write_text("mine")
    ran = footnote("batch", "-", "--report", out, "--library", "none", stdin=b"Who?")
    assert re.match(rf"{out}: (a report is exported|cannot be written|is already there)", said(ran))
    assert (tmp_path / "there.yaml").read_text() == "mine"
