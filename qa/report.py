"""A report: questions with their cited answers and the writer's notes.

Its items hold the citation records whole, so that it needs no library to be printed or
checked. Knows nothing of files, or of how a report looks.
"""

from collections.abc import Iterator, Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from qa.cite import CitationRecord
from qa.errors import ReportError
from qa.types import AgreementStatus

VERSION = 1  # of the form of a report file; a newer one is refused


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, found: object) -> object:
        """What was wiped by hand, as in `note:`, is as if it were not there."""
        if not isinstance(found, dict):
            return found
        return {name: value for name, value in found.items() if value is not None}


class Cited(_Form):
    """Words with the numbers of the item's citations that give them, from 1."""

    words: str
    cited: tuple[int, ...] = ()


class Stated(Cited):
    """One value that sources give, and how many of them do."""

    articles: int = Field(default=1, ge=1)


class ReportItem(_Form):
    """A question with what the articles answer, word for word."""

    question: str = Field(min_length=1)
    answer: str = ""  # empty: the articles do not answer it
    cited: tuple[int, ...] = ()  # numbers of the citations that give it
    confidence: float | None = Field(default=None, ge=0, le=1)
    note: str = ""  # the writer's own words
    status: AgreementStatus = "none"
    claims: tuple[Stated, ...] = ()  # more than one: sources disagree
    parts: tuple[Cited, ...] = ()  # the several things that a question asked for
    citations: tuple[CitationRecord, ...] = ()

    @model_validator(mode="after")
    def _counted(self) -> Self:
        numbers = {*self.cited, *(n for each in (*self.claims, *self.parts) for n in each.cited)}
        wrong = sorted(n for n in numbers if not 1 <= n <= len(self.citations))
        if wrong:
            raise ValueError(f"citation {wrong[0]} is named, and there are {len(self.citations)}")
        if self.answer and not self.cited:
            raise ValueError("an answer without a citation")
        for words, cited in self._quoted():
            if words not in {self.citations[n - 1].quote for n in cited}:
                raise ValueError(f"{words!r} is not what the citations quote: leave their words")
        return self

    def _quoted(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """All words that are printed as an article's, with the citations that hold them."""
        if self.answer:
            yield self.answer, self.cited
        for each in (*self.claims, *self.parts):
            yield each.words, each.cited


class Report(_Form):
    """Titles, notes and items, in the order in which they are printed."""

    footnote_report: int = Field(default=VERSION, ge=1)
    title: str = Field(min_length=1)
    style: str = "apa"
    note: str = ""  # before the first item
    items: tuple[ReportItem, ...] = ()

    @field_validator("title")
    @classmethod
    def _not_blank(cls, title: str) -> str:
        if not title.strip():
            raise ValueError("is empty")
        return title

    @property
    def records(self) -> tuple[CitationRecord, ...]:
        """Every citation once, in the order of the items."""
        return tuple(dict.fromkeys(record for item in self.items for record in item.citations))

    def adding(self, *items: ReportItem) -> Self:
        """With these at the end."""
        return self._with(items=(*self.items, *items))

    def noting(self, number: int | None, note: str) -> Self:
        """With this note at an item, from 1, or before them all. Empty: without a note there."""
        if number is None:
            return self._with(note=note)
        at = self._at(number)
        noted = self.items[at].model_copy(update={"note": note})
        return self._with(items=(*self.items[:at], noted, *self.items[at + 1 :]))

    def moving(self, number: int, to: int) -> Self:
        """With that item at another place, both from 1."""
        at, there = self._at(number), self._at(to)
        rest = [item for n, item in enumerate(self.items) if n != at]
        return self._with(items=(*rest[:there], self.items[at], *rest[there:]))

    def removing(self, number: int) -> Self:
        """Without that item, from 1."""
        at = self._at(number)
        return self._with(items=(*self.items[:at], *self.items[at + 1 :]))

    def _at(self, number: int) -> int:
        if not 1 <= number <= len(self.items):
            has = f"items 1 to {len(self.items)}" if self.items else "no items yet"
            raise ReportError(f"the report has no item {number}: it has {has}")
        return number - 1

    def _with(self, **changed: object) -> Self:
        return self.model_copy(update=changed)


def first_problem(error: ValidationError) -> str:
    """What is wrong first in a report, and where."""
    first = error.errors()[0]
    place = _place(first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "string_type":
        reason = "is no text: put it in quotes"
    return f"{place}: {reason}" if place else reason


def _place(location: Sequence[int | str]) -> str:
    """Counted from 1, as commands count: "item 2, note"."""
    names: list[str] = []
    for step in location:
        if isinstance(step, int) and names:
            names[-1] = f"{names[-1].removesuffix('s')} {step + 1}"
        else:
            names.append(str(step))
    return ", ".join(names)
