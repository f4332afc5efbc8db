"""Gold items: rows of questions, and of where the answers stand that are accepted for them.

Knows how they are kept, and nothing of asking. Every function runs inside one transaction.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.errors import LibraryError
from index.types import Passage


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """An accepted answer: `article.text[start:end] == text` in its version, which never changes."""

    article_id: str
    start: int  # code points into the article's text, inclusive
    end: int  # exclusive
    text: str
    added_at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class GoldItem:
    """A question and all answers accepted for it; without any the library holds no answer."""

    id: str
    question: str
    answers: tuple[GoldAnswer, ...]  # in the order of adding
    added_at: str  # ISO 8601, UTC

    @property
    def answerable(self) -> bool:
        """Whether the library is said to hold an answer."""
        return bool(self.answers)


def item_id(question: str) -> str:
    """16 hex digits derived from the question's words: the same in every library."""
    return hashlib.sha256(question.encode()).hexdigest()[:16]


def read_gold(connection: sqlite3.Connection, row: int | None = None) -> list[GoldItem]:
    """All items in the order of adding, or the one in this row."""
    answers: dict[int, list[GoldAnswer]] = {}
    for gold, *answer in connection.execute(
        """SELECT gold, article.id, start, "end", gold_answer.text, gold_answer.added_at
            FROM gold_answer JOIN article ON article.row = gold_answer.article
            WHERE ?1 IS NULL OR gold = ?1 ORDER BY gold_answer.row""",
        (row,),
    ):
        answers.setdefault(gold, []).append(GoldAnswer(*answer))
    return [
        GoldItem(id_, question, tuple(answers.get(gold, ())), added_at)
        for gold, id_, question, added_at in connection.execute(
            """SELECT row, id, question, added_at FROM gold
                WHERE ?1 IS NULL OR row = ?1 ORDER BY row""",
            (row,),
        )
    ]


def insert_gold(
    connection: sqlite3.Connection, question: str, answers: Sequence[Passage]
) -> tuple[GoldItem, bool]:
    """Accept these answers besides those that there are; without any there is none to accept.

    The whole item comes back, and whether any of it is new. Raises LibraryError if
    an answer does not stand where it says, or where a question would have an answer and none.
    """
    id_, now = item_id(question), datetime.now(UTC).isoformat(timespec="seconds")
    held = connection.execute("SELECT row FROM gold WHERE id = ?", (id_,)).fetchone()
    if held:
        (item,) = read_gold(connection, held["row"])
        _refuse_contradiction(item, answers)
        row = held["row"]
    else:
        row = connection.execute(
            "INSERT INTO gold (id, question, added_at) VALUES (?, ?, ?)", (id_, question, now)
        ).lastrowid
    before = connection.total_changes
    for answer in answers:
        connection.execute(
            """INSERT INTO gold_answer (gold, article, start, "end", text, added_at)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
            (row, _article_row(connection, answer), answer.start, answer.end, answer.text, now),
        )
    (item,) = read_gold(connection, row)
    return item, held is None or connection.total_changes > before


def _refuse_contradiction(item: GoldItem, answers: Sequence[Passage]) -> None:
    if item.answerable == bool(answers):
        return
    count = len(item.answers)
    has = f"has {count} accepted answer{'s' * (count > 1)}" if count else "is held to have none"
    raise LibraryError(
        f"the question '{item.question}' {has}: 'footnote gold remove {item.id}' first"
    )


def _article_row(connection: sqlite3.Connection, answer: Passage) -> int:
    """The row of its article. Raises LibraryError unless it stands there."""
    found = connection.execute(
        "SELECT row, text FROM article WHERE id = ?", (answer.article_id,)
    ).fetchone()
    if found is None:
        raise LibraryError(f"no article '{answer.article_id}': 'footnote list' shows the ids")
    if not 0 <= answer.start < answer.end or (
        found["text"][answer.start : answer.end] != answer.text
    ):
        raise LibraryError(
            f"'{answer.text}' does not stand at {answer.start} of article {answer.article_id}: "
            "give the place where it does"
        )
    return int(found["row"])


def gold_damage(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Id of each item that is not what was added, and what is wrong with it."""
    for id_, question in connection.execute("SELECT id, question FROM gold ORDER BY row"):
        if item_id(question) != id_:
            yield id_, "its question is not the one that was added"
    rows = connection.execute(
        """SELECT gold.id, start, "end", gold_answer.text, article.text
            FROM gold_answer JOIN gold ON gold.row = gold_answer.gold
            JOIN article ON article.row = gold_answer.article ORDER BY gold_answer.row"""
    )
    for id_, start, end, answer, text in rows:
        if text[start:end] != answer:
            yield id_, f"its answer is not what stands at {start} of the article"
