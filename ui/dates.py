"""Dates in words, for the page and the terminal."""

from datetime import date

from qa.types import SaidDate

SHOWN_ON_PAGE = "date as shown on page"


def period_words(iso: str) -> str:
    """A day, month or year in words: "6 November 2019", "July 2018", "1990 to 1999".

    What is none of these comes back as it is.
    """
    first, _, last = iso.partition("/")
    return f"{_words(first)} to {_words(last)}" if last else _words(first)


def _words(iso: str) -> str:
    try:
        day = date.fromisoformat(f"{iso}-01-01"[:10])
    except ValueError:
        return iso
    if len(iso) == 4:
        return iso
    return f"{day:%B} {day.year}" if len(iso) == 7 else f"{day.day} {day:%B} {day.year}"


def origin_words(said: SaidDate) -> str:
    """Where the day counted from comes from; of one of low trust, only that a page shows it."""
    return SHOWN_ON_PAGE if said.trust == "low" else said.counted_from_origin or ""


def counted_from_words(said: SaidDate) -> str:
    """The day it was counted from, as in "counted from 6 November 2019 (front matter)"."""
    return f"counted from {period_words(said.counted_from or '')} ({origin_words(said)})"
