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
# Words that headlines leave out, and sentences of prose seldom do.
_OF_SENTENCES = frozenset(
    """the a an i we you he she it they my our your his her its their this that there was were is
    are had has have been am""".split()
)
_CONTACT = re.compile(
    r"(?:(?:media|press|news)\s+)?(?:contacts?|inquir(?:y|ies)|enquir(?:y|ies))\b", re.IGNORECASE
)
_SECTION = re.compile(
    r"(?:world|uk|us|u\.s\.|politics|business|economy|markets|sports?|football|opinion|editorial"
    r"|comment|analysis|features?|news|local|national|international|regional|tech(?:nology)?|science"
    r"|health|environment|climate|culture|arts|entertainment|lifestyle|travel|food|weather|education"
    r"|obituar(?:y|ies)|crime|courts?|exclusive|breaking|investigations?|magazine|africa"
    r"|asia|europe|americas|middle east)(?: news)?",
    re.IGNORECASE,
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

    It must be in title case or capitals, or a dateline must follow, or it must
    lack the small words that sentences are made with; a gap parts it from prose.
    """
    if not after or not after[0].gap or not is_headline_like(text):
        return False
    words, prose = text.split(), after[0].text
    if not 3 <= len(words) <= 20 or len(text) > 130 or ends_sentence(text.rstrip("?!")):
        return False
    if len(prose) < 80 or not ends_sentence(prose) or prose[0].islower():
        return False
    if _is_title_case(words) or _DATELINE.match(prose) is not None:
        return True
    plain = {word.lower().strip("\"'“”‘’,") for word in words}
    all_prose = len(after) > 1 and all(ends_sentence(one.text) for one in after[:6])
    return all_prose and len(words) >= 4 and not plain & _OF_SENTENCES


def is_contact(text: str) -> bool:
    """Whether a line tells the press whom to call."""
    return len(text) <= 200 and bool(_CONTACT.match(text)) and bool(re.search(r"@|\d{3}", text))


def is_menu(text: str) -> bool:
    """Whether a line is a page's menu or section: "News | Sport | Weather", "Home > World"."""
    if _SECTION.fullmatch(text):
        return True
    items = re.split(r"\s*[|•·>»]\s*", text.strip("|•·>» "))
    if items[0] == "Home" and len(text) <= 80:
        return len(items) > 1
    return len(items) >= 3 and all(re.fullmatch(r"[A-Z][A-Za-z&]{1,14}", item) for item in items)


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
