"""IEEE: numbers in the text, in the order cited."""

from dataclasses import dataclass

from qa.headline import within_double
from qa.listing import (
    Entry,
    Part,
    commas,
    doubt,
    ended,
    italic,
    linked,
    listed,
    month_first,
    quoted,
    runs,
    shown_title,
    signed_by_outlet,
    spaced,
)
from qa.names import Name
from qa.rich_text import RichText
from qa.sources import Source

IEEE_MONTHS = "Jan. Feb. Mar. Apr. May Jun. Jul. Aug. Sep. Oct. Nov. Dec.".split()


@dataclass(frozen=True, slots=True)
class Ieee:
    """IEEE Reference Guide."""

    def order(self, source: Source) -> tuple[object, ...]:
        """As cited."""
        return ()

    def label(self, source: Source) -> str:
        """Nothing: its number tells it from all others."""
        return source.article_id

    def entry(self, entry: Entry, *, after: Entry | None = None) -> RichText:
        """[1] Author, “Title,” Outlet, day. Accessed: day. [Online]. Available: address."""
        return spaced(f"[{entry.number}]", self._reference(entry.source))

    def note(self, entry: Entry, page: int | None, *, first: bool) -> RichText:
        """[1] or [1, p. 3]."""
        return runs(f"[{entry.number}]" if page is None else f"[{entry.number}, p. {page}]")

    def full_note(self, entry: Entry, page: int | None) -> RichText:
        """The entry without its number, and the page."""
        where = f"P. {page}." if page is not None else ""
        return spaced(self._reference(entry.source), where)

    def _reference(self, source: Source) -> RichText:
        title = shown_title(source, within_double)
        outlet = "" if signed_by_outlet(source) else source.outlet or ""
        date = month_first(source.published, IEEE_MONTHS) if source.published else ""
        date += doubt(source)
        address = self._address(source)
        authors = self._authors(source)
        if source.kind == "webpage":  # its parts are sentences
            where = ended(commas(outlet, date))
            return spaced(ended(authors), quoted(title, "."), where, address)
        where = ended(commas(italic(outlet), date or ("" if source.url else "n.d.")))
        cited = quoted(title, "," if where else ".")
        return spaced(commas(authors, spaced(cited, where)), address)

    def _authors(self, source: Source) -> RichText:
        names = [_initials_first(name) for name in source.authors]
        if len(names) > 6:
            return runs(f"{names[0]} ", italic("et al."))
        return runs(listed(names, ", and ", two=" and "))

    def _address(self, source: Source) -> RichText:
        if not source.url:
            return ()
        read = f"Accessed: {month_first(source.accessed, IEEE_MONTHS)}." if source.accessed else ""
        available: Part = "[Online]. Available:"
        return spaced(read, available, linked(source))


def _initials_first(name: Name) -> str:
    if name.literal or name.family_first:
        return name.whole
    parts = (name.initials, name.dropping, name.surname, name.suffix)
    return " ".join(part for part in parts if part)
