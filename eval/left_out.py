"""Confidence and abstention among thousands of passages, where some answers are left out.

    python -m eval.left_out --data ../shared/data --out runs/left-out --limit 1500

The library is that of `eval.many` without every fifth context that questions of `dev/`
are about: what is asked about those has no answer there, beside SQuAD 2.0's questions
that never had one. It prints how well the answers given are calibrated, and how often
those that are surer than 0.9 are right.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from eval.contexts import build_library, pooled_articles
from eval.datasets import DataSet, Question
from eval.many import name_of, named_apart, read_sets, row, run, say, to_be_asked
from eval.metrics import is_right
from eval.records import AnswerRecord
from eval.results import Evaluation, Setup, ready_folder
from eval.run import evaluate_answers
from eval.stats import Estimate
from index.embed import open_encoder
from qa.assistant import Assistant
from qa.confidence import load_calibration

ASKED = ("squad11", "squad20", "shifts_wiki", "tydiqa_en")
SURE = 0.9
EVERY = 5  # context is left out, by a hash of its text

MEASURES = ("f1", "has_answer_f1", "no_answer_accuracy", "best_f1", "ece", "brier", "aurc")
HEAD = (
    f"| questions | n | {' | '.join(MEASURES)} | surer than {SURE}: right |\n" + "|---" * 10 + "|"
)


def is_left_out(text: str) -> bool:
    """Whether the context with this text is one of those that the library lacks."""
    return hashlib.sha256(text.encode()).digest()[2] % EVERY == 0


def with_left_out(data: DataSet, lacking: Collection[str]) -> DataSet:
    """The questions, without an answer where their context is one of those lacking."""
    return replace(data, questions=tuple(_without(each, lacking) for each in data.questions))


def _without(question: Question, lacking: Collection[str]) -> Question:
    if question.context is None or question.context.text not in lacking:
        return question
    return replace(question, golds=())


def _joined(sets: Sequence[tuple[str, DataSet]]) -> DataSet:
    """One set of all questions, each id after the name of its set."""
    first = sets[0][1]
    return replace(
        first,
        path=first.path.with_name("left-out"),
        sha256=hashlib.sha256("".join(data.sha256 for _, data in sets).encode()).hexdigest(),
        questions=tuple(
            replace(question, id=f"{name}/{question.id}")
            for name, data in sets
            for question in data.questions
        ),
    )


def _row(name: str, found: Evaluation[AnswerRecord]) -> str:
    sure = [r for r in found.records if r.prediction and r.confidence > SURE]
    right = sum(is_right(r.prediction, r.asked.golds) for r in sure)
    cells = [_shown(found, measure) for measure in MEASURES]
    return row(name, str(len(found.records)), *cells, f"{right:.0f} of {len(sure)}")


def _shown(found: Evaluation[AnswerRecord], measure: str) -> str:
    """Empty where none of the questions speaks of it."""
    try:
        estimate: Estimate = found[measure]
    except KeyError:
        return ""
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def left_out(data: Path, out: Path, *, reader: str | None, limit: int | None) -> list[str]:
    """The lines of the table; the library is kept in `out`, and used again if it is there.

    Raises a FootnoteError where data, library or reader cannot be read.
    """
    sets = read_sets(data, asked=ASKED)
    named, articles = pooled_articles([named_apart(each) for each in sets])
    asked = [
        (name_of(each), pooled)
        for each, pooled in zip(sets, named, strict=True)
        if to_be_asked(each, ASKED)
    ]
    about = {q.context.text for _, each in asked for q in each.questions if q.context}
    lacking = {text for text in about if is_left_out(text)}
    kept = [article for article in articles if article.text not in lacking]
    library = ready_folder(out) / f"library-{len(kept)}"
    if not library.is_dir():
        build_library(library, kept, open_encoder(), on_progress=say)
    questions = with_left_out(_joined(asked), lacking)
    with Assistant.open(library, reader=reader) as assistant:
        setup = Setup(calibration=load_calibration(reader).fingerprint, library=str(library))
        found = evaluate_answers(questions, assistant, limit=limit, setup=setup)
    found.write(out / "answers")
    return [HEAD, _row("+".join(name for name, _ in asked), found)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    run(left_out, __doc__.splitlines()[0], "left_out.md", arguments)


if __name__ == "__main__":
    main()
