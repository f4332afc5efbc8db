"""Random edits of random articles, each with the verdict that follows from the edit itself.

What is expected is known from how the edited text was put together, never from the code
under test.
"""

import random
from dataclasses import dataclass, replace

import pytest

from index.embed import HashEncoder
from index.library import Library
from index.types import Article, Sourced
from qa.cite import CitationRecord, Stretch
from qa.verify import judge, verify_in_library
from qa.verify_files import verify_among, verify_files

CASES = 145  # of each kind of edit: over 2,000 in all

SMALL = "the of in and to a by for with from under near after before".split()
LARGE = """harbour council bridge ferry teacher market winter signal garden engine mayor orchard
witness copper lantern quarry student harvest railway chapel tunnel museum weaver island budget
verdict journal kettle compass meadow pilot glacier surgeon archive canal barrel falcon printer
voyage cabinet timber ribbon saddle thunder velvet anchor basket candle dragon ember feather
granite hammer insect jacket kitchen ladder magnet needle office pepper quilt rocket salmon
temple umbrella village wallet yellow zephyr almond beacon cactus dancer elbow flute goblin
opened repaired counted painted lifted measured reported planted carried followed closed
examined gathered promised refused released scattered studied tested visited warned yielded
ordered named moved marked learned joined ignored hired guarded found expected described""".split()
NAMES = "Ostrava Belwick Carrow Dunmere Elstow Farnley Garrick Hollin Ibsley Jarrow Kelso".split()


def sentence(rng: random.Random) -> list[str]:
    """Words of a sentence: content words with small ones between them, some names and figures."""
    words = []
    for _ in range(rng.randint(4, 7)):
        kind = rng.random()
        large = (
            rng.choice(NAMES)
            if kind < 0.1
            else str(rng.randint(3, 9999))
            if kind < 0.2
            else rng.choice(LARGE)
        )
        words += [rng.choice(SMALL), large]
    words[0] = words[0].capitalize()
    words[-1] += "."
    return words


@dataclass
class Text:
    """An article as paragraphs of sentences of words, with one quotation in it."""

    paragraphs: list[list[list[str]]]
    cited: tuple[int, int]  # paragraph and sentence
    quote: tuple[int, int]  # words of it, the last one excluded

    @classmethod
    def made(cls, rng: random.Random) -> "Text":
        paragraphs = [[sentence(rng) for _ in range(rng.randint(2, 4))] for _ in range(5)]
        cited = rng.randrange(5), rng.randrange(2)
        words = paragraphs[cited[0]][cited[1]]
        first = rng.randrange(len(words) - 1)
        last = rng.randint(first + 1, min(first + 5, len(words)))
        if words[first].lower() in SMALL and last - first == 1:
            last += 1  # nobody cites "the"
        if rng.random() < 0.15:
            first, last = 0, len(words)
        return cls(paragraphs, cited, (first, last))

    def copy(self) -> "Text":
        return Text([[list(s) for s in p] for p in self.paragraphs], self.cited, self.quote)

    @property
    def words(self) -> list[str]:
        return self.paragraphs[self.cited[0]][self.cited[1]]

    def __str__(self) -> str:
        return "\n\n".join(" ".join(" ".join(s) for s in p) for p in self.paragraphs)

    def places(self) -> tuple[int, int, int, int]:
        """Start and end of the cited sentence and of the quote, counted while joining."""
        at, sentence_at = 0, (0, 0)
        for n, paragraph in enumerate(self.paragraphs):
            for m, words in enumerate(paragraph):
                if (n, m) == self.cited:
                    sentence_at = at, at + len(" ".join(words))
                at += len(" ".join(words)) + 1
            at += 1
        first, last = self.quote
        start = sentence_at[0] + len(" ".join([*self.words[:first], ""]))
        quoted = " ".join(self.words[first:last]).removesuffix(".")
        return (*sentence_at, start, start + len(quoted))


def article_of(text: str, *, path: str = "/news/report.txt", author: str = "Ann Roe") -> Article:
    author_found = (Sourced(author, "byline"),)
    return Article(text, Sourced("A report", "header"), path, "0" * 64, authors=author_found)


def record_of(article: Article, text: Text) -> CitationRecord:
    sentence_start, sentence_end, start, end = text.places()
    whole = article.text
    return CitationRecord(
        article_id=article.id,
        article_sha256=article.sha256,
        file_sha256=article.file_sha256,
        path=article.path,
        start=start,
        end=end,
        quote=whole[start:end],
        prefix=whole[max(start - 32, 0) : start],
        suffix=whole[end : end + 32],
        sentence=Stretch(start=sentence_start, end=sentence_end),
        sentence_text=whole[sentence_start:sentence_end],
        title="A report",
    )


@dataclass
class Case:
    """What the edit made of the article, and what is true of the citation then."""

    now: str | None  # None: the article is there no more
    status: str
    place: tuple[int, int] | None = None  # of the quote, where it is there
    author: str = "Ann Roe"
    removed: str | None = None  # a word that a diff must show as taken out, and one as put in
    added: str | None = None


def fresh_word(rng: random.Random) -> str:
    return "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(4))


def moved(text: Text) -> Case:
    return Case(str(text), "moved", text.places()[2:])


def no_edit(text: Text, rng: random.Random) -> Case:
    return Case(str(text), "intact", text.places()[2:])


def other_author(text: Text, rng: random.Random) -> Case:
    return Case(str(text), "intact", text.places()[2:], author="Ann Rowe")


def insert_before(text: Text, rng: random.Random) -> Case:
    now = text.copy()
    n = rng.randint(0, now.cited[0])
    now.paragraphs.insert(n, [sentence(rng)])
    now.cited = now.cited[0] + 1, now.cited[1]
    return moved(now)


def insert_after(text: Text, rng: random.Random) -> Case:
    now = text.copy()
    now.paragraphs.insert(rng.randint(now.cited[0] + 1, len(now.paragraphs)), [sentence(rng)])
    return moved(now)


def _edited_word(now: Text, at: int, rng: random.Random) -> tuple[str, str]:
    old, new = now.words[at], fresh_word(rng)
    new = new.capitalize() if at == 0 else new
    now.words[at] = new + ("." if old.endswith(".") else "")
    return old.removesuffix("."), new


def edit_quote(text: Text, rng: random.Random) -> Case:
    now = text.copy()
    old, new = _edited_word(now, rng.randrange(*now.quote), rng)
    return Case(str(now), "changed", removed=old, added=new)


def edit_quote_and_say_it_elsewhere(text: Text, rng: random.Random) -> Case:
    """The words of a short quote in another sentence are not the quotation."""
    now = text.copy()
    now.quote = now.quote[0], min(now.quote[1], now.quote[0] + 3)
    text.quote = now.quote
    said = " ".join(now.words[slice(*now.quote)]).removesuffix(".")
    now.paragraphs.append(
        [["Unrelated", fresh_word(rng), "by", said, "and", fresh_word(rng) + "."]]
    )
    old, new = _edited_word(now, rng.randrange(*now.quote), rng)
    return Case(str(now), "changed", removed=old, added=new)


def edit_around_quote(text: Text, rng: random.Random) -> Case:
    now = text.copy()
    outside = [n for n in range(len(now.words)) if not now.quote[0] <= n < now.quote[1]]
    if not outside:
        return no_edit(text, rng)
    old, new = _edited_word(now, rng.choice(outside), rng)
    case = moved(now)
    case.removed, case.added = old, new
    return case


def delete_sentence(text: Text, rng: random.Random) -> Case:
    now = text.copy()
    del now.paragraphs[now.cited[0]][now.cited[1]]
    return Case(str(now), "replaced")


def swap_paragraphs(text: Text, rng: random.Random) -> Case:
    now = text.copy()
    here, there = now.cited[0], rng.choice([n for n in range(5) if n != now.cited[0]])
    pages = now.paragraphs
    pages[here], pages[there] = pages[there], pages[here]
    now.cited = there, now.cited[1]
    return moved(now)


def change_case(text: Text, rng: random.Random) -> Case:
    now = text.copy()
    now.words[:] = [word.upper() for word in now.words]
    quoted = " ".join(text.words[slice(*text.quote)])
    if quoted == quoted.upper():  # a figure has no case
        return moved(now)
    return Case(str(now), "changed")


def say_again_before(text: Text, rng: random.Random) -> Case:
    now = text.copy()
    said = " ".join(now.words[slice(*now.quote)]).removesuffix(".")
    now.paragraphs.insert(0, [["Yet", fresh_word(rng), said, fresh_word(rng), "twice."]])
    now.cited = now.cited[0] + 1, now.cited[1]
    return moved(now)


def say_again_after(text: Text, rng: random.Random) -> Case:
    now = text.copy()
    said = " ".join(now.words[slice(*now.quote)]).removesuffix(".")
    now.paragraphs.append([["Yet", fresh_word(rng), said, fresh_word(rng), "twice."]])
    return moved(now)


def replace_article(text: Text, rng: random.Random) -> Case:
    return Case(str(Text.made(rng)), "replaced")


def remove_article(text: Text, rng: random.Random) -> Case:
    return Case(None, "gone")


EDITS = [
    no_edit,
    other_author,
    insert_before,
    insert_after,
    edit_quote,
    edit_quote_and_say_it_elsewhere,
    edit_around_quote,
    delete_sentence,
    swap_paragraphs,
    change_case,
    say_again_before,
    say_again_after,
    replace_article,
    remove_article,
]


def cases(edit, count):
    """Record, case, and articles about other things, each from a seed of its own."""
    for seed in range(count):
        rng = random.Random(f"{edit.__name__} {seed}")
        text = Text.made(rng)
        case = edit(text, rng)
        record = record_of(article_of(str(text)), text)
        if case.status == "moved" and untouched(record, str(text), case.now):
            case.status = "intact"
        others = [article_of(str(Text.made(rng)), path=f"/news/{n}.txt") for n in range(2)]
        yield seed, str(text), record, case, others


def untouched(record, was, now):
    """Whether the sentence, and what is near the quote, is in both where it was cited."""
    near = slice(record.start - len(record.prefix), record.end + len(record.suffix))
    sentence = slice(record.sentence.start, record.sentence.end)
    return was[near] == now[near] and was[sentence] == now[sentence]


def check(verdict, record, case, story):
    assert verdict.status == case.status, story
    if case.place is not None:
        assert (verdict.place.start, verdict.place.end) == case.place, story
        assert case.now[verdict.place.start : verdict.place.end] == record.quote, story
    removed = "".join(piece.text for piece in verdict.diff if piece.kind == "removed")
    added = "".join(piece.text for piece in verdict.diff if piece.kind == "added")
    assert (case.removed or "") in removed and (case.added or "") in added, story
    if verdict.diff and verdict.place:
        kept = "".join(piece.text for piece in verdict.diff if piece.kind != "added")
        assert kept == record.sentence_text, story


def story(edit, seed, was, record, case):
    return (
        f"\nedit: {edit.__name__}, seed {seed}\nquote: {record.quote!r} at {record.start}"
        f"\nsentence: {record.sentence_text!r}\nexpected: {case.status} {case.place}"
        f"\n--- was\n{was}\n--- now\n{case.now}"
    )


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_gets_its_verdict(edit):
    for seed, was, record, case, others in cases(edit, CASES):
        current = [] if case.now is None else [article_of(case.now, author=case.author)]
        told = story(edit, seed, was, record, case)
        check(verify_among(record, [*others, *current]), record, case, told)
        for article in current:
            check(judge(record, article, cited=was), record, case, told)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_gets_its_verdict_from_a_library(edit, tmp_path):
    for seed, was, record, case, others in cases(edit, 2):
        told = story(edit, seed, was, record, case)
        with Library.open(tmp_path / str(seed), create=True) as library:
            library.add([article_of(was), *others], HashEncoder())
            if case.now is None:
                library.remove([record.article_id])
            else:
                library.add([article_of(case.now, author=case.author)], HashEncoder())
            (verdict,) = verify_in_library([record], library)
            check(verdict, record, case, told)
            kept = None if library.state_of(record.article_id) == "live" else record.article_id
            assert verdict.kept == kept, told


def test_edits_get_their_verdicts_from_files(tmp_path):
    """All in one folder, each in a file whose name is the edit's: reading files takes a while."""
    from index.ingest import read_files

    expected = []
    folder = tmp_path / "then"
    folder.mkdir()
    for edit in EDITS:
        for seed, was, record, case, _ in cases(edit, 1):
            name = f"{edit.__name__}.txt"
            (folder / name).write_text(was)
            expected.append((name, record, case, story(edit, seed, was, record, case)))
    read = {each.path: each.articles[0] for each in read_files(sorted(folder.iterdir()))}
    records = []
    for name, record, case, told in expected:
        article = read[str(folder / name)]
        assert article.text[record.start : record.end] == record.quote, told
        known = {"article_id": article.id, "article_sha256": article.sha256, "path": article.path}
        file = {"file_sha256": article.file_sha256}
        records.append(record.model_copy(update=known | file))
        if case.now is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(case.now)
    moved_to = folder.rename(tmp_path / "now")
    for verdict, (_, record, case, told) in zip(
        verify_files(records, moved_to), expected, strict=True
    ):
        check(replace(verdict, record=record), record, case, told)
