"""Dates in words, for the page and the terminal."""

from collections.abc import Sequence
from datetime import date

from qa.types import SaidDate
from ui.language import _

SHOWN_ON_PAGE = "date as shown on page"
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
SHORT_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def period_words(iso: str) -> str:
    """A day, month or year in words: "6 November 2019", "July 2018", "1990 to 1999".

    What is none of these comes back as it is.
    """
    first, _slash, last = iso.partition("/")
    if not last:
        return day_words(first)
    return _("{first} to {last}", first=day_words(first), last=day_words(last))


def day_words(iso: str, *, months: Sequence[str] = MONTHS) -> str:
    """A day, month or year in words; what is none of these as it is. months: their names."""
    try:
        day = date.fromisoformat(f"{iso}-01-01"[:10])
    except ValueError:
        return iso
    if len(iso) == 4:
        return iso
    month = _(months[day.month - 1])
    if len(iso) == 7:
        return f"{month} {day.year}"
    return _("{day} {month} {year}", day=day.day, month=month, year=day.year)


def origin_words(said: SaidDate) -> str:
    """Where the day counted from comes from; of one of low trust, only that a page shows it."""
    return _(SHOWN_ON_PAGE if said.trust == "low" else said.counted_from_origin or "")


def counted_from_words(said: SaidDate) -> str:
    """The day it was counted from, as in "counted from 6 November 2019 (front matter)"."""
    day = period_words(said.counted_from or "")
    return _("counted from {day} ({origin})", day=day, origin=origin_words(said))
