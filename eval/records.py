"""What came of one question: the lines of `per_question.jsonl`."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from eval.datasets import Question
from eval.error_analysis import ErrorBin
from eval.metrics import exact_match, f1, lenient_match
from eval.ranking import Ranking
from qa.types import Json, Kind, Reason


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, and what the data says of it."""

    id: str
    question: str
    kind: Kind | None
    article: str | None
    cluster: str  # questions of one cluster are resampled together
    golds: tuple[str, ...]  # accepted wordings; empty: it has no answer
    why: str | None = None  # why it has no answer, where the data says so

    @classmethod
    def about(cls, question: Question, *, cluster: str, golds: Sequence[str]) -> Self:
        """The head of a record."""
        return cls(
            id=question.id,
            question=question.question,
            kind=question.kind,
            article=question.article,
            cluster=cluster,
            golds=tuple(golds),
            why=question.why,
        )


@dataclass(frozen=True, slots=True)
class Scored:
    """A prediction with its official scores."""

    prediction: str  # empty: refused
    best_guess: str  # what it would have answered, had it been made to; empty: nothing at all
    exact_match: float
    f1: float
    lenient_match: float

    @classmethod
    def against(cls, golds: Sequence[str], *, prediction: str, best_guess: str) -> Self:
        """Score a prediction."""
        return cls(
            prediction,
            best_guess,
            exact_match(prediction, golds),
            f1(prediction, golds),
            lenient_match(prediction, golds),
        )


@dataclass(frozen=True, slots=True)
class ReaderRecord:
    """A question that the reader was given with its own context."""

    asked: Asked
    scored: Scored
    margin: float | None  # score minus null score of the best guess; None: no span at all
    start: int | None  # where the best guess stands, in code points of the context
    end: int | None
    gold_rank: int | None  # of the first n-best span that is a gold, from 1; None: none is
    passage: str  # its context, whole
    error: ErrorBin | None  # None: an exact match

    @property
    def id(self) -> str:
        """The question's id."""
        return self.asked.id

    @property
    def prediction(self) -> str:
        """The answer's words, empty for none."""
        return self.scored.prediction

    @property
    def passage_words(self) -> int:
        """How long the context is."""
        return len(self.passage.split())

    def to_json(self) -> Json:
        """Its line in `per_question.jsonl`."""
        return _flat(dataclasses.asdict(self)) | {"passage_words": self.passage_words}


@dataclass(frozen=True, slots=True)
class HitRecord:
    """A passage that was retrieved."""

    article_id: str
    start: int
    end: int
    score: float
    right: bool  # of a gold article, and holds a gold answer
    title: str
    passage: str  # its text, of the first three; empty further down


@dataclass(frozen=True, slots=True)
class RetrievalRecord:
    """A question that was searched for."""

    asked: Asked
    ranking: Ranking  # nothing to find: it has no answer
    hits: tuple[HitRecord, ...]  # best first
    error: ErrorBin | None  # "not_retrieved": no gold article among the first 20

    @property
    def id(self) -> str:
        """The question's id."""
        return self.asked.id

    def to_json(self) -> Json:
        """Its line in `per_question.jsonl`."""
        counted: Json = {"ranks": self.ranking.ranks, "relevant": self.ranking.relevant}
        return _flat(dataclasses.asdict(self)) | counted


@dataclass(frozen=True, slots=True)
class CitationRecord:
    """A citation under an answer."""

    article_id: str
    title: str
    source: str | None  # the outlet
    start: int  # of the quote, in code points of the article
    end: int
    quote: str
    right: bool  # of a gold article, and its quote holds a gold answer
    passage_start: int
    passage: str  # the text it was read in


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """A question that the assistant was asked."""

    asked: Asked
    scored: Scored
    confidence: float  # in the prediction; where it refused, in the best guess
    citations: tuple[CitationRecord, ...]
    cited_golds: int  # gold articles that a citation is rightly of
    gold_articles: int  # that there are to cite; 0: it has no answer
    right_rank: int | None  # of the first passage that was read and holds an answer, from 1
    error: ErrorBin | None  # None: an exact match
    reason: Reason | None  # why it refused
    latency_ms: float  # of the whole, as the caller waits for it
    retrieve_ms: float
    read_ms: float

    @property
    def id(self) -> str:
        """The question's id."""
        return self.asked.id

    @property
    def prediction(self) -> str:
        """The answer's words, empty for none."""
        return self.scored.prediction

    def to_json(self) -> Json:
        """Its line in `per_question.jsonl`."""
        return _flat(dataclasses.asdict(self))


def _flat(record: Json) -> Json:
    """The record without its inner divisions."""
    flat: Json = {}
    for key, value in record.items():
        if key in ("asked", "scored", "ranking") and isinstance(value, dict):
            flat |= value
        else:
            flat[key] = value
    return flat
