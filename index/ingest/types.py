"""What reading a file gives: articles, and what could not be read and why."""

from dataclasses import dataclass

from index.types import Article

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Refused:
    """A file, or one record of a table ("file.csv#7"), that could not be read."""

    path: str
    reason: str  # one line: what was wrong and the cure, without the path


@dataclass(frozen=True, slots=True)
class FileRead:
    """All that one file gave; a table may give articles and refuse single records."""

    path: str
    articles: tuple[Article, ...] = ()
    refused: tuple[Refused, ...] = ()
    warnings: tuple[str, ...] = ()  # one line each, without the path


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost before it is refused."""

    file_bytes: int = 200 * MIB
    memory_bytes: int = 2048 * MIB  # address space of the reading process
    cpu_seconds: int = 60
    wall_seconds: float = 60.0


DEFAULT_LIMITS = Limits()
