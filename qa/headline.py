"""Titles as styles print them: in headline capitals, and between quotation marks."""

import re

# Words that stay small inside a headline: articles, conjunctions, short prepositions. Without
# "up", "off" and "out", which headlines mostly have as adverbs: "Blaze Lights Up Port".
_SMALL = frozenset(
    """a an the and but or nor for so yet as at by in of on onto per to via vs with from
    into over than""".split()
)
_ENGLISH = frozenset("the of and in to a for on is as at by with from after over who how".split())
_OTHER = frozenset(
    """das dei del della dem den der des dos du een eine el és est für het il les los nach och og
    para por pour que sur und une zur""".split()
)
_WORD = re.compile(r"[^\s—–]+")
_ENDS_A_PART = re.compile(r"[:?!]['\"’”)]*\s*$")


def headline(title: str) -> str:
    """The title in headline capitals; words that have a capital or a digit stay as they are.

    So does a title in another language, as far as its small words tell.
    """
    words = {word.lower() for word in title.split()}
    if words & _OTHER and not words & _ENGLISH:
        return title
    found = list(_WORD.finditer(title))
    parts, done = [], 0
    for number, word in enumerate(found):
        first = number == 0 or bool(_ENDS_A_PART.search(title[: word.start()]))
        ends = number == len(found) - 1 or bool(_ENDS_A_PART.search(word[0]))
        parts += [title[done : word.start()], _capital(word[0], outermost=first or ends)]
        done = word.end()
    return "".join([*parts, title[done:]])


def _capital(word: str, *, outermost: bool) -> str:
    if word != word.lower() or any(character.isdigit() for character in word):
        return word
    if "/" in word or "@" in word or re.search(r"\w\.\w", word):  # an address, a file's name
        return word
    pieces = word.split("-")
    if len(pieces) == 1 and _bare(word) in _SMALL and not outermost:
        return word
    inner = range(1, len(pieces))
    return "-".join(
        piece if number in inner and _bare(piece) in _SMALL else _with_capital(piece)
        for number, piece in enumerate(pieces)
    )


def _bare(word: str) -> str:
    return re.sub(r"\W", "", word)


def _with_capital(word: str) -> str:
    return re.sub(r"\w", lambda letter: letter[0].upper(), word, count=1)


def short_title(title: str) -> str:
    """What stands before the colon, for a source that was named in full before."""
    before, colon, _ = title.partition(": ")
    return before if colon and before.strip() else title


def within_double(title: str) -> str:
    """The title as it stands between double quotation marks: its own become single ones."""
    return curly(title).replace("“", "‘").replace("”", "’")


def within_single(title: str) -> str:
    """The title as it stands between single quotation marks: its own become double ones."""
    return re.sub(r"‘([^‘’]+)’(?!\w)", r"“\1”", curly(title))


def curly(text: str) -> str:
    """Straight quotation marks and apostrophes turned the way they stand."""
    text = re.sub(r'(?:(?<=^)|(?<=[\s(\[‘“—–-]))"(?=\S)', "“", text).replace('"', "”")
    return re.sub(r"(?:(?<=^)|(?<=[\s(\[“—–-]))'(?=\S)", "‘", text).replace("'", "’")
