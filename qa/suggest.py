"""Questions that an article answers, made from its own sentences.

Only where English asks by replacing the subject, or by turning "was" around, so that every
word of a question but the first stands in the article. Whether it can be answered is not
known here: ask, and see whether the answer is `expected`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.sentences import sentence_spans
from index.types import Article
from qa.lexicon import NUMBERS, base_form, is_base, is_verb
from qa.types import Answer, Range

MAX_WORDS = 14  # of a question
MAX_CHARACTERS = 20_000  # of an article that are looked at
MAX_SENTENCE = 400  # characters; what is longer is a list, or no prose
MIN_WORDS = 3

_NAME = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Sir)\.? )?[A-Z][\w’'-]+(?: (?:de |van |von |al-)?[A-Z][\w’'-]+){1,3}"
)
_COUNT = rf"(?:\d[\d,]*|(?i:{'|'.join(sorted(NUMBERS, key=len, reverse=True))}))"
_HEDGE = (
    r"(?:(?:[Aa]bout|[Aa]round|[Aa]t least|[Mm]ore than|[Oo]ver|[Nn]early|[Aa]lmost|[Ss]ome) )?"
)
# Past forms that take an object or a place; one that also is a participle is fine after a name.
_PAST = (
    r"(?:[a-z]{2,}(?<!ne)ed|became|began|bought|brought|built|chose|drew|drove|fell|flew|found|"
    r"gave|grew|held|hit|kept|led|left|lost|made|met|paid|ran|rose|sang|saw|sent|shot|sold|spoke|"
    r"stole|struck|taught|threw|told|took|went|won|wore|wrote)"
)
_BY_NAME = re.compile(rf"(?P<subject>{_NAME}) (?P<rest>{_PAST} .+)")
_BY_NUMBER = re.compile(
    rf"(?P<subject>{_HEDGE}{_COUNT}(?:[ -](?i:hundred|thousand|million))?) "
    r"(?P<noun>(?:[a-z]+ )?(?:[a-z]+s|people|men|women|children)) (?P<rest>(?P<verb>[a-z]+)\b.*)"
)
_BY_WHO = re.compile(rf"(?P<subject>{_NAME}),(?: \d\d,)? who (?P<rest>{_PAST} .+)")
_BY_CAUSE = re.compile(
    r"(?P<subject>(?:The|An?) (?:[a-z-]+ ){1,3}?)"
    r"(?P<rest>(?:destroyed|damaged|caused|hit|struck|flooded|shook|killed|injured) .+)"
)
_ROLE = (
    r"(?:[a-z-]{2,}(?:er|or|ist|ian|man|woman|ant|ary)"
    r"|chief|head|president|minister|principal|coach)"
)
_BY_ROLE = re.compile(
    rf"(?P<who>{_NAME}),(?: \d\d,)? (?P<subject>(?:the|an?) [a-z][^,.;:“”\"]{{3,60}}),"
    rf"|\b(?P<subject2>(?:[A-Z][\w-]+[’']s |[Tt]he |its |[Aa]n? )?"
    rf"(?:(?!said|says|told|added|by|to|for|with)[a-z-]+ ){{0,3}}{_ROLE}),? "
    rf"(?P<who2>{_NAME})"
)
_MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_TIME = rf"(?:in|on) (?:\d{{1,2}} )?(?:{_MONTHS}|[A-Z][a-z]+day|\d{{4}})(?:[ ,]+\d{{1,4}}){{0,2}}"
_THING = r"(?:(?:The|An?) (?:[a-z’'-]+ ){0,3}?[a-z’'-]+|[A-Z][\w’'-]+(?: [A-Z0-9][\w’'-]*){1,4})"
_BY_TIME = re.compile(
    rf"(?P<who>{_THING}) (?P<was>was|were) "
    rf"(?P<rest>[a-z]+(?:ed|en|ilt|old|un|ade)\b(?: [^,.;:]+?)??),? (?P<subject>{_TIME})\b"
)
_BY_DAY = re.compile(
    rf"(?P<who>{_THING}) (?P<verb>[a-z]+)(?P<rest>(?: [^,.;:]+?)??),? (?P<subject>{_TIME})\b"
)
_ENDS = re.compile(
    r"[,;:.!?()“”\"—–]|\s-\s|\b(?:and|but|who|which|that|after|because|while|when|as)\b"
)
_BACK = re.compile(
    r"\b(?:he|she|it|they|his|her|its|their|him|them|this|these|there|we|our|I)\b", re.I
)
_SPEAKS = re.compile(r"^(?:said|told|added|noted|asked|replied|wrote|warned|explained|argued)\b")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, and the words of an article that should answer it."""

    question: str
    article_id: str
    expected: Range  # code points into the article's text

    def met_by(self, answer: Answer) -> bool:
        """Whether the answer cites some of the words that the question was made from."""
        return answer.answered and any(
            citation.article_id == self.article_id
            and citation.start < self.expected.end
            and self.expected.start < citation.end
            for citation in answer.citations
        )


def suggestions(article: Article) -> list[Suggestion]:
    """Questions on an English article, in the order of its sentences; of each sentence one."""
    if not article.language.startswith("en"):
        return []
    body = article.text[:MAX_CHARACTERS]
    spans = [span for span in sentence_spans(body) if span[1] - span[0] <= MAX_SENTENCE]
    found = (_of_sentence(body[start:end], start) for start, end in spans)
    return [
        Suggestion(asked, article.id, place) for each in found if each for asked, place in [each]
    ]


def _of_sentence(sentence: str, offset: int) -> tuple[str, Range] | None:
    if "\n" in sentence.strip() or sentence.startswith(("“", '"', "'", "‘")):
        return None
    for pattern, make, anywhere in _MAKERS:
        match = pattern.search(sentence) if anywhere else pattern.match(sentence)
        question = make(match) if match else None
        if match and question and _is_sound(question):
            return question, _place(match, offset)
    return None


def _how_many(match: re.Match[str]) -> str | None:
    acts = (
        is_verb(match["verb"]) or is_base(match["verb"]) or match["verb"] in ("were", "have", "had")
    )
    return f"How many {match['noun']} {_until_break(match['rest'])}?" if acts else None


def _when_was(match: re.Match[str]) -> str:
    return f"When {match['was']} {_lowered(match['who'])} {match['rest']}?"


def _when_did(match: re.Match[str]) -> str | None:
    base = base_form(match["verb"])
    return f"When did {_lowered(match['who'].rstrip())} {base}{match['rest']}?" if base else None


def _who_is(match: re.Match[str]) -> str:
    return f"Who is {match['who'] or match['who2']}?"


def _by_subject(word: str) -> Callable[[re.Match[str]], str | None]:
    def make(match: re.Match[str]) -> str | None:
        rest = _until_break(match["rest"])
        return None if _SPEAKS.match(rest) else f"{word} {rest}?"

    return make


# Each with whether it may begin inside a sentence; the first that fits makes the question.
_MAKERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None], bool], ...] = (
    (_BY_NUMBER, _how_many, False),
    (_BY_TIME, _when_was, False),
    (_BY_NAME, _by_subject("Who"), False),
    (_BY_WHO, _by_subject("Who"), True),
    (_BY_CAUSE, _by_subject("What"), False),
    (_BY_DAY, _when_did, False),
    (_BY_ROLE, _who_is, True),
)


def _place(match: re.Match[str], offset: int) -> Range:
    names = match.groupdict()
    group = "subject" if names["subject"] is not None else "subject2"
    found = match[group].rstrip()
    return Range(offset + match.start(group), offset + match.start(group) + len(found))


def _is_sound(question: str) -> bool:
    words = question.split()
    return (
        MIN_WORDS <= len(words) <= MAX_WORDS
        and not _BACK.search(question)
        and not any(character.isdigit() for character in words[-1][:-1][-1:])
    )


def _until_break(rest: str) -> str:
    """The words up to where another thought begins."""
    end = _ENDS.search(rest)
    return " ".join((rest[: end.start()] if end else rest).split())


def _lowered(subject: str) -> str:
    first, space, others = subject.partition(" ")
    return f"{first.lower() if first in ('The', 'A', 'An') else first}{space}{others}"


def spread(groups: Sequence[Sequence[Suggestion]]) -> Iterator[Suggestion]:
    """Suggestions from many articles in turn, so that the first few are of several."""
    for n in range(max(map(len, groups), default=0)):
        yield from (group[n] for group in groups if n < len(group))
