"""The paths that a user gave -> the files to read, in a fixed order."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.ingest.read import READABLE, unknown_kind
from index.ingest.types import Refused

# One slash is enough: pathlib makes "https:/x" of "https://x".
_URL = re.compile(r"(?:https?|ftp|file):/+\S", re.IGNORECASE)


def find_files(paths: Sequence[str | Path]) -> tuple[list[Path], list[Refused]]:
    """Absolute paths of the files to read, each once, and what cannot be read with the reason.

    Folders are searched with all that is below them, in order of name; hidden
    files and folders and files of other kinds are passed over there. A file that
    is given by name is never passed over in silence.
    """
    found: dict[Path, None] = {}
    refused: list[Refused] = []
    for path in paths:
        for one in _found(str(path)):
            if isinstance(one, Refused):
                refused.append(one)
            else:
                found.setdefault(one)
    return list(found), refused


def _found(path: str) -> Iterator[Path | Refused]:
    if not path.strip():
        yield Refused(path, "an empty path; give a file or a folder")
        return
    if _URL.match(path):
        yield Refused(path, "this is a URL; save the page as a file and add that")
        return
    place = Path(os.path.abspath(path))
    if place.is_dir():
        yield from _in_folder(place)
    elif not os.path.lexists(place):
        yield Refused(str(place), "no such file or folder; check the path")
    else:
        known = place.suffix.lower() in READABLE
        yield _file(place) if known else Refused(_shown(place), unknown_kind(place.suffix.lower()))


def _in_folder(folder: Path) -> Iterator[Path | Refused]:
    nothing = True
    unreadable: list[Refused] = []

    def note(error: OSError) -> None:
        reason = f"this folder cannot be opened ({error.strerror}); check its permissions"
        unreadable.append(Refused(_shown(Path(error.filename)), reason))

    # Links to folders are not followed, so that a loop of links ends.
    for root, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            readable = Path(name).suffix.lower() in READABLE
            if readable and not name.startswith((".", "~$")):
                nothing = False
                yield _file(Path(root, name))
    yield from unreadable
    if nothing and not unreadable:
        reason = "no articles in it; put txt, md, html, pdf, docx, epub, csv or jsonl files there"
        yield Refused(_shown(folder), reason)


def _file(path: Path) -> Path | Refused:
    """The path, unless it leads to nothing that can be read or has a name that cannot be stored."""
    shown = _shown(path)
    if shown != str(path):
        return Refused(shown, "its name is not valid UTF-8; rename it")
    try:
        path.stat()
    except OSError as exc:
        what = "a link that leads nowhere" if path.is_symlink() else "it cannot be opened"
        return Refused(shown, f"{what} ({exc.strerror}); check it and add the file itself")
    if not path.is_file():
        return Refused(shown, "not a regular file; give a file or a folder")
    return path


def _shown(path: Path) -> str:
    """The path as it can be printed."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
