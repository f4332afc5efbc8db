"""The articles of a library as JSON, whole or in a list that was narrowed down; pure."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from index.rows import ArticleRecord, source_key
from index.types import Article
from qa.types import Json


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles a list shows. Days are inclusive, `YYYY-MM-DD`."""

    words: str = ""  # each stands in headline, outlet, authors or path; without case
    sources: tuple[str, ...] = ()  # outlets, compared without case; empty: all
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The articles that are wanted, in the order in which they came."""

    records: tuple[ArticleRecord, ...]
    undated_left_out: int  # that only their missing date shut out


def narrowed(records: Iterable[ArticleRecord], wanted: Wanted) -> Narrowed:
    """The records that are wanted; those without a date are counted where days are given."""
    words = source_key(wanted.words).split()
    sources = {source_key(source) for source in wanted.sources}
    named = [each for each in records if _is_named(each, words, sources)]
    if not (wanted.after or wanted.before):
        return Narrowed(tuple(named), 0)
    dated = tuple(each for each in named if _lies_between(each, wanted.after, wanted.before))
    return Narrowed(dated, sum(1 for each in named if each.published is None))


def _is_named(record: ArticleRecord, words: list[str], sources: set[str]) -> bool:
    if sources and source_key(record.source or "") not in sources:
        return False
    if not words:
        return True
    known = (record.title, record.source or "", *record.authors, record.path)
    searched = source_key("\n".join(known))
    return all(word in searched for word in words)


def _lies_between(record: ArticleRecord, after: str | None, before: str | None) -> bool:
    """Whether any day that the date may mean lies between them; "2019-11" means thirty."""
    if record.published is None:
        return False
    day = record.published.day
    first, last = day + "0000-01-01"[len(day) :], day + "9999-12-31"[len(day) :]
    return (after is None or last >= after) and (before is None or first <= before)


def record_json(record: ArticleRecord) -> Json:
    """The record as in `footnote list --json`."""
    return dataclasses.asdict(record)


def whole_json(article: Article, record: ArticleRecord) -> Json:
    """The article as in `footnote show --json`: all of its text and metadata, with origins."""
    whole = dataclasses.asdict(record) | dataclasses.asdict(article)
    return whole | {"sha256": article.sha256}
