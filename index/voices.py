"""Which live articles are one voice: clusters of texts that copy one another.

The clusters are what the live texts alone make of them: two are in one if a chain
of copies joins them. Every function here runs inside one transaction.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.duplicates import (
    METHOD,
    MINIMA,
    Sketch,
    Wording,
    are_copies,
    resembling,
    share_facts,
    sketch,
    wording,
)

_LIVE_TEXTS = "SELECT text_sha256 FROM article WHERE state = 'live'"
_WORDINGS_KEPT = 64  # of the texts that were compared last


@dataclass(frozen=True, slots=True)
class _Text:
    sha256: str
    sketch: Sketch
    cluster: str  # the first of the hashes in its cluster


def settle(connection: sqlite3.Connection) -> None:
    """Bring the clusters in line with the live articles, as each change of them must."""
    gone = connection.execute(
        f"""SELECT text_sha256, cluster FROM wording
            WHERE method != ? OR text_sha256 NOT IN ({_LIVE_TEXTS})""",
        (METHOD,),
    ).fetchall()
    connection.executemany(
        "DELETE FROM wording WHERE text_sha256 = ?", [(each[0],) for each in gone]
    )
    new = connection.execute(
        """SELECT DISTINCT text_sha256 FROM article WHERE state = 'live'
            AND text_sha256 NOT IN (SELECT text_sha256 FROM wording) ORDER BY text_sha256"""
    ).fetchall()
    if not gone and not new:
        return
    wording_of = _reader(connection)
    torn = {each["cluster"] for each in gone}  # may fall apart without what is gone
    known = _read(connection)
    placed = [text for text in known if text.cluster not in torn]
    loose = [text for text in known if text.cluster in torn]
    loose += [_Text(sha256, sketch(wording_of(sha256)), "") for (sha256,) in new]
    before = {text.sha256: text.cluster for text in known}
    _write(
        connection,
        (
            text
            for text in _clustered(placed, loose, wording_of)
            if before.get(text.sha256) != text.cluster
        ),
    )


def _reader(connection: sqlite3.Connection) -> Callable[[str], Wording]:
    @lru_cache(maxsize=_WORDINGS_KEPT)
    def read(sha256: str) -> Wording:
        row = connection.execute("SELECT text FROM article WHERE text_sha256 = ?", (sha256,))
        return wording(row.fetchone()[0])

    return read


def _clustered(
    placed: Sequence[_Text], loose: Sequence[_Text], wording_of: Callable[[str], Wording]
) -> list[_Text]:
    """All texts with their clusters, of which those of `placed` can only grow."""
    texts = [*placed, *loose]
    if not texts:
        return []
    minima = np.stack([text.sketch.minima for text in texts])  # (texts, MINIMA)
    firsts = {text.cluster: at for at, text in reversed([*enumerate(placed)])}
    joined = [firsts[text.cluster] for text in placed] + [*range(len(placed), len(texts))]

    def root(at: int) -> int:
        while joined[at] != at:
            joined[at] = at = joined[joined[at]]
        return at

    for at in range(len(placed), len(texts)):
        text = texts[at]
        for other in resembling(text.sketch.minima, minima[:at]).tolist():
            if root(other) != root(at) and _copies(text, texts[other], wording_of):
                joined[root(at)] = root(other)
    names: dict[int, str] = {}
    for at, text in enumerate(texts):
        names[root(at)] = min(names.get(root(at), text.sha256), text.sha256)
    return [_Text(text.sha256, text.sketch, names[root(at)]) for at, text in enumerate(texts)]


def _copies(one: _Text, other: _Text, wording_of: Callable[[str], Wording]) -> bool:
    # The facts alone tell apart the thousands that were written on one form.
    return share_facts(one.sketch, other.sketch) and are_copies(
        wording_of(one.sha256), wording_of(other.sha256)
    )


def _read(connection: sqlite3.Connection) -> list[_Text]:
    rows = connection.execute(
        "SELECT text_sha256, minima, shingles, facts, cluster FROM wording ORDER BY text_sha256"
    )
    return [
        _Text(
            sha256,
            Sketch(
                np.frombuffer(minima, dtype=np.uint8), shingles, np.frombuffer(facts, dtype="<u4")
            ),
            cluster,
        )
        for sha256, minima, shingles, facts, cluster in rows
        if len(minima) == MINIMA
    ]


def _write(connection: sqlite3.Connection, texts: Iterable[_Text]) -> None:
    connection.executemany(
        """INSERT OR REPLACE INTO wording (text_sha256, method, minima, shingles, facts, cluster)
            VALUES (?, ?, ?, ?, ?, ?)""",
        map(_row, texts),
    )


def _row(text: _Text) -> tuple[str, str, bytes, int, bytes, str]:
    sketch = text.sketch
    facts = sketch.facts.astype("<u4").tobytes()
    return text.sha256, METHOD, sketch.minima.tobytes(), sketch.shingles, facts, text.cluster


def are_settled(connection: sqlite3.Connection) -> bool:
    """Whether sketches and clusters are what the live texts give when all is done anew."""
    wording_of = _reader(connection)
    texts = connection.execute(f"{_LIVE_TEXTS} GROUP BY text_sha256").fetchall()
    anew = [_Text(sha256, sketch(wording_of(sha256)), "") for (sha256,) in texts]
    expected = _clustered([], anew, wording_of)
    rows = connection.execute(
        "SELECT text_sha256, method, minima, shingles, facts, cluster FROM wording"
    )
    return {tuple(row) for row in rows} == set(map(_row, expected))


def resettle(connection: sqlite3.Connection) -> None:
    """Make all sketches and clusters anew."""
    connection.execute("DELETE FROM wording")
    settle(connection)


def voices_of(connection: sqlite3.Connection, article_ids: Sequence[str]) -> dict[str, str]:
    """The voice of each article: the first of the ids in its cluster, its own if it is alone."""
    rows = connection.execute(
        """SELECT asked.id, min(other.id) FROM article AS asked
            JOIN wording AS its ON its.text_sha256 = asked.text_sha256
            JOIN wording AS near ON near.cluster = its.cluster
            JOIN article AS other ON other.text_sha256 = near.text_sha256 AND other.state = 'live'
            WHERE asked.id IN (SELECT value FROM json_each(?)) GROUP BY asked.id""",
        (json.dumps(list(article_ids)),),
    )
    found: dict[str, str] = dict(rows.fetchall())
    return {id_: found.get(id_, id_) for id_ in article_ids}


def copies_of(connection: sqlite3.Connection, article_id: str) -> tuple[str, ...]:
    """Ids of the other live articles of its cluster, in the order of adding."""
    rows = connection.execute(
        """SELECT other.id FROM article AS asked
            JOIN wording AS its ON its.text_sha256 = asked.text_sha256
            JOIN wording AS near ON near.cluster = its.cluster
            JOIN article AS other ON other.text_sha256 = near.text_sha256 AND other.state = 'live'
            WHERE asked.id = ?1 AND other.id != ?1 ORDER BY other.row""",
        (article_id,),
    )
    return tuple(id_ for (id_,) in rows)


def count_shared(connection: sqlite3.Connection) -> int:
    """How many voices have more than one live article."""
    (count,) = connection.execute(
        """SELECT count(*) FROM (SELECT 1 FROM wording
            JOIN article ON article.text_sha256 = wording.text_sha256 AND article.state = 'live'
            GROUP BY wording.cluster HAVING count(*) > 1)"""
    ).fetchone()
    return int(count)
