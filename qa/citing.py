"""Places in articles to citations, with all that a footnote says of them.

Offsets come from the span that was read: text is never searched for again.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from index.library import Library
from index.rows import ArticleRecord
from index.search import Hits
from index.types import Article, Hit
from qa.answer import Candidate, Pooled
from qa.dates import Anchor
from qa.items import Place
from qa.sentence import sentence_around
from qa.timeline import said_dates
from qa.types import Alternative, Citation, Copy, Item, Range

CONTEXT = 32  # code points of prefix and suffix
MAX_CITATIONS = 5


class Citing:
    """Cites from one library."""

    def __init__(self, library: Library) -> None:
        """Of a library that is open."""
        self._library = library
        # An article version never changes, so neither does what its id stands for.
        self.article: Callable[[str], Article] = lru_cache(maxsize=256)(library.article)
        self._record: Callable[[str], ArticleRecord] = lru_cache(maxsize=256)(library.record)

    def alternative(self, pooled: Pooled, confidence: float) -> Alternative:
        """Another answer, with where it stands."""
        return Alternative(pooled.best.text, confidence, self.citations(pooled))

    def citations(self, pooled: Pooled) -> tuple[Citation, ...]:
        """One of each voice, the strongest first."""
        return tuple(
            self.span(n, candidate)
            for n, candidate in enumerate(pooled.candidates[:MAX_CITATIONS], start=1)
        )

    def span(self, n: int, candidate: Candidate) -> Citation:
        """Where this candidate stands, as footnote `n`."""
        return self.cite(n, candidate.hit, candidate.place)

    def items(
        self, items: Sequence[Sequence[Place]], citations: Sequence[Citation]
    ) -> tuple[Item, ...]:
        """Items with the numbers of the citations they stand in; others are numbered after."""
        shown: list[Item] = []
        last = len(citations)
        for places in items:
            cited: list[Citation] = []
            for found in places[:MAX_CITATIONS]:
                around = next((c for c in citations if _holds(c, found)), None)
                last += around is None
                number = around.n if around else last
                cited.append(self.cite(number, found.candidate.hit, found.place))
            shown.append(Item(cited[0].quote, tuple(cited)))
        return tuple(shown)

    def nearest(self, found: Hits) -> tuple[Citation, ...]:
        """The first passages, cited whole and without a quote."""
        return tuple(self.whole(n, hit) for n, hit in enumerate(found.hits[:3], start=1))

    def whole(self, n: int, hit: Hit) -> Citation:
        """Footnote `n`: the hit's whole passage, without a quote."""
        return self.cite(n, hit, Range(hit.passage.start, hit.passage.start))

    def cite(self, n: int, hit: Hit, place: Range) -> Citation:
        """Footnote `n`: this stretch of the hit's article, with all that is known of it."""
        article, passage = self.article(hit.passage.article_id), hit.passage
        published = article.published
        source = article.source.value if article.source else None
        copies = self._library.copies_of(article.id)
        carriers = [self._record(id_) for id_ in copies]
        sentence = sentence_around(
            passage.text, place.start - passage.start, place.end - passage.start
        )
        dates = said_dates(
            passage.text[sentence.start : sentence.end],
            Anchor.of(published),
            offset=passage.start + sentence.start,
        )
        return Citation(
            n=n,
            article_id=article.id,
            title=article.title.value,
            source=source,
            authors=tuple(author.value for author in article.authors),
            url=article.url.value if article.url else None,
            path=article.path,
            page=article.page_at(place.start),
            published=published.value if published else None,
            published_origin=published.origin if published else None,
            published_trust=published.trust if published else None,
            start=place.start,
            end=place.end,
            quote=article.text[place.start : place.end],
            prefix=article.text[max(0, place.start - CONTEXT) : place.start],
            suffix=article.text[place.end : place.end + CONTEXT],
            sentence=Range(passage.start + sentence.start, passage.start + sentence.end),
            passage=Range(passage.start, passage.end),
            article_sha256=article.sha256,
            passage_text=passage.text,
            also_in=copies,
            copies=tuple(
                Copy(
                    each.id,
                    each.title,
                    each.source,
                    each.published.value if each.published else None,
                    each.path,
                )
                for each in carriers
            ),
            dates=dates if place.start < place.end else (),
            file_sha256=article.file_sha256,
            accessed=self._record(article.id).added_at[:10],
        )


def _holds(citation: Citation, found: Place) -> bool:
    same = citation.article_id == found.candidate.hit.passage.article_id
    return same and citation.start <= found.place.start and found.place.end <= citation.end
