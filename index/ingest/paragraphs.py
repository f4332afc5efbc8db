"""Lines of a text file -> paragraphs, decided once for the whole file.

Some files hold a paragraph on each line, some break every line at some 70
characters. Breaking inside a sentence would spoil it for a reader, and so would
gluing a cross-head or a list item to its neighbour.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

_LIST_ITEM = re.compile(r"(?:[-*•‣▪◦]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_CROSS_HEAD = re.compile(r"(?P<rule>[-–—*=~])(?P=rule)*\s+\S(?:.*\S)?\s+(?P=rule)+")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]*_]*$")
_WIDEST_WRAP = 130  # characters; longer lines were not broken by hand or by a mail program
_NARROWEST_WRAP = 35
_USUAL_WRAP = 55  # at least this where few lines are there to judge by
_RAGGED = 12  # characters that a broken line may fall short of the width
_SHARE_BROKEN = 0.6  # of the lines that another follows, in a file of broken lines


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a file, on one line."""

    text: str
    gap: bool = True  # a blank line stood before it
    pages: tuple[tuple[int, int], ...] = ()  # (offset into `text`, number of the page that begins)


def is_list_item(line: str) -> bool:
    """Whether the line is an item of a list or a cross-head ("- Prices rise -")."""
    return bool(_LIST_ITEM.match(line)) or is_cross_head(line)


def is_cross_head(line: str) -> bool:
    """Whether the line is a heading between two dashes, as agencies write them."""
    return len(line) <= 100 and bool(_CROSS_HEAD.fullmatch(line))


def ends_sentence(line: str) -> bool:
    """Whether the line ends with a mark that ends a sentence, quotes and brackets after it."""
    return bool(_SENTENCE_END.search(line))


def paragraphs_of(text: str, *, apart: Callable[[str], bool] = is_list_item) -> list[Paragraph]:
    """All lines of `text`, in order, joined where one sentence runs on.

    `apart`: which lines stand alone whatever is around them. Every word is kept.
    """
    apart = cache(apart)  # each line is asked about several times
    blocks = _blocks(text)
    width = _wrap_width(blocks, apart)
    found: list[Paragraph] = []
    for block in blocks:
        gap = True
        for line in _join(block, width, apart):
            found.append(Paragraph(line, gap))
            gap = False
    return found


def _blocks(text: str) -> list[list[str]]:
    """Runs of lines that hold something, stripped; whitespace inside a line is kept."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _wrap_width(blocks: list[list[str]], apart: Callable[[str], bool]) -> int | None:
    """Width at which the file's lines were broken; None for one paragraph a line."""
    pairs = [
        (line, after)
        for block in blocks
        for line, after in pairwise(block)
        if not apart(line) and not apart(after)
    ]
    if not pairs:
        return None
    width = max(len(line) for line, _ in pairs)
    if width > _WIDEST_WRAP or width < (_NARROWEST_WRAP if len(pairs) > 2 else _USUAL_WRAP):
        return None
    broken = sum(_is_filled(line, after, width) for line, after in pairs)
    inside = sum(not ends_sentence(line) for line, _ in pairs)
    wrapped = broken >= _SHARE_BROKEN * len(pairs) and inside * 3 >= len(pairs)
    return width if wrapped else None


def _is_filled(line: str, after: str, width: int) -> bool:
    """Whether the next line's first word would not have fitted on this line."""
    return len(line) + 1 + len(after.split(maxsplit=1)[0]) > width - _RAGGED


def _join(block: list[str], width: int | None, apart: Callable[[str], bool]) -> list[str]:
    joined: list[list[str]] = []  # the pieces of each paragraph
    last = ""  # the line that was added last, to judge whether it runs on
    for line in block:
        if joined and _continues(last, line, width, apart):
            joined[-1] += ["" if _is_split_compound(last, line) else " ", line]
        else:
            joined.append([line])
        last = line
    return ["".join(pieces) for pieces in joined]


def _continues(last: str, line: str, width: int | None, apart: Callable[[str], bool]) -> bool:
    if is_cross_head(last) or (apart(last) and not is_list_item(last)):
        return False
    if not apart(line):
        return _runs_on(last, line, width)
    # "- " or "12. " may stand at the start of a broken line by chance.
    mid_sentence = width is not None and _is_filled(last, line, width) and not ends_sentence(last)
    by_chance = bool(_LIST_ITEM.match(line)) and not is_cross_head(line)
    return mid_sentence and by_chance and not is_list_item(last)


def _runs_on(line: str, after: str, width: int | None) -> bool:
    filled = width is not None and _is_filled(line, after, width)
    if ends_sentence(line):
        return filled
    return filled or after[0].islower()


def _is_split_compound(line: str, after: str) -> bool:
    """Whether a word such as "well-known" was broken after its hyphen."""
    hanging = after.split(maxsplit=1)[0].lower() in ("and", "or", "to")  # "pre- and post-war"
    return not hanging and bool(re.search(r"[^\W\d_]-$", line))
