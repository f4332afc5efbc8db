"""Markdown -> plain lines: what a reader of the rendered page would see.

Lines stay lines, so that "- Prices rise -" or "1991. A year" loses nothing to the
grammar of lists; only marks inside a line, rules and comments go.
"""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_UNDERLINED = re.compile(r"^(?P<text>[^\s#>|`*+-].*)\n(?:(?P<first>=+)|-{3,})[ \t]*$", re.MULTILINE)
_DROPPED = re.compile(
    r"""^[ \t]*(?:
    (?:\*[ \t]*){3,} | (?:-[ \t]*){3,} | (?:_[ \t]*){3,}      # a rule
    | \|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t:-]*)+                 # the line under a table's head
    | (?:```|~~~)[\w-]*                                       # a fence
    )$""",
    re.MULTILINE | re.VERBOSE,
)
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_DEFINITION = re.compile(
    r"^ {0,3}\[[^\]^]+\]:[ \t]+<?\S+>?(?:[ \t]+\"[^\"]*\")?[ \t]*$", re.MULTILINE
)
_ROW = re.compile(r"\|(?P<cells>.*)\|")
_HEADING = re.compile(r"#{1,6}\s+(?P<text>.*?)(?:\s+#+)?")
_TAG = re.compile(
    r"</?(?:a|abbr|b|br|cite|code|div|em|figcaption|figure|font|hr|i|img|mark|p|q|s|small|span"
    r"|strong|sub|sup|u)\b[^>]*>",
    re.IGNORECASE,
)


def plain_blocks(text: str) -> str:
    """The text without comments, rules, fences, quote marks and link definitions.

    Underlined headings become "# ..." or "## ...", so that each is one line.
    """
    text = _COMMENT.sub("", text)
    text = _UNDERLINED.sub(lambda found: f"#{'' if found['first'] else '#'} {found['text']}", text)
    text = _QUOTE.sub("", text)
    return _DEFINITION.sub("", _DROPPED.sub("", text))


def definitions(text: str) -> str:
    """The lines of `text` that define where "[text][1]" links to."""
    return "\n".join(found[0] for found in _DEFINITION.finditer(text))


def plain(line: str, *, defined: str = "") -> str:
    """The words of one line: emphasis, links, images, code marks and escapes resolved.

    `defined`: the definitions that links of the line may refer to.
    """
    heading = _HEADING.fullmatch(line)
    if heading:
        line = heading["text"]
    row = _ROW.fullmatch(line)
    if row:
        line = " | ".join(cell.strip() for cell in row["cells"].split("|"))
    environment: dict[str, object] = {}
    if defined:
        _parser().parse(defined, environment)
    tokens = _parser().parseInline(line, environment)
    return "".join(_words(child) for token in tokens for child in token.children or ()).strip()


def _words(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "html_inline" and _TAG.fullmatch(token.content):
        return " " if token.content.lower().startswith("<br") else ""
    return "" if token.type == "image" else token.content


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark")
