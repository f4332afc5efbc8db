"""A report to a file that others can open: Markdown, HTML, Word or PDF, by its name's ending."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from qa.embedded import embed_in_docx, embed_in_pdf
from qa.errors import ReportError
from qa.report import Report
from qa.report_docx import report_docx
from qa.report_file import write_report_file
from qa.report_html import report_html
from qa.report_layout import lay_out
from qa.report_markdown import report_markdown
from qa.report_pdf import report_pdf

ENDINGS = (".md", ".html", ".docx", ".pdf")


def check_export(path: Path) -> None:
    """Raise ReportError where no report can be written to a file of this name."""
    if path.suffix.lower() not in ENDINGS:
        raise ReportError(f"{path}: a report is exported to a name ending in {', '.join(ENDINGS)}")
    if os.path.isdir(path) or not os.path.isdir(path.parent):  # never an error, unlike Path's
        raise ReportError(f"{path}: cannot be written: name a file in a folder that is there")


def export_report(report: Report, path: Path, *, style: str | None = None) -> None:
    """Write the report in a style of citing, its own if None; whole or not at all.

    The citation records are embedded, for `footnote verify`. Raises ReportError for a
    file that cannot be written, CitationError for a style that does not exist.
    """
    check_export(path)
    write_report_file(path, report_content(report, path.suffix.lower(), style=style))


def report_content(report: Report, ending: str, *, style: str | None = None) -> bytes:
    """What a file of this ending, one of `ENDINGS`, holds; as `export_report` writes it."""
    layout = lay_out(report, style)
    if ending == ".md":
        return report_markdown(layout).encode()
    if ending == ".html":
        return report_html(layout).encode()
    content = report_docx(layout) if ending == ".docx" else report_pdf(layout)
    if not layout.records:
        return content
    embed = embed_in_docx if ending == ".docx" else embed_in_pdf
    with TemporaryDirectory(prefix="footnote-report-") as folder:
        file = Path(folder) / f"report{ending}"
        file.write_bytes(content)
        embed(file, layout.records)
        return file.read_bytes()
