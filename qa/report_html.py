"""A laid-out report as one HTML file: quotes marked, each footnote shows its source on hover.

Nothing in it is loaded from elsewhere, and nothing in it runs.
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from qa.embedded import html_block
from qa.report_layout import PASSAGES, SOURCES, Layout, grouped
from qa.styles import RichText, as_html


def report_html(layout: Layout) -> str:
    """The report with its citation records in a data block."""
    return _template().render(
        layout=layout,
        sources=SOURCES,
        passages=PASSAGES,
        block=Markup(html_block(layout.records) if layout.records else ""),
    )


@cache
def _template() -> Template:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined
    )
    environment.filters |= {"rich": _rich, "groups": grouped}
    return environment.get_template("report.html")


def _rich(text: RichText) -> Markup:
    return Markup(as_html(text))  # escaped there, in one place
