"""Reasons: a part of a causal clause becomes the whole clause.

Only for "because", "since" and "so that", where what follows is a sentence of its own of
which a part says little. Of the other ways to give a reason ("due to", "by", "to", "after")
the reader's own span was the better answer on SQuAD and TyDi QA, so it stays.
"""

import re

from qa.types import Range

_CONNECTIVE = re.compile(r"\b(?:because(?! of\b)|since|so that)\s+", re.IGNORECASE)
# A clause ends there, and what stands between connective and span is then another one.
_BORDER = re.compile(r"\s*(?:[,;:.!?()—–]|\s-\s|$)|\s+(?:but|which|who|while|although)\b")


def causal_clause(text: str, sentence: Range, start: int, end: int) -> Range | None:
    """The causal clause of this sentence that text[start:end] is a part of, with its connective.

    None if it is in none, or reaches beyond it. Offsets are code points of `text`.
    """
    found = [
        match
        for match in _CONNECTIVE.finditer(text, sentence.start, sentence.end)
        if match.start() <= start and match.end() <= end
    ]
    if not found:
        return None
    clause = found[-1]
    between = text[clause.end() : max(start, clause.end())].rstrip()
    if _BORDER.search(between) and not _ends_only(between):
        return None
    border = _BORDER.search(text, end, sentence.end)
    return Range(clause.start(), border.start() if border else sentence.end)


def _ends_only(between: str) -> bool:
    """Whether its only border is its own end, which the pattern also takes for one."""
    border = _BORDER.search(between)
    return border is None or border.start() == len(between)
