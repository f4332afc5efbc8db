"""One question after the other, put to a reader, a search or an assistant."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from eval.datasets import DataSet, Question
from eval.error_analysis import Place, error_of
from eval.metrics import exact_match
from eval.ranking import DEPTH
from eval.records import (
    AnswerRecord,
    Asked,
    CitationRecord,
    HitRecord,
    ReaderRecord,
    RetrievalRecord,
    Scored,
)
from eval.relevance import Articles, is_gold, names_of, ranking_of
from eval.results import Abstain
from eval.stats import Clusters
from index.search import Hits
from index.types import Hit
from qa.errors import DatasetError, QuestionError
from qa.types import Answer, Citation, Span

logger = logging.getLogger(__name__)

_PAIRS_AT_ONCE = 128  # what the reader gets at a time, which bounds the memory
_SHOWN = 3  # passages of a search whose text is recorded
_PASSAGES_AN_ARTICLE = 5  # looked at for each article, where whole articles are ranked


class ReadsPairs(Protocol):
    """A reader that takes many questions at once, each with its own text."""

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[list[Span]]:
        """For each (question, text) its n-best spans, best first."""


class Searches(Protocol):
    """Anything that finds passages."""

    def search(self, query: str, *, top_k: int) -> Hits:
        """The best passages, best first."""


class Shelf(Articles, Protocol):
    """Where the passages that were found stand: a library."""

    def same_text(self, article_id: str, /) -> tuple[str, ...]:
        """Ids of the other articles with the same text."""


class Asks(Shelf, Protocol):
    """Anything that answers questions and knows the articles it cites."""

    def ask(self, question: str, /) -> Answer:
        """Answer, or refuse."""

    def retrieve(self, question: str, /) -> Hits:
        """The passages that are read for it, best first."""


def read_all(
    data: DataSet, clusters: Clusters, reader: ReadsPairs, *, threshold: float | None
) -> Iterator[ReaderRecord]:
    """Read each question's own context; below the threshold (None: there is none) refuse.

    Raises DatasetError, before anything is read, if a question has no context.
    """
    pairs: list[tuple[str, str]] = []
    for question in data.questions:
        if question.context is None:
            raise DatasetError(
                f"{data.path}: question '{question.id}' has no context to read: "
                "give SQuAD-form data, or measure 'answers' instead"
            )
        pairs.append((question.question, question.context.text))
    for done in range(0, len(pairs), _PAIRS_AT_ONCE):
        chunk = slice(done, done + _PAIRS_AT_ONCE)
        for question, cluster, spans in zip(
            data.questions[chunk],
            clusters.keys[chunk],
            reader.read_pairs(pairs[chunk]),
            strict=True,
        ):
            asked = Asked.about(question, cluster=cluster, golds=question.context_golds)
            assert question.context is not None  # looked at above
            yield _reading(asked, question.context.text, spans, threshold)


def _reading(
    asked: Asked, text: str, spans: Sequence[Span], threshold: float | None
) -> ReaderRecord:
    best = spans[0] if spans else None
    guesses = [text[span.start : span.end] for span in spans]
    margin = best.score - best.null_score if best else None
    given = margin is not None and (threshold is None or margin >= threshold)
    scored = Scored.against(
        asked.golds,
        prediction=guesses[0] if given else "",
        best_guess=guesses[0] if guesses else "",
    )
    return ReaderRecord(
        asked,
        scored,
        margin=margin,
        start=best.start if best else None,
        end=best.end if best else None,
        gold_rank=_gold_rank(guesses, asked.golds),
        passage=text,
        error=error_of(
            exact=scored.exact_match == 1,
            answerable=bool(asked.golds),
            place=Place(text, best.start, best.end, right=True) if best and given else None,
            golds=asked.golds,
            right_passage_read=True,
            articles=1,
        ),
    )


def _gold_rank(guesses: Sequence[str], golds: Sequence[str]) -> int | None:
    right = (rank for rank, guess in enumerate(guesses, 1) if golds and exact_match(guess, golds))
    return next(right, None)


def search_all(
    data: DataSet, clusters: Clusters, searcher: Searches, shelf: Shelf
) -> Iterator[RetrievalRecord]:
    """Search for each question, and see at which ranks its gold articles are found."""
    for question, cluster in zip(data.questions, clusters.keys, strict=True):
        hits = _searched(question.question, searcher, shelf, whole=data.whole_articles)
        called = [(names, hit.passage.text) for hit, names in hits]
        ranking = ranking_of(called, question.golds)
        found = tuple(
            HitRecord(
                article_id=hit.passage.article_id,
                start=hit.passage.start,
                end=hit.passage.end,
                score=hit.score,
                right=is_gold(hit.passage.text, names, question.golds),
                title=shelf.article(hit.passage.article_id).title.value,
                passage=hit.passage.text if rank <= _SHOWN else "",
            )
            for rank, (hit, names) in enumerate(hits, start=1)
        )
        yield RetrievalRecord(
            Asked.about(question, cluster=cluster, golds=question.gold_texts),
            ranking,
            found,
            "not_retrieved" if ranking.missed and not ranking.found else None,
        )


def _searched(
    query: str, searcher: Searches, shelf: Shelf, *, whole: bool
) -> list[tuple[Hit, frozenset[str]]]:
    """The first 20 hits, each with the names of its article; whole: one hit an article."""
    found = searcher.search(query, top_k=DEPTH * _PASSAGES_AN_ARTICLE if whole else DEPTH).hits
    if whole:
        first: dict[str, Hit] = {}
        for hit in found:
            first.setdefault(hit.passage.article_id, hit)
        found = tuple(first.values())
    return [(hit, _names(hit.passage.article_id, shelf)) for hit in found[:DEPTH]]


def _names(article_id: str, shelf: Shelf) -> frozenset[str]:
    # A search returns one of the articles with the same text, and stands for all.
    return names_of(shelf.article(id_) for id_ in (article_id, *shelf.same_text(article_id)))


def ask_all(
    data: DataSet,
    clusters: Clusters,
    assistant: Asks,
    *,
    abstain: Abstain,
    clock: Callable[[], float] = time.perf_counter,
) -> Iterator[AnswerRecord]:
    """Ask each question; "never": the answer that was rejected counts where it refuses.

    The first is asked once beforehand, so that no time holds the loading of models.
    clock: seconds, from which latencies are taken.
    """
    if data.questions:
        _ask(assistant, data.questions[0].question)
    for question, cluster in zip(data.questions, clusters.keys, strict=True):
        began = clock()
        answer = _ask(assistant, question.question)
        latency = 1000 * (clock() - began)
        asked = Asked.about(question, cluster=cluster, golds=question.gold_texts)
        yield _answered(asked, question, answer, assistant, abstain=abstain, latency=latency)


def _answered(
    asked: Asked,
    question: Question,
    answer: Answer,
    assistant: Asks,
    *,
    abstain: Abstain,
    latency: float,
) -> AnswerRecord:
    citing = answer.answered or abstain == "never"
    guess, confidence, citations = _best_guess(answer)
    given = citations if citing else ()
    scored = Scored.against(asked.golds, prediction=guess if citing else "", best_guess=guess)
    called = [_cited_names(citation, assistant) for citation in given]
    quoted = [(names, c.quote) for names, c in zip(called, given, strict=True)]
    credited = ranking_of(quoted, question.golds)
    right_rank = _right_rank(question, assistant)
    error = error_of(
        exact=scored.exact_match == 1,
        answerable=bool(asked.golds),
        place=_place(given[0], called[0], question) if given else None,
        golds=asked.golds,
        right_passage_read=right_rank is not None,
        articles=_voices(answer, given),
    )
    return AnswerRecord(
        asked,
        scored,
        confidence=confidence,
        citations=tuple(
            _cited(c, right=is_gold(c.quote, names, question.golds))
            for names, c in zip(called, given, strict=True)
        ),
        cited_golds=len(credited.found),
        gold_articles=credited.relevant,
        right_rank=right_rank,
        error=error,
        reason=answer.reason,
        latency_ms=latency,
        retrieve_ms=answer.timing_ms.retrieve,
        read_ms=answer.timing_ms.read,
    )


def _voices(answer: Answer, given: Sequence[Citation]) -> int:
    """How many articles of differing texts give the answer."""
    if answer.answered and answer.agreement.claims:
        claims = answer.agreement.claims
        own = (claim for claim in claims if given and given[0] in claim.citations)
        return next(own, claims[0]).articles
    return len(given)


def _right_rank(question: Question, assistant: Asks) -> int | None:
    """Of the first passage read that holds an answer; None also where there is none to hold."""
    if not question.golds:
        return None
    try:
        hits = assistant.retrieve(question.question).hits
    except QuestionError:
        return None
    right = (
        rank
        for rank, hit in enumerate(hits, start=1)
        if is_gold(hit.passage.text, _names(hit.passage.article_id, assistant), question.golds)
    )
    return next(right, None)


def _place(citation: Citation, names: frozenset[str], question: Question) -> Place:
    return Place(
        citation.passage_text,
        citation.start - citation.passage.start,
        citation.end - citation.passage.start,
        right=is_gold(citation.passage_text, names, question.golds),
    )


def _ask(assistant: Asks, question: str) -> Answer:
    """The answer; a question that cannot be asked is one without an answer, not the run's end."""
    try:
        return assistant.ask(question)
    except QuestionError as error:
        logger.warning("%r counts as not answered: %s", question[:80], error)
        return Answer(question, question, answered=False, answer="", confidence=0.0)


def _best_guess(answer: Answer) -> tuple[str, float, tuple[Citation, ...]]:
    """The answer, else the one that was rejected, with its confidence and citations."""
    rejected = answer.best_rejected
    if not answer.answered and rejected:
        return rejected.answer, rejected.confidence, rejected.citations
    return answer.answer, answer.confidence, answer.citations


def _cited_names(citation: Citation, articles: Articles) -> frozenset[str]:
    same = (citation.article_id, *citation.also_in)
    return names_of(articles.article(article_id) for article_id in same)


def _cited(citation: Citation, *, right: bool) -> CitationRecord:
    return CitationRecord(
        article_id=citation.article_id,
        title=citation.title,
        source=citation.source,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        right=right,
        passage_start=citation.passage.start,
        passage=citation.passage_text,
    )
