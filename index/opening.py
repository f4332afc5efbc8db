"""What is at a path: a library, nothing, or something else; and how it can be used there."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from index.errors import LibraryError
from index.locks import OPENING
from index.schema import Connections, connect, migrate, refuse_older

DATABASE = "footnote.db"


@dataclass(frozen=True, slots=True)
class Opened:
    """A library's database, ready for use."""

    connections: Connections
    writable: bool
    unclean: bool  # whoever wrote last has not closed it: was killed, or is still at it


def open_database(folder: Path, *, create: bool) -> Opened:
    """The library in this folder, brought to the newest schema; a new one if `create`.

    Raises LibraryError if there is none, if something else is there, or if a newer
    Footnote made it.
    """
    file = folder / DATABASE
    _refuse_foreign(folder, file, create=create)
    if create:
        make_folder(folder)
    writable = os.access(folder, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))
    unclean = _log_size(file) > 0
    try:
        mode = _prepare_writable(folder, file) if writable else _prepare_readonly(file)
    except sqlite3.Error as error:
        raise LibraryError(f"library {folder} cannot be opened: {error}") from error
    return Opened(Connections(file, mode=mode), writable, unclean)


def make_folder(folder: Path) -> None:
    """Make the folder if need be. Raises LibraryError where that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"no library can be made at {folder}: {error.strerror}") from error


def _refuse_foreign(folder: Path, file: Path, *, create: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise LibraryError(f"{folder} is a file, not a library: choose a folder with --library")
    if file.exists() and file.stat().st_size:
        return
    if not create:
        raise LibraryError(f"no library at {folder}: add articles with 'footnote add PATH'")
    for other in folder.iterdir() if folder.is_dir() else ():
        # What an interrupted beginning may have left is ours to use.
        if not other.name.startswith((DATABASE, "vectors-")) and other.suffix != ".lock":
            raise LibraryError(
                f"folder {folder} holds other files ({other.name}) and no library: "
                "choose a new folder with --library"
            )


def _prepare_writable(folder: Path, file: Path) -> str:
    connection = connect(file)
    try:
        with FileLock(folder / OPENING):  # two first openings at once must not both make tables
            migrate(connection, file)
    finally:
        connection.close()
    return "rw"


def _prepare_readonly(file: Path) -> str:
    """How the database can be read where nothing may be written."""
    try:
        return _try_mode(file, "ro")
    except sqlite3.OperationalError:
        # SQLite found no place for its shared memory. Without a log the file alone is whole.
        if _log_size(file):
            raise
    return _try_mode(file, "immutable")


def _try_mode(file: Path, mode: str) -> str:
    connection = connect(file, mode=mode)
    try:
        refuse_older(connection, file)
        migrate(connection, file)
    finally:
        connection.close()
    return mode


def _log_size(file: Path) -> int:
    log = Path(f"{file}-wal")
    return log.stat().st_size if log.exists() else 0
