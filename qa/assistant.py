"""The facade: retrieve, read, combine, cite, abstain.

from qa import Assistant
Assistant.open("library").ask("Who won?").answer
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from index.embed import open_encoder
from index.errors import FootnoteError
from index.filters import Choices
from index.library import Library
from index.search import NO_FILTERS, Hits, Searcher
from index.sentences import sentence_spans
from index.types import Article, Filters, Hit
from qa.answer import Candidate, Pooled, evidence_for, pool, rank_candidates
from qa.confidence import Calibration, load_calibration
from qa.question import check_question, kind_of
from qa.reader import Reader, SpanReader
from qa.types import (
    Agreement,
    Alternative,
    Answer,
    Citation,
    Claim,
    Range,
    Reason,
    Span,
    Timing,
)

TOP_K = 10
CONTEXT = 32  # code points of prefix and suffix
MAX_CITATIONS = 5
MAX_ALTERNATIVES = 3


class Assistant:
    """Answers questions from one library. Safe to share between threads."""

    def __init__(
        self, library: Library, searcher: Searcher, reader: Reader, calibration: Calibration
    ) -> None:
        """For parts that are already there; `Assistant.open` makes them."""
        self.library = library
        self._searcher, self._reader, self._calibration = searcher, reader, calibration
        self._loading = False
        # An article version never changes, so neither does what its id stands for.
        self._article: Callable[[str], Article] = lru_cache(maxsize=256)(library.article)

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
            return cls(opened, searcher, SpanReader(reader), load_calibration(reader))
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
        """Load both models now instead of at the first question."""
        self._reader.read("?", ["."])
        self._searcher.search("?", top_k=1)

    def _load_reader(self) -> None:
        with suppress(FootnoteError):
            self._reader.warm_up()

    def article(self, article_id: str) -> Article:
        """One article version, also one that was replaced or removed."""
        return self._article(article_id)

    def same_text(self, article_id: str) -> tuple[str, ...]:
        """Ids of the other articles with the same text."""
        return self.library.same_text(article_id)

    def check_filters(self, filters: Filters) -> None:
        """Raise FilterError where every question would: for whoever asks many with one filter."""
        self._searcher.check(filters)

    def choices(self) -> Choices:
        """The outlets and authors that filters can name."""
        return self.library.choices()

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
    ) -> Answer:
        """Answer in words of the articles, or say that they do not hold the answer.

        top_k: passages to read. precision: answer only when the confidence is
        at least this (0 to 1); None: the fitted threshold.
        Raises QuestionError for an empty or overlong question.
        """
        began = time.perf_counter()
        asked = check_question(question)
        if not self._loading:
            # While the first question is searched for; whoever reads hears of errors.
            self._loading = True
            Thread(target=self._load_reader, name="load-reader", daemon=True).start()
        found = self.retrieve(asked, top_k=top_k, filters=filters)
        retrieved = time.perf_counter()
        spans = self._reader.read(asked, [hit.passage.text for hit in found.hits])
        read = time.perf_counter()
        threshold = self._calibration.answer_threshold if precision is None else precision
        answer = self._decide(asked, found, self._weigh(asked, found, spans), threshold)
        timing = Timing(
            retrieve=_milliseconds(retrieved - began),
            read=_milliseconds(read - retrieved),
            total=_milliseconds(time.perf_counter() - began),
        )
        left_out = found.undated_left_out
        return replace(answer, question=question, undated_left_out=left_out, timing_ms=timing)

    def _weigh(self, question: str, found: Hits, spans: Sequence[Sequence[Span]]) -> list[Pooled]:
        """All answers that the passages might give, the strongest first."""
        weight = self._calibration.retrieval_weight
        ranked = rank_candidates(found.hits, spans, retrieval_weight=weight)
        if kind_of(question) == "yes_no":
            ranked = [_whole_sentence(candidate) for candidate in ranked]
        voices = self.library.voices_of([hit.passage.article_id for hit in found.hits])
        return pool(ranked, voice_of=voices.__getitem__)

    def _decide(
        self, question: str, found: Hits, answers: Sequence[Pooled], threshold: float
    ) -> Answer:
        """The first answer if it is sure enough, else why there is none."""
        kind = kind_of(question)
        unanswered = Answer(
            question,
            question,
            answered=False,
            answer="",
            confidence=0.0,
            kind=kind,
            reason=_reason(found, self._calibration),
            nearest=self._nearest(found),
        )
        if not answers:
            return unanswered
        confidence = self._calibration.confidence(evidence_for(answers))
        # Rivals share what the best answer's confidence leaves over, none surer than it;
        # a reading that is worse than no answer is none.
        rivals = [other for other in answers[1:] if other.best.margin >= 0]
        others = tuple(
            self._alternative(other, min(confidence, (1 - confidence) * share))
            for other, share in _shares(rivals[:MAX_ALTERNATIVES])
        )
        if confidence < threshold:
            rejected = self._alternative(answers[0], confidence)
            return replace(
                unanswered, confidence=confidence, alternatives=others, best_rejected=rejected
            )
        citations = self._citations(answers[0])
        return Answer(
            question,
            question,
            answered=True,
            answer=citations[0].quote,
            confidence=confidence,
            kind=kind,
            citations=citations,
            alternatives=others,
            agreement=_agreement(answers[0], citations),
        )

    def _alternative(self, pooled: Pooled, confidence: float) -> Alternative:
        return Alternative(pooled.best.text, confidence, self._citations(pooled))

    def _citations(self, pooled: Pooled) -> tuple[Citation, ...]:
        """One of each voice, the strongest first."""
        return tuple(
            self._cite(n, candidate.hit, candidate.place)
            for n, candidate in enumerate(pooled.candidates[:MAX_CITATIONS], start=1)
        )

    def _nearest(self, found: Hits) -> tuple[Citation, ...]:
        """The first passages, cited whole and without a quote."""
        return tuple(
            self._cite(n, hit, Range(hit.passage.start, hit.passage.start))
            for n, hit in enumerate(found.hits[:3], start=1)
        )

    def _cite(self, n: int, hit: Hit, place: Range) -> Citation:
        article, passage = self.article(hit.passage.article_id), hit.passage
        published = article.published
        source = article.source.value if article.source else None
        copies = self.library.copies_of(article.id)
        carriers = self.library.sources_of(copies) if copies else ()
        sentence = _sentence_around(
            passage.text, place.start - passage.start, place.end - passage.start
        )
        return Citation(
            n=n,
            article_id=article.id,
            title=article.title.value,
            source=source,
            authors=tuple(author.value for author in article.authors),
            url=article.url.value if article.url else None,
            path=article.path,
            page=article.page_at(place.start),
            published=published.value if published else None,
            published_origin=published.origin if published else None,
            published_trust=published.trust if published else None,
            start=place.start,
            end=place.end,
            quote=article.text[place.start : place.end],
            prefix=article.text[max(0, place.start - CONTEXT) : place.start],
            suffix=article.text[place.end : place.end + CONTEXT],
            sentence=Range(passage.start + sentence.start, passage.start + sentence.end),
            passage=Range(passage.start, passage.end),
            article_sha256=article.sha256,
            passage_text=passage.text,
            also_in=copies,
            carried_by=tuple(carrier for carrier in carriers if carrier != source),
        )


def _sentence_around(text: str, start: int, end: int) -> Range:
    """The sentence or sentences that hold text[start:end]."""
    spans = sentence_spans(text)
    first = max((s for s, _ in spans if s <= start), default=0)
    last = min((e for _, e in spans if e >= max(end, start + 1)), default=len(text))
    return Range(min(first, start), max(last, end))


def _whole_sentence(candidate: Candidate) -> Candidate:
    """What settles a yes/no question is a statement, not a name in it."""
    span = candidate.span
    sentence = _sentence_around(candidate.hit.passage.text, span.start, span.end)
    return replace(candidate, span=replace(span, start=sentence.start, end=sentence.end))


def _reason(found: Hits, calibration: Calibration) -> Reason:
    if found.filtered_out:
        return "filtered_out"
    near = max((hit.dense or 0.0 for hit in found.hits), default=0.0)
    return "subject_only" if near >= calibration.near_cosine else "nothing_near"


def _agreement(pooled: Pooled, citations: tuple[Citation, ...]) -> Agreement:
    """How many differing texts give the answer; values that differ are not compared yet."""
    claim = Claim(citations[0].quote, len(pooled.candidates), citations)
    return Agreement("agree" if claim.articles > 1 else "single", (claim,))


def _shares(answers: Sequence[Pooled]) -> list[tuple[Pooled, float]]:
    """Each answer with its share of their evidence; the shares add up to less than 1."""
    weights = [2.0 ** (answer.evidence - answers[0].evidence) for answer in answers]
    return [(a, w / (1 + sum(weights))) for a, w in zip(answers, weights, strict=True)]


def _milliseconds(seconds: float) -> float:
    return round(1000 * seconds, 1)


def as_filters(
    *,
    sources: Sequence[str] = (),
    after: str | None = None,
    before: str | None = None,
    as_of: str | None = None,
    authors: Sequence[str] = (),
) -> Filters:
    """Filters of which `as_of` hides later articles just as `before` does."""
    ends = [day for day in (before, as_of) if day]
    return Filters(tuple(sources), after, min(ends) if ends else None, tuple(authors))


__all__ = ["TOP_K", "Assistant", "as_filters"]
