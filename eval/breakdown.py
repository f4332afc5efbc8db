"""Where a reader is strong and where weak: its scores by kind of question, answer and passage."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from eval.records import ReaderRecord
from eval.stats import Bootstrap, Estimate

QUESTION_WORDS = ("who", "what", "which", "when", "where", "why", "how many", "how", "other")
_WORD = re.compile(
    r"\b(how many|how much|whom|whose|who|what|which|when|where|why|how)\b", re.IGNORECASE
)
_SAME = {"how much": "how many", "whom": "who", "whose": "who"}
_NO_ANSWER = "no answer"
# Upper ends, in words; the last group has none.
ANSWER_WORDS = (1, 2, 4, 8)
PASSAGE_WORDS = (100, 200, 400, 800)


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one kind, and how they were answered."""

    by: str  # "question_word", "answer_words" or "passage_words"
    name: str
    exact_match: Estimate
    f1: Estimate


def breakdown(records: Sequence[ReaderRecord], bootstrap: Bootstrap) -> tuple[Group, ...]:
    """Exact match and F1 by question word, length of the answer, length of the passage."""
    return (
        *_groups(records, bootstrap, "question_word", _question_word, QUESTION_WORDS),
        *_groups(records, bootstrap, "answer_words", _answer_words, _names(ANSWER_WORDS)),
        *_groups(records, bootstrap, "passage_words", _passage_words, _names(PASSAGE_WORDS)),
    )


def question_word(question: str) -> str:
    """One of QUESTION_WORDS: the first that the question holds, "how much" as "how many"."""
    match = _WORD.search(question)
    word = match[1].lower() if match else "other"
    return _SAME.get(word, word)


def _question_word(record: ReaderRecord) -> str:
    return question_word(record.asked.question)


def _answer_words(record: ReaderRecord) -> str:
    """By the shortest gold."""
    lengths = [len(gold.split()) for gold in record.asked.golds]
    return _name(min(lengths), ANSWER_WORDS) if lengths else _NO_ANSWER


def _passage_words(record: ReaderRecord) -> str:
    return _name(record.passage_words, PASSAGE_WORDS)


def _names(ends: Sequence[int]) -> tuple[str, ...]:
    return (*(_name(end, ends) for end in ends), _name(ends[-1] + 1, ends), _NO_ANSWER)


def _name(count: int, ends: Sequence[int]) -> str:
    """The group of lengths that this one falls into, as "3-4"."""
    least = 0
    for end in ends:
        if count <= end:
            return str(end) if end == least + 1 else f"{least + 1}-{end}"
        least = end
    return f"over {least}"


def _groups(
    records: Sequence[ReaderRecord],
    bootstrap: Bootstrap,
    by: str,
    group_of: Callable[[ReaderRecord], str],
    names: Sequence[str],
) -> Iterator[Group]:
    of_each = np.array([group_of(record) for record in records])
    exact = np.array([record.scored.exact_match for record in records])
    overlap = np.array([record.scored.f1 for record in records])
    for name in names:
        inside = of_each == name
        exact_match = bootstrap.mean(np.where(inside, exact, np.nan))
        f1 = bootstrap.mean(np.where(inside, overlap, np.nan))
        if exact_match and f1:
            yield Group(by, name, exact_match, f1)
