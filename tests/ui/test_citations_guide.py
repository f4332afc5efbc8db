"""The guide to citations says what is so: its examples run, and print what it shows."""

import json
import re
import shlex
from pathlib import Path

import pytest

from qa.cite import CitationRecord
from qa.formats import FORMATS
from qa.report import Report
from qa.report_answers import item_of
from qa.report_export import export_report
from qa.styles import STYLES

GUIDE = (Path(__file__).parents[2] / "docs" / "citations.md").read_text()


@pytest.fixture
def tea(footnote):
    """The record that the guide shows, where its commands look for it."""
    (shown,) = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    Path("tea.json").write_text(shown)
    return json.loads(shown)


def test_the_record_shown_is_a_record_with_every_field(tea):
    assert CitationRecord.model_validate(tea).to_json() == tea
    assert set(tea) == {*CitationRecord.model_fields, "fragment_url"}


def commands() -> list[tuple[str, str]]:
    blocks = re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
    pairs = [part.partition("\n") for block in blocks for part in block.split("$ footnote ")[1:]]
    return [(command, printed) for command, _, printed in pairs]


@pytest.mark.parametrize(("command", "printed"), commands())
def test_a_command_prints_what_is_shown(command, printed, tea, footnote):
    shown = footnote(*shlex.split(command))
    assert (shown.status, shown.out, shown.err) == (0, printed, "")


def test_the_python_example_runs(tea, capsys):
    example, checking = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    exec(example, {})
    assert "verify_in_library" in checking
    note, reference, *entry = capsys.readouterr().out.splitlines()
    assert f"print(plain(formatted.notes[0]))  # {note}\n" in example
    assert "<em>The Marlhaven Wire</em>" in reference
    assert "\n".join(entry) in GUIDE


@pytest.mark.parametrize("name", [*STYLES, *FORMATS])
def test_every_style_and_format_has_its_line(name):
    assert f"\n| `{name}` | " in GUIDE


def test_every_style_has_its_example():
    shown = " ".join(command for command, _ in commands())
    assert [style for style in STYLES[1:] if f"--style {style}" not in shown] == []


def test_the_example_of_checking_runs(hash_library, tmp_path, footnote, harbour_master, capsys):
    checking = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)[1]
    report = Report(title="The ferry", items=(item_of(harbour_master),))
    (tmp_path / "clippings").mkdir()
    (tmp_path / "clippings" / "other.txt").write_text("The council met on Monday.")
    export_report(report, tmp_path / "briefing.docx")
    exec(checking, {})
    assert capsys.readouterr().out.startswith("intact it stands as it was cited Range(")
