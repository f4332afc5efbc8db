"""Title, authors, date, outlet and URL of a saved web page, each with where it stood.

Dates are read here and not by trafilatura, which prefers a date in the URL to the
page's own statement and keeps neither time nor origin.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import html as lxml_html

from index.ingest.dates import read_date
from index.ingest.draft import Metadata
from index.ingest.fields import split_names
from index.ingest.headline import same_words
from index.ingest.names import is_outlet
from index.types import PublishedDate, Sourced

_META = {
    "date": """article:published_time article:published og:published_time published_time date
        pubdate publishdate publish-date publish_date publication_date published dc.date
        dc.date.issued dcterms.date dcterms.issued dcterms.created sailthru.date parsely-pub-date
        citation_publication_date citation_date datepublished article.published bt:pubdate
        originalpublicationdate cxenseparse:recs:publishtime""".split(),
    "author": """author article:author dc.creator dcterms.creator parsely-author sailthru.author
        byl citation_author""".split(),
    "site": "og:site_name dc.publisher dcterms.publisher application-name".split(),
    "title": "og:title dc.title citation_title twitter:title".split(),
    "url": "og:url".split(),
}
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?:/|-|$)")
_SUFFIX = re.compile(r"(?P<title>.{8,}?)\s+[|·•–—:-]\s+(?P<site>[^|·•–—]{2,50})")
_NO_TITLE = re.compile(r"(?:untitled|document|index|home|page|article|news)\W*\d*", re.IGNORECASE)
_LINKS = 40  # from the page's top, among which one leads to the outlet's front page
_TIMES = 3  # <time> elements after the headline that may say when it was published
_UPDATED = re.compile(r"updat|modif", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page's markup says."""

    metadata: Metadata
    headline: str | None


def page_metadata(page: lxml_html.HtmlElement) -> PageMetadata:
    """What the head, JSON-LD and the elements around the headline say of the article."""
    head = _linked_data(page) | _meta(page)
    headline, site = _headline(page, head)
    if head.source is None:
        head = replace(head, source=Sourced(site, "html title") if site else _masthead(page))
    known = head | Metadata(published=_time(page)) | _from_url(head.url)
    if headline is not None:
        known = replace(known, title=Sourced(headline, "html"))
    return PageMetadata(known, headline)


def _linked_data(page: lxml_html.HtmlElement) -> Metadata:
    for script in page.xpath("//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text_content())
        except (ValueError, RecursionError):
            continue
        for record in _records(data):
            return _of_record(record)
    return Metadata()


def _records(data: object, depth: int = 0) -> Iterator[Mapping[str, object]]:
    """The records in JSON-LD that are articles."""
    if isinstance(data, list) and depth < 5:
        for item in data:
            yield from _records(item, depth + 1)
    if not isinstance(data, dict):
        return
    if re.search(r"Article|BlogPosting|Report\b", str(data.get("@type"))):
        yield data
    elif depth < 5:
        yield from _records(data.get("@graph"), depth + 1)


def _of_record(record: Mapping[str, object]) -> Metadata:
    origin = "html json-ld"
    publisher, url = list(_named(record.get("publisher"))), record.get("url")
    known = Metadata(
        title=next((Sourced(name, origin) for name in _named(record.get("headline"))), None),
        source=Sourced(publisher[0], origin) if publisher else None,
        url=Sourced(url, origin) if isinstance(url, str) and url.startswith("http") else None,
        published=_date(str(record.get("datePublished") or ""), origin),
    )
    return known.with_authors(list(_named(record.get("author"))), origin)


def _named(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _named(item) if not isinstance(item, list) else ()
    elif isinstance(value, dict):
        yield from _named(value.get("name"))
    elif isinstance(value, str) and value.strip() and not value.startswith("http"):
        yield " ".join(value.split())


def _meta(page: lxml_html.HtmlElement) -> Metadata:
    origin = "html meta"
    said: dict[str, list[str]] = {kind: [] for kind in _META}
    for element in page.xpath("//meta[@content]"):
        name = str(element.get("name") or element.get("property") or element.get("itemprop"))
        value = " ".join(element.get("content").split())
        for kind, names in _META.items():
            if name.lower() in names and value:
                said[kind].append(value)
    links = page.xpath("//link[@rel='canonical']/@href") + said["url"]
    urls = [str(link) for link in links if str(link).startswith("http")]
    known = Metadata(
        title=Sourced(said["title"][0], origin) if said["title"] else None,
        source=Sourced(said["site"][0], origin) if said["site"] else None,
        url=Sourced(urls[0], origin) if urls else None,
        published=next(filter(None, (_date(value, origin) for value in said["date"])), None),
    )
    authors = [value for value in said["author"] if not re.match(r"https?:|@", value)]
    return known.with_authors([name for value in authors for name in split_names(value)], origin)


def _headline(page: lxml_html.HtmlElement, head: Metadata) -> tuple[str | None, str | None]:
    """The headline, and the outlet where the page's title ends with it."""
    title = next((" ".join(one.text_content().split()) for one in page.xpath("//title")), "")
    site = head.source.value if head.source else None
    split = _SUFFIX.fullmatch(title)
    if split and (is_outlet(split["site"]) or same_words(split["site"], site or "\0")):
        title, site = split["title"], site or split["site"]
    said = head.title.value if head.title else title
    shown = [text for text in map(_line, page.xpath("//h1")) if text]
    shown = [text for text in shown if not same_words(text, site or "\0")]
    for text in shown:
        if len(shown) == 1 or same_words(text, said) or same_words(text, title):
            return text, site
    said = said or (shown[0] if shown else "")
    return (said if said and not _NO_TITLE.fullmatch(said) else None), site


def _masthead(page: lxml_html.HtmlElement) -> Sourced | None:
    """The outlet's name where it links to the front page."""
    for link in page.xpath("//a[@href]")[:_LINKS]:
        front = re.fullmatch(r"(?:https?://[^/]+)?/?(?:index\.\w+)?", link.get("href").strip())
        if front and is_outlet(_line(link)):
            return Sourced(_line(link), "html masthead")
    return None


def _line(element: lxml_html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _time(page: lxml_html.HtmlElement) -> PublishedDate | None:
    """The first <time> after the headline, unless it says when the page was updated."""
    for element in page.xpath("//h1/following::time[@datetime]")[:_TIMES]:
        around = element.getparent()
        marks = f"{element.get('class')} {element.get('itemprop')} {_line(element)}"
        said = _line(around) if around is not None else ""
        if not _UPDATED.search(marks + (said if len(said) < 120 else "")):
            return _date(element.get("datetime"), "html time")
    return None


def _from_url(url: Sourced | None) -> Metadata:
    found = _IN_URL.search(url.value) if url else None
    return Metadata(published=_date("-".join(found.groups()), "url") if found else None)


def _date(value: str, origin: str) -> PublishedDate | None:
    read = read_date(value)
    return PublishedDate(read.value, origin, "high") if read else None
