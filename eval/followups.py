"""How well follow-up questions are understood: dialogues over articles, or rewritings alone.

    footnote eval followups eval/data/followups_sample.json --out runs/followups

A dialogue with answers is asked turn by turn; each follow-up is compared with its
hand-written stand-alone form, asked alone, and with itself, asked alone. Where there
are no articles (a list of topics, as of TREC CAsT), the rewriting is compared word by
word with the hand-written one.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, Protocol, Self

import numpy as np
from pydantic import Field

from eval.contexts import Progress
from eval.metrics import f1
from eval.results import ready_folder, write_json, write_lines
from eval.stats import Bootstrap, Clusters, Estimate
from qa.conversation import MAX_TURNS, Conversation, Turn
from qa.errors import QuestionError
from qa.followup import readings
from qa.squad_form import Form, parsed, read_bytes, unpacked
from qa.types import Answer, Json

_FORM = (
    'dialogues ({"articles": "sample", "dialogues": [{"id", "turns": [{"asked", "alone", '
    '"answers"}]}]}) or topics ([{"topic", "turns": [{"asked", "alone"}]}])'
)


class TurnForm(Form):
    """A question as asked, and as it would be asked alone."""

    asked: str = Field(min_length=1)
    alone: str = Field(min_length=1)
    answers: tuple[str, ...] = ()  # accepted wordings; empty: the articles do not say
    article: str = ""  # file that the answers stand in


class DialogueForm(Form):
    """The turns of one dialogue; the first stands alone."""

    id: str
    turns: list[TurnForm] = Field(min_length=1)


class DialoguesForm(Form):
    """A file of dialogues over our own articles."""

    version: Literal["footnote-followups-1"] = "footnote-followups-1"
    articles: Literal["sample", "blind"] = "sample"
    dialogues: list[DialogueForm] = Field(min_length=1)


class TopicForm(Form):
    """The turns of one topic, without answers."""

    topic: str
    turns: list[TurnForm] = Field(min_length=1)


class _Topics(Form):
    topics: list[TopicForm] = Field(min_length=1)


class Asks(Protocol):
    """What is measured."""

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Answer:
        """The answer to the question after these turns."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What came of one follow-up question."""

    id: str  # of the dialogue, and the number of the turn from 1
    dialogue: str
    asked: str
    alone: str  # written by hand
    understood: str
    rewriting_f1: float  # of the words of `understood` against `alone`
    unchanged_f1: float  # of the words of `asked` against `alone`
    golds: tuple[str, ...] = ()
    answer: str = ""  # in the conversation
    answer_alone: str = ""  # to the stand-alone form
    answer_unchanged: str = ""  # to the question as asked, without the conversation
    f1: float | None = None
    f1_alone: float | None = None
    f1_unchanged: float | None = None

    @property
    def missed(self) -> bool:
        """Whether the stand-alone form is answered better."""
        return self.f1 is not None and self.f1_alone is not None and self.f1 < self.f1_alone


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What came of all of them."""

    records: tuple[FollowUp, ...]

    @classmethod
    def of(cls, records: Sequence[FollowUp]) -> Self:
        """The same, in their order."""
        return cls(tuple(records))

    @property
    def misses(self) -> tuple[FollowUp, ...]:
        """The follow-ups whose stand-alone form is answered better."""
        return tuple(record for record in self.records if record.missed)

    @property
    def measures(self) -> dict[str, Estimate]:
        """Each measure by its name, with its interval over whole dialogues."""
        resampled = Bootstrap(Clusters("context", tuple(r.dialogue for r in self.records)))
        found = {
            name: resampled.mean(np.array([value(r) for r in self.records], dtype=np.float64))
            for name, value in _MEASURES.items()
        }
        return {name: estimate for name, estimate in found.items() if estimate}

    def write(self, folder: str | Path) -> None:
        """Write metrics.json and per_question.jsonl. Raises OutputError where that fails."""
        folder = ready_folder(folder)
        measures: Json = {name: asdict(value) for name, value in self.measures.items()}
        write_json(folder / "metrics.json", measures)
        lines = (json.dumps(asdict(record), ensure_ascii=False) for record in self.records)
        write_lines(folder / "per_question.jsonl", lines)


def _as_good(score: float | None, alone: float | None) -> float:
    return np.nan if score is None or alone is None else float(score >= alone)


# What each measure says of one follow-up; None: nothing.
_MEASURES: dict[str, Callable[[FollowUp], float | None]] = {
    "as_good_as_alone": lambda r: _as_good(r.f1, r.f1_alone),
    "unchanged_as_good_as_alone": lambda r: _as_good(r.f1_unchanged, r.f1_alone),
    "f1": lambda r: r.f1,
    "f1_alone": lambda r: r.f1_alone,
    "f1_unchanged": lambda r: r.f1_unchanged,
    "rewriting_f1": lambda r: r.rewriting_f1,
    "unchanged_rewriting_f1": lambda r: r.unchanged_f1,
    "stand_alone_kept": lambda r: float(r.understood == r.asked) if r.asked == r.alone else None,
}


def read_followups(path: str | Path) -> DialoguesForm | list[TopicForm]:
    """Dialogues over articles, or topics without. Raises DatasetError for anything else."""
    path = Path(path)
    content = unpacked(read_bytes(path), path)
    if not content.lstrip().startswith(b"["):
        return parsed(DialoguesForm, content, str(path), _FORM)
    return parsed(_Topics, b'{"topics": ' + content + b"}", str(path), _FORM).topics


def evaluate_dialogues(
    dialogues: Sequence[DialogueForm], assistant: Asks, *, on_progress: Progress | None = None
) -> FollowUps:
    """Ask every dialogue turn by turn; the first turns are asked and not measured."""
    total = sum(len(dialogue.turns) for dialogue in dialogues)
    found: list[FollowUp] = []
    done = 0
    for dialogue in dialogues:
        conversation = Conversation()
        for number, turn in enumerate(dialogue.turns, start=1):
            answer = _ask(assistant, turn.asked, conversation.turns)
            if number > 1:
                found.append(_measured(dialogue.id, number, turn, answer, assistant))
            conversation = conversation.after(answer)
            done += 1
            if on_progress:
                on_progress(done, total)
    return FollowUps.of(found)


def evaluate_rewritings(topics: Sequence[TopicForm]) -> FollowUps:
    """Compare the likeliest reading of each follow-up with the hand-written one, by rules alone."""
    found: list[FollowUp] = []
    for topic in topics:
        turns: tuple[Turn, ...] = ()
        for number, turn in enumerate(topic.turns, start=1):
            understood = readings(turn.asked, turns)[0].question
            if number > 1:
                found.append(_rewritten(topic.topic, number, turn, understood))
            turns = (*turns, Turn(understood))[-MAX_TURNS:]
    return FollowUps.of(found)


def _rewritten(dialogue: str, number: int, turn: TurnForm, understood: str) -> FollowUp:
    return FollowUp(
        id=f"{dialogue}-{number}",
        dialogue=dialogue,
        asked=turn.asked,
        alone=turn.alone,
        understood=understood,
        rewriting_f1=f1(understood, [turn.alone]),
        unchanged_f1=f1(turn.asked, [turn.alone]),
    )


def _measured(
    dialogue: str, number: int, turn: TurnForm, answer: Answer, assistant: Asks
) -> FollowUp:
    alone = _ask(assistant, turn.alone).answer
    unchanged = _ask(assistant, turn.asked).answer
    rewritten = _rewritten(dialogue, number, turn, answer.standalone_question)
    return replace(
        rewritten,
        golds=turn.answers,
        answer=answer.answer,
        answer_alone=alone,
        answer_unchanged=unchanged,
        f1=f1(answer.answer, turn.answers),
        f1_alone=f1(alone, turn.answers),
        f1_unchanged=f1(unchanged, turn.answers),
    )


def _ask(assistant: Asks, question: str, history: Sequence[Turn] = ()) -> Answer:
    """The answer; a question that cannot be asked is one without an answer, not the run's end."""
    try:
        return assistant.ask(question, history=history)
    except QuestionError:
        return Answer(question, question, answered=False, answer="", confidence=0.0)
