"""Which live articles are one voice: clusters of texts that copy one another.

The clusters are what the live texts alone make of them: two are in one if a chain
of copies joins them. Every function here runs inside one transaction.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from index.duplicates import (
    METHOD,
    MINIMA,
    Minima,
    Sketch,
    Wording,
    are_copies,
    resembling,
    share_facts,
    sketch,
    wording,
)

_LIVE_TEXTS = "SELECT text_sha256 FROM article WHERE state = 'live'"
_IS_LIVE = f"EXISTS ({_LIVE_TEXTS} AND text_sha256 = wording.text_sha256)"
# CROSS JOIN keeps this order, each table found by an index: left to itself SQLite reads all
# live articles instead, some 10 ms of every 10,000.
_OF_ITS_CLUSTER = """
    CROSS JOIN wording AS its ON its.text_sha256 = asked.text_sha256
    CROSS JOIN wording AS near ON near.cluster = its.cluster
    CROSS JOIN article AS other ON other.text_sha256 = near.text_sha256 AND other.state = 'live'"""
_WORDINGS_KEPT = 64  # of the texts that were compared last


@dataclass(frozen=True, slots=True)
class _Text:
    sha256: str
    sketch: Sketch
    cluster: str  # the first of the hashes in its cluster; its own before it is compared


def settle(connection: sqlite3.Connection, touched: Collection[str] | None = None) -> None:
    """Bring the clusters in line with the live articles, as each change of them must.

    touched: hashes of the texts that can have come to life or gone; None: any can.
    """
    gone, new = _changes(connection, touched)
    if not gone and not new:
        return
    connection.executemany(
        "DELETE FROM wording WHERE text_sha256 = ?", [(sha256,) for sha256, _ in gone]
    )
    torn = json.dumps([cluster for _, cluster in gone])  # may fall apart without what is gone
    wording_of = _reader(connection)
    loose = [
        replace(text, cluster=text.sha256)
        for text in _read(connection, "cluster IN (SELECT value FROM json_each(?))", torn)
    ]
    loose += [_Text(sha256, sketch(wording_of(sha256)), sha256) for sha256 in new]
    # Of all the others only what every comparison begins with: there can be very many.
    placed = connection.execute(
        """SELECT text_sha256, minima FROM wording WHERE length(minima) = ?
            AND cluster NOT IN (SELECT value FROM json_each(?)) ORDER BY text_sha256""",
        (MINIMA, torn),
    ).fetchall()

    def placed_text(at: int) -> _Text:
        (text,) = _read(connection, "text_sha256 = ?", placed[at][0])
        return text

    minima = np.frombuffer(b"".join(each[1] for each in placed), dtype=np.uint8)
    names = _joined(minima.reshape(-1, MINIMA), placed_text, loose, wording_of)
    _write(connection, [replace(text, cluster=names[text.cluster]) for text in loose])
    connection.executemany(
        "UPDATE wording SET cluster = ? WHERE cluster = ?",
        [(name, was) for was, name in names.items() if was != name],
    )


def _changes(
    connection: sqlite3.Connection, touched: Collection[str] | None
) -> tuple[list[tuple[str, str]], list[str]]:
    """Texts with their clusters that are no longer live or sketched in another way; new texts."""
    one = connection.execute("SELECT method FROM wording LIMIT 1").fetchone()
    if touched is None or (one and one["method"] != METHOD):  # they are all made in one way
        among, values = "TRUE", []
    else:
        among, values = "text_sha256 IN (SELECT value FROM json_each(?))", [json.dumps([*touched])]
    gone = connection.execute(
        f"""SELECT text_sha256, cluster FROM wording
            WHERE {among} AND (method != ? OR NOT {_IS_LIVE})""",
        (*values, METHOD),
    ).fetchall()
    new = connection.execute(
        f"""SELECT DISTINCT text_sha256 FROM article WHERE state = 'live' AND {among}
            AND NOT EXISTS (SELECT 1 FROM wording AS known
                WHERE known.text_sha256 = article.text_sha256 AND known.method = ?)
            ORDER BY text_sha256""",
        (*values, METHOD),
    ).fetchall()
    return [(sha256, cluster) for sha256, cluster in gone], [sha256 for (sha256,) in new]


def _reader(connection: sqlite3.Connection) -> Callable[[str], Wording]:
    @lru_cache(maxsize=_WORDINGS_KEPT)
    def read(sha256: str) -> Wording:
        row = connection.execute("SELECT text FROM article WHERE text_sha256 = ?", (sha256,))
        return wording(row.fetchone()[0])

    return read


def _joined(
    placed: Minima,
    placed_text: Callable[[int], _Text],
    loose: Sequence[_Text],
    wording_of: Callable[[str], Wording],
) -> dict[str, str]:
    """The new name of each cluster that was compared: of each loose text, and what it joins.

    placed: minima of the texts whose clusters can only grow, shape (texts, MINIMA).
    placed_text: one of these.
    """
    minima = np.concatenate([placed, *(text.sketch.minima[None, :] for text in loose)])
    names = {text.cluster: text.cluster for text in loose}

    def first(name: str) -> str:
        while names.setdefault(name, name) != name:
            name = names[name]
        return name

    for at, text in enumerate(loose, len(placed)):
        for near in resembling(text.sketch.minima, minima[:at]).tolist():
            other = placed_text(near) if near < len(placed) else loose[near - len(placed)]
            one, two = sorted((first(text.cluster), first(other.cluster)))
            if one != two and _copies(text, other, wording_of):
                names[two] = one
    return {name: first(name) for name in names}


def _copies(one: _Text, other: _Text, wording_of: Callable[[str], Wording]) -> bool:
    # The facts alone tell apart the thousands that were written on one form.
    return share_facts(one.sketch, other.sketch) and are_copies(
        wording_of(one.sha256), wording_of(other.sha256)
    )


def _read(connection: sqlite3.Connection, where: str, value: str) -> list[_Text]:
    rows = connection.execute(
        f"""SELECT text_sha256, minima, shingles, facts, cluster FROM wording
            WHERE {where} ORDER BY text_sha256""",
        (value,),
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
    anew = [_Text(sha256, sketch(wording_of(sha256)), sha256) for (sha256,) in texts]
    names = _joined(np.zeros((0, MINIMA), np.uint8), anew.__getitem__, anew, wording_of)
    expected = (_row(replace(text, cluster=names[text.cluster])) for text in anew)
    rows = connection.execute(
        "SELECT text_sha256, method, minima, shingles, facts, cluster FROM wording"
    )
    return {tuple(row) for row in rows} == set(expected)


def resettle(connection: sqlite3.Connection) -> None:
    """Make all sketches and clusters anew."""
    connection.execute("DELETE FROM wording")
    settle(connection)


def voices_of(connection: sqlite3.Connection, article_ids: Sequence[str]) -> dict[str, str]:
    """The voice of each article: the first of the ids in its cluster, its own if it is alone."""
    rows = connection.execute(
        f"""SELECT asked.id, min(other.id) FROM json_each(?) AS given
            CROSS JOIN article AS asked ON asked.id = given.value {_OF_ITS_CLUSTER}
            GROUP BY asked.id""",
        (json.dumps(list(article_ids)),),
    )
    found: dict[str, str] = dict(rows.fetchall())
    return {id_: found.get(id_, id_) for id_ in article_ids}


def copies_of(connection: sqlite3.Connection, article_id: str) -> tuple[str, ...]:
    """Ids of the other live articles of its cluster, in the order of adding."""
    rows = connection.execute(
        f"""SELECT other.id FROM article AS asked {_OF_ITS_CLUSTER}
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
