"""What the Evaluate view shows: evaluations and their main figures in words, not yet markup."""

from collections.abc import Sequence
from dataclasses import dataclass

from eval.explained import explained
from eval.report import Bar
from eval.results import Measure
from ui.dates import period_words
from ui.evaluations import Result, Standing
from ui.language import _, counted

EXAMPLE = """\
{"id": "1", "question": "When was Saltgate Shed 9 built?", "answers": ["1874"]}
{"id": "2", "question": "Who chaired the inquiry?", "answers": ["Ilse Corbant", "Corbant"]}
{"id": "3", "question": "What did the inquiry cost?", "answers": []}"""


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the main figures."""

    name: str  # of the measure, as in metrics.json
    label: str
    meaning: str
    value: str
    interval: str
    n: str
    bar: Bar | None  # None: it has no end to be drawn against

    @classmethod
    def of(cls, measure: Measure, label: str, meaning: str) -> "Tile":
        """The measure in figures as the command line prints them."""
        found = measure.estimate
        in_ms = explained(measure.name).in_ms
        digits = 0 if in_ms else 3
        return cls(
            name=measure.name,
            label=label,
            meaning=meaning,
            value=f"{found.value:,.{digits}f}{' ms' if in_ms else ''}",
            interval=_(
                "{low} to {high}", low=f"{found.low:,.{digits}f}", high=f"{found.high:,.{digits}f}"
            ),
            n=f"{found.n:,}",
            bar=None if in_ms else Bar.of(found, top=1.0),
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """An evaluation."""

    standing: Standing
    day: str
    minute: str
    tiles: tuple[Tile, ...]

    @classmethod
    def of(cls, standing: Standing) -> "Shown":
        """With its main figures if it has any."""
        found = standing.result.measures if standing.result else ()
        return cls(
            standing=standing,
            day=period_words(standing.began.date().isoformat()),
            minute=f"{standing.began:%H:%M}",
            tiles=tiles(found),
        )

    @property
    def progress(self) -> str:
        """How far it is, in words."""
        return progress_words(self.standing)

    @property
    def asked(self) -> str:
        """How many questions it has, or had when it was stopped."""
        done, total = self.standing.done, self.standing.total
        if self.standing.state == "stopped":
            return counted(
                total, "{done} of {n} question", "{done} of {n} questions", done=f"{done:,}"
            )
        return counted(total, "{n} question", "{n} questions")

    @property
    def lead(self) -> str:
        """What came of it in two sentences that count every question once; empty before that."""
        return lead_words(self.standing.result) if self.standing.result else ""

    @property
    def can_go_on(self) -> bool:
        """Whether it may be gone on with."""
        return self.standing.state in ("stopped", "failed")


def progress_words(standing: Standing) -> str:
    """What an evaluation does now; empty once it is over."""
    done, total = f"{standing.done:,}", standing.total
    match standing.state:
        case "waiting":
            return _("Waits for its turn …")
        case "asking" if standing.done:
            return counted(total, "{done} of {n} question", "{done} of {n} questions", done=done)
        case "asking":
            return _("Begins …")
        case "stopping":
            return _("Stops …")
        case "summing":
            return _("Sums up …")
    return ""


def lead_words(result: Result) -> str:
    """How many questions were answered rightly and wrongly, and in which way."""
    right, wrong = result.exact + result.declined, result.wrong + result.missed
    sentences = [
        counted(
            right + wrong,
            "Right on {right} of {n} question: {exact} answered exactly, "
            "{declined} rightly not answered.",
            "Right on {right} of {n} questions: {exact} answered exactly, "
            "{declined} rightly not answered.",
            right=f"{right:,}",
            exact=f"{result.exact:,}",
            declined=f"{result.declined:,}",
        )
    ]
    if wrong:
        sentences.append(
            _(
                "Wrong on {wrong}: {inexact} answered wrongly or inexactly, {missed} not answered "
                "though there is an answer.",
                wrong=f"{wrong:,}",
                inexact=f"{result.wrong:,}",
                missed=f"{result.missed:,}",
            )
        )
    return " ".join(sentences)


def left_words(seconds: float | None) -> str:
    """About how long it still takes; empty where that is not known."""
    if seconds is None:
        return ""
    if seconds < 90:
        tens = max(10, round(seconds / 10) * 10)
        return _("about {n} seconds left", n=tens)
    return _("about {n} minutes left", n=f"{round(seconds / 60):,}")


def so_far_words(standing: Standing) -> str:
    """The main figures of the questions done so far; empty before the first."""
    if standing.f1 is None or standing.exact_match is None:
        return ""
    return _(
        "So far: F1 {f1}, exact match {exact}",
        f1=f"{standing.f1:.3f}",
        exact=f"{standing.exact_match:.3f}",
    )


def tiles(measures: Sequence[Measure]) -> tuple[Tile, ...]:
    """The main figures among these."""
    by_name = {measure.name: measure for measure in measures}
    return tuple(
        Tile.of(by_name[name], label, meaning)
        for name, label, meaning in _meanings()
        if name in by_name
    )


def _meanings() -> list[tuple[str, str, str]]:
    """Measures by name, what to call each, and what it says to someone new to it."""
    return [
        (
            "f1",
            _("F1"),
            _(
                "How much of the right words it said: 1 for all of them and no others, a part "
                "for some of them, 0 for none."
            ),
        ),
        (
            "exact_match",
            _("Exact match"),
            _("Share of questions answered in just the right words, or rightly left unanswered."),
        ),
        (
            "has_answer_f1",
            _("F1 where there is an answer"),
            _("The same as F1, of the questions that have an answer."),
        ),
        (
            "no_answer_accuracy",
            _("Rightly unanswered"),
            _(
                "Of the questions that have no answer, the share where it said that the "
                "articles do not say."
            ),
        ),
        (
            "citation_precision",
            _("Citations right"),
            _(
                "Share of the citations it gave whose quoted words are a right answer, in an "
                "article that holds it."
            ),
        ),
        (
            "citation_recall",
            _("Citations found"),
            _("Share of the articles that hold the answer that it rightly cited."),
        ),
        (
            "ece",
            _("Calibration error (ECE)"),
            _(
                "How far its confidence lies from how often it is right, on average. Lower is "
                "better: at 0.05, answers given as 80 % sure are right some 75 to 85 times in "
                "100."
            ),
        ),
        (
            "latency_ms_p50",
            _("Time for an answer"),
            _("Half of the answers took no longer. Waiting for readers is not counted."),
        ),
    ]
