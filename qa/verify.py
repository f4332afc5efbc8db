"""Whether a citation still stands: records against the articles as they are now.

    with Library.open("library") as library:
        for verdict in verify_in_library(records, library):
            print(verdict.status, verdict.explanation)

The text's hash and the words at the place are both looked at: neither is trusted alone.
`verify_files` does the same with the original files, without a library.
"""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from index.library import Library
from index.types import Article
from qa.alike import Piece, word_diff
from qa.cite import CitationRecord
from qa.refind import find_edited, find_quote, sentence_at, stands_whole, was_edited
from qa.types import Json, Range

Status = Literal["intact", "moved", "changed", "replaced", "gone"]

AS_CITED = "it stands as it was cited"
EDITED_ELSEWHERE = "the article has been edited elsewhere; the quote stands where it stood"
OTHER_METADATA = "its text is as it was cited; what is known about the article has changed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has become of one citation.

    intact: it stands as cited. moved: the article's text is another, and the quote stands
    in it. changed: its sentence has been edited. replaced: the article has a newer version,
    and nothing like it stands there. gone: there is no version of the article.
    """

    record: CitationRecord
    status: Status
    explanation: str  # one line
    article_id: str | None = None  # the version that it was looked for in
    path: str | None = None  # the file of that version
    place: Range | None = None  # where the quote stands now; "changed": the edited sentence
    diff: tuple[Piece, ...] = ()  # from the cited sentence to the one there now, where they differ
    kept: str | None = None  # where the cited version still is, word for word: an id, or a file

    def to_json(self) -> Json:
        """The verdict as `footnote verify --json` writes it."""
        shown = {name: getattr(self, name) for name in ("status", "explanation", "article_id")}
        return shown | {
            "path": self.path,
            "cited": {"start": self.record.start, "end": self.record.end},
            "place": self.place and dataclasses.asdict(self.place),
            "diff": [dataclasses.asdict(piece) for piece in self.diff],
            "kept": self.kept,
            "record": self.record.to_json(),
        }


def holds(record: CitationRecord, article: Article) -> bool:
    """Whether this is the version that was cited, and all that the record quotes stands in it."""
    return article.sha256 == record.article_sha256 and stands(record, article.text)


def stands(record: CitationRecord, text: str) -> bool:
    """Whether the quote, its sentence and its surroundings stand where the record says."""
    sentence = record.sentence
    before, after = record.start - len(record.prefix), record.end + len(record.suffix)
    return (
        before >= 0
        and text[record.start : record.end] == record.quote
        and text[before:after] == record.prefix + record.quote + record.suffix
        and text[sentence.start : sentence.end] == record.sentence_text
    )


def judge(record: CitationRecord, article: Article, *, cited: str | None = None) -> Verdict:
    """The verdict where this is the article as it is now; never "gone".

    cited: the text that was cited from, where it is known.
    """
    verdict = Verdict(record, "intact", AS_CITED, article.id, article.path)
    if holds(record, article):
        known = AS_CITED if article.id == record.article_id else OTHER_METADATA
        return replace(verdict, explanation=known, place=Range(record.start, record.end))
    if article.sha256 == record.article_sha256:
        return _altered(verdict, article.text)
    if stands(record, article.text):
        here = Range(record.start, record.end)
        return replace(verdict, explanation=EDITED_ELSEWHERE, place=here)
    place = find_quote(record, article.text)
    if place is not None and stands_whole(record, article.text, place):
        return _moved(verdict, article.text, place)
    edited = find_edited(record, article.text, cited=cited)
    if place and not (edited and was_edited(record, article.text, place, edited)):
        return _moved(verdict, article.text, place)
    if edited is not None:
        return _changed(verdict, article.text, edited)
    return replace(
        verdict,
        status="replaced",
        explanation="the article has another text now, and nothing like the cited sentence in it",
    )


def _moved(verdict: Verdict, text: str, place: Range) -> Verdict:
    record = verdict.record
    same_place = (place.start, place.end) == (record.start, record.end)
    where = "where it stood" if same_place else "elsewhere in it"
    explanation = f"the article has been edited; the quote stands {where}"
    diff = _sentence_diff(record, text, place)
    if diff:
        explanation += ", and the sentence around it reads differently"
    return replace(verdict, status="moved", explanation=explanation, place=place, diff=diff)


def _sentence_diff(record: CitationRecord, text: str, place: Range) -> tuple[Piece, ...]:
    """How the sentence around the quote differs from the cited one; empty where it does not."""
    if stands_whole(record, text, place):
        return ()
    now = sentence_at(text, place)
    diff = word_diff(record.sentence_text, text[now.start : now.end])
    return diff if any(piece.kind != "same" for piece in diff) else ()


def _changed(verdict: Verdict, text: str, edited: Range) -> Verdict:
    diff = word_diff(verdict.record.sentence_text, text[edited.start : edited.end])
    explanation = "the cited sentence has been edited"
    if all(piece.kind == "same" for piece in diff):
        explanation = "only the spacing of the cited sentence has changed"
    return replace(verdict, status="changed", explanation=explanation, place=edited, diff=diff)


def _altered(verdict: Verdict, text: str) -> Verdict:
    """The text is the cited one and does not hold what the record says: that was changed."""
    record = verdict.record
    there = text[record.start : record.end] == record.quote
    place = Range(record.start, record.end) if there else find_quote(record, text)
    if place is not None and not there:
        wrong = "the article is as it was, but the record gives a place where other words stand"
        return replace(verdict, status="moved", explanation=wrong, place=place)
    edited = sentence_at(text, place) if place else find_edited(record, text)
    if edited is None and record.end <= len(text):
        edited = sentence_at(text, Range(record.start, record.end))
    verdict = replace(verdict, status="changed", place=edited)
    if edited is not None:
        verdict = _changed(verdict, text, edited)
    wrong = "the article is as it was and says something else: the record has been altered"
    return replace(verdict, explanation=wrong)


def verify_in_library(records: Sequence[CitationRecord], library: Library) -> list[Verdict]:
    """A verdict for each record, in their order, by what the library holds live now.

    A version that was replaced is judged by the one that replaced it. `kept` is the id of
    the cited version where the library still has it: only `remove --purge` erases one.
    Raises LibraryError if the library cannot be read.
    """
    article = lru_cache(maxsize=64)(library.article)  # several citations of one are usual
    return [_in_library(record, library, article) for record in records]


def _in_library(
    record: CitationRecord, library: Library, article: Callable[[str], Article]
) -> Verdict:
    state = library.state_of(record.article_id)
    version = article(record.article_id) if state else None
    known = version is not None and version.sha256 == record.article_sha256
    cited = version.text if version is not None and known else None
    current = record.article_id if state == "live" else library.live_at(record.path)
    if current is None and version is not None:
        current = library.live_at(version.path)
    verdict = judge(record, article(current), cited=cited) if current else _gone(record, state)
    if verdict.status in ("replaced", "gone") and (state is None or not current):
        # The file may have been taken in anew under another name.
        copies = library.with_text(record.article_sha256) if state != "removed" else ()
        verdict = judge(record, article(copies[0])) if copies else verdict
    if state != "live" and version is not None and holds(record, version):
        kept = f"the cited version is kept as it was ('footnote show {version.id}')"
        verdict = replace(verdict, kept=version.id, explanation=f"{verdict.explanation}; {kept}")
    return verdict


def _gone(record: CitationRecord, state: str | None) -> Verdict:
    reasons = {
        "removed": "the article was removed from the library",
        "replaced": "the article was replaced, and what replaced it is in the library no more",
    }
    unknown = "no version of the article is in the library: it was erased, or never there"
    return Verdict(record, "gone", reasons.get(state or "", unknown))
