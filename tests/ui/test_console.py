import json
import os
import pty
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from ui.console import is_terminal, print_json, progress_bar, safe, say, wants_color

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – “ünï” 中文 👩‍👧", "plain – “ünï” 中文 👩‍👧"),
        ("a\x1b[31mred\x1b[0m", "a[31mred[0m"),
        ("\x1b]0;title\x07x", "]0;titlex"),
        ("one\ntwo\tthree\r\u2028four", "one two three  four"),
        ("\x9b2Jc1", "2Jc1"),
        ("left\u202eright\u2066x", "leftrightx"),
        ("\x00\x08\x7f", ""),
        ("", ""),
    ],
)
def test_nothing_in_a_text_steers_the_terminal(text, shown):
    assert safe(text) == shown


def test_a_message_is_one_line_on_standard_error(capsys):
    say("refused: /tmp/a\nb\x1b[2J.txt: empty")
    assert capsys.readouterr() == ("", "refused: /tmp/a b[2J.txt: empty\n")


def test_json_is_written_in_characters(capsys):
    print_json({"é": "中"})
    assert capsys.readouterr().out == '{\n  "é": "中"\n}\n'


def test_json_is_one_line_where_lines_are_records(capsys):
    print_json({"a": "x\ny\u2028z"}, indent=None)
    assert capsys.readouterr().out == '{"a": "x\\ny\u2028z"}\n'


@pytest.mark.parametrize(
    ("encoding", "value"), [("ascii", "é"), ("cp1252", "中😀"), ("utf-8", "half \udce9")]
)
def test_json_stays_json_where_the_output_lacks_a_character(encoding, value, monkeypatch):
    written = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(written, encoding=encoding))
    print_json({"a": value})
    sys.stdout.flush()
    assert json.loads(written.getvalue()) == {"a": value}


def test_a_closed_stream_is_no_terminal():
    stream = TextIOWrapper(BytesIO())
    stream.close()
    assert not is_terminal(stream)
    assert not is_terminal(None)


def test_color_needs_a_terminal_whose_user_wants_it(monkeypatch):
    class Terminal(TextIOWrapper):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdout", Terminal(BytesIO()))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_color()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_color()
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_color()


def test_without_a_terminal_there_is_no_bar(capsys):
    with progress_bar("adding") as progress:
        progress(1, 2)
        progress(2, None)
    assert capsys.readouterr() == ("", "")


BAR = """
import sys, time
from ui.console import progress_bar, say
with progress_bar("adding", hidden=bool(sys.argv[1:])) as progress:
    sys.stdout.write('{"id": 1}\\n')
    say("refused: a.txt: empty")
    progress(3, 8)
    time.sleep(0.3)
"""


def on_a_terminal(*arguments: str) -> tuple[str, str]:
    """What the bar's script writes to its standard output, a pipe, and to its terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", BAR, *arguments]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    ran = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=theirs, cwd=ROOT, env=environment, check=True
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:  # how Linux says that the other end has closed
        pass
    os.close(ours)
    return ran.stdout.decode(), shown.decode()


def test_the_bar_counts_and_leaves_results_where_they_go():
    out, shown = on_a_terminal()
    assert out == '{"id": 1}\n'
    assert "refused: a.txt: empty" in shown
    assert "3/8" in shown


def test_a_hidden_bar_is_not_drawn():
    assert on_a_terminal("hidden") == ('{"id": 1}\n', "refused: a.txt: empty\r\n")
