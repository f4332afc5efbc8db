"""Credit lines at an article's end: who reported, and from where."""

import re
from collections.abc import Sequence

from index.ingest.bylines import read_byline
from index.ingest.names import is_agency, is_outlet, is_person, people
from index.ingest.paragraphs import Paragraph

_PLACE = (
    r"(?:the\s+)?[A-ZÀ-Þ][\w.'’-]*(?:,?\s+(?:(?:and|of|the|near|on|upon|de|la|al|central|northern"
    r"|southern|eastern|western)\s+)*[A-ZÀ-Þ][\w.'’-]*){0,7}"
)
_VERB = r"(?:reported|contributed(?:\s+reporting)?|provided\s+reporting|wrote)"
_REPORTED = re.compile(
    rf"(?P<who>[^;]{{3,120}}?)\s+(?:also\s+)?(?P<verb>{_VERB}\s+)?(?:from|in)\s+{_PLACE}"
)
_CONTRIBUTED = re.compile(
    r"(?P<who>[^;]{3,160}?)\s+(?:also\s+)?contributed(?:\s+(?:additional\s+)?reporting)?"
    rf"(?:\s+(?:to|for)\s+this\s+(?:report|article|story|piece))?(?:\s+(?:from|in)\s+{_PLACE})?"
)
_BY = re.compile(
    r"(?P<what>(?:additional\s+|further\s+|with\s+|extra\s+)*(?:reporting|files|writing|editing"
    r"|compiled|photography|photographs?|photos?|graphics?|production|translation|translated"
    r"|reported|written|edited|words|text)(?:\s+and\s+(?:writing|editing|reporting))?"
    rf"(?:\s+in\s+{_PLACE})?)\s+(?:by|from)\s+(?P<who>\S.*)",
    re.IGNORECASE,
)
_NOT_AUTHOR = re.compile(r"edit|photo|graphic|production|translat", re.IGNORECASE)
_IS_AUTHOR = re.compile(r"report|writ|files|words|text|compiled", re.IGNORECASE)
_NEXT_CLAUSE = re.compile(r"\s*;\s*(?:and\s+)?|,\s+and\s+(?=[^,;]+\s(?:from|in)\s)")
_ONE_MORE = re.compile(
    r"\s+and\s+(?=[^,;]+?\s(?:reported\s+)?from\s)|,\s+(?=[^,;]+?\s(?:reported\s+)?from\s)"
)
_NEXT_TASK = re.compile(r"\s*[;|]\s*|[.,]\s+(?=(?:Writing|Editing|Additional|Photo)\w*\b)")
_PLACE_AFTER = re.compile(rf"\s+(?:in|from|at)\s+{_PLACE}$")
_TAIL = 8  # paragraphs from the end that a credit line may be among


def read_credit(line: str) -> tuple[str, ...] | None:
    """Who wrote, by a credit line: "A reported from Kabul, and B from Herat" and the like.

    Empty for a line that credits only editors or photographers; None for any
    line that is not wholly understood as a credit.
    """
    line = line.strip().strip("*_").strip().strip("()[]").rstrip(". ").strip()
    if not 8 <= len(line) <= 300:
        return None
    if re.match(r"(?:Written |Reported |Story |Words )?[Bb]y ", line):
        signed = read_byline(line)
        return (signed.authors or None) if signed else None
    credited = _by_task(line)
    if credited is not None:
        return credited
    return _by_place(line) or _contributors(line) or None


def without_credits(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], tuple[str, ...]]:
    """The paragraphs without the credit lines near their end, and the authors these name."""
    kept: list[Paragraph] = []
    authors: list[str] = []
    first = max(len(paragraphs) - _TAIL, 1)  # an article is never all credits
    for n, one in enumerate(paragraphs):
        credited = read_credit(one.text) if n >= first else None
        if credited is None:
            kept.append(one)
        else:
            authors += [name for name in credited if name not in authors]
    return kept, tuple(authors)


def _by_place(line: str) -> tuple[str, ...]:
    """Names in "A reported from X, and B from Y"; empty if one clause is anything else."""
    if not re.search(rf"\b{_VERB}\b", line):
        return ()
    names: list[str] = []
    for clause in _clauses(line):
        found = _REPORTED.fullmatch(clause)
        who = _named(found["who"] if found else clause)
        if not who:
            return ()
        names += who
    return tuple(names)


def _clauses(line: str) -> list[str]:
    return [
        part.strip()
        for clause in _NEXT_CLAUSE.split(line)
        for part in _ONE_MORE.split(clause)
        if part.strip()
    ]


def _contributors(line: str) -> tuple[str, ...]:
    found = _CONTRIBUTED.fullmatch(line)
    return _named(_PLACE_AFTER.sub("", found["who"])) if found else ()


def _by_task(line: str) -> tuple[str, ...] | None:
    """Authors in "Reporting by A and B in Kabul; editing by C"; None if it is no such line."""
    authors: list[str] = []
    for clause in _NEXT_TASK.split(line):
        found = _BY.fullmatch(clause.strip())
        who = _named(_PLACE_AFTER.sub("", found["who"])) if found else ()
        if found is None or not who:
            return None
        if _IS_AUTHOR.search(found["what"]) and not _NOT_AUTHOR.match(found["what"]):
            authors += who
    return tuple(authors)


def _named(text: str) -> tuple[str, ...]:
    """Names of people, agencies among them left as they are; empty if anything else is there."""
    text = re.sub(r"^(?:and|with)\s+", "", text.strip())
    text = re.sub(r",?\s+(?:of|for)\s+(?:the\s+)?[A-Z][\w .]{2,40}$", "", text)
    if is_agency(text) or (is_outlet(text) and not is_person(text)):
        return (text,)
    return people(text)
