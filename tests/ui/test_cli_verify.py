import dataclasses
import json
from pathlib import Path

import pytest

from index.embed import HashEncoder
from index.library import Library
from qa.alike import Piece
from qa.cite import record_of, records_json
from qa.embedded import html_block, markdown_block
from qa.verify import Verdict, judge
from ui.cli_verify import COLORED, diff_text, verdicts_text


@pytest.fixture
def answer(injured, hash_library, tmp_path):
    """What `ask --json` printed, of articles that are in the library."""
    (tmp_path / "answer.json").write_text(json.dumps(injured.to_json()))
    return injured


def replace_text(folder, report, old, new):
    assert old in report.text
    text = report.text.replace(old, new)
    with Library.open(folder) as library:
        library.add([dataclasses.replace(report, text=text)], HashEncoder())


def test_an_answer_that_stands_is_one_line_a_citation(footnote, answer):
    ran = footnote("verify", "answer.json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == (
        "[1] intact: Ferry fire in Port Averly leaves eleven injured: “eleven people”\n"
        "[2] intact: Averly ferry: toll revised: “12 people”\n"
        "2 citations: 2 intact\n"
    )


@pytest.mark.parametrize("wrap", [markdown_block, html_block, records_json])
def test_a_report_is_checked_by_what_is_embedded_in_it(wrap, footnote, answer):
    records = [record_of(citation) for citation in answer.citations]
    Path("report").write_text(f"{wrap(records)}\n")
    assert footnote("verify", "report").out.endswith("2 citations: 2 intact\n")


def test_standard_input_is_read(footnote, answer):
    ran = footnote("verify", "-", stdin=Path("answer.json").read_bytes())
    assert (ran.status, ran.out.splitlines()[-1]) == (0, "2 citations: 2 intact")
    refusal = footnote("verify", "-", stdin=b"").refusal
    assert refusal.startswith("footnote: standard input: holds no citation: give a report")


def test_what_moved_says_from_where_to_where(footnote, answer, hash_library, first_report):
    start = answer.citations[0].start
    replace_text(hash_library, first_report, "A fire on", "Breaking. A fire on")
    ran = footnote("verify", "answer.json")
    assert ran.status == 1
    title, id_ = first_report.title.value, first_report.id
    assert ran.out.splitlines() == [
        f"[1] moved: {title}: “eleven people”",
        "    the article has been edited; the quote stands elsewhere in it; the cited version is "
        f"kept as it was ('footnote show {id_}')",
        f"    characters {start} to {start + 13} then, {start + 10} to {start + 23} now of "
        f"{first_report.path}",
        "[2] intact: Averly ferry: toll revised: “12 people”",
        "2 citations: 1 intact, 1 moved",
    ]
    assert ran.err == "footnote: answer.json: 1 of 2 citations are not intact\n"


def test_what_changed_is_shown_with_marks(footnote, answer, hash_library, first_report):
    replace_text(hash_library, first_report, "eleven people", "twelve people")
    shown = "Lady Merriden left [-eleven-]{+twelve+} people injured early on Tuesday"
    assert shown in footnote("verify", "answer.json").out


def test_what_changed_is_shown_in_color_on_a_terminal(injured, first_report):
    text = first_report.text.replace("eleven people", "twelve people")
    changed = judge(record_of(injured.citations[0]), dataclasses.replace(first_report, text=text))
    shown = verdicts_text([changed], color=True)
    assert "left \x1b[31;9meleven\x1b[0m\x1b[32;1mtwelve\x1b[0m people" in shown


def test_what_is_gone_or_replaced_says_so(footnote, answer, hash_library, first_report):
    replace_text(hash_library, first_report, first_report.text, "Weather\n\nIt rained all week.")
    with Library.open(hash_library) as library:
        library.remove([answer.citations[1].article_id], purge=True)
    ran = footnote("verify", "answer.json")
    assert ran.status == 1
    assert "the article has another text now, and nothing like the cited sentence" in ran.out
    assert "[2] gone: Averly ferry: toll revised: “12 people”\n    no version of" in ran.out
    assert ran.out.endswith("2 citations: 1 replaced, 1 gone\n")


def test_the_json_has_each_verdict_and_the_counts(footnote, answer, hash_library, first_report):
    replace_text(hash_library, first_report, "eleven people", "twelve people")
    ran = footnote("verify", "answer.json", "--json")
    assert ran.status == 1
    written = json.loads(ran.out)
    assert written["file"] == "answer.json"
    assert written["counts"] == {"intact": 1, "moved": 0, "changed": 1, "replaced": 0, "gone": 0}
    first, second = written["citations"]
    assert (first["n"], first["status"], first["kept"]) == (1, "changed", first_report.id)
    assert {"kind": "removed", "text": "eleven"} in first["diff"]
    assert (second["n"], second["status"], second["diff"]) == (2, "intact", [])
    assert second["record"] == record_of(answer.citations[1]).to_json()


def test_the_library_is_named_or_that_of_the_environment(footnote, answer, monkeypatch):
    Path("library").rename("elsewhere")
    assert footnote("verify", "answer.json", "--library", "elsewhere").status == 0
    monkeypatch.setenv("FOOTNOTE_LIBRARY", "elsewhere")
    assert footnote("verify", "answer.json").status == 0


def test_the_original_files_do_without_a_library(footnote, tmp_path, monkeypatch):
    from index.ingest import read_file

    Path("files").mkdir()
    text = "Tea burns\n\nA fire destroyed 4,000 tonnes of tea on Monday, the wire said.\n"
    Path("files/tea.txt").write_text(text)
    article = read_file(Path("files/tea.txt")).articles[0]
    start, sentence = article.text.index("4,000"), article.text.index("A fire")
    record = {
        "article_id": article.id,
        "article_sha256": article.sha256,
        "path": article.path,
        "start": start,
        "end": start + 12,
        "quote": "4,000 tonnes",
        "sentence": {"start": sentence, "end": len(article.text)},
        "sentence_text": article.text[sentence:],
        "title": "Tea\x1b burns",
    }
    Path("one.json").write_text(json.dumps(record))
    monkeypatch.setenv("FOOTNOTE_LIBRARY", "nowhere")  # --files is in its place
    ran = footnote("verify", "one.json", "--files", "files")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "[1] intact: Tea burns: “4,000 tonnes”\n1 citation: 1 intact\n"
    Path("files/tea.txt").rename("files/burns.txt")
    Path("files/bad.txt").write_bytes(b"")
    ran = footnote("verify", "one.json", "--files", "files")
    assert ran.status == 0
    assert f"    the cited text stands in another file, {tmp_path}/files/burns.txt\n" in ran.out
    assert ran.err == f"refused: {tmp_path}/files/bad.txt: empty; there is nothing to add\n"


def test_long_quotes_are_shortened_and_control_characters_dropped(answer):
    record = record_of(answer.citations[0]).model_copy(
        update={"quote": "words\x1b[2J\n" * 20, "title": "A\x07 title"}
    )
    gone = Verdict(record, "gone", "no version is there")
    (line, explanation, _) = verdicts_text([gone]).splitlines()
    assert line == f"[1] gone: A title: “{'words[2J ' * 6}words…”"
    assert explanation == "    no version is there"


def test_a_diff_never_steers_the_terminal():
    diff = (Piece("removed", "a\x1b[2J"), Piece("added", "b\u202e"))
    assert diff_text(diff) == "[-a[2J-]{+b+}"
    assert diff_text(diff, color=True) == (
        COLORED["removed"].format("a[2J") + COLORED["added"].format("b")
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.json"], "footnote: none.json: No such file or directory: give a report that"),
        (["."], "footnote: .: Is a directory: give a report"),
        (["newer.json"], "newer.json, citation 1: is of form 99, and this Footnote reads up to 1"),
        (["empty.json"], "footnote: empty.json: holds no citation"),
        (["answer.json", "--library", "none"], "footnote: no library at none: add articles with"),
        (["answer.json", "--library", "empty"], "footnote: no library at empty: "),
        (["answer.json", "--library", "empty.json"], "empty.json is a file, not a library"),
        (["answer.json", "--files", "none"], "footnote: none: no such folder: give the folder of"),
        (["answer.json", "--files", "empty"], "empty: no articles in it; put txt, md, html"),
        (["answer.json", "--files", "empty.json"], "footnote: empty.json: is a file: give the"),
    ],
)
def test_bad_input_is_one_line(arguments, says, footnote, answer):
    newer = record_of(answer.citations[0]).to_json() | {"version": 99}
    Path("newer.json").write_text(json.dumps([newer]))
    Path("empty.json").write_text("[]")
    Path("empty").mkdir()
    assert says in footnote("verify", *arguments).refusal


def test_library_and_files_at_once_are_wrong_usage(footnote, answer):
    ran = footnote("verify", "answer.json", "--library", "library", "--files", ".")
    assert (ran.status, ran.out) == (2, "")
    assert "'--library' / '--files': give one of these two" in ran.err
