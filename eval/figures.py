"""Charts of an evaluation: what refusing costs, whether confidence holds, ranks, and groups.

Drawn by matplotlib; the same evaluation gives the same bytes. Colours are blue and
vermilion of Okabe and Ito's set, which no common colour blindness confuses, and each
series also has a dash or a marker of its own.
"""

import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.breakdown import Group
from eval.calibration import ReliabilityBin, aurc, reliability, risk_coverage
from eval.metrics import Floats, is_right
from eval.ranking import CUTOFFS, DEPTH
from eval.records import AnswerRecord, ReaderRecord, RetrievalRecord
from eval.results import Evaluation
from eval.rows import AnyRecord
from eval.stats import Bootstrap, Clusters, Estimate
from eval.svg import tidied

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# As in report.mplstyle; a page's style gives each of them another colour in the dark.
INK, SOFT = "#221f1b", "#5f584d"
BLUE, VERMILION = "#0072b2", "#c04f00"
GROUPED = {
    "question_word": "question word",
    "kind": "kind of question",
    "why": "why there is no answer",
    "answer_words": "words of the answer",
    "passage_words": "words of the passage",
    "source": "outlet cited first",
}

_STYLE = Path(__file__).parent / "templates" / "report.mplstyle"
_WIDTH = 4.6  # inches: a telephone's width without making letters small
_DPI = 160
_NAME_LETTERS = 24

CHARTS = ("risk_coverage", "reliability", "success_at_k", "f1_by_group")  # all names there are


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing in both forms, with what to say beside it."""

    name: str  # of its files
    title: str
    caption: str  # how to read it
    svg: str  # also fit to stand inside a page
    png: bytes


def figures(found: Evaluation[AnyRecord]) -> tuple[Chart, ...]:
    """All charts that the records have something for, those of the groups last."""
    return tuple(chart for chart in (*_of_records(found), _by_group(found)) if chart)


def _of_records(found: Evaluation[AnyRecord]) -> Iterator[Chart | None]:
    answers = [record for record in found.records if isinstance(record, AnswerRecord)]
    reading = [record for record in found.records if isinstance(record, ReaderRecord)]
    searches = [record for record in found.records if isinstance(record, RetrievalRecord)]
    if answers:
        sure = np.array([r.confidence if r.scored.best_guess else 0.0 for r in answers])
        yield _risk(found, answers, sure, "confidence")
        yield _reliability(answers)
    if reading:
        margins = np.array([-math.inf if r.margin is None else r.margin for r in reading])
        yield _risk(found, reading, margins, "margin")
    if searches:
        yield _success(found, searches)


def _risk(
    found: Evaluation[AnyRecord],
    records: Sequence[AnswerRecord] | Sequence[ReaderRecord],
    sure: Floats,
    by: str,
) -> Chart:
    """The risk-coverage curve of best guesses, with the place at which it now answers."""
    right = np.array([float(is_right(r.scored.best_guess, r.asked.golds)) for r in records])
    points = risk_coverage(sure, right)
    places = np.arange(len(right), 0, -1.0)
    perfect = risk_coverage(places, np.sort(right)[::-1])  # as if it were known which are right
    given = np.array([bool(r.prediction) for r in records])

    def draw(axes: "Axes") -> None:
        axes.plot(
            [p.coverage for p in perfect],
            [p.risk for p in perfect],
            color=SOFT,
            linestyle=(0, (1, 2)),
            label="the best there could be",
        )
        axes.plot(
            [p.coverage for p in points],
            [p.risk for p in points],
            color=BLUE,
            linewidth=2,
            marker="o" if len(points) == 1 else None,
            label=f"the surest by {by} first",
        )
        if 0 < given.sum() < len(given):
            now = given.mean(), 1 - right[given].mean()
            label = f"as it answers: {100 * now[0]:.0f} %, {100 * now[1]:.0f} % of them wrong"
            axes.plot(*now, "D", color=VERMILION, markersize=8, label=label, clip_on=False)
        axes.set(xlim=(0, 1.02), ylim=(-0.01, 1.02))
        axes.set(xlabel="share of questions answered", ylabel="share of those wrong")
        _percent(axes, "x", "y")
        axes.legend(loc="upper left")

    area = _area(found, records, sure, right)
    return _chart(
        "risk_coverage",
        f"What refusing buys: area {_said(area)}",
        "If only the surest guesses were given, so many of them would be wrong: wrong is F1 below "
        "0.5, or any answer where there is none. A lower curve is better; its area is the mean "
        "over all coverages.",
        draw,
    )


def _area(
    found: Evaluation[AnyRecord],
    records: Sequence[AnswerRecord] | Sequence[ReaderRecord],
    sure: Floats,
    right: Floats,
) -> Estimate:
    for measure in found.measures:
        if measure.name == "aurc":
            return measure.estimate
    settings = found.settings
    clusters = Clusters(settings.unit, tuple(record.asked.cluster for record in records))
    bootstrap = Bootstrap(clusters, resamples=settings.resamples, seed=settings.seed)
    estimate = bootstrap.aurc(sure, right)
    if estimate is None:
        value = aurc(sure, right)
        return Estimate(value, value, value, len(right))
    return estimate


def _reliability(records: Sequence[AnswerRecord]) -> Chart | None:
    """Stated against true of the answers given; None if none was given."""
    given = [record for record in records if record.prediction]
    if not given:
        return None
    bins = reliability(
        np.array([record.confidence for record in given]),
        np.array([float(is_right(record.prediction, record.asked.golds)) for record in given]),
    )

    def draw(axes: "Axes") -> None:
        axes.plot([0, 1], [0, 1], color=SOFT, linestyle=(0, (1, 2)), label="as stated")
        at, shares = [b.confidence for b in bins], [b.accuracy for b in bins]
        ends = [_wilson(b) for b in bins]
        below = [max(s - low, 0) for s, (low, _) in zip(shares, ends, strict=True)]
        above = [max(high - s, 0) for s, (_, high) in zip(shares, ends, strict=True)]
        axes.errorbar(
            at,
            shares,
            yerr=[below, above],
            fmt="o",
            color=BLUE,
            elinewidth=1,
            label="answers",
            clip_on=False,
        )
        for number, b in enumerate(bins):
            # Counts stand on a line of their own, by turns high and low: bins may be near.
            axes.text(
                b.confidence,
                1.04 + 0.06 * (number % 2),
                str(b.n),
                ha="center",
                size=9,
                color=SOFT,
            )
        axes.text(-0.02, 1.04, "n", ha="right", size=9, color=SOFT)
        axes.set(xlim=(0, 1.02), ylim=(0, 1.02))
        axes.set(xlabel="stated confidence", ylabel="share right")
        _percent(axes, "x", "y")
        axes.legend(loc="lower right")

    return _chart(
        "reliability",
        "Whether confidence holds",
        "The answers given, in bins of as many each by their confidence; above, how many are in a "
        "bin. On the dotted line the share right is what was stated. Bars: 95 %, Wilson.",
        draw,
    )


def _wilson(found: ReliabilityBin) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927)."""
    from scipy.stats import binomtest  # type: ignore[import-untyped]

    ends = binomtest(round(found.n * found.accuracy), found.n).proportion_ci(method="wilson")
    return float(ends.low), float(ends.high)


def _success(found: Evaluation[AnyRecord], records: Sequence[RetrievalRecord]) -> Chart | None:
    """How many questions have a right passage among the first k; None if none was to find."""
    firsts = [
        min((each.rank for each in record.ranking.found), default=math.inf)
        for record in records
        if record.ranking.relevant
    ]
    if not firsts:
        return None
    ranks = range(1, DEPTH + 1)
    measured = {measure.name: measure.estimate for measure in found.measures}
    bars = [(k, measured[f"success_at_{k}"]) for k in CUTOFFS if f"success_at_{k}" in measured]

    def draw(axes: "Axes") -> None:
        shares = [sum(first <= k for first in firsts) / len(firsts) for k in ranks]
        axes.plot(ranks, shares, color=BLUE, linewidth=2, drawstyle="steps-post")
        axes.errorbar(
            [k for k, _ in bars],
            [e.value for _, e in bars],
            yerr=[[e.value - e.low for _, e in bars], [e.high - e.value for _, e in bars]],
            fmt="o",
            color=BLUE,
            elinewidth=1,
        )
        axes.set(xlim=(0.5, DEPTH + 0.5), ylim=(0, 1.02), xticks=[1, 5, 10, 15, 20])
        axes.set(xlabel="passages looked at, k", ylabel="share with a right one among them")
        _percent(axes, "y")

    return _chart(
        "success_at_k",
        "How far down the right passage stands",
        f"Success@k over {len(firsts):,} questions with something to find; bars: 95 % intervals.",
        draw,
    )


def _by_group(found: Evaluation[AnyRecord]) -> Chart | None:
    if not found.groups:
        return None
    lines: list[tuple[str, Group | None]] = []  # None: a heading
    for by in dict.fromkeys(group.by for group in found.groups):
        lines.append((GROUPED.get(by, by), None))
        lines += [(_label(g.name), g) for g in found.groups if g.by == by]

    def draw(axes: "Axes") -> None:
        for y, (_, group) in enumerate(lines):
            if group:
                f1 = group.f1
                axes.plot([f1.low, f1.high], [y, y], color=BLUE, linewidth=1.2)
                axes.plot(f1.value, y, "o", color=BLUE, markersize=5, clip_on=False)
                axes.text(1.05, y, f"{f1.n:,}", ha="left", va="center", size=9, color=SOFT)
        for measure in found.measures:
            if measure.name == "f1":
                axes.axvline(measure.estimate.value, color=VERMILION, linestyle=(0, (4, 3)))
        axes.text(1.05, -1, "n", ha="left", va="center", size=9, color=SOFT)
        axes.set(xlim=(0, 1.02), ylim=(len(lines) - 0.4, -1.4), xlabel="F1")
        axes.set_yticks(range(len(lines)), labels=[name for name, _ in lines])
        for tick, (_, group) in zip(axes.get_yticklabels(), lines, strict=True):
            if not group:
                tick.set(color=INK, fontweight="bold")
        axes.tick_params(axis="y", length=0)
        axes.grid(visible=False, axis="y")

    return _chart(
        "f1_by_group",
        "F1 by group",
        "With 95 % intervals; n, how many questions; dashed, F1 of all questions.",
        draw,
        height=1.1 + 0.23 * len(lines),
    )


def _label(name: str) -> str:
    """A name from an article, short and of letters that XML knows."""
    known = "".join(letter if letter.isprintable() else " " for letter in name)
    return known if len(known) <= _NAME_LETTERS else f"{known[: _NAME_LETTERS - 1]}…"


def _said(estimate: Estimate) -> str:
    if estimate.low == estimate.high:
        return f"{estimate.value:.3f}"
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"


def _percent(axes: "Axes", *names: str) -> None:
    from matplotlib.ticker import PercentFormatter

    for name in names:
        axis = axes.xaxis if name == "x" else axes.yaxis
        axis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))


def _chart(
    name: str, title: str, caption: str, draw: Callable[["Axes"], None], *, height: float = 3.7
) -> Chart:
    import matplotlib  # takes a second, and only a report draws
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": name}, _STYLE), warnings.catch_warnings():
        # Letters that the font lacks: a browser has them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        drawing = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(drawing.add_subplot())
        svg = _bytes(drawing, "svg", {"Date": None, "Creator": None, "Format": None, "Type": None})
        png = _bytes(drawing, "png", {"Software": None})
    return Chart(name, title, caption, tidied(svg.decode(), name=name, title=title), png)


def _bytes(drawing: "Figure", form: str, metadata: dict[str, None]) -> bytes:
    written = BytesIO()
    drawing.savefig(written, format=form, dpi=_DPI, metadata=metadata)
    return written.getvalue()
