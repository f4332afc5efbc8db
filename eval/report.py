"""An evaluation as one HTML page that needs nothing beside it: no network, no other file.

The page allows itself only its own style and script, by their hashes. Text of
articles and questions becomes markup here through Jinja's autoescaping alone;
what the script shows it sets as text, from JSON that cannot end its element.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from eval.breakdown import Group
from eval.error_analysis import EXPLAINED, ErrorBin
from eval.explained import Explained, Section, explained
from eval.figures import CHARTS, GROUPED, Chart, figures
from eval.results import Evaluation, Measure, Settings, Task, ready_folder, write_bytes
from eval.rows import AnyRecord, Row, row_of, rows_json
from eval.stats import Estimate

FILE = "report.html"
_TEMPLATES = Path(__file__).parent / "templates"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_HEADINGS: dict[Task, str] = {
    "reader": "How well it reads",
    "retrieval": "How well it searches",
    "answers": "How well it answers",
}
_COLUMNS: dict[Task, tuple[str, str, str]] = {
    "reader": ("Answer", "F1", "Margin"),
    "retrieval": ("Best hit", "Found at rank", ""),
    "answers": ("Answer", "F1", "Confidence"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval and its value on a line from 0 to 100."""

    low: float
    value: float
    high: float

    @classmethod
    def of(cls, estimate: Estimate, *, top: float) -> "Bar":
        """top: the value at the line's end; what lies beyond is drawn there."""
        low, value, high = (
            round(100 * min(max(number / top, 0.0), 1.0), 2)
            for number in (estimate.low, estimate.value, estimate.high)
        )
        return cls(low, value, high)


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure in the headline table."""

    name: str
    explained: Explained
    value: str
    interval: str
    n: int
    bar: Bar


@dataclass(frozen=True, slots=True)
class Bin:
    """Wrong answers of one kind."""

    name: ErrorBin
    line: str
    count: int
    percent: str
    bar: float  # count as a share of the largest bin's, 0 to 100
    examples: tuple[tuple[int, Row], ...]  # each with its place among the rows


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in its table."""

    name: str
    exact_match: str
    exact_interval: str
    f1: str
    f1_interval: str
    n: int


def write_report(found: Evaluation[AnyRecord], folder: str | Path) -> None:
    """Write report.html, and each chart as figures/NAME.svg and .png, into this folder.

    Raises OutputError where that is not possible.
    """
    folder = ready_folder(folder)
    charts = figures(found)
    for name in CHARTS:  # of another run
        for kind in ("svg", "png"):
            (folder / "figures" / f"{name}.{kind}").unlink(missing_ok=True)
    if charts:
        drawn = ready_folder(folder / "figures")
        for chart in charts:
            write_bytes(drawn / f"{chart.name}.svg", chart.svg.encode())
            write_bytes(drawn / f"{chart.name}.png", chart.png)
    write_bytes(folder / FILE, report(found, charts).encode("utf-8", "replace"))


def report(found: Evaluation[AnyRecord], charts: Sequence[Chart] = ()) -> str:
    """The page's HTML, with these charts in it."""
    rows = [row_of(record) for record in found.records]
    style, script = _part("report.css"), _part("report.js")
    settings = found.settings
    said, score, sure = _COLUMNS[settings.task]
    return _ENVIRONMENT.get_template("report.html").render(
        policy=policy(),
        style=Markup(style),
        script=Markup(script),
        heading=_HEADINGS[settings.task],
        lead=_lead(settings.task, rows),
        settings=settings,
        facts=list(_facts(settings)),
        sections=_sections(found.measures),
        charts=[(c, Markup(c.svg)) for c in charts if c.name != "f1_by_group"],
        group_charts=[(c, Markup(c.svg)) for c in charts if c.name == "f1_by_group"],
        bins=_bins(found, rows),
        groups=_groups(found.groups),
        rows=rows,
        columns={"said": said, "score": score, "sure": sure},
        data=Markup(rows_json(rows)),
    )


def _part(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def policy() -> str:
    """The page's Content-Security-Policy: its own style and script; nothing is fetched or sent."""
    allowed = {"style-src": _part("report.css"), "script-src": _part("report.js")}
    hashes = "; ".join(
        f"{what} 'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for what, text in allowed.items()
    )
    return f"default-src 'none'; {hashes}; img-src data:; base-uri 'none'; form-action 'none'"


def _lead(task: Task, rows: Sequence[Row]) -> list[str]:
    """What came of it in two sentences, which count every question once."""
    if task == "retrieval":
        return list(_lead_of_searches(rows))
    right = [row for row in rows if row.right]
    wrong = [row for row in rows if not row.right]
    return [
        f"Right on {len(right):,} of {_count(len(rows), 'question')}: "
        f"{_count(sum(row.given for row in right), 'exact answer')} and "
        f"{_count(sum(not row.given for row in right), 'rightful refusal')}.",
        f"Wrong on {len(wrong):,}: "
        f"{_count(sum(row.given for row in wrong), 'wrong or inexact answer')} and "
        f"{_count(sum(not row.given for row in wrong), 'refusal')} where there was an answer.",
    ]


def _lead_of_searches(rows: Sequence[Row]) -> Iterator[str]:
    measured = [row for row in rows if row.right is not None]
    first = sum(row.score == 1 for row in measured)
    yield (
        f"The first passage is right for {first:,} of {_count(len(measured), 'question')}; "
        f"among the first 20 a right one stands for {sum(bool(row.right) for row in measured):,}."
    )
    if len(measured) < len(rows):
        others = len(rows) - len(measured)
        yield f"{_count(others, 'question')} with nothing to find {_are(others)} not measured."


def _facts(settings: Settings) -> Iterator[tuple[str, str]]:
    setup = settings.setup
    yield "Task", settings.task
    yield "Data", settings.data
    yield "SHA-256 of the data", settings.data_sha256
    yield "Questions", f"{settings.questions:,}"
    if settings.repaired:
        yield "Repaired", "misplaced answers were taken where their words stand"
    if settings.variant:
        yield "Questions changed", settings.variant.replace("_", " ")
    if setup.reader:
        yield "Reader", f"{setup.reader} ({setup.reader_fingerprint or 'no fingerprint'})"
    if setup.encoder:
        yield "Encoder", f"{setup.encoder} ({setup.encoder_fingerprint or 'no fingerprint'})"
        state = f", state {setup.library_state}" if setup.library_state else ""
        yield "Library", f"{setup.library}{state}" if setup.library else "the data’s own contexts"
    if settings.abstain:
        least = "" if settings.threshold is None else f", from a margin of {settings.threshold:.3f}"
        refuses = {"shipped": f"as shipped{least}", "never": "never refuses"}
        yield "Answers", refuses[settings.abstain]
    if settings.best_threshold is not None:
        yield "Best threshold, by F1", f"{settings.best_threshold:.3f}"
    unit = _count(settings.units, settings.unit)
    draws = f"{settings.resamples:,} resamples of {unit}, seed {settings.seed}"
    yield "Intervals", f"{settings.confidence:.0%}, bootstrap: {draws}".replace("%", " %")


def _sections(measures: Sequence[Measure]) -> list[tuple[Section, list[MeasureLine]]]:
    """The measures in their order, by what they are about; sections without any are left out."""
    slowest = max(
        (m.estimate.high for m in measures if explained(m.name).in_ms and m.estimate.high > 0),
        default=1.0,
    )
    lines: dict[Section, list[MeasureLine]] = {section: [] for section in get_args(Section)}
    for measure in measures:
        told = explained(measure.name)
        estimate = measure.estimate
        digits = 0 if told.in_ms else 3
        lines[told.section].append(
            MeasureLine(
                name=measure.name,
                explained=told,
                value=f"{estimate.value:,.{digits}f}{' ms' if told.in_ms else ''}",
                interval=_interval(estimate, digits),
                n=estimate.n,
                bar=Bar.of(estimate, top=slowest if told.in_ms else 1.0),
            )
        )
    return [(section, found) for section, found in lines.items() if found]


def _bins(found: Evaluation[AnyRecord], rows: Sequence[Row]) -> list[Bin]:
    places = {row.id: place for place, row in enumerate(rows)}
    most = max((errors.count for errors in found.errors), default=1)
    return [
        Bin(
            name=errors.bin,
            line=EXPLAINED[errors.bin],
            count=errors.count,
            percent=f"{100 * errors.share:.1f} %",
            bar=round(100 * errors.count / most, 2),
            examples=tuple((places[id_], rows[places[id_]]) for id_ in errors.examples),
        )
        for errors in found.errors
    ]


def _groups(groups: Sequence[Group]) -> list[tuple[str, list[GroupLine]]]:
    names = dict.fromkeys(group.by for group in groups)
    return [(GROUPED.get(by, by), [_group(g) for g in groups if g.by == by]) for by in names]


def _group(group: Group) -> GroupLine:
    return GroupLine(
        name=group.name,
        exact_match=f"{group.exact_match.value:.3f}",
        exact_interval=_interval(group.exact_match, 3),
        f1=f"{group.f1.value:.3f}",
        f1_interval=_interval(group.f1, 3),
        n=group.f1.n,
    )


def _interval(estimate: Estimate, digits: int) -> str:
    return f"{estimate.low:,.{digits}f} – {estimate.high:,.{digits}f}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _are(number: int) -> str:
    return "was" if number == 1 else "were"
