import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from ui.cli_serve import DEMO_QUESTIONS
from ui.server import listen

ROOT = Path(__file__).parents[2]


def started(arguments: list[str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_serve_prints_its_address_answers_and_ends_within_five_seconds(
    tiny_library, tiny_models, second_report
):
    with listen("127.0.0.1", None) as taken:
        serving = started(["serve", *tiny_models], tiny_library.parent)
        try:
            said = serving.stdout.readline()
            address = re.fullmatch(
                r"Footnote is at (http://127\.0\.0\.1:(\d+)/) \(Ctrl-C ends it\)\n", said
            )
            assert address, serving.stderr.read()
            assert int(address[2]) > taken.getsockname()[1]  # the next that is free
            assert "2 articles" in httpx.get(address[1], timeout=60).text
            asked = httpx.post(f"{address[1]}api/ask", json={"question": "Who?"}, timeout=60)
            assert asked.json()["answered"] is True
            before = time.monotonic()
            serving.send_signal(signal.SIGTERM)
            assert serving.wait(timeout=30) == 0
            assert time.monotonic() - before < 5
            assert (serving.stdout.read(), serving.stderr.read()) == ("", "")
        finally:
            serving.kill()
            serving.communicate()


def test_serve_says_where_its_tools_are(tiny_library, tiny_models):
    serving = started(["serve", "--mcp", "--port", "0", *tiny_models], tiny_library.parent)
    try:
        address = serving.stdout.readline().split()[3]
        assert serving.stdout.readline() == f"its tools are at {address}mcp (MCP over HTTP)\n"
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        accept = {"accept": "application/json, text/event-stream"}
        told = httpx.post(f"{address}mcp", json=body, headers=accept, timeout=60).json()
        names = [tool["name"] for tool in told["result"]["tools"]]
        assert names == ["ask", "search", "read_article"]
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(timeout=30) == 0
        assert serving.stderr.read() == ""
    finally:
        serving.kill()
        serving.communicate()


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_tools_without_their_package_are_refused_before_anything_is_loaded(
    footnote, monkeypatch, command
):
    monkeypatch.setitem(sys.modules, "mcp", None)
    refusal = footnote(command, "--mcp", "--port", "0").refusal
    assert refusal.startswith("footnote: --mcp needs the package mcp")


def test_a_taken_port_that_was_asked_for_is_one_line(footnote, tiny_library, tiny_models):
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        refusal = footnote("serve", "--port", port, *tiny_models).refusal
    assert refusal.startswith(f"footnote: cannot listen on 127.0.0.1, port {port}: Address already")
    assert refusal.endswith("; choose another with --port\n")


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_server_for_others_needs_passwords_before_anything_is_loaded(footnote, command):
    # There is no library here, which serve would say next.
    options = ["--host", "0.0.0.0", "--port", "0", "--encoder", "gone"]
    refusal = footnote(command, *options).refusal
    assert "0.0.0.0 can be reached by others: give --auth FILE" in refusal
    refusal = footnote(command, *options, "--auth", "nowhere").refusal
    assert "cannot read the password file" in refusal and "nowhere" in refusal


def test_serve_begins_a_library_where_there_is_none(tiny_models, tmp_path):
    serving = started(["serve", "--port", "0", *tiny_models], tmp_path)
    try:
        said = serving.stdout.readline()
        assert said == "library is a new library: add articles in the page's Library view\n"
        address = serving.stdout.readline().split()[3]
        assert "0 articles" in httpx.get(address, timeout=60).text
        asked = httpx.post(f"{address}api/ask", json={"question": "Who?"}, timeout=60).json()
        assert (asked["answered"], asked["reason"]) == (False, "nothing_near")
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(timeout=30) == 0
        assert serving.stderr.read() == ""
    finally:
        serving.kill()
        serving.communicate()


def test_serve_refuses_a_folder_that_holds_something_else(footnote, tmp_path):
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "notes.txt").write_text("mine")
    said = "footnote: no library at library: add articles with 'footnote add PATH'\n"
    assert footnote("serve").refusal == said


@pytest.fixture(scope="module")
def gold() -> dict[str, list[str]]:
    """The right answers to the sample questions."""
    samples = json.loads((ROOT / "eval" / "data" / "sample_questions.json").read_text())
    return {
        asked["question"]: [answer["text"] for answer in asked["answers"]]
        for page in samples["data"]
        for paragraph in page["paragraphs"]
        for asked in paragraph["qas"]
    }


def test_demo_once_answers_three_questions_with_what_is_shipped(footnote, gold, tmp_path):
    ran = footnote("demo", "--once")
    assert (ran.status, ran.err) == (0, "")
    added, *turns = ran.out.split("\n\n? ")
    assert re.fullmatch(r"\d+ sample articles added \(all of them invented\)", added)
    assert [turn.partition("\n")[0] for turn in turns] == list(DEMO_QUESTIONS)
    for question, turn in zip(DEMO_QUESTIONS, turns, strict=True):
        answer = turn.split("\n")[1].partition(" [1]")[0].casefold()
        assert any(answer in right.casefold() for right in gold[question])
        assert "\n[1] " in turn
    assert list(tmp_path.iterdir()) == []  # its library was temporary
