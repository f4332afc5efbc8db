"""The real articles and questions that `footnote bench search` makes large libraries from."""

import random
from pathlib import Path
from typing import TYPE_CHECKING

from ui.console import progress_bar

if TYPE_CHECKING:
    from eval.bench.enlarge import Source

_CONTEXTS = 4000  # embedded of `--data`: more take minutes and change little
_QUESTIONS = 300


def read_source_of(data: Path | None, library: Path) -> "Source":
    """From question files in a folder, or from the sample articles; put into this library.

    Raises DatasetError where the folder holds no question files.
    """
    from eval import __file__ as eval_file
    from eval.bench.enlarge import read_source
    from eval.contexts import build_library, pooled_articles
    from eval.datasets import read_dataset
    from index.embed import open_encoder
    from index.library import Library
    from qa.errors import DatasetError

    if data is None:
        files = [
            Path(eval_file).parent / "data" / name
            for name in ("sample_questions.json", "blind_questions.json")
        ]
        what = "the sample articles"
    else:
        files = sorted(file for file in data.rglob("*.json*") if file.is_file())
        what = f"question files in {data}"
    if not files:
        raise DatasetError(f"{data}: holds no question files (.json, .json.gz)")
    sets, articles = pooled_articles([read_dataset(file, repair=True) for file in files])
    chosen = random.Random(0)
    chosen.shuffle(articles)
    articles = articles[:_CONTEXTS]
    questions = sorted({question.question for part in sets for question in part.questions})
    chosen.shuffle(questions)
    with progress_bar("embedding real passages") as progress:
        build_library(library, articles, open_encoder(), on_progress=progress)
    with Library.open(library) as opened:
        source = read_source(opened, tuple(questions[:_QUESTIONS]), what)
    return source
