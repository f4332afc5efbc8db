import json

import pytest
from fastapi import APIRouter
from jsonschema import Draft202012Validator

from qa.found import Passages
from ui.api import api_router
from ui.description import describe, examples, operations
from ui.desk import Desk
from ui.listing import record_json, whole_json
from ui.scripted import ScriptedAssistant
from ui.shapes import SHAPES

ROUTES = ["/api/ask", "/api/search", "/api/articles", "/api/articles/{article_id}", "/api/me"]


@pytest.fixture(scope="module")
def described():
    desk = Desk(ScriptedAssistant({}))
    yield describe(api_router(desk))
    desk.close()


@pytest.fixture
def check(described):
    """Fail unless a value has exactly the shape of this name, no key too many or too few."""

    def checking(shape, value):
        parts = described["components"]["schemas"]
        for part in parts.values():
            if "properties" in part:
                part["additionalProperties"] = False
        whole = {"$ref": f"#/components/schemas/{shape}", "components": {"schemas": parts}}
        Draft202012Validator(whole).validate(json.loads(json.dumps(value)))

    return checking


def test_every_route_is_described_and_no_other(described):
    assert list(described["paths"]) == ROUTES
    assert described["openapi"].startswith("3.")
    assert describe(APIRouter())["paths"] == {}


def test_every_reference_leads_somewhere(described):
    parts = described["components"]["schemas"]
    for reference in json.dumps(described).split('"#/components/schemas/')[1:]:
        assert reference.partition('"')[0] in parts


def test_each_route_says_how_it_fails(described):
    statuses = {
        path: [status for status in each["responses"] if status != "200"]
        for path, methods in described["paths"].items()
        for each in methods.values()
    }
    assert statuses == {
        "/api/ask": ["400", "422", "503"],
        "/api/search": ["400", "422", "503"],
        "/api/articles": ["400", "422", "503"],
        "/api/articles/{article_id}": ["404", "503"],
        "/api/me": [],
    }


def test_the_examples_have_the_shapes_that_are_described(described, check):
    for methods in described["paths"].values():
        for each in methods.values():
            shown = each["responses"]["200"]["content"]["application/json"]
            check(shown["schema"]["$ref"].rpartition("/")[2], shown["example"])


def test_what_is_sent_has_the_shapes_that_are_described(
    check, injured, owner, disputed, hurt_of, first_report, second_report
):
    for answer in (injured, owner, disputed, hurt_of):
        check("Answer", answer.to_json())
    assistant = ScriptedAssistant({}, articles={"a": first_report, "b": second_report})
    for article, record in zip((first_report, second_report), assistant.articles(), strict=True):
        check("ArticleRecord", record_json(record))
        check("WholeArticle", whole_json(article, record))
    check("FoundPassages", Passages().to_json())


def test_the_shapes_are_all_there(described):
    assert {shape.__name__ for shape in SHAPES} <= set(described["components"]["schemas"])


def test_a_page_shows_what_each_route_takes(described):
    ask, search, listed, article, me = operations(described, address="http://127.0.0.1:7860")
    assert (ask.method, ask.path, ask.summary) == ("POST", "/api/ask", "Ask a question")
    fields = {field.name: field for field in ask.fields}
    assert ask.fields[0].name == "question" and fields["question"].needed
    assert (fields["top_k"].kind, fields["top_k"].default) == ("number from 1 to 100", "20")
    assert fields["precision"].kind == "number from 0 to 1"
    assert fields["sources"].kind == "list of text"
    assert fields["history"].kind == "list of {question, answer}"
    assert [problem.status for problem in search.problems] == ["400", "422", "503"]
    assert [field.name for field in listed.fields] == [
        "q",
        "source",
        "after",
        "before",
        "limit",
        "offset",
    ]
    assert [(field.name, field.needed) for field in article.fields] == [("article_id", True)]
    assert me.command == "curl http://127.0.0.1:7860/api/me"
    assert json.loads(me.answer) == examples()["me"]["answer"]
