"""A report: questions with their cited answers and the writer's notes, in one readable file.

The file is YAML that a person can read, edit and keep under version control. It holds
the citation records whole, so that it needs no library to be printed or checked.
Knows nothing of how a report looks.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from qa.cite import CitationRecord, read_records
from qa.errors import ReportError
from qa.types import AgreementStatus, Answer, Json
from qa.whole_file import write_whole

VERSION = 1  # of the file's form; a newer one is refused
MAX_BYTES = 64_000_000  # of a report file

_HEAD = "# A report by Footnote. Edit titles, notes and order as you like; leave the citations.\n"


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, found: object) -> object:
        """What was wiped by hand, as in `note:`, is as if it were not there."""
        if not isinstance(found, dict):
            return found
        return {name: value for name, value in found.items() if value is not None}


class Cited(_Form):
    """Words with the numbers of the item's citations that give them, from 1."""

    words: str
    cited: tuple[int, ...] = ()


class Stated(Cited):
    """One value that sources give, and how many of them do."""

    articles: int = Field(default=1, ge=1)


class ReportItem(_Form):
    """A question with what the articles answer, word for word."""

    question: str = Field(min_length=1)
    answer: str = ""  # empty: the articles do not answer it
    cited: tuple[int, ...] = ()  # numbers of the citations that give it
    confidence: float | None = Field(default=None, ge=0, le=1)
    note: str = ""  # the writer's own words
    status: AgreementStatus = "none"
    claims: tuple[Stated, ...] = ()  # more than one: sources disagree
    parts: tuple[Cited, ...] = ()  # the several things that a question asked for
    citations: tuple[CitationRecord, ...] = ()

    @model_validator(mode="after")
    def _counted(self) -> Self:
        numbers = {*self.cited, *(n for each in (*self.claims, *self.parts) for n in each.cited)}
        wrong = sorted(n for n in numbers if not 1 <= n <= len(self.citations))
        if wrong:
            raise ValueError(f"citation {wrong[0]} is named, and there are {len(self.citations)}")
        if self.answer and not self.cited:
            raise ValueError("an answer without a citation")
        for words, cited in self._quoted():
            if words not in {self.citations[n - 1].quote for n in cited}:
                raise ValueError(f"{words!r} is not what the citations quote: leave their words")
        return self

    def _quoted(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """All words that are printed as an article's, with the citations that hold them."""
        if self.answer:
            yield self.answer, self.cited
        for each in (*self.claims, *self.parts):
            yield each.words, each.cited


class Report(_Form):
    """Titles, notes and items, in the order in which they are printed."""

    footnote_report: int = Field(default=VERSION, ge=1)
    title: str = Field(min_length=1)
    style: str = "apa"
    note: str = ""  # before the first item
    items: tuple[ReportItem, ...] = ()

    @field_validator("title")
    @classmethod
    def _not_blank(cls, title: str) -> str:
        if not title.strip():
            raise ValueError("is empty")
        return title

    @property
    def records(self) -> tuple[CitationRecord, ...]:
        """Every citation once, in the order of the items."""
        return tuple(dict.fromkeys(record for item in self.items for record in item.citations))

    def adding(self, *items: ReportItem) -> Self:
        """With these at the end."""
        return self._with(items=(*self.items, *items))

    def noting(self, number: int | None, note: str) -> Self:
        """With this note at an item, from 1, or before them all. Empty: without a note there."""
        if number is None:
            return self._with(note=note)
        at = self._at(number)
        noted = self.items[at].model_copy(update={"note": note})
        return self._with(items=(*self.items[:at], noted, *self.items[at + 1 :]))

    def moving(self, number: int, to: int) -> Self:
        """With that item at another place, both from 1."""
        at, there = self._at(number), self._at(to)
        rest = [item for n, item in enumerate(self.items) if n != at]
        return self._with(items=(*rest[:there], self.items[at], *rest[there:]))

    def removing(self, number: int) -> Self:
        """Without that item, from 1."""
        at = self._at(number)
        return self._with(items=(*self.items[:at], *self.items[at + 1 :]))

    def _at(self, number: int) -> int:
        if not 1 <= number <= len(self.items):
            has = f"items 1 to {len(self.items)}" if self.items else "no items yet"
            raise ReportError(f"the report has no item {number}: it has {has}")
        return number - 1

    def _with(self, **changed: object) -> Self:
        return self.model_copy(update=changed)


def item_of(answer: Answer) -> ReportItem:
    """An answer as an item of a report."""
    return _item(answer.to_json(), f"the answer to {answer.question!r}")


def read_items(
    content: str | bytes, where: str, *, on_unasked: Callable[[str], None] = lambda said: None
) -> list[ReportItem]:
    """Items from what `footnote ask --json` or `batch` printed: an answer, or one a line.

    What `batch` could not ask is passed over, and told to on_unasked in one line. where:
    names the input in messages. Raises ReportError where it is neither, CitationError where
    a citation in it is damaged.
    """
    text = content if isinstance(content, str) else content.decode("utf-8-sig", "replace")
    try:
        answers = [json.loads(text)]
    except ValueError:
        answers = [_line(line, f"{where}, line {n}") for n, line in _lines(text)]
    if not answers:
        raise ReportError(f"{where}: is empty: {_EXPECTED}")
    items = []
    for number, answer in enumerate(answers, start=1):
        named = f"{where}, answer {number}"
        if isinstance(answer, dict) and isinstance(answer.get("error"), str):
            on_unasked(f"{named}: {answer['error']}")
        else:
            items.append(_item(answer, named))
    return items


_EXPECTED = "give what 'footnote ask --json' or 'footnote batch' printed"


def _lines(text: str) -> list[tuple[int, str]]:
    return [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]


def _line(line: str, where: str) -> object:
    try:
        return json.loads(line)
    except ValueError as error:
        raise ReportError(f"{where}: is no JSON ({error}): {_EXPECTED}") from error


def _item(answer: object, where: str) -> ReportItem:
    """An item from an answer's JSON, its citations numbered anew without repeats."""
    if not isinstance(answer, dict) or "question" not in answer or "citations" not in answer:
        raise ReportError(f"{where}: is no answer: {_EXPECTED}")
    records: list[CitationRecord] = []
    agreement = answer.get("agreement") or {}
    try:
        return ReportItem(
            question=answer["question"],
            answer=answer.get("answer") or "",
            cited=_numbers(answer["citations"], records, where),
            confidence=answer.get("confidence") if answer.get("answered") else None,
            status=agreement.get("status", "none"),
            claims=tuple(
                Stated(
                    words=claim["value"],
                    articles=claim["articles"],
                    cited=_numbers(claim["citations"], records, where),
                )
                for claim in agreement.get("claims", ())
            ),
            parts=tuple(
                Cited(words=part["answer"], cited=_numbers(part["citations"], records, where))
                for part in answer.get("items", ())
            ),
            citations=tuple(records),
        )
    except ValidationError as error:
        raise ReportError(f"{where}: {_first(error)}: {_EXPECTED}") from error
    except (AttributeError, KeyError, TypeError) as error:
        raise ReportError(f"{where}: is no whole answer ({error!r}): {_EXPECTED}") from error


def _numbers(
    citations: Sequence[Json], records: list[CitationRecord], where: str
) -> tuple[int, ...]:
    """The numbers of these citations among the records, which grow by those not yet there."""
    found = read_records(json.dumps(citations), where) if citations else []
    records += [record for record in found if record not in records]
    return tuple(records.index(record) + 1 for record in found)


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    place = _place(first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "string_type":
        reason = "is no text: put it in quotes"
    return f"{place}: {reason}" if place else reason


def _place(location: Sequence[int | str]) -> str:
    """Counted from 1, as commands count: "item 2, note"."""
    names: list[str] = []
    for step in location:
        if isinstance(step, int) and names:
            names[-1] = f"{names[-1].removesuffix('s')} {step + 1}"
        else:
            names.append(str(step))
    return ", ".join(names)


def load_report(path: Path) -> Report:
    """The report in this file.

    Raises ReportError where it cannot be read, is no report, or is of a newer form.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ReportError(
                f"{path}: is too large for a report ({MAX_BYTES // 10**6} MB at most)"
            )
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ReportError(
            f"{path}: cannot be read ({reason}): make one with 'footnote report new'"
        ) from error
    return read_report(text, str(path))


def read_report(text: str, where: str) -> Report:
    """The report in the text of a report file; where: names it in messages. Errors as above."""
    try:
        found = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        line = f" in line {mark.line + 1}" if mark else ""
        reason = f" ({_PROBLEMS.get(problem, problem)})" if problem else ""
        raise ReportError(
            f"{where}: is no report: it is damaged{line}{reason}: mend it there"
        ) from error
    return _checked(found, where)


_PROBLEMS = {"mapping values are not allowed here": "text with a colon in it stands in quotes"}


def _checked(found: object, where: str) -> Report:
    if not isinstance(found, dict) or "footnote_report" not in found:
        raise ReportError(f"{where}: is no report: make one with 'footnote report new'")
    version = found["footnote_report"]
    if isinstance(version, int) and version > VERSION:
        raise ReportError(
            f"{where}: is a report of form {version}, and this Footnote reads up to {VERSION}: "
            "update it with 'pip install -U footnote-qa'"
        )
    try:
        return Report.model_validate(found)
    except ValidationError as error:
        raise ReportError(f"{where}: {_first(error)}: mend it there") from error


def save_report(report: Report, path: Path, *, new: bool = False) -> None:
    """Write the report, whole or not at all.

    new: refuse to write over a file. Raises ReportError where that is not possible.
    """
    if new and path.exists():
        raise ReportError(f"{path}: is already there: name another file, or add to it")
    text = yaml.dump(_told(report), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    write_report_file(path, (_HEAD + text).encode())


def _told(report: Report) -> Json:
    """What is not as it is by default, and always the numbers of the forms."""
    told = report.model_dump(mode="json", exclude_defaults=True)
    for item, shown in zip(report.items, told.get("items", ()), strict=True):
        for record, citation in zip(item.citations, shown.get("citations", ()), strict=True):
            citation["version"] = record.version
    return {"footnote_report": report.footnote_report, "title": report.title} | told


def write_report_file(path: Path, content: bytes) -> None:
    """Write it whole or not at all. Raises ReportError where it cannot be."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise ReportError(
            f"{path}: cannot be written ({error.strerror}): name a file in a folder of yours"
        ) from error


class _Loader(yaml.SafeLoader):
    """Plain values alone, and no aliases: a small file must not unfold into a huge one.

    Nor a name twice, of which YAML would keep the last and drop the other without a word.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names: set[str] = set()
        for name in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if name.value in names:
                raise yaml.constructor.ConstructorError(
                    None, None, f"'{name.value}' stands there twice", name.start_mark
                )
            names.add(name.value)
        return super().construct_mapping(node, deep=deep)

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


# Days stay text: 2019-11-06 is what a citation says, whatever YAML makes of it.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if "timestamp" not in tag]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Dumper(yaml.SafeDumper):
    """Lines as lines, numbers side by side: a file that people read."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    # Of what is no printable line PyYAML reads back only what is quoted and escaped.
    lines = text.split("\n")
    printable = all(line.isprintable() for line in lines)
    block = len(lines) > 1 and bool(text[:1].strip()) and all(x == x.rstrip() for x in lines)
    style = None if printable and len(lines) == 1 else "|" if printable and block else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _list(dumper: yaml.SafeDumper, items: list[object]) -> yaml.Node:
    short = all(isinstance(item, int) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)
