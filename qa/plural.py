"""Whether a question asks for several things, from its wording alone.

English only, and without a tagger: the head of "which northern fishing ports closed"
is the last plural word before something that reads as a verb or a preposition.
"""

import re

_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_ASKING = frozenset(("which", "what"))
_NUMBERS = frozenset("two three four five six seven eight nine ten several".split())
_AMOUNTS = _NUMBERS | frozenset(("all", "some", "both", "any", "many"))
_SINGULAR_HEADS = frozenset("kind type sort set group pair percent percentage number".split())
_NO_PLURALS = frozenset(
    "was is has does this its his as us yes thus plus series news species always perhaps besides "
    "towards afterwards overseas sometimes others".split()
)
_VERBS_IN_S = frozenset(
    "deals causes requires involves visits joins owns makes uses includes contains features "
    "produces lies takes gives holds comes goes says wins means needs wants lives belongs".split()
)
_SINGULAR_VERBS = frozenset("was is has".split())
_IRREGULAR = frozenset("people men women children feet teeth criteria media police".split())
_PLURAL_VERBS = frozenset(
    "are were do did have had can could will would shall should may might must".split()
)
_PAST = frozenset(
    "won got lost took made went ran fell came saw met left kept gave said sent held built bought "
    "spoke began hit sold shut put broke became fought led rose stood told wrote".split()
)
_LINKS = frozenset(
    "in on at of from to for with by about into near under during after before between that who "
    "which where also not still never like else because when while since".split()
)
_OBJECTS = _LINKS | frozenset("the a an his her its their our it him them".split())
_DETERMINERS = frozenset("the some all his her its their other these those".split())
_LONGEST_HEAD = 6  # words from the asking word to the plural one


def asks_for_several(question: str) -> bool:
    """Whether the wording asks for more than one thing, as "which towns were hit?" does.

    A "who" or "where" that may have several answers does not ask for several.
    """
    words = [word.lower() for word in _WORD.findall(question)]
    if len(words) > 1 and words[0] in _LINKS and words[1] in _ASKING:
        words = words[1:]  # "in which towns"
    match words:
        case ["list" | "enumerate", *_] | ["who", "are" | "were", *_]:
            return True
        case ["name" | "give", *rest]:
            return _names_several(rest)
        case ["what", "are" | "were", determiner, *rest] if determiner in _DETERMINERS:
            return _ends_in_plural(rest) and rest[-1] not in ("called", "named", "like")
        case ["which" | "what" as asking, *rest]:
            return _asks_with_plural(rest, asking)
    return False


def number_asked(question: str) -> int | None:
    """How many things "which three …" asks for; None: it does not say."""
    numbers = "two three four five six seven eight nine ten".split()
    for word in _WORD.findall(question.lower())[:5]:
        if word in numbers:
            return numbers.index(word) + 2
    return None


def _asks_with_plural(rest: list[str], asking: str) -> bool:
    if not rest or rest[0] == "of" or rest[0] in _SINGULAR_HEADS:
        return False
    if rest[0] in _NUMBERS or (rest[0] == "other" and rest[1:2] and rest[1] in _NUMBERS):
        return True
    for place, word in enumerate(rest[:_LONGEST_HEAD]):
        following = rest[place + 1 : place + 3]
        third_person = asking == "which" and word in _VERBS_IN_S  # "which theory causes …"
        if _is_plural(word) and not third_person and _verb_follows(following, asking):
            return True
        if word in _SINGULAR_HEADS | _SINGULAR_VERBS | _PLURAL_VERBS | _PAST | _OBJECTS:
            return False
    return False


def _verb_follows(following: list[str], asking: str) -> bool:
    """Whether a plural noun ends before these words. "What causes …" has its verb there."""
    if not following:
        return asking == "which"
    first, *more = following
    if first in _PLURAL_VERBS or first == "does":
        return True
    if asking == "what":
        return False
    verbal = first in _LINKS or first in _PAST or first.endswith("ed")
    return verbal or bool(more and more[0] in _OBJECTS and not first.endswith("ing"))


def _ends_in_plural(rest: list[str]) -> bool:
    """Of "what are the …": a plural noun, then nothing or what belongs to it."""
    for place, word in enumerate(rest[:_LONGEST_HEAD]):
        following = rest[place + 1 : place + 2]
        if _is_plural(word) and (not following or following[0] in _LINKS | _PLURAL_VERBS):
            return True
    return False


def _names_several(rest: list[str]) -> bool:
    """Of "name …": a plural noun soon."""
    if rest[:1] == ["one"]:
        return False
    leading = [word for word in rest if word not in _AMOUNTS][: _LONGEST_HEAD - 1]
    if leading[:1] == ["of"]:  # "all of the schools"
        leading = leading[1:]
    until = next((i for i, word in enumerate(leading) if word in _LINKS), len(leading))
    return any(_is_plural(word) for word in leading[:until])


def _is_plural(word: str) -> bool:
    if word in _IRREGULAR:
        return True
    ends = word.endswith("s") and not word.endswith(("ss", "us", "is", "’s", "'s"))
    return ends and len(word) > 2 and word not in _NO_PLURALS
