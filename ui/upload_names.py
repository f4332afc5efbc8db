"""The name that a browser gives a file -> a name that is safe on any disk, the same every time."""

import hashlib
import re
import unicodedata

from ui.desk import sendable

MAX_PART = 120  # bytes of a file's or folder's name
MAX_PARTS = 8  # folders and the file; of a deeper path its end
UNNAMED = "unnamed"

_UNSAFE = re.compile(r'[<>:"|?*#]')  # no name on some disks; "#" tells the records of a table apart
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")


def safe_name(name: str) -> str:
    """A relative path of plain parts, "folder/file.txt", never empty.

    Names that differ stay different: where anything but the form of accents had to go,
    a mark made of the whole name is added to the file's.
    """
    written = unicodedata.normalize("NFC", sendable(name))
    parts = [part for each in re.split(r"[/\\]", written) if (part := _safe_part(each))]
    *folders, file = parts[-MAX_PARTS:] or [UNNAMED]
    stem, dot, ending = file.rpartition(".")
    if not (stem and len(ending) <= 10):
        stem, dot, ending = file, "", ""
    kept = [*(_cut(folder, MAX_PART) for folder in folders), _cut(stem, MAX_PART - 20)]
    if "/".join(kept) + dot + ending != written:
        kept[-1] += f"-{hashlib.sha256(written.encode()).hexdigest()[:8]}"
    return "/".join(kept) + dot + ending


def _safe_part(part: str) -> str:
    """Without what is unseen, unsafe or special to a system; empty for `.` and `..`."""
    seen = "".join(char for char in part if unicodedata.category(char)[0] != "C")
    plain = _UNSAFE.sub("_", seen).strip(" .")
    return f"_{plain}" if _DEVICES.match(plain) else plain


def _cut(part: str, most: int) -> str:
    return part.encode()[:most].decode(errors="ignore").rstrip(" .")
