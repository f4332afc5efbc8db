"""Names of people and outlets as bylines and credit lines write them."""

import re

_PARTICLES = frozenset(
    """de da di do del della der den des dos du la le el al van von zu ter ten bin ibn bint y e af
    av""".split()
)
_NO_NAME = frozenset(
    """the a an and or of in on at by for from to with our your his her its their this that these
    monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december staff reporter reporters writer writers correspondent
    correspondents editor editors contributor contributors columnist agency agencies wire news desk
    team bureau chief special press photo photos photograph photographs image images video report
    reports reporting update updated published posted breaking exclusive opinion analysis comment
    comments page source sources read more click share police government ministry council city
    university institute department officials""".split()
)
_ROLE = re.compile(
    r"\b(?:staff|writers?|reporters?|correspondents?|editors?|contribut(?:or|ors|ing)|columnists?"
    r"|producers?|analysts?|bureau|freelance|newsroom|desk|agenc(?:y|ies)|interns?|journalists?"
    r"|critic)\b",
    re.IGNORECASE,
)
_OUTLET = re.compile(
    r"\b(?:times|post|herald|gazette|tribune|journal|news|newspaper|daily|weekly|monthly|quarterly"
    r"|chronicle|observer|guardian|telegraph|mail|echo|courier|examiner|press|review|record"
    r"|register|standard|independent|mirror|express|globe|mercury|bulletin|dispatch|sentinel"
    r"|today|wire|newswire|agency|magazine|monitor|argus|advertiser|leader|voice|digest"
    r"|broadcasting|radio|tv|television|network|online|inquirer|beacon|ledger|messenger|insider"
    r"|blog|pilot|argosy|clarion|despatch|intelligencer|enquirer|reporter|citizen|eagle|spectator"
    r"|letter|newsletter|notebook|lookout|compass|almanac|report|media|channel|world|week|star|sun"
    r"|presse|zeitung)\b|\.(?:com|org|net|info|example|news|co\.\w\w|\w\w)\b",
    re.IGNORECASE,
)
_AGENCIES = frozenset(
    name.strip()
    for name in """afp, afp news, agence france-presse, ap, associated press, the associated press,
    reuters, thomson reuters, upi, united press international, dpa, efe, ansa, tass, xinhua, pti,
    press trust of india, pa, pa media, press association, ani, ians, bloomberg, bloomberg news,
    interfax, kyodo, kyodo news, yonhap, anadolu, anadolu agency, bbc, bbc news, cnn, npr, sapa,
    aap, cp, the canadian press, ria novosti""".split(",")
)


def is_agency(text: str) -> bool:
    """Whether `text` is the name of a news agency that signs reports ("AFP")."""
    return text.strip(" ()").lower() in _AGENCIES


def is_outlet(text: str) -> bool:
    """Whether `text` is the name of an outlet by its words: "The Harbour Gazette"."""
    text = text.strip()
    if is_agency(text):
        return True
    if "/" in text:
        return False
    return _is_name_like(text) and bool(_OUTLET.search(text)) and not _ROLE.search(text)


def is_outlet_shaped(text: str) -> bool:
    """Whether `text` could name an outlet where a byline has room for one."""
    return is_outlet(text) or (_is_name_like(text.strip()) and not _ROLE.search(text))


def is_role(text: str) -> bool:
    """Whether `text` is a role such as "Staff Writer" or "our health correspondent"."""
    return bool(_ROLE.search(text)) and len(text) <= 60


def is_person(text: str) -> bool:
    """Whether `text` has the form of a person's full name: two to five capitalised words."""
    words = text.split()
    if not 2 <= len(words) <= 5 or len(text) > 60:
        return False
    if not all(_is_name_word(word) for word in words):
        return False
    return (
        words[0].lower() not in _PARTICLES - {"al", "el", "de", "van", "von"}
        and len(words[-1].strip(".")) > 1
    )


def people(text: str) -> tuple[str, ...]:
    """The names in "A", "A and B" or "A, B and C"; empty unless every one is a person's."""
    listed = re.sub(r"\s*,?\s+(?:and|&|with)\s+|\s*;\s*|\s*,\s+", "\n", text.strip()).split("\n")
    names = tuple(_without_honours(name.strip()) for name in listed)
    return names if all(is_person(name) for name in names) else ()


def _without_honours(name: str) -> str:
    return re.sub(r"^(?:Dr|Prof|Mr|Ms|Mrs)\.?\s+", "", name)


def _is_name_like(text: str) -> bool:
    """At most six words, each capitalised or small inside a name ("of", "the", "and")."""
    words = text.split()
    if not 1 <= len(words) <= 6 or len(text) > 60 or text.endswith((".", "?", "!", ":", ";", ",")):
        return False
    small = {"of", "the", "and", "&", "for", "in", "on", "de", "la", "le", "+"}
    return all(word[0].isupper() or word[0].isdigit() or word in small for word in words) or (
        len(words) == 1 and "." in text
    )


def _is_name_word(word: str) -> bool:
    if word.lower() in _NO_NAME:
        return False
    if not all(character.isalpha() or character in "-’'.‑" for character in word):
        return False
    if word in _PARTICLES:
        return True
    start = re.sub(r"^(?:al|el|ad|an|as|ash|at|az|ul|d|l|o|'t)[-’']", "", word, flags=re.IGNORECASE)
    first = (start or word)[0]
    if word.endswith(".") and len(word) > 3 and word.lower() not in ("jr.", "sr."):
        return False
    return first.isupper() or (first.isalpha() and first.lower() == first.upper())
