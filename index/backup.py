"""A library to one file and back, while others go on reading and writing.

The file is a library's database without its snapshot, which is derived.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from index.errors import LibraryError
from index.schema import (
    APPLICATION_ID,
    MIGRATIONS,
    Connections,
    connect,
    migrate,
    read_state,
    transaction,
)
from index.snapshots import discard_others, sync_folder

# Ids in a copy mean the same, yet not for long: a searcher must not mix the two.
_NEW_EPOCH = """UPDATE state SET epoch = hex(randomblob(8)), generation = ?,
    snapshot_generation = NULL, snapshot_length = NULL, snapshot_sha256 = NULL"""


def back_up(connections: Connections, file: Path) -> None:
    """Write the whole library to a file; an older backup there is replaced at the end.

    Raises LibraryError if something else is at that path, or it cannot be written.
    """
    if file.exists() and not (file.is_file() and _is_library(file)):
        raise LibraryError(f"{file} exists and is no backup of a library: choose another name")
    partial = file.with_name(f"{file.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        with closing(connect(partial)) as target:
            with connections.lent() as source:
                source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
            with transaction(target, "IMMEDIATE"):
                target.execute(_NEW_EPOCH, (read_state(target).generation,))
        with partial.open("rb+") as written:
            os.fsync(written.fileno())
        partial.replace(file)
        sync_folder(file.absolute().parent)
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(f"backup {file} cannot be written: {error}") from error


def require_backup(file: Path) -> None:
    """Raise LibraryError unless the file is a whole library that this version can read."""
    if not file.is_file():
        raise LibraryError(f"no backup at {file}: give a file that 'footnote backup' wrote")
    try:
        with closing(connect(file, mode="ro")) as source:
            if not _is_library(file):
                raise LibraryError(
                    f"{file} is no backup of a Footnote library: give a file that "
                    "'footnote backup' wrote"
                )
            version = source.execute("PRAGMA user_version").fetchone()[0]
            if version > len(MIGRATIONS):
                raise LibraryError(
                    f"backup {file} was made by a newer Footnote (schema {version}; this one "
                    f"knows {len(MIGRATIONS)}): update footnote-qa"
                )
            (verdict,) = source.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise LibraryError(f"backup {file} is damaged ({verdict}): use another one")
    except sqlite3.Error as error:
        raise LibraryError(f"backup {file} is damaged ({error}): use another one") from error


def restore(connections: Connections, folder: Path, file: Path, *, replace: bool) -> None:
    """Make the library what the backup holds. Raises LibraryError if it holds articles or gold.

    replace: overwrite those.
    """
    with connections.lent() as target, closing(connect(file, mode="ro")) as source:
        articles, gold = target.execute(
            """SELECT (SELECT count(*) FROM article WHERE state = 'live'),
                (SELECT count(*) FROM gold)"""
        ).fetchone()
        if (articles or gold) and not replace:
            held = f"{articles} articles" + (f" and {gold} gold items" if gold else "")
            raise LibraryError(
                f"library {folder} holds {held} already: "
                "restore to another place with --library, or overwrite them with --replace"
            )
        generation = read_state(target).generation
        discard_others(folder, None)  # or a stale file could pass for the backup's snapshot
        try:
            source.backup(target)
        except sqlite3.Error as error:
            raise LibraryError(f"library {folder} cannot be restored: {error}") from error
        migrate(target, folder)
        with transaction(target, "IMMEDIATE"):
            newest = max(generation, read_state(target).generation)
            target.execute(_NEW_EPOCH, (newest + 1,))


def _is_library(file: Path) -> bool:
    try:
        with closing(connect(file, mode="ro")) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(application == APPLICATION_ID)
