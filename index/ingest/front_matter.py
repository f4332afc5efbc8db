"""The block of named values that a Markdown or text file may begin with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.ingest.draft import Metadata
from index.ingest.fields import fields_of, metadata_of, warnings_of

_BLOCK = re.compile(
    r"\s*(?P<rule>---|\+\+\+)[ \t]*\n(?P<block>.*?)\n(?P=rule)[ \t]*(?:\n|$)", re.DOTALL
)
_LONGEST = 20_000  # characters


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the block says, and the text behind it."""

    metadata: Metadata
    rest: str
    warnings: tuple[str, ...] = ()


def read_front_matter(text: str) -> FrontMatter | None:
    """The front matter (YAML between "---", TOML between "+++"), or None if there is none.

    A block in which no known name stands is text, not front matter.
    """
    found = _BLOCK.match(text)
    if found is None or len(found["block"]) > _LONGEST:
        return None
    block = found["block"]
    pairs = _toml(block) if found["rule"] == "+++" else _yaml(block)
    fields = list(fields_of(pairs))
    if not fields:
        return None
    metadata = metadata_of(fields, origin="front matter")
    return FrontMatter(metadata, text[found.end() :], warnings_of(fields))


def _yaml(block: str) -> Mapping[str, object]:
    import yaml

    try:
        # Every value as the string that was written: no dates or numbers made of it.
        pairs = yaml.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return _lines(block)
    return pairs if isinstance(pairs, dict) else {}


def _toml(block: str) -> Mapping[str, object]:
    import tomllib

    try:
        pairs = tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    whole = (list, dict)
    return {name: one if isinstance(one, whole) else str(one) for name, one in pairs.items()}


def _lines(block: str) -> Mapping[str, object]:
    """Named values of a block that is almost YAML, such as a title with a colon in it."""
    found = (re.fullmatch(r"([\w -]+?)\s*:\s*(\S.*)", line) for line in block.split("\n"))
    return {match[1]: match[2].strip() for match in found if match}
