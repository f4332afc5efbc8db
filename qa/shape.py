"""What is shown of a span for each kind of question: a statement, an enumeration, a clause.

Between weighing and deciding: evidence stays as it is, only where the words begin and
end may change, always to other words of the same passage.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.answer import Candidate
from qa.explain import causal_clause
from qa.lists import enumeration_at
from qa.plural import number_asked
from qa.question import kind_of, without_preamble
from qa.sentence import sentence_around
from qa.types import Range, Span
from qa.wording import sound_ends

LONGEST_STATEMENT = 400  # code points; of a longer sentence only the clauses near the span
REPLY = 2  # sentences after a question: "Everybody asks. It does not."

_CLAUSE_END = re.compile(r"[;:]\s+|,\s+(?=(?:and|but|or|so|while|although|which)\b)|\s[—–-]\s")
_REASON = re.compile(r"why|how come|(?:for )?what reason|what caused", re.IGNORECASE)
_FIGURE = re.compile(
    r"\W*(?:by )?"
    r"(?:(?:more|less|fewer) than |about |some |nearly |almost |over |around |at least )?"
    r"\W*\d[\d.,:/]*\W*(?:\w+\W*){0,2}$",
    re.IGNORECASE,
)


def fit_to_answer(question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Without those that cannot be what is asked for, whatever the reader thinks of them.

    A bare figure is no reason (it is none of the answers to 125 questions for one in SQuAD,
    SQuADShifts and TyDi QA), and a question that nothing follows settles no question.
    """
    if kind_of(question) == "yes_no":
        return [candidate for candidate in candidates if not _is_question(candidate)]
    if _REASON.match(without_preamble(question)):
        return [candidate for candidate in candidates if not _is_figure(candidate)]
    return list(candidates)


def in_shape(question: str, candidate: Candidate, readings: Sequence[Span]) -> Candidate:
    """The candidate with the words that a question of this kind is answered by.

    readings: all spans of the candidate's passage.
    """
    text, span = candidate.hit.passage.text, candidate.span
    place: Range | None = None
    match kind_of(question):
        case "yes_no":
            place = _statement(text, span)
        case "list":
            found = enumeration_at(text, span, readings, at_most=number_asked(question))
            place = found.place if found else None
        case "explain":
            sentence = sentence_around(text, span.start, span.end)
            place = causal_clause(text, sentence, span.start, span.end)
    if place is None:
        return candidate
    return replace(candidate, span=replace(span, start=place.start, end=place.end))


def _statement(text: str, span: Span) -> Range:
    """What settles a yes/no question is a statement, not a name in it, nor the question again."""
    sentence = sentence_around(text, span.start, span.end)
    if _asks(text, sentence) and (reply := _reply(text, sentence.end)):
        return reply
    if sentence.end - sentence.start > LONGEST_STATEMENT:
        sentence = _clauses_near(text, sentence, span)
    # Of a quotation that goes on in the next sentence the opening mark has no partner here.
    return Range(*sound_ends(text, sentence.start, sentence.end))


def _reply(text: str, place: int) -> Range | None:
    """The sentences after a question, as many as a reply to it may take; None: there are none."""
    following: list[Range] = []
    while len(following) < REPLY and text[place:].strip():
        start = place + len(text[place:]) - len(text[place:].lstrip())
        sentence = sentence_around(text, start, start)
        if _asks(text, sentence):
            break
        following.append(sentence)
        place = sentence.end
    return Range(following[0].start, following[-1].end) if following else None


def _asks(text: str, sentence: Range) -> bool:
    return text[sentence.start : sentence.end].rstrip("\"'”’) ").endswith("?")


def _clauses_near(text: str, sentence: Range, span: Span) -> Range:
    """From the border of a clause before the span to the one after it."""
    borders = list(_CLAUSE_END.finditer(text, sentence.start, sentence.end))
    before = [m.end() for m in borders if m.end() <= span.start]
    after = [m.start() for m in borders if m.start() >= span.end]
    return Range(before[-1] if before else sentence.start, after[0] if after else sentence.end)


def _is_figure(candidate: Candidate) -> bool:
    return bool(_FIGURE.match(candidate.text))


def _is_question(candidate: Candidate) -> bool:
    text, span = candidate.hit.passage.text, candidate.span
    sentence = sentence_around(text, span.start, span.end)
    return _asks(text, sentence) and _reply(text, sentence.end) is None
