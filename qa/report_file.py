"""A report in a file: YAML that a person can read, edit and keep under version control."""

import os
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from qa.errors import ReportError
from qa.report import VERSION, Report, first_problem
from qa.types import Json
from qa.whole_file import write_whole

MAX_BYTES = 64_000_000  # of a report file

_HEAD = "# A report by Footnote. Edit titles, notes and order as you like; leave the citations.\n"


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
        raise ReportError(f"{where}: {first_problem(error)}: mend it there") from error


def save_report(report: Report, path: Path, *, new: bool = False) -> None:
    """Write the report, whole or not at all.

    new: refuse to write over a file. Raises ReportError where that is not possible.
    """
    if new and os.path.exists(path):
        raise ReportError(f"{path}: is already there: name another file, or add to it")
    write_report_file(path, report_text(report).encode())


def report_text(report: Report) -> str:
    """What a report file holds."""
    text = yaml.dump(_told(report), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return _HEAD + text


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
