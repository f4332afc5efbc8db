"""Asking never imports torch, nor what would bring it."""

import os
import subprocess
import sys

import pytest

HEAVY = "torch transformers sentence_transformers"
COMMAND = f"""
import sys
from ui.cli import run
status = run(sys.argv[1:])
loaded = [name for name in {HEAVY.split()} if name in sys.modules]
sys.exit(f"imported {{loaded}}" if loaded else status)
"""
SERVE = f"""
import sys
from fastapi.testclient import TestClient
from qa import Assistant
from ui.server import build_app
library, reader, encoder = sys.argv[1:]
with Assistant.open(library, reader=reader, encoder=encoder) as assistant:
    client = TestClient(build_app(assistant), base_url="http://127.0.0.1")
    answered = client.post("/api/ask", json={{"question": "Who was hurt?"}})
    assert answered.json()["answered"], answered.text
    assert "Footnote" in client.get("/").text
loaded = [name for name in {HEAVY.split()} if name in sys.modules]
sys.exit(f"imported {{loaded}}" if loaded else 0)
"""


def in_a_process(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ,
    )


@pytest.mark.parametrize("command", ["ask", "batch", "chat"])
def test_a_command_answers_without_torch(command, tiny_library, tiny_models, tmp_path):
    question = "Who was hurt?"
    questions = tmp_path / "questions.txt"
    questions.write_text(question + "\n")
    argument = {"ask": [question], "batch": [questions], "chat": []}[command]
    options = ["--library", tiny_library, *tiny_models]
    done = in_a_process(COMMAND, command, *argument, *options, stdin=question + "\n")
    assert done.returncode == 0, done.stderr
    assert "[1]" in done.stdout or '"answered": true' in done.stdout


def test_the_page_answers_without_torch(tiny_library, tiny_reader, tiny_encoder):
    done = in_a_process(SERVE, tiny_library, tiny_reader, tiny_encoder)
    assert done.returncode == 0, done.stderr


def test_the_check_itself_notices_torch():
    done = in_a_process("import torch\n" + COMMAND, "--help")
    assert "imported ['torch']" in done.stderr
