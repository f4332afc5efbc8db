"""The API's description: OpenAPI for programs, and the same as rows for a page for people."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import cast

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from qa.types import Json
from ui.shapes import schemas

TITLE = "Footnote"
ABOUT = (
    "Answers in your articles' own words, each with its passage. Offsets count Unicode code "
    "points into an article's text, starts inclusive, ends exclusive. An unanswered question is "
    "a success. "
    'Whatever goes wrong is answered {"error": "one line"}.'
)
PROBLEMS = {
    400: "It cannot be asked so: an empty question, days that mean nothing, an unknown outlet.",
    404: "There is no article whose id is or begins so, or there is more than one.",
    422: "The request is malformed; the line names the field.",
    503: "Too much is waiting: try again in a moment.",
}


@cache
def examples() -> dict[str, dict[str, Json]]:
    """A request and its answer by the name of the route."""
    text = (Path(__file__).parent / "api_examples.json").read_text(encoding="utf-8")
    return cast(dict[str, dict[str, Json]], json.loads(text))


def responses(shape: str, *, problems: tuple[int, ...]) -> dict[int | str, Json]:
    """What a route answers, for its decorator: the form of success, and its errors.

    shape: the class's name in `ui.shapes`.
    """
    found: dict[int | str, Json] = {200: _response("As in the example.", shape)}
    found.update((status, _response(PROBLEMS[status], "Problem")) for status in problems)
    return found


def _response(about: str, shape: str) -> Json:
    schema = {"$ref": f"#/components/schemas/{shape}"}
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def describe(router: APIRouter) -> Json:
    """The OpenAPI description of these routes and no others.

    A route's `operation_id` names its example.
    """
    described = get_openapi(
        title=TITLE, version=_version(), description=ABOUT, routes=router.routes
    )
    parts = described.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):  # FastAPI's own form of error
        parts.pop(unused, None)
    parts.update(schemas())
    for methods in described["paths"].values():
        for operation in methods.values():
            _complete(operation)
    return described


def _complete(operation: dict[str, dict[str, dict[str, dict[str, Json]]]]) -> None:
    """Add the examples, from which FastAPI would take every null, and drop its own error."""
    example = examples()[str(operation["operationId"])]
    answers = operation["responses"]
    answers["200"]["content"]["application/json"]["example"] = example["answer"]
    if "body" in example:
        operation["requestBody"]["content"]["application/json"]["example"] = example["body"]
    # It is added wherever anything is read, even where nothing can be malformed.
    if "HTTPValidationError" in str(answers.get("422")):
        del answers["422"]


def _version() -> str:
    try:
        return version("footnote-qa")
    except PackageNotFoundError:  # run from a checkout
        return "0"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One thing that a route takes."""

    name: str
    kind: str
    needed: bool
    default: str  # as JSON; empty where there is none to speak of
    about: str


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One way in which a request may fail."""

    status: str
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One route as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    fields: tuple[FieldRow, ...]
    command: str  # a shell command that asks
    answer: str  # JSON
    problems: tuple[ProblemRow, ...]


def operations(described: Json, *, address: str) -> tuple[Operation, ...]:
    """The routes of an OpenAPI description, for a server at this address (no slash at its end)."""
    paths = cast(dict[str, dict[str, Json]], described["paths"])
    parts = cast(dict[str, Json], described["components"])["schemas"]
    return tuple(
        _operation(method, path, each, parts, address)
        for path, methods in paths.items()
        for method, each in methods.items()
    )


def _operation(method: str, path: str, each: Json, parts: Json, address: str) -> Operation:
    name = str(each["operationId"])
    answers = cast(dict[str, dict[str, dict[str, Json]]], each["responses"])
    shown = answers["200"]["content"]["application/json"]
    return Operation(
        id=name,
        method=method.upper(),
        path=path,
        summary=str(each["summary"]),
        about=str(each.get("description", "")),
        fields=tuple(_fields(each, parts)),
        command=_command(name, path, address),
        answer=_pretty(shown["example"]),
        problems=tuple(
            ProblemRow(status, str(answer["description"]))
            for status, answer in answers.items()
            if status != "200"
        ),
    )


def _command(name: str, path: str, address: str) -> str:
    example = examples()[name]
    if "body" in example:
        body = json.dumps(example["body"], ensure_ascii=False)
        return f"curl {address}{path} -H 'content-type: application/json' \\\n  -d '{body}'"
    if "query" in example:
        return f"curl '{address}{path}?{example['query']}'"
    return f"curl {address}{path}".replace("{article_id}", str(example.get("id", "")))


def _fields(operation: Json, parts: Json) -> Iterator[FieldRow]:
    """What it takes in its path, its query or its body."""
    for each in cast(list[Json], operation.get("parameters", [])):
        schema = cast(Json, each["schema"])
        yield _field(str(each["name"]), schema, parts, needed=bool(each.get("required")))
    if body := cast(dict[str, dict[str, dict[str, dict[str, str]]]], operation.get("requestBody")):
        reference = body["content"]["application/json"]["schema"]["$ref"]
        whole = cast(dict[str, dict[str, Json]], parts[reference.rpartition("/")[2]])
        for name, schema in sorted(
            whole["properties"].items(), key=lambda each: each[0] not in whole["required"]
        ):
            yield _field(name, schema, parts, needed=name in whole["required"])


def _field(name: str, schema: Json, parts: Json, *, needed: bool) -> FieldRow:
    default = schema.get("default")
    return FieldRow(
        name=name,
        kind=_kind(schema, parts),
        needed=needed,
        default="" if default in (None, [], "") else json.dumps(default),
        about=str(schema.get("description", "")),
    )


def _kind(schema: Json, parts: Json) -> str:
    """What a value is, in words: "text", "number from 1 to 100", "list of text"."""
    if choices := cast(list[Json], schema.get("anyOf")):
        return _kind(next(each for each in choices if each.get("type") != "null"), parts)
    if "$ref" in schema:
        form = cast(dict[str, Json], parts[str(schema["$ref"]).rpartition("/")[2]])
        return f"{{{', '.join(form['properties'])}}}"
    if schema["type"] == "array":
        return f"list of {_kind(cast(Json, schema['items']), parts)}"
    words = {"string": "text", "integer": "number", "number": "number", "boolean": "yes or no"}
    low, high = schema.get("minimum"), schema.get("maximum")
    within = f" from {low:g}" if isinstance(low, int | float) else ""
    within += f" to {high:g}" if isinstance(high, int | float) else ""
    return words[str(schema["type"])] + within


def _pretty(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
