"""Files into a library, batch by batch, for the commands that add."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ui.console import Progress, say

if TYPE_CHECKING:
    from index.embed import Encoder
    from index.ingest import FileRead, Refused
    from index.library import Library, Outcome
    from index.types import Article

BATCH = 32  # articles stored at once: what an interrupted `add` loses at most


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
    batch in hand; what `tally` counts as stored is stored.
    """
    from index.ingest import read_files

    waiting: list[Article] = []
    tables: dict[str, set[str]] = {}  # the records that each table file has now
    unread = len(files)

    def store(count: int) -> None:
        batch = waiting[:count]
        tally.outcomes.update(shelf.add(batch, encoder))
        del waiting[:count]
        progress(tally.stored, tally.stored + len(waiting) + unread)

    for read in read_files(files):
        unread -= 1
        tally.note(read)
        waiting.extend(read.articles)
        if any(article.path.startswith(f"{read.path}#") for article in read.articles):
            tables[read.path] = {article.path for article in read.articles}
            tables[read.path] |= {refused.path for refused in read.refused}
        while len(waiting) >= BATCH:  # one file may be a table of thousands
            store(BATCH)
    if waiting:
        store(len(waiting))
    for table, records in tables.items():
        shelf.drop_records(table, records)
