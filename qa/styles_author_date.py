"""APA (7th edition) and Harvard (Cite Them Right): author and year in the text."""

from dataclasses import dataclass

from qa.headline import curly, headline, within_double, within_single
from qa.listing import (
    FULL_MONTHS,
    Entry,
    Part,
    alphabetical,
    by_date,
    commas,
    day_first,
    doubt,
    ended,
    first_whole,
    italic,
    linked,
    listed,
    month_first,
    quoted,
    runs,
    short_names,
    shown_title,
    signed_by_outlet,
    spaced,
)
from qa.rich_text import RichText
from qa.sources import Day, Source


def _year(entry: Entry, undated: str) -> str:
    published, letter = entry.source.published, entry.year_letter
    if published:
        return f"{published.year}{letter}"
    return f"{undated}-{letter}" if letter else undated


def _on_page(page: int | None) -> str:
    return f"p. {page}" if page is not None else ""


def _order(names: str, source: Source) -> tuple[object, ...]:
    return alphabetical(names), by_date(source), alphabetical(source.title)


@dataclass(frozen=True, slots=True)
class Apa:
    """Publication Manual of the American Psychological Association, 7th edition."""

    def order(self, source: Source) -> tuple[object, ...]:
        """By authors, or by the title where there is none, then by date."""
        names = " ".join(name.inverted_initials for name in source.authors)
        return _order(names or source.title, source)

    def label(self, source: Source) -> str:
        """The authors in the text, or the title."""
        names = [name.surname for name in source.authors]
        shown = names if len(names) < 3 else [names[0], "et al."]
        return first_whole(source, shown) if names else source.title

    def entry(self, entry: Entry, *, after: Entry | None = None) -> RichText:
        """Author. (Date). Title. Outlet. Address."""
        source = entry.source
        date, title = ended(self._date(entry)), ended(self._title(source))
        authors = ended(self._authors(source))
        head = spaced(authors, date, title) if authors else spaced(title, date)
        news = source.kind == "article-newspaper"
        outlet = "" if signed_by_outlet(source) else source.outlet or ""
        return spaced(head, ended(italic(outlet) if news else outlet), self._address(source))

    def note(self, entry: Entry, page: int | None, *, first: bool) -> RichText:
        """(Author, year, p. 3)."""
        names = short_names(entry)
        shown: Part = listed(names, " & ") if len(names) < 3 else f"{names[0]} et al."
        year = runs(_year(entry, "n.d."))
        rest = commas(year, _on_page(page))
        if names:
            return runs("(", commas(shown, rest), ")")
        title = shown_title(entry.source, headline)
        if self._in_italics(entry.source):
            return runs("(", commas(italic(curly(title)), rest), ")")
        return runs("(", spaced(quoted(within_double(title), ","), rest), ")")

    def full_note(self, entry: Entry, page: int | None) -> RichText:
        """The entry, and the page."""
        return spaced(self.entry(entry), ended(_on_page(page)))

    def _authors(self, source: Source) -> str:
        names = [name.inverted_initials for name in source.authors]
        if len(names) > 20:  # the first nineteen and the last
            return f"{', '.join(names[:19])}, . . . {names[-1]}"
        parted = "," in "".join(names[:1])
        return listed(names, ", & ", two=", & " if parted else " & ")

    def _in_italics(self, source: Source) -> bool:
        """Titles of what is no part of something greater."""
        return source.kind != "article-newspaper" or signed_by_outlet(source)

    def _title(self, source: Source) -> Part:
        title = shown_title(source, curly)
        return italic(title) if self._in_italics(source) else title

    def _date(self, entry: Entry) -> str:
        published = entry.source.published
        exact = ""
        if published and published.month:
            month = FULL_MONTHS[published.month - 1]
            exact = f", {month} {published.day}" if published.day else f", {month}"
        return f"({_year(entry, 'n.d.')}{exact}{doubt(entry.source)})"

    def _address(self, source: Source) -> RichText:
        """With the day only where nothing else says which state of the page was read."""
        dated = source.published or not source.accessed or not source.url
        day = source.accessed or Day(0)
        return spaced("" if dated else f"Retrieved {month_first(day)}, from", linked(source))


@dataclass(frozen=True, slots=True)
class Harvard:
    """Cite Them Right, in its Harvard form."""

    def order(self, source: Source) -> tuple[object, ...]:
        """By authors, or by what stands in their place, then by date."""
        names = " ".join(name.inverted_closed for name in source.authors)
        return _order(names or self._in_place(source), source)

    def label(self, source: Source) -> str:
        """The authors in the text, or what stands in their place."""
        names = [name.surname for name in source.authors]
        shown = names if len(names) < 4 else [names[0], "et al."]
        return first_whole(source, shown) if names else self._in_place(source)

    def entry(self, entry: Entry, *, after: Entry | None = None) -> RichText:
        """Author (Year) ‘Title’, Outlet, day and month. Available at: address (Accessed: day)."""
        source = entry.source
        year = f"({_year(entry, 'no date')}{'' if self._day(source) else doubt(source)})"
        lead = runs(self._authors(source) or italic(self._in_place(source)))
        part = source.kind == "article-newspaper"
        own = part and (not source.authors or signed_by_outlet(source))  # outlet leads already
        title: Part = italic(shown_title(source, curly))
        if part:
            title = f"‘{shown_title(source, within_single)}’"
        elif not source.authors:
            title = ""  # it leads
        outlet: Part = italic(source.outlet or "") if part and not own else ""
        day = self._day(source)
        head = spaced(lead, year, commas(title, outlet, day + (doubt(source) if day else "")))
        return spaced(ended(head), self._address(source))

    def note(self, entry: Entry, page: int | None, *, first: bool) -> RichText:
        """(Author, year, p. 3)."""
        names = short_names(entry)
        shown: Part = listed(names, " and ")
        if len(names) > 3:
            shown = runs(f"{names[0]} ", italic("et al."))
        elif not names:
            shown = italic(self._in_place(entry.source))
        return runs("(", commas(shown, _year(entry, "no date"), _on_page(page)), ")")

    def full_note(self, entry: Entry, page: int | None) -> RichText:
        """The entry, and the page."""
        return spaced(self.entry(entry), ended(_on_page(page)))

    def _in_place(self, source: Source) -> str:
        """What leads where no author is known: the newspaper, else the title."""
        news = source.kind == "article-newspaper" and source.outlet
        return news or shown_title(source, curly)

    def _authors(self, source: Source) -> RichText:
        names = [name.inverted_closed for name in source.authors]
        if len(names) > 3:
            return runs(f"{names[0]} ", italic("et al."))
        return runs(listed(names, " and "))

    def _day(self, source: Source) -> str:
        published = source.published
        if published is None or published.month is None:
            return ""
        month = FULL_MONTHS[published.month - 1]
        return f"{published.day} {month}" if published.day else month

    def _address(self, source: Source) -> RichText:
        if not source.url:
            return ()
        day = source.accessed
        end = f"(Accessed: {day_first(day)})." if day else ""
        return spaced("Available at:", linked(source), end)
