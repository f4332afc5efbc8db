"""The bench of searching as a table and as a picture."""

from io import StringIO
from pathlib import Path

from eval.bench.search import SearchReport, Size
from eval.svg import tidied

_STYLE = Path(__file__).parents[1] / "templates" / "report.mplstyle"
_HEAD = (
    f"{'passages':>11}  {'index':<11}{'recall@10':>9}{'vectors':>14}{'words':>14}{'search':>14}"
    f"{'resident':>10}{'open':>8}{'disk':>10}{'build':>14}"
)
_UNITS = (
    f"{'':>11}  {'':<11}{'':>9}{'p50, p95 ms':>14}{'p50, p95 ms':>14}{'p50, p95 ms':>14}"
    f"{'MB':>10}{'s':>8}{'MB':>10}{'s + snapshot':>14}"
)


def table(report: SearchReport) -> str:
    """Lines for a terminal."""
    libraries = ", ".join(f"{name} {number}" for name, number in report.versions.items())
    lines = [
        f"{report.machine}; {libraries}",
        f"synthetic libraries, made from {report.made_from}: embeddings moved by as much as",
        f"neighbours differ, passages of four real sentences mixed; {report.questions} questions,",
        "one thread; resident with the encoder and what is mapped of files",
        _HEAD,
        _UNITS,
        *map(_row, report.sizes),
    ]
    if report.reckoned:
        lines.append(f"on paper, reckoned from {report.sizes[-1].passages:,}, not measured:")
    for size in report.reckoned:
        lines.append(
            f"{size.passages:>11,}  vectors {size.vectors_ms:.1f} ms, "
            f"words {size.words_ms:.0f} ms, at most {size.resident_mb / 1000:.1f} GB resident, "
            f"{size.disk_mb / 1000:.0f} GB on disk, built in {size.build_s / 3600:.1f} h "
            "besides embedding"
        )
    return "\n".join(lines)


def _row(size: Size) -> str:
    taken = size.measured
    times = (taken.vectors_ms, taken.words_ms, taken.search_ms)
    pairs = "".join(f"{f'{median:.1f}, {high:.1f}':>14}" for median, high in times)
    building = f"{size.build_s:.0f} + {size.snapshot_s:.0f}"
    return (
        f"{size.passages:>11,}  {taken.index:<11}{taken.recall:>9.4f}{pairs}"
        f"{taken.resident_mb:>10.0f}{taken.open_s:>8.2f}"
        f"{size.database_mb + size.snapshot_mb:>10.0f}{building:>14}"
    )


def chart(report: SearchReport) -> str:
    """Milliseconds by passages, both in powers of ten, as SVG."""
    import matplotlib as mpl
    import matplotlib.style  # or mpl.style is not there
    from matplotlib.figure import Figure

    counts = [size.passages for size in report.sizes]
    with mpl.style.context(_STYLE), mpl.rc_context({"svg.hashsalt": "search"}):
        figure = Figure(figsize=(4.6, 3.2), layout="constrained")
        axes = figure.subplots()
        for name, marker, times in (
            ("search, with encoding", "o", [s.measured.search_ms for s in report.sizes]),
            ("by words", "s", [s.measured.words_ms for s in report.sizes]),
            ("by vectors", "^", [s.measured.vectors_ms for s in report.sizes]),
        ):
            (line,) = axes.plot(counts, [median for median, _ in times], marker, ls="-", label=name)
            axes.plot(counts, [high for _, high in times], marker, ls=":", color=line.get_color())
        axes.set(
            xscale="log", yscale="log", xlabel="passages", ylabel="ms; dotted: 95th percentile"
        )
        axes.legend()
        drawn = StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return tidied(drawn.getvalue(), name="search", title="Time of a search by passages")
