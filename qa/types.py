"""What flows out of answering: Span -> Citation -> Answer, and the JSON made of it."""

import dataclasses
from dataclasses import dataclass, field
from typing import Literal

from index.types import Trust
from qa.periods import Granularity

Kind = Literal["short", "list", "yes_no", "explain"]
Reason = Literal["nothing_near", "subject_only", "filtered_out", "not_extractive", "out_of_time"]
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
class SaidDate:
    """A time that a sentence names, and the day it was counted from where it is relative."""

    start: int  # code points into the article's text, or into the question
    end: int
    text: str  # "Wednesday", "July 2018"
    date: str  # ISO 8601, as precise as was said: "2019-11-06", "2018-07", "1990/1999"
    granularity: Granularity
    counted_from: str | None = None  # ISO 8601 day; None: it names a time by itself
    counted_from_origin: str | None = None  # where that day comes from: "header", "today", "as of"
    trust: Trust = "high"  # of the day counted from


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article that carries the same text, or nearly the same."""

    article_id: str
    title: str
    source: str | None
    published: str | None = None  # ISO 8601
    path: str = ""


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
    dates: tuple[SaidDate, ...] = ()  # the times that the sentence names, in order
    copies: tuple[Copy, ...] = ()  # the same, by name; not part of the JSON
    file_sha256: str | None = None  # of the file that the article was read from, hex
    accessed: str | None = None  # the day on which it was added to the library, ISO 8601

    def to_json(self) -> Json:
        """The citation as the outside contract writes it."""
        shown = dataclasses.asdict(self)
        del shown["passage_text"], shown["copies"]
        return shown | {"sentence_text": self.sentence_text}

    @property
    def carried_by(self) -> tuple[str, ...]:
        """The other outlets that carry it, each once."""
        outlets = dict.fromkeys(copy.source for copy in self.copies)
        return tuple(each for each in outlets if each and each != self.source)

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
class Item:
    """One of several things that a question asked for.

    Its citations carry the number of the answer's citation that they stand in, or,
    where they stand elsewhere, numbers that go on after those.
    """

    answer: str
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

    date: str  # ISO 8601, as of SaidDate
    counted_from: str | None  # ISO 8601 day; None: the sentence names the time by itself
    claim: str  # the sentence, as it stands
    citations: tuple[Citation, ...] = ()
    text: str = ""  # the words that name the time
    trust: Trust = "high"


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of an answer before anything is read."""

    question: str  # as it is understood
    nearest: tuple[Citation, ...]  # the first passages, without a quote


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
    items: tuple[Item, ...] = ()  # of a list, in the order they stand in; empty: one thing only
    alternatives: tuple[Alternative, ...] = ()
    agreement: Agreement = Agreement()
    timeline: tuple[TimelineEntry, ...] = ()
    reason: Reason | None = None
    nearest: tuple[Citation, ...] = ()
    best_rejected: Alternative | None = None
    undated_left_out: int = 0  # articles without a date that a date filter left out
    question_dates: tuple[SaidDate, ...] = ()  # the times that the question names
    as_of: str | None = None  # ISO 8601 day it was answered as of; None: today
    timing_ms: Timing = field(default_factory=Timing)

    @property
    def footnotes(self) -> tuple[Citation, ...]:
        """Its citations, and those of claims and items that stand elsewhere, by their numbers."""
        cited = [claim.citations for claim in self.agreement.claims]
        cited += [item.citations for item in self.items]
        # Last, so that under one number the answer's own words stand.
        cited.append(self.citations)
        found = {citation.n: citation for each in cited for citation in each}
        return tuple(found[n] for n in sorted(found))

    @property
    def understood_as(self) -> str:
        """The question as it was taken to stand alone; empty where that is as it was typed."""
        typed = self.question.strip().encode("utf-8", "replace").decode()
        return "" if typed == self.standalone_question else self.standalone_question

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
            "items": [
                {"answer": item.answer, "citations": citations(item.citations)}
                for item in self.items
            ],
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
                    "text": entry.text,
                    "trust": entry.trust,
                }
                for entry in self.timeline
            ],
            "reason": self.reason,
            "nearest": citations(self.nearest),
            "best_rejected": self.best_rejected and alternative(self.best_rejected),
            "undated_left_out": self.undated_left_out,
            "question_dates": [dataclasses.asdict(said) for said in self.question_dates],
            "as_of": self.as_of,
            "timing_ms": dataclasses.asdict(self.timing_ms),
        }
