"""Article <-> row of the library, and the records that listings show."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.errors import LibraryError
from index.types import Article, Passage, PublishedDate, Sourced

ArticleState = Literal["live", "replaced", "removed"]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """One article version as a listing shows it."""

    id: str
    title: str
    source: str | None
    authors: tuple[str, ...]
    published: PublishedDate | None
    path: str
    added_at: str  # ISO 8601, UTC
    passages: int  # 0 unless live
    state: ArticleState
    gold_answers: int = 0  # accepted answers of gold items that stand in it
    url: str | None = None
    language: str = "en"  # ISO 639-1


_RECORD_COLUMNS = """id, title, source, authors, published, published_origin, published_trust,
    path, added_at, state, url, language,
    (SELECT count(*) FROM passage WHERE passage.article = article.row) AS passages,
    (SELECT count(*) FROM gold_answer WHERE gold_answer.article = article.row) AS gold_answers"""


def insert_article(connection: sqlite3.Connection, article: Article, *, added_at: str) -> int:
    """Store a live version; its row number comes back."""
    source, url, published = article.source, article.url, article.published
    day = published.day if published else ""
    values: dict[str, str | int | None] = {
        "id": article.id,
        "state": "live",
        "added_at": added_at,
        "text": article.text,
        "text_sha256": article.sha256,
        "file_sha256": article.file_sha256,
        "path": storable_path(article.path),
        "title": article.title.value,
        "title_origin": article.title.origin,
        "source": source.value if source else None,
        "source_origin": source.origin if source else None,
        "source_key": source_key(source.value) if source else None,
        "authors": json.dumps([[author.value, author.origin] for author in article.authors]),
        "url": url.value if url else None,
        "url_origin": url.origin if url else None,
        "published": published.value if published else None,
        "published_origin": published.origin if published else None,
        "published_trust": published.trust if published else None,
        "published_first": day + "0000-01-01"[len(day) :] if published else None,
        "published_last": day + "9999-12-31"[len(day) :] if published else None,
        "body_start": article.body_start,
        "page_starts": json.dumps(article.page_starts),
        "language": article.language,
    }
    columns, marks = ", ".join(values), ", ".join("?" * len(values))
    cursor = connection.execute(
        f"INSERT INTO article ({columns}) VALUES ({marks})", tuple(values.values())
    )
    return int(cursor.lastrowid or 0)


def insert_passages(
    connection: sqlite3.Connection, article: int, passages: Iterable[Passage], vectors: Vectors
) -> None:
    """Store an article's passages and their embeddings, row by row the same."""
    for passage, vector in zip(passages, vectors, strict=True):
        cursor = connection.execute(
            'INSERT INTO passage (article, start, "end", text) VALUES (?, ?, ?, ?)',
            (article, passage.start, passage.end, passage.text),
        )
        connection.execute(
            "INSERT INTO embedding (passage, vector) VALUES (?, ?)",
            (cursor.lastrowid, vector_bytes(vector)),
        )


def read_article(connection: sqlite3.Connection, row: int) -> Article:
    """The article version in this row, as it was added."""
    found = connection.execute("SELECT * FROM article WHERE row = ?", (row,)).fetchone()
    return Article(
        text=found["text"],
        title=Sourced(found["title"], found["title_origin"]),
        path=found["path"],
        file_sha256=found["file_sha256"],
        source=_sourced(found["source"], found["source_origin"]),
        authors=tuple(Sourced(name, origin) for name, origin in json.loads(found["authors"])),
        url=_sourced(found["url"], found["url_origin"]),
        published=_published(found),
        body_start=found["body_start"],
        page_starts=tuple(json.loads(found["page_starts"])),
        language=found["language"],
    )


def _sourced(value: str | None, origin: str) -> Sourced | None:
    return None if value is None else Sourced(value, origin)


def _published(row: sqlite3.Row) -> PublishedDate | None:
    if row["published"] is None:
        return None
    return PublishedDate(row["published"], row["published_origin"], row["published_trust"])


def read_records(
    connection: sqlite3.Connection, where: str = "state = 'live'", values: tuple[object, ...] = ()
) -> list[ArticleRecord]:
    """Records of the versions that the condition names, in the order of adding."""
    rows = connection.execute(
        f"SELECT {_RECORD_COLUMNS} FROM article WHERE {where} ORDER BY row", values
    )
    return [
        ArticleRecord(
            id=row["id"],
            title=row["title"],
            source=row["source"],
            authors=tuple(name for name, _ in json.loads(row["authors"])),
            published=_published(row),
            path=row["path"],
            added_at=row["added_at"],
            passages=row["passages"],
            state=row["state"],
            gold_answers=row["gold_answers"],
            url=row["url"],
            language=row["language"],
        )
        for row in rows
    ]


def find_row(
    connection: sqlite3.Connection,
    table: Literal["article", "gold"],
    id_prefix: str,
    *,
    unknown: str,
) -> tuple[int, str]:
    """Row and whole id of what has this id, or the only id that begins so.

    Raises LibraryError: `unknown` if there is none, or that there are several.
    """
    prefix = id_prefix.encode("utf-8", "replace").decode()  # half a surrogate pair has no form
    found = connection.execute(
        f"""SELECT row, id FROM {table} WHERE id >= ?1 AND id < ?1 || char(0x10FFFF)
            ORDER BY id != ?1, id LIMIT 4""",
        (prefix,),
    ).fetchall()
    if not found or not prefix:
        raise LibraryError(unknown)
    if len(found) > 1 and found[0]["id"] != prefix:
        ids = ", ".join(id_ for _, id_ in found)
        raise LibraryError(f"'{prefix}' begins several ids ({ids}, ...): write more of it")
    return found[0]["row"], found[0]["id"]


def vector_bytes(vector: Vectors) -> bytes:
    """An embedding as it is stored."""
    return vector.astype("<f4").tobytes()


def source_key(source: str) -> str:
    """What spellings of one name share: no case, one form of accents, no outer space."""
    storable = source.encode("utf-8", "replace").decode()  # half a surrogate pair has no form
    return unicodedata.normalize("NFKC", storable).casefold().strip()


def storable_path(path: str) -> str:
    """The path with the bytes that no encoding explains written as escapes."""
    return path.encode("utf-8", "backslashreplace").decode()
