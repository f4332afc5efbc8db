"""Passages and articles cut into parts, so that the cited words stand out in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.types import Citation, Range

MAX_PASSAGE_SHOWN = 1_200  # code points of a passage, or of a sentence; quotes are never cut
MAX_AROUND = 300  # code points before the cited sentence, and after it


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of shown text and how it stands out."""

    text: str
    kind: Literal["plain", "sentence", "mark"] = "plain"


def passage_parts(citation: Citation) -> tuple[Part, ...]:
    """The passage with the quote marked and its sentence told apart from the rest."""
    base, text = citation.passage.start, citation.passage_text
    if not citation.quote:
        return _clipped((Part(text),))
    quote = Range(citation.start - base, citation.end - base)
    sentence = Range(citation.sentence.start - base, citation.sentence.end - base)
    return _clipped(_marked(text, quote, sentence))


def sentence_parts(citation: Citation) -> tuple[Part, ...]:
    """The sentence with the quote marked; empty when the quote is all of it."""
    base, text = citation.sentence.start, citation.sentence_text
    start, end = citation.start - base, citation.end - base
    if not citation.quote or start < 0 or end > len(text):
        return ()
    around = text[:start] + text[end:]
    if not any(character.isalnum() for character in around):
        return ()
    return _clipped(_marked(text, Range(start, end), Range(start, end)))


def _marked(text: str, quote: Range, sentence: Range) -> tuple[Part, ...]:
    """Cut the text at the ends of quote and sentence; the quote stays in one piece."""
    first, last = min(sentence.start, quote.start), max(sentence.end, quote.end)
    parts = (
        Part(text[: max(first, 0)]),
        Part(text[max(first, 0) : quote.start], "sentence"),
        Part(text[quote.start : quote.end], "mark"),
        Part(text[quote.end : last], "sentence"),
        Part(text[last:]),
    )
    return tuple(part for part in parts if part.text)


def with_marks(text: str, base: int, marked: Sequence[Range]) -> tuple[Part, ...]:
    """The piece of an article that begins at `base`, marked where the ranges meet it.

    Ranges that touch or overlap are one mark.
    """
    parts: list[Part] = []
    done = 0
    for start, end in _apart(text, base, marked):
        parts += [Part(text[done:start]), Part(text[start:end], "mark")]
        done = end
    return tuple(part for part in (*parts, Part(text[done:])) if part.text)


def _apart(text: str, base: int, marked: Sequence[Range]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for each in sorted(marked, key=lambda r: r.start):
        start, end = max(each.start - base, 0), min(each.end - base, len(text))
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _clipped(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """What is near the mark, cut between words; where nothing is marked, the beginning.

    The whole article is one step away, and a reader who checks a quotation looks around it.
    """
    marked = next((at for at, part in enumerate(parts) if part.kind == "mark"), None)
    if marked is None:
        return tuple(Part(_beginning(part.text, MAX_PASSAGE_SHOWN), part.kind) for part in parts)

    def clip(at: int, part: Part) -> Part:
        if part.kind == "mark":
            return part
        room = MAX_AROUND if part.kind == "plain" else MAX_PASSAGE_SHOWN
        cut = _ending if at < marked else _beginning
        return Part(cut(part.text, room), part.kind)

    return tuple(clip(at, part) for at, part in enumerate(parts))


def _beginning(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    kept, space, _rest = text[:room].rpartition(" ")
    return f"{kept if space else text[:room]} …"


def _ending(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    _rest, space, kept = text[-room:].partition(" ")
    return f"… {kept if space else text[-room:]}"
