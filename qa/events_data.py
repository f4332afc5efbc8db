"""Invented news: events told by two or three outlets each, with questions for every article.

    python -m qa.events_data --out events.json

writes those kept from training, every question with every report, in SQuAD 2.0 form, to
measure readers with (`footnote eval reader events.json`); with `--compared` those of
`qa/events/compared`, of which no reader has seen any. The events lie in `qa/events`, in a
form to write and read by hand:

    EVENT: Kelby ferry grounding
    ARTICLE a | Harbour Post | 2019-03-04 | Ferry runs aground off Kelby in fog
    Paragraphs, a blank line between two of them ...
    ARTICLE b | Northern Wire | 2019-03-05 | Passengers waited six hours
    ...
    Q: How many people were aboard the Kelby ferry?
    a: 212 || 212 people
    b: about 200 @ had about 200 on board

Below a question stands, for every article, what answers it in that article's own
words; `||` parts readings that are equally good, `@` leads a longer stretch of the
article that says which place is meant, and `-` says that this article has no answer.
A last line says what they say together:

    S: conflict
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, cast

from qa.errors import DatasetError
from qa.squad import Example, Gold, kept_from_training

FOLDER = Path(__file__).parent / "events"
COMPARED = FOLDER / "compared"
NO_ANSWER = "-"

_EVENT = re.compile(r"EVENT: (.+)")
_ARTICLE = re.compile(r"ARTICLE (\w+) \| (.+?) \| (\d{4}-\d\d-\d\d) \| (.+)")
_QUESTION = re.compile(r"Q: (.+)")
_ANSWER = re.compile(r"(\w+): ?(.+)")
_TOGETHER = re.compile(r"S: (agree|conflict|single|none)")

# What the articles say together: "single" where one alone answers, or each another side of it.
Together = Literal["agree", "conflict", "single", "none"]


@dataclass(frozen=True, slots=True)
class Report:
    """What one outlet wrote on an event."""

    outlet: str
    published: str  # ISO 8601
    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, with its answers in each report by key; none where it has none."""

    question: str
    golds: dict[str, tuple[Gold, ...]]
    together: Together | None = None  # None: it is not said


@dataclass(frozen=True, slots=True)
class Event:
    """One event as several outlets tell it."""

    name: str
    reports: dict[str, Report]  # by a key of one letter
    asked: tuple[Asked, ...]

    def examples(self) -> Iterator[Example]:
        """Each question about each report; the event is their title."""
        for number, asked in enumerate(self.asked):
            for key, report in self.reports.items():
                name = f"{self.name}/{number}/{key}"
                yield Example(name, asked.question, report.text, self.name, asked.golds[key])

    @property
    def kept(self) -> bool:
        """Whether it is one of the tenth that is never trained on."""
        return any(kept_from_training(example, by_article=True) for example in self.examples())


@dataclass
class _Question:
    """What was read of one question so far."""

    line: int
    words: str
    answers: dict[str, str] = field(default_factory=dict)
    together: Together | None = None


@dataclass
class _Reading:
    """What was read of one event so far."""

    name: str
    heads: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)
    questions: list[_Question] = field(default_factory=list)


def read_events(file: Path) -> list[Event]:
    """All events of a file.

    Raises DatasetError, naming file and line, where a line is not of the form
    above, an article is not answered for, or an answer does not stand in its article
    exactly once.
    """
    events: list[_Reading] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if found := _EVENT.fullmatch(line):
            events.append(_Reading(found[1]))
        elif not events:
            raise DatasetError(f"{file}:{number}: a file begins with a line 'EVENT: its name'")
        else:
            _read_line(events[-1], line, file, number)
    return [_event(reading, file) for reading in events]


def _read_line(event: _Reading, line: str, file: Path, number: int) -> None:
    if not event.questions and (found := _ARTICLE.fullmatch(line)):
        event.heads[found[1]] = (found[2], found[3], found[4])
        event.lines[found[1]] = []
    elif found := _QUESTION.fullmatch(line):
        event.questions.append(_Question(number, found[1]))
    elif event.questions and (found := _TOGETHER.fullmatch(line)):
        event.questions[-1].together = cast("Together", found[1])
    elif event.questions and (found := _ANSWER.fullmatch(line)):
        event.questions[-1].answers[found[1]] = found[2]
    elif event.lines and not event.questions:
        event.lines[list(event.lines)[-1]].append(line)
    elif line.strip():
        raise DatasetError(f"{file}:{number}: '{line[:40]}' is no article, question or answer")


def _event(reading: _Reading, file: Path) -> Event:
    reports = {
        key: Report(*head, "\n".join(reading.lines[key]).strip())
        for key, head in reading.heads.items()
    }
    asked = []
    for question in reading.questions:
        where, answers = f"{file}:{question.line}", question.answers
        if answers.keys() != reports.keys():
            raise DatasetError(
                f"{where}: has answers for {', '.join(answers) or 'no article'}: "
                f"give one for each of {', '.join(reports)}, '{NO_ANSWER}' where there is none"
            )
        golds = {key: _golds(answers[key], reports[key].text, where) for key in reports}
        asked.append(Asked(question.words, golds, question.together))
    return Event(reading.name, reports, tuple(asked))


def _golds(answer: str, text: str, where: str) -> tuple[Gold, ...]:
    if answer == NO_ANSWER:
        return ()
    return tuple(_gold(option, text, where) for option in answer.split(" || "))


def _gold(option: str, text: str, where: str) -> Gold:
    words, _, around = (part.strip() for part in option.partition(" @ "))
    around = around or words
    places = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(around)}(?!\w)", text)]
    inside = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", around)
    if len(places) != 1 or not inside:
        raise DatasetError(
            f"{where}: '{around}' stands {len(places)} times in the article"
            + ("" if inside else f" and '{words}' not in it")
            + ": name a stretch of it, after '@', that stands there once and holds the answer"
        )
    return Gold(words, places[0] + inside.start())


@cache
def all_events(folder: Path = FOLDER) -> tuple[Event, ...]:
    """The events of all files of a folder, in the order of the files' names."""
    return tuple(event for file in sorted(folder.glob("*.txt")) for event in read_events(file))


def in_squad_form(events: Iterable[Event]) -> dict[str, object]:
    """A SQuAD 2.0 document: an article an event, a paragraph a report."""
    return {
        "version": "v2.0",
        "data": [
            {
                "title": event.name,
                "paragraphs": [_paragraph(event, key) for key in event.reports],
            }
            for event in events
        ],
    }


def _paragraph(event: Event, key: str) -> dict[str, object]:
    return {
        "context": event.reports[key].text,
        "qas": [
            {
                "id": f"{event.name}/{number}/{key}",
                "question": asked.question,
                "is_impossible": not asked.golds[key],
                "answers": [{"text": g.text, "answer_start": g.start} for g in asked.golds[key]],
            }
            for number, asked in enumerate(event.asked)
        ],
    }


def main() -> None:
    """Write events that are kept from training."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    parser.add_argument("--compared", action="store_true", help="the events that are compared")
    args = parser.parse_args()
    kept = (event for event in all_events() if event.kept)
    document = in_squad_form(all_events(COMPARED) if args.compared else kept)
    try:
        args.out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        sys.exit(f"footnote: {args.out}: cannot be written ({error.strerror}): name another file")


if __name__ == "__main__":
    main()
