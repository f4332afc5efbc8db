"""Our references beside those of typst's CSL styles, on sources where its styles are right.

Elsewhere they are not: a year alone gets a comma, "2019a" goes by the order cited, a title that
ends in "!" gets a full stop too, "iPhone" becomes "Iphone", quotation marks within others are
not changed, and titles are sorted by their quotation marks.
"""

import html
import json
import re
from pathlib import Path

import pytest
import typst

from qa.cite import CitationRecord, read_records
from qa.rich_text import RichText
from qa.sources import Source, sources_of
from qa.styles import STYLES, format_records

SOURCES = read_records((Path(__file__).parent / "citations" / "sources.json").read_bytes(), "here")
THEIRS = {
    "apa": ("apa", "US"),
    "chicago": ("chicago-notes", "US"),
    "mla": ("mla", "US"),
    "harvard": ("harvard-cite-them-right", "GB"),
    "ieee": ("ieee", "US"),
}
DOCUMENT = """
#let given = json(bytes(sys.inputs.given))
#set text(lang: "en", region: given.region)
#for key in given.keys { html.elem("div")[#cite(label(key))] }
#bibliography(bytes(given.sources), style: given.style, title: none)
"""


def record(number: int, title: str, authors: list[str], **changes) -> CitationRecord:
    known = {
        "article_id": f"a{number}",
        "title": title,
        "authors": authors,
        "accessed": "2024-03-12",
    }
    known |= {"published": f"2019-1{number % 3}-1{number}", "url": f"https://a.example/{number}"}
    return CitationRecord.model_validate(SOURCES[6].to_json() | known | changes)


RECORDS = [
    record(1, "A quiet night at the opera house", ["Ludwig van Beethoven"]),
    record(2, "Tea burns: four thousand tonnes lost", ["Ann Ash", "Ben C. Bow"]),
    record(3, "The ferry again", ["Cy Cox", "Dee Dow", "Eve Ely", "Flo Fox"]),
    record(4, "What the tide left", ["Guy Gum"], published=None, published_trust=None),
    record(5, "On paper only", ["Northmark News Agency"], url=None),
    record(6, "After the storm", ["Jean-Paul Ivory Jr."]),
]


def their_entry(source: Source) -> dict[str, object]:
    """A source in the form that typst reads."""
    found: dict[str, object] = {
        "type": "article",
        "title": source.title,
        "author": [
            {
                "name": name.literal or name.family,
                **({"given-name": name.given} if name.given else {}),
                **({"prefix": name.dropping} if name.dropping else {}),
                **({"suffix": name.suffix} if name.suffix else {}),
            }
            for name in source.authors
        ],
        "parent": {"type": "newspaper", "title": source.outlet},
    }
    if source.published:
        found["date"] = "-".join(f"{part:02}" for part in source.published)
    if source.url:
        found["url"] = {"value": source.url, "date": "2024-03-12"}
    return found


def printed_by_typst(style: str) -> tuple[list[str], list[str]]:
    name, region = THEIRS[style]
    sources = sources_of(RECORDS)
    given = {
        "region": region,
        "style": name,
        "keys": [source.key for source in sources],
        "sources": json.dumps({source.key: their_entry(source) for source in sources}),
    }
    page, _ = typst.compile_with_warnings(
        DOCUMENT.encode(), format="html", sys_inputs={"given": json.dumps(given)}
    )
    body = page.decode().partition("<body>")[2]
    items = [shown(item) for item in re.findall(r"<li[^>]*>(.*?)</li>", body, re.DOTALL)]
    notes = [shown(item) for item in re.findall(r"<div>(.*?)</div>", body, re.DOTALL)]
    half = len(sources)
    return (items[half:] or notes), items[:half]


def shown(markup: str) -> str:
    markup = re.sub(r"<sup[^>]*>.*?</sup>", "", markup)
    markup = re.sub(r"</?em>", "_", markup)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def marked(rich: RichText) -> str:
    return "".join(f"_{run.text}_" if run.italic else run.text for run in rich)


@pytest.mark.parametrize("style", STYLES)
def test_ours_and_theirs_agree(style):
    notes, entries = printed_by_typst(style)
    ours = format_records(RECORDS, style)
    assert [marked(rich) for rich in ours.notes] == notes
    assert [marked(rich) for rich in ours.bibliography] == entries
