"""Files into a library, batch by batch, for the commands that add."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ui.console import Progress, say

if TYPE_CHECKING:
    from index.embed import Encoder
    from index.ingest import FileRead, Refused
    from index.library import Library, Outcome
    from index.types import Article

BATCH = 32  # articles stored at once
BATCH_CHARACTERS = 250_000  # or as many as hold so much: embedding it ends in seconds


@dataclass(slots=True)
class Tally:
    """What has become of the files so far."""

    outcomes: "Counter[Outcome]" = field(default_factory=Counter)
    refused: int = 0  # files, and single records of tables
    fruitful: set[Path] = field(default_factory=set)  # files that gave articles; their folders

    def __str__(self) -> str:
        """The summary that is printed."""
        counts = f"{self.outcomes['added']} added, {self.outcomes['replaced']} replaced"
        return f"{counts}, {self.outcomes['unchanged']} unchanged, {self.refused} refused"

    @property
    def stored(self) -> int:
        """Articles that are in the library now."""
        return self.outcomes.total()

    def gave(self, path: str) -> bool:
        """Whether this file, or any file in this folder, gave an article."""
        return Path(os.path.abspath(path)) in self.fruitful

    def refuse(self, refused: "Sequence[Refused]") -> None:
        """Count them, and name each with the reason."""
        self.refused += len(refused)
        for each in refused:
            say(f"refused: {each.path}: {each.reason}")

    def note(self, read: "FileRead") -> None:
        """Count what a file gave, and name what it did not."""
        self.refuse(read.refused)
        for warning in read.warnings:
            say(f"warning: {read.path}: {warning}")
        if read.articles:
            file = Path(read.path)
            self.fruitful.update((file, *file.parents))


def add_files(
    shelf: "Library",
    encoder: "Encoder",
    files: Sequence[Path],
    tally: Tally,
    *,
    progress: Progress,
) -> None:
    """Read the files and store their articles, counting in `tally` as it goes.

    Records that a table has no longer leave every search. An interruption loses the
    batches in hand; what `tally` counts as stored is stored.
    """
    tables: dict[str, set[str]] = {}  # the records that each table file has now
    reading = _Reading(files, tally, tables)
    with closing(shelf.add_batches(reading.batches(), encoder)) as storing:
        for outcomes in storing:
            tally.outcomes.update(outcomes)
            progress(tally.stored, reading.articles + reading.files_left)
    for table, records in tables.items():
        shelf.drop_records(table, records)


class _Reading:
    """Files into batches of articles, a little ahead of their storing."""

    def __init__(self, files: Sequence[Path], tally: Tally, tables: dict[str, set[str]]) -> None:
        self.articles = 0  # that were found so far
        self.files_left = len(files)
        self._files, self._tally, self._tables = files, tally, tables

    def batches(self) -> "Iterator[list[Article]]":
        """The articles of the files, in order; what else a file gave is said at once."""
        from index.ingest import read_files

        waiting: list[Article] = []
        with closing(read_files(self._files)) as reads:
            for read in reads:
                self._note(read)
                for article in read.articles:  # one file may be a table of thousands
                    waiting.append(article)
                    if _is_full(waiting):
                        yield waiting
                        waiting = []
        if waiting:
            yield waiting

    def _note(self, read: "FileRead") -> None:
        self.files_left -= 1
        self.articles += len(read.articles)
        self._tally.note(read)
        if any(article.path.startswith(f"{read.path}#") for article in read.articles):
            records = {article.path for article in read.articles}
            self._tables[read.path] = records | {refused.path for refused in read.refused}


def _is_full(batch: "Sequence[Article]") -> bool:
    return len(batch) >= BATCH or sum(len(each.text) for each in batch) >= BATCH_CHARACTERS
