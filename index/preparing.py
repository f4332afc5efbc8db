"""Batches prepared ahead of their storing: cut in one thread, embedded in another.

Embedding takes both nearly all of the time and every core; what else adding takes hides
behind it. Knows nothing of the tables.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from index.embed import Encoder
from index.types import Article
from index.writing import Cut, Prepared, cut, embed

AHEAD = 3  # batches that are begun and not yet stored


class Preparing:
    """Two threads that prepare batches in the order they are given; ends with the block."""

    def __init__(self, encoder: Encoder) -> None:
        """No thread runs until there is a batch."""
        self._encoder = encoder
        self._cutting = ThreadPoolExecutor(1, thread_name_prefix="cutting")
        self._embedding = ThreadPoolExecutor(1, thread_name_prefix="embedding")

    def __enter__(self) -> "Preparing":
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for the batch in hand; those behind it are not begun."""
        for pool in (self._cutting, self._embedding):
            pool.shutdown(wait=False, cancel_futures=True)
        self._cutting.shutdown()
        self._embedding.shutdown()

    def begin(self, articles: Sequence[Article]) -> "Future[dict[str, Prepared]]":
        """What `prepare` will give for these articles, or raise."""
        made = self._cutting.submit(cut, articles, self._encoder)
        return self._embedding.submit(self._embed, made)

    def _embed(self, made: "Future[Cut]") -> dict[str, Prepared]:
        return embed(made.result(), self._encoder)
