"""Why a file cannot be an article; caught where the file's result is made."""

import struct
import zipfile
import zlib

from index.errors import IngestError


class Unreadable(IngestError):
    """The text is one line: what was wrong and the cure, without the path."""


# What parsers raise, besides their own errors, when a file is not what it says it is.
DAMAGE: tuple[type[Exception], ...] = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    NotImplementedError,
    RecursionError,
    OSError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)
