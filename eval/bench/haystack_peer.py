"""Haystack's extractive pipeline, as a process of its own that is told what to do.

Runs with the interpreter of another environment (`eval.bench.peer`), so it imports
nothing of this project. Orders come as lines of JSON on standard input; each is
answered by a line on standard output that begins with MARK.
"""

import json
import sys
import time
from typing import Any

MARK = "peer: "


class Pipeline:
    """Embedder, FAISS store and extractive reader, put together as Haystack's guides do it."""

    def __init__(self, encoder: str, reader: str, *, top_k: int, store: str | None) -> None:
        """encoder, reader: folders. store: where passages were saved, to begin with them."""
        from haystack import Pipeline as HaystackPipeline
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )
        from haystack_integrations.components.readers.transformers import (
            TransformersExtractiveReader,
        )
        from haystack_integrations.components.retrievers.faiss import FAISSEmbeddingRetriever
        from haystack_integrations.document_stores.faiss import FAISSDocumentStore

        self._new_store = FAISSDocumentStore
        self.store = FAISSDocumentStore(index_path=store, embedding_dim=384)
        self._embedder = SentenceTransformersDocumentEmbedder(model=encoder, progress_bar=False)
        self._pipeline = HaystackPipeline()
        text_embedder = SentenceTransformersTextEmbedder(model=encoder, progress_bar=False)
        self._pipeline.add_component("embedder", text_embedder)
        retriever = FAISSEmbeddingRetriever(document_store=self.store, top_k=top_k)
        self._pipeline.add_component("retriever", retriever)
        extractive = TransformersExtractiveReader(model=reader, top_k=3, no_answer=False)
        self._pipeline.add_component("reader", extractive)
        self._pipeline.connect("embedder.embedding", "retriever.query_embedding")
        self._pipeline.connect("retriever.documents", "reader.documents")

    def add(self, texts: list[str], *, keep: bool) -> int:
        """Embed and store passages; without `keep` in a store that is thrown away."""
        from haystack import Document

        store = self.store if keep else self._new_store(embedding_dim=384)
        embedded = self._embedder.run([Document(content=text) for text in texts])["documents"]
        return int(store.write_documents(embedded))

    def ask(self, question: str) -> str:
        """The answer with the highest score."""
        given = {"embedder": {"text": question}, "reader": {"query": question}}
        answers = self._pipeline.run(given)["reader"]["answers"]
        return next((answer.data for answer in answers if answer.data), "")

    def save(self, path: str) -> None:
        """Write the store, for a later start with it."""
        self.store.save(path)


def main() -> None:
    """Answer orders until there are no more."""
    settings = json.loads(sys.argv[1])
    import torch

    torch.set_num_threads(settings["threads"])
    pipeline = Pipeline(
        settings["encoder"],
        settings["reader"],
        top_k=settings["top_k"],
        store=settings.get("store"),
    )
    if once := settings.get("ask"):
        _say(pipeline.ask(once))
        return
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        began = time.perf_counter()
        done = getattr(pipeline, order.pop("do"))(**order)
        _say({"seconds": time.perf_counter() - began, "result": done})


def _say(what: object) -> None:
    print(MARK + json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
