"""Has both models made ready for this machine, so that the first question does not wait."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.embed import Encoder
    from qa.reader import SpanReader


def prepare_models(encoder: "Encoder", reader: "SpanReader") -> None:
    """Prepare what is not yet prepared, both at once. Raises a FootnoteError."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        for done in (pool.submit(encoder.prepare), pool.submit(reader.prepare)):
            done.result()
