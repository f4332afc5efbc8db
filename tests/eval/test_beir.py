import gzip
import json

import pytest

from eval.beir import read_beir
from eval.contexts import as_articles, build_library
from eval.datasets import Context, GoldAnswer, Question
from eval.run import evaluate_answers, evaluate_reader, evaluate_retrieval
from index.embed import HashEncoder
from index.library import Library
from index.search import Searcher
from qa.errors import DatasetError

CORPUS = [
    {"_id": "d1", "title": "Ferry", "text": "Ferries burn at Averly."},
    {"_id": "d2", "title": "", "text": "Rain falls."},
    {"_id": "x/3", "title": "Ferry again", "text": "A ferry sails on."},
    {"_id": 4, "title": "Only a title", "text": " "},
    {"_id": "copy", "title": "D2", "text": "Ferries burn at Averly."},
    {"_id": "nothing", "text": ""},
]
QUERIES = [
    {"_id": "q1", "text": "Which ferry burns?"},
    {"_id": "q2", "text": "unjudged"},
    {"_id": "q3", "text": "Does rain fall?"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\tx/3\t2\nq1\tcopy\t1\nq1\td2\t0\nq3\td2\t1\nq3\tgone\t1\n"


@pytest.fixture
def folder(tmp_path):
    beir = tmp_path / "beir"
    (beir / "qrels").mkdir(parents=True)
    lines(beir / "corpus.jsonl", CORPUS)
    lines(beir / "queries.jsonl", QUERIES)
    (beir / "qrels" / "test.tsv").write_text(QRELS)
    return beir


def lines(file, rows):
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_queries_have_their_relevant_articles_with_grades(folder):
    data = read_beir(folder)
    assert data.whole_articles
    assert data.questions == (
        Question(
            "q1",
            "Which ferry burns?",
            (GoldAnswer("", "x%2F3#3", None, 2), GoldAnswer("", "d1#1", None, 1)),
        ),
        # A document that the corpus lacks can only be missed.
        Question(
            "q3", "Does rain fall?", (GoldAnswer("", "d2#2", None), GoldAnswer("", "gone#", None))
        ),
    )
    assert data.contexts == (
        Context("Ferries burn at Averly.", "Ferry", "d1#1"),
        Context("Rain falls.", "", "d2#2"),
        Context("A ferry sails on.", "Ferry again", "x%2F3#3"),
        Context("Only a title", "Only a title", "4#4"),
    )


def test_retrieval_ranks_articles_and_counts_what_is_missed(folder, tmp_path):
    named, articles = as_articles(read_beir(folder))
    encoder = HashEncoder()
    build_library(tmp_path / "library", articles, encoder)
    with Library.open(tmp_path / "library") as library:
        found = evaluate_retrieval(named, Searcher.open(library, encoder), library)
    ranks = {record.id: record.to_json()["ranks"] for record in found.records}
    assert len(ranks["q1"]) == 2 and set(ranks["q1"]) < {1, 2, 3, 4}
    assert found.records[1].ranking.missed == (1,)
    assert found["recall_at_20"].value == pytest.approx((1 + 1 / 2) / 2)
    assert found["success_at_20"].value == 1.0


def test_an_article_of_many_passages_has_one_rank(folder, tmp_path):
    long = " ".join(
        f"The ferry of day {n} burns at Averly and at no other place." for n in range(200)
    )
    lines(folder / "corpus.jsonl", [{"_id": "long", "text": long}, CORPUS[1]])
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td2\t1\n")
    named, articles = as_articles(read_beir(folder))
    encoder = HashEncoder()
    build_library(tmp_path / "library", articles, encoder)
    with Library.open(tmp_path / "library") as library:
        found = evaluate_retrieval(named, Searcher.open(library, encoder), library)
    assert [hit.article_id for hit in found.records[0].hits].count(
        found.records[0].hits[0].article_id
    ) == 1
    assert found.records[0].to_json()["ranks"] in ((1,), (2,))


def test_what_was_packed_is_read_too(folder):
    plain = read_beir(folder)
    for name in ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv"):
        content = (folder / name).read_bytes()
        (folder / name).unlink()
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))
    packed = read_beir(folder)
    assert (packed.questions, packed.contexts) == (plain.questions, plain.contexts)


def test_the_split_is_test_or_the_only_one_or_asked_for(folder):
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq2\td1\t1\n")
    assert [q.id for q in read_beir(folder).questions] == ["q1", "q3"]
    assert [q.id for q in read_beir(folder, split="dev").questions] == ["q2"]
    with pytest.raises(DatasetError, match=r"has no train\.tsv: choose --split of: dev, test"):
        read_beir(folder, split="train")
    (folder / "qrels" / "test.tsv").unlink()
    assert [q.id for q in read_beir(folder).questions] == ["q2"]
    (folder / "qrels" / "dev.tsv").unlink()
    with pytest.raises(DatasetError, match="of: none"):
        read_beir(folder)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("corpus.jsonl", '{"_id": "1"}\n', r"corpus\.jsonl, line 1"),
        ("corpus.jsonl", '{"_id": "1", "text": "a"}\n\nno json\n', r"corpus\.jsonl, line 3"),
        (
            "queries.jsonl",
            '{"_id": "1", "text": "a"}\n{"_id": "1", "text": "b"}\n',
            r"queries\.jsonl, line 2: the id '1' is there twice",
        ),
        ("qrels/test.tsv", "h\nq1\td1\n", r"test\.tsv, line 2"),
        ("qrels/test.tsv", "h\nq1\td1\thigh\n", r"test\.tsv, line 2"),
        ("qrels/test.tsv", "h\nq1\td1\t--1\n", r"test\.tsv, line 2"),
        ("qrels/test.tsv", "h\nq1\td1\t0\n", "nothing to measure"),
        ("qrels/test.tsv", "", "nothing to measure"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(folder, name, content, message):
    (folder / name).write_text(content)
    with pytest.raises(DatasetError, match=message):
        read_beir(folder)


def test_a_folder_without_the_files_is_said(tmp_path):
    with pytest.raises(DatasetError, match=r"has no corpus\.jsonl"):
        read_beir(tmp_path)


def test_qrels_that_are_no_text_are_said(folder):
    (folder / "qrels" / "test.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DatasetError, match="is not UTF-8"):
        read_beir(folder)


def test_it_says_nothing_of_answers(folder):
    data = read_beir(folder)
    with pytest.raises(DatasetError, match="measure 'retrieval'"):
        evaluate_reader(data, None, abstain="never")
    with pytest.raises(DatasetError, match="measure 'retrieval'"):
        evaluate_answers(data, None)


def test_headings_may_be_missing(folder):
    with_headings = read_beir(folder).questions
    (folder / "qrels" / "test.tsv").write_text(QRELS.partition("\n")[2])
    assert read_beir(folder).questions == with_headings


def test_an_id_is_no_title_and_keeps_its_case(folder, tmp_path):
    corpus = [
        {"_id": "Ab1", "title": "", "text": "Ferries burn at Averly."},
        {"_id": "aB1", "title": "1984", "text": "Rain falls."},
        {"_id": "1984", "title": "", "text": "A year of storms."},
        {"_id": ".", "title": "", "text": "A dot."},
    ]
    lines(folder / "corpus.jsonl", corpus)
    (folder / "qrels" / "test.tsv").write_text("q\tc\ts\nq1\tAb1\t1\nq3\t1984\t1\n")
    named, articles = as_articles(read_beir(folder))
    encoder = HashEncoder()
    build_library(tmp_path / "library", articles, encoder)
    with Library.open(tmp_path / "library") as library:
        found = evaluate_retrieval(named, Searcher.open(library, encoder), library)
        for record, right in zip(found.records, ("Ferries", "A year"), strict=True):
            starts = [library.article(hit.article_id).text for hit in record.hits if hit.right]
            assert len(starts) == 1 and starts[0].startswith(right)
