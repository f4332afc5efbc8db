"""Answers that name a time go first where a time was asked for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.answer import Candidate
from qa.dates import DateFound, find_dates

_CLOCK = re.compile(r"\b\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.?m\b|o['’]clock)|\b\d{1,2}:\d\d\b", re.I)
# Logits. Added to the evidence of an answer that names a time when a time was asked for.
TIME_BONUS = 0.7


def prefer_times(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, those that hold a time raised by `TIME_BONUS`, the best evidence first."""
    times: dict[str, tuple[DateFound, ...]] = {}
    raised = []
    for candidate in candidates:
        text, span = candidate.hit.passage.text, candidate.span
        if text not in times:
            times[text] = find_dates(text)
        holds = any(date.start < span.end and span.start < date.end for date in times[text])
        bonus = TIME_BONUS if holds or _CLOCK.search(candidate.text) else 0.0
        raised.append(replace(candidate, evidence=candidate.evidence + bonus))
    return sorted(raised, key=lambda candidate: -candidate.evidence)
