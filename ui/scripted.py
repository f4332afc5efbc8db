"""An assistant that answers from a script: to test the page, and to look at it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from eval import datasets
from eval.datasets import DataSet, Question
from eval.results import Setup
from index.errors import FootnoteError
from index.filters import Choices
from index.gold import GoldAnswer, GoldItem
from index.rows import ArticleRecord
from index.search import Hits
from index.types import Article, Filters
from qa.assistant import TOP_K
from qa.cite import CitationRecord
from qa.conversation import Turn
from qa.errors import GoldError, QuestionError
from qa.found import Passages
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
        passages: Mapping[str, Passages] | None = None,
    ) -> None:
        """Answer from `answers`, by question; wait for `gate` before each when there is one."""
        self.asked: list[str] = []  # in the order they came
        self.histories: list[tuple[Turn, ...]] = []  # what each was asked after
        self.gold: dict[str, tuple[str, tuple[tuple[str, Range], ...]]] = {}
        self.filters: list[Filters | None] = []  # of each question
        self.options: list[tuple[int, float | None]] = []  # top_k and precision of each
        self._choices = choices or Choices()
        self._passages = passages or {}
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
        top_k: int = TOP_K,
        precision: float | None = None,
    ) -> Answer:
        """The written answer, whatever the filters and turns; an unwritten question is an error.

        `on_found` hears of the passages of the answer before the gate and after it.
        """
        self.asked.append(question)
        self.histories.append(tuple(history))
        self.filters.append(filters)
        self.options.append((top_k, precision))
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

    def articles(self) -> list[ArticleRecord]:
        """Records of the written articles, all added on the same day."""
        return [_record(each) for each in self._articles.values()]

    def record(self, id_prefix: str) -> ArticleRecord:
        """The record of the first written article whose id begins so."""
        ids = [id_ for id_ in self._articles if id_.startswith(id_prefix)]
        return _record(self.article(ids[0] if ids else id_prefix))

    def search(
        self, question: str, *, top_k: int = TOP_K, filters: Filters | None = None
    ) -> Passages:
        """The first of the written passages; none for an unwritten question."""
        self.filters.append(filters)
        found = self._passages.get(question, Passages())
        return replace(found, passages=found.passages[:top_k])


class ScriptedMeasured:
    """What an evaluation asks, from the same script; nothing is ever found by searching."""

    def __init__(
        self, assistant: ScriptedAssistant, *, gold: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Ask this assistant; `gold`: the right answers to each gold question."""
        self._assistant = assistant
        self._gold = gold or {}

    def ask(self, question: str, /) -> Answer:
        """The written answer; an unwritten question cannot be asked."""
        return self._assistant.ask(question)

    def retrieve(self, question: str, /) -> Hits:
        """Nothing."""
        return Hits((), searched=0, passages=0, undated_left_out=0)

    def article(self, article_id: str, /) -> Article:
        """The written article."""
        return self._assistant.article(article_id)

    def same_text(self, article_id: str, /) -> tuple[str, ...]:
        """None."""
        return ()

    def setup(self) -> Setup:
        """That it is scripted."""
        return Setup(reader="scripted", library="scripted", library_state="1")

    def gold_count(self) -> int:
        """How many gold questions were written."""
        return len(self._gold)

    def gold(self) -> DataSet:
        """The written ones; a `GoldError` where there are none."""
        if not self._gold:
            raise GoldError("no gold questions were written")
        questions = tuple(
            Question(str(n), question, tuple(datasets.GoldAnswer(w, None, None) for w in answers))
            for n, (question, answers) in enumerate(self._gold.items(), 1)
        )
        return DataSet(Path("gold"), "0" * 64, questions)


def found_for(answer: Answer) -> Found:
    """What is told of this answer before anything is read: its passages, without a quote."""
    nearest = tuple(
        replace(cited, start=cited.passage.start, end=cited.passage.start, quote="")
        for cited in (answer.citations or answer.nearest)[:3]
    )
    return Found(answer.question, nearest)


def _record(article: Article) -> ArticleRecord:
    return ArticleRecord(
        id=article.id,
        title=article.title.value,
        source=article.source.value if article.source else None,
        authors=tuple(author.value for author in article.authors),
        published=article.published,
        path=article.path,
        added_at="2019-11-09T08:00:00+00:00",
        passages=1,
        state="live",
        url=article.url.value if article.url else None,
        language=article.language,
    )
