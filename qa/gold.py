"""From feedback to test set: a confirmed or corrected answer, kept with its exact place.

from qa.gold import confirm_gold
confirm_gold(assistant.library, assistant.ask("Who won?"))

Knows libraries and answers, and nothing of measuring.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from index.gold import GoldAnswer, GoldItem
from index.library import Library
from index.types import Article, Passage
from qa.errors import GoldError
from qa.question import check_question
from qa.squad import normalize_answer
from qa.types import Answer, Citation

__all__ = [
    "GoldAnswer",
    "GoldItem",
    "add_gold",
    "article_names",
    "choose_place",
    "confirm_gold",
    "find_words",
    "list_gold",
    "remove_gold",
    "require_gold",
]

_NAMED = 5  # of many places, those that a message names
_ALIKE = {c: f"[{chars}]" for chars in ("'’‘", '"“”„', "\\-–—‑") for c in chars if c != "\\"}


def add_gold(library: Library, question: str, places: Sequence[Passage]) -> tuple[GoldItem, bool]:
    """Accept the words at these places as answers to the question; without any it has none.

    The whole item comes back, with the answers accepted before, and whether any
    of it is new. Raises QuestionError, GoldError for words that no score can
    count, or LibraryError if they do not stand there, or the question would have
    an answer and none.
    """
    asked = " ".join(check_question(question).split())
    for place in places:
        _check_words(place.text)
    return library.add_gold(asked, places)


def confirm_gold(library: Library, answer: Answer) -> tuple[GoldItem, bool]:
    """Accept this answer, in the words of each of its citations; as `add_gold`.

    It is kept under the question that stands alone. Raises GoldError if it is none.
    """
    if not answer.answered:
        raise GoldError(
            f"the question '{answer.question}' is not answered now: give the answer with "
            "--answer WORDS, or say with --no-answer that the library does not hold it"
        )
    cited = [Passage(c.article_id, c.start, c.end, c.quote) for c in answer.citations]
    return add_gold(library, answer.standalone_question, cited)


def list_gold(library: Library) -> list[GoldItem]:
    """All gold items, in the order of adding."""
    return library.gold()


def require_gold(library: Library) -> list[GoldItem]:
    """All gold items. Raises GoldError if there is none."""
    items = library.gold()
    if not items:
        raise GoldError(
            f"library {library.folder} holds no gold items: add one with "
            "'footnote gold add QUESTION --answer WORDS'"
        )
    return items


def remove_gold(library: Library, ids: Sequence[str]) -> list[GoldItem]:
    """Delete these items, all or none; they come back. Raises LibraryError for an unknown id."""
    return library.remove_gold(ids)


def find_words(
    library: Library, words: str, *, article_id: str | None = None, start: int | None = None
) -> list[Passage]:
    """Where the words stand, in the order of adding and then of the text; at least one place.

    article_id: look in that version only, of any state; else in all live articles, of
    those with the same text in the first. start: only where they begin at this code
    point. Words that stand nowhere as they are written are found in other case,
    with other white space, quotation marks and dashes. Where they stand as whole
    words, places inside longer words are left out.
    Raises GoldError if they stand nowhere, or cannot be scored, LibraryError for an unknown id.
    """
    words = words.strip().encode("utf-8", "replace").decode()  # no text has half a surrogate
    _check_words(words)
    articles = [library.article(article_id)] if article_id is not None else _live(library, words)
    places = _places(articles, re.escape(words), re.NOFLAG)
    places = places or _places(articles, _loosely(words), re.IGNORECASE)
    if not places:
        raise GoldError(_nowhere(library, words, articles if article_id is not None else ()))
    if start is None:
        return [place for place, whole in places if whole] or [place for place, _ in places]
    here = [place for place, _ in places if place.start == start]
    if not here:
        found = _named(place for place, _ in places)
        raise GoldError(f"'{words}' does not stand at {start}: it stands {found}")
    return here


def choose_place(
    places: Sequence[Passage],
    *,
    citations: Sequence[Citation] = (),
    passages: Sequence[Passage] = (),
) -> Passage:
    """The one place that is meant.

    That is the only one there is; else the one that the first of the citations
    shares words with; else the one in the first of the passages that holds any.
    Raises GoldError, with the offsets, where that is still more than one.
    """
    if len(places) == 1:
        return places[0]
    cited = [  # articles with the same text have the same offsets
        Passage(article_id, c.start, c.end, c.quote)
        for c in citations
        for article_id in (c.article_id, *c.also_in)
    ]
    for near in (cited, passages):
        for stretch in near:
            inside = [place for place in places if _overlap(place, stretch)]
            if len(inside) == 1:
                return inside[0]
            if inside:
                break
    several = len({place.article_id for place in places}) > 1
    option = "--article ID, and where needed with --start N" if several else "--start N"
    raise GoldError(f"'{places[0].text}' stands {_named(places)}: say which is meant with {option}")


def article_names(library: Library) -> dict[str, str]:
    """What a data set calls each article version, by id: what later versions answer to as well.

    That is its file name. Where live articles in other folders share that name, it
    is the id of the version that is live at its path, else its own.
    """
    records = library.articles(states=("live", "replaced", "removed"))
    live = {record.path: record.id for record in records if record.state == "live"}
    sharing: dict[str, set[str]] = {}
    for path in live:
        sharing.setdefault(Path(path).name.casefold(), set()).add(path)
    names: dict[str, str] = {}
    for record in records:
        name = Path(record.path).name
        alone = name and not sharing.get(name.casefold(), set()) - {record.path}
        names[record.id] = name if alone else live.get(record.path, record.id)
    return names


def _check_words(words: str) -> None:
    """Raise GoldError for an answer of which scoring would leave nothing."""
    if not normalize_answer(words):
        raise GoldError(
            f"'{words}' cannot be an answer: scores leave out punctuation and the words a, an, "
            "the; give more of its words"
        )


def _live(library: Library, words: str) -> list[Article]:
    """The live articles to look in: those that hold the very words, else all."""
    ids = library.holding(words) or [record.id for record in library.articles()]
    articles = {article.sha256: article for article in map(library.article, reversed(ids))}
    return list(reversed(articles.values()))  # of those with the same text the first


def _places(
    articles: Sequence[Article], pattern: str, flags: re.RegexFlag
) -> list[tuple[Passage, bool]]:
    """Each place, also where two overlap, with whether it is one of whole words."""
    found = re.compile(f"(?=({pattern}))", flags)
    return [
        (Passage(article.id, *match.span(1), match[1]), _is_whole(article.text, *match.span(1)))
        for article in articles
        for match in found.finditer(article.text)
    ]


def _is_whole(text: str, start: int, end: int) -> bool:
    inside = re.compile(r"\w\w")
    return not any(inside.match(text, at - 1) for at in (start, end) if at)


def _loosely(words: str) -> str:
    """A pattern for the words in other white space, quotation marks and dashes."""
    return r"\s+".join(
        "".join(_ALIKE.get(character, re.escape(character)) for character in word)
        for word in words.split()
    )


def _overlap(one: Passage, other: Passage) -> bool:
    same = one.article_id == other.article_id
    return same and one.start < other.end and other.start < one.end


def _nowhere(library: Library, words: str, articles: Sequence[Article]) -> str:
    if articles:
        id_ = articles[0].id
        return f"'{words}' does not stand in article {id_}: 'footnote show {id_}' shows its words"
    return (
        f"'{words}' stands in no article of library {library.folder}: give the words as an "
        "article has them, or say with --no-answer that the library does not hold the answer"
    )


def _named(places: Iterable[Passage]) -> str:
    """The places as a message says them: by article, with offsets, not too many."""
    return "; ".join(_by_article(list(places)))


def _by_article(places: Sequence[Passage]) -> Iterator[str]:
    for id_, group in groupby(places[:_NAMED], key=lambda place: place.article_id):
        yield f"at {', '.join(str(place.start) for place in group)} of article {id_}"
    if len(places) > _NAMED:
        yield f"and at {len(places) - _NAMED} more places"
