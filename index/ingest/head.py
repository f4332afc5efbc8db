"""The head of an article in running text: headline, byline, date line, labelled lines.

A head is recognised by something that only a head has: a labelled line, a byline,
a date line, a heading's mark, or a headline in title case over prose. Whatever is
not understood stays in the body, and so does the headline, in front of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.ingest.bylines import Byline, read_byline
from index.ingest.dates import ReadDate, is_supported
from index.ingest.draft import NOTHING_KNOWN, Metadata
from index.ingest.fields import Field, metadata_of, read_field, warnings_of
from index.ingest.headline import (
    from_dateline,
    heading_text,
    is_clear_headline,
    is_contact,
    is_headline_like,
    is_menu,
    is_outlet_line,
    same_words,
)
from index.ingest.names import is_outlet, is_person, is_role
from index.ingest.paragraphs import Paragraph, ends_sentence, is_list_item
from index.types import PublishedDate, Sourced

_LONGEST = 14  # paragraphs that a head may have
_LONGEST_DECK = 300  # characters of a summary between headline and byline


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before an article's body, and the body that is left."""

    body: tuple[Paragraph, ...]
    headline: str | None = None
    metadata: Metadata = NOTHING_KNOWN
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """One paragraph of the head, as understood."""

    n: int
    text: str
    field: Field | None = None
    byline: Byline | None = None

    @property
    def understood(self) -> bool:
        return self.field is not None or self.byline is not None

    @property
    def signed(self) -> bool:
        """Whether it says who wrote or published."""
        if self.field is not None:
            return self.field.key in ("author", "source", "original", "sender")
        return self.byline is not None and self.byline.signed


def stands_alone(line: str) -> bool:
    """Whether a line is part of no longer paragraph: a label, a byline, a heading, a list item."""
    if is_list_item(line) or heading_text(line) is not None:
        return True
    return read_field(line) is not None or read_byline(line) is not None


def read_head(paragraphs: Sequence[Paragraph], *, headline: str | None = None) -> Head:
    """Headline, metadata and body of an article.

    `headline`: where the format says what it is; then only the lines of a
    byline are looked for, and the headline is cut from the body's front.
    """
    if headline is not None:
        paragraphs = _after_headline(paragraphs, headline)
    lines = _with_names([_read(n, one.text) for n, one in enumerate(paragraphs[:_LONGEST])])
    found, said = _scan(lines, paragraphs, known=headline is not None)
    if found is not None and heading_text(found.text) is None and not said:
        found = found if is_clear_headline(found.text, paragraphs[found.n + 1 :]) else None
    title = headline or (_title_of(found) if found else _labelled_title(said))
    spoken = {line.n for line in said}
    gone = set(spoken) if title or len(said) > 1 else set()
    if found is not None:
        gone.add(found.n)
    body = tuple(one for n, one in enumerate(paragraphs) if n not in gone)
    prose = "\n".join(one.text for n, one in enumerate(paragraphs) if n not in spoken)
    metadata = _metadata(said, prose) | from_dateline(body)
    if title:
        metadata = replace(metadata, title=metadata.title or Sourced(title, "headline"))
    return Head(body, title, metadata, warnings_of([line.field for line in said if line.field]))


def _read(n: int, text: str) -> _Line:
    field = read_field(text)
    return _Line(n, text, field, None if field else read_byline(text))


def _after_headline(paragraphs: Sequence[Paragraph], headline: str) -> Sequence[Paragraph]:
    for n, one in enumerate(paragraphs[:3]):
        if same_words(heading_text(one.text) or one.text, headline):
            return [*paragraphs[:n], *paragraphs[n + 1 :]]
    return paragraphs


def _with_names(lines: list[_Line]) -> list[_Line]:
    """The lines, bare names of outlets and people understood where their place shows them."""
    for n, line in enumerate(lines):
        byline = None if line.understood else _bare_name(lines, n)
        if byline is not None:
            lines[n] = replace(line, byline=byline)
    return lines


def _bare_name(lines: Sequence[_Line], n: int) -> Byline | None:
    text, after = lines[n].text, lines[n + 1 : n + 2]
    if any(not line.understood for line in lines[:n]):  # the headline may be above
        name, _, role = text.partition(", ")
        beside = any(line.byline is not None for line in [*lines[n - 1 : n], *after])
        if beside and is_outlet(text):
            return Byline(source=text, signed=True)
        return Byline((name,), signed=True) if beside and _is_bare_person(name, role) else None
    if not after or not (after[0].understood or is_headline_like(after[0].text)):
        return None
    if is_menu(text):
        return Byline()
    over_headline = not after[0].understood
    return Byline(source=text, signed=True) if over_headline and is_outlet_line(text) else None


def _is_bare_person(name: str, role: str) -> bool:
    sentence = ends_sentence(name) and not name.endswith((" Jr.", " Sr."))
    short = len(name.split()) <= 3
    return is_person(name) and short and not sentence and (not role or is_role(role))


def _scan(
    lines: Sequence[_Line], paragraphs: Sequence[Paragraph], *, known: bool
) -> tuple[_Line | None, list[_Line]]:
    """The line that may be the headline, and the lines understood before the body begins."""
    found: _Line | None = None
    said: list[_Line] = []
    for line in lines:
        after = lines[line.n + 1 : line.n + 3]
        titled = known or found is not None or _labelled_title(said) is not None
        if line.understood:
            said.append(line)
        elif is_contact(line.text):
            continue  # of a press release; it stays, and the headline may follow
        elif found is None and same_words(line.text, _labelled_title(said) or "\0"):
            found = line
        elif not titled and _may_be_headline(line, after, paragraphs, bool(said)):
            found = line
        elif not (titled and _is_deck(line, after)):
            break
    return found, said


def _may_be_headline(
    line: _Line, after: Sequence[_Line], paragraphs: Sequence[Paragraph], said: bool
) -> bool:
    if heading_text(line.text) is not None:
        return True
    if not after:
        return False
    following = after[0]
    if not is_headline_like(line.text):
        # A full stop behind a headline is rare: only where a byline follows at once.
        return following.signed and len(line.text) <= 150 and ". " not in line.text
    if following.understood or paragraphs[following.n].gap or _is_deck(following, after[1:]):
        return True
    over_prose = ends_sentence(following.text) and len(following.text) > len(line.text)
    return said and over_prose and not ends_sentence(line.text)


def _is_deck(line: _Line, after: Sequence[_Line]) -> bool:
    """Whether a byline (or, after no full sentence, a date) still follows this line."""
    if len(line.text) > _LONGEST_DECK or is_list_item(line.text):
        return False
    whole = ends_sentence(line.text)
    return any(other.signed or (other.understood and not whole) for other in after)


def _title_of(line: _Line) -> str:
    return heading_text(line.text) or line.text


def _labelled_title(said: Sequence[_Line]) -> str | None:
    title = metadata_of([line.field for line in said if line.field], origin="header").title
    return title.value if title else None


def _metadata(said: Sequence[_Line], prose: str) -> Metadata:
    known = metadata_of([line.field for line in said if line.field], origin="header")
    signed = {line.n for line in said if line.signed}
    for line in said:
        byline = line.byline
        if byline is None:
            continue
        known = known.with_authors(byline.authors, "byline")
        beside = bool(signed & {line.n - 1, line.n, line.n + 1})
        known = known | Metadata(
            source=Sourced(byline.source, "byline") if byline.source else None,
            published=_published(byline.date, beside, prose) if byline.date else None,
        )
    return known


def _published(date: ReadDate, beside: bool, prose: str) -> PublishedDate:
    """A date in the head: trusted beside a byline, or where the text names a day near it."""
    origin = "byline" if beside else "page line"
    if date.updated:
        return PublishedDate(date.value, f"{origin}, updated", "low")
    supported = beside or is_supported(date.value, prose)
    trusted = supported and not date.weekday_wrong
    return PublishedDate(date.value, origin, "high" if trusted else "low")
