"""A small invented newsroom: articles, and answers that cite them to the character."""

import re

import pytest

from index.types import Article, PublishedDate, Sourced
from qa.types import Alternative, Answer, Citation, Range

HARBOUR = """Ferry fire in Port Averly leaves eleven injured

A fire on the overnight ferry Lady Merriden left eleven people injured early on Tuesday, the \
coastguard said. The ship had left Port Averly an hour before the alarm was raised.

“We had everyone off within forty minutes,” said harbour master Ilse Corbant. The fire began in \
the engine room. An inquiry was opened the same day."""

REVISED = """Averly ferry: toll revised

The harbour authority said on Thursday that 12 people had been hurt in the fire aboard the Lady \
Merriden, one more than first reported. Two remain in hospital."""


def article(
    text: str,
    *,
    title: str,
    outlet: str | None,
    published: PublishedDate | None,
    url: str | None = None,
    authors: tuple[str, ...] = (),
    path: str = "/articles/ferry.txt",
) -> Article:
    return Article(
        text=text,
        title=Sourced(title, "header"),
        path=path,
        file_sha256="0" * 64,
        source=Sourced(outlet, "header") if outlet else None,
        authors=tuple(Sourced(author, "byline") for author in authors),
        url=Sourced(url, "header") if url else None,
        published=published,
        body_start=text.index("\n\n") + 2,
    )


def citation(article: Article, quote: str, *, n: int = 1, passage: Range | None = None) -> Citation:
    """The first place of the quote, in its sentence and in the whole body as passage."""
    whole = passage or Range(article.body_start, len(article.text))
    start = article.text.index(quote, whole.start)
    end = start + len(quote)
    sentences = [found.span() for found in re.finditer(r"\S[^.!?\n]*[.!?]?", article.text)]
    first, last = next(each for each in sentences if each[0] <= start and end <= each[1])
    return Citation(
        n=n,
        article_id=article.id,
        title=article.title.value,
        source=article.source.value if article.source else None,
        authors=tuple(author.value for author in article.authors),
        url=article.url.value if article.url else None,
        path=article.path,
        page=None,
        published=article.published.value if article.published else None,
        published_origin=article.published.origin if article.published else None,
        published_trust=article.published.trust if article.published else None,
        start=start,
        end=end,
        quote=quote,
        prefix=article.text[max(start - 32, 0) : start],
        suffix=article.text[end : end + 32],
        sentence=Range(first, last),
        passage=whole,
        article_sha256=article.sha256,
        passage_text=article.text[whole.start : whole.end],
    )


def nearest(article: Article, *, n: int = 1) -> Citation:
    """The whole body as a passage that was looked at."""
    import dataclasses

    found = citation(article, article.text[article.body_start], n=n)
    return dataclasses.replace(
        found, start=found.passage.start, end=found.passage.start, quote="", prefix="", suffix=""
    )


@pytest.fixture
def first_report() -> Article:
    return article(
        HARBOUR,
        title="Ferry fire in Port Averly leaves eleven injured",
        outlet="The Averly Courier",
        published=PublishedDate("2019-11-06", "header", "high"),
        url="https://www.averlycourier.example/news/ferry-fire",
        authors=("Tam Oswin", "Beatrix Lorne"),
    )


@pytest.fixture
def second_report() -> Article:
    return article(
        REVISED,
        title="Averly ferry: toll revised",
        outlet="Northmark Wire",
        published=PublishedDate("2019-11-08T07:30:00+00:00", "page line", "low"),
        path="/articles/wire.csv#2",
    )


@pytest.fixture
def injured(first_report: Article, second_report: Article) -> Answer:
    """Answered, from two articles, with one alternative."""
    return Answer(
        question="How many people were hurt on the ferry?",
        standalone_question="How many people were hurt on the ferry?",
        answered=True,
        answer="eleven people",
        confidence=0.82,
        citations=(
            citation(first_report, "eleven people"),
            citation(second_report, "12 people", n=2),
        ),
        alternatives=(Alternative("Two", 0.08, (citation(second_report, "Two"),)),),
    )


@pytest.fixture
def harbour_master(first_report: Article) -> Answer:
    """Answered, from one article."""
    return Answer(
        question="Who is the harbour master?",
        standalone_question="Who is the harbour master?",
        answered=True,
        answer="Ilse Corbant",
        confidence=0.97,
        citations=(citation(first_report, "Ilse Corbant"),),
    )


@pytest.fixture
def owner(first_report: Article, second_report: Article) -> Answer:
    """Not answered, though the subject is near."""
    return Answer(
        question="Who owns the ferry?",
        standalone_question="Who owns the ferry?",
        answered=False,
        answer="",
        confidence=0.31,
        reason="subject_only",
        nearest=(nearest(first_report), nearest(second_report, n=2)),
        best_rejected=Alternative(
            "The harbour authority", 0.11, (citation(second_report, "The harbour authority"),)
        ),
    )
