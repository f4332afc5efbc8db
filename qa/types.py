"""What flows out of answering: Span -> Citation -> Answer, and the JSON made of it."""

import dataclasses
from dataclasses import dataclass, field
from typing import Literal

from index.types import Trust

Kind = Literal["short", "list", "yes_no", "explain"]
Reason = Literal["nothing_near", "subject_only", "filtered_out"]
AgreementStatus = Literal["none", "single", "agree", "conflict"]
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of an article's text, in code points: start inclusive, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """A possible answer inside one passage."""

    start: int  # code points into the text that was read, inclusive
    end: int  # exclusive
    score: float  # start logit + end logit
    null_score: float  # the no-answer score of the window it was read in


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands: `article.text[start:end] == quote`, code point for code point."""

    n: int  # its number under the answer, from 1
    article_id: str
    title: str
    source: str | None
    authors: tuple[str, ...]
    url: str | None
    path: str
    page: int | None
    published: str | None  # ISO 8601
    published_origin: str | None
    published_trust: Trust | None
    start: int
    end: int
    quote: str  # empty for `nearest`: a passage that was looked at and did not answer
    prefix: str  # up to 32 code points before the quote
    suffix: str  # up to 32 code points after it
    sentence: Range
    passage: Range
    article_sha256: str
    passage_text: str  # text[passage.start:passage.end], for showing; not part of the JSON
    also_in: tuple[str, ...] = ()  # ids of articles that copy it, word for word or nearly
    carried_by: tuple[str, ...] = ()  # their outlets, its own left out; not part of the JSON

    def to_json(self) -> Json:
        """The citation as the outside contract writes it."""
        shown = dataclasses.asdict(self)
        del shown["passage_text"], shown["carried_by"]
        return shown

    @property
    def sentence_text(self) -> str:
        """The sentence that holds the quote, what a report prints."""
        return self.passage_text[
            self.sentence.start - self.passage.start : self.sentence.end - self.passage.start
        ]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another answer that the articles might give."""

    answer: str
    confidence: float
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One value that some of the sources give."""

    value: str
    articles: int
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the sources say beside one another."""

    status: AgreementStatus = "none"
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A claim on its date."""

    date: str
    counted_from: str | None
    claim: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds spent."""

    retrieve: float = 0.0
    read: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose words stand in an article, or the reason why there is none.

    Answered: `answer == citations[0].quote`. Not answered: `answer` is empty,
    `citations` too, and `reason`, `nearest` and `best_rejected` say what was near.
    """

    question: str
    standalone_question: str
    answered: bool
    answer: str
    confidence: float  # probability that the answer is right, 0 to 1
    kind: Kind = "short"
    citations: tuple[Citation, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    agreement: Agreement = Agreement()
    timeline: tuple[TimelineEntry, ...] = ()
    reason: Reason | None = None
    nearest: tuple[Citation, ...] = ()
    best_rejected: Alternative | None = None
    undated_left_out: int = 0  # articles without a date that a date filter left out
    timing_ms: Timing = field(default_factory=Timing)

    def to_json(self) -> Json:
        """The object of `ask --json`; every key is always there."""

        def citations(found: tuple[Citation, ...]) -> list[Json]:
            return [citation.to_json() for citation in found]

        def alternative(other: Alternative) -> Json:
            return {
                "answer": other.answer,
                "confidence": other.confidence,
                "citations": citations(other.citations),
            }

        return {
            "question": self.question,
            "standalone_question": self.standalone_question,
            "answered": self.answered,
            "answer": self.answer,
            "confidence": self.confidence,
            "kind": self.kind,
            "citations": citations(self.citations),
            "alternatives": [alternative(other) for other in self.alternatives],
            "agreement": {
                "status": self.agreement.status,
                "claims": [
                    {
                        "value": claim.value,
                        "articles": claim.articles,
                        "citations": citations(claim.citations),
                    }
                    for claim in self.agreement.claims
                ],
            },
            "timeline": [
                {
                    "date": entry.date,
                    "counted_from": entry.counted_from,
                    "claim": entry.claim,
                    "citations": citations(entry.citations),
                }
                for entry in self.timeline
            ],
            "reason": self.reason,
            "nearest": citations(self.nearest),
            "best_rejected": self.best_rejected and alternative(self.best_rejected),
            "undated_left_out": self.undated_left_out,
            "timing_ms": dataclasses.asdict(self.timing_ms),
        }
