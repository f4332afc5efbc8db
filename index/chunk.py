"""Article -> passages: whole sentences up to a token budget, with exact offsets.

Knows nothing of encoders beyond a function that counts tokens.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from index.errors import IngestError
from index.sentences import Span, sentence_spans
from index.types import Article, Passage

__all__ = ["chunk", "refuse_unstorable", "sentence_spans"]

TokenCount = Callable[[Sequence[str]], list[int]]

_SURROGATE = re.compile("[\ud800-\udfff]")
_CLAUSE_END = re.compile(r"[;:,—–。，、；：]\s*|\s-\s")
_WORD_END = re.compile(r"\s+")
_CHARACTERS_PER_TOKEN = (
    20  # a longer "word" is one unknown token to an encoder, yet too much to read
)


def chunk(
    article: Article,
    *,
    token_count: TokenCount,
    max_tokens: int = 200,
    overlap_sentences: int = 1,
) -> list[Passage]:
    """The article's passages in order; together they hold every word of it.

    Each is a run of whole sentences of at most `max_tokens` word pieces, and
    repeats the last `overlap_sentences` sentences of the one before where they
    fit. A recognised headline is a passage of its own. A sentence beyond the
    budget is cut between clauses, else words, else characters.
    Raises IngestError if the text holds half of a surrogate pair.
    """
    if max_tokens < 1:
        raise ValueError(f"max_tokens must be at least 1, not {max_tokens}")
    refuse_unstorable(article)
    passages: list[Passage] = []
    id_ = article.id  # a hash of the whole text
    for start, end in ((0, article.body_start), (article.body_start, len(article.text))):
        sentences = [
            (start + first, start + last) for first, last in sentence_spans(article.text[start:end])
        ]
        units = _within_budget(article.text, sentences, token_count, max_tokens)
        for first, last in _group(units, max_tokens, overlap_sentences):
            passages.append(Passage(id_, first, last, article.text[first:last]))
    return passages


def refuse_unstorable(article: Article) -> None:
    """Raise IngestError if the text or its metadata hold half of a surrogate pair.

    Such a code point has no UTF-8 form, so it could be neither stored nor hashed.
    """
    for name, value in _strings(article):
        found = _SURROGATE.search(value)
        if found:
            path = article.path.encode("utf-8", "backslashreplace").decode()
            raise IngestError(
                f"{path}: half of a surrogate pair (U+{ord(found.group()):04X}) at character "
                f"{found.start()} of its {name}: save the file as UTF-8 and add it again"
            )


def _strings(article: Article) -> Iterator[tuple[str, str]]:
    yield "text", article.text
    for name, sourced in (
        ("title", article.title),
        ("source", article.source),
        ("URL", article.url),
        *(("author", author) for author in article.authors),
    ):
        if sourced:
            yield name, sourced.value


_Unit = tuple[int, int, int]  # start, end, tokens


def _within_budget(
    text: str, spans: list[Span], token_count: TokenCount, max_tokens: int
) -> list[_Unit]:
    """The spans with their token counts, those beyond the budget cut in pieces."""
    units: list[_Unit] = []
    counts = token_count([text[start:end] for start, end in spans])
    for (start, end), tokens in zip(spans, counts, strict=True):
        fits = tokens <= max_tokens and end - start <= max_tokens * _CHARACTERS_PER_TOKEN
        if fits or end - start == 1:
            units.append((start, end, tokens))
        else:
            units.extend(_within_budget(text, _halves(text, start, end), token_count, max_tokens))
    return units


def _halves(text: str, start: int, end: int) -> list[Span]:
    """Cut a span in two near its middle; white space at the cut belongs to neither half."""
    third = (end - start) // 3
    middle = (start + end) // 2
    for pattern, low, high in (
        (_CLAUSE_END, start + third, end - third),
        (_WORD_END, start + 1, end - 1),
    ):
        cuts = [found.end() for found in pattern.finditer(text, low, high)]
        if cuts:
            middle = min(cuts, key=lambda cut: abs(cut - middle))
            break
    else:
        middle = _between_characters(text, start, middle)
    left, right = text[start:middle].rstrip(), text[middle:end].lstrip()
    spans = [(start, start + len(left)), (end - len(right), end)]
    return [(first, last) for first, last in spans if first < last]


def _between_characters(text: str, start: int, cut: int) -> int:
    """Move a cut left until it parts no letter from its accents, no emoji from its joiner."""
    earliest = max(start + 1, cut - 16)
    for place in range(cut, earliest - 1, -1):
        joined = text[place - 1] == "\u200d" or text[place] in "\u200d\ufe0e\ufe0f"
        if not joined and not unicodedata.combining(text[place]):
            return place
    return cut


def _group(units: list[_Unit], max_tokens: int, overlap: int) -> list[Span]:
    """Runs of units within the budget, each as the span from its first to its last."""
    spans: list[Span] = []
    run: list[_Unit] = []
    for unit in units:
        if run and sum(tokens for _, _, tokens in [*run, unit]) > max_tokens:
            spans.append((run[0][0], run[-1][1]))
            run = _fitting_tail(run, max_tokens - unit[2], overlap)
        run.append(unit)
    if run:
        spans.append((run[0][0], run[-1][1]))
    return spans


def _fitting_tail(run: list[_Unit], budget: int, overlap: int) -> list[_Unit]:
    """The last units that fit the budget, at most `overlap` and never the whole run."""
    tail: list[_Unit] = []
    for unit in reversed(run[1:]):
        budget -= unit[2]
        if budget < 0 or len(tail) == overlap:
            break
        tail.insert(0, unit)
    return tail
