"""Enumerations: where the items of "A, B and C" stand, each as an exact slice.

Rules over the text alone, for English. They only ever mark words that stand there:
where it is not clear what belongs to an enumeration, they find none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa import list_patterns as pattern
from qa.sentence import sentence_around
from qa.types import Range, Span

NEAR = 4.0  # logits by which a reading of the whole enumeration may be worse than of a part
LONGEST_ITEM = 14  # words
REACH = 500  # code points before and after the span in which its enumeration is looked for
LONGEST = 1000  # code points of an enumeration
LONGEST_READ = 250  # code points of an enumeration that only a worse reading shows

_OPENING, _CLOSING = "([{“«", ")]}”»"


@dataclass(frozen=True, slots=True)
class Enumeration:
    """Two or more items beside one another; offsets are code points of the text they stand in."""

    items: tuple[Range, ...]

    @property
    def place(self) -> Range:
        """From the first item to the last, with what stands between them."""
        return Range(self.items[0].start, self.items[-1].end)


def enumeration_at(
    text: str, span: Span, readings: Sequence[Span] = (), *, at_most: int | None = None
) -> Enumeration | None:
    """The enumeration that the span is, or is part of; None if it is in none.

    readings: other spans of the same text. One that overlaps and takes in more
    items stands for the span where its score is near. at_most: larger
    enumerations than this are not meant.
    """
    own = items_in(text, span.start, span.end)
    bullets = _bulleted(text, span.start)
    around = [bullets] if bullets else [*_around(text, span, own)]
    wider = [one for one in around if not own or _takes_in(one.place, own.place)]
    if own:
        wider.append(own)
    elif not wider:
        wider += [found for found in _read_whole(text, span, readings) if found]
    meant = [one for one in wider if at_most is None or len(one.items) <= at_most]
    return max(meant, key=lambda one: len(one.items), default=None)


def items_in(text: str, start: int, end: int) -> Enumeration | None:
    """The items of text[start:end] if that is an enumeration and nothing else."""
    if end - start > LONGEST:
        return None
    if "\n" in text[start:end]:
        return _lines_in(text, start, end)
    parts, joined_by = _split(text, start, end)
    joined = any(re.search(pattern.AND, join) for join in joined_by)
    if len(parts) < 2 or not (joined or len(parts) > 2):
        return None
    items = _alike(text, [_bare(text, part) for part in parts])
    if len(items) < 2 or _one_thing(text, items, joined_by):
        return None
    return Enumeration(tuple(items))


def _takes_in(outer: Range, inner: Range) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _read_whole(text: str, span: Span, readings: Sequence[Span]) -> Iterator[Enumeration | None]:
    """The best reading that goes beyond the span and is an enumeration."""
    for reading in sorted(readings, key=lambda reading: -reading.score):
        beyond = reading.start <= span.start and span.end <= reading.end
        if beyond and reading.score >= span.score - NEAR:
            found = items_in(text, reading.start, reading.end)
            if found and len(text[found.place.start : found.place.end]) <= LONGEST_READ:
                yield found
                return


def _around(text: str, span: Span, own: Enumeration | None) -> Iterator[Enumeration]:
    """Enumerations in the span's sentence that it is part of, or that it introduces."""
    sentence = sentence_around(text, span.start, span.end)
    low, high = max(sentence.start, span.start - REACH), min(sentence.end, span.end + REACH)
    introduced = pattern.INTRODUCED.match(text, span.end, high)
    for match in (*_names(text, low, high), *pattern.THINGS.finditer(text, low, high)):
        meets = match.start() < span.end and span.start < match.end()
        if meets or (introduced and introduced.end() == match.start()):
            found = items_in(text, match.start(), match.end())
            if found:
                yield found
    before = pattern.BEFORE_LIST.search(text[low : span.start]) if own else None
    if own and before:
        first = Range(low + before.start(1), low + before.end(1))
        yield Enumeration((first, *own.items))


def _names(text: str, low: int, high: int) -> Iterator[re.Match[str]]:
    """Enumerations of names in a sentence, not the "Rome, Ada" of "In Rome, Ada and Bob met"."""
    place = low
    while match := pattern.NAMES.search(text, place, high):
        place = match.end()
        commas = match[0].count(",") + match[0].count(";")
        opens = pattern.PLACE_FIRST.fullmatch(text, low, match.start())
        if opens and commas and text[match.end() : match.end() + 1] != ",":
            place = match.start() + match[0].index(",") + 1
        # "it hurt Ada, and Bob left": two clauses
        elif not (commas == 1 and re.search(rf"[,;]\s{pattern.AND}\s", match[0])):
            yield match


def _split(text: str, start: int, end: int) -> tuple[list[Range], list[str]]:
    """The parts between the joins, and the joins: at semicolons, else commas, else "and"s.

    Beside commas only the last "and" joins: "Tyne and Wear, Kent and Essex".
    """
    paired = [m.span() for m in re.finditer(pattern.WITH_AND, text[start:end])]
    joins = [
        m
        for m in pattern.JOIN.finditer(text, start, end)
        if not _inside(text, start, m.start())
        and not any(a < m.start() - start < b for a, b in paired)
    ]
    if any(";" in m[0] for m in joins):
        joins = [m for m in joins if ";" in m[0]]
    elif any("," in m[0] for m in joins):
        last_comma = max(i for i, m in enumerate(joins) if "," in m[0])
        final = (
            joins[last_comma + 1 :][-1:] if not re.search(pattern.AND, joins[last_comma][0]) else []
        )
        joins = [m for m in joins if "," in m[0]] + final
    edges = [start, *(place for m in joins for place in m.span()), end]
    parts = [Range(edges[i], edges[i + 1]) for i in range(0, len(edges), 2)]
    return [part for part in parts if part.start < part.end], [m[0] for m in joins]


def _inside(text: str, start: int, place: int) -> bool:
    """Whether a bracket or quotation mark that opens after `start` is still open at `place`."""
    before = text[start:place]
    return any(
        before.count(opening) > before.count(closing)
        for opening, closing in zip(_OPENING, _CLOSING, strict=True)
    ) or (before.count('"') % 2 == 1)


def _bare(text: str, part: Range) -> Range:
    """Without "and", without "the" before a name, without what all items have before them."""
    start = pattern.SUCH_AS.match(text, part.start, part.end) or pattern.LEADING.match(
        text, part.start, part.end
    )
    first = start.end() if start else part.start
    head = pattern.ITEM_HEAD.match(text, first, part.end)
    if head and head.end() < part.end and re.match(pattern.CAPITAL, text[head.end()]):
        first = head.end()
    last = part.end
    while last > first and text[last - 1] in ".,;: ":
        if text[last - 1] == "." and re.search(
            r"\b(?:[A-Z]|Inc|Co|Corp|Ltd|Jr|Sr)\.$", text[:last]
        ):
            break
        last -= 1
    return Range(first, last)


def _alike(text: str, items: Sequence[Range]) -> list[Range]:
    """Those of one form: among names no age and no "the mayor". None at all if one is a clause."""
    words = {item: text[item.start : item.end] for item in items if item.start < item.end}
    named = [item for item in words if re.search(rf"(?<!\w){pattern.CAPITAL}", words[item])]
    if named and named[0] == items[0] and 2 * len(named) >= len(words) and len(named) > 1:
        words = {item: words[item] for item in named}
    words = {item: said for item, said in words.items() if not pattern.REST.match(said)}
    doings = [said.split()[0].endswith("ing") for said in words.values()]
    if any(doings) and not doings[0]:
        return []
    sound = not any(
        pattern.CLAUSE.search(w) or len(w.split()) > LONGEST_ITEM for w in words.values()
    )
    return list(words) if sound else []


def _one_thing(text: str, items: Sequence[Range], joins: Sequence[str]) -> bool:
    """Whether "social and economic policy" is one thing: two qualities of it, not two items."""
    if len(items) != 2 or len(joins) != 1:
        return False
    first, second = (text[item.start : item.end].split() for item in items)
    quality = len(first) == 1 and first[0].islower() and not first[0].endswith("s")
    return quality and len(second) > 1 and second[0].islower()


def _bulleted(text: str, place: int) -> Enumeration | None:
    """The bulleted lines around `place`, if it stands in one of two or more."""
    line = text.rfind("\n", 0, place + 1) + 1
    if not pattern.BULLET.match(text, line):
        return None
    first = line
    while first and pattern.BULLET.match(text, text.rfind("\n", 0, first - 1) + 1):
        first = text.rfind("\n", 0, first - 1) + 1
    last = line
    while last < len(text) and pattern.BULLET.match(text, last):
        last = text.find("\n", last) + 1 or len(text)
    return _lines_in(text, first, last)


def _lines_in(text: str, start: int, end: int) -> Enumeration | None:
    """One item a line, without bullets; None for running text."""
    items, place = [], start
    for number, line in enumerate(text[start:end].split("\n")):
        bullet = pattern.BULLET.match(text, place, place + len(line))
        if number and line.strip() and not bullet:
            return None
        item = Range(bullet.end() if bullet else place, place + len(line.rstrip(" ,;.")))
        if item.start < item.end:
            items.append(item)
        place += len(line) + 1
    return Enumeration(tuple(items)) if len(items) > 1 else None
