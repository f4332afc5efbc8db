"""300 articles that mean harm, in every view of the page: nothing of them ever runs."""

import dataclasses
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from index.embed import HashEncoder
from index.library import Library
from index.types import Article, PublishedDate, Sourced
from qa.types import Copy, Range
from ui.scripted import ScriptedAssistant
from ui.shelf import Shelf

expect.set_options(timeout=20_000)  # milliseconds: the machine may be busy with other things

# Gradio's queue counts its events in ways that pandas is about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]

COUNT = 300
AT_ONCE = 50  # cited by one answer
HARM = (
    "<script>pwned({n})</script>",
    "<img src=x onerror=pwned({n})>",
    "<svg/onload=pwned({n})>",
    "<style>body{{display:none}}</style>",
    '"><iframe srcdoc="<script>parent.pwned({n})</script>">',
    "<a href='javascript:pwned({n})'>here</a>",
    "' autofocus onfocus=pwned({n}) x='",
    "</textarea></title></style></script><script>pwned({n})</script>",
    "<details open ontoggle=pwned({n})>",
    "{{{{constructor.constructor('pwned({n})')()}}}} ${{pwned({n})}} <%= pwned({n}) %>",
    "<base href=https://evil.example/><link rel=stylesheet href=https://evil.example/{n}.css>",
    "<form action=https://evil.example/><button formaction=javascript:pwned({n})>",
    "<math><mtext><img src=x onerror=pwned({n})></mtext></math>",
    "<!--><img src=x onerror=pwned({n})>-->",
    "\u202e<b onmouseover=pwned({n})>\u2066 [x](javascript:pwned({n}))",
)
WATCH = "window.harm = []; window.pwned = (n) => window.harm.push(n);"


def harm(n: int) -> str:
    return HARM[n % len(HARM)].format(n=n)


def article(n: int) -> Article:
    bad = harm(n)
    return Article(
        text=f"{bad} title {n}\n\nBefore {bad} eleven people {bad} after, said {n}.",
        title=Sourced(f"{bad} title {n}", "header"),
        path=f"/articles/{n}-{bad.replace('/', '_')}.txt",
        file_sha256="0" * 64,
        source=Sourced(f"{bad} outlet {n % 7}", "header"),
        authors=(Sourced(bad, "byline"),),
        url=Sourced(f"javascript:pwned({n})//{bad}", "header"),
        published=PublishedDate("2031-05-06", bad, "high"),
        body_start=len(f"{bad} title {n}\n\n"),
        language="en",
    )


ARTICLES = [article(n) for n in range(COUNT)]


def answer(template, first: int):
    """One that cites the articles from this one on, and copies of them."""
    citations = []
    for n, cited in enumerate(ARTICLES[first : first + AT_ONCE], start=1):
        start = cited.text.index("eleven people")
        citations.append(
            dataclasses.replace(
                template.citations[0],
                n=n,
                article_id=cited.id,
                title=cited.title.value,
                source=cited.source.value,
                authors=(cited.authors[0].value,),
                url=cited.url.value,
                path=cited.path,
                published="2031-05-06",
                published_origin=cited.published.origin,
                start=start,
                end=start + len("eleven people"),
                quote="eleven people",
                sentence=Range(cited.body_start, len(cited.text)),
                passage=Range(cited.body_start, len(cited.text)),
                passage_text=cited.text[cited.body_start :],
                also_in=("a",),
                copies=(Copy("a", cited.title.value, cited.source.value),),
            )
        )
    return dataclasses.replace(
        template,
        question=f"{harm(first)} question {first}?",
        standalone_question=f"{harm(first + 1)} as understood {first}?",
        answer="eleven people",
        citations=tuple(citations),
        alternatives=(),
    )


@pytest.fixture
def shelf(tmp_path) -> Iterator[Shelf]:
    library = Library.open(tmp_path / "library", create=True)
    with library.adding():
        library.add(ARTICLES, HashEncoder())
    with Shelf(library, HashEncoder(), idle_seconds=0.5) as opened:
        yield opened


@pytest.fixture
def address(shelf, answered_by, injured) -> str:
    made = [answer(injured, first) for first in range(0, COUNT, AT_ONCE)]
    assistant = ScriptedAssistant(
        {each.question: each for each in made}, articles={each.id: each for each in ARTICLES}
    )
    return answered_by(assistant, shelf=shelf, examples=[made[0].question])


@pytest.fixture
def watched(page: Page, troubles) -> Iterator[Page]:
    """The page, where anything that runs, or asks for anything, is a failure."""
    page.add_init_script(WATCH)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    yield page
    assert page.evaluate("window.harm") == []
    assert dialogs == []
    links = "links => links.map(a => a.protocol).filter(p => !['http:', 'https:'].includes(p))"
    assert page.locator("a[href]").evaluate_all(links) == []
    strange = "script:not([nonce]), iframe, base, form[action], [formaction], svg, img, object"
    assert page.locator(f"#fn-app :is({strange}), .fn-view :is({strange})").count() == 0
    assert page.locator("body").is_visible()


def test_their_words_in_answers_sources_and_articles_stay_words(watched, address):
    page = watched
    page.goto(address)
    for first in range(0, COUNT, AT_ONCE):
        question = f"{harm(first)} question {first}?"
        page.get_by_role("textbox").first.fill(question)
        page.get_by_role("textbox").first.press("Enter")
        expect(page.locator("[data-testid=answer]").last).to_contain_text(f"question {first}?")
        expect(page.locator("[data-testid=source]")).to_have_count(AT_ONCE)
        marks = page.locator("[data-testid=source] mark").evaluate_all(
            "marks => marks.map(mark => mark.textContent)"
        )
        assert marks == ["eleven people"] * AT_ONCE
        page.locator("[data-testid=answer]").last.get_by_role("button", name="Cite").click()
        page.locator("[data-testid=source]").nth(first % AT_ONCE).locator("blockquote").click()
        expect(page.get_by_role("region", name="Whole article")).to_contain_text("eleven people")
        page.get_by_role("button", name="Back").click()
    page.get_by_role("tab", name="Report").click()
    expect(page.get_by_test_id("report-item")).to_have_count(COUNT // AT_ONCE)


def test_their_names_in_the_library_stay_words(watched, address):
    page = watched
    page.goto(f"{address}#library")
    rows = page.locator(".fn-lib-rows > li")
    shown = 50
    expect(rows).to_have_count(shown)
    while page.get_by_role("button", name="Show more").is_visible():
        page.get_by_role("button", name="Show more").click()
        shown += 50
        expect(rows).to_have_count(min(shown, COUNT))
    expect(rows).to_have_count(COUNT)
    page.get_by_role("searchbox").fill("<script>")
    page.wait_for_timeout(500)


def test_an_article_on_its_own_page_stays_words(watched, address):
    for n in range(len(HARM)):
        watched.goto(f"{address}article/{ARTICLES[n].id}?start=0&end=5")
        expect(watched.locator("main")).to_contain_text(f"said {n}.")
        assert watched.evaluate("window.harm") == []
