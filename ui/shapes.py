"""The forms of the API's JSON, for its description; a test holds them to what is sent."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from index.rows import ArticleRecord, ArticleState
from index.types import PublishedDate, Sourced
from qa.types import Answer, Citation, Json

REF = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage with its scores, which compare within one search only."""

    score: float
    cosine: float | None
    bm25: float | None
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class FoundPassages:
    """Passages, best first."""

    passages: tuple[FoundPassage, ...]
    filtered_out: bool
    undated_left_out: int


@dataclass(frozen=True, slots=True)
class ArticleList:
    """A part of the articles that are wanted, and how many there are."""

    total: int
    offset: int
    limit: int
    undated_left_out: int
    articles: tuple[ArticleRecord, ...]


@dataclass(frozen=True, slots=True)
class WholeArticle:
    """An article version: its text, and each value with where it was found."""

    id: str
    title: Sourced
    source: Sourced | None
    authors: tuple[Sourced, ...]
    published: PublishedDate | None
    url: Sourced | None
    path: str
    language: str
    text: str
    body_start: int
    page_starts: tuple[int, ...]
    sha256: str
    file_sha256: str
    added_at: str
    passages: int
    state: ArticleState
    gold_answers: int


@dataclass(frozen=True, slots=True)
class Me:
    """Who asks: the name given, none where no password is needed, and whether it may edit."""

    name: str | None
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer, in one line."""

    error: str


SHAPES = (Answer, FoundPassages, ArticleList, WholeArticle, Me, Problem)


def schemas() -> dict[str, Json]:
    """The JSON Schema of each form by name."""
    made: dict[str, Json] = {}
    for shape in SHAPES:
        schema = TypeAdapter(shape).json_schema(mode="serialization", ref_template=REF)
        made |= schema.pop("$defs", {})
        made.setdefault(shape.__name__, schema)
    citation = made["Citation"]
    made.pop("Copy")
    unsent = {"passage_text", "copies"}  # for showing; not part of the JSON
    properties = citation["properties"]
    if isinstance(properties, dict):
        shown = {name: each for name, each in properties.items() if name not in unsent}
        citation["properties"] = shown | {"sentence_text": {"type": "string"}}
    for schema in made.values():  # every key is always there
        if isinstance(named := schema.get("properties"), dict):
            schema["required"] = list(named)
    return made
