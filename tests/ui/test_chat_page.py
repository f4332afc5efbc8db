"""What stands beside an answer, what a question can do on its way, and the page's habits."""

import asyncio
import dataclasses
import functools
import re
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from index.types import Article, Sourced
from qa.types import Agreement, Claim, Copy, Range, TimelineEntry
from ui.app import Chat
from ui.scripted import ScriptedAssistant

expect.set_options(timeout=20_000)  # milliseconds: the machine may be busy with other things

# Gradio's queue counts its events in ways that pandas is about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


def box(page: Page):
    return page.get_by_role("textbox").first


def ask(page: Page, question: str) -> None:
    box(page).fill(question)
    box(page).press("Enter")


def answers(page: Page):
    return page.locator("[data-testid=answer]")


def sources(page: Page):
    return page.locator("[data-testid=source]")


@pytest.fixture
def dated(disputed):
    """Two values, the first given by an earlier article than the second, and when each was."""
    days = ("2019-11-06", "2019-11-08")
    claims = tuple(
        Claim(
            claim.value,
            claim.articles,
            tuple(
                dataclasses.replace(cited, published=day, published_trust="high")
                for cited in claim.citations
            ),
        )
        for claim, day in zip(disputed.agreement.claims, days, strict=True)
    )
    timeline = tuple(
        TimelineEntry(day, None, claim.citations[0].sentence_text, claim.citations[:1], "then")
        for claim, day in zip(claims, days, strict=True)
    )
    return dataclasses.replace(
        disputed,
        citations=claims[0].citations,
        agreement=Agreement("conflict", claims),
        timeline=timeline,
    )


@pytest.fixture
def of_dated(dated, first_report, second_report):
    articles = {each.id: each for each in (first_report, second_report)}
    return ScriptedAssistant({dated.question: dated}, articles=articles)


def test_the_passages_are_shown_while_the_answer_is_awaited(
    page, answered_by, injured, gate, troubles
):
    page.goto(answered_by(ScriptedAssistant({injured.question: injured}, gate=gate)))
    ask(page, injured.question)
    expect(sources(page)).to_have_count(2)
    expect(page.locator("#fn-panel mark")).to_have_count(0)
    expect(answers(page)).to_have_count(0)
    gate.set()
    expect(answers(page)).to_have_count(1)
    expect(sources(page).first.locator("mark")).to_have_text("eleven people")


def test_a_question_whose_stream_closes_under_it_is_answered(page, answered_by, injured, troubles):
    def closing_late(app):
        """The end of a stream is long on its way: what is asked meanwhile counts on the stream."""

        async def wrapped(scope, receive, send):
            end = []

            async def hold_end(message):
                if end or b"close_stream" in message.get("body", b""):
                    end.append(message)
                else:
                    await send(message)

            await app(scope, receive, hold_end)
            await asyncio.sleep(2 if end else 0)
            for message in end:
                await send(message)

        return wrapped

    assistant = ScriptedAssistant({injured.question: injured})
    page.goto(answered_by(assistant, around=closing_late))
    with page.expect_response(lambda response: "queue/join" in response.url):
        expect(box(page)).to_be_visible()
    page.wait_for_timeout(1000)  # what the page loads has come, its stream is about to close
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)


def test_an_answer_outlives_a_page_that_is_ready_late(
    browser, answered_by, assistant, injured, monkeypatch
):
    answered = threading.Event()
    resume = Chat.resume

    @functools.wraps(resume)
    async def late(*given):
        while not answered.is_set():
            await asyncio.sleep(0.01)
        return await resume(*given)

    monkeypatch.setattr(Chat, "resume", late)
    context = browser.new_context(locale="de-DE")  # in German the whole page is told at the end
    page = context.new_page()
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)
    expect(page.get_by_role("tab", name="Sources")).to_be_visible()
    answered.set()
    expect(page.get_by_role("tab", name="Quellen")).to_be_visible()
    expect(answers(page)).to_have_count(1)
    expect(sources(page)).to_have_count(2)
    context.close()


@pytest.mark.parametrize("by_key", [False, True])
def test_a_question_that_is_stopped_stands_in_the_box_again(
    page, answered_by, injured, harbour_master, gate, by_key
):
    answers_by = {each.question: each for each in (injured, harbour_master)}
    page.goto(answered_by(ScriptedAssistant(answers_by, gate=gate)))
    ask(page, injured.question)
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_visible()
    if by_key:
        page.keyboard.press("Escape")
    else:
        stop.click()
    expect(stop).to_have_count(0)
    expect(box(page)).to_have_value(injured.question)
    gate.set()
    ask(page, harbour_master.question)
    expect(answers(page)).to_have_count(1)
    expect(answers(page)).to_contain_text("Ilse Corbant")


def test_whoever_waits_sees_the_place_in_the_queue(
    context: BrowserContext, answered_by, injured, harbour_master, gate
):
    script = {each.question: each for each in (injured, harbour_master)}
    address = answered_by(ScriptedAssistant(script, gate=gate))
    first, second = context.new_page(), context.new_page()
    for tab in (first, second):
        tab.goto(address)
    ask(first, injured.question)
    expect(sources(first)).to_have_count(2)
    ask(second, harbour_master.question)
    expect(second.get_by_text("One question comes before yours")).to_be_visible()
    gate.set()
    expect(answers(second)).to_contain_text("Ilse Corbant")


def test_the_confidence_says_what_it_means(page, answered_by, assistant, injured, troubles):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    meaning = page.get_by_role("tooltip", include_hidden=True)
    expect(meaning).to_be_hidden()
    answers(page).get_by_role("button", name="likely, 0.82").hover()
    expect(meaning).to_be_visible()
    expect(meaning).to_contain_text("Of 100 answers given with this figure, about 82")


def test_sources_that_disagree_are_compared_and_put_in_order_of_time(
    page, answered_by, of_dated, dated, troubles
):
    page.goto(answered_by(of_dated))
    ask(page, dated.question)
    answers(page).get_by_role("button", name="Sources disagree").click()
    claims = page.get_by_test_id("claim")
    expect(claims).to_have_count(2)
    expect(claims.first).to_contain_text("a later article says otherwise")
    expect(claims.nth(1)).to_contain_text("12 people")
    expect(page.get_by_role("tab", name="Compared")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Compared").press("ArrowRight")
    expect(page.get_by_role("tab", name="Timeline")).to_be_focused()
    moments = page.get_by_test_id("timeline").locator("li")
    expect(moments.first).to_contain_text("6 November 2019")
    expect(moments.first).to_have_class(re.compile("fn-superseded"))
    expect(moments.nth(1)).not_to_have_class(re.compile("fn-superseded"))
    moments.nth(1).get_by_role("button").click()
    expect(sources(page).nth(1)).to_be_focused()
    expect(page.get_by_role("tab", name="Sources")).to_have_attribute("aria-selected", "true")


def test_a_passage_opens_its_article_at_the_words_that_are_cited(
    page, answered_by, injured, first_report, troubles
):
    again = first_report.text.index("engine room")
    second = dataclasses.replace(
        injured.citations[0],
        n=2,
        start=again,
        end=again + 11,
        quote="engine room",
        sentence=Range(again - 4, again + 11),
        passage=Range(0, len(first_report.text)),
        passage_text=first_report.text,
    )
    answer = dataclasses.replace(injured, citations=(injured.citations[0], second))
    articles = {first_report.id: first_report}
    page.goto(answered_by(ScriptedAssistant({answer.question: answer}, articles=articles)))
    ask(page, answer.question)
    sources(page).nth(1).locator("blockquote").click()
    reading = page.get_by_role("region", name="Whole article")
    expect(reading.locator("h2")).to_have_text(first_report.title.value)
    expect(reading.locator("mark")).to_have_text(["eleven people", "engine room"])
    expect(reading.get_by_text("2 of 2")).to_be_visible()
    expect(reading.locator("mark.fn-here")).to_have_text("engine room")
    reading.get_by_role("button", name="Next mark").click()
    expect(reading.locator("mark.fn-here")).to_have_text("eleven people")
    expect(reading.get_by_text("1 of 2")).to_be_visible()
    reading.get_by_role("button", name="Previous mark").click()
    expect(reading.locator("mark.fn-here")).to_have_text("engine room")
    page.keyboard.press("Escape")
    expect(reading).to_be_hidden()
    expect(sources(page).nth(1)).to_be_visible()


def test_an_article_that_is_gone_says_so_calmly(page, answered_by, injured):
    page.goto(answered_by(ScriptedAssistant({injured.question: injured})))
    ask(page, injured.question)
    sources(page).first.get_by_role("link", name="Whole article").click()
    expect(page.locator("#fn-toast")).to_contain_text("no article")


def test_copies_are_folded_and_the_original_is_linked_at_the_words(
    page, answered_by, injured, troubles
):
    copies = (Copy("aa11", "Ferry fire", "Leaf & Cargo"),)
    cited = dataclasses.replace(injured.citations[0], also_in=("aa11",), copies=copies)
    answer = dataclasses.replace(injured, citations=(cited,))
    page.goto(answered_by(ScriptedAssistant({answer.question: answer})))
    ask(page, answer.question)
    copy = sources(page).get_by_role("link", name="Leaf & Cargo")
    expect(copy).to_be_hidden()
    sources(page).get_by_text("also carried by Leaf & Cargo").click()
    expect(copy).to_have_attribute("href", "/article/aa11")
    original = sources(page).get_by_role("link", name="Original at")
    expect(original).to_have_attribute("href", re.compile(r"#:~:text=.*eleven%20people"))


def test_without_filters_the_question_is_asked_again(page, answered_by, owner, injured, troubles):
    shut_out = dataclasses.replace(owner, reason="filtered_out")
    assistant = ScriptedAssistant({owner.question: shut_out})
    page.goto(answered_by(assistant))
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Until").fill("1999-01-01")
    page.get_by_label("Until").blur()
    expect(page.get_by_role("button", name="Filters (1 in force)")).to_be_visible()
    ask(page, owner.question)
    answers(page).last.get_by_role("button", name="Ask again without filters").click()
    expect(answers(page)).to_have_count(2)
    assert assistant.filters[0].before == "1999-01-01"
    assert assistant.filters[1] is None
    expect(page.get_by_label("Until")).to_have_value("")


TICKS = """(scope) => {
  localStorage.setItem("footnote.scope", JSON.stringify(scope));
  document.dispatchEvent(new CustomEvent("footnote:scope"));
}"""


def test_what_is_not_ticked_in_the_library_is_not_asked(
    page, answered_by, owner, injured, troubles, leave
):
    shut_out = dataclasses.replace(owner, reason="filtered_out")
    assistant = ScriptedAssistant({owner.question: shut_out})
    address = answered_by(assistant)
    page.goto(address)
    expect(box(page)).to_be_visible()
    page.evaluate(TICKS, {"without": ["a1", "b2"]})
    expect(page.get_by_role("button", name="Filters (1 in force)")).to_be_visible()
    expect(page.get_by_text("Only the articles ticked in the library")).to_be_visible()
    ask(page, owner.question)
    expect(answers(page)).to_have_count(1)
    leave()
    page.goto(address)
    expect(page.get_by_role("button", name="Filters (1 in force)")).to_be_visible()
    page.get_by_role("button", name="Ask again without filters").click()
    expect(answers(page)).to_have_count(2)
    expect(page.get_by_role("button", name=re.compile(r"^Filters\W*$"))).to_be_visible()
    assert [each and each.without for each in assistant.filters] == [("a1", "b2"), None]


def test_a_server_that_is_gone_is_said_to_be_and_the_question_stays(
    page, answered_by, injured, gate
):
    page.goto(answered_by(ScriptedAssistant({injured.question: injured}, gate=gate)))
    ask(page, injured.question)
    expect(sources(page)).to_have_count(2)
    page.context.set_offline(True)
    expect(page.get_by_text("The server does not answer")).to_be_visible()
    expect(box(page)).to_have_value(injured.question)
    page.context.set_offline(False)


def test_up_brings_the_last_question_back_and_slash_the_box(
    page, answered_by, assistant, injured, troubles
):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)
    sources(page).first.get_by_role("button").first.focus()
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("")
    page.keyboard.press("ArrowUp")
    expect(box(page)).to_have_value(injured.question)
    page.keyboard.press("Shift+Enter")
    expect(box(page)).to_have_value(f"{injured.question}\n")


def test_a_link_to_a_question_asks_it_once(context, answered_by, assistant, injured):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    address = answered_by(assistant)
    page = context.new_page()
    page.goto(address)
    ask(page, injured.question)
    answers(page).get_by_role("button", name="Link", exact=True).click()
    expect(page.locator("#fn-toast")).to_contain_text("copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}?q=")
    elsewhere = context.browser.new_context()
    other = elsewhere.new_page()
    other.goto(link)
    expect(answers(other)).to_contain_text("eleven people")
    assert other.url == address
    elsewhere.close()


def test_a_conversation_outlives_the_page_until_it_is_cleared(
    page, answered_by, assistant, injured, harbour_master, troubles, leave
):
    address = answered_by(assistant)
    page.goto(address)
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)
    leave()
    page.goto(address)
    expect(answers(page)).to_contain_text("eleven people")
    expect(sources(page)).to_have_count(2)
    ask(page, harbour_master.question)
    expect(answers(page)).to_have_count(2)
    assert assistant.histories[1][0].question == injured.question
    page.get_by_role("button", name="Clear conversation").click()
    expect(answers(page)).to_have_count(0)
    leave()
    page.goto(address)
    expect(page.get_by_text("What do your articles say?")).to_be_visible()
    expect(answers(page)).to_have_count(0)


def test_a_page_is_left_amid_an_answer_and_used_again(
    page, answered_by, injured, harbour_master, gate, troubles
):
    script = {each.question: each for each in (injured, harbour_master)}
    address = answered_by(ScriptedAssistant(script, gate=gate))
    page.goto(address)
    ask(page, injured.question)
    expect(sources(page)).to_have_count(2)
    page.goto("about:blank")
    gate.set()
    page.goto(address)
    ask(page, harbour_master.question)
    expect(answers(page).last).to_contain_text("Ilse Corbant")
    assert troubles, "Gradio no longer complains: `but_for_leaving` may go"


def test_an_answer_is_copied_with_its_citation(context, answered_by, assistant, injured):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    answers(page).get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#fn-toast")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("eleven people\n“A fire on the overnight ferry")
    assert "The Averly Courier" in copied and injured.citations[0].url in copied


def test_questions_that_the_articles_answer_are_offered_and_ask_themselves(
    page, answered_by, injured, first_report, troubles
):
    text = "Ada Low raised the alarm at the harbour."
    article = Article(text, Sourced("Alarm", "headline"), path="/a.txt", file_sha256="0" * 64)
    cited = dataclasses.replace(
        injured.citations[0],
        article_id=article.id,
        start=0,
        end=7,
        quote="Ada Low",
        sentence=Range(0, len(text)),
        passage=Range(0, len(text)),
        passage_text=text,
    )
    question = "Who raised the alarm at the harbour?"
    answer = dataclasses.replace(injured, question=question, answer="Ada Low", citations=(cited,))
    page.goto(answered_by(ScriptedAssistant({question: answer}, articles={article.id: article})))
    page.get_by_role("button", name=question).click()
    expect(answers(page)).to_contain_text("Ada Low")
    expect(page.get_by_role("button", name=question)).to_have_count(0)


def test_on_paper_answers_and_sources_stand_and_nothing_else(
    page, answered_by, assistant, injured, troubles
):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)
    page.emulate_media(media="print")
    for hidden in (box(page), page.get_by_role("navigation"), page.get_by_text("Copy")):
        expect(hidden).to_be_hidden()
    expect(answers(page)).to_be_visible()
    expect(sources(page).nth(1)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1920])
def test_what_stands_beside_an_answer_is_accessible(
    page, answered_by, of_dated, dated, width, scheme
):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(answered_by(of_dated))
    ask(page, dated.question)
    expect(answers(page)).to_have_count(1)
    axe = Axe()
    found = []
    for name in ("Compared", "Timeline", "Report", "Sources"):
        page.get_by_role("tab", name=name).click()
        found += axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    sources(page).first.get_by_role("link", name="Whole article").click()
    expect(page.get_by_role("region", name="Whole article")).to_be_visible()
    found += axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


# What a mark may be made of: joined emoji, flags, both directions, marks upon letters.
PIECES = (
    *(
        "eleven",
        "👩‍👩‍👧‍👦",
        "🇬🇪🇯🇵",
        "e\u0301\u0323",
        "שלום",
        "مرحبا",
        "\u202eabc\u202c",
        "𝕏𝔸",
        "नमस्ते",
    ),
    *("ﬁ", "\u200b", "  ", "\n", "<b>", "&amp;", "“”", "\ufeff", "가", "\t", "Ǆ"),
)


def marked_answer(template, number):
    """An answer with three citations, whose quotes are made of such pieces."""
    citations = []
    for n in range(1, 4):
        words = [PIECES[(number * 7 + n * 3 + k * (n + number)) % len(PIECES)] for k in range(9)]
        before, quote, after = ("".join(words[k : k + 3]) for k in (0, 3, 6))
        quote = f"x{quote}x"  # so that a browser shows its ends
        text = f"a{before} {quote} {after}z"
        start = len(f"a{before} ")
        citations.append(
            dataclasses.replace(
                template.citations[0],
                n=n,
                start=start,
                end=start + len(quote),
                quote=quote,
                sentence=Range(0, len(text)),
                passage=Range(0, len(text)),
                passage_text=text,
            )
        )
    return dataclasses.replace(
        template, question=f"Question {number}?", answer=citations[0].quote, citations=citations
    )


def marks_are_the_words_of_the_articles(page, answered_by, injured, numbers):
    made = [marked_answer(injured, number) for number in numbers]
    made = [dataclasses.replace(each, citations=tuple(each.citations)) for each in made]
    page.goto(answered_by(ScriptedAssistant({each.question: each for each in made})))
    for answer in made:
        ask(page, answer.question)
        last = answers(page).last
        expect(last.locator(".fn-question")).to_have_text(answer.question)
        expect(last.locator(".fn-words")).to_be_visible()
        shown = sources(page).locator("mark")
        expect(shown).to_have_count(3)
        texts = shown.evaluate_all("marks => marks.map(mark => mark.textContent)")
        quoted = [cited.passage_text[cited.start : cited.end] for cited in answer.citations]
        assert texts == quoted == [cited.quote for cited in answer.citations]


def test_marks_are_the_words_of_the_articles_in_any_script(page, answered_by, injured, troubles):
    marks_are_the_words_of_the_articles(page, answered_by, injured, range(12))


@pytest.mark.slow
def test_marks_are_the_words_of_the_articles_for_200_answers(page, answered_by, injured):
    marks_are_the_words_of_the_articles(page, answered_by, injured, range(200))
