"""Markup -> the lines that a reader of the page sees."""

from collections.abc import Iterator

from lxml import etree

from index.ingest.paragraphs import paragraphs_of

INLINE = (
    "abbr", "acronym", "b", "big", "cite", "dfn", "em", "font", "i", "ins", "kbd", "mark", "nobr",
    "s", "small", "span", "strong", "sub", "sup", "tt", "u", "wbr",
)  # fmt: skip
_WITHIN_LINES = frozenset((*INLINE, "a", "bdi", "bdo", "code", "label", "q", "time"))
_UNSEEN = frozenset(("head", "script", "style", "template", "noscript", "svg", "nav", "iframe"))
_BREAK = "\x1e"  # stands for <br> until a block ends; no document holds it, see `_text`


def lines_of(element: etree._Element) -> list[str]:
    """The text in order, one line for each block; a table's row is one, cells apart by " | ".

    Lines at <br> are joined again where one sentence runs on. What is not shown is left out.
    """
    lines: list[str] = []
    pending: list[str] = []
    for piece in _pieces(element, in_row=False):
        if piece is not None:
            pending.append(piece)
            continue
        lines += _flowed("".join(pending))
        pending = []
    return lines + _flowed("".join(pending))


def _pieces(element: etree._Element, *, in_row: bool) -> Iterator[str | None]:
    """Text in order; None where a line ends."""
    name = etree.QName(element).localname.lower() if isinstance(element.tag, str) else "comment"
    if name not in _UNSEEN and name != "comment":
        block = name not in _WITHIN_LINES and name != "br" and not in_row
        yield None if block else _BREAK if name == "br" and not in_row else ""
        yield _text(element.text)
        for child in element:
            yield from _pieces(child, in_row=in_row or name == "tr")
        if in_row:
            yield " | " if name in ("td", "th") else "" if name in _WITHIN_LINES else " "
        yield None if block else ""
    yield _text(element.tail)


def _text(text: str | None) -> str:
    return (text or "").replace(_BREAK, " ").replace("\n", " ")


def _flowed(text: str) -> list[str]:
    lines = (" ".join(line.split()).removesuffix(" |") for line in text.split(_BREAK))
    return [one.text for one in paragraphs_of("\n".join(lines))]
