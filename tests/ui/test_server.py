import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from index.types import Filters
from qa.conversation import MAX_TURNS, Turn
from ui.auth import AuthError, password_line
from ui.scripted import ScriptedAssistant
from ui.server import DEFAULT_PORT, ServeError, build_app, listen

JSON = {"content-type": "application/json"}
BASE = "http://127.0.0.1:7860"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def assistant(injured, harbour_master, owner, first_report):
    answers = {each.question: each for each in (injured, harbour_master, owner)}
    return ScriptedAssistant(answers, articles={first_report.id: first_report})


@pytest.fixture
def client(assistant):
    with TestClient(build_app(assistant), base_url=BASE) as opened:
        yield opened


def test_the_page_is_ours_and_names_no_other_host(client):
    page = client.get("/")
    assert page.status_code == 200
    assert 'class="fn-header"' in page.text
    nonce = page.headers["content-security-policy"].partition("'nonce-")[2].partition("'")[0]
    assert page.text.count("<script") == page.text.count(f'nonce="{nonce}"')
    assert "https://" not in page.text.replace("https://www.w3.org", "")


def test_its_own_files_are_served_and_their_address_follows_their_content(client):
    page = client.get("/").text
    for name in ("style.css", "page.js"):
        address = page.partition(f"/footnote/{name}")[2].partition('"')[0]
        assert address.startswith("?v=")
        assert client.get(f"/footnote/{name}{address}").status_code == 200
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"


def test_files_without_a_version_are_asked_for_again_and_not_sent_again(client):
    icon = client.get("/footnote/icon.svg")
    assert icon.headers["cache-control"] == "no-cache"
    again = client.get("/footnote/icon.svg", headers={"if-none-match": icon.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_script_may_ask_for_json(client, injured, owner):
    answered = client.post("/api/ask", json={"question": injured.question})
    assert answered.status_code == 200
    assert answered.json() == json.loads(json.dumps(injured.to_json()))
    unanswered = client.post("/api/ask", json={"question": owner.question})
    assert unanswered.status_code == 200
    assert unanswered.json()["answered"] is False


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"question": 7}', b'{"q": "x"}', b'"\\ud800"'],
)
def test_a_malformed_request_is_the_callers_fault(client, body):
    headers = {"content-type": "application/json"}
    refused = client.post("/api/ask", content=body, headers=headers)
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("malformed request; POST /api/ask takes JSON")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"as_of": "2019-02-30"}, "as of: '2019-02-30' is not a day: write it as YYYY-MM-DD"),
        ({"after": "soon"}, "after: 'soon' is not a day"),
        ({"after": "2019-11-07", "before": "2019-11-06"}, "leave no day between them"),
        ({"after": "2019-11-07", "as_of": "2019-11-06"}, "leave no day between them"),
    ],
)
def test_days_that_mean_nothing_are_refused_in_one_line(client, assistant, days, said):
    refused = client.post("/api/ask", json={"question": "Who?", **days})
    assert refused.status_code == 400
    assert said in refused.json()["error"]
    assert assistant.asked == []


def test_half_a_surrogate_pair_in_a_question_harms_nothing(client, assistant):
    body = b'{"question": "Who\\ud800"}'
    headers = {"content-type": "application/json"}
    assert client.post("/api/ask", content=body, headers=headers).status_code == 400
    assert assistant.asked == ["Who?"]


def test_a_question_that_cannot_be_asked_is_one_line(client):
    refused = client.post("/api/ask", json={"question": "unwritten"})
    assert refused.status_code == 400
    assert refused.json() == {"error": "no answer was written for this question: 'unwritten'"}


def test_a_script_may_filter_as_the_command_line_does(client, assistant, injured):
    body = {
        "question": injured.question,
        "sources": ["Northmark Wire", "\ud800"],
        "authors": ["Tam Oswin"],
        "after": "2019-11-01",
        "before": "2019-11-30",
        "as_of": "2019-11-08",
    }
    headers = {"content-type": "application/json"}
    answered = client.post("/api/ask", content=json.dumps(body), headers=headers)
    assert answered.status_code == 200
    assert assistant.filters == [
        Filters(("Northmark Wire", "?"), "2019-11-01", "2019-11-08", ("Tam Oswin",))
    ]


def test_another_sites_page_may_not_ask(client, injured):
    for headers in ({"origin": "https://evil.example"}, {"host": "evil.example"}):
        refused = client.post("/api/ask", json={"question": injured.question}, headers=headers)
        assert refused.status_code in (403, 421)


def test_a_whole_article_can_be_read_with_its_citation_marked(client, injured, first_report):
    cited = injured.citations[0]
    page = client.get(f"/article/{cited.article_id}?start={cited.start}&end={cited.end}")
    assert page.status_code == 200
    assert '<mark id="cited">eleven people</mark>' in page.text


def test_a_missing_article_is_said_calmly(client):
    page = client.get("/article/%3Cscript%3E")
    assert page.status_code == 404
    assert "no article &#39;&lt;script&gt;&#39; in the library" in page.text


def test_nonsense_in_an_article_address_is_refused(client, first_report):
    assert client.get(f"/article/{first_report.id}?start=x").status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/gradio_api/upload",
        "/monitoring",
        "/monitoring/summary",
        "/gradio_api/runs",
    ],
)
def test_nothing_else_is_offered(client, path):
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_an_error_inside_tells_the_caller_nothing(injured):
    class Broken(ScriptedAssistant):
        def ask(self, question, **filters):
            raise ZeroDivisionError("/secret/path")

    app = build_app(Broken({}))
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as opened:
        response = opened.post("/api/ask", json={"question": "Who?"})
    assert response.status_code == 500
    assert response.text == "Internal Server Error"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_a_server_for_others_needs_passwords(assistant, tmp_path):
    with pytest.raises(AuthError, match=r"^0\.0\.0\.0 can be reached by others: give --auth"):
        build_app(assistant, host="0.0.0.0")
    with pytest.raises(AuthError, match="cannot read the password file"):
        build_app(assistant, host="0.0.0.0", auth_file=tmp_path / "none")


def test_passwords_protect_every_route(assistant, tmp_path, injured):
    (tmp_path / "users").write_text(password_line("ada", "secret"))
    app = build_app(assistant, host="0.0.0.0", auth_file=tmp_path / "users")
    with TestClient(app, base_url="http://192.168.1.5:7860") as opened:
        for path in ("/", "/footnote/page.js", "/theme.css", "/article/x"):
            assert opened.get(path).status_code == 401
        body = {"question": injured.question}
        refused = opened.post("/api/ask", json=body)
        assert refused.status_code == 401
        assert refused.json() == {"error": "A name and password are needed."}
        assert opened.post("/api/ask", json=body, auth=("ada", "secret")).status_code == 200
        assert opened.get("/", auth=("ada", "secret")).status_code == 200


def test_each_may_see_what_they_may_do(client, assistant, tmp_path):
    assert client.get("/api/me").json() == {"name": None, "may_edit": True}
    lines = [password_line("ada", "a"), password_line("cy", "c", may_edit=True)]
    (tmp_path / "users").write_text("\n".join(lines))
    with TestClient(build_app(assistant, auth_file=tmp_path / "users"), base_url=BASE) as opened:
        for auth, may_edit in ((("ada", "a"), False), (("cy", "c"), True)):
            told = opened.get("/api/me", auth=auth).json()
            assert told == {"name": auth[0], "may_edit": may_edit}
        assert opened.get("/api/me").status_code == 401


def test_a_taken_port_that_was_asked_for_is_an_error():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"port {port}: Address already in use"):
            listen("127.0.0.1", port)


def test_without_a_wish_the_next_free_port_is_taken():
    with listen("127.0.0.1", None) as first, listen("127.0.0.1", None) as second:
        ports = [each.getsockname()[1] for each in (first, second)]
    assert DEFAULT_PORT <= ports[0] < ports[1] < DEFAULT_PORT + 20


@pytest.mark.parametrize("port", [65_536, -1])
def test_an_impossible_port_is_one_clear_line(port):
    with pytest.raises(ServeError, match="not a port number; choose one below 65536 with --port"):
        listen("127.0.0.1", port)


def test_a_host_that_is_not_here_is_one_clear_line():
    with pytest.raises(ServeError, match=r"cannot listen on 192\.0\.2\.1"):
        listen("192.0.2.1", 0)


SERVE = """
import sys
from ui.scripted import ScriptedAssistant
from ui.server import serve
def say(address):
    sys.stdout.write(address + "\\n")
    sys.stdout.flush()
serve(ScriptedAssistant({}), port=0, on_listening=say)
sys.stdout.write("ended\\n")
"""


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_five_seconds_though_a_browser_hangs_on(stop):
    pipe = subprocess.PIPE
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE], stdout=pipe, stderr=pipe, text=True, cwd=ROOT
    )
    try:
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        with httpx.stream("GET", f"{address}gradio_api/heartbeat/abc", timeout=10) as beating:
            assert next(beating.iter_lines()) == "data: ALIVE"
            before = time.monotonic()
            os.kill(server.pid, stop)
            assert server.wait(timeout=10) == 0
            assert time.monotonic() - before < 5
        assert server.stdout.read() == "ended\n"
        assert server.stderr.read() == ""
    finally:
        server.kill()
        server.wait()
        server.stdout.close()
        server.stderr.close()


def test_the_server_itself_calls_no_other_machine(injured, monkeypatch):
    called = []
    connect = socket.socket.connect

    def watched(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in (
            "127.0.0.1",
            "::1",
        ):
            called.append(address)
            raise OSError("no network here")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", watched)
    app = build_app(ScriptedAssistant({injured.question: injured}))
    with TestClient(app, base_url=BASE) as opened:
        opened.get("/")
        opened.post("/api/ask", json={"question": injured.question})
    assert called == []


def test_a_script_passes_the_turns_before_its_question(client, assistant, injured):
    turns = [{"question": f"Who was {n}?", "answer": "Ada"} for n in range(MAX_TURNS + 2)]
    turns.append({"question": "How is she?\ud800"})
    body = json.dumps({"question": injured.question, "history": turns})
    assert client.post("/api/ask", content=body, headers=JSON).status_code == 200
    (history,) = assistant.histories
    assert len(history) == MAX_TURNS
    assert history[-2:] == (Turn(f"Who was {MAX_TURNS + 1}?", "Ada"), Turn("How is she??"))


@pytest.mark.parametrize("history", ["Who?", [{"answer": "Ada"}], [7]])
def test_a_malformed_history_is_the_callers_fault(client, injured, history):
    refused = client.post("/api/ask", json={"question": injured.question, "history": history})
    assert refused.status_code == 422


def test_what_one_script_asks_is_not_remembered_for_the_next(client, assistant, injured):
    for _ in range(2):
        client.post("/api/ask", json={"question": injured.question})
    assert assistant.histories == [(), ()]
