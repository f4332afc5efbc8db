"""The questions as a page shows them: what was asked, what came of it, and where it stands.

Offsets count UTF-16 units here, as a browser does; everywhere else they are code points.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from eval.error_analysis import ErrorBin
from eval.metrics import gold_places
from eval.records import AnswerRecord, Asked, ReaderRecord, RetrievalRecord
from qa.types import Json, Range, Reason

AnyRecord = ReaderRecord | RetrievalRecord | AnswerRecord

_REASONS: dict[Reason, str] = {
    "nothing_near": "no passage came near",
    "subject_only": "the passages are near the subject, but do not answer",
    "filtered_out": "the filters left no passage",
    "not_extractive": "it asks for what no quotation can give",
    "out_of_time": "there was no time to read all passages",
}
# Inside a script element these could end it, open a comment, or end a line.
_UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage under a question."""

    passage: str
    title: str
    outlet: str
    note: str  # how it stands to the question, "holds an accepted answer"
    marked: Range | None  # the answer's words
    golds: tuple[Range, ...]  # where accepted wordings stand, in order and apart


@dataclass(frozen=True, slots=True)
class Row:
    """One question."""

    id: str
    question: str
    golds: tuple[str, ...]  # without repetitions
    said: str  # the answer, or the best hit's title; empty: none
    right: bool | None  # None: not measured
    error: ErrorBin | None
    score: float | None  # orders the rows, higher is better
    score_said: str  # F1, or the rank
    sure: float | None  # margin or confidence
    sure_said: str
    facts: tuple[tuple[str, str], ...]  # label and value
    shown: tuple[Shown, ...]
    given: bool  # False: the marked words are a guess that was not given


def row_of(record: AnyRecord) -> Row:
    """The row of one record."""
    if isinstance(record, ReaderRecord):
        return _read(record)
    if isinstance(record, AnswerRecord):
        return _answered(record)
    return _searched(record)


def rows_json(rows: Sequence[Row]) -> str:
    """`{"passages": [...], "rows": [...]}`, safe inside a script element.

    Each passage is there once; a row names it by its place in the list.
    """
    places: dict[str, int] = {}
    written = [_row_json(row, places) for row in rows]
    text = json.dumps(
        {"passages": list(places), "rows": written}, ensure_ascii=False, separators=(",", ":")
    )
    return text.translate(_UNSAFE)


def _row_json(row: Row, places: dict[str, int]) -> Json:
    """places: of the passages so far; new ones are put there."""
    shown = [
        {
            "passage": places.setdefault(each.passage, len(places)),
            "title": each.title,
            "outlet": each.outlet,
            "note": each.note,
            "marked": _units(each.passage, each.marked) if each.marked else None,
            "golds": [_units(each.passage, gold) for gold in each.golds],
        }
        for each in row.shown
    ]
    return {**asdict(row), "shown": shown}


def _units(text: str, found: Range) -> tuple[int, int]:
    """Start and end in UTF-16 units."""
    if text.isascii():
        return found.start, found.end
    start, end = (
        len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
        for place in (found.start, found.end)
    )
    return start, end


def _read(record: ReaderRecord) -> Row:
    scored, asked = record.scored, record.asked
    there = record.start is not None and record.end is not None
    facts = [("Margin", _number(record.margin))]
    if asked.golds:
        rank = record.gold_rank
        facts.append(("First accepted span", f"number {rank}" if rank else "none of the n-best"))
    shown = Shown(
        passage=record.passage,
        title=asked.article or "",
        outlet="",
        note="" if there else "no span was found in it",
        marked=Range(record.start or 0, record.end or 0) if there else None,
        golds=places_of(record.passage, asked.golds),
    )
    return Row(
        id=record.id,
        question=asked.question,
        golds=_wordings(asked),
        said=record.prediction,
        right=scored.exact_match == 1,
        error=record.error,
        score=scored.f1,
        score_said=_number(scored.f1),
        sure=record.margin,
        sure_said=_number(record.margin),
        facts=(*_scores(record), *facts),
        shown=(shown,),
        given=bool(record.prediction),
    )


def _answered(record: AnswerRecord) -> Row:
    facts = [("Confidence", _number(record.confidence))]
    if record.reason:
        facts.append(("Refused because", _REASONS[record.reason]))
    if record.asked.golds:
        rank = record.right_rank
        facts.append(("First passage with an answer", f"number {rank}" if rank else "not read"))
    if record.gold_articles:
        facts.append(("Rightly cited", f"{record.cited_golds} of {record.gold_articles} articles"))
    stages = f"{record.retrieve_ms:,.0f} to find, {record.read_ms:,.0f} to read"
    facts.append(("Time", f"{record.latency_ms:,.0f} ms ({stages})"))
    shown = tuple(
        Shown(
            passage=cited.passage,
            title=cited.title,
            outlet=cited.source or "",
            note="rightly cited" if cited.right else "wrongly cited",
            marked=Range(cited.start - cited.passage_start, cited.end - cited.passage_start),
            golds=places_of(cited.passage, record.asked.golds),
        )
        for cited in record.citations
    )
    return Row(
        id=record.id,
        question=record.asked.question,
        golds=_wordings(record.asked),
        said=record.prediction,
        right=record.scored.exact_match == 1,
        error=record.error,
        score=record.scored.f1,
        score_said=_number(record.scored.f1),
        sure=record.confidence,
        sure_said=_number(record.confidence),
        facts=(*_scores(record), *facts),
        shown=shown,
        given=bool(record.prediction),
    )


def _searched(record: RetrievalRecord) -> Row:
    first = min((found.rank for found in record.ranking.found), default=None)
    relevant = record.ranking.relevant
    ranks = ", ".join(str(found.rank) for found in record.ranking.found)
    facts = [
        ("Right articles", f"{len(record.ranking.found)} of {relevant} found"),
        ("At rank", ranks or "none"),
    ]
    shown = tuple(
        Shown(
            passage=hit.passage,
            title=hit.title,
            outlet="",
            note=f"rank {rank}, {'right' if hit.right else 'not right'}, score {hit.score:.3f}",
            marked=None,
            golds=places_of(hit.passage, record.asked.golds),
        )
        for rank, hit in enumerate(record.hits, start=1)
        if hit.passage or rank == first
    )
    return Row(
        id=record.id,
        question=record.asked.question,
        golds=_wordings(record.asked),
        said=record.hits[0].title if record.hits else "",
        right=None if not relevant else record.error is None,
        error=record.error,
        score=None if not relevant else 1 / first if first else 0.0,
        score_said=str(first) if first else "not found" if relevant else "–",
        sure=None,
        sure_said="",
        facts=tuple(facts),
        shown=shown,
        given=True,
    )


def _wordings(asked: Asked) -> tuple[str, ...]:
    return tuple(dict.fromkeys(asked.golds))


def _scores(record: ReaderRecord | AnswerRecord) -> Iterator[tuple[str, str]]:
    scored = record.scored
    yield "Exact match", "yes" if scored.exact_match == 1 else "no"
    yield "F1", _number(scored.f1)
    yield "Lenient match", "yes" if scored.lenient_match == 1 else "no"
    if not record.prediction:
        yield "Best guess, not given", scored.best_guess or "none"


def places_of(passage: str, golds: Sequence[str]) -> tuple[Range, ...]:
    """Where any of the wordings stands; what touches is joined."""
    found = sorted((p.start, p.end) for gold in set(golds) for p in gold_places(passage, gold))
    joined: list[Range] = []
    for start, end in found:
        if joined and start <= joined[-1].end:
            joined[-1] = Range(joined[-1].start, max(end, joined[-1].end))
        else:
            joined.append(Range(start, end))
    return tuple(joined)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
