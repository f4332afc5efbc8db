"""Names of authors: a person's family name told from the rest, an agency's kept whole.

By rules on how bylines are written; "Gabriel García Márquez" needs "García Márquez, Gabriel".
"""

import re
import unicodedata
from dataclasses import dataclass

from index.ingest.names import is_agency
from qa.rich_text import one_line


@dataclass(frozen=True, slots=True)
class Name:
    """A person by parts, or `literal` alone: an agency, or a name that is not to be parted."""

    family: str = ""
    given: str = ""
    particle: str = ""  # stays with the family name: "de" of "de Vries"
    dropping: str = ""  # left out where the family name stands alone: "van" of "Beethoven"
    suffix: str = ""
    literal: str = ""
    family_first: bool = False  # as its script has it: "村上 春樹"

    @property
    def surname(self) -> str:
        """What stands for the person in a short citation."""
        if self.literal or self.family_first:
            return self.literal or self.family
        # Not after "d'" and "al-", which are written together with the name.
        return f"{self.particle} {self.family}".strip()

    @property
    def whole(self) -> str:
        """The name as it is said."""
        if self.literal:
            return self.literal
        if self.family_first:
            return f"{self.family} {self.given}"
        parts = (self.given, self.dropping, self.surname, self.suffix)
        return " ".join(part for part in parts if part)

    @property
    def inverted(self) -> str:
        """The family name first, as lists are sorted by: "Roe, Ann, III"."""
        return self._inverted(" ".join(part for part in (self.given, self.dropping) if part))

    @property
    def inverted_initials(self) -> str:
        """The family name first, then initials: "Roe, A. B., III"."""
        return self._inverted(" ".join(part for part in (self.initials, self.dropping) if part))

    @property
    def inverted_closed(self) -> str:
        """The same with nothing between the initials: "Roe, A.B., III"."""
        closed = self.initials.replace(". ", ".")
        return self._inverted(" ".join(part for part in (closed, self.dropping) if part))

    @property
    def initials(self) -> str:
        """The given names' first letters: "A. B.", "J.-P."."""
        return initials(self.given)

    def _inverted(self, given: str) -> str:
        if self.literal or self.family_first:
            return self.whole
        return ", ".join(part for part in (self.surname, given, self.suffix) if part)


def initials(given: str) -> str:
    """Each given name by its first letter."""
    spaced = re.sub(r"\.(?=[^\s.-])", ". ", given)
    return " ".join(
        "-".join(f"{part[0].upper()}." for part in word.split("-") if part)
        for word in spaced.split()
        if word.strip("-")
    )


_PARTICLES = frozenset(
    """af al av bin da dal das de dei del della den der des di do dos du el ibn la las le los
    ten ter van vom von zu zum zur""".split()
)
_SUFFIX = re.compile(r"(?:jr|sr)\.?|i{2,3}|iv|vi{0,3}", re.IGNORECASE)
_HONOUR = re.compile(r"(?:Dr|Prof|Mr|Mrs|Ms)\.?")
_DEGREE = re.compile(r"Ph\.?D\.?|M\.?D\.?|M\.?Sc\.?|Esq\.?")
# Those that names are also written with in capitals, "Rob De Nimo", and that are no given names.
_CAPITAL_PARTICLES = frozenset("Da De Del Della Der Di Du El La Le Van Von".split())
_ORGANISATION = re.compile(
    r"\b(?:agenc(?:y|ies)|association|authority|board|broadcasting|bureau|cent(?:er|re)|commission"
    r"|committee|company|correspondents?|council|department|desk|editors|editorial|foundation"
    r"|gazette|government|group|herald|institute|limited|ltd|inc|magazine|media|ministry|network"
    r"|news|newspaper|newsroom|newswire|office|observatory|police|press|radio|reporters?|service"
    r"|services|society|staff|team|television|tribune|tv|university|wire|writers?"
    r"|and|for|of|the)\b|[&\d]",
    re.IGNORECASE,
)
# Whose particle is left out in English, though those of today's namesakes are kept.
_WITHOUT_PARTICLE = frozenset({"beethoven", "bismarck", "goethe", "humboldt"})


def parse_name(written: str, *, outlet: str | None = None) -> Name:
    """The parts of an author's name. outlet: of the article, which may be its own author."""
    name = re.sub(r"^by\s+(?=\S)", "", one_line(written), flags=re.IGNORECASE)
    if not _is_person(name, outlet):
        return Name(literal=name)
    if _scripts(name) & _FAMILY_FIRST:
        family, _, given = one_line(name.replace(",", " ")).partition(" ")
        alone = not given or " " in given
        return Name(literal=name) if alone else Name(family, given, family_first=True)
    return _with_commas(name) if "," in name else _as_said(name.split())


def _is_person(name: str, outlet: str | None) -> bool:
    if outlet and name.casefold() == one_line(outlet).casefold():
        return False
    if is_agency(name) or _ORGANISATION.search(name):
        return False
    letters = [character for character in name if character.isalpha()]
    capitals = len(letters) > 1 and all(letter.isupper() for letter in letters)
    known = _scripts(name) <= _GIVEN_FIRST or _scripts(name) <= _FAMILY_FIRST
    return bool(letters) and known and not capitals and (" " in name or "," in name)


_GIVEN_FIRST = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "MODIFIER"})
_FAMILY_FIRST = frozenset({"CJK", "HANGUL", "HIRAGANA", "KATAKANA"})


def _scripts(name: str) -> frozenset[str]:
    letters = (character for character in name if character.isalpha())
    return frozenset(re.split(r"[ -]", unicodedata.name(letter, "?"))[0] for letter in letters)


def _with_commas(name: str) -> Name:
    """Parts of "Roe, Ann", "Roe, Jr., Ann", "Ann Roe, Jr." or "de Vries, Hanneke"."""
    parts = [part.strip() for part in name.split(",")]
    parts = [part for part in parts if part and not _DEGREE.fullmatch(part)]
    suffixes = [part for part in parts[1:] if _SUFFIX.fullmatch(part)]
    rest = [part for part in parts if part not in suffixes]
    if len(suffixes) > 1 or len(rest) not in (1, 2):
        return Name(literal=name)
    suffix = suffixes[0] if suffixes else ""
    if len(rest) == 1:
        return _as_said([*rest[0].split(), *suffixes])
    family, given = rest[0].split(), rest[1].split()
    particle = _leading_particles(family)
    dropped = _leading_particles(given[::-1])
    kept = given[: len(given) - len(dropped)]
    return Name(
        family=" ".join(family[len(particle) :]),
        given=" ".join(kept),
        particle=" ".join(particle),
        dropping=" ".join(given[len(kept) :]),
        suffix=suffix,
    )


def _leading_particles(words: list[str]) -> list[str]:
    """The small particles that they begin with; the last word is a name in any case."""
    count = 0
    while count < len(words) - 1 and words[count] in _PARTICLES:
        count += 1
    return words[:count]


def _as_said(words: list[str]) -> Name:
    """Parts of "Ann B. Roe III", "Ursula von der Leyen" or "Robert De Niro"."""
    words = words[1:] if _HONOUR.fullmatch(words[0]) and len(words) > 1 else words
    words = words[:-1] if _DEGREE.fullmatch(words[-1]) and len(words) > 2 else words
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2:
        return Name(literal=" ".join([*words, *([suffix] if suffix else [])]))
    middle = range(1, len(words) - 1)
    first = next((n for n in middle if words[n] in _PARTICLES | _CAPITAL_PARTICLES), len(words) - 1)
    particle = _leading_particles(words[first:])
    family = " ".join(words[first + len(particle) :])
    drops = family.lower() in _WITHOUT_PARTICLE
    return Name(
        family=family,
        given=" ".join(words[:first]),
        particle="" if drops else " ".join(particle),
        dropping=" ".join(particle) if drops else "",
        suffix=suffix,
    )
