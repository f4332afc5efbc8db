"""The outlets and authors that filters can name, and filters that can let nothing through."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from index.errors import FilterError
from index.rows import source_key
from index.types import Filters

MOST_NAMED = 8  # names in an error; of more only the nearest by spelling
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Choices:
    """What filters can name: outlets and authors of live articles, in the order of the alphabet."""

    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


def choices(connection: sqlite3.Connection) -> Choices:
    """All outlets and authors; of spellings that a filter takes for one only the first."""
    return Choices(_sources(connection), _authors(connection))


def _sources(connection: sqlite3.Connection) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT DISTINCT source FROM article WHERE state = 'live' AND source IS NOT NULL"
    )
    return _distinct(name for (name,) in rows)


def _authors(connection: sqlite3.Connection) -> tuple[str, ...]:
    return _distinct(name for line in _bylines(connection) for name in _names(line))


def _bylines(connection: sqlite3.Connection) -> list[str]:
    """The authors of live articles as they are stored, each list once."""
    rows = connection.execute("SELECT DISTINCT authors FROM article WHERE state = 'live'")
    return [line for (line,) in rows]


def _names(byline: str) -> list[str]:
    return [name for name, _ in json.loads(byline)]


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    firsts: dict[str, str] = {}
    for name in sorted(names):
        firsts.setdefault(source_key(name), name)
    return tuple(firsts[key] for key in sorted(firsts))


def bylines_with(connection: sqlite3.Connection, authors: Sequence[str]) -> list[str]:
    """The stored lists of authors that hold any of these, by full name and without case."""
    wanted = {source_key(author) for author in authors}
    return [
        line
        for line in _bylines(connection)
        if any(source_key(name) in wanted for name in _names(line))
    ]


def refuse_senseless(connection: sqlite3.Connection, filters: Filters) -> None:
    """Raise FilterError for a name that no article has, and for filters that exclude one another.

    Filters that leave no article, though each alone leaves some, are no error. An
    empty library refuses no name.
    """
    if filters.after and filters.before and filters.after > filters.before:
        raise FilterError(
            f"after {filters.after} and before {filters.before} leave no day between them: "
            "give an earlier day to start from, or a later one to end with"
        )
    if not (filters.sources or filters.authors) or _is_empty(connection):
        return
    _refuse_unknown(filters.sources, "is from", "sources", lambda: _sources(connection))
    _refuse_unknown(filters.authors, "is by", "authors", lambda: _authors(connection))
    if filters.sources and filters.authors:
        _refuse_strangers(connection, filters)


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM article WHERE state = 'live'").fetchone() is None


def _refuse_unknown(
    asked: Sequence[str], relation: str, kind: str, known: Callable[[], tuple[str, ...]]
) -> None:
    names = known() if asked else ()
    keys = {source_key(name): name for name in names}
    for name in asked:
        if source_key(name) not in keys:
            instead = _instead(name, keys, kind)
            raise FilterError(f"no article {relation} {_quoted(name)}: {instead}")


def _instead(asked: str, known: dict[str, str], kind: str) -> str:
    if not known:
        return f"no article in the library names its {kind[:-1]}"
    if len(known) == 1:
        return f"the only {kind[:-1]} is {_listed(list(known.values()), 'and')}"
    if len(known) <= MOST_NAMED:
        return f"the {kind} are {_listed(list(known.values()), 'and')}"
    near = get_close_matches(source_key(asked), known, n=_NEAREST, cutoff=0.5)
    if not near:
        return (
            f"none of the {len(known)} {kind} is spelt like it; 'footnote list' shows the articles"
        )
    return f"did you mean {_listed([known[key] for key in near], 'or')}?"


def _quoted(name: str) -> str:
    """On one line, and without half surrogate pairs, which no terminal can show."""
    return f"'{' '.join(name.encode('utf-8', 'replace').decode().split())}'"


def _listed(names: Sequence[str], last: str) -> str:
    quoted = list(map(_quoted, names))
    return f" {last} ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def _refuse_strangers(connection: sqlite3.Connection, filters: Filters) -> None:
    """Each exists; whether any article has both."""
    keys = {source_key(source) for source in filters.sources}
    theirs: set[str] = set()
    rows = connection.execute(
        "SELECT DISTINCT authors, source_key FROM article WHERE state = 'live'"
    )
    for line, source in rows:
        if source in keys:
            theirs.update(_names(line))
    known = _distinct(theirs)
    if {source_key(name) for name in known} & {source_key(name) for name in filters.authors}:
        return
    asked = _listed(filters.sources, "or"), _listed(filters.authors, "or")
    together = "no article from {} is by {}".format(*asked)
    if not known:
        raise FilterError(f"{together}: none from there names its author")
    some = f"'footnote list' shows the {len(known)} authors there"
    theirs_are = f"the authors there are {_listed(known, 'and')}"
    raise FilterError(f"{together}: {theirs_are if len(known) <= MOST_NAMED else some}")
