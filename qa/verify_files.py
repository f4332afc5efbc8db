"""Citations checked against the original files alone, without a library.

Whoever has a report and the files it cites can check it: the files are parsed as
`footnote add` would, and matched by path, then by their hash, then by their text.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from index.ingest import FileRead, Refused, find_files, read_files
from index.types import Article
from qa.cite import CitationRecord
from qa.errors import CitationError
from qa.refind import SURE_FIT, find_quote
from qa.verify import Status, Verdict, holds, judge

Progress = Callable[[int, int | None], None]  # files read, of how many

_ROW = re.compile(r"(.*\.(?:csv|tsv|jsonl|ndjson))#(\d+)", re.IGNORECASE | re.DOTALL)
_ORDER: tuple[Status, ...] = ("intact", "moved", "changed", "replaced", "gone")  # best first


def verify_files(
    records: Sequence[CitationRecord],
    folder: Path,
    *,
    on_refused: Callable[[Refused], None] = lambda refused: None,
    progress: Progress = lambda done, total: None,
) -> list[Verdict]:
    """A verdict for each record, in their order, by the files in this folder and below it.

    A file is the cited one by its path (as much of its end as any file has, its name at
    least), by its hash, or by the hash of its text; else the quote is looked for in all of
    them. `kept` is the path of a file that still holds the cited text beside a newer one.
    on_refused: called with each file that cannot be read. Raises CitationError where
    there is no folder, or nothing in it can be read.
    """
    read = list(_read(folder, progress))
    refused = [each for one in read for each in one.refused]
    for each in refused:
        on_refused(each)
    articles = [article for one in read for article in one.articles]
    if not articles:
        raise CitationError(
            f"{folder}: no article in it can be read: give the folder of the files that were cited"
        )
    return [verify_among(record, articles, refused) for record in records]


def _read(folder: Path, progress: Progress) -> Iterator[FileRead]:
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "no such folder"
        raise CitationError(f"{folder}: {what}: give the folder of the files that were cited")
    files, refused = find_files([folder])
    if not files and refused:
        raise CitationError(f"{refused[0].path}: {refused[0].reason}")
    yield FileRead(str(folder), refused=tuple(refused))
    for done, each in enumerate(read_files(files), start=1):
        progress(done, len(files))
        yield each


def verify_among(
    record: CitationRecord, articles: Sequence[Article], refused: Sequence[Refused] = ()
) -> Verdict:
    """The verdict by these articles, as the files give them now.

    refused: what of the files cannot be read, for the reason of a citation that is gone.
    """
    best = _best(record, _named(record, articles))
    if best is None or best.status == "replaced":
        # A file of the same name may be about something else altogether.
        best = _elsewhere(record, articles) or best
    if best is None:
        return Verdict(record, "gone", _nowhere(record, refused))
    same = next((article for article in articles if holds(record, article)), None)
    if best.status == "intact" or same is None:
        return best
    explanation = f"{best.explanation}; the cited text is kept in {same.path}"
    return replace(best, kept=same.path, explanation=explanation)


def _best(record: CitationRecord, articles: Sequence[Article]) -> Verdict | None:
    """The best of the verdicts by each of these; of equal ones the first."""
    verdicts = [judge(record, article) for article in articles]
    return min(verdicts, key=lambda each: _ORDER.index(each.status), default=None)


def _named(record: CitationRecord, articles: Sequence[Article]) -> list[Article]:
    """The articles whose paths share the longest end with the recorded one, at least the name."""
    cited = _parts(record.path)
    lengths = [_common_end(cited, _parts(article.path)) for article in articles]
    longest = max(lengths, default=0)
    named = [
        article
        for article, length in zip(articles, lengths, strict=True)
        if length == longest and longest > 0
    ]
    return _likely(record, named)


def _likely(record: CitationRecord, articles: Sequence[Article]) -> list[Article]:
    """Of the records of a table only the one with this number, and those that hold the quote."""
    row = _ROW.fullmatch(record.path)
    return [
        article
        for article in articles
        if not (found := _ROW.fullmatch(article.path))
        or (row and found[2] == row[2])
        or record.quote in article.text
    ]


def _parts(path: str) -> list[str]:
    """The names in a path of any system, the last one first, without the number of a record."""
    known = unicodedata.normalize("NFC", _ROW.sub(r"\1", path))
    return [name for name in re.split(r"[/\\]", known) if name][::-1]


def _common_end(one: Sequence[str], other: Sequence[str]) -> int:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in same)


def _elsewhere(record: CitationRecord, articles: Sequence[Article]) -> Verdict | None:
    """The verdict by a file of another name: the same file, the same text, or the quote in it."""
    same_file = [each for each in articles if each.file_sha256 == record.file_sha256]
    found = _best(record, _likely(record, same_file))
    if found is not None and found.status not in ("intact", "replaced"):
        reason = "the file is the same to the byte, and is read otherwise than when it was cited"
        return replace(found, explanation=f"{reason}: {found.explanation}")
    same_text = [each for each in articles if each.sha256 == record.article_sha256]
    holding = [each for each in articles if find_quote(record, each.text, least_fit=SURE_FIT)]
    for candidates, where in ((same_text, "the cited text stands"), (holding, "the quote stands")):
        found = _best(record, candidates)
        if found is not None and found.status != "replaced":
            return replace(found, explanation=f"{where} in another file, {found.path}")
    return None


def _nowhere(record: CitationRecord, refused: Sequence[Refused]) -> str:
    cited = _parts(record.path)
    for each in refused:
        if _common_end(cited, _parts(each.path)):
            return f"the file cannot be read: {each.reason}"
    return "no file holds the article or the quote"
