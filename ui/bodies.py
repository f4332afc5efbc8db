"""What scripts send: read and checked here, before anything is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from index.types import Filters
from qa.assistant import TOP_K
from qa.conversation import MAX_CHARACTERS, MAX_TURNS, Turn
from qa.period_asked import as_filters
from ui.answerer import Wishes
from ui.desk import sendable
from ui.listing import Wanted

MOST_PASSAGES = 100  # read for one question, or found by one search
MOST_LISTED = 500  # articles in one answer
LISTED = 50

Names = Annotated[list[str], Field(max_length=100)]
TopK = Annotated[int, Field(ge=1, le=MOST_PASSAGES)]
Day = Annotated[str | None, Field(description="A day, `YYYY-MM-DD`, inclusive.")]


class Narrowing(BaseModel):
    """Which articles count. A field of another name is refused: it may be a misspelt filter."""

    model_config = ConfigDict(extra="forbid")

    sources: Names = Field(default=[], description="Outlets, compared without case; none: all.")
    authors: Names = Field(default=[], description="Authors by full name, without case; none: all.")
    after: Day = None
    before: Day = None
    articles: list[str] = Field(default=[], description="Whole ids, only these; none: all.")
    without: list[str] = Field(default=[], description="Whole ids that are left out.")
    as_of: str | None = Field(
        default=None, description='A day; later articles are hidden, "last week" counts from it.'
    )

    def filters(self) -> Filters:
        """The filters. Raises FilterError for days that mean nothing."""
        days = as_filters(after=_clean(self.after), before=_clean(self.before), as_of=self.day)
        return replace(
            days,
            sources=_names(self.sources),
            authors=_names(self.authors),
            articles=_names(self.articles),
            without=_names(self.without),
        )

    @property
    def day(self) -> str | None:
        """The day that the question is asked as of."""
        return _clean(self.as_of)


class Earlier(BaseModel):
    """An earlier turn: the question as it was understood, and its answer, empty for none."""

    question: str
    answer: str = ""


class AskBody(Narrowing):
    """A question."""

    question: str
    history: list[Earlier] = Field(
        default=[], description="The turns before it, oldest first; the server keeps none."
    )
    top_k: TopK = Field(
        default=TOP_K, description="Passages to find; those that can matter are read."
    )
    precision: Annotated[float | None, Field(ge=0, le=1)] = Field(
        default=None, description="Answer only where this share of such answers was right."
    )

    def wishes(self) -> Wishes:
        """All but the question. Raises FilterError as `filters`."""
        turns = tuple(
            Turn(sendable(each.question)[:MAX_CHARACTERS], sendable(each.answer)[:MAX_CHARACTERS])
            for each in self.history[-MAX_TURNS:]
        )
        return Wishes(self.filters(), self.day, turns, self.top_k, self.precision)


class SearchBody(Narrowing):
    """A question whose passages are wanted, not its answer."""

    model_config = ConfigDict(extra="forbid")  # a misspelt filter would let everything through

    question: str
    top_k: TopK = Field(default=10, description="Passages to find.")

    def wishes(self) -> Wishes:
        """All but the question. Raises FilterError as `filters`."""
        return Wishes(self.filters(), top_k=self.top_k)


class ArticlesQuery(BaseModel):
    """Which articles a list shows."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(
        default="", description="Words of headline, outlet, authors or path, without case."
    )
    source: Names = Field(default=[], description="An outlet, without case; may be repeated.")
    after: Day = None
    before: Day = None
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = LISTED
    offset: Annotated[int, Field(ge=0)] = 0

    def wanted(self) -> Wanted:
        """The same for `narrowed`. Raises FilterError for days that mean nothing."""
        days = as_filters(after=_clean(self.after), before=_clean(self.before))
        return Wanted(sendable(self.q), _names(self.source), days.after, days.before)


def first_fault(errors: Sequence[Mapping[str, Any]], *, skip: int = 0) -> str:
    """Which field is wrong and how, of what pydantic found; never what was sent in it.

    skip: parts of the place to leave out, such as "body".
    """
    first = errors[0]
    where = ".".join(sendable(each) for each in first["loc"][skip:] if isinstance(each, str))
    return f"{where}: {first['msg']}" if where else str(first["msg"])


def _names(names: list[str]) -> tuple[str, ...]:
    return tuple(map(sendable, names))


def _clean(text: str | None) -> str | None:
    return text and sendable(text)
