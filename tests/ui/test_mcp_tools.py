"""The tools as a client of the `mcp` package reaches them, over a real connection."""

import asyncio
import json
import sys
import threading

import httpx2
import pytest
from fastapi.testclient import TestClient
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from qa.found import Passages
from ui.auth import password_line
from ui.listing import whole_json
from ui.mcp_tools import McpMissing, require_mcp
from ui.scripted import ScriptedAssistant
from ui.server import Server, build_app, listen

BASE = "http://127.0.0.1:7860"
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
ACCEPT = {"accept": "application/json, text/event-stream"}


@pytest.fixture
def assistant(injured, first_report):
    return ScriptedAssistant({injured.question: injured}, articles={first_report.id: first_report})


@pytest.fixture
def address(assistant, tmp_path):
    """Of the tools of a server that wants a password."""
    (tmp_path / "users").write_text(password_line("ada", "secret"))
    with listen("127.0.0.1", 0) as listener:
        server = Server(build_app(assistant, auth_file=tmp_path / "users", mcp=True))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture
def told(address, elsewhere):
    """What `talk` gets to know from a client that has the password."""

    def telling(talk, *, mode="auto"):
        async def talking():
            async with httpx2.AsyncClient(auth=("ada", "secret")) as http:
                transport = streamable_http_client(address, http_client=http)
                async with Client(transport, mode=mode) as client:
                    return await talk(client)

        return elsewhere(asyncio.run, talking())

    return telling


@pytest.fixture
def local(assistant):
    with TestClient(build_app(assistant, mcp=True), base_url=BASE, headers=ACCEPT) as opened:
        yield opened


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_exactly_three_tools_are_offered(told, mode):
    tools = told(lambda client: client.list_tools(), mode=mode).tools
    assert [tool.name for tool in tools] == ["ask", "search", "read_article"]
    assert tools[0].description.startswith("Answer a question in the articles' own words")
    assert tools[0].input_schema["required"] == ["question"]
    assert tools[1].input_schema["properties"]["top_k"]["type"] == "integer"
    assert all(tool.annotations.read_only_hint for tool in tools)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_each_tool_gives_what_the_api_gives(told, mode, assistant, injured, first_report):
    async def all_three(client):
        return [
            (await client.call_tool(name, arguments)).structured_content
            for name, arguments in (
                ("ask", {"question": injured.question, "top_k": 5}),
                ("search", {"question": "unwritten"}),
                ("read_article", {"article_id": first_report.id[:6]}),
            )
        ]

    expected = [
        injured.to_json(),
        Passages().to_json(),
        whole_json(first_report, assistant.record(first_report.id)),
    ]
    assert told(all_three, mode=mode) == json.loads(json.dumps(expected))
    assert assistant.options == [(5, None)]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("ask", {"question": "x"}, "no answer was written for this question: 'x'"),
        ("search", {"question": "x", "top_k": 1000}, "top_k: Input should be less than or equal"),
        ("read_article", {"article_id": "zzz"}, "no article 'zzz' in the library"),
    ],
)
def test_what_cannot_be_answered_is_an_error_in_one_line(told, name, arguments, said):
    result = told(lambda client: client.call_tool(name, arguments))
    assert result.is_error
    assert said in result.content[0].text
    assert "\n" not in result.content[0].text


def test_an_assistant_without_the_password_gets_nothing(address):
    with httpx2.Client() as http:
        assert http.post(address, json=LIST, headers=ACCEPT).status_code == 401


def test_other_names_and_other_sites_are_turned_away(local):
    assert local.post("/mcp", json=LIST).status_code == 200
    for headers, status in (
        ({"host": "evil.example"}, 421),
        ({"origin": "https://evil.example"}, 403),
    ):
        assert local.post("/mcp", json=LIST, headers=headers).status_code == status


def test_nothing_is_there_where_it_was_not_asked_for(assistant):
    with TestClient(build_app(assistant), base_url=BASE, headers=ACCEPT) as opened:
        assert opened.post("/mcp", json=LIST).status_code in (404, 405)
        assert opened.get("/mcp").status_code == 404


def test_a_missing_package_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(McpMissing, match=r"^--mcp needs .* pip install 'footnote-qa\[mcp\]'$"):
        require_mcp()
