"""Where the sentences of a text are, as exact spans.

nupunkt finds them inside a line of thought; what is decided here is where such a
line ends: at a blank line, and at a line break that its author made on purpose.
Knows nothing of articles or token budgets.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nupunkt import PunktSentenceTokenizer

Span = tuple[int, int]

# nupunkt's own list was learned from scanned law reports and holds "week", "bank"
# and "york": of its entries without an inner point only single letters are kept.
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms messrs dr drs prof rev fr st ste jr sr mme mlle esq hon
    lt col gen maj capt sgt cpl pvt pfc adm cmdr cdr brig supt insp det cpt lieut
    sen rep reps gov pres amb atty dist asst assoc
    inc corp ltd bros llc dept univ assn govt natl intl
    jan feb apr jun jul aug sep sept oct nov dec tue tues thu thur thurs fri
    vs etc approx est cf al viz ibid ca eds vols
    ave blvd rd hwy mt ft
    calif conn fla okla penn tenn tex wis ariz mich minn nev neb kan
    """.split()
)
_BEFORE_A_NUMBER = re.compile(
    r"(?:^|[\s(])(?:nos?|figs?|vol|pp?|art|sec|ch|para)\.$", re.IGNORECASE
)
_BEFORE_A_NAME = re.compile(
    r"(?:^|[\s(“\"‘'])(?:Mr|Mrs|Ms|Messrs|Dr|Prof|Rev|Lt|Col|Gen|Maj|Capt|Sgt|Cpl|Pvt|Adm|Brig|"
    r"Supt|Insp|Det|Sen|Rep|Gov|Hon)\.$"
)
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?=\n)")
_WIDEST_WRAPPED_LINE = 120  # lines longer than this were not broken to fit a page


def sentence_spans(text: str) -> list[Span]:
    """Start and end of every sentence, in order, without the space around it.

    Nothing but white space lies between the spans. A blank line always ends a
    sentence, and so does a line break where the next word would have fitted on
    the line: a cross-head or a list item stands alone, wrapped prose does not.
    """
    spans: list[Span] = []
    for line_start, line_end in _lines_of_thought(text):
        found = _segmenter().segments(text[line_start:line_end])
        shifted = [(line_start + part.start, line_start + part.end) for part in found]
        spans.extend(_rejoin(text, shifted))
    return spans


@cache
def _segmenter() -> "PunktSentenceTokenizer":
    from nupunkt import load_default_model

    segmenter = load_default_model()  # a fresh one: other users of nupunkt keep theirs
    for word in segmenter.abbreviations:
        if "." not in word and len(word) > 1 and word not in _ABBREVIATIONS:
            segmenter.remove_abbreviation(word)
    segmenter.add_abbreviations(sorted(_ABBREVIATIONS))
    return segmenter


def _rejoin(text: str, spans: list[Span]) -> list[Span]:
    """Undo the break in "No. 5" ("no." ends a sentence only before a word) and in "Gen. Roe"."""
    joined: list[Span] = []
    for start, end in spans:
        before = text[max(joined[-1][0], joined[-1][1] - 10) : joined[-1][1]] if joined else ""
        pattern = _BEFORE_A_NUMBER if text[start].isdigit() else _BEFORE_A_NAME
        if pattern.search(before):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _lines_of_thought(text: str) -> Iterator[Span]:
    """Stretches between breaks that the author meant, in order; they cover the text."""
    block_start = 0
    for blank in [*(match.start() for match in _BLANK_LINE.finditer(text)), len(text)]:
        yield from _split_block(text, block_start, blank)
        block_start = blank


def _split_block(text: str, start: int, end: int) -> Iterator[Span]:
    lines = text[start:end].split("\n")
    width = max(len(line.rstrip()) for line in lines)
    line_start = offset = start
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        offset += len(line) + 1
        if _meant_to_break(line.rstrip(), following.strip(), width):
            yield line_start, min(offset, end)
            line_start = offset
    if line_start < end:
        yield line_start, end


def _meant_to_break(line: str, following: str, width: int) -> bool:
    if not line or not following or following[0].islower():
        return False
    if width > _WIDEST_WRAPPED_LINE:
        return True
    next_word = following.split(maxsplit=1)[0]
    return len(line) + 1 + len(next_word) <= width
