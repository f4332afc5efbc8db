"""Printed lines -> paragraphs: by gaps, indents and sizes; words broken at line ends made whole."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from index.ingest.paragraphs import Paragraph, ends_sentence, is_list_item
from index.ingest.pdf_lines import PdfLine

_GAP = 1.35  # of the usual distance between lines, above which a paragraph ends
_INDENT = 0.8  # of the letters' size, by which a paragraph's first line may stand in
_SHORT = 0.75  # of the usual line's letters; a shorter line that ends a sentence ends a paragraph
_BROKEN = re.compile(r"(?P<left>[^\W\d_]+)[-\u00ad‐]$")
_COMPOUND = frozenset(
    """twenty thirty forty fifty sixty seventy eighty ninety one two three four five six seven eight
    nine ten half self well ill ex non co pre post mid all cross long short high low full part
    north south east west year old new so then vice semi""".split()
)


def paragraphs_of_pages(pages: Sequence[Sequence[PdfLine]]) -> list[Paragraph]:
    """The paragraphs in order, each with the pages that begin in it."""
    words = {word.lower() for page in pages for line in page for word in _inner_words(line.text)}
    usual_gap, usual_length = _usual(pages)
    found: list[Paragraph] = []
    last: PdfLine | None = None
    for number, page in enumerate(pages, 1):
        for n, line in enumerate(page):
            begins = ((0, number),) if n == 0 else ()
            fresh = last is None or _is_fresh(last, line, usual_gap, usual_length, turned=n == 0)
            if fresh:
                found.append(Paragraph(line.text, pages=begins))
            else:
                found[-1] = _joined(found[-1], line.text, begins, words)
            last = line
    return found


def _usual(pages: Sequence[Sequence[PdfLine]]) -> tuple[float, float]:
    """Usual distance between lines, in letter sizes, and usual number of letters on a line."""
    gaps = [
        (above.y - below.y) / below.size
        for page in pages
        for above, below in pairwise(page)
        if below.size and 0 < above.y - below.y < 3 * below.size
    ]
    lengths = sorted(len(line.text) for page in pages for line in page)
    return median(gaps) if gaps else 0.0, float(lengths[len(lengths) * 3 // 4]) if lengths else 0.0


def _is_fresh(last: PdfLine, line: PdfLine, gap: float, length: float, *, turned: bool) -> bool:
    """Whether `line` begins a paragraph; `turned`: it is the first of its page."""
    if abs(last.size - line.size) > 0.5 or is_list_item(line.text):
        return True
    ended, below = ends_sentence(last.text), last.y - line.y
    if turned or below < 0:  # the next page or column: only the sentence can tell
        return ended
    if gap and below > _GAP * gap * line.size:
        return True
    if not ended:
        return False
    return len(last.text) < _SHORT * length or line.x - last.x > _INDENT * line.size


def _joined(
    paragraph: Paragraph, text: str, begins: tuple[tuple[int, int], ...], words: set[str]
) -> Paragraph:
    left = _without_break(paragraph.text, text, words)
    space = "" if left != paragraph.text or re.search(r"[^\W_]-$", left) else " "
    offset = len(left) + len(space)
    pages = paragraph.pages + tuple((offset, page) for _, page in begins)
    return Paragraph(left + space + text, paragraph.gap, pages)


def _without_break(left: str, right: str, words: set[str]) -> str:
    """`left` without the hyphen at its end, where that was put in to break a word."""
    found = _BROKEN.search(left)
    after = re.match(r"[^\W\d_]+", right)
    if found is None or after is None or after[0][0].isupper():
        return left
    half, rest = found["left"].lower(), after[0].lower()
    if left.endswith("\u00ad") or f"{half}{rest}" in words:
        return left[:-1]
    return left if half in _COMPOUND or f"{half}-{rest}" in words else left[:-1]


def _inner_words(text: str) -> Iterator[str]:
    """Words and compounds that stand whole on a line."""
    for found in re.finditer(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*", text):
        if found.end() < len(text) - 1:
            yield found[0]
