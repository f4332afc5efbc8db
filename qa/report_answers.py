"""Answers to items of a report, as the assistant gives them or as commands have printed them."""

import json
from collections.abc import Callable, Sequence

from pydantic import ValidationError

from qa.cite import CitationRecord, read_records
from qa.errors import ReportError
from qa.report import Cited, ReportItem, Stated, first_problem
from qa.types import Answer, Json


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
    return [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]


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
        raise ReportError(f"{where}: {first_problem(error)}: {_EXPECTED}") from error
    except (AttributeError, KeyError, TypeError) as error:
        raise ReportError(f"{where}: is no whole answer ({error!r}): {_EXPECTED}") from error


def _numbers(
    citations: Sequence[Json], records: list[CitationRecord], where: str
) -> tuple[int, ...]:
    """The numbers of these citations among the records, which grow by those not yet there."""
    found = read_records(json.dumps(citations), where) if citations else []
    records += [record for record in found if record not in records]
    return tuple(records.index(record) + 1 for record in found)
