"""The guide to the API says what is so: its examples run against a server."""

import json
import re
import shlex
import threading
from pathlib import Path

import httpx
import pytest

from ui.description import PROBLEMS, examples
from ui.desk import MAX_EACH
from ui.scripted import ScriptedAssistant
from ui.server import Server, build_app, listen

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
WRITTEN = "http://127.0.0.1:7860"

# Gradio's queue counts its events in ways that pandas is about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


@pytest.fixture
def address(harbour_master, first_report):
    """A server that knows the answer to the guide's question."""
    assistant = ScriptedAssistant(
        {"When was Saltgate Shed 9 built?": harbour_master},
        articles={first_report.id: first_report},
    )
    with listen("127.0.0.1", 0) as listener:
        server = Server(build_app(assistant, mcp=True))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=30)


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL)


def curls():
    joined = blocks("console")[0].replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.startswith("$ curl")]


@pytest.mark.parametrize("script", blocks("python"), ids=["gradio_client", "mcp"])
def test_a_script_runs_as_it_stands(address, script, capsys, elsewhere):
    assert WRITTEN in script
    elsewhere(exec, compile(script.replace(WRITTEN, address), "docs/api.md", "exec"), {})
    assert "Ilse Corbant" in capsys.readouterr().out


@pytest.mark.parametrize("line", curls())
def test_a_command_is_understood(address, line):
    written, *options = shlex.split(line)[2:]
    url = written.replace(WRITTEN, address)
    if "-d" not in options:
        found = httpx.get(url, timeout=30)
        assert found.status_code == (404 if url.endswith("/0a0e54") else 200)
        return
    body = json.loads(options[options.index("-d") + 1])
    assert httpx.post(url, json=body, timeout=30).status_code == 200


def test_every_route_and_status_is_in_the_guide():
    for path in ("/api/ask", "/api/search", "/api/articles", "/api/articles/{id}", "/api/me"):
        assert f"{path}`" in GUIDE
    assert {"ask", "search", "articles", "article", "me"} == set(examples())
    for status in PROBLEMS:
        assert re.search(rf"\b{status} where", GUIDE)
    assert f"{MAX_EACH} questions may wait at once" in GUIDE
