"""`footnote bench`: timings on this machine, with what they were measured on."""

import dataclasses
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from ui.console import print_json, progress_bar, say
from ui.options import JsonOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from _typeshed import DataclassInstance

    from eval.bench.engine import Report
    from eval.datasets import Question
    from index.embed import Encoder
    from index.library import Library

bench_app = typer.Typer(
    help="Measure speed and memory on this machine.",
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Write the figures there, as JSON and a picture."),
]
QuestionsArgument = Annotated[
    list[Path],
    typer.Argument(metavar="QUESTIONS...", help="Files of questions with answers."),
]
AskedLibrary = Annotated[
    Path, typer.Option("--library", metavar="FOLDER", help="The library that they are asked of.")
]
PeerOption = Annotated[
    str | None,
    typer.Option("--peer", metavar="NAME", help="haystack: install it apart, and ask it in turn."),
]


@bench_app.callback()
def _options() -> None:
    # A lone command would otherwise stand in the place of the group.
    pass


@bench_app.command("engine")
def engine(
    rounds: Annotated[int, typer.Option(min=1, metavar="N", help="Rounds; medians count.")] = 5,
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also compare answers with f32 on these questions."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Questions of that file.")] = 1000,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Embedding, a cold start and memory, against Sentence Transformers in torch; and reading."""
    from eval.bench.engine import Measure, bench_engine, same_answers
    from eval.bench.reading import bench_reading

    agreeing: tuple[Measure, ...] = ()
    if data:
        from qa.squad import read_squad

        examples = read_squad(data, repair=True)  # what the answers are does not matter here
        thinned = examples[:: max(1, len(examples) // limit)][:limit]
        say(f"reading {len(thinned)} questions twice: as always here, and in f32")
        answers, spans = same_answers([(e.question, e.context) for e in thinned])
        agreeing = (
            Measure(f"same answer as f32, {len(thinned)} questions", "", (answers,)),
            Measure("same best span, also below the threshold", "", (spans,)),
        )
    with TemporaryDirectory(prefix="footnote-bench-") as folder:
        library = Path(folder) / "library"
        texts = _sample_passages(library)
        with progress_bar("measuring") as progress:
            report = bench_engine(texts, library, rounds=rounds, progress=progress)
        with progress_bar("reading") as progress:
            reading = bench_reading(rounds=rounds, progress=progress)
    report = dataclasses.replace(report, measures=report.measures + reading + agreeing)
    what = f"{len(texts)} sample passages"
    _give(report, "engine", what=what, rounds=rounds, out=out, as_json=as_json)


@bench_app.command("ask")
def ask(
    questions: QuestionsArgument,
    library: AskedLibrary,
    peer: PeerOption = None,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Questions to ask.")] = 50,
    rounds: Annotated[int, typer.Option(min=1, metavar="N", help="Times each is asked.")] = 1,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """From a question to its answer, beside another pipeline on the same passages and models."""
    from eval.bench.asking import bench_asking
    from eval.bench.peer import haystack_python

    if peer not in (None, "haystack"):
        raise typer.BadParameter(f"'{peer}' is not known: haystack", param_hint="--peer")
    asked = _answerable(questions, limit)
    if peer:
        say("looking for Haystack's environment; making it takes minutes")
    python = haystack_python() if peer else None
    with TemporaryDirectory(prefix="footnote-bench-") as folder:
        with progress_bar("measuring") as progress:
            report = bench_asking(
                asked, library, Path(folder), peer=python, rounds=rounds, progress=progress
            )
    what = f"{len(asked)} questions of {library}"
    _give(report, "ask", what=what, rounds=rounds, out=out, as_json=as_json)


@bench_app.command("reading")
def reading(
    questions: QuestionsArgument,
    library: AskedLibrary,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Questions to ask.")] = 300,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the figures there, as JSON.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What reading only the passages that can matter saves, and whether answers stay the same."""
    from statistics import median

    from eval.bench.asking import compare_reading

    asked = _answerable(questions, limit, also_without=True)
    with progress_bar("asking twice") as progress:
        same = compare_reading(asked, library, progress=progress)
    if out:
        _write(out, "reading.json", _as_json(same))
    if as_json:
        print_json(dataclasses.asdict(same))
        return
    shares = (100 * n / same.questions for n in (same.answers, same.agreements))
    answers, agreements = (f"{share:.2f} %" for share in shares)
    typer.echo(
        f"{same.questions} questions: same answer {answers}, with the same agreement and "
        f"citations {agreements}\n{same.read:.1f} passages read of {same.read_of:.1f}; "
        f"reading all took {median(same.times):.2f} times as long (median)"
    )


def _answerable(
    files: "Sequence[Path]", limit: int, *, also_without: bool = False
) -> "tuple[Question, ...]":
    """So many questions of these files together, from each as many, evenly spread over it."""
    from eval.datasets import read_dataset
    from qa.errors import DatasetError

    asked: list[Question] = []
    for n, file in enumerate(files):
        data = read_dataset(file)
        kept = tuple(q for q in data.questions if q.gold_texts or also_without)
        if not kept:
            raise DatasetError(f"{file}: none of its questions has an answer")
        share = -(-(limit - len(asked)) // (len(files) - n))
        asked += dataclasses.replace(data, questions=kept).thinned(share).questions
    return tuple(asked)


@bench_app.command("adding")
def adding(
    data: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="Files or folders to add, instead of the samples."),
    ] = None,
    sizes: Annotated[
        str, typer.Option(metavar="N,N", help="Passages of the libraries that are added to.")
    ] = "1000,10000,100000",
    articles: Annotated[
        int, typer.Option(min=1, metavar="N", help="Articles to add at most.")
    ] = 300,
    rounds: Annotated[int, typer.Option(min=1, metavar="N", help="Rounds; medians count.")] = 5,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Adding beside the bare engine, to libraries of many sizes, and what memory it takes."""
    from eval.bench.adding import bench_adding
    from index.ingest import find_files

    passages = _sizes(sizes)
    with TemporaryDirectory(prefix="footnote-bench-") as folder:
        files, refused = find_files(data or [str(_altered_samples(Path(folder), articles))])
        for each in refused:
            say(f"refused: {each.path}: {each.reason}")
        if not files:
            raise typer.BadParameter("no file in it that can be added", param_hint="--data")
        with progress_bar("measuring") as progress:
            report = bench_adding(
                files[:articles],
                Path(folder),
                add=_add,
                sizes=passages,
                rounds=rounds,
                progress=progress,
            )
    what = f"{len(files[:articles])} files"
    _give(report, "adding", what=what, rounds=rounds, out=out, as_json=as_json)


def _sizes(given: str) -> list[int]:
    try:
        sizes = [int(size) for size in given.split(",") if size]
    except ValueError:
        sizes = [0]
    if any(size < 1 for size in sizes):
        raise typer.BadParameter("numbers of passages, as in 1000,10000", param_hint="--sizes")
    return sizes


def _altered_samples(folder: Path, count: int) -> Path:
    """The sample articles over and over with other words, as files in a folder of their own."""
    from itertools import islice

    from eval.bench.adding import altered
    from index.ingest import find_files, read_files
    from index.sample import SAMPLE_FOLDERS

    files, _ = find_files(SAMPLE_FOLDERS)
    articles = [article for read in read_files(files) for article in read.articles]
    written = folder / "samples"
    written.mkdir()
    for number, article in enumerate(islice(altered(articles), count)):
        (written / f"{number:05}.txt").write_text(article.text, encoding="utf-8")
    return written


def _add(shelf: "Library", encoder: "Encoder", files: "Sequence[Path]") -> None:
    from ui.adding import Tally, add_files

    add_files(shelf, encoder, files, Tally(), progress=lambda done, total: None)


@bench_app.command("search")
def search(
    passages: Annotated[
        str, typer.Option(metavar="N,N,...", help="Sizes of the libraries that are made.")
    ] = "10000,100000,1000000",
    data: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Make them from these question files' contexts."),
    ] = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Searching libraries of growing size: vectors, words and both, recall, memory, disk."""
    from eval.bench.search import bench_search
    from eval.bench.search_text import chart, table
    from index.embed import open_encoder
    from ui.bench_source import read_source_of

    counts = _counts(passages)
    with TemporaryDirectory(prefix="footnote-bench-") as folder:
        source = read_source_of(data, Path(folder) / "source")
        with progress_bar("measuring") as bar:
            report = bench_search(
                source,
                counts,
                Path(folder),
                open_encoder(),
                progress=lambda what, done, of: bar(done, of),
            )
    if out:
        _write(out, "search.json", _as_json(report))
        _write(out, "search.svg", chart(report))
    if as_json:
        print_json(dataclasses.asdict(report))
    else:
        typer.echo(table(report))


@bench_app.command("all")
def all_of_them(
    questions: QuestionsArgument,
    library: AskedLibrary,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Write the figures and pictures there.")
    ],
    peer: PeerOption = None,
) -> None:
    """Every bench in one run, as each does it unasked; that takes an hour."""
    ask(questions, library, peer=peer, out=out)
    reading(questions, library, out=out)
    engine(out=out)
    adding(out=out)
    search(out=out)


def _counts(written: str) -> list[int]:
    try:
        counts = sorted({int(part) for part in written.split(",")})
    except ValueError as error:
        raise typer.BadParameter(
            f"'{written}' is no list of numbers: write 10000,100000"
        ) from error
    if counts[0] < 100:
        raise typer.BadParameter(f"{counts[0]} passages are too few to measure: from 100 on")
    return counts


def _sample_passages(library: Path) -> list[str]:
    from index.embed import open_encoder
    from index.ingest import find_files
    from index.library import Library
    from index.sample import SAMPLE_FOLDERS
    from qa.reader import SpanReader
    from ui.adding import Tally, add_files
    from ui.preparing import prepare_models

    encoder = open_encoder()
    prepare_models(encoder, SpanReader())
    files, _ = find_files(SAMPLE_FOLDERS)
    with Library.open(library, create=True) as shelf:
        with shelf.adding(), progress_bar("adding the sample articles") as progress:
            add_files(shelf, encoder, files, Tally(), progress=progress)
        return [p.text for record in shelf.articles() for p in shelf.passages(record.id)]


def _give(
    report: "Report", name: str, *, what: str, rounds: int, out: Path | None, as_json: bool
) -> None:
    """Print a report, and write it into `out` under this name."""
    if out:
        from eval.bench.chart import chart

        _write(out, f"{name}.json", _as_json(report))
        _write(out, f"{name}.svg", chart(report, name=name, title=f"bench {name}: {what}"))
    if as_json:
        print_json(dataclasses.asdict(report))
    else:
        typer.echo(_table(report, what=what, rounds=rounds))


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def _as_json(measured: "DataclassInstance") -> str:
    return json.dumps(dataclasses.asdict(measured), indent=2)


def _table(report: "Report", *, what: str, rounds: int) -> str:
    libraries = ", ".join(f"{name} {number}" for name, number in report.versions.items())
    lines = [f"{report.machine}; {report.precision}; {libraries}"]
    lines.append(f"{what}; median (lowest to highest) of {rounds} rounds")
    for measure in report.measures:
        low, high = min(measure.values), max(measure.values)
        spread = f" ({low:.3g} to {high:.3g})" if low < high else ""
        lines.append(f"  {measure.name:<40} {measure.median:.4g} {measure.unit}{spread}".rstrip())
    return "\n".join(lines)
