"""The citation record: all that is needed to print a citation, and to check it years later.

A record is what `footnote ask --json` writes of a citation, with the number of its form.
It stands alone: neither the library nor the articles are needed to read it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Self
from urllib.parse import quote as percent_encoded

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.types import Trust
from qa.errors import CitationError
from qa.types import Citation, Json

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can spell it, no text can hold it
VERSION = 1  # of the form of a record; a newer one is refused, an older one is read


class Stretch(BaseModel):
    """Where a part of an article lies, in code points of its text."""

    model_config = ConfigDict(frozen=True)

    start: int = Field(ge=0)
    end: int = Field(ge=0)  # exclusive


class CitationRecord(BaseModel):
    """One quotation with its place, its surroundings and its source.

    `article.text[start:end] == quote` in the version of the article whose text has the
    hash `article_sha256`; prefix and suffix are the code points before and after it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: int = Field(VERSION, ge=1)
    article_id: str = Field(min_length=1)
    article_sha256: str = Field(pattern="^[0-9a-f]{64}$")  # of the text's UTF-8 bytes
    file_sha256: str | None = None  # of the file's bytes
    path: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    quote: str = Field(min_length=1)
    prefix: str = ""
    suffix: str = ""
    sentence: Stretch
    sentence_text: str
    page: int | None = None
    title: str
    authors: tuple[str, ...] = ()
    source: str | None = None  # the outlet
    url: str | None = None
    published: str | None = None  # ISO 8601
    published_origin: str | None = None
    published_trust: Trust | None = None
    accessed: str | None = None  # the day on which the article was taken in, ISO 8601

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError(
                f"the quote has {len(self.quote)} characters, "
                f"and from {self.start} to {self.end} are {self.end - self.start}"
            )
        if not self.sentence.start <= self.start <= self.end <= self.sentence.end:
            raise ValueError("the quote does not lie in the sentence")
        return self

    def to_json(self) -> Json:
        """The record as it is written into files, with the address that leads to the words."""
        return self.model_dump(mode="json") | {"fragment_url": text_fragment(self)}


def record_of(citation: Citation) -> CitationRecord:
    """The record of a citation. Raises CitationError for one without a quote."""
    return _checked(citation.to_json(), f"citation {citation.n} of {citation.title!r}")


def read_records(content: str | bytes, where: str) -> list[CitationRecord]:
    """The records in JSON: a record, a list of them, or an answer with its citations.

    Or several of these one after another, as in JSON Lines. Of an answer those of its own
    citations, then of items and claims that stand elsewhere, each once. where: names the input in
    messages. Raises CitationError where there is none, one is damaged, or it was written by
    a newer version.
    """
    try:
        found = _values(content, where)
        records = [
            _checked(each, f"{where}, citation {number}")
            for number, each in enumerate(_records_in(found, where), start=1)
        ]
    except RecursionError as error:
        raise CitationError(f"{where}: is nested too deep: {_EXPECTED}") from error
    if not records and any(_is_unanswered(each) for each in found):
        raise CitationError(f"{where}: no question in it was answered, so there is nothing to cite")
    if not records:
        raise CitationError(f"{where}: holds no citation: {_EXPECTED}")
    return list(dict.fromkeys(records))


_EXPECTED = "give what 'footnote ask --json' printed, or a list of citation records"


def _values(content: str | bytes, where: str) -> list[object]:
    """Every JSON value in it; between them there may be white space."""
    found: list[object] = []
    try:
        if isinstance(content, bytes):
            content = content.decode(json.detect_encoding(content))
        text = content.removeprefix("\ufeff")
        position = _after_space(text, 0)
        while position < len(text) or not found:
            value, end = json.JSONDecoder().raw_decode(text, position)
            found.append(value)
            position = _after_space(text, end)
    except (ValueError, RecursionError) as error:
        raise CitationError(f"{where}: is no JSON ({error}): {_EXPECTED}") from error
    return found


def _after_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _is_unanswered(found: object) -> bool:
    if isinstance(found, list):
        return any(_is_unanswered(each) for each in found)
    return isinstance(found, dict) and found.get("answered") is False


def _records_in(found: object, where: str) -> Iterator[object]:
    if isinstance(found, list):
        for each in found:
            yield from _records_in(each, where)
    elif isinstance(found, dict) and "article_id" in found:
        yield found
    elif isinstance(found, dict) and "citations" in found:
        agreement = found.get("agreement")
        claims = agreement.get("claims") if isinstance(agreement, dict) else None
        for holder in (found, *_objects(found.get("items")), *_objects(claims)):
            citations = holder.get("citations")
            yield from citations if isinstance(citations, list) else ()
    else:
        raise CitationError(f"{where}: is no answer and no citation record: {_EXPECTED}")


def _objects(found: object) -> list[Json]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _checked(found: object, where: str) -> CitationRecord:
    version = found.get("version") if isinstance(found, dict) else None
    if isinstance(version, int | float) and version > VERSION:
        raise CitationError(
            f"{where}: is of form {version}, and this Footnote reads up to {VERSION}: "
            "update it with 'pip install -U footnote-qa'"
        )
    if _LONE_SURROGATE.search(json.dumps(found, ensure_ascii=False)):
        raise CitationError(f"{where}: holds half a character: {_EXPECTED}")
    try:
        return CitationRecord.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        reason = first["msg"].removeprefix("Value error, ")
        raise CitationError(
            f"{where}: {f'{place}: ' if place else ''}{reason}: {_EXPECTED}"
        ) from error


def text_fragment(record: CitationRecord) -> str | None:
    """The article's address with the quote in it, for browsers to scroll to and mark.

    A text directive (WICG Scroll to Text Fragment): the quote, with the words before and
    after it where it is short. None without an address that browsers open.
    """
    if not record.url or not record.url.startswith(("http://", "https://")):
        return None
    address, _, fragment = record.url.partition("#")
    before, after = _last_words(record.prefix), _first_words(record.suffix)
    parts = [f"{_encoded(before)}-"] if before else []
    parts += _quoted(record.quote)
    parts += [f"-{_encoded(after)}"] if after else []
    kept = fragment.partition(":~:")[0]
    return f"{address}#{kept}:~:text={','.join(parts)}"


_LONG = 80  # code points from which a quote is given by its beginning and its end
_WORDS = 3


def _quoted(quote: str) -> list[str]:
    words = quote.split()
    one_line = "\n" not in quote  # a directive's text lies in one block
    if one_line and (len(quote) <= _LONG or len(words) <= 2 * _WORDS):
        return [_encoded(" ".join(words))]
    first, last = quote.partition("\n")[0].split(), quote.rpartition("\n")[2].split()
    return [_encoded(" ".join(first[:_WORDS])), _encoded(" ".join(last[-_WORDS:]))]


def _last_words(prefix: str) -> str:
    """Whole words right before the quote, in its own line."""
    line = prefix.rpartition("\n")[2]
    words = line.split()
    return " ".join(words[1:][-_WORDS:]) if line == prefix else " ".join(words[-_WORDS:])


def _first_words(suffix: str) -> str:
    line = suffix.partition("\n")[0]
    words = line.split()
    return " ".join(words[:-1][:_WORDS]) if line == suffix else " ".join(words[:_WORDS])


def _encoded(words: str) -> str:
    """Percent-encoded, the marks that the directive itself uses too."""
    return percent_encoded(words, safe="").replace("-", "%2D")


def web_annotation(record: CitationRecord, *, created: str | None = None) -> Json:
    """The citation as a W3C Web Annotation (JSON-LD), with both text selectors.

    created: ISO 8601 time, where it is to be said.
    """
    target: Json = {
        "source": record.url or f"urn:sha256:{record.article_sha256}",
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": record.quote,
                "prefix": record.prefix,
                "suffix": record.suffix,
            },
            {"type": "TextPositionSelector", "start": record.start, "end": record.end},
        ],
    }
    annotation: Json = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"urn:footnote:{record.article_id}:{record.start}-{record.end}",
        "type": "Annotation",
        "motivation": "highlighting",
        "target": target,
    }
    return annotation | ({"created": created} if created else {})


def schema() -> Json:
    """The JSON Schema of a record, as `docs/citation.schema.json` gives it."""
    described = CitationRecord.model_json_schema(mode="serialization")
    described["properties"]["fragment_url"] = {
        "anyOf": [{"type": "string"}, {"type": "null"}],
        "description": "The url with a text directive that leads to the quote; not read back.",
    }
    return described


def records_json(records: Sequence[CitationRecord]) -> str:
    """The records as JSON that `read_records` reads."""
    return json.dumps([record.to_json() for record in records], ensure_ascii=False, indent=2)
