"""What a search for passages gives to those who want to read on for themselves."""

from dataclasses import dataclass

from index.types import Hit
from qa.types import Citation, Json


@dataclass(frozen=True, slots=True)
class CitedHit:
    """A passage that was found, and its citation, which has no quote."""

    hit: Hit
    citation: Citation

    def to_json(self) -> Json:
        """The passage as the outside contract writes it; scores compare within one search only."""
        return {
            "score": self.hit.score,
            "cosine": self.hit.dense,
            "bm25": self.hit.bm25,
            "text": self.hit.passage.text,
            "citation": self.citation.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Passages:
    """Passages for a question, best first, and what the filters left out."""

    passages: tuple[CitedHit, ...] = ()
    filtered_out: bool = False  # the filters let nothing through, though there are articles
    undated_left_out: int = 0  # articles without a date that a date filter left out

    def to_json(self) -> Json:
        """The object of `POST /api/search`."""
        return {
            "passages": [each.to_json() for each in self.passages],
            "filtered_out": self.filtered_out,
            "undated_left_out": self.undated_left_out,
        }
