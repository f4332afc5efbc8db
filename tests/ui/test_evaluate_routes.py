import gzip
import hashlib
import json
import re
import time
from base64 import b64encode
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from eval.report import policy
from index.library import Library
from index.types import Passage
from qa.assistant import Assistant
from ui.auth import password_line
from ui.guard import MAX_BODY, MAX_UPLOAD, POLICY
from ui.measured import MeasuredLibrary
from ui.scripted import ScriptedAssistant, ScriptedMeasured
from ui.server import build_app

BASE = "http://127.0.0.1:7860"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def client(assistant, harbour_master, owner) -> Iterator[TestClient]:
    gold = {harbour_master.question: ["Ilse Corbant"], owner.question: []}
    app = build_app(assistant, measured=ScriptedMeasured(assistant, gold=gold))
    with TestClient(app, base_url=BASE) as opened:
        yield opened


def lines(*questions: dict[str, object]) -> bytes:
    return "".join(json.dumps(each) + "\n" for each in questions).encode()


@pytest.fixture
def mine(harbour_master, owner) -> bytes:
    return lines(
        {"id": "1", "question": harbour_master.question, "answers": ["Ilse Corbant"]},
        {"id": "2", "question": owner.question, "answers": []},
    )


def send(client, content: bytes, name: str = "mine.jsonl", **asked):
    return client.post("/api/evaluations", params={"name": name, **asked}, content=content)


def over(client, run_id: str) -> dict:
    for _ in range(3000):
        (now,) = (
            each
            for each in client.get("/api/evaluations").json()["evaluations"]
            if each["id"] == run_id
        )
        if now["over"]:
            return now
        time.sleep(0.01)
    raise AssertionError(now)


def test_a_file_is_measured_and_its_results_can_be_had(client, mine):
    begun = send(client, mine)
    assert begun.status_code == 200
    assert (begun.json()["name"], begun.json()["total"]) == ("mine.jsonl", 2)
    now = over(client, begun.json()["id"])
    assert (now["state"], now["done"], now["f1"], now["exact_match"]) == ("done", 2, 1.0, 1.0)
    files = f"/evaluate/{now['id']}"
    metrics = client.get(f"{files}/metrics.json")
    assert metrics.json()["f1"]["value"] == 1.0
    per_question = client.get(f"{files}/per_question.jsonl")
    assert [json.loads(line)["id"] for line in per_question.text.splitlines()] == ["1", "2"]
    for taken in (metrics, per_question):
        assert taken.headers["content-disposition"].startswith("attachment")
    shown = client.get(files).text
    assert "Right on 2 of 2 questions" in shown
    assert re.search(r'data-measure="f1">1\.000<', shown)
    assert f'href="{files}/report.html"' in shown


def test_a_gzipped_file_a_limit_and_repair_are_taken(client):
    qas = [
        {"id": str(n), "question": f"Who? {n}", "answers": [{"text": "me", "answer_start": 1}]}
        for n in range(4)
    ]
    document = {"data": [{"paragraphs": [{"context": "It is me.", "qas": qas}]}]}
    content = gzip.compress(json.dumps(document).encode())
    refused = send(client, content, "dev.json.gz", limit=2)
    assert refused.status_code == 400
    assert refused.json()["error"].startswith("dev.json.gz: 4 answers are not at answer_start")
    begun = send(client, content, "dev.json.gz", limit=2, repair=True).json()
    assert (begun["name"], begun["total"]) == ("dev.json.gz", 2)


def test_gold_questions_are_asked_again(client):
    begun = client.post("/api/evaluations/gold", json={"limit": None}).json()
    assert (begun["name"], begun["total"]) == ("Gold questions", 2)
    assert over(client, begun["id"])["exact_match"] == 1.0
    assert client.post("/api/evaluations/gold", json={"limit": 1}).json()["total"] == 1


def test_a_library_without_gold_questions_says_so(assistant):
    app = build_app(assistant, measured=ScriptedMeasured(assistant))
    with TestClient(app, base_url=BASE) as client:
        refused = client.post("/api/evaluations/gold", json={})
        assert (refused.status_code, refused.json()) == (
            400,
            {"error": "no gold questions were written"},
        )
        assert "None are kept yet" in client.get("/evaluate/view").text


@pytest.mark.parametrize(
    ("content", "name", "line"),
    [
        (b"", "mine.json", "mine.json: is empty"),
        (b"PK\x03\x04", "mine.docx", "mine.docx: not SQuAD-form JSON"),
        (b'{"data": [{"paragraphs": [{"qas": []}]}]}', "a.json", "a.json: not SQuAD-form JSON"),
        (b'{"id": "1"}\n', "a.jsonl", "a.jsonl, line 1: not a line of"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_and_nothing_begins(client, content, name, line):
    refused = send(client, content, name)
    assert refused.status_code == 400
    assert refused.json()["error"].startswith(line)
    assert "\n" not in refused.json()["error"]
    assert client.get("/api/evaluations").json() == {"evaluations": []}


def test_the_first_wrong_place_is_named_as_on_the_command_line(client, footnote, tmp_path):
    file = tmp_path / "mine.json"
    file.write_text('{"data": [{"paragraphs": [{"context": "It.", "qas": [{"id": "1"}]}]}]}')
    ran = footnote("eval", "answers", "mine.json", "--out", "out")
    refused = send(client, file.read_bytes(), "mine.json").json()["error"]
    assert ran.refusal == f"footnote: {refused}\n"
    assert "data.0.paragraphs.0.qas.0.question" in refused


@pytest.mark.parametrize("limit", ["0", "-1", "some"])
def test_a_limit_that_is_none_is_refused(client, mine, limit):
    refused = send(client, mine, limit=limit)
    assert refused.status_code == 422
    assert "limit" in refused.json()["error"]


def test_a_file_may_be_larger_than_other_requests_but_not_without_end(client, owner):
    long = lines({"id": "1", "question": owner.question, "answers": []}) + b"\n" * MAX_BODY
    assert send(client, long).status_code == 200
    headers = {"content-length": str(MAX_UPLOAD + 1)}
    refused = client.post("/api/evaluations?name=a.json", content=b"{}", headers=headers)
    assert refused.status_code == 413


def test_what_is_not_there_is_said(client, mine):
    for address in ("/evaluate/0123", "/evaluate/0123/report.html", "/evaluate/0123/metrics.json"):
        assert client.get(address).status_code == 404, address
    for deed in ("stop", "go_on"):
        refused = client.post(f"/api/evaluations/0123/{deed}")
        assert refused.status_code == 404
        assert refused.json() == {"error": "there is no such evaluation, or none any longer"}
    run_id = send(client, mine).json()["id"]
    over(client, run_id)
    assert client.get(f"/evaluate/{run_id}/settings.json").status_code == 404
    assert client.get(f"/evaluate/{run_id}/../{run_id}/settings.json").status_code == 404


def test_the_report_has_a_policy_by_hash_and_all_else_keeps_its_own(client, mine):
    run_id = send(client, mine).json()["id"]
    over(client, run_id)
    report = client.get(f"/evaluate/{run_id}/report.html")
    own = report.headers["content-security-policy"]
    assert own == f"{policy()}; frame-ancestors 'none'"
    for tag, what in (("style", "style-src"), ("script", "script-src")):
        inline = re.findall(rf"<{tag}>(.*?)</{tag}>", report.text, re.DOTALL)
        hashed = [b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in inline]
        assert f"{what} " + " ".join(f"'sha256-{each}'" for each in hashed) in own
    assert "unsafe" not in own and "'self'" not in own
    assert report.headers["x-frame-options"] == "DENY"
    for address in ("/", "/evaluate/view", f"/evaluate/{run_id}", "/evaluate/no/report.html"):
        found = client.get(address).headers["content-security-policy"]
        assert re.sub(r"'nonce-[^']+'", "'nonce-{nonce}'", found) == POLICY, address
    missing = client.get("/evaluate/0123/report.html").headers["content-security-policy"]
    assert missing.startswith("default-src 'none'; script-src 'self' 'nonce-")


def test_hostile_words_stay_text(client):
    content = lines({"id": HOSTILE, "question": HOSTILE, "answers": [HOSTILE]})
    run_id = send(client, content, f"a{HOSTILE}.jsonl").json()["id"]
    over(client, run_id)
    for address in ("/evaluate/view", f"/evaluate/{run_id}", f"/evaluate/{run_id}/report.html"):
        page = client.get(address).text
        assert "<script>alert" not in page, address
        assert "<img" not in page, address


def test_only_those_who_may_change_the_library_measure_and_all_may_read(assistant, tmp_path, mine):
    ada = password_line("ada", "one", may_edit=True)
    (tmp_path / "users").write_text(f"{ada}\n{password_line('bea', 'two')}\n")
    measured = ScriptedMeasured(assistant)
    app = build_app(assistant, measured=measured, auth_file=tmp_path / "users")
    with TestClient(app, base_url=BASE) as client:
        assert send(client, mine).status_code == 401
        client.auth = ("bea", "two")
        assert send(client, mine).status_code == 403
        assert client.post("/api/evaluations/gold", json={}).status_code == 403
        client.auth = ("ada", "one")
        run_id = send(client, mine).json()["id"]
        over(client, run_id)
        client.auth = ("bea", "two")
        assert client.post(f"/api/evaluations/{run_id}/stop").status_code == 403
        view = client.get("/evaluate/view").text
        assert "<form" not in view and "may read what others have measured" in view
        assert client.get(f"/evaluate/{run_id}/report.html").status_code == 200


def test_another_page_cannot_have_anything_measured(client, mine):
    headers = {"origin": "https://evil.example"}
    assert client.post("/api/evaluations", content=mine, headers=headers).status_code == 403


def test_a_server_without_anything_to_measure_has_none_of_this(assistant):
    with TestClient(build_app(assistant), base_url=BASE) as client:
        assert client.get("/evaluate/view").status_code == 404


def test_results_go_with_the_server(assistant, mine, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    app = build_app(assistant, measured=ScriptedMeasured(assistant))
    with TestClient(app, base_url=BASE) as client:
        over(client, send(client, mine).json()["id"])
        assert [each.name[:21] for each in tmp_path.iterdir()] == ["footnote-evaluations-"]
    assert list(tmp_path.iterdir()) == []


SAMPLE = [
    ("Who is the harbour master?", ["Ilse Corbant"]),
    ("How many people were hurt?", ["eleven people", "12 people"]),
    ("Where did the fire begin?", ["the engine room"]),
    ("Who owns the ferry?", []),
]
TIMES = re.compile(r"\w+_ms_p\d+|latency_ms|retrieve_ms|read_ms")


def untimed(found: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in found.items() if not TIMES.fullmatch(name)}


@pytest.mark.parametrize("gold", [False, True])
def test_figures_are_those_of_the_command_line(
    footnote, tiny_library, tiny_models, tiny_reader, tiny_encoder, first_report, tmp_path, gold
):
    content = lines(
        *({"id": str(n), "question": q, "answers": a} for n, (q, a) in enumerate(SAMPLE))
    )
    (tmp_path / "mine.jsonl").write_bytes(content)
    with Library.open(tiny_library) as library:
        start = first_report.text.index("Ilse Corbant")
        place = Passage(first_report.id, start, start + 12, "Ilse Corbant")
        library.add_gold("Who is the harbour master?", [place])
        library.add_gold("Who owns the ferry?", [])
    data = ["--gold"] if gold else ["mine.jsonl"]
    ran = footnote(
        "eval", "answers", *data, "--library", tiny_library, "--out", "out", *tiny_models
    )
    assert ran.status == 0, ran
    models = {"reader": str(tiny_reader), "encoder": str(tiny_encoder)}
    with Assistant.open(tiny_library, **models) as assistant:
        app = build_app(assistant, measured=MeasuredLibrary(assistant, **models))
        with TestClient(app, base_url=BASE) as client:
            begun = (
                client.post("/api/evaluations/gold", json={}) if gold else send(client, content)
            ).json()
            assert over(client, begun["id"])["state"] == "done"
            files = f"/evaluate/{begun['id']}"
            metrics = client.get(f"{files}/metrics.json").json()
            per_question = client.get(f"{files}/per_question.jsonl").text
    expected = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert metrics.keys() == expected.keys()
    assert untimed(metrics) == untimed(expected)
    assert [untimed(json.loads(line)) for line in per_question.splitlines()] == [
        untimed(json.loads(line))
        for line in (tmp_path / "out" / "per_question.jsonl").read_text().splitlines()
    ]
    assert len(per_question.splitlines()) == (2 if gold else 4)


def test_the_report_says_no_folder_of_the_server(tiny_library, tiny_reader, tiny_encoder, mine):
    models = {"reader": str(tiny_reader), "encoder": str(tiny_encoder)}
    with Assistant.open(tiny_library, **models) as assistant:
        setup = MeasuredLibrary(assistant, **models).setup()
    assert setup.library == "library"
    assert setup.library_state
    assert setup.reader == tiny_reader.name


def test_readers_are_answered_while_it_runs(client, mine, injured):
    run_id = send(client, mine).json()["id"]
    answered = client.post("/api/ask", json={"question": injured.question})
    assert answered.json()["answer"] == "eleven people"
    assert over(client, run_id)["state"] == "done"


def test_an_unwritten_question_counts_as_not_answered():
    assistant = ScriptedAssistant({})
    app = build_app(assistant, measured=ScriptedMeasured(assistant))
    with TestClient(app, base_url=BASE) as client:
        content = lines({"id": "1", "question": "Why?", "answers": ["Because"]})
        assert over(client, send(client, content).json()["id"])["exact_match"] == 0.0
