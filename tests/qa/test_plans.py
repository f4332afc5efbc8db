"""How SQLite answers what a question needs: by index, however many articles there are."""

import re
import sqlite3

import pytest

from index.embed import HashEncoder
from index.library import Library
from index.search import Searcher
from index.types import Article, Filters, Sourced
from qa.assistant import Assistant
from qa.confidence import load_calibration
from qa.reader import ScriptedReader

STORY = "Ferry fire\n\nNine people were hurt on the ferry Alma on Sunday, the mayor of Orrin said."
# Reading through a whole table, or through all the live articles of an index.
_WHOLE = re.compile(r"SCAN (?:\w+ )?(?:article|wording|passage|embedding|asked|its|near|other)\b")
_LIVE = re.compile(r"USING (?:COVERING )?INDEX \w+ \(state=\?\)")


def story(outlet):
    return Article(
        text=STORY,
        title=Sourced("Ferry fire", "header"),
        path=f"/{outlet}",
        file_sha256="0" * 64,
        source=Sourced(outlet, "header"),
        body_start=STORY.index("\n\n") + 2,
    )


class Noting(sqlite3.Connection):
    """Keeps every statement with its values."""

    noted: list[tuple[str, tuple]] = []  # noqa: RUF012  # one list for all connections

    def execute(self, sql, *values):
        self.noted.append((sql, values))
        return super().execute(sql, *values)


@pytest.fixture
def library(tmp_path, monkeypatch):
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *a, **k: connect(*a, **(k | {"factory": Noting}))
    )
    with Library.open(tmp_path / "library", create=True) as opened:
        with opened.adding():
            opened.add([story(outlet) for outlet in ("Northline", "Wire")], HashEncoder())
        yield opened


@pytest.mark.parametrize("filters", [None, Filters(sources=("Wire",))])
def test_asking_reads_through_no_table(library, filters):
    encoder, reader = HashEncoder(), ScriptedReader({"Nine people": 9.0})
    calibration = load_calibration()
    assistant = Assistant(library, Searcher.open(library, encoder), reader, calibration)
    assistant.ask("How many were hurt on the Alma?")
    Noting.noted.clear()
    answer = assistant.ask("How many people were hurt on the Alma?", filters=filters)
    assert answer.answered
    assert library.article(answer.citations[0].article_id).text == STORY
    asked = [(sql, values) for sql, values in Noting.noted if "SELECT" in sql]
    assert any("wording" in sql for sql, _ in asked)  # whose copies are looked up
    with library.reading() as connection:
        for sql, values in asked:
            for step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", *values).fetchall():
                if filters is None:  # filters say themselves what is gone through
                    assert not _WHOLE.search(step["detail"]), (sql, step["detail"])
                    assert not _LIVE.search(step["detail"]), (sql, step["detail"])
