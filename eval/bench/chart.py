"""A bench's measures as a picture."""

from collections.abc import Sequence
from io import StringIO
from itertools import groupby
from pathlib import Path

from eval.bench.engine import Measure, Report
from eval.svg import tidied

_STYLE = Path(__file__).parents[1] / "templates" / "report.mplstyle"
_ROW = 0.3  # inches, as all lengths below
_HEAD = 0.8  # of a group: its name and its axis
_WIDTH = 6.4
_COLOR = "#8fa9c4"


def chart(report: Report, *, name: str, title: str) -> str:
    """Each measure's median as a bar with lowest and highest, those of a unit together; as SVG.

    name: what no other drawing of the page is called.
    """
    import matplotlib as mpl
    import matplotlib.style  # or mpl.style is not there
    from matplotlib.figure import Figure

    groups = _by_unit(report.measures)
    heights = [_HEAD + _ROW * len(group) for group in groups]
    with mpl.style.context(_STYLE), mpl.rc_context({"svg.hashsalt": name}):
        figure = Figure(figsize=(_WIDTH, sum(heights)), layout="constrained")
        every = figure.subplots(len(groups), squeeze=False, height_ratios=heights)[:, 0]
        for axes, group in zip(every, groups, strict=True):
            medians = [measure.median for measure in group]
            below = [measure.median - min(measure.values) for measure in group]
            above = [max(measure.values) - measure.median for measure in group]
            bars = axes.barh(
                [each.name for each in group], medians, xerr=(below, above), height=0.6
            )
            axes.bar_label(bars, [f"{median:.4g}" for median in medians], padding=4)
            axes.set_title(group[0].unit or "no unit", loc="left", fontsize="medium")
            axes.grid(axis="y", visible=False)
            axes.invert_yaxis()  # the first on top
            axes.margins(x=0.15)
        drawn = StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return tidied(drawn.getvalue(), name=name, title=title)


def _by_unit(measures: Sequence[Measure]) -> list[list[Measure]]:
    """In the order in which the units come first."""
    units = list(dict.fromkeys(measure.unit for measure in measures))
    ordered = sorted(measures, key=lambda measure: units.index(measure.unit))
    return [list(group) for _, group in groupby(ordered, key=lambda measure: measure.unit)]
