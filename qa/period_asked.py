"""The days that a question is limited to, and the one that it is asked on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.errors import FilterError
from index.types import Filters
from qa.dates import Anchor


def as_filters(
    *,
    sources: Sequence[str] = (),
    authors: Sequence[str] = (),
    after: str | None = None,
    before: str | None = None,
    as_of: str | None = None,
) -> Filters:
    """Filters of which `as_of` hides later articles just as `before` does.

    Raises FilterError for a day that is none, or where no day is left between them.
    """
    return hidden_after(as_of, Filters(tuple(sources), after, before, tuple(authors)))


def hidden_after(as_of: str | None, filters: Filters) -> Filters:
    """These filters, with articles later than `as_of` hidden as well.

    Raises FilterError as `as_filters`.
    """
    after, before, last = (
        _day(name, written)
        for name, written in (
            ("after", filters.after),
            ("before", filters.before),
            ("as of", as_of),
        )
    )
    for name, end in (("before", before), ("as of", last)):
        if after and end and after > end:
            raise FilterError(
                f"after {after} and {name} {end} leave no day between them: "
                "give an earlier day to start from, or a later one to end with"
            )
    return replace(filters, after=after, before=min(filter(None, (before, last)), default=None))


def question_anchor(as_of: str | None, *, today: date) -> Anchor:
    """The day that "last week" in a question is counted from."""
    if as_of is None:
        return Anchor(today, "today", "high")
    return Anchor(date.fromisoformat(as_of), "as of", "high")


def _day(name: str, written: str | None) -> str | None:
    if written is None:
        return None
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise FilterError(f"{name}: '{written}' is not a day: write it as YYYY-MM-DD") from error
