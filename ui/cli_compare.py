"""`footnote eval compare`: two results over the same questions, and what changed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.console import print_json, safe
from ui.options import JsonOption

if TYPE_CHECKING:
    from eval.compare import Changed, Comparison, Differing
    from eval.written import Outcome

SHOWN = 10  # losses, and wins, that are printed; all of them are in the JSON

_DIGITS = 16  # of a file's hash

A = Annotated[
    Path, typer.Argument(metavar="A", help="Results to start from: the --out of an evaluation.")
]
B = Annotated[Path, typer.Argument(metavar="B", help="Results to compare with them.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Also write compare.json and changed.jsonl there."),
]


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command("compare")(compare_runs)


def compare_runs(a: A, b: B, out: Out = None, as_json: JsonOption = False) -> None:
    """Compare two results over the same questions: what B wins and loses, and is it chance."""
    from eval.compare import compare
    from eval.results import ready_folder

    found = compare(a, b)
    if out:
        ready_folder(out)
        found.write(out)
    if as_json:
        print_json(found.to_json())
        return
    _print_measures(found)
    for line in _told(found):
        typer.echo(line)
    if out:
        typer.echo(f"written to {safe(str(out))}")


def _print_measures(found: "Comparison") -> None:
    from rich.console import Console
    from rich.table import Table

    if not found.measures:
        typer.echo("none of the questions has an answer to find: there is nothing to measure")
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("measure")
    for heading in ("A", "B", "B - A", "95 % interval", "p", "n"):
        table.add_column(heading, justify="right")
    for measure in found.measures:
        apart = measure.difference
        table.add_row(
            measure.name,
            f"{measure.a:.3f}",
            f"{measure.b:.3f}",
            _signed(apart.value),
            f"{_signed(apart.low)} to {_signed(apart.high)}",
            f"{measure.p:.4f}",
            str(apart.n),
        )
    Console().print(table)


def _signed(difference: float) -> str:
    return f"{difference:+z.3f}" if round(difference, 3) else "0.000"


def _told(found: "Comparison") -> Iterator[str]:
    yield f"A: {safe(str(found.a))}"
    yield f"B: {safe(str(found.b))}"
    yield from map(_setting, found.settings)
    if not found.complete:
        yield f"both were stopped after these {found.questions} questions: there are more"
    yield (
        f"intervals and p over {found.units} {found.unit}s as wholes; "
        "p is of each measure by itself"
    )
    reworded = len(found.changed) - found.wins - found.losses
    also = f" ({reworded} of them in other words)" if reworded else ""
    score = found.score.replace("_", " ")
    yield (
        f"by {score}: {found.wins} better in B, {found.losses} worse, {found.ties} the same{also}"
    )
    yield from _listed("worse in B", found.lost)
    yield from _listed("better in B", found.won)


def _setting(differing: "Differing") -> str:
    a, b = ("none" if v is None else safe(str(v)) for v in (differing.a, differing.b))
    if differing.name == "data_sha256":
        a, b = a[:_DIGITS], b[:_DIGITS]
        return f"data files differ, their questions do not: sha256 {a} in A, {b} in B"
    return f"{differing.name}: {a} in A, {b} in B"


def _listed(heading: str, questions: "Sequence[Changed]") -> Iterator[str]:
    if not questions:
        return
    shown = questions[:SHOWN]
    count = f"{len(shown)} of {len(questions)}" if len(shown) < len(questions) else len(shown)
    yield f"\n{heading} ({count}):"
    for each in shown:
        yield f"  {safe(each.id)}  {safe(each.question)}"
        golds = " | ".join(dict.fromkeys(map(safe, each.golds)))
        yield f"      gold   {golds or '(no answer)'}"
        yield f"      A {_outcome(each.a)}"
        yield f"      B {_outcome(each.b)}"


def _outcome(outcome: "Outcome") -> str:
    score = f"{outcome.score or 0:.2f}"
    if outcome.ranks is not None:
        ranks = ", ".join(map(str, outcome.ranks))
        return f"{score} {f'at rank {ranks}' if ranks else '(not found)'}"
    return f"{score} {safe(outcome.prediction or '') or '(no answer)'}"
