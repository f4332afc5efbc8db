"""What one place in one article says in answer to a question, to be set beside another.

Pure: knows nothing of libraries or models.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from qa.answer import Candidate
from qa.asked import Asked
from qa.dates import Anchor, DateFound, find_dates, same_time
from qa.moments import Relation
from qa.quantities import Quantity
from qa.question import asks_when
from qa.states import part_asked, state_counted
from qa.values import Value, read_value, relation

FAR_APART = 10.0  # times by which counts of one thing hardly differ

AnchorOf = Callable[[str], Anchor | None]  # article id -> the day its "last week" is counted from


@dataclass(frozen=True, slots=True)
class Reading:
    """What one article says in answer to the question."""

    candidate: Candidate
    value: Value
    when: DateFound | None = None  # the time it names, where one is asked for
    beside: Relation | None = (
        None  # to the best answer, where more than values told (`qa.comparison`)
    )
    part: tuple[int, int] | None = None  # of the candidate's words; None: all of them

    @property
    def cited(self) -> Candidate:
        """The candidate with no more words than answer: of several counts the one asked for."""
        if self.part is None:
            return self.candidate
        start, end = self.part
        return replace(self.candidate, span=replace(self.candidate.span, start=start, end=end))

    @property
    def article(self) -> str:
        """The id of the article that says it."""
        return self.candidate.hit.passage.article_id

    @property
    def state(self) -> str | None:
        """What became of those it counts, if that is said near by."""
        span = self.candidate.span
        return state_counted(self.candidate.hit.passage.text, span.start, span.end)


def reading_of(question: str, candidate: Candidate, anchor_of: AnchorOf) -> Reading:
    """What the candidate says in answer to the question."""
    span = candidate.span
    text = candidate.hit.passage.text
    value = read_value(question, text, span.start, span.end)
    if not asks_when(question):
        part = part_asked(question, text, span.start, span.end)
        return Reading(candidate, value, part=part if isinstance(value, Quantity) else None)
    dates = find_dates(text, anchor_of(candidate.hit.passage.article_id))
    named = (date for date in dates if date.start < span.end and span.start < date.end)
    return Reading(candidate, value, next(named, None))


def related(one: Reading, other: Reading) -> Relation:
    """How two readings stand to each other, by their words, else by the times they name."""
    by_words = relation(one.value, other.value)
    if by_words == "unrelated" and one.when and other.when:
        same = same_time(one.when, other.when)
        return "unrelated" if same is None else "same" if same else "differs"
    return by_words


def same_state(best: Reading, other: Reading, asked: Asked) -> bool:
    """Whether both count those of one state: the dead are not compared with the hurt."""
    if not isinstance(best.value, Quantity):
        return True
    ours, theirs = best.state, other.state
    return theirs is None or theirs == (asked.state or ours)


def may_count_the_same(ours: Value, theirs: Value, asked: Asked) -> bool:
    """Whether two amounts are of one size and of the kind that is asked for."""
    if not isinstance(ours, Quantity) or not isinstance(theirs, Quantity):
        return True
    if asked.length and ours.dimension == "count":
        return False
    low, high = sorted(abs(value.core[0]) for value in (ours, theirs))
    return high <= FAR_APART * low
