"""The printed lines of a PDF's pages, with place and size; running heads and feet dropped."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pypdf import PageObject

_EDGE = 3  # lines at the top and at the bottom among which running heads and feet stand
_NUMBER = re.compile(
    r"(?:(?:page|p\.)\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?|[-–—]\s*\d{1,4}\s*[-–—]|[ivxl]{1,6}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One printed line."""

    text: str
    x: float  # of its first words, in points from the page's left
    y: float  # of its baseline, in points from the page's bottom
    size: float  # of its first words, in points


def lines_of_page(page: PageObject) -> list[PdfLine]:
    """The page's lines in the order in which they were written."""
    lines: list[PdfLine] = []
    pending = ""
    place = (0.0, 0.0, 0.0)

    def end_line() -> None:
        nonlocal pending
        text = " ".join(pending.replace("\0", "").split())
        if text:
            lines.append(PdfLine(text, *place))
        pending = ""

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        nonlocal pending, place
        for n, piece in enumerate(text.split("\n")):
            if n:
                end_line()
            if piece.strip() and not pending.strip():
                place = _place(cm, tm, size)
            pending += piece

    page.extract_text(visitor_text=visit)
    end_line()
    return lines


def usual_size(pages: Sequence[Sequence[PdfLine]]) -> float:
    """The size in which most of the letters are set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def without_running_lines(pages: Sequence[Sequence[PdfLine]]) -> list[list[PdfLine]]:
    """The pages without page numbers and without what repeats at their tops or bottoms."""
    on_pages: Counter[str] = Counter()
    for page in pages:
        on_pages.update({_pattern(page[n]) for n in _edges(page)})
    running = {text for text, pages_with in on_pages.items() if 2 * pages_with > len(pages) > 1}
    return [_peeled(page, running, number) for number, page in enumerate(pages, 1)]


def _place(cm: Sequence[float], tm: Sequence[float], size: float) -> tuple[float, float, float]:
    """Where a piece of text begins, and its size, in points (PDF 32000, 9.4.4)."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    upright = abs(tm[3] * cm[3]) or abs(tm[1] * cm[2]) or 1.0
    return round(x, 1), round(y, 1), round(size * upright, 1)


def _peeled(page: Sequence[PdfLine], running: set[str], number: int) -> list[PdfLine]:
    """The page's lines without the running ones, from the outermost inwards."""
    lines = list(page)
    for end in (0, -1):
        for _ in range(_EDGE):
            if lines and _is_running(lines[end], running, number):
                lines.pop(end)
    return lines


def _edges(page: Sequence[PdfLine]) -> set[int]:
    last = len(page)
    return {*range(min(_EDGE, last)), *range(max(last - _EDGE, 0), last)}


def _pattern(line: PdfLine) -> str:
    return re.sub(r"\d+", "#", line.text).casefold()


def _is_running(line: PdfLine, running: set[str], number: int) -> bool:
    if _pattern(line) in running and len(line.text) <= 120:
        return True
    return bool(_NUMBER.fullmatch(line.text)) and re.findall(r"\d+", line.text)[:1] == [str(number)]
