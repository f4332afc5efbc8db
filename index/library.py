"""The library: articles, passages and embeddings in one SQLite file, safe against crashes.

A facade: what is behind each method is in opening, writing, rebuild, check and backup.
Knows nothing of files that articles come from, nor of answering questions.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from index.backup import back_up, require_backup, restore
from index.check import CheckReport, check
from index.chunk import refuse_unstorable
from index.embed import Encoder
from index.embeddings import load_index, refresh_snapshot
from index.errors import LibraryError
from index.filters import Choices, choices
from index.gold import GoldItem, insert_gold, read_gold
from index.locks import adding_lock
from index.opening import Opened, open_database
from index.preparing import AHEAD, Preparing
from index.rebuild import rebuild
from index.rows import ArticleRecord, ArticleState, find_row, read_article, read_records
from index.schema import SCHEMA_VERSION, read_state
from index.types import Article, Passage
from index.undo import BroughtBack, bring_back
from index.vectors import VectorIndex
from index.voices import copies_of, count_shared, settle, voices_of
from index.writing import (
    Outcome,
    Prepared,
    adopt_encoder,
    bury,
    drop_records,
    live_ids,
    mark_changed,
    prepare,
    require_encoder,
    store,
    texts_touched,
)

__all__ = [
    "ArticleRecord",
    "BroughtBack",
    "CheckReport",
    "GoldItem",
    "Library",
    "Outcome",
    "Status",
]

Progress = Callable[[int, int], None]  # articles done, articles in all


@dataclass(frozen=True, slots=True)
class Status:
    """The library in numbers."""

    path: str
    articles: int  # live
    passages: int
    replaced: int  # versions kept for `show` and `verify` only
    removed: int
    shared_voices: int  # clusters of live articles that copy one another
    sources: int  # outlets of live articles
    undated: int  # live articles without a date
    gold_items: int  # questions with a known answer, or known to have none
    encoder: str | None  # None until something has been added
    dimension: int | None
    schema: int
    generation: int
    snapshot_generation: int | None
    bytes: int  # all files in the folder
    writable: bool


class Library:
    """One folder of articles. Any number of threads may use one object."""

    def __init__(self, folder: Path, opened: Opened) -> None:
        """Use `Library.open`."""
        self.folder = folder
        self.writable = opened.writable
        self._connections = opened.connections
        self._unclean = opened.unclean

    @classmethod
    def open(cls, path: str | Path, *, create: bool = False) -> "Library":
        """The library in this folder; an empty one is made there if `create`.

        Raises LibraryError if there is none, if something else is there, or if a newer
        Footnote made it.
        """
        folder = Path(path)
        return cls(folder, open_database(folder, create=create))

    def __enter__(self) -> "Library":
        """The library itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the files. Closing twice does no harm."""
        self._connections.close()

    # Reading

    def articles(self, *, states: Sequence[ArticleState] = ("live",)) -> list[ArticleRecord]:
        """Records of the article versions in these states, in the order of adding."""
        marks = ", ".join("?" * len(states))
        with self.reading() as connection:
            return read_records(connection, f"state IN ({marks})", tuple(states))

    def article(self, id_prefix: str) -> Article:
        """The article version with this id, or with the only id that begins so; any state.

        Raises LibraryError if there is none, or more than one.
        """
        with self.reading() as connection:
            return read_article(connection, self._find(connection, id_prefix)[0])

    def record(self, id_prefix: str) -> ArticleRecord:
        """The record of that article version; errors as in `article`."""
        with self.reading() as connection:
            row, _ = self._find(connection, id_prefix)
            return read_records(connection, "row = ?", (row,))[0]

    def state_of(self, article_id: str) -> ArticleState | None:
        """The state of the article version with this very id; None if there is none."""
        with self.reading() as connection:
            found = read_records(connection, "id = ?", (article_id,))
            return found[0].state if found else None

    def live_at(self, path: str) -> str | None:
        """Id of the version that the file at this path holds now; None if it holds none.

        A version that was replaced is followed by the one at its path.
        """
        with self.reading() as connection:
            found = connection.execute(
                "SELECT id FROM article JOIN place ON article = row WHERE place.path = ?", (path,)
            ).fetchone()
            return found and str(found["id"])

    def with_text(self, text_sha256: str) -> tuple[str, ...]:
        """Ids of the live articles whose text has this hash, in the order of adding."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM article WHERE state = 'live' AND text_sha256 = ? ORDER BY row",
                (text_sha256,),
            )
            return tuple(id_ for (id_,) in rows)

    def passages(self, id_prefix: str) -> list[Passage]:
        """The passages of a live article in their order; none of any other version."""
        with self.reading() as connection:
            row, id_ = self._find(connection, id_prefix)
            rows = connection.execute(
                'SELECT start, "end", text FROM passage WHERE article = ? ORDER BY start, id',
                (row,),
            )
            return [Passage(id_, start, end, text) for start, end, text in rows]

    def same_text(self, article_id: str) -> tuple[str, ...]:
        """Ids of the other live articles whose text is the same, in the order of adding."""
        with self.reading() as connection:
            rows = connection.execute(
                """SELECT id FROM article WHERE state = 'live' AND id != ?1 AND text_sha256 =
                    (SELECT text_sha256 FROM article WHERE id = ?1) ORDER BY row""",
                (article_id,),
            )
            return tuple(id_ for (id_,) in rows)

    def voice_of(self, article_id: str) -> str:
        """The id that stands for all articles which copy this one; its own if none does."""
        return self.voices_of([article_id])[article_id]

    def voices_of(self, article_ids: Sequence[str]) -> dict[str, str]:
        """The voice of each of these articles, as `voice_of` gives it.

        It depends on nothing but which articles are live, not on the order of adding.
        """
        with self.reading() as connection:
            return voices_of(connection, article_ids)

    def copies_of(self, article_id: str) -> tuple[str, ...]:
        """Ids of the other live articles that say it in the same or nearly the same words.

        In the order of adding; those with the very same text are among them.
        """
        with self.reading() as connection:
            return copies_of(connection, article_id)

    def choices(self) -> Choices:
        """The outlets and authors that filters can name."""
        with self.reading() as connection:
            return choices(connection)

    def holding(self, words: str) -> list[str]:
        """Ids of the live articles in whose text these very words stand, in the order of adding.

        Of articles with the same text only the first.
        """
        with self.reading() as connection:
            rows = connection.execute(
                """SELECT id, min(row) AS first FROM article
                    WHERE state = 'live' AND instr(text, ?) GROUP BY text_sha256 ORDER BY first""",
                (words.encode("utf-8", "replace").decode(),),  # half a surrogate pair has no form
            )
            return [id_ for id_, _ in rows]

    def gold(self) -> list[GoldItem]:
        """All gold items, in the order of adding."""
        with self.reading() as connection:
            return read_gold(connection)

    def status(self) -> Status:
        """The library in numbers."""
        with self.reading() as connection:
            state = read_state(connection)
            counts = connection.execute(
                """SELECT count(*) FILTER (WHERE state = 'live'),
                    (SELECT count(*) FROM passage),
                    count(*) FILTER (WHERE state = 'replaced'),
                    count(*) FILTER (WHERE state = 'removed'),
                    count(DISTINCT source_key) FILTER (WHERE state = 'live'),
                    count(*) FILTER (WHERE state = 'live' AND published IS NULL),
                    (SELECT count(*) FROM gold)
                FROM article"""
            ).fetchone()
            shared = count_shared(connection)
        articles, passages, replaced, removed, sources, undated, gold_items = counts
        return Status(
            path=str(self.folder),
            articles=articles,
            passages=passages,
            replaced=replaced,
            removed=removed,
            shared_voices=shared,
            sources=sources,
            undated=undated,
            gold_items=gold_items,
            encoder=state.encoder_name,
            dimension=state.encoder_dimension,
            schema=SCHEMA_VERSION,
            generation=state.generation,
            snapshot_generation=state.snapshot_generation,
            bytes=sum(file.stat().st_size for file in self.folder.iterdir() if file.is_file()),
            writable=self.writable,
        )

    def state(self) -> str:
        """Another text after every change of the library, and in every other library."""
        with self.reading() as connection:
            state = read_state(connection)
        return f"{state.epoch}/{state.generation}"

    def _find(self, connection: sqlite3.Connection, id_prefix: str) -> tuple[int, str]:
        """Row and whole id."""
        unknown = (
            f"no article '{id_prefix}' in library {self.folder}: 'footnote list' shows the ids"
        )
        return find_row(connection, "article", id_prefix, unknown=unknown)

    # Writing

    @contextmanager
    def adding(
        self, *, wait: bool = True, on_wait: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Hold the place of the one process that adds, and refresh the snapshot at the end.

        Inside, call `add` batch by batch. on_wait is called once if another process
        is adding and this one has to wait. Raises LibraryBusy if it is and `wait` is False.
        """
        self._require_writable()
        with adding_lock(self.folder, wait=wait, on_wait=on_wait):
            yield
            refresh_snapshot(self._connections, self.folder)

    def add(self, articles: Sequence[Article], encoder: Encoder) -> list[Outcome]:
        """Store a batch, all of it or nothing, and say for each article what that meant.

        "unchanged": this version is there already. "replaced": the file at this path
        held another version until now. The first batch settles the library's encoder.
        Raises EncoderMismatch, EncoderError, or IngestError for text that UTF-8 cannot hold.
        """
        new = self._not_yet_live(articles, encoder)
        return self._store(articles, prepare(new, encoder), encoder)

    def add_batches(
        self, batches: Iterable[Sequence[Article]], encoder: Encoder
    ) -> Generator[list[Outcome], None, None]:
        """Store each batch as `add` does, in order, while the next ones are being prepared.

        Up to AHEAD batches more than what has come back are taken from `batches`. What
        has come back is stored; when the iterator is closed, or a batch raises what
        `add` raises, nothing of the later ones is.
        """
        begun: deque[tuple[Sequence[Article], Future[dict[str, Prepared]]]] = deque()
        try:
            with Preparing(encoder) as preparing:
                for batch in batches:
                    begun.append((batch, preparing.begin(self._not_yet_live(batch, encoder))))
                    while len(begun) > AHEAD or (begun and begun[0][1].done()):
                        yield self._store_begun(*begun.popleft(), encoder)
                while begun:
                    yield self._store_begun(*begun.popleft(), encoder)
        finally:
            encoder.rest()

    def _store_begun(
        self,
        articles: Sequence[Article],
        future: "Future[dict[str, Prepared]]",
        encoder: Encoder,
    ) -> list[Outcome]:
        prepared = future.result()
        # A batch before this one may have replaced a version that was live when this began.
        new = self._not_yet_live(articles, encoder)
        missed = [article for article in new if article.id not in prepared]
        if missed:
            prepared = prepared | prepare(missed, encoder)
        return self._store(articles, prepared, encoder)

    def _not_yet_live(self, articles: Sequence[Article], encoder: Encoder) -> list[Article]:
        """Those that have to be prepared, each version once. Raises as `add`."""
        self._require_writable()
        for article in articles:
            refuse_unstorable(article)
        with self.reading() as connection:
            require_encoder(read_state(connection), encoder, folder=self.folder)
            known = live_ids(connection, [article.id for article in articles])
        return list({one.id: one for one in articles if one.id not in known}.values())

    def _store(
        self, articles: Sequence[Article], prepared: Mapping[str, Prepared], encoder: Encoder
    ) -> list[Outcome]:
        with self._connections.writing() as connection:
            adopt_encoder(connection, encoder, folder=self.folder)
            touched = texts_touched(connection, articles)
            outcomes = [
                store(connection, article, prepared.get(article.id)) for article in articles
            ]
            if any(outcome != "unchanged" for outcome in outcomes):
                settle(connection, touched)
                mark_changed(connection)
        return outcomes

    def drop_records(self, table: str, kept: Collection[str]) -> int:
        """After reading a table file anew: let go of the records it no longer has.

        table: the file's path. kept: paths ("file.csv#2") of the records that are still
        there, whether they could be read or not. Returns how many went; they stay
        readable by id, as any replaced version does.
        """
        self._require_writable()
        with self._connections.writing() as connection:
            gone = drop_records(connection, table, kept)
            if gone:
                settle(connection)
                mark_changed(connection)
        return gone

    def remove(self, id_prefixes: Sequence[str], *, purge: bool = False) -> list[ArticleRecord]:
        """Hide articles from search at once, all of them or none; `purge` erases them.

        Records as they were come back. A removed article can still be read by id, a
        purged one cannot; gold answers that stand in it go with it, and an item with
        its last answer. Raises LibraryError if an id is unknown or ambiguous.
        """
        self._require_writable()
        removed: list[ArticleRecord] = []
        with self._connections.writing() as connection:
            rows = dict.fromkeys(self._find(connection, prefix)[0] for prefix in id_prefixes)
            for row in rows:
                removed.extend(read_records(connection, "row = ?", (row,)))
                connection.execute("DELETE FROM place WHERE article = ?", (row,))
                bury(connection, row, "removed")
                if purge:
                    connection.execute("DELETE FROM article WHERE row = ?", (row,))
            if rows:
                settle(connection)
                mark_changed(connection)
            if purge:
                connection.execute("INSERT INTO passage_words (passage_words) VALUES ('optimize')")
        if purge:
            self._erase_traces()
        return removed

    def bring_back(self, id_prefixes: Sequence[str], encoder: Encoder) -> BroughtBack:
        """Undo the removal of these articles: each as it was, and found by every search again.

        One whose file holds a newer version stays removed and is named in `superseded`.
        Raises LibraryError, before anything is changed, if an id is unknown (as that of a
        purged article is), ambiguous or of a version that was replaced; and EncoderMismatch.
        """
        self._require_writable()
        with self.reading() as connection:
            require_encoder(read_state(connection), encoder, folder=self.folder)
            rows = dict.fromkeys(self._find(connection, prefix)[0] for prefix in id_prefixes)
        return bring_back(self._connections, [*rows], encoder, folder_of=str(self.folder))

    def add_gold(self, question: str, answers: Sequence[Passage]) -> tuple[GoldItem, bool]:
        """Accept these answers to a question besides those it has; without any it has none.

        answers: the words and where they stand, in any article version. The whole
        item comes back, and whether any of it is new. Searches see no difference.
        Raises LibraryError if an answer does not stand where it says, or where a
        question would have an answer and none.
        """
        self._require_writable()
        with self._connections.writing() as connection:
            return insert_gold(connection, question, answers)

    def remove_gold(self, id_prefixes: Sequence[str]) -> list[GoldItem]:
        """Delete gold items, all of them or none, and say what they were.

        Raises LibraryError if an id is unknown or ambiguous.
        """
        self._require_writable()
        with self._connections.writing() as connection:
            rows: dict[int, None] = {}
            for prefix in id_prefixes:
                unknown = (
                    f"no gold item '{prefix}' in library {self.folder}: "
                    "'footnote gold list' shows the ids"
                )
                rows[find_row(connection, "gold", prefix, unknown=unknown)[0]] = None
            removed = [item for row in rows for item in read_gold(connection, row)]
            connection.executemany("DELETE FROM gold WHERE row = ?", [(row,) for row in rows])
        return removed

    def _erase_traces(self) -> None:
        """What was purged must not live on in the snapshot or the write-ahead log."""
        refresh_snapshot(self._connections, self.folder, force=True)
        with self._connections.lent() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _require_writable(self) -> None:
        if not self.writable:
            raise LibraryError(
                f"library {self.folder} is read-only here: change the folder's rights, "
                "or copy it to a place of your own"
            )

    # Upkeep

    def rebuild(self, encoder: Encoder, *, progress: Progress | None = None) -> int:
        """Chunk and embed everything anew with this encoder; the number of articles comes back.

        Searches see the old embeddings until all new ones are there. An interrupted
        rebuild is continued by the next one with the same encoder.
        """
        self._require_writable()
        with adding_lock(self.folder):
            return rebuild(self._connections, self.folder, encoder, progress=progress)

    def check(
        self, *, encoder: Encoder | None = None, progress: Progress | None = None
    ) -> CheckReport:
        """Verify every hash, offset and embedding, and repair what is derived.

        encoder: lets passages and embeddings be repaired too. A read-only library is
        only looked at.
        """
        return check(
            self._connections,
            self.folder,
            encoder=encoder,
            repair=self.writable,
            progress=progress,
        )

    def backup(self, file: str | Path) -> None:
        """Write the whole library to one file, while others go on using it.

        Raises LibraryError if the file exists and is no backup, or cannot be written.
        """
        back_up(self._connections, Path(file))

    @classmethod
    def restore(cls, file: str | Path, path: str | Path, *, replace: bool = False) -> "Library":
        """The library at this path, made from a backup.

        replace: overwrite the articles that are there. Raises LibraryError if there are
        any and it is False, or if the backup is damaged, none, or of a newer Footnote.
        """
        require_backup(Path(file))
        library = cls.open(path, create=True)
        try:
            with adding_lock(library.folder):
                restore(library._connections, library.folder, Path(file), replace=replace)
        except BaseException:
            library.close()
            raise
        return library

    # For the rest of this package

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """One unchanging view of the tables."""
        return self._connections.reading()

    def load_index(self, connection: sqlite3.Connection, *, dimension: int) -> VectorIndex:
        """An index of this view's embeddings, from the snapshot as far as that is good."""
        return load_index(connection, self.folder, dimension=dimension, verify=self._unclean)
