"""Labelled metadata: "Author: Jane Doe" lines, e-mail heads, front matter."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from index.ingest.dates import ReadDate, is_ambiguous, read_date
from index.ingest.draft import Metadata
from index.ingest.names import is_agency, is_outlet, is_outlet_shaped, is_person, is_role
from index.types import PublishedDate, Sourced

Key = Literal["title", "author", "date", "updated", "source", "url", "original", "sender", "unused"]

_NAMES: dict[Key, str] = {
    "title": "title,headline,hed,head line,article title,subject",
    "author": "author,authors,by,byline,writer,reporter,reporters,written by,creator,journalist",
    "date": "date,published,published at,published on,publish date,publication date,pubdate"
    ",pub date,date published,published date,posted,posted on,posted at,datepublished"
    ",publishdate,publicationdate,sent,release date,issued,published_at,publish_date"
    ",published_date,publication_date,date_published,published time,published_time,filed",
    "updated": "updated,last updated,modified,last modified,lastmod,updated at,updated on",
    "source": "source,outlet,publication,publisher,newspaper,site,website,site name,sitename"
    ",site_name,journal,magazine,source name,source_name,published by,published in,media",
    "url": "url,link,permalink,canonical,canonical url,source url,original url,article url"
    ",web address,source_url,original_url,canonical_url,uri,weblink",
    "original": "original,original article,original source,read the original,via",
    "sender": "from",
    "unused": "to,cc,bcc,reply-to,section,category,categories,tags,keywords,language,lang,length"
    ",word count,words,load-date,edition,retrieved,accessed,saved,clipped,slug",
}
_KEYS = {name: key for key, names in _NAMES.items() for name in names.split(",")}
_LINE = re.compile(
    r"(?:[-*+>]\s+)?[*_]{0,3}(?P<key>[A-Za-z][A-Za-z _-]{0,24}?)[*_]{0,3}\s*:[*_]{0,3}\s*"
    r"[*_]{0,3}(?P<value>[^\s*].*?)[*_]{0,3}"
)
_LINK = re.compile(r"!?\[(?P<text>[^\]]*)\]\(<?(?P<url>\S+?)>?(?:\s+\"[^\"]*\")?\)")
_URL = re.compile(r"<?(?P<url>https?://[^\s<>]+)>?")
_FORWARDED = re.compile(r"^(?:(?:fwd?|re|wg|aw)\s*:\s*)+", re.IGNORECASE)
_NEXT_NAME = re.compile(r"\s*,?\s+(?:and|&)\s+|\s*,\s+(?!(?:Jr|Sr|MD|PhD)\b)")
_ADDRESS = re.compile(r"\s*[<(]?[\w.+-]+@[\w.-]+[>)]?\s*")


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value, its markup taken off."""

    key: Key
    value: str
    url: str | None = None  # where the value was a link


def read_field(line: str) -> Field | None:
    """The field that a line is, or None: the label must be known and the value fit it.

    A line that is nothing but an address needs no label.
    """
    line = line.strip()
    address = _URL.fullmatch(line)
    if address:
        return Field("url", "", address["url"])
    found = _LINE.fullmatch(line) if len(line) <= 500 else None
    key = _KEYS.get(found["key"].lower()) if found else None
    if found is None or key is None:
        return None
    field = field_of(key, found["value"])
    return field if _fits(field) else None


def field_of(key: Key, value: str) -> Field:
    """A field from its value as written: links are taken apart, wiki brackets off."""
    value = re.sub(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]", r"\1", value).strip().strip("\"'").strip()
    link = _LINK.fullmatch(value)
    if link:
        return Field(key, link["text"].strip(), link["url"])
    address = _URL.fullmatch(value)
    return Field(key, "" if address else value, address["url"] if address else None)


def fields_of(pairs: Mapping[str, object]) -> Iterator[Field]:
    """The known fields among named values; a list gives one field for each item."""
    for name, value in pairs.items():
        key = _KEYS.get(str(name).strip().lower())
        if key is not None:
            for item in _flat(value):
                yield field_of(key, item)


def _flat(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, list):
        for item in value:
            yield from _flat(item) if not isinstance(item, list) else ()
    elif isinstance(value, str) and value.strip():
        yield value


def metadata_of(fields: Iterable[Field], *, origin: str) -> Metadata:
    """What the fields say; an update's date, of low trust, only where no other is given."""
    known = Metadata()
    for field in fields:
        known = (
            known | _one(field, origin)
            if field.key != "author"
            else known.with_authors(split_names(field.value), origin)
        )
    return known


def warnings_of(fields: Iterable[Field]) -> tuple[str, ...]:
    """A line for each date that could not be read."""
    return tuple(
        bad_date(field.value)
        for field in fields
        if field.key == "date" and field.value and read_date(field.value) is None
    )


def bad_date(value: str) -> str:
    """The warning about a date that could not be read."""
    why = "day and month could change places" if is_ambiguous(value) else "not understood"
    return f"the date {value[:40]!r} is left out: {why}; write it as 2024-12-31"


def split_names(value: str) -> tuple[str, ...]:
    """The names in an author field: "A, B and C", "A; B", "By A", "A <a@b.example>"."""
    value = re.sub(r"^\s*[Bb][Yy]\s+", "", _ADDRESS.sub("", value) or value)
    parts = re.split(r"\s*;\s*|\s*\|\s*", value.strip())
    if len(parts) == 1 and not is_outlet(value):
        parts = _NEXT_NAME.split(value.strip())
    if len(parts) == 2 and all(" " not in part for part in parts) and " and " not in value:
        parts = [value.strip()]  # "Doe, Jane"
    return tuple(part.strip(" ,") for part in parts if part.strip(" ,"))


def _one(field: Field, origin: str) -> Metadata:
    value = Sourced(field.value, origin) if field.value else None
    url = Sourced(field.url, origin) if field.url else None
    if field.key == "title":
        return Metadata(title=Sourced(_FORWARDED.sub("", field.value), origin) if value else None)
    if field.key in ("date", "updated"):
        return Metadata(published=_published(read_date(field.value), field.key, origin))
    if field.key == "original":
        return Metadata(source=value if is_outlet_shaped(field.value) else None, url=url)
    if field.key == "source":
        return Metadata(source=value, url=url)
    if field.key == "url":
        return Metadata(url=url)
    if field.key == "sender":
        return _sender(field.value, origin)
    return Metadata()


def _published(date: ReadDate | None, key: Key, origin: str) -> PublishedDate | None:
    if date is None:
        return None
    if key == "updated" or date.updated:
        return PublishedDate(date.value, f"{origin}, updated", "low")
    return PublishedDate(date.value, origin, "low" if date.weekday_wrong else "high")


def _sender(value: str, origin: str) -> Metadata:
    name = _ADDRESS.sub("", value).strip(" \"'")
    if is_outlet(name):
        return Metadata(source=Sourced(name, origin))
    return Metadata().with_authors([name] if name else [], origin)


def _fits(field: Field) -> bool:
    """Whether a line's value is such as its label promises, so that it is no prose."""
    if field.key in ("date", "updated"):
        return read_date(field.value) is not None or is_ambiguous(field.value)
    if field.key == "url":
        return field.url is not None
    if field.key == "original":
        return field.url is not None or is_outlet(field.value)
    if field.key == "author":
        return all(_is_author(name) for name in split_names(field.value))
    if field.key == "source":
        return bool(field.url) or _is_name(field.value)
    return True


def _is_author(name: str) -> bool:
    """Whether this can be an author: a person, an office, or a few capitalised words."""
    if is_person(name) or is_agency(name) or is_outlet(name) or is_role(name):
        return True
    words = name.split()
    return len(words) <= 4 and all(word[0].isupper() or "@" in word for word in words)


def _is_name(value: str) -> bool:
    short = len(value) <= 90 and not value.endswith((".", "?", "!"))
    return is_agency(value) or (short and (value[:1].isupper() or "." in value))
