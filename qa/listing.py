"""What the reference styles share: entries in their order, told apart, and parts of them.

Knows no style.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from qa.rich_text import RichText, Run, plain
from qa.sources import DATE_AS_SHOWN, UNTITLED, Day, Source, letters


@dataclass(frozen=True, slots=True)
class Entry:
    """A source in a reference list."""

    source: Source
    number: int  # in the order cited, from 1
    year_letter: str = ""  # tells it from others of its authors and year
    namesake: bool = False  # others with its first author's family name are cited
    others: bool = False  # that are cited by the same names


class Style(Protocol):
    """How one style prints an entry, and what refers to it."""

    def order(self, source: Source) -> tuple[object, ...]:
        """What the list is sorted by; those that are equal stay in the order cited."""

    def label(self, source: Source) -> str:
        """Who or what the source is cited by, the year left out."""

    def entry(self, entry: Entry, *, after: Entry | None = None) -> RichText:
        """The entry in the list. after: the one before it there."""

    def note(self, entry: Entry, page: int | None, *, first: bool) -> RichText:
        """What stands in the text or in the note. first: it was not cited before."""

    def full_note(self, entry: Entry, page: int | None) -> RichText:
        """All that is to be said of the source, for a note that stands alone."""


def in_order(sources: Sequence[Source], style: Style) -> list[Entry]:
    """The entries of the list in the style's order, those told apart that it prints alike."""
    numbered = [Entry(source, number) for number, source in enumerate(sources, start=1)]
    ordered = sorted(numbered, key=lambda entry: style.order(entry.source))
    labels = [style.label(entry.source) for entry in ordered]
    years = [(label, year_of(e.source)) for label, e in zip(labels, ordered, strict=True)]
    of_label, of_year, before = Counter(labels), Counter(years), Counter[object]()
    namesakes = _namesakes(sources)
    told_apart = []
    for entry, label, year in zip(ordered, labels, years, strict=True):
        first = entry.source.authors[:1]
        told_apart.append(
            replace(
                entry,
                year_letter=letters(before[year]) if of_year[year] > 1 else "",
                namesake=bool(first) and first[0].surname in namesakes,
                others=of_label[label] > 1,
            )
        )
        before[year] += 1
    return told_apart


def _namesakes(sources: Sequence[Source]) -> set[str]:
    """The family names that first authors of several given names have."""
    firsts = {(s.authors[0].surname, s.authors[0].given) for s in sources if s.authors}
    return {name for name, count in Counter(name for name, _ in firsts).items() if count > 1}


def year_of(source: Source) -> int | None:
    """The year it was published in."""
    return source.published.year if source.published else None


def alphabetical(text: str) -> str:
    """The text as lists are sorted: without capitals, accents, marks, and a leading article."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    words = "".join(c for c in apart if c.isalnum() or c == " ").split()
    leads = words and words[0] in ("a", "an", "the") and len(words) > 1
    return " ".join(words[1:] if leads else words)


def by_date(source: Source) -> tuple[int, ...]:
    """Undated ones first, then a year before its months and a month before its days."""
    return tuple(part or 0 for part in source.published or (-1,))


def signed_by_outlet(source: Source) -> bool:
    """Whether its outlet is its author."""
    outlet = (source.outlet or "").casefold()
    return len(source.authors) == 1 and source.authors[0].literal.casefold() == outlet != ""


Part = str | Run | RichText


def runs(*parts: Part) -> RichText:
    """The parts one after another."""
    return joined(parts, "")


def spaced(*parts: Part) -> RichText:
    """The parts with a blank between each two, empty ones left out."""
    return joined(parts, " ")


def commas(*parts: Part) -> RichText:
    """The parts with a comma between each two, empty ones left out."""
    return joined(parts, ", ")


def joined(parts: Sequence[Part], between: str) -> RichText:
    """The parts with this between each two, empty ones left out."""
    found: list[Run] = []
    for part in parts:
        flat = (Run(part),) if isinstance(part, str) else (part,) if isinstance(part, Run) else part
        kept = [run for run in flat if run.text]
        if found and kept and between:
            found.append(Run(between))
        found += kept
    return tuple(found)


def italic(text: str) -> Run:
    """The text in italics."""
    return Run(text, italic=True)


_ENDS = (".", "!", "?")


def ended(part: Part) -> RichText:
    """With a full stop at its end, unless it ends in one or in a mark like it."""
    rich = runs(part)
    said = plain(rich).rstrip("”’\"'")
    return rich if not rich or said.endswith(_ENDS) else runs(rich, ".")


def quoted(title: str, mark: str) -> str:
    """The title between double quotation marks, the mark inside, as Americans have it."""
    if mark == "." and title.rstrip("”’\"'").endswith(_ENDS):
        mark = ""
    if mark and title.endswith(".") and not title.endswith(".."):
        title = title[:-1]
    return f"“{title}{mark}”"


def linked(source: Source) -> RichText:
    """Its address, which leads there if browsers open it."""
    return (Run(source.url, url=source.web_address),) if source.url else ()


def shown_title(source: Source, change: Callable[[str], str]) -> str:
    """Its title as a style prints it; the stand-in for a missing one stays."""
    return UNTITLED if source.title == UNTITLED else change(source.title)


def doubt(source: Source) -> str:
    """What is to be said right behind a date that only the page shows."""
    return f" [{DATE_AS_SHOWN}]" if source.doubtful else ""


def listed(names: Sequence[str], last: str, *, two: str | None = None) -> str:
    """As "A", "A and B", "A, B, and C". last: before the last; two: where there are two."""
    if len(names) < 2:
        return "".join(names)
    if len(names) == 2:
        return (two or last).join(names)
    return ", ".join(names[:-1]) + last + names[-1]


def short_names(entry: Entry) -> list[str]:
    """The family names, the first with initials where another of that name is cited."""
    names = [name.surname for name in entry.source.authors]
    first = entry.source.authors[:1]
    if entry.namesake and first and first[0].initials:
        names[0] = f"{first[0].initials} {names[0]}"
    return names


def first_whole(source: Source, names: Sequence[str]) -> str:
    """These names with the first one's initials: what tells namesakes apart."""
    given = source.authors[0].initials if source.authors else ""
    return "|".join([given, *names])


FULL_MONTHS = """January February March April May June July August September October November
December""".split()


def month_first(day: Day, months: Sequence[str] = FULL_MONTHS) -> str:
    """As "November 6, 2019", "November 2019" or "2019"."""
    if day.month is None:
        return str(day.year)
    month = months[day.month - 1]
    return f"{month} {day.day}, {day.year}" if day.day else f"{month} {day.year}"


def day_first(day: Day, months: Sequence[str] = FULL_MONTHS) -> str:
    """As "6 November 2019", "November 2019" or "2019"."""
    return " ".join(
        str(part) for part in (day.day, day.month and months[day.month - 1], day.year) if part
    )
