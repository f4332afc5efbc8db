"""Questions to ask next: drawn from the articles, and each one tried before it is shown."""

import asyncio
import re
from collections.abc import Collection, Sequence

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from index.errors import FootnoteError
from qa.suggest import Suggestion, spread, suggestions
from ui.desk import Desk

SHOWN = 3
TRIED = 8  # at most, for each of them takes as long as an answer
LOOKED_AT = 12  # articles
SURE_ENOUGH = 0.5  # confidence that the answer is right


class After(BaseModel):
    """What was asked and cited so far; nothing before the first question."""

    articles: list[str] = Field(default=[], max_length=LOOKED_AT)
    asked: list[str] = Field(default=[], max_length=200)


class Suggesting:
    """Finds questions that can be answered, while nobody else asks."""

    def __init__(self, desk: Desk) -> None:
        """Try them at this desk."""
        self._desk = desk
        self._at_first: tuple[tuple[str, ...], list[str]] = ((), [])  # for which articles

    async def after(self, articles: Sequence[str], asked: Collection[str]) -> list[str]:
        """Up to three questions on these articles, none of those asked; the newest where none is.

        None either that says nothing but what was asked with more words.
        Those of the newest articles are tried once, as long as no newer one is added.
        """
        if articles:
            return await self._tried(articles, asked)
        newest = await asyncio.wrap_future(self._desk.newest(LOOKED_AT))
        if self._at_first[0] != newest:
            found = await self._tried(newest, ())
            if not found and not self._desk.idle():  # others came first, and nothing is known
                return []
            self._at_first = (newest, found)
        known = [_words(each) for each in asked]
        return [each for each in self._at_first[1] if not _is_asked(_words(each), known)]

    async def _tried(self, articles: Sequence[str], asked: Collection[str]) -> list[str]:
        known = [_words(each) for each in asked]
        found: list[str] = []
        tried = 0
        for each in spread([await self._of(id_) for id_ in articles]):
            words = _words(each.question)
            if _is_asked(words, known):
                continue
            if len(found) == SHOWN or tried == TRIED or not self._desk.idle():
                break
            known.append(words)
            tried += 1
            answer = await asyncio.wrap_future(self._desk.ask(each.question))
            if each.met_by(answer) and answer.confidence >= SURE_ENOUGH:
                found.append(each.question)
        return found

    async def _of(self, article_id: str) -> list[Suggestion]:
        try:
            return suggestions(await asyncio.wrap_future(self._desk.article(article_id)))
        except FootnoteError:  # it was erased meanwhile
            return []


def add_routes(app: FastAPI, desk: Desk) -> None:
    """`POST /api/suggestions`: questions that the page offers."""
    suggesting = Suggesting(desk)

    @app.post("/api/suggestions", include_in_schema=False)
    async def suggest(body: After) -> Response:
        try:
            questions = await suggesting.after(body.articles, body.asked)
        except FootnoteError:  # too much is waiting: nobody misses what was not asked for
            questions = []
        return JSONResponse({"questions": questions})


def _words(question: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", question.lower()))


def _is_asked(words: frozenset[str], known: Sequence[frozenset[str]]) -> bool:
    """Whether one of those known has all of these words."""
    return any(words <= others for others in known)
