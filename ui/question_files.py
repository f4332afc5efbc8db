"""Question files that a browser sends: read as `footnote eval` reads them, within limits."""

import gzip
import re
import unicodedata
import zlib
from dataclasses import replace
from pathlib import Path

from eval.datasets import DataSet, read_dataset
from qa.errors import DatasetError
from ui.desk import sendable

MAX_UNPACKED = 256 << 20  # bytes of a gzipped file once it is unpacked
MAX_NAME = 100  # characters
UNNAMED = "questions"

_GZIP = b"\x1f\x8b"


def shown_name(name: str) -> str:
    """What to call a file that a browser names so: one line, no folders, never empty."""
    last = re.split(r"[/\\]", sendable(name))[-1]
    seen = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    return seen.strip(" .")[-MAX_NAME:] or UNNAMED


def stored_name(name: str) -> str:
    """A plain name that says the same of the file's form."""
    return "sent.jsonl" if ".jsonl" in Path(name).suffixes else "sent.json"


def read_questions(file: Path, name: str, *, repair: bool = False) -> DataSet:
    """The questions of a file that was sent under this name.

    Raises DatasetError as `read_dataset`, by the name that was sent, and for a gzipped
    file that would be too large.
    """
    _check_unpacked(file, name)
    try:
        data = read_dataset(file, repair=repair)
    except DatasetError as error:
        raise DatasetError(str(error).replace(str(file), name)) from error
    return replace(data, path=file.with_name(name), contexts=())


def _check_unpacked(file: Path, name: str) -> None:
    with file.open("rb") as opened:
        if opened.read(len(_GZIP)) != _GZIP:
            return
    size = 0
    try:
        with gzip.open(file) as unpacked:
            while chunk := unpacked.read(1 << 20):
                size += len(chunk)
                if size > MAX_UNPACKED:
                    raise DatasetError(
                        f"{name}: holds more than {MAX_UNPACKED >> 20} MB once unpacked: split it"
                    )
    except (OSError, EOFError, zlib.error):
        return  # damaged: reading says so
