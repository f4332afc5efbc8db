"""The endpoints as `gradio_client` reaches them, over a real connection."""

import json
import threading
import time

import pytest
from fastapi.testclient import TestClient
from gradio_client import Client
from gradio_client.exceptions import AppError

from qa.found import Passages
from ui.auth import password_line
from ui.desk import MAX_EACH
from ui.listing import record_json, whole_json
from ui.scripted import ScriptedAssistant
from ui.server import Server, build_app, listen

NAMES = ["/ask", "/search", "/read_article", "/articles"]

# Gradio's queue counts its events in ways that pandas is about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


@pytest.fixture
def assistant(injured, first_report):
    return ScriptedAssistant({injured.question: injured}, articles={first_report.id: first_report})


@pytest.fixture
def reach(assistant):
    """A client of a server that runs until the test ends."""
    started = []

    def reaching(**options):
        auth = options.pop("auth", None)
        listener = listen("127.0.0.1", 0)
        server = Server(build_app(options.pop("assistant", assistant), **options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        started.append((server, thread, listener))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        return Client(
            address,
            verbose=False,
            analytics_enabled=False,
            download_files=False,
            httpx_kwargs={"auth": auth} if auth else None,
        )

    yield reaching
    for server, thread, listener in started:
        server.should_exit = True
        thread.join(timeout=30)
        listener.close()


def as_sent(value):
    return json.loads(json.dumps(value))


def test_each_endpoint_gives_what_the_api_gives(reach, assistant, injured, first_report):
    client = reach()
    answer = client.predict(injured.question, top_k=5, precision=0.9, api_name="/ask")
    assert answer == as_sent(injured.to_json())
    assert assistant.options == [(5, 0.9)]
    assert client.predict("unwritten", api_name="/search") == Passages().to_json()
    record = assistant.record(first_report.id)
    read = client.predict(first_report.id[:6], api_name="/read_article")
    assert read == as_sent(whole_json(first_report, record))
    listed = client.predict(q="ferry", limit=1, api_name="/articles")
    assert (listed["total"], listed["articles"]) == (1, [as_sent(record_json(record))])


@pytest.mark.parametrize(
    ("name", "sent", "said"),
    [
        ("/ask", {"question": "unwritten"}, "no answer was written for this question: 'unwritten'"),
        ("/ask", {"question": "x", "after": "soon"}, "after: 'soon' is not a day"),
        ("/search", {"question": "x", "top_k": 1000}, "top_k: Input should be less than or equal"),
        ("/read_article", {"article_id": "zzz"}, "no article 'zzz' in the library"),
        ("/articles", {"offset": -1}, "offset: Input should be greater than or equal to 0"),
    ],
)
def test_what_cannot_be_asked_is_one_line(reach, capfd, name, sent, said):
    client = reach()
    with pytest.raises(AppError) as caught:
        client.predict(api_name=name, **sent)
    assert str(caught.value).startswith(said)
    assert "Traceback" not in capfd.readouterr().err


def test_a_client_gives_its_password_with_every_request(reach, tmp_path, injured):
    (tmp_path / "users").write_text(password_line("ada", "secret"))
    client = reach(auth_file=tmp_path / "users", auth=("ada", "secret"))
    answer = client.predict(injured.question, api_name="/ask")
    assert answer["answer"] == "eleven people"


def test_only_these_are_described(assistant):
    with TestClient(build_app(assistant), base_url="http://127.0.0.1:7860") as opened:
        info = opened.get("/gradio_api/info").json()
        config = opened.get("/config").json()
    assert list(info["named_endpoints"]) == NAMES
    assert info["unnamed_endpoints"] == {}
    public = [
        each["api_name"] for each in config["dependencies"] if each["api_visibility"] == "public"
    ]
    assert [f"/{name}" for name in public] == NAMES
    about = [info["named_endpoints"][name]["description"] for name in NAMES]
    assert about[0].startswith("Answer a question in the articles' own words, with citations.")
    takes = info["named_endpoints"]["/search"]["parameters"]
    assert [each["parameter_name"] for each in takes][:2] == ["question", "top_k"]


def test_one_client_cannot_fill_the_queue(reach, injured):
    gate = threading.Event()
    client = reach(assistant=ScriptedAssistant({injured.question: injured}, gate=gate))
    jobs = [client.submit(injured.question, api_name="/ask") for _ in range(MAX_EACH + 1)]
    try:
        while not (done := [job for job in jobs if job.done()]):
            time.sleep(0.01)
    finally:
        gate.set()
    (refused,) = done
    assert "of your questions are waiting" in str(refused.exception())
    answered = [job.result(timeout=30)["answer"] for job in jobs if job is not refused]
    assert answered == ["eleven people"] * MAX_EACH
