import json
from itertools import islice

import numpy as np
import pytest

from eval.bench.adding import PerturbedEncoder, altered, fill, resident_mb
from index.embed import HashEncoder
from index.library import Library
from index.types import Article, Sourced
from ui.cli import run as footnote

STORM = "The storm tore roofs off forty houses in Marlhaven at night, said Ines Tarr. " * 3


def make_article(text: str) -> Article:
    return Article(text, Sourced("Storm", "file name"), "/storm.txt", "0" * 64)


def test_perturbed_embeddings_are_near_those_they_come_from():
    encoder = HashEncoder()
    embedded = encoder.encode_passages(["a storm", "peace talks"])
    found = PerturbedEncoder(encoder, embedded).encode_passages(["x"] * 20)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert (found @ embedded.T).max(axis=1).min() > 0.9
    assert len(np.unique(found[:, 0])) == 20


def test_altered_articles_have_other_words_and_never_end():
    articles = [make_article(STORM), make_article(STORM[::-1])]
    made = list(islice(altered(articles), 6))
    assert len({article.id for article in made}) == len({article.path for article in made}) == 6
    assert [len(a.text.split(" ")) for a in made[:2]] == [len(a.text.split(" ")) for a in articles]
    assert [a.text for a in islice(altered(articles), 6)] == [a.text for a in made]


def test_a_library_is_filled_to_its_size(tmp_path):
    encoder = HashEncoder()
    filling = PerturbedEncoder(encoder, encoder.encode_passages([STORM]))
    with Library.open(tmp_path / "library", create=True) as library:
        fill(library, filling, altered([make_article(STORM)]), 7)
        assert library.status().passages == 7
        assert library.status().shared_voices == 0


def test_a_process_knows_its_size():
    before = resident_mb()
    held = np.ones(20_000_000)
    assert before == 0 or 100 < resident_mb() - before < 300
    assert held.sum() == 20_000_000


@pytest.mark.parametrize("sizes", ["many", "0", "1000,-1"])
def test_sizes_that_are_none_are_refused(sizes, capsys):
    assert footnote(["bench", "adding", "--sizes", sizes]) == 2
    assert "numbers of passages" in capsys.readouterr().err


@pytest.mark.slow
def test_the_whole_bench_runs(capsys):
    given = ["--rounds", "1", "--articles", "2", "--sizes", "20", "--json"]
    assert footnote(["bench", "adding", *given]) == 0
    report = json.loads(capsys.readouterr().out)
    measures = {measure["name"]: measure["values"] for measure in report["measures"]}
    assert measures["footnote add"][0] > 0
    assert measures["cold ask of 20 passages, memory"][0] > 50
    assert measures["memory while adding, at most"] >= measures["memory before adding these files"]
    assert all(len(values) == 1 and values[0] > 0 for values in measures.values())
