"""Text with italics and links, and the three forms in which it is shown.

What users wrote is data here: each form escapes all that it would take for markup.
"""

import html
import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one look."""

    text: str
    italic: bool = False
    url: str | None = None  # where it leads


RichText = tuple[Run, ...]

# Marks that turn the direction of what follows, beyond the words that they stand in.
_TURN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """The text on one line, without controls, half characters and marks that turn it around."""
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or (character not in _TURN and unicodedata.category(character) not in ("Cc", "Cs"))
    )
    return " ".join(kept.split())


def plain(rich: RichText) -> str:
    """Its characters alone."""
    return "".join(run.text for run in rich)


def as_html(rich: RichText) -> str:
    """As HTML inside a paragraph."""
    return "".join(_html(run) for run in rich)


def _html(run: Run) -> str:
    text = html.escape(run.text)
    text = f"<em>{text}</em>" if run.italic else text
    return f'<a href="{html.escape(run.url)}">{text}</a>' if run.url else text


def as_markdown(rich: RichText) -> str:
    """As CommonMark inside a paragraph; mathematics, notes and keys of others escaped too."""
    written = "".join(_markdown(run) for run in rich)
    return _STARTS_A_BLOCK.sub(r"\g<before>\\\g<mark>", written, count=1)


_MARKS = re.compile(r"[\\`*_\[\]<>&#$~^|@{}]")
_STARTS_A_BLOCK = re.compile(r"^(?P<before>\s*(?:\d+(?=[.)])|(?=[-+=:])))(?P<mark>[-+=:.)])")


def escaped_markdown(text: str) -> str:
    """The text as CommonMark shows it unchanged, inside a line."""
    return _MARKS.sub(r"\\\g<0>", text)


def _markdown(run: Run) -> str:
    text = escaped_markdown(run.text)
    inner = text.strip()
    if run.italic and inner:
        # A mark beside a blank would not count as one.
        text = text.replace(inner, f"*{inner}*", 1)
    return f"[{text}](<{_bare(run.url)}>)" if run.url else text


def _bare(url: str) -> str:
    """An address without what would end it between angle brackets, or escape or stand for else."""
    return re.sub(r"[<>\\\s]|&(?=#?\w+;)", lambda found: _PERCENT.get(found[0], "%20"), url)


_PERCENT = {"<": "%3C", ">": "%3E", "\\": "%5C", "&": "&amp;"}
