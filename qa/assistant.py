"""The facade: retrieve, read, combine, cite, abstain.

from qa import Assistant
Assistant.open("library").ask("Who won?").answer
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from index.embed import open_encoder
from index.errors import FootnoteError
from index.filters import Choices
from index.gold import GoldItem
from index.library import Library
from index.rows import ArticleRecord
from index.search import NO_FILTERS, Hits, Searcher
from index.types import Article, Filters, Hit, Passage
from qa.answer import evidence_for
from qa.best_first import read_best_first
from qa.beyond import asks_beyond_quoting
from qa.cite import CitationRecord
from qa.citing import Citing
from qa.comparison import Comparison, load_comparison
from qa.confidence import Calibration, load_calibration
from qa.conversation import Turn
from qa.dates import warm_up
from qa.deciding import Deciding
from qa.followup import Support, best_supported, readings
from qa.found import CitedHit, Passages
from qa.gold import add_gold, remove_gold
from qa.period_asked import as_filters, hidden_after, question_anchor
from qa.question import check_question
from qa.reader import Reader, SpanReader
from qa.timeline import question_dates, timeline
from qa.types import Answer, Found, Range, Timing
from qa.verify import Verdict, verify_in_library

TOP_K = 20
READ_TO_CHOOSE = 4  # passages read for each thing that a follow-up may mean
# From the threshold, in confidence: what all passages together say may still cross it.
CLOSE = 0.01


class Assistant:
    """Answers questions from one library. Safe to share between threads."""

    def __init__(
        self,
        library: Library,
        searcher: Searcher,
        reader: Reader,
        calibration: Calibration,
        comparison: Comparison | None = None,
        *,
        today: Callable[[], date] = date.today,
    ) -> None:
        """For parts that are already there; `Assistant.open` makes them."""
        self._today = today
        self.library = library
        self._searcher, self._reader, self._calibration = searcher, reader, calibration
        self._comparison = comparison
        self._loading = False
        self._citing = Citing(library)

    @classmethod
    def open(
        cls,
        library: str | Path = "library",
        *,
        reader: str | None = None,
        encoder: str | None = None,
    ) -> Self:
        """Open the library in this folder with the shipped models, or others by name or folder.

        Raises a FootnoteError where one of them cannot be opened, or the
        library was made with another encoder.
        """
        opened = Library.open(library)
        try:
            searcher = Searcher.open(opened, open_encoder(encoder))
            fitted = load_calibration(reader), load_comparison(reader)
            return cls(opened, searcher, SpanReader(reader), *fitted)
        except BaseException:
            opened.close()
            raise

    def close(self) -> None:
        """Close the library."""
        self.library.close()

    def __enter__(self) -> Self:
        """For use in a `with` statement."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the library."""
        self.close()

    def warm_up(self) -> None:
        """Load all models now instead of at the first question."""
        self._reader.read("?", ["."])
        self._searcher.search("?", top_k=1)
        if self._comparison:
            self._comparison.warm_up()

    def _begin_loading(self) -> None:
        """Load the reader while the first question is searched for; who reads hears of errors."""
        if not self._loading:
            self._loading = True
            Thread(target=self._load_reader, name="load-reader", daemon=True).start()

    def _load_reader(self) -> None:
        with suppress(FootnoteError):
            self._reader.warm_up()
            if self._comparison:
                self._comparison.warm_up()
        warm_up()

    def article(self, article_id: str) -> Article:
        """One article version, also one that was replaced or removed."""
        return self._citing.article(article_id)

    def same_text(self, article_id: str) -> tuple[str, ...]:
        """Ids of the other articles with the same text."""
        return self.library.same_text(article_id)

    def articles(self) -> list[ArticleRecord]:
        """Records of the live articles, in the order of adding."""
        return self.library.articles()

    def record(self, id_prefix: str) -> ArticleRecord:
        """The record of an article version, by its id or the beginning of it."""
        return self.library.record(id_prefix)

    def search(
        self, question: str, *, top_k: int = TOP_K, filters: Filters | None = None
    ) -> Passages:
        """The passages for this question, best first, each cited whole and without a quote.

        Raises QuestionError and FilterError as `ask`.
        """
        found = self.retrieve(question, top_k=top_k, filters=filters)
        cited = [CitedHit(hit, self._citing.whole(n, hit)) for n, hit in enumerate(found.hits, 1)]
        return Passages(tuple(cited), found.filtered_out, found.undated_left_out)

    def check_filters(self, filters: Filters) -> None:
        """Raise FilterError where every question would: for whoever asks many with one filter."""
        self._searcher.check(filters)

    def choices(self) -> Choices:
        """The outlets and authors that filters can name."""
        return self.library.choices()

    def verify(self, records: Sequence[CitationRecord]) -> list[Verdict]:
        """What has become of each citation in the library."""
        return verify_in_library(records, self.library)

    def keep_gold(
        self, question: str, places: Sequence[tuple[str, Range]]
    ) -> tuple[GoldItem, bool]:
        """Keep the words at these places, each in an article by id, as right; none: no answer.

        The whole item comes back, and whether it holds nothing else: then dropping it undoes
        this. Raises as `qa.gold.add_gold`.
        """
        found = [
            Passage(id_, at.start, at.end, self.article(id_).text[at.start : at.end])
            for id_, at in places
        ]
        item, new = add_gold(self.library, question, found)
        kept = {(answer.article_id, answer.start, answer.end) for answer in item.answers}
        return item, new and kept == {(each.article_id, each.start, each.end) for each in found}

    def drop_gold(self, item_id: str) -> None:
        """Forget a gold item. Raises LibraryError for an unknown id."""
        remove_gold(self.library, [item_id])

    def newest(self, count: int) -> tuple[str, ...]:
        """Ids of the articles that were added last, the newest first."""
        return tuple(record.id for record in self.library.articles()[: -count - 1 : -1])

    def retrieve(
        self, question: str, *, top_k: int = TOP_K, filters: Filters | None = None
    ) -> Hits:
        """The passages that `ask` reads for this question, best first.

        Raises QuestionError for an empty or overlong question.
        """
        return self._searcher.search(
            check_question(question), top_k=top_k, filters=filters or NO_FILTERS
        )

    def ask(
        self,
        question: str,
        *,
        top_k: int = TOP_K,
        filters: Filters | None = None,
        precision: float | None = None,
        as_of: str | None = None,
        history: Sequence[Turn] = (),
        deadline: float | None = None,
        on_found: Callable[[Found], None] | None = None,
    ) -> Answer:
        """Answer in words of the articles, or say that they do not hold the answer.

        top_k: passages to find; those that can matter are read. precision: answer only
        where at least this share (0 to 1) of such answers was right on the questions that
        the confidence was fitted on; None: the fitted threshold. as_of: a day, YYYY-MM-DD;
        later articles are hidden, and "last week" in the question is the one before it.
        history: the turns of the conversation so far (`Conversation.turns`), oldest
        first; what the question is taken to mean after them is the answer's
        `standalone_question`. deadline: seconds, after which reading is given up
        between two passages and only the nearest are given, with the reason `out_of_time`.
        on_found: called when the passages are found, and again before each few of them
        are read; what it raises ends the asking.
        Raises QuestionError for an empty or overlong question, FilterError for
        days that are none or leave no day between them.
        """
        began = time.perf_counter()
        asked = check_question(question)
        filters = hidden_after(as_of, filters or NO_FILTERS)
        counted_from = question_anchor(as_of, today=self._today())
        self._begin_loading()
        asked = self._understood(asked, history, filters or NO_FILTERS)
        found = self.retrieve(asked, top_k=top_k, filters=filters)
        retrieved = time.perf_counter()
        answer = self._read(
            asked,
            found,
            precision=precision,
            deadline=None if deadline is None else began + deadline,
            on_step=on_found and partial(on_found, Found(asked, self._citing.nearest(found))),
        )
        timing = Timing(
            retrieve=_milliseconds(retrieved - began),
            read=_milliseconds(time.perf_counter() - retrieved),
            total=_milliseconds(time.perf_counter() - began),
        )
        return replace(
            answer,
            question=question,
            undated_left_out=found.undated_left_out,
            timeline=timeline(answer),
            question_dates=question_dates(asked, counted_from, any_year=not as_of),
            as_of=as_of and counted_from.day.isoformat(),
            timing_ms=timing,
        )

    def _read(
        self,
        question: str,
        found: Hits,
        *,
        precision: float | None,
        deadline: float | None,
        on_step: Callable[[], None] | None,
    ) -> Answer:
        """Read what can matter of the passages found, and answer or say why not."""
        # Of what must be made nothing is read: no span could answer it.
        hits = () if asks_beyond_quoting(question) else found.hits
        deciding = self._deciding(question, found, hits, precision)
        read_on = partial(
            read_best_first,
            self._reader,
            question,
            [hit.passage.text for hit in hits],
            deadline=deadline,
            on_step=on_step,
        )
        unread = deciding.unread
        spans = read_on(choose=unread.next if unread else None)
        if spans is None:
            return replace(deciding.answer(()), reason="out_of_time")
        answer = deciding.answer(spans)
        if None in spans and abs(answer.confidence - deciding.threshold) < CLOSE:
            whole = read_on(spans)
            answer = deciding.answer(whole) if whole else answer
        return answer

    def _deciding(
        self, question: str, found: Hits, hits: Sequence[Hit], precision: float | None = None
    ) -> Deciding:
        return Deciding(
            question,
            found,
            hits,
            self.library,
            self._citing,
            self._calibration,
            precision,
            self._searcher.likeness,
            self._comparison,
        )

    def _understood(self, asked: str, history: Sequence[Turn], filters: Filters) -> str:
        """The question as it stands alone after these turns, the best supported by the articles."""
        possible = readings(asked, history)
        if len(possible) == 1:
            return possible[0].question
        hits = self._searcher.search_all(
            [reading.question for reading in possible], top_k=READ_TO_CHOOSE, filters=filters
        )
        known = frozenset().union(*(turn.articles for turn in history))
        support = [
            self._support(reading.question, found, known)
            for reading, found in zip(possible, hits, strict=True)
        ]
        return best_supported(possible, support).question

    def _support(self, question: str, found: Hits, known: frozenset[str]) -> Support:
        spans = self._reader.read(question, [hit.passage.text for hit in found.hits])
        answers = self._deciding(question, found, found.hits).weigh(spans)
        if not answers:
            return Support(0.0)
        cited = {candidate.hit.passage.article_id for candidate in answers[0].candidates}
        confidence = self._calibration.confidence(evidence_for(answers))
        return Support(confidence, continues=bool(cited & known))


def _milliseconds(seconds: float) -> float:
    return round(1000 * seconds, 1)


__all__ = ["TOP_K", "Assistant", "as_filters"]
