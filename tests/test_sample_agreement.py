"""On our own sample articles, which plant agreements and conflicts: are they reported as such?

One half of the samples was looked at while the comparison was made, the other never. The
articles full of numbers were written without sight of the code, and then looked at; of the
accounts, with values of every kind, the shares alone were.
"""

from pathlib import Path

import pytest

import eval
import index.sample
from eval.agreement import evaluate_agreement
from eval.datasets import read_dataset
from eval.relevance import voice_by_name
from index.embed import open_encoder
from index.ingest import find_files, read_files
from index.library import Library
from qa import Assistant

SAMPLES = Path(index.sample.__file__).parent
QUESTIONS = Path(eval.__file__).parent / "data"
SETS = {
    "open": (SAMPLES / "articles", QUESTIONS / "sample_questions.json"),
    "blind": (SAMPLES / "blind", QUESTIONS / "blind_questions.json"),
    "numbers": (SAMPLES / "numbers", QUESTIONS / "number_questions.json"),
    "accounts": (SAMPLES / "accounts", QUESTIONS / "account_questions.json"),
}

# `footnote eval agreement` on the open half: many questions are not answered, or not rightly.
CONFLICTS = "15 of 29 planted conflicts are reported, 15 of 25 where the answer itself is right"
AGREEMENTS = "14 of 28 planted agreements are reported, 13 of 20 where the answer itself is right"

# Some hundred questions, with both models.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module", params=SETS)
def found(request, tmp_path_factory):
    folder, questions = SETS[request.param]
    files, refused = find_files([folder])
    assert not refused
    articles = [article for read in read_files(files) for article in read.articles]
    library = tmp_path_factory.mktemp(request.param) / "library"
    with Library.open(library, create=True) as shelf, shelf.adding():
        shelf.add(articles, open_encoder())
    with Assistant.open(library) as assistant:
        voice_of = voice_by_name(assistant.library)
        return evaluate_agreement(read_dataset(questions), assistant, voice_of=voice_of)


def listed(found):
    return "\n".join(f"{o.id} {o.question} -> {o.status}: {o.claims}" for o in found.misses)


def test_a_conflict_is_hardly_ever_made_up(found):
    assert found["false_conflicts"] <= 0.05, listed(found)


@pytest.mark.xfail(strict=True, reason=CONFLICTS)
def test_planted_conflicts_are_reported(found):
    assert found["conflicts_reported"] >= 0.9, listed(found)


@pytest.mark.xfail(strict=True, reason=AGREEMENTS)
def test_planted_agreements_are_reported(found):
    assert found["agreements_reported"] >= 0.9, listed(found)
