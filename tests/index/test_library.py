import shutil
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.chunk import chunk
from index.embed import HashEncoder, Vectors
from index.errors import EncoderError, EncoderMismatch, IngestError, LibraryBusy, LibraryError
from index.library import Library
from index.schema import SCHEMA_VERSION
from index.search import Searcher
from index.types import Article, PublishedDate, Sourced


def found(library: Library, query: str) -> list[str]:
    """Ids of the articles whose words match, each once."""
    hits = Searcher.open(library, HashEncoder()).search(query).hits
    return list(dict.fromkeys(hit.passage.article_id for hit in hits if hit.bm25 is not None))


def test_an_article_comes_back_as_it_was(library, encoder):
    article = Article(
        text="Storm\n\nIt \x00 came 🌊.\n\nShips sank.",
        title=Sourced("Storm", "html meta"),
        path="/news/é.html#2",
        file_sha256="ab" * 32,
        source=Sourced("The Gazette", "html meta"),
        authors=(Sourced("Ann Roe", "byline"), Sourced("Bo Li", "byline")),
        url=Sourced("https://example.org/storm", "html meta"),
        published=PublishedDate("2019-11-06T10:42:15+00:00", "header", "low"),
        body_start=7,
        page_starts=(0, 12),
        language="fr",
    )
    assert library.add([article], encoder) == ["added"]
    assert library.article(article.id) == article
    (record,) = library.articles()
    assert (record.id, record.title, record.source) == (article.id, "Storm", "The Gazette")
    assert record.authors == ("Ann Roe", "Bo Li")
    assert record.published == article.published
    assert (record.path, record.passages, record.state) == ("/news/é.html#2", 2, "live")
    assert datetime.now().astimezone() - datetime.fromisoformat(record.added_at) < timedelta(
        minutes=1
    )
    assert library.passages(article.id) == chunk(article, token_count=encoder.count_tokens)


texts = st.text(max_size=40).map(lambda text: text.replace("\x00", "\x00 "))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=texts, title=texts, source=st.none() | texts, authors=st.lists(texts, max_size=2))
def test_any_text_comes_back_as_it_was(library, encoder, text, title, source, authors):
    article = Article(
        text=text,
        title=Sourced(title, "header"),
        path="/same",
        file_sha256="",
        source=None if source is None else Sourced(source, "byline"),
        authors=tuple(Sourced(author, "byline") for author in authors),
    )
    library.add([article], encoder)
    assert library.article(article.id) == article


def test_the_same_words_and_metadata_are_unchanged_wherever_they_lie(
    library, make_article, encoder
):
    article = make_article("It rained.", path="/1.txt")
    copy = replace(article, path="/copy.txt")
    assert library.add([article], encoder) == ["added"]
    assert library.add([article, copy], encoder) == ["unchanged", "unchanged"]
    assert len(library.articles()) == 1


def test_a_changed_file_replaces_its_old_version_which_stays_readable(
    library, make_article, encoder
):
    old, new = make_article("Nine ships sank."), make_article("Ten boats sank.")
    library.add([old], encoder)
    assert library.add([new], encoder) == ["replaced"]
    assert [record.id for record in library.articles()] == [new.id]
    assert found(library, "ships") == []
    assert found(library, "boats") == [new.id]
    assert library.article(old.id) == old
    assert library.record(old.id).state == "replaced"
    assert library.passages(old.id) == []


def test_a_version_that_comes_back_is_live_again(library, make_article, encoder):
    old, new = make_article("Nine ships sank."), make_article("Ten boats sank.")
    library.add([old], encoder)
    library.add([new], encoder)
    assert library.add([old], encoder) == ["replaced"]
    assert found(library, "ships boats") == [old.id]


def test_a_version_stays_while_another_file_holds_it(library, make_article, encoder):
    one = make_article("Nine ships sank.", path="/1.txt")
    changed = make_article("Ten boats sank.", path="/1.txt")
    library.add([one, replace(one, path="/2.txt")], encoder)
    assert library.add([changed], encoder) == ["replaced"]
    assert set(found(library, "ships boats")) == {one.id, changed.id}


def test_a_file_that_becomes_a_copy_of_another_loses_its_old_version(
    library, make_article, encoder
):
    one = make_article("Nine ships sank.", path="/1.txt")
    other = make_article("Ten boats sank.", path="/2.txt")
    library.add([one, other], encoder)
    assert library.add([replace(one, path="/2.txt")], encoder) == ["replaced"]
    assert found(library, "ships boats") == [one.id]


def test_records_that_a_table_lost_leave_search_and_stay_readable(library, make_article, encoder):
    rows = [make_article(f"Row {n}.", path=f"/news/t.csv#{n}") for n in (1, 2, 3)]
    other = make_article("Row 2.", path="/news/t.csv.txt")  # the same version elsewhere
    library.add([*rows, other], encoder)
    before = library.status().generation
    assert library.drop_records("/news/t.csv", ["/news/t.csv#1"]) == 2
    assert [record.id for record in library.articles()] == [rows[0].id, rows[1].id]
    assert library.article(rows[2].id).text == rows[2].text
    assert library.record(rows[2].id).state == "replaced"
    assert library.status().generation == before + 1
    assert library.drop_records("/news/t.csv", ["/news/t.csv#1"]) == 0
    assert library.status().generation == before + 1


def test_the_same_text_from_another_outlet_is_another_article(library, make_article, encoder):
    one = make_article("It rained.", path="/1.txt", source="AFP")
    two = make_article("It rained.", path="/2.txt", source="Reuters")
    three = make_article("It snowed.", path="/3.txt", source="AFP")
    assert library.add([one, two, three], encoder) == ["added"] * 3
    assert library.same_text(one.id) == (two.id,)
    assert library.same_text(three.id) == ()
    library.remove([two.id])
    assert library.same_text(one.id) == ()


def test_a_batch_is_stored_whole_or_not_at_all(library, make_article, encoder):
    good, bad = make_article("It rained."), make_article("bad \udc00", path="/2.txt")
    with pytest.raises(IngestError, match=r"^/2\.txt: half of a surrogate pair"):
        library.add([good, bad], encoder)
    assert library.articles() == []


def test_the_state_is_another_after_each_change_and_in_each_library(
    library, make_article, encoder, tmp_path
):
    article = make_article("A storm sank the ferry.")
    states = [library.state()]
    library.add([article], encoder)
    states += [library.state()]
    library.add([article], encoder)
    assert library.state() == states[-1]
    library.remove([article.id])
    states += [library.state()]
    with Library.open(tmp_path / "other", create=True) as other:
        states += [other.state()]
        other.add([article], encoder)
        states += [other.state()]
    assert len(set(states)) == 5


def test_an_empty_batch_changes_nothing(library, encoder):
    generation = library.status().generation
    assert library.add([], encoder) == []
    assert library.status().generation == generation


def test_a_path_that_is_no_text_is_kept_with_escapes(library, make_article, encoder):
    article = make_article("It rained.", path="/news/caf\udce9.txt")
    library.add([article], encoder)
    assert library.articles()[0].path == "/news/caf\\udce9.txt"
    assert library.add([article], encoder) == ["unchanged"]


def test_removed_articles_vanish_from_search_and_stay_readable(library, make_article, encoder):
    article, other = make_article("Nine ships sank."), make_article("Rain.", path="/2.txt")
    library.add([article, other], encoder)
    (record,) = library.remove([article.id])
    assert (record.id, record.state) == (article.id, "live")
    assert found(library, "ships") == []
    assert library.article(article.id) == article
    assert library.record(article.id).state == "removed"
    assert [record.id for record in library.articles(states=("removed",))] == [article.id]
    assert library.add([article], encoder) == ["added"]
    assert found(library, "ships") == [article.id]


def test_a_removal_is_of_all_or_none(library, make_article, encoder):
    article = make_article("It rained.")
    library.add([article], encoder)
    with pytest.raises(LibraryError, match="no article 'ffff' in library"):
        library.remove([article.id, "ffff"])
    assert [record.id for record in library.articles()] == [article.id]


@pytest.mark.parametrize("tombstone_first", [True, False])
def test_purged_articles_leave_no_trace_in_any_file(
    library, make_article, encoder, tombstone_first
):
    article = make_article("The password was xylophonist.", title="Zeppelinfahrt")
    other = make_article("Rain.", path="/2.txt")
    with library.adding():
        library.add([article, other], encoder)
    if tombstone_first:
        library.remove([article.id])
    library.remove([article.id], purge=True)
    with pytest.raises(LibraryError, match="no article"):
        library.article(article.id)
    assert found(library, "xylophonist") == []
    vector = encoder.encode_passages(["Zeppelinfahrt\nThe password was xylophonist."])[0]
    for file in library.folder.iterdir():
        data = file.read_bytes().lower()
        assert b"xylophon" not in data, file
        assert b"zeppelinf" not in data, file
        assert vector.tobytes() not in file.read_bytes(), file


def test_an_id_may_be_shortened_while_it_is_the_only_one(library, make_article, encoder):
    articles = [make_article(f"Storm number {n}.", path=f"/{n}") for n in range(40)]
    library.add(articles, encoder)
    ids = sorted(article.id for article in articles)
    first_digits = [id_[0] for id_ in ids]
    shared = next(digit for digit in first_digits if first_digits.count(digit) > 1)
    assert library.article(ids[0][:12]).id == ids[0]
    with pytest.raises(LibraryError, match=f"'{shared}' begins several ids"):
        library.article(shared)


@pytest.mark.parametrize("id_", ["", "%", "_", "nonsense", "'; DROP TABLE article"])
def test_an_unknown_id_is_named(library, make_article, encoder, id_):
    library.add([make_article("It rained.")], encoder)
    with pytest.raises(LibraryError, match=r"no article '.*' in library .*: 'footnote list' shows"):
        library.article(id_)


def test_status_counts(library, make_article, encoder):
    library.add(
        [
            make_article("Rain.", path="/1", source="AFP", published="2019-11-06"),
            make_article("Snow.", path="/2", source="afp "),
            make_article("Hail.", path="/3", source="Reuters"),
        ],
        encoder,
    )
    library.add([make_article("Fog.", path="/2")], encoder)
    library.remove([library.articles()[0].id])
    status = library.status()
    assert (status.articles, status.passages, status.replaced, status.removed) == (2, 4, 1, 1)
    assert (status.sources, status.undated) == (1, 2)
    assert (status.encoder, status.dimension, status.schema) == ("hash", 64, SCHEMA_VERSION)
    assert status.bytes > 0 and status.writable


def test_another_encoder_is_refused_with_the_way_out(library, make_article, encoder):
    library.add([make_article("It rained.")], encoder)
    other = HashEncoder(name="other", dimension=32)
    expected = (
        r"was made with encoder 'hash' \(64\); this is 'other' \(32\): run 'footnote rebuild "
        r"--encoder other', or ask with --encoder hash"
    )
    with pytest.raises(EncoderMismatch, match=expected):
        library.add([make_article("It snowed.")], other)
    with pytest.raises(EncoderMismatch, match=expected):
        Searcher.open(library, other)


def test_the_same_name_with_other_weights_is_another_encoder(library, make_article, encoder):
    library.add([make_article("It rained.")], encoder)
    retrained = HashEncoder()
    retrained.fingerprint = "0" * 64
    with pytest.raises(EncoderMismatch, match="with other weights"):
        library.add([make_article("It snowed.")], retrained)


class BrokenEncoder(HashEncoder):
    """Gives what it is told to, whatever the texts."""

    def __init__(self, value: float, dimension: int) -> None:
        super().__init__()
        self._vector = np.full(dimension, value, dtype=np.float32)

    def encode_passages(self, texts) -> Vectors:
        return np.repeat(self._vector[None, :], len(texts), axis=0)


@pytest.mark.parametrize(
    ("value", "dimension", "reason"),
    [(np.nan, 64, "not of length 1"), (0, 64, "not of length 1"), (1, 64, "not of length 1"),
     (0.125, 63, r"of shape \(2, 63\)")],
)  # fmt: skip
def test_an_encoder_that_gives_nonsense_is_refused(library, make_article, value, dimension, reason):
    with pytest.raises(EncoderError, match=reason):
        library.add([make_article("It rained.")], BrokenEncoder(value, dimension))
    assert library.articles() == []


def test_a_second_add_waits_or_fails_as_asked(library):
    waited = threading.Event()
    order = []

    def second() -> None:
        with library.adding(on_wait=waited.set):
            order.append("second")

    with library.adding():
        with pytest.raises(LibraryBusy, match="is being added to by another process"):
            with library.adding(wait=False):
                pass
        thread = threading.Thread(target=second)
        thread.start()
        assert waited.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_the_place_of_the_adder_is_free_after_a_failure(library):
    with pytest.raises(KeyboardInterrupt), library.adding():
        raise KeyboardInterrupt
    with library.adding(wait=False):
        pass


def test_an_interrupted_add_keeps_the_batches_that_were_done(library, make_article, encoder):
    first = make_article("Nine ships sank.", path="/1")
    with pytest.raises(KeyboardInterrupt), library.adding():
        library.add([first], encoder)
        raise KeyboardInterrupt
    assert found(library, "ships") == [first.id]


def test_searching_and_removing_go_on_while_one_adds(library, make_article, encoder):
    victims = [make_article(f"Victim {n}.", path=f"/victim/{n}") for n in range(10)]
    library.add(victims, encoder)
    searcher = Searcher.open(library, encoder)
    added = threading.Event()
    longest = 0.0

    def add() -> None:
        with library.adding():
            for n in range(30):
                library.add([make_article(f"Ship {n} sank.", path=f"/ship/{n}")], encoder)
        added.set()

    def search() -> int:
        searches = 0
        while not added.is_set():
            for hit in searcher.search("ship victim").hits:
                passage = hit.passage
                article = library.article(passage.article_id)
                assert article.text[passage.start : passage.end] == passage.text
            searches += 1
        return searches

    with ThreadPoolExecutor(5) as pool:
        adding = pool.submit(add)
        searching = [pool.submit(search) for _ in range(4)]
        for victim in victims:
            begun = time.monotonic()
            library.remove([victim.id])
            longest = max(longest, time.monotonic() - begun)
        adding.result()
        assert all(search.result() > 0 for search in searching)
    assert longest < 5
    assert len(library.articles()) == 30
    assert library.check().problems == ()


def test_a_library_says_when_it_has_been_closed(library):
    library.close()
    library.close()
    with pytest.raises(LibraryError, match="has been closed"):
        library.articles()


def test_a_snapshot_is_not_written_anew_for_little(library, make_article, encoder):
    with library.adding():
        library.add([make_article(f"Ship {n}.", path=f"/{n}") for n in range(20)], encoder)
    first = library.status().snapshot_generation
    with library.adding():
        library.add([make_article("One more.", path="/more")], encoder)
    assert library.status().snapshot_generation == first
    with library.adding():
        library.add([make_article(f"Boat {n}.", path=f"/b/{n}") for n in range(9)], encoder)
    assert library.status().snapshot_generation > first


@pytest.mark.parametrize("damage", ["missing", "torn", "altered", "header"])
def test_a_damaged_snapshot_is_made_good_without_a_word(
    tmp_path: Path, make_article, encoder, damage, recwarn
):
    with Library.open(tmp_path / "l", create=True) as library, library.adding():
        library.add([make_article(f"Ship {n}.", path=f"/{n}") for n in range(5)], encoder)
    (file,) = (tmp_path / "l").glob("vectors-*.faiss")
    data = bytearray(file.read_bytes())
    if damage == "missing":
        file.unlink()
    elif damage == "torn":
        file.write_bytes(data[: len(data) // 2])
    else:
        data[0 if damage == "header" else -9] ^= 0xFF
        file.write_bytes(data)
    with Library.open(tmp_path / "l") as library:
        hits = Searcher.open(library, encoder).search("ship 3").hits
        assert hits[0].passage.text == "Ship 3."
        library.check()
        (file,) = library.folder.glob("vectors-*.faiss")
        assert library.check().problems == ()
    assert len(recwarn) == 0


def test_the_database_itself_keeps_no_half_articles(library, make_article, encoder):
    """The tables refuse a passage without an article, whatever the code above them does."""
    with library.reading() as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("INSERT INTO passage VALUES (1, 9, 0, 1, 'x')")


def test_after_an_unclean_stop_the_whole_snapshot_is_verified(
    library, make_article, encoder, tmp_path
):
    with library.adding():
        library.add([make_article("Ship.", headline=False)], encoder)
    copy = tmp_path / "copy"
    shutil.copytree(library.folder, copy)  # as a crash would leave it: the log is still there
    (file,) = copy.glob("vectors-*.faiss")
    data = bytearray(file.read_bytes())
    place = data.index(encoder.encode_passages(["Storm reaches the coast\nShip."])[0].tobytes())
    data[place : place + 256] = bytes(256)
    file.write_bytes(data)
    with Library.open(copy) as crashed:
        hit = Searcher.open(crashed, encoder).search("ship").hits[0]
    assert hit.dense is not None and hit.dense > 0.1


class MeddlingEncoder(HashEncoder):
    """Removes an article while it encodes others, as another process might."""

    def __init__(self, library: Library, victim: str) -> None:
        super().__init__()
        self._library, self._victim = library, victim

    def encode_passages(self, texts) -> Vectors:
        self._library.remove([self._victim])
        return super().encode_passages(texts)


def test_a_removal_during_a_batch_holds(library, make_article, encoder):
    old, new = make_article("Old.", path="/1"), make_article("New.", path="/2")
    library.add([old], encoder)
    assert library.add([old, new], MeddlingEncoder(library, old.id)) == ["unchanged", "added"]
    assert [record.id for record in library.articles()] == [new.id]
    assert library.check(encoder=encoder).problems == ()


# Which version follows another


def test_the_version_at_a_path_is_the_live_one(library, make_article, encoder):
    first, second = make_article("First."), make_article("Second.")
    assert (library.live_at("/news/1.txt"), library.state_of(first.id)) == (None, None)
    library.add([first], encoder)
    library.add([second], encoder)
    assert library.live_at("/news/1.txt") == second.id
    assert [library.state_of(each.id) for each in (first, second)] == ["replaced", "live"]
    library.remove([second.id])
    assert (library.live_at("/news/1.txt"), library.state_of(second.id)) == (None, "removed")
    library.remove([first.id], purge=True)
    assert library.state_of(first.id) is None


def test_a_version_at_two_paths_is_found_at_both(library, make_article, encoder):
    here, there = make_article("Same."), make_article("Same.", path="/news/2.txt")
    library.add([here, there], encoder)
    library.add([make_article("Other.")], encoder)
    assert library.live_at("/news/2.txt") == here.id == there.id
    assert library.state_of(here.id) == "live"


def test_a_state_is_of_a_whole_id(library, make_article, encoder):
    article = make_article("First.")
    library.add([article], encoder)
    assert library.state_of(article.id[:6]) is None


def test_live_articles_are_found_by_their_text(library, make_article, encoder):
    one = make_article("Same.", source="The Wire")
    two = make_article("Same.", source="The Ledger", path="/2")
    library.add([one, two, make_article("Other.", path="/3")], encoder)
    assert library.with_text(one.sha256) == (one.id, two.id)
    library.remove([one.id])
    assert library.with_text(one.sha256) == (two.id,)
    assert library.with_text("0" * 64) == ()
