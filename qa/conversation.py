"""What was said before in one conversation: immutable, bounded, passed in and never kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from qa.types import Answer

MAX_TURNS = 8  # that are remembered; nobody refers back further without saying to what
MAX_SENTENCES = 2  # of the sentences an answer is cited from
MAX_OTHERS = 2  # of the answers that were less sure
MAX_CHARACTERS = 2000  # of a question, an answer or a sentence that are looked at


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was understood, and what came of it."""

    question: str  # standing alone
    answer: str = ""  # empty: not answered
    sentences: tuple[str, ...] = ()  # that the answer stands in, the strongest first
    others: tuple[str, ...] = ()  # answers that were less sure, the surest first
    articles: frozenset[str] = frozenset()  # ids of the articles that were cited or nearest

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """What a later question may refer to."""
        shown = answer.citations or answer.nearest
        rejected = (answer.best_rejected,) if answer.best_rejected else ()
        return cls(
            answer.standalone_question[:MAX_CHARACTERS],
            _named_by(answer)[:MAX_CHARACTERS],
            tuple(c.sentence_text[:MAX_CHARACTERS] for c in answer.citations[:MAX_SENTENCES]),
            tuple(
                other.answer[:MAX_CHARACTERS]
                for other in (*rejected, *answer.alternatives)[:MAX_OTHERS]
            ),
            frozenset(citation.article_id for citation in shown),
        )


def _named_by(answer: Answer) -> str:
    """The answer, of a list all its items: "Bolivia, Chile and Peru"."""
    items = [item.answer for item in answer.items]
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else answer.answer


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns, oldest first; each new turn gives a new conversation."""

    turns: tuple[Turn, ...] = ()

    def after(self, answer: Answer) -> Self:
        """The conversation with one turn more; beyond `MAX_TURNS` the oldest is forgotten."""
        return type(self)((*self.turns, Turn.of(answer))[-MAX_TURNS:])


def conversation_of(answers: Sequence[Answer]) -> Conversation:
    """The conversation that led to these answers, oldest first."""
    return Conversation(tuple(Turn.of(answer) for answer in answers[-MAX_TURNS:]))
