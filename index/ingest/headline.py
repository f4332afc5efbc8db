"""What a headline looks like in running text, and a dateline."""

import re
from collections.abc import Sequence

from index.ingest.dates import read_date
from index.ingest.draft import Metadata
from index.ingest.names import is_agency, is_outlet, is_outlet_shaped
from index.ingest.paragraphs import Paragraph, ends_sentence, is_list_item
from index.types import PublishedDate, Sourced

_HEADING = re.compile(r"#{1,6}\s+(?P<text>\S.*?)(?:\s+#+)?")
_GREETING = re.compile(r"(?:dear|hello|hi|hey|good (?:morning|evening|afternoon))\b", re.IGNORECASE)
_CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+"
_DATELINE = re.compile(
    rf"(?P<place>{_CAPITALS}(?:[ /]{_CAPITALS}){{0,3}}(?:, [A-ZÀ-Þ][\w. -]{{1,25}}?)?)"
    r"(?:,? (?P<date>(?:[A-Z][a-z]+\.? \d{1,2}|\d{1,2} [A-Z][a-z]+\.?)(?:,? \d{4})?))?"
    r"(?: ?\((?P<agency>[^()]{2,40})\))? ?(?:[—–]|--?(?= )|:(?= ))"
)
_DATELINE_AMONG = 3  # paragraphs from the body's start; a deck or a caption may come before
_SHORT = 4  # letters; shorter words are small in title case


def heading_text(line: str) -> str | None:
    """The words of a "# Heading", or None for any other line."""
    found = _HEADING.fullmatch(line)
    return found["text"] if found else None


def same_words(text: str, other: str) -> bool:
    """Whether two lines hold the same letters and digits, whatever case and marks."""
    return re.sub(r"\W+", "", text).casefold() == re.sub(r"\W+", "", other).casefold()


def is_headline_like(text: str) -> bool:
    """Whether a line has a headline's form: short, a capital in front, no full stop behind."""
    if len(text) > 200 or not 2 <= len(text.split()) <= 32 or is_list_item(text):
        return False
    if _GREETING.match(text) or not any(letter.isalpha() for letter in text):
        return False
    if re.search(r"[.,;:]$", text) and not re.search(r"(?:\b[A-Z]\.){2,}$|\.{3}$", text):
        return False
    return not text.lstrip("\"'“‘«(")[:1].islower()


def is_clear_headline(text: str, after: Sequence[Paragraph]) -> bool:
    """Whether a line is a headline by itself, without a byline or date to show it.

    It must be in title case or capitals, or a dateline must follow, with a gap
    between it and prose.
    """
    if not after or not after[0].gap or not is_headline_like(text):
        return False
    words, prose = text.split(), after[0].text
    if not 3 <= len(words) <= 20 or len(text) > 130 or ends_sentence(text.rstrip("?!")):
        return False
    if len(prose) < 80 or not ends_sentence(prose) or prose[0].islower():
        return False
    return _is_title_case(words) or _DATELINE.match(prose) is not None


def is_outlet_line(text: str) -> bool:
    """Whether a line is nothing but an outlet's name, as it stands over a clipping."""
    return is_agency(text) or (is_outlet(text) and is_outlet(text.split()[-1].capitalize()))


def from_dateline(paragraphs: Sequence[Paragraph]) -> Metadata:
    """Date (if a whole one) and agency of "KABUL, Nov. 6, 2019 (AFP) — ..."; the words stay."""
    matches = (_DATELINE.match(one.text) for one in paragraphs[:_DATELINE_AMONG])
    found = next(filter(None, matches), None)
    if found is None:
        return Metadata()
    date = read_date(found["date"]) if found["date"] else None
    agency = found["agency"]
    return Metadata(
        source=Sourced(agency, "dateline") if agency and is_outlet_shaped(agency) else None,
        published=PublishedDate(date.value, "dateline", "high") if date else None,
    )


def _is_title_case(words: Sequence[str]) -> bool:
    long = [word.strip("\"'“”‘’(),:;?!") for word in words]
    long = [word for word in long if len(word) >= _SHORT and word[0].isalpha()]
    capital = sum(word[0].isupper() for word in long)
    return len(long) >= 2 and capital >= 0.8 * len(long)
