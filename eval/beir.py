"""A folder in the form of the BEIR benchmark as a data set for retrieval.

`corpus.jsonl` ({"_id", "title", "text"}), `queries.jsonl` ({"_id", "text"}) and
`qrels/SPLIT.tsv` (query-id, corpus-id, score under a line of headings), as in
Thakur et al. 2021. Each may be gzipped.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from pydantic import Field

from eval.datasets import Context, DataSet, GoldAnswer, Question
from qa.errors import DatasetError
from qa.squad_form import Form, parsed, read_bytes, unpacked

DEFAULT_SPLIT = "test"
_CORPUS = 'a line of {"_id": ..., "title": ..., "text": ...}'
_QUERY = 'a line of {"_id": ..., "text": ...}'


class _Document(Form):
    id: str = Field(alias="_id")
    title: str = ""
    text: str


class _Query(Form):
    id: str = Field(alias="_id")
    text: str


L = TypeVar("L", _Document, _Query)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    raw: bytes


def read_beir(folder: str | Path, *, split: str | None = None) -> DataSet:
    """The queries of one split that any document is relevant to, and the whole corpus.

    split: which of `qrels/`; None: "test", or the only one there is. A question's
    golds are whole articles, without words and with their grades; of documents
    with the same text the first stands for all.
    Raises DatasetError where a file is missing or has another form, an id is
    there twice, or nothing is relevant to any query.
    """
    folder = Path(folder)
    files = [_open(folder, "corpus.jsonl"), _open(folder, "queries.jsonl")]
    files.append(_qrels_file(folder, split))
    corpus, queries, judged = files
    contexts, names = _contexts(corpus)
    golds = _golds(judged, names)
    questions = tuple(
        Question(query.id, query.text, tuple(golds[query.id]))
        for query in _once(_Query, queries, _QUERY)
        if query.id in golds
    )
    if not questions:
        raise DatasetError(
            f"{judged.path}: calls no document relevant to a query of {queries.path.name}: "
            "there is nothing to measure"
        )
    digest = hashlib.sha256(b"".join(file.raw for file in files)).hexdigest()
    return DataSet(
        folder.resolve(),
        digest,
        questions,
        contexts,
        whole_articles=True,
        split=judged.path.name.partition(".")[0],
    )


def _open(folder: Path, name: str) -> _File:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return _File(path, read_bytes(path))
    raise DatasetError(
        f"{folder}: has no {name}: name a file of questions, or a folder in BEIR form "
        "(corpus.jsonl, queries.jsonl, qrels/*.tsv)"
    )


def _qrels_file(folder: Path, split: str | None) -> _File:
    found = sorted((folder / "qrels").glob("*.tsv")) + sorted((folder / "qrels").glob("*.tsv.gz"))
    splits = {path.name.removesuffix(".gz").removesuffix(".tsv"): path for path in found}
    if split is None and len(splits) == 1:
        (path,) = splits.values()
        return _File(path, read_bytes(path))
    wanted = split or DEFAULT_SPLIT
    if wanted not in splits:
        there = ", ".join(splits) or "none"
        raise DatasetError(f"{folder / 'qrels'}: has no {wanted}.tsv: choose --split of: {there}")
    return _File(splits[wanted], read_bytes(splits[wanted]))


def _contexts(corpus: _File) -> tuple[tuple[Context, ...], dict[str, str]]:
    """Every document with text, and the name that each id goes by."""
    first: dict[str, str] = {}
    names: dict[str, str] = {}
    contexts: list[Context] = []
    for number, document in enumerate(_once(_Document, corpus, _CORPUS), start=1):
        # No title is like it, and ids that differ only in case stay apart.
        name = f"{quote(document.id, safe=' ')}#{number}"
        title, text = document.title.strip(), document.text.strip() or document.title.strip()
        names[document.id] = first.setdefault(text, name)
        if text and names[document.id] == name:
            contexts.append(Context(text, title, name))
    return tuple(contexts), names


def _golds(judged: _File, names: dict[str, str]) -> dict[str, list[GoldAnswer]]:
    """The relevant articles of each query; one that the corpus lacks can only be missed."""
    golds: dict[str, list[GoldAnswer]] = {}
    for number, line in enumerate(_decoded(judged).split("\n"), start=1):
        cells = line.rstrip("\r").split("\t")
        scored = len(cells) == 3 and re.fullmatch(r"-?\d+", cells[2].strip())
        if not line.strip() or (number == 1 and not scored):  # headings
            continue
        if not scored:
            raise DatasetError(
                f"{judged.path}, line {number}: is no query-id, corpus-id and whole score "
                "parted by tabs"
            )
        query, document, grade = cells[0], cells[1], int(cells[2])
        if grade > 0:
            article = names.get(document, f"{document}#")  # no document's name
            golds.setdefault(query, []).append(GoldAnswer("", article, None, grade))
    return golds


def _decoded(file: _File) -> str:
    try:
        return unpacked(file.raw, file.path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise DatasetError(f"{file.path}: is not UTF-8 ({error.reason})") from error


def _once(form: type[L], file: _File, expected: str) -> Iterator[L]:
    seen: set[str] = set()
    for number, line in enumerate(unpacked(file.raw, file.path).split(b"\n"), start=1):
        if not line.strip():
            continue
        found = parsed(form, line, f"{file.path}, line {number}", expected)
        if found.id in seen:
            raise DatasetError(f"{file.path}, line {number}: the id '{found.id}' is there twice")
        seen.add(found.id)
        yield found
