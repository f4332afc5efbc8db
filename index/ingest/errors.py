"""Why a file cannot be an article; caught where the file's result is made."""

from index.errors import IngestError


class Unreadable(IngestError):
    """The text is one line: what was wrong and the cure, without the path."""
