"""One question after the other, put to a reader, a search or an assistant."""

import logging
import time
from collections.abc import Iterator, Sequence
from typing import Protocol

from eval.aggregate import CUTOFFS
from eval.datasets import DataSet, Question
from eval.metrics import exact_match
from eval.records import (
    AnswerRecord,
    Asked,
    CitationRecord,
    HitRecord,
    ReaderRecord,
    RetrievalRecord,
    Scored,
)
from eval.relevance import Articles, found_ranks, is_gold, names_of
from eval.results import Abstain
from eval.stats import Clusters
from index.search import Hits
from qa.errors import DatasetError, QuestionError
from qa.types import Answer, Citation, Span

logger = logging.getLogger(__name__)

_PAIRS_AT_ONCE = 128  # what the reader gets at a time, which bounds the memory


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


class Asks(Articles, Protocol):
    """Anything that answers questions and knows the articles it cites."""

    def ask(self, question: str, /) -> Answer:
        """Answer, or refuse."""


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
    words = len(text.split())
    if not spans:
        scored = Scored.against(asked.golds, prediction="", best_guess="")
        return ReaderRecord(asked, scored, None, None, None, None, words)
    best, guesses = spans[0], [text[span.start : span.end] for span in spans]
    margin = best.score - best.null_score
    given = guesses[0] if threshold is None or margin >= threshold else ""
    scored = Scored.against(asked.golds, prediction=given, best_guess=guesses[0])
    rank = _gold_rank(guesses, asked.golds)
    return ReaderRecord(asked, scored, margin, best.start, best.end, rank, words)


def _gold_rank(guesses: Sequence[str], golds: Sequence[str]) -> int | None:
    right = (rank for rank, guess in enumerate(guesses, 1) if golds and exact_match(guess, golds))
    return next(right, None)


def search_all(
    data: DataSet, clusters: Clusters, searcher: Searches, shelf: Shelf
) -> Iterator[RetrievalRecord]:
    """Search for each question, and see at which ranks its gold articles are found."""
    for question, cluster in zip(data.questions, clusters.keys, strict=True):
        hits = searcher.search(question.question, top_k=max(CUTOFFS)).hits
        called = [_names(hit.passage.article_id, shelf) for hit in hits]
        texts = [hit.passage.text for hit in hits]
        ranks, relevant = found_ranks(list(zip(called, texts, strict=True)), question.golds)
        found = tuple(
            HitRecord(
                article_id=hit.passage.article_id,
                start=hit.passage.start,
                end=hit.passage.end,
                score=hit.score,
                right=is_gold(hit.passage.text, names, question.golds),
            )
            for hit, names in zip(hits, called, strict=True)
        )
        asked = Asked.about(question, cluster=cluster, golds=question.gold_texts)
        yield RetrievalRecord(asked, relevant, ranks, found)


def _names(article_id: str, shelf: Shelf) -> frozenset[str]:
    # A search returns one of the articles with the same text, and stands for all.
    return names_of(shelf.article(id_) for id_ in (article_id, *shelf.same_text(article_id)))


def ask_all(
    data: DataSet, clusters: Clusters, assistant: Asks, *, abstain: Abstain
) -> Iterator[AnswerRecord]:
    """Ask each question; "never": the answer that was rejected counts where it refuses.

    The first is asked once beforehand, so that no time holds the loading of models.
    """
    _ask(assistant, data.questions[0].question)
    for question, cluster in zip(data.questions, clusters.keys, strict=True):
        began = time.perf_counter()
        answer = _ask(assistant, question.question)
        latency = 1000 * (time.perf_counter() - began)
        asked = Asked.about(question, cluster=cluster, golds=question.gold_texts)
        citing = answer.answered or abstain == "never"
        guess, confidence, citations = _best_guess(answer)
        yield AnswerRecord(
            asked,
            Scored.against(asked.golds, prediction=guess if citing else "", best_guess=guess),
            confidence,
            tuple(_cited(c, question, assistant) for c in citations) if citing else (),
            answer.reason,
            latency,
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


def _cited(citation: Citation, question: Question, articles: Articles) -> CitationRecord:
    same = (citation.article_id, *citation.also_in)
    names = names_of(articles.article(article_id) for article_id in same)
    return CitationRecord(
        article_id=citation.article_id,
        title=citation.title,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        right=is_gold(citation.quote, names, question.golds),
    )
