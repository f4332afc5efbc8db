"""What the commands of measuring print: tables of values, groups, errors and drops."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eval.breakdown import Group
    from eval.error_analysis import Errors
    from eval.results import Evaluation, Record, Settings
    from eval.robustness import Robustness
    from eval.stats import Estimate


def print_measures(found: "Evaluation[Record]") -> None:
    """Each measure with its interval and on how many questions it was taken."""
    rows = []
    for measure in found.measures:
        digits = 1 if "_ms_" in measure.name else 3
        value, interval = _shown(measure.estimate, digits=digits)
        rows.append((measure.name, value, interval, str(measure.estimate.n)))
    _print(("measure",), ("value", "95 % interval", "n"), rows)


def print_groups(groups: "Sequence[Group]") -> None:
    """Exact match and F1 of each group of questions."""
    rows = []
    for group in groups:
        overlap, interval = _shown(group.f1)
        exact = f"{group.exact_match.value:.3f}"
        rows.append((group.by, group.name, str(group.f1.n), exact, overlap, interval))
    _print(("by", "group"), ("n", "exact_match", "f1", "95 % interval"), rows)


def print_errors(errors: "Sequence[Errors]") -> None:
    """How many answers were wrong in which way, and what it means."""
    from eval.error_analysis import EXPLAINED

    rows = (
        (e.bin.replace("_", " "), str(e.count), f"{e.share:.3f}", EXPLAINED[e.bin]) for e in errors
    )
    _print(("wrong answers",), ("n", "share"), rows, then=("",))


def print_drops(found: "Robustness") -> None:
    """F1 of the questions as they are, and what it falls by where they are typed otherwise."""
    rows = [("as they are", f"{found.plain['f1'].value:.3f}", "", "")]
    for varied in found.variants:
        drop, interval = _shown(varied.drop)
        name = varied.name.replace("_", " ")
        rows.append((name, f"{varied.found['f1'].value:.3f}", drop, interval))
    _print(("questions",), ("f1", "drop", "95 % interval"), rows)


def described(settings: "Settings") -> Iterator[str]:
    """Lines that say what was measured, with what."""
    setup = settings.setup
    yield f"data: {settings.data} (sha256 {settings.data_sha256[:16]}), {settings.questions} asked"
    if setup.reader:
        yield f"reader: {setup.reader} ({setup.reader_fingerprint})"
    if setup.encoder:
        yield f"encoder: {setup.encoder} ({setup.encoder_fingerprint})"
        yield f"library: {setup.library or 'made of the contexts of the data'}"
    if setup.ranking:
        yield f"passages ranked: {setup.ranking}"
    if settings.abstain:
        least = "" if settings.threshold is None else f", threshold {settings.threshold:.3f}"
        yield f"abstain: {settings.abstain}{least}"
    if settings.best_threshold is not None:
        yield f"best_f1 at threshold: {settings.best_threshold:.3f}"
    yield f"intervals: {settings.resamples} resamples of {settings.units} {settings.unit}s"


def _shown(estimate: "Estimate", *, digits: int = 3) -> tuple[str, str]:
    """The value, and its interval."""
    low, high = f"{estimate.low:.{digits}f}", f"{estimate.high:.{digits}f}"
    return f"{estimate.value:.{digits}f}", f"{low} - {high}"


def _print(
    words: Sequence[str],
    numbers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    then: Sequence[str] = (),
) -> None:
    """A table with columns of words, of numbers, and of words again."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in words:
        table.add_column(heading)
    for heading in numbers:
        table.add_column(heading, justify="right")
    for heading in then:
        table.add_column(heading)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
