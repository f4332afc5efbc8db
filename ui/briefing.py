"""`footnote batch --report`: all answers of a run as a report, or as a document."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.types import Answer

_TO_WORK_ON = (".yaml", ".yml")  # a report file, as of `footnote report new`


def check_briefing(out: Path) -> None:
    """Raise ReportError where no briefing can be written to a file of this name."""
    from qa.errors import ReportError
    from qa.report_export import check_export

    if out.suffix.lower() not in _TO_WORK_ON:
        check_export(out)
    elif os.path.exists(out):
        raise ReportError(f"{out}: is already there: name another file, or add to it")


def write_briefing(answers: "Sequence[Answer]", out: Path, *, title: str) -> None:
    """Write the answers in their order. Raises ReportError where that is not possible."""
    from qa.report import Report
    from qa.report_answers import item_of
    from qa.report_export import export_report
    from qa.report_file import save_report

    report = Report(title=title, items=tuple(map(item_of, answers)))
    if out.suffix.lower() in _TO_WORK_ON:
        save_report(report, out, new=True)
    else:
        export_report(report, out)
