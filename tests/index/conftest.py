"""What the index's tests share: a way to make articles, a fake encoder, an empty library."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.embed import HashEncoder
from index.library import Library
from index.types import Article, PublishedDate, Sourced

MakeArticle = Callable[..., Article]


@pytest.fixture
def make_article() -> MakeArticle:
    """An article with a headline, from as little as its body."""

    def make(
        body: str,
        *,
        title: str = "Storm reaches the coast",
        path: str = "/news/1.txt",
        source: str | None = None,
        published: str | None = None,
        headline: bool = True,
    ) -> Article:
        text = f"{title}\n\n{body}" if headline else body
        return Article(
            text=text,
            title=Sourced(title, "header"),
            path=path,
            file_sha256="0" * 64,
            source=Sourced(source, "header") if source else None,
            published=PublishedDate(published, "header", "high") if published else None,
            body_start=len(title) + 2 if headline else 0,
        )

    return make


@pytest.fixture
def encoder() -> HashEncoder:
    return HashEncoder()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as opened:
        yield opened
