"""A saved web page -> Draft: trafilatura finds the article, we make paragraphs of it.

Every workaround here is for something trafilatura was seen to do: words split at
inline tags on short pages, double line breaks lost, boxes of other things kept.
"""

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from index.ingest.body import draft_of
from index.ingest.bylines import read_byline
from index.ingest.decode import decode, plain_newlines
from index.ingest.draft import Draft
from index.ingest.errors import Unreadable
from index.ingest.fields import read_field
from index.ingest.furniture import is_furniture
from index.ingest.headline import same_words
from index.ingest.html_metadata import page_metadata
from index.ingest.markup import INLINE, lines_of
from index.ingest.paragraphs import Paragraph, paragraphs_of

_DECLARED = re.compile(rb"<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.I)
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_BREAKS = re.compile(r"(?:<br\b[^>]*>\s*){2,}", re.IGNORECASE)
_NEAR = 10  # lines before the article's text among which a byline is looked for
_BOX = re.compile(
    r"(?:ads?|advert\w*|ad[-_]\S+|\S+[-_]ads?|sponsor\S*|promo\S*|newsletter\S*|cookies?\S*|related\S*"
    r"|share|sharing|share[-_]\S+|social\S*|comments?|comments?[-_]\S+|most[-_]read|recirc\S*"
    r"|read[-_]?more|recommend\S*|consent\S*|paywall\S*|subscribe\S*|breadcrumbs?)",
    re.IGNORECASE,
)
_HIDDEN = (
    "//*[@hidden or @aria-hidden='true' or contains(translate(@style, ' ', ''), 'display:none')]"
)
_UNSEEN = "//script | //style | //noscript | //template | //iframe"
_LARGEST_BOX = 0.3  # of the page's text; a larger element holds the article, whatever its class


def read_html(data: bytes) -> Draft:
    """An article from a page's bytes. Raises Unreadable where no text is found in it."""
    declared = _DECLARED.search(data[:4096])
    text = decode(data, declared=declared[1].decode("ascii") if declared else None)
    page = _parsed(text)
    known = page_metadata(page)
    found = list(_paragraphs(_main(page)))
    if not found:
        raise Unreadable("no article found in the page; save its text as .txt")
    first = next((one for one in found if not same_words(one.text, known.headline or "")), found[0])
    head = _understood_before(first.text, page)
    return draft_of([*head, *found], headline=known.headline, known=known.metadata)


def _parsed(text: str) -> lxml_html.HtmlElement:
    text = _BREAKS.sub("</p><p>", _XML_HEAD.sub("", text))
    try:
        page = lxml_html.document_fromstring(text, parser=lxml_html.HTMLParser(huge_tree=False))
    except (etree.ParserError, ValueError) as exc:
        raise Unreadable("no page in it: nothing but empty markup") from exc
    return page


def _main(page: lxml_html.HtmlElement) -> etree._Element:
    """The article's main text as trafilatura's XML; an empty element where it finds none."""
    from trafilatura import extract

    for element in page.xpath(_UNSEEN) + page.xpath(_HIDDEN):
        _drop(element)
    whole = len(page.text_content())
    for element in page.xpath("//body//*[@class or @id]"):
        if _is_box(element) and len(element.text_content()) < _LARGEST_BOX * whole:
            _drop(element)
    etree.strip_tags(page, *INLINE)
    written = lxml_html.tostring(page, encoding="unicode")
    result = extract(written, output_format="xml", include_comments=False)
    if not result:
        result = extract(written, output_format="xml", include_comments=False, favor_recall=True)
    if not result:
        return etree.Element("main")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    main = etree.fromstring(result.encode(), parser).find("main")
    return etree.Element("main") if main is None else main


def _understood_before(first: str, page: lxml_html.HtmlElement) -> list[Paragraph]:
    """Bylines and dates among the page's lines that end where the article's first begins."""
    lines = lines_of(page.body)
    start = next((n for n, line in enumerate(lines) if line.startswith(first[:60])), 0)
    near = lines[max(start - _NEAR, 0) : start]
    return [
        Paragraph(line)
        for line in near
        if not is_furniture(line) and (read_byline(line) or read_field(line)) is not None
    ]


def _is_box(element: lxml_html.HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return any(_BOX.fullmatch(name) for name in names) and element.find(".//h1") is None


def _drop(element: lxml_html.HtmlElement) -> None:
    if element.getparent() is not None and element.tag not in ("html", "body"):
        element.drop_tree()


def _paragraphs(element: etree._Element) -> Iterator[Paragraph]:
    """Blocks in order; a table's row is one paragraph, a list's item another."""
    loose: list[str] = [element.text or ""]
    for child in element:
        if child.tag == "lb":
            loose.append("\n" + (child.tail or ""))
            continue
        if child.tag in ("hi", "ref", "del"):
            loose.append("".join(child.itertext()) + (child.tail or ""))
            continue
        yield from _flowed("".join(loose))
        yield from _block(child)
        loose = [child.tail or ""]
    yield from _flowed("".join(loose))


def _block(element: etree._Element) -> Iterator[Paragraph]:
    if element.tag == "row":
        cells = (" ".join("".join(cell.itertext()).split()) for cell in element.iter("cell"))
        yield from _flowed(" | ".join(cell for cell in cells if cell))
    elif element.tag != "graphic":
        yield from _paragraphs(element)


def _flowed(text: str) -> Iterator[Paragraph]:
    """Paragraphs of text in which only line breaks of the page are left."""
    lines = (" ".join(line.split()) for line in plain_newlines(text).split("\n"))
    for one in paragraphs_of("\n".join(lines)):
        yield Paragraph(one.text)
