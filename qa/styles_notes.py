"""Chicago (notes and bibliography, 18th edition) and MLA (9th edition)."""

from dataclasses import dataclass

from qa.headline import curly, headline, short_title, within_double
from qa.listing import (
    Entry,
    Part,
    alphabetical,
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
from qa.sources import Source


def _headline(title: str) -> str:
    return within_double(headline(title))


def _order(lead: str, source: Source) -> tuple[object, ...]:
    return alphabetical(lead), alphabetical(source.title)


def _inverted(source: Source, *, most: int, kept: int) -> str:
    """Authors as lists have them, the first inverted; beyond `most` only the first `kept`."""
    names = [name.whole for name in source.authors]
    if names:
        names[0] = source.authors[0].inverted
    if len(names) > most:
        return f"{', '.join(names[:kept])}, et al."
    parted = "," in "".join(names[:1])
    return listed(names, ", and ", two=", and " if parted else " and ")


@dataclass(frozen=True, slots=True)
class Chicago:
    """The Chicago Manual of Style, 18th edition, notes and bibliography."""

    def order(self, source: Source) -> tuple[object, ...]:
        """By authors, or by what stands in their place, then by title."""
        names = " ".join(name.inverted for name in source.authors)
        return _order(names or source.outlet or source.title, source)

    def label(self, source: Source) -> str:
        """The authors in a short note, or the title."""
        names = [name.surname for name in source.authors]
        shown = names if len(names) < 3 else [names[0], "et al."]
        return first_whole(source, shown) if names else source.title

    def entry(self, entry: Entry, *, after: Entry | None = None) -> RichText:
        """Author. “Title.” Outlet, day. Address."""
        source = entry.source
        news = source.kind == "article-newspaper"
        outlet: Part = italic(source.outlet or "") if news else source.outlet or ""
        lead: Part = _inverted(source, most=6, kept=3)
        if not lead:  # the outlet answers for it
            lead, outlet = outlet, ""
        elif signed_by_outlet(source):
            outlet = ""
        title = quoted(shown_title(source, _headline), ".")
        where = ended(commas(outlet, self._date(source)))
        accessed = ended(_capital(self._accessed(source)))
        return spaced(ended(lead), title, where, accessed, ended(linked(source)))

    def note(self, entry: Entry, page: int | None, *, first: bool) -> RichText:
        """In full at first, then by family names and the title."""
        if first:
            return self.full_note(entry, page)
        names = short_names(entry)
        who = listed(names, " and ") if len(names) < 3 else f"{names[0]} et al."
        title = short_title(shown_title(entry.source, _headline))
        where = "" if page is None else str(page)
        return self._sentence(who, title, commas(where))

    def full_note(self, entry: Entry, page: int | None) -> RichText:
        """Author, “Title,” Outlet, day, page, address."""
        source = entry.source
        names = [name.whole for name in source.authors]
        who = listed(names, " and ") if len(names) < 3 else f"{names[0]} et al."
        outlet = "" if signed_by_outlet(source) else source.outlet or ""
        news = source.kind == "article-newspaper"
        rest = commas(
            italic(outlet) if news else outlet,
            self._date(source),
            "" if page is None else str(page),
            self._accessed(source),
            linked(source),
        )
        return self._sentence(who, shown_title(source, _headline), rest)

    def _sentence(self, who: str, title: str, rest: RichText) -> RichText:
        cited = spaced(quoted(title, ","), ended(rest)) if rest else runs(quoted(title, "."))
        return commas(who, cited)

    def _date(self, source: Source) -> str:
        if source.published:
            return month_first(source.published) + doubt(source)
        return "" if source.kind == "webpage" and self._accessed(source) else "n.d."

    def _accessed(self, source: Source) -> str:
        """The day it was read, where no other is known."""
        if source.published or not source.accessed or not source.url:
            return ""
        return f"accessed {month_first(source.accessed)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


MLA_MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()


@dataclass(frozen=True, slots=True)
class Mla:
    """MLA Handbook, 9th edition."""

    def order(self, source: Source) -> tuple[object, ...]:
        """By authors, or by the title where there is none, then by title."""
        names = " ".join(name.inverted for name in source.authors)
        return _order(names if self._named(source) else source.title, source)

    def label(self, source: Source) -> str:
        """The authors in the text, or the title."""
        names = [name.surname for name in source.authors]
        shown = names if len(names) < 3 else [names[0], "et al."]
        return first_whole(source, shown) if self._named(source) else source.title

    def entry(self, entry: Entry, *, after: Entry | None = None) -> RichText:
        """Author. “Title.” Outlet, day, address. Accessed day."""
        source = entry.source
        authors = _inverted(source, most=2, kept=1) if self._named(source) else ""
        if authors and after and after.source.authors == source.authors:
            authors = "---"
        title = runs(quoted(shown_title(source, _headline), "."))
        if source.kind == "document":
            title = ended(italic(self._own(source)))
        date = day_first(source.published, MLA_MONTHS) if source.published else ""
        where = commas(italic(source.outlet or ""), date + doubt(source), linked(source))
        return spaced(ended(authors), title, ended(where), self._accessed(source))

    def note(self, entry: Entry, page: int | None, *, first: bool) -> RichText:
        """(Author 3), with the title where others of the author are cited."""
        source = entry.source
        names = short_names(entry) if self._named(source) else []
        who = listed(names, " and ") if len(names) < 3 else f"{names[0]} et al."
        title: Part = ""
        if source.kind == "document":
            title = italic(short_title(self._own(source)))
        elif not names or entry.others:
            title = quoted(short_title(shown_title(source, _headline)), "")
        shown = commas(who, title if not names or entry.others else "")
        return runs("(", spaced(shown, "" if page is None else str(page)), ")")

    def full_note(self, entry: Entry, page: int | None) -> RichText:
        """The entry, and the page."""
        return spaced(self.entry(entry), f"P. {page}." if page is not None else "")

    def _own(self, source: Source) -> str:
        """The title of what is no part of something greater."""
        return shown_title(source, lambda title: curly(headline(title)))

    def _named(self, source: Source) -> bool:
        """What its own outlet signed begins with the title."""
        return bool(source.authors) and not signed_by_outlet(source)

    def _accessed(self, source: Source) -> str:
        if source.published or not source.accessed or not source.url:
            return ""
        return f"Accessed {day_first(source.accessed, MLA_MONTHS)}."
