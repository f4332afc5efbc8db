"""What each measure says: a line in plain words, its direction, its unit and where it belongs."""

import re
from dataclasses import dataclass
from typing import Literal

Section = Literal["Answers", "Citations and refusals", "Confidence", "Retrieval", "Time", "Other"]
Better = Literal["higher", "lower"]

_STAGES = {"latency": "the whole answer", "retrieve": "finding passages", "read": "reading them"}
_AT = re.compile(r"(success|recall|n_best_recall|ndcg|map)_at_(\d+)")
_TIME = re.compile(r"(latency|retrieve|read)_ms_p(\d+)")


@dataclass(frozen=True, slots=True)
class Explained:
    """How to read a measure."""

    section: Section
    line: str  # empty: nothing is known of it
    better: Better | None
    in_ms: bool = False  # else a fraction from 0 to 1


_LINES: dict[str, Explained] = {
    "exact_match": Explained(
        "Answers", "Share answered in an accepted wording, or rightly refused.", "higher"
    ),
    "f1": Explained("Answers", "Words shared with the nearest accepted wording.", "higher"),
    "lenient_match": Explained(
        "Answers",
        "As exact match, but one may hold the other whole: “at least 17” for “17”.",
        "higher",
    ),
    "has_answer_exact_match": Explained(
        "Answers", "Exact match of the questions that have an answer.", "higher"
    ),
    "has_answer_f1": Explained("Answers", "F1 of the questions that have an answer.", "higher"),
    "no_answer_accuracy": Explained(
        "Answers", "Share refused of the questions that have no answer.", "higher"
    ),
    "best_exact_match": Explained(
        "Answers", "Exact match at the threshold that would have been best for it.", "higher"
    ),
    "best_f1": Explained(
        "Answers", "F1 at the threshold that would have been best for it.", "higher"
    ),
    "best_guess_exact_match": Explained(
        "Answers",
        "Exact match of the best guess, given or not, where there is an answer.",
        "higher",
    ),
    "best_guess_f1": Explained(
        "Answers", "F1 of the best guess, given or not, where there is an answer.", "higher"
    ),
    "citation_precision": Explained(
        "Citations and refusals", "Share of citations whose quote gives the answer.", "higher"
    ),
    "citation_recall": Explained(
        "Citations and refusals", "Share of the articles there are to cite that is cited.", "higher"
    ),
    "abstention_precision": Explained(
        "Citations and refusals", "Share of refusals where there is no answer.", "higher"
    ),
    "abstention_recall": Explained(
        "Citations and refusals", "Share refused of the questions without an answer.", "higher"
    ),
    "ece": Explained(
        "Confidence", "Mean gap between stated confidence and share of right answers.", "lower"
    ),
    "brier": Explained(
        "Confidence", "Mean squared gap between confidence and right (1) or wrong (0).", "lower"
    ),
    "aurc": Explained(
        "Confidence", "Share of wrong answers, averaged over all coverages.", "lower"
    ),
    "mrr": Explained(
        "Retrieval", "One over the rank of the first right passage, 0 if none is found.", "higher"
    ),
}


def explained(name: str) -> Explained:
    """How to read the measure of this name; of an unknown one only its unit."""
    if name in _LINES:
        return _LINES[name]
    if found := _AT.fullmatch(name):
        return _of_ranks(found[1], found[2])
    if found := _TIME.fullmatch(name):
        line = f"Milliseconds for {_STAGES[found[1]]}: {found[2]} % of questions take no longer."
        return Explained("Time", line, "lower", in_ms=True)
    return Explained("Other", "", None, in_ms="_ms_" in name)


def _of_ranks(measure: str, k: str) -> Explained:
    if measure == "n_best_recall":
        line = f"Share of questions with an accepted wording among the reader’s best {k} spans."
        return Explained("Answers", line, "higher")
    first = "at the first place" if k == "1" else f"among the first {k}"
    lines = {
        "success": f"Share of questions with a right passage {first}.",
        "recall": f"Share of the right articles found {first}.",
        "ndcg": f"How early the right articles stand among the first {k}, against the ideal order.",
        "map": f"Mean precision at the ranks of the right articles, down to rank {k}.",
    }
    return Explained("Retrieval", lines[measure], "higher")
