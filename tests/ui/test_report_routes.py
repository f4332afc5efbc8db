import json
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader
from starlette.testclient import TestClient

from qa.report import Report
from qa.report_answers import item_of
from qa.report_file import read_report
from qa.types import Range
from ui.auth import password_line
from ui.scripted import ScriptedAssistant
from ui.server import build_app


@pytest.fixture
def assistant(first_report, second_report):
    articles = {each.id: each for each in (first_report, second_report)}
    return ScriptedAssistant({}, articles=articles)


@pytest.fixture
def client(assistant):
    with TestClient(build_app(assistant), base_url="http://127.0.0.1:7860") as opened:
        yield opened


@pytest.fixture
def report(injured, owner):
    return Report(title="On ferries", items=(item_of(injured), item_of(owner)))


def exported(client, report, form):
    body = {"report": report.model_dump(mode="json"), "form": form}
    return client.post("/api/report", json=body)


def test_a_report_is_made_into_each_kind_of_file(client, report):
    word = Document(BytesIO(exported(client, report, ".docx").content))
    assert "On ferries" in [paragraph.text for paragraph in word.paragraphs]
    pages = PdfReader(BytesIO(exported(client, report, ".pdf").content)).pages
    assert "eleven people" in " ".join(page.extract_text() for page in pages)
    assert "eleven people" in exported(client, report, ".html").text
    assert exported(client, report, ".md").text.startswith("# On ferries")
    assert read_report(exported(client, report, ".yaml").text, "it") == report


def test_its_citations_alone_can_be_had_in_any_form(client, report):
    assert "@" in exported(client, report, "bibtex").text
    assert exported(client, report, "ris").text.startswith("TY  - ")
    assert len(json.loads(exported(client, report, "csl-json").text)) == 2
    assert "The Averly Courier" in exported(client, report, "text").text


def test_no_export_is_ever_shown_as_a_page_of_this_server(client, report):
    for form in (".html", ".md", "bibtex"):
        answer = exported(client, report, form)
        assert answer.headers["content-disposition"] == "attachment"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_words_that_no_citation_quotes_are_refused(client, report):
    body = {"report": report.model_dump(mode="json"), "form": ".md"}
    body["report"]["items"][0]["answer"] = "twelve people"
    refused = client.post("/api/report", json=body)
    assert refused.status_code == 400
    assert "'twelve people' is not what the citations quote" in refused.json()["error"]


@pytest.mark.parametrize("form", ["", "docx", ".exe", "../x"])
def test_a_form_that_there_is_none_of_names_those_there_are(client, report, form):
    refused = exported(client, report, form)
    assert refused.status_code == 400
    assert refused.json()["error"].startswith(f"no form {form!r}: choose one of .md, .html")


@pytest.mark.parametrize("body", [{}, {"report": 1, "form": ".md"}, {"report": {}, "form": ".md"}])
def test_what_is_no_report_is_refused_in_one_line(client, body):
    refused = client.post("/api/report", json=body)
    assert refused.status_code in (400, 422)
    assert "\n" not in refused.json()["error"]


def test_citations_are_checked_against_the_articles_there_are(client, injured):
    citations = [citation.to_json() for citation in injured.citations]
    verdicts = client.post("/api/verify", json={"citations": citations}).json()["verdicts"]
    assert [each["status"] for each in verdicts] == ["intact", "intact"]
    citations[0]["article_id"] = "f" * 16
    assert client.post("/api/verify", json={"citations": citations}).status_code == 400
    assert client.post("/api/verify", json={"citations": [{}]}).status_code == 400


def test_right_words_are_kept_and_can_be_forgotten(client, assistant, first_report):
    at = first_report.text.index("engine room")
    place = {"article_id": first_report.id, "start": at, "end": at + 11}
    kept = client.post("/api/gold", json={"question": "Where did it begin?", "places": [place]})
    assert kept.json() == {"id": "1", "new": True, "answers": ["engine room"]}
    assert assistant.gold == {
        "1": ("Where did it begin?", ((first_report.id, Range(at, at + 11)),))
    }
    assert client.post("/api/gold/1/remove", json={}).json() == {"id": "1"}
    assert assistant.gold == {}
    assert client.post("/api/gold/1/remove", json={}).status_code == 404


def test_a_place_in_no_article_is_refused(client, assistant):
    place = {"article_id": "f" * 16, "start": 0, "end": 3}
    refused = client.post("/api/gold", json={"question": "Where?", "places": [place]})
    assert refused.status_code == 400 and "no article" in refused.json()["error"]
    place["start"] = -1
    assert client.post("/api/gold", json={"question": "?", "places": [place]}).status_code == 422


def test_whoever_may_only_ask_keeps_nothing(assistant, tmp_path, first_report):
    (tmp_path / "users").write_text(password_line("ada", "secret"))
    app = build_app(assistant, auth_file=tmp_path / "users")
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        client.auth = ("ada", "secret")
        refused = client.post("/api/gold", json={"question": "Where?", "places": []})
        assert refused.status_code == 403
        assert client.post("/api/gold/1/remove", json={}).status_code == 403
        assert client.get("/api/me").json() == {"name": "ada", "may_edit": False}
    assert assistant.gold == {}
