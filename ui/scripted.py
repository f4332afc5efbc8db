"""An assistant that answers from a script: to test the page, and to look at it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from index.errors import FootnoteError
from index.filters import Choices
from index.gold import GoldAnswer, GoldItem
from index.types import Article, Filters
from qa.cite import CitationRecord
from qa.conversation import Turn
from qa.errors import QuestionError
from qa.types import Answer, Found, Range
from qa.verify import Verdict, judge


class ScriptedAssistant:
    """Gives each question the answer that was written for it."""

    def __init__(
        self,
        answers: Mapping[str, Answer],
        *,
        articles: Mapping[str, Article] | None = None,
        gate: threading.Event | None = None,
        choices: Choices | None = None,
    ) -> None:
        """Answer from `answers`, by question; wait for `gate` before each when there is one."""
        self.asked: list[str] = []  # in the order they came
        self.histories: list[tuple[Turn, ...]] = []  # what each was asked after
        self.gold: dict[str, tuple[str, tuple[tuple[str, Range], ...]]] = {}
        self.filters: list[Filters | None] = []  # of each question
        self._choices = choices or Choices()
        self._answers = answers
        self._articles = articles or {}
        self._gate = gate

    def choices(self) -> Choices:
        """What filters can name."""
        return self._choices

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        as_of: str | None = None,
        history: Sequence[Turn] = (),
        deadline: float | None = None,
        on_found: Callable[[Found], None] | None = None,
    ) -> Answer:
        """The written answer, whatever the filters and turns; an unwritten question is an error.

        `on_found` hears of the passages of the answer before the gate and after it.
        """
        self.asked.append(question)
        self.histories.append(tuple(history))
        self.filters.append(filters)
        answer = self._answers.get(question)
        found = found_for(answer) if answer else Found(question, ())
        for wait in (False, True):
            if wait and self._gate:
                self._gate.wait(timeout=30)
            if on_found:
                on_found(found)
        if answer is None:
            raise QuestionError(f"no answer was written for this question: {question[:40]!r}")
        return answer

    def article(self, article_id: str) -> Article:
        """The written article; an unknown id is a `FootnoteError`."""
        if article_id not in self._articles:
            raise FootnoteError(f"no article {article_id!r} in the library")
        return self._articles[article_id]

    def newest(self, count: int) -> tuple[str, ...]:
        """The last of the written articles."""
        return tuple(self._articles)[: -count - 1 : -1]

    def verify(self, records: Sequence[CitationRecord]) -> list[Verdict]:
        """Of citations of written articles; of others an error."""
        return [judge(record, self.article(record.article_id)) for record in records]

    def keep_gold(
        self, question: str, places: Sequence[tuple[str, Range]]
    ) -> tuple[GoldItem, bool]:
        """Noted in `gold`."""
        self.gold[f"{len(self.gold) + 1}"] = (question, tuple(places))
        kept = tuple(
            GoldAnswer(id_, at.start, at.end, self.article(id_).text[at.start : at.end], "")
            for id_, at in places
        )
        return GoldItem(f"{len(self.gold)}", question, kept, ""), True

    def drop_gold(self, item_id: str) -> None:
        """Taken from `gold`; an unknown id is a `FootnoteError`."""
        if item_id not in self.gold:
            raise FootnoteError(f"no gold item {item_id!r}")
        del self.gold[item_id]


def found_for(answer: Answer) -> Found:
    """What is told of this answer before anything is read: its passages, without a quote."""
    nearest = tuple(
        replace(cited, start=cited.passage.start, end=cited.passage.start, quote="")
        for cited in (answer.citations or answer.nearest)[:3]
    )
    return Found(answer.question, nearest)
