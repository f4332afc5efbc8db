"""What the library view shows: articles, outlets and counts in words, not yet markup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from index.catalogue import Catalogue, Entry, Found, Group, Look
from index.ingest.read import READABLE
from index.types import PublishedDate
from ui.dates import SHORT_MONTHS, day_words
from ui.language import _, counted
from ui.phrases import carried_by, file_name, found_in, label

PAGE = 50  # groups shown at once
NO_OUTLET = "No outlet named"


@dataclass(frozen=True, slots=True)
class Row:
    """One article of the list."""

    id: str
    title: str
    outlet: str
    authors: str
    published: str
    day: str  # ISO 8601, for the browser
    known: str  # how the date is known
    added: str
    added_at: str
    file: str
    address: str
    copies: tuple["Row", ...] = ()
    carried_by: str = ""  # who has the copies, in words

    @classmethod
    def of(cls, entry: Entry, copies: Sequence[Entry] = ()) -> "Row":
        """The article, with those that copy it folded in."""
        published = entry.published
        return cls(
            id=entry.id,
            title=label(entry.title) or file_name(entry.path),
            outlet=label(entry.source or ""),
            authors=", ".join(label(author) for author in entry.authors),
            published=day_words(label(published.day), months=SHORT_MONTHS) if published else "",
            day=published.day if published else "",
            known=known_words(published),
            added=_local_day(entry.added_at),
            added_at=entry.added_at,
            file=file_name(entry.path),
            address=f"/article/{entry.id}",
            copies=tuple(map(cls.of, copies)),
            carried_by=carriers(copies),
        )


@dataclass(frozen=True, slots=True)
class List:
    """A stretch of what was found."""

    rows: tuple[Row, ...]
    total: int  # articles in the library
    found: int  # articles looked for, copies too
    ids: str  # theirs, with spaces between; empty where it is all of them
    state: str  # of the library: another text after every change
    more: int  # the offset at which to go on; 0 at the end
    left: int  # how many rows are still to come

    @classmethod
    def of(cls, catalogue: Catalogue, found: Found, *, offset: int = 0) -> "List":
        """The rows from this one on."""
        groups = found.groups[offset : offset + PAGE]
        end = offset + len(groups)
        left = len(found.groups) - end
        total = len(catalogue.entries)
        return cls(
            rows=tuple(_row(group) for group in groups),
            total=total,
            found=len(found.ids),
            ids="" if len(found.ids) == total else " ".join(found.ids),
            state=catalogue.state,
            more=end if left else 0,
            left=left,
        )

    @property
    def summary(self) -> str:
        """How much was found."""
        if self.found == self.total:
            return counted_articles(self.total)
        return counted(
            self.total, "{found} of 1 article", "{found} of {n} articles", found=f"{self.found:,}"
        )


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet to look at, or to take in or leave out as a whole."""

    name: str  # as stored; empty for articles that name none
    label: str
    articles: int


def outlets(catalogue: Catalogue) -> tuple[Outlet, ...]:
    """All outlets by name, last what names none."""
    found = [
        Outlet(name, label(name) or _(NO_OUTLET), len(entries))
        for name, entries in catalogue.by_source().items()
    ]
    return tuple(sorted(found, key=lambda outlet: (not outlet.name, outlet.label.casefold())))


def kinds() -> str:
    """The endings of the files that can be read, as a browser's file chooser wants them."""
    return ",".join(sorted(READABLE))


def counted_articles(count: int) -> str:
    """1 article, 2 articles."""
    return counted(count, "1 article", "{n} articles")


def known_words(published: PublishedDate | None) -> str:
    """How a date is known, in a few words."""
    if not published:
        return ""
    if published.trust == "low":
        return _("as shown on page")
    return found_in(published.origin)


def carriers(copies: Sequence[Entry]) -> str:
    """Who else carries an article, or how many do where none is named; empty without copies."""
    named = dict.fromkeys(copy.source for copy in copies if copy.source)
    return carried_by(list(named), len(copies))


def _row(group: Group) -> Row:
    return Row.of(group.entry, group.copies)


def _local_day(moment: str) -> str:
    try:
        day = datetime.fromisoformat(moment).astimezone().date().isoformat()
        return day_words(day, months=SHORT_MONTHS)
    except ValueError:
        return moment


__all__ = ["PAGE", "List", "Look", "Outlet", "Row", "counted_articles", "kinds", "outlets"]
