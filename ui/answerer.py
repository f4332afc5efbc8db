"""What the page and its server need of an assistant, and what can be wished of an answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.filters import Choices
from index.gold import GoldItem
from index.rows import ArticleRecord
from index.types import Article, Filters
from qa.assistant import TOP_K
from qa.cite import CitationRecord
from qa.conversation import Turn
from qa.found import Passages
from qa.types import Answer, Found, Range
from qa.verify import Verdict


class Answerer(Protocol):
    """What the page needs of an assistant. Called from one thread, not the one that made it."""

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        as_of: str | None = None,
        history: Sequence[Turn] = (),
        deadline: float | None = None,
        on_found: Callable[[Found], None] | None = None,
        top_k: int = TOP_K,
        precision: float | None = None,
    ) -> Answer:
        """Answer it after these turns; raises a `FootnoteError` when it cannot be asked."""

    def choices(self) -> Choices:
        """What filters can name."""

    def article(self, article_id: str) -> Article:
        """One article, whole; raises a `FootnoteError` when there is none of this id."""

    def newest(self, count: int) -> tuple[str, ...]:
        """Ids of the articles that were added last, the newest first."""

    def verify(self, records: Sequence[CitationRecord]) -> list[Verdict]:
        """What has become of each citation."""

    def keep_gold(
        self, question: str, places: Sequence[tuple[str, Range]]
    ) -> tuple[GoldItem, bool]:
        """Keep the words at these places as right; raises a `FootnoteError` for what are none."""

    def drop_gold(self, item_id: str) -> None:
        """Forget a gold item; raises a `FootnoteError` where there is none of this id."""

    def articles(self) -> Sequence[ArticleRecord]:
        """Records of the live articles."""

    def record(self, id_prefix: str) -> ArticleRecord:
        """The record of an article, any version; raises as `article`."""

    def search(
        self, question: str, *, top_k: int = TOP_K, filters: Filters | None = None
    ) -> Passages:
        """Passages for this question; raises as `ask`."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that can be said of a question beside its words."""

    filters: Filters | None = None
    as_of: str | None = None  # a day, YYYY-MM-DD
    history: tuple[Turn, ...] = ()  # oldest first
    top_k: int = TOP_K  # passages to read
    precision: float | None = None  # 0 to 1; None: the fitted threshold


@dataclass(frozen=True, slots=True)
class Whole:
    """An article version and its record."""

    article: Article
    record: ArticleRecord
