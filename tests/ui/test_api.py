import json

import pytest
from fastapi.testclient import TestClient

from index.types import Filters, Hit, Passage
from qa.assistant import TOP_K
from qa.found import CitedHit, Passages
from ui.description import examples
from ui.listing import record_json, whole_json
from ui.scripted import ScriptedAssistant
from ui.server import build_app

BASE = "http://127.0.0.1:7860"
SEARCHED = "Where did the fire begin?"


@pytest.fixture
def found(owner):
    """Two passages, as a search brings them."""
    return Passages(
        tuple(
            CitedHit(
                Hit(
                    Passage(
                        near.article_id, near.passage.start, near.passage.end, near.passage_text
                    ),
                    score=score,
                    dense=0.5,
                    bm25=None,
                ),
                near,
            )
            for near, score in zip(owner.nearest, (0.9, 0.4), strict=True)
        ),
        undated_left_out=3,
    )


@pytest.fixture
def assistant(injured, owner, first_report, second_report, found):
    return ScriptedAssistant(
        {each.question: each for each in (injured, owner)},
        articles={each.id: each for each in (first_report, second_report)},
        passages={SEARCHED: found},
    )


@pytest.fixture
def client(assistant):
    with TestClient(build_app(assistant), base_url=BASE) as opened:
        yield opened


def as_sent(value):
    return json.loads(json.dumps(value))


def test_all_articles_are_listed_with_where_their_metadata_was_found(
    client, assistant, first_report
):
    listed = client.get("/api/articles").json()
    assert (listed["total"], listed["offset"], listed["limit"]) == (2, 0, 50)
    assert listed["articles"] == as_sent([record_json(each) for each in assistant.articles()])
    first = listed["articles"][0]
    assert first["id"] == first_report.id
    assert first["url"] == "https://www.averlycourier.example/news/ferry-fire"
    assert first["published"] == {"value": "2019-11-06", "origin": "header", "trust": "high"}


def test_a_list_is_read_page_by_page(client, second_report):
    listed = client.get("/api/articles", params={"limit": 1, "offset": 1}).json()
    assert [each["id"] for each in listed["articles"]] == [second_report.id]
    assert listed["total"] == 2
    beyond = client.get("/api/articles", params={"offset": 2}).json()
    assert (beyond["total"], beyond["articles"]) == (2, [])


def test_a_list_is_narrowed_by_words_outlet_and_days(client, first_report, second_report):
    for query, id_ in (
        ({"q": "INJURED ferry"}, first_report.id),
        ({"source": "northmark wire"}, second_report.id),
        ({"after": "2019-11-07"}, second_report.id),
        ({"before": "2019-11-07"}, first_report.id),
    ):
        listed = client.get("/api/articles", params=query).json()
        assert [each["id"] for each in listed["articles"]] == [id_]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("after=soon", 400, "after: 'soon' is not a day"),
        ("after=2019-11-07&before=2019-11-06", 400, "leave no day between them"),
        ("limit=0", 422, "limit: Input should be greater than or equal to 1"),
        ("limit=501", 422, "limit: Input should be less than or equal to 500"),
        ("offset=-1", 422, "takes q, source, after, before, limit and offset (offset: "),
        ("sources=Northmark", 422, "sources: Extra inputs are not permitted"),
    ],
)
def test_a_senseless_list_is_refused_in_one_line(client, query, status, said):
    refused = client.get(f"/api/articles?{query}")
    assert refused.status_code == status
    assert list(refused.json()) == ["error"]
    assert said in refused.json()["error"]


def test_an_article_is_served_whole_as_the_command_shows_it(client, assistant, first_report):
    expected = as_sent(whole_json(first_report, assistant.record(first_report.id)))
    for written in (first_report.id, first_report.id[:5]):
        assert client.get(f"/api/articles/{written}").json() == expected
    assert expected["text"] == first_report.text
    assert expected["authors"][0] == {"value": "Tam Oswin", "origin": "byline"}
    assert expected["sha256"] == first_report.sha256


def test_a_missing_article_is_one_line(client):
    missing = client.get("/api/articles/zzz")
    assert missing.status_code == 404
    assert missing.json() == {"error": "no article 'zzz' in the library"}


def test_passages_come_ranked_with_scores_and_citations_without_quote(client, found):
    searched = client.post("/api/search", json={"question": SEARCHED})
    assert searched.status_code == 200
    assert searched.json() == as_sent(found.to_json())
    assert [each["score"] for each in searched.json()["passages"]] == [0.9, 0.4]
    assert searched.json()["passages"][0]["citation"]["quote"] == ""
    one = client.post("/api/search", json={"question": SEARCHED, "top_k": 1})
    assert len(one.json()["passages"]) == 1


def test_a_search_is_filtered_as_a_question_is(client, assistant):
    days = {"after": "2019-11-01", "before": "2019-11-30", "as_of": "2019-11-08"}
    body = {"question": SEARCHED, "sources": ["Wire"], "authors": ["Tam Oswin"], **days}
    assert client.post("/api/search", json=body).status_code == 200
    assert assistant.filters == [Filters(("Wire",), "2019-11-01", "2019-11-08", ("Tam Oswin",))]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 422, "question: Field required"),
        ({"question": "x", "top_k": 101}, 422, "top_k: Input should be less than or equal to 100"),
        ({"question": "x", "source": ["Wire"]}, 422, "source: Extra inputs are not permitted"),
        ({"question": "x", "after": "soon"}, 400, "after: 'soon' is not a day"),
    ],
)
def test_a_senseless_search_is_refused_in_one_line(client, body, status, said):
    refused = client.post("/api/search", json=body)
    assert refused.status_code == status
    assert said in refused.json()["error"]


def test_a_script_says_how_much_is_read_and_how_sure_an_answer_must_be(client, assistant, injured):
    body = {"question": injured.question}
    assert client.post("/api/ask", json=body).status_code == 200
    assert client.post("/api/ask", json={**body, "top_k": 5, "precision": 0.9}).status_code == 200
    assert assistant.options == [(TOP_K, None), (5, 0.9)]


@pytest.mark.parametrize("wish", [{"top_k": 0}, {"top_k": 101}, {"precision": 1.1}])
def test_wishes_out_of_range_are_refused(client, assistant, injured, wish):
    refused = client.post("/api/ask", json={"question": injured.question, **wish})
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("malformed request; POST /api/ask takes JSON")
    assert assistant.asked == []


def test_half_a_surrogate_pair_anywhere_harms_nothing(client):
    headers = {"content-type": "application/json"}
    body = b'{"question": "x", "\\ud800": 1}'
    assert client.post("/api/search", content=body, headers=headers).status_code == 422
    body = b'{"question": "Who\\ud800", "authors": ["\\ud800"]}'
    assert client.post("/api/search", content=body, headers=headers).json()["passages"] == []


def test_the_routes_of_scripts_are_described_and_nothing_else(client):
    described = client.get("/openapi.json").json()
    assert list(described["paths"]) == [
        "/api/ask",
        "/api/search",
        "/api/articles",
        "/api/articles/{article_id}",
        "/api/me",
    ]


def test_the_examples_of_requests_are_understood(client):
    described = client.get("/openapi.json").json()
    for path in ("/api/ask", "/api/search"):
        body = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        assert client.post(path, json=body["example"]).status_code in (200, 400)  # never 422
    assert client.get(f"/api/articles?{examples()['articles']['query']}").status_code == 200


def test_people_read_the_same_on_a_page_of_ours(client):
    page = client.get("/api/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for path in client.get("/openapi.json").json()["paths"]:
        assert f"</b> {path}</code>" in page.text
    assert "curl http://127.0.0.1:7860/api/ask" in page.text
    assert "<script" not in page.text
    assert "`" not in page.text
    assert '<a href="/api/docs">API</a>' in client.get("/").text


@pytest.mark.parametrize("field", ["source", "bogus"])
def test_a_field_that_there_is_none_of_is_refused_by_name(client, injured, field):
    refused = client.post("/api/ask", json={"question": injured.question, field: ["x"]})
    assert refused.status_code == 422
    assert f"({field}: " in refused.json()["error"]


def test_whatever_is_not_there_is_said_in_json(client):
    wrong = client.get("/api/ask")
    assert (wrong.status_code, wrong.json()["error"][:35]) == (
        405,
        "GET is not for /api/ask; POST /api/",
    )
    assert client.post("/api/me", json={}).status_code == 404
    assert "see /api/docs" in client.post("/api/docs", json={}).json()["error"]
