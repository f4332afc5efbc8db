"""SQuAD-form data: reading it, and the exact match and F1 of one answer.

Lives beside the reader because training logs the same two measures that
evaluation reports. Knows nothing of models.
"""

import hashlib
import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.squad_form import QaForm, read_bytes, read_document, unpacked


@dataclass(frozen=True, slots=True)
class Gold:
    """One accepted answer: `context[start:start + len(text)] == text`."""

    text: str
    start: int  # code points into the context


@dataclass(frozen=True, slots=True)
class Example:
    """A question about one context; without golds it has no answer there."""

    id: str
    question: str
    context: str
    title: str
    golds: tuple[Gold, ...]


def read_squad(path: str | Path, *, repair: bool = False) -> list[Example]:
    """Read SQuAD 1.1 or 2.0 JSON, gzipped or not.

    Raises DatasetError where the file is missing, has another form, or answers
    do not stand where they say and `repair` is not asked for (`read_document`).
    """
    path = Path(path)
    document = read_document(unpacked(read_bytes(path), path), path, repair=repair)
    return [
        Example(qa.id, qa.question, paragraph.context, article.title or str(number), _golds(qa))
        for number, article in enumerate(document.data)
        for paragraph in article.paragraphs
        for qa in paragraph.qas
    ]


def _golds(qa: QaForm) -> tuple[Gold, ...]:
    # Adversarial questions carry "plausible answers"; only `answers` count.
    return () if qa.is_impossible else tuple(Gold(a.text, a.answer_start) for a in qa.answers)


def kept_from_training(example: Example, *, by_article: bool) -> bool:
    """Whether this example belongs to the tenth on which thresholds are fitted.

    Decided by a hash of the title or of the context, so that every data set
    that shares an article or a context falls on the same side.
    """
    key = example.title if by_article else example.context
    return hashlib.sha256(key.encode()).digest()[0] % 10 == 0


_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize_answer(text: str) -> str:
    """Lower case, without punctuation, articles and extra white space (Rajpurkar et al. 2016)."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(prediction: str, golds: Sequence[str]) -> float:
    """1.0 if the normalised prediction equals a gold; no golds: if it is empty."""
    predicted = normalize_answer(prediction)
    return float(any(predicted == normalize_answer(gold) for gold in golds or [""]))


def f1(prediction: str, golds: Sequence[str]) -> float:
    """Best token-overlap F1 against any gold, 0 to 1; no golds: 1.0 if the prediction is empty."""
    return max(_token_f1(prediction, gold) for gold in golds or [""])


def _token_f1(prediction: str, gold: str) -> float:
    predicted, wanted = normalize_answer(prediction).split(), normalize_answer(gold).split()
    if not predicted or not wanted:
        return float(predicted == wanted)
    shared = sum((Counter(predicted) & Counter(wanted)).values())
    return 2 * shared / (len(predicted) + len(wanted))
