"""Where it is strong and where weak: scores by kind of question, answer, passage and outlet."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from eval.records import AnswerRecord, ReaderRecord
from eval.stats import Bootstrap, Estimate
from qa.types import Kind

QUESTION_WORDS = ("who", "what", "which", "when", "where", "why", "how many", "how", "other")
_WORD = re.compile(
    r"\b(how many|how much|whom|whose|who|what|which|when|where|why|how)\b", re.IGNORECASE
)
_SAME = {"how much": "how many", "whom": "who", "whose": "who"}
_NO_ANSWER = "no answer"
KINDS: tuple[str, ...] = get_args(Kind)
WHY = ("absent", "false_premise", "off_topic")  # as the sample questions say it
MOST_SOURCES = 20
# Upper ends, in words; the last group has none.
ANSWER_WORDS = (1, 2, 4, 8)
PASSAGE_WORDS = (100, 200, 400, 800)

Answered = ReaderRecord | AnswerRecord


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one kind, and how they were answered."""

    by: str  # "question_word", "kind", "why", "answer_words", "passage_words" or "source"
    name: str
    exact_match: Estimate
    f1: Estimate


def breakdown(
    records: Sequence[ReaderRecord] | Sequence[AnswerRecord], bootstrap: Bootstrap
) -> tuple[Group, ...]:
    """Exact match and F1 by question word, kind, why there is no answer, and its length.

    Of a question without an answer either is 1 where it is refused, so a group of
    "why" shows the share that was.

    Of the reader also by length of the passage; of answers that were given by the
    outlet that is cited first.
    """
    return tuple(
        group
        for by, name_of, names in (
            ("question_word", _question_word, QUESTION_WORDS),
            ("kind", _kind, KINDS),
            ("why", _why, WHY),
            ("answer_words", _answer_words, _names(ANSWER_WORDS)),
            ("passage_words", _passage_words, _names(PASSAGE_WORDS)),
            ("source", _source, _sources(records)),
        )
        for group in _groups(records, bootstrap, by, name_of, names)
    )


def question_word(question: str) -> str:
    """One of QUESTION_WORDS: the first that the question holds, "how much" as "how many"."""
    match = _WORD.search(question)
    word = match[1].lower() if match else "other"
    return _SAME.get(word, word)


def _question_word(record: Answered) -> str:
    return question_word(record.asked.question)


def _kind(record: Answered) -> str | None:
    return record.asked.kind


def _why(record: Answered) -> str | None:
    return None if record.asked.golds else record.asked.why


def _answer_words(record: Answered) -> str:
    """By the shortest gold."""
    lengths = [len(gold.split()) for gold in record.asked.golds]
    return _name(min(lengths), ANSWER_WORDS) if lengths else _NO_ANSWER


def _passage_words(record: Answered) -> str | None:
    if isinstance(record, AnswerRecord):
        return None
    return _name(record.passage_words, PASSAGE_WORDS)


def _source(record: Answered) -> str | None:
    """The outlet cited first; None: nothing is cited, or its outlet is not known."""
    if isinstance(record, ReaderRecord) or not record.citations:
        return None
    return record.citations[0].source


def _sources(records: Iterable[Answered]) -> tuple[str, ...]:
    """Those that are cited most, at most twenty."""
    counts = Counter(source for record in records if (source := _source(record)))
    return tuple(source for source, _ in counts.most_common(MOST_SOURCES))


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
    records: Sequence[Answered],
    bootstrap: Bootstrap,
    by: str,
    group_of: Callable[[Answered], str | None],
    names: Sequence[str],
) -> Iterator[Group]:
    of_each = np.array([group_of(record) or "" for record in records])
    exact = np.array([record.scored.exact_match for record in records])
    overlap = np.array([record.scored.f1 for record in records])
    for name in names:
        inside = of_each == name
        exact_match = bootstrap.mean(np.where(inside, exact, np.nan))
        f1 = bootstrap.mean(np.where(inside, overlap, np.nan))
        if exact_match and f1:
            yield Group(by, name, exact_match, f1)
