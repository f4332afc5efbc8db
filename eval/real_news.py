"""Questions about news that nobody here wrote: radio news of 2001 and 2002.

    pip download gensim --no-deps && unzip -j gensim-*.whl '*/lee*.cor' -d lee
    python -m eval.real_news --data lee --out runs/real-news

The articles are the 300 of `lee_background.cor` and the 50 of `lee.cor` (Lee, Pincombe and
Welsh, 2005: An empirical evaluation of models of text document similarity), which gensim
carries. They are not part of this project: `eval/data/lee_questions.jsonl` holds the
questions alone, with the places where the answers stand. All articles make one library. The
questions are in two halves that share no article: `open` may be looked at while something is
chosen, `unseen` is for figures only. No reader is trained on either.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from eval.agreement import evaluate_agreement
from eval.contexts import as_articles, build_library
from eval.datasets import Context, DataSet, GoldAnswer, Question
from eval.many import row, run, say
from eval.records import AnswerRecord
from eval.results import Evaluation, Setup, ready_folder
from eval.run import evaluate_answers
from index.embed import open_encoder
from qa.assistant import Assistant
from qa.confidence import load_calibration
from qa.errors import DatasetError
from qa.squad_form import Form, parsed, read_bytes

CORPORA = (  # in the order in which the questions count them, one article a line
    ("lee_background.cor", "utf-8", 300),
    ("lee.cor", "latin-1", 50),
)
QUESTIONS = Path(__file__).parent / "data" / "lee_questions.jsonl"

MEASURES = ("f1", "has_answer_f1", "no_answer_accuracy", "citation_precision", "ece")
AGREEMENT = ("conflicts_reported", "agreements_reported", "false_conflicts", "false_agreements")
HEAD = f"| half | n | {' | '.join((*MEASURES, *AGREEMENT))} |\n" + "|---" * 11 + "|"

Half = Literal["open", "unseen"]


class _Place(Form):
    """Where an answer stands: code points of an article, which is counted from 0."""

    article: int
    start: int
    end: int


class _Line(Form):
    """One question; `conflict` says of `also` whether those articles contradict its own."""

    id: str
    half: Half
    article: int
    question: str
    answers: list[tuple[int, int]]  # code points of the article; none: it is not answered
    also: tuple[_Place, ...] = ()
    conflict: bool = False


def read_articles(folder: Path) -> list[str]:
    """The articles' texts. Raises DatasetError where a file is missing or of another length."""
    texts: list[str] = []
    for name, encoding, count in CORPORA:
        path = folder / name
        lines = read_bytes(path).decode(encoding, errors="replace").strip().split("\n")
        if len(lines) != count:
            raise DatasetError(f"{path}: has {len(lines)} articles for {count}: take gensim's file")
        texts += [line.strip() for line in lines]
    return texts


def read_halves(folder: Path) -> dict[Half, DataSet]:
    """Both halves of the questions, each with all the articles as contexts.

    Raises DatasetError where the articles cannot be read, or the questions are damaged.
    """
    contexts = [
        Context(text, "Radio news", _name(n)) for n, text in enumerate(read_articles(folder))
    ]
    raw = read_bytes(QUESTIONS)
    lines = [
        parsed(_Line, line, f"{QUESTIONS}, line {n}", "a question with places of its answers")
        for n, line in enumerate(raw.splitlines(), start=1)
    ]
    halves: dict[Half, DataSet] = {}
    for half in ("open", "unseen"):
        asked = tuple(_question(line, contexts) for line in lines if line.half == half)
        path = folder / f"lee-{half}"
        halves[half] = DataSet(path, hashlib.sha256(raw).hexdigest(), asked, tuple(contexts))
    return halves


def _name(number: int) -> str:
    return f"radio-{number}"


def _question(line: _Line, contexts: Sequence[Context]) -> Question:
    context = contexts[line.article]
    here = [GoldAnswer(context.text[a:b], context.article, a) for a, b in line.answers]
    also = [
        GoldAnswer(contexts[p.article].text[p.start : p.end], _name(p.article), None)
        for p in line.also
    ]
    return Question(
        line.id,
        line.question,
        (*here, *also),
        context=context,
        article=context.article,
        conflict=line.conflict,
    )


class _Remembering:
    """Asks each question once: one answer tells of itself and of how the sources stand."""

    def __init__(self, assistant: Assistant) -> None:
        self.article, self.same_text = assistant.article, assistant.same_text
        self.ask, self.retrieve = cache(assistant.ask), assistant.retrieve


def real_news(data: Path, out: Path, *, reader: str | None, limit: int | None) -> list[str]:
    """The lines of the table; the library is kept in `out`, and used again if it is there.

    Raises a FootnoteError where articles, library or reader cannot be read.
    """
    halves = {half: as_articles(each) for half, each in read_halves(data).items()}
    _, articles = halves["open"]
    library = ready_folder(out) / f"library-{len(articles)}"
    if not library.is_dir():
        build_library(library, articles, open_encoder(), on_progress=say)
    lines = [HEAD]
    with Assistant.open(library, reader=reader) as assistant:
        setup = Setup(calibration=load_calibration(reader).fingerprint, library=str(library))
        asked = _Remembering(assistant)
        for half, (questions, _) in halves.items():
            found = evaluate_answers(questions, asked, limit=limit, setup=setup)
            found.write(out / half)
            together = evaluate_agreement(questions, asked, limit=limit)
            together.write(out / f"{half}-agreement")
            cells = [_shown(found, measure) for measure in MEASURES]
            measured = {m.name: m.estimate for m in together.measures}
            cells += [
                f"{measured[name].value:.3f} of {measured[name].n}" if name in measured else ""
                for name in AGREEMENT
            ]
            lines.append(row(half, str(len(found.records)), *cells))
    return lines


def _shown(found: Evaluation[AnswerRecord], measure: str) -> str:
    try:
        return f"{found[measure].value:.3f}"
    except KeyError:
        return ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    run(real_news, __doc__.splitlines()[0], "real_news.md", arguments)


if __name__ == "__main__":
    main()
