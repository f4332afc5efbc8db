import json
from typing import get_args

import pytest

from qa.cite import record_of
from qa.embedded import markdown_block
from qa.formats import FORMATS
from qa.styles import STYLES
from ui.cli_cite import FormatName, StyleName

REFERENCE = "Oswin, T., & Lorne, B. (2019, November 6). Ferry fire in Port Averly leaves eleven "


@pytest.fixture
def asked(tmp_path, injured):
    """What `footnote ask --json` printed."""
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(injured.to_json(), indent=2))
    return file


def test_the_names_offered_are_those_that_there_are():
    assert get_args(StyleName) == STYLES
    assert get_args(FormatName) == FORMATS


def test_an_answer_is_cited_in_apa_as_text(asked, footnote):
    shown = footnote("cite", asked)
    assert (shown.status, shown.err) == (0, "")
    first, second = shown.out.splitlines()
    assert first == "Averly ferry: toll revised. (2019, November 8 [date as shown on page]). " + (
        "Northmark Wire."
    )
    assert second.startswith(REFERENCE)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("form", FORMATS)
def test_every_form_in_every_style(asked, style, form, footnote):
    shown = footnote("cite", asked, "--style", style, "--format", form)
    assert (shown.status, shown.err) == (0, "")
    assert "averly" in shown.out.casefold()


def test_standard_input_and_several_files_each_citation_once(asked, disputed, footnote):
    both = json.dumps(disputed.to_json()).encode()
    shown = footnote("cite", asked, "-", asked, "--format", "json", stdin=both)
    assert [each["quote"] for each in json.loads(shown.out)] == ["eleven people", "12 people"]


def test_lines_of_a_batch_are_cited_and_unanswered_ones_passed_over(
    injured, disputed, owner, footnote
):
    lines = [{"id": n} | a.to_json() for n, a in enumerate((owner, injured, disputed))]
    batch = "\n".join(map(json.dumps, lines)).encode() + b"\n"
    shown = footnote("cite", "-", "--format", "markdown", stdin=batch)
    assert shown.status == 0
    assert [line[:6] for line in shown.out.splitlines()] == ["[^1]: ", "[^2]: "]


def test_a_report_is_cited_by_what_is_embedded_in_it(tmp_path, injured, asked, footnote):
    records = [record_of(citation) for citation in injured.citations]
    report = f"# Ferry\n\nEleven people were hurt.\n\n{markdown_block(records)}"
    (tmp_path / "briefing.md").write_text(report)
    assert footnote("cite", "briefing.md").out == footnote("cite", asked).out


def test_items_that_stand_elsewhere_are_cited_too(hurt_of, footnote):
    shown = footnote("cite", "-", "--format", "json", stdin=json.dumps(hurt_of.to_json()).encode())
    assert [each["quote"] for each in json.loads(shown.out)] == ["eleven people", "12 people"]


def test_an_unanswered_question_has_nothing_to_cite(owner, footnote):
    shown = footnote("cite", "-", stdin=json.dumps(owner.to_json()).encode())
    assert (shown.status, shown.out) == (1, "")
    assert shown.err == (
        "footnote: standard input: no question in it was answered, so there is nothing to cite\n"
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "bad.json: holds no citation: give "),
        (b"{", "bad.json: is no JSON"),
        (b"\xff\xfe\xff", "bad.json: holds no citation: give "),
        (b"[" * 100_000, "bad.json: is no JSON"),
        (b"42", "bad.json: holds no citation: give "),
        (b"[42]", "bad.json: is no answer and no citation record"),
        (b'{"citations": [{"article_id": "a"}]}', "bad.json, citation 1: article_sha256"),
    ],
)
def test_what_is_no_answer_is_named_in_one_line(tmp_path, content, says, footnote):
    (tmp_path / "bad.json").write_bytes(content)
    shown = footnote("cite", "bad.json")
    assert (shown.status, shown.out) == (1, "")
    assert shown.err.startswith(f"footnote: {says}")
    assert shown.err.count("\n") == 1


def test_a_file_that_cannot_be_read_is_named(tmp_path, footnote):
    refused = footnote("cite", "none.json").refusal
    assert refused.startswith("footnote: none.json: No such file or directory: give ")
    assert ": Is a directory: give " in footnote("cite", tmp_path).refusal


@pytest.mark.parametrize(("option", "names"), [("--style", STYLES), ("--format", FORMATS)])
def test_a_name_that_there_is_not_lists_those_that_there_are(asked, option, names, footnote):
    shown = footnote("cite", asked, option, "vogue")
    assert (shown.status, shown.out) == (2, "")
    assert all(name in shown.err for name in names)


def test_a_file_takes_what_would_be_printed(asked, tmp_path, footnote):
    printed = footnote("cite", asked, "--format", "ris").out
    shown = footnote("cite", asked, "--format", "ris", "--out", "refs.ris")
    assert (shown.status, shown.out) == (0, "2 citations written to refs.ris\n")
    assert (tmp_path / "refs.ris").read_text() == printed


def test_a_place_that_cannot_be_written_is_named(asked, footnote):
    shown = footnote("cite", asked, "--out", "none/refs.ris")
    assert (shown.status, shown.out) == (1, "")
    assert shown.err == (
        "footnote: none/refs.ris: cannot be written (No such file or directory): "
        "name another place\n"
    )
