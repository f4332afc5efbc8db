"""A laid-out report as PDF, set by Typst: footnotes at the foot of the page, sources at the end."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from qa.errors import ReportError
from qa.report_layout import PASSAGES, SOURCES, Layout, Line, grouped
from qa.types import Json

_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


def report_pdf(layout: Layout) -> bytes:
    """The pages, without the citation records. Raises ReportError where Typst cannot set them."""
    import typst

    seen: set[int] = set()
    data: Json = {
        "title": layout.title,
        "note": [_line(line, seen) for line in layout.note],
        "sections": [
            {"heading": s.heading, "groups": [_lines(g, seen) for g in grouped(s.lines)]}
            for s in layout.sections
        ],
        "footnotes": [[asdict(run) for run in note] for note in layout.footnotes],
        "bibliography": [[asdict(run) for run in entry] for entry in layout.bibliography],
        "passages": [
            {
                "number": passage.number,
                "source": passage.source,
                "place": passage.place,
                "words": [asdict(words) for words in passage.words],
                "link": passage.link,
            }
            for passage in layout.passages
        ],
        "sources": SOURCES,
        "passages_heading": PASSAGES,
    }
    try:
        return typst.compile(
            _TEMPLATE.read_bytes(), format="pdf", sys_inputs={"layout": json.dumps(data)}
        )
    except typst.TypstError as error:
        raise ReportError(
            f"the report cannot be set as PDF ({error}): export it as HTML"
        ) from error


def _lines(lines: Sequence[Line], seen: set[int]) -> list[Json]:
    return [_line(line, seen) for line in lines]


def _line(line: Line, seen: set[int]) -> Json:
    """A line; its footnotes say whether they are given for the first time."""
    notes = []
    for number in line.notes:
        notes.append({"number": number, "first": number not in seen})
        seen.add(number)
    return {"kind": line.kind, "words": [asdict(words) for words in line.words], "notes": notes}
