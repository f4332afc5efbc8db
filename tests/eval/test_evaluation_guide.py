"""The guide to evaluation says what is so: its example runs, and it names every measure."""

import re
from pathlib import Path

import pytest

from eval.datasets import read_dataset
from eval.error_analysis import ErrorBin
from eval.minimums import MEASURES
from eval.run import evaluate_answers, evaluate_reader
from index.embed import open_encoder
from index.ingest import find_files, read_files
from index.library import Library
from qa import Assistant
from qa.reader import SpanReader

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "evaluation.md").read_text()
SAMPLES = "runs/samples"


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples") / "library"
    files, _ = find_files([ROOT / "index" / "sample" / "articles"])
    articles = [article for read in read_files(files) for article in read.articles]
    with Library.open(folder, create=True) as library, library.adding():
        library.add(articles, open_encoder())
    return folder


def test_the_python_example_runs(samples, capsys, monkeypatch):
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    assert SAMPLES in example
    monkeypatch.chdir(ROOT)
    exec(example.replace(SAMPLES, str(samples)), {})
    printed = capsys.readouterr().out
    assert "n=20)" in printed
    assert re.search(r"question +error\n", printed)


def named(measure: str) -> bool:
    """As it is, or in a family such as `recall_at_k` or `latency_ms_p50`, `…_p95`."""
    family = re.sub(r"_at_\d+$", "_at_k", measure)
    prefixes = tuple(re.findall(r"`(\w+_)…`", GUIDE))
    return any(f"`{name}`" in GUIDE for name in (measure, family)) or measure.startswith(prefixes)


def test_every_measure_has_its_line(samples):
    questions = read_dataset(ROOT / "eval" / "data" / "sample_questions.json").thinned(12)
    read = evaluate_reader(questions, SpanReader(), abstain="never")
    with Assistant.open(samples) as assistant:
        answered = evaluate_answers(questions, assistant, abstain="never")
    measures = {*read.to_json(), *answered.to_json(), *MEASURES["retrieval"]}
    assert len(measures) > 30
    assert [measure for measure in sorted(measures) if not named(measure)] == []


def test_every_kind_of_error_has_its_line():
    for bin_ in ErrorBin.__args__:
        assert f"| {bin_.replace('_', ' ')} |" in GUIDE
