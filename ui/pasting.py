"""Text that was pasted -> an article: what was typed beside it comes before what stands in it."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from index.errors import FilterError, FootnoteError
from index.types import Article, PublishedDate, Sourced
from ui.desk import sendable
from ui.phrases import web_url
from ui.shelf import Change

TYPED = "typed"  # where such values are said to come from

Line = Annotated[str, Field(max_length=1_000)]


class Paste(BaseModel):
    """An article as text, and what is known of it."""

    text: str
    title: Line = ""
    outlet: Line = ""
    author: Line = ""  # several with commas or "and" between
    date: Line = ""  # YYYY-MM-DD
    url: Line = ""

    def record(self) -> str:
        """The text with its title as one line of JSON, which no text can break out of."""
        values = {"text": sendable(self.text), "title": _one_line(self.title)}
        return json.dumps({name: value for name, value in values.items() if value})

    def name(self) -> str:
        """The same for the same words, so that better metadata replaces what was pasted before."""
        digest = hashlib.sha256(sendable(self.text).strip().encode()).hexdigest()
        return f"{digest[:12]}.txt"

    def change(self) -> Change:
        """Gives an article what was typed beside its text. Raises FootnoteError for nonsense."""
        outlet, title = _one_line(self.outlet), _one_line(self.title)
        day, url = as_day("date", self.date), _address(self.url)
        names = _one_line(self.author).replace(" and ", ",").split(",")
        authors = tuple(Sourced(name.strip(), TYPED) for name in names if name.strip())

        def changed(article: Article) -> Article:
            if title or article.title.origin == "file name":
                article = replace(article, title=Sourced(title or _beginning(article.text), TYPED))
            return replace(
                article,
                source=Sourced(outlet, TYPED) if outlet else article.source,
                authors=authors or article.authors,
                url=Sourced(url, TYPED) if url else article.url,
                published=PublishedDate(day, TYPED, "high") if day else article.published,
            )

        return changed


def as_day(name: str, written: str) -> str:
    """The day as YYYY-MM-DD, empty for nothing. Raises FilterError, with the name, for no day."""
    try:
        return date.fromisoformat(written.strip()).isoformat() if written.strip() else ""
    except ValueError:
        shown = sendable(written)[:40]
        raise FilterError(f"{name}: '{shown}' is not a day: write it as YYYY-MM-DD") from None


def _one_line(text: str) -> str:
    return " ".join(sendable(text).replace("\0", "").split())


def _beginning(text: str) -> str:
    words = text.split()
    return " ".join(words[:8])[:80] + (" …" if len(words) > 8 else "")


def _address(written: str) -> str:
    url = _one_line(written)
    if url and not web_url(url):
        raise FootnoteError(f"address: '{url[:60]}' is not one: it begins with https:// or http://")
    return url
