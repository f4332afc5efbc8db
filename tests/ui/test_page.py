"""The page in a real browser."""

import dataclasses
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from index.filters import Choices
from index.types import Filters
from qa.types import Range
from ui.auth import password_line
from ui.scripted import ScriptedAssistant

expect.set_options(timeout=20_000)  # milliseconds: the machine may be busy with other things

# Gradio's queue counts its events in ways that pandas is about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]

WATCH_SHIFT = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def ask(page: Page, question: str) -> None:
    box = page.get_by_role("textbox").first
    box.fill(question)
    box.press("Enter")


def answers(page: Page):
    return page.locator("[data-testid=answer]")


def sources(page: Page):
    return page.locator("[data-testid=source]")


def test_a_question_brings_its_answer_and_the_marked_passage(
    page, answered_by, assistant, injured, troubles
):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    expect(answers(page).last).to_contain_text("eleven people")
    expect(answers(page).last).to_contain_text("likely, 0.82")
    expect(sources(page)).to_have_count(2)
    expect(sources(page).first.locator("mark")).to_have_text("eleven people")
    expect(sources(page).nth(1).locator("mark")).to_have_text("12 people")
    expect(sources(page).first).to_contain_text("The Averly Courier")
    expect(page.get_by_role("textbox").first).to_have_value("")


def test_a_question_that_was_taken_otherwise_can_be_asked_as_typed(
    page, answered_by, harbour_master, injured, troubles
):
    typed = "And who runs the harbour?"
    script = {typed: dataclasses.replace(harbour_master, question=typed)}
    assistant = ScriptedAssistant(script)
    page.goto(answered_by(assistant))
    ask(page, typed)
    line = page.get_by_test_id("understood")
    expect(line).to_have_text("Understood as: Who is the harbour master? · ask as typed")
    script[typed] = dataclasses.replace(injured, question=typed, standalone_question=typed)
    line.get_by_role("button").click()
    expect(answers(page).last).to_contain_text("eleven people")
    expect(answers(page)).to_have_count(1)
    expect(line).to_have_count(0)
    assert assistant.asked == [typed, typed]


def test_the_newest_answer_is_the_last_and_its_sources_are_shown(
    page, answered_by, assistant, injured, harbour_master, troubles
):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)
    ask(page, harbour_master.question)
    expect(answers(page)).to_have_count(2)
    expect(answers(page).last).to_contain_text("Ilse Corbant")
    expect(sources(page)).to_have_count(1)
    expect(sources(page).locator("mark")).to_have_text("Ilse Corbant")
    expect(answers(page).last).to_be_in_viewport()


def test_an_older_answers_footnote_brings_its_passage_up_by_keyboard_too(
    page, answered_by, assistant, injured, harbour_master, troubles
):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)
    ask(page, harbour_master.question)
    expect(answers(page)).to_have_count(2)
    footnote = answers(page).first.get_by_role("button", name="Source 2: Averly ferry")
    footnote.focus()
    page.keyboard.press("Enter")
    second = sources(page).nth(1)
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-current", "true")
    expect(second).to_be_in_viewport()
    expect(second.locator("mark")).to_have_text("12 people")
    page.keyboard.press("Escape")
    expect(footnote).to_be_focused()


def test_what_the_articles_do_not_say_is_said_plainly(
    page, answered_by, assistant, owner, troubles
):
    page.goto(answered_by(assistant))
    ask(page, owner.question)
    expect(answers(page).last).to_contain_text("The articles do not say.")
    expect(sources(page)).to_have_count(2)
    expect(page.locator("mark")).to_have_count(0)
    answers(page).last.get_by_text("The closest guess").click()
    expect(answers(page).last.get_by_text("a faint guess, 0.11")).to_be_visible()


def test_an_example_asks_itself_and_clearing_brings_the_examples_back(
    page, answered_by, assistant, harbour_master, troubles
):
    page.goto(answered_by(assistant, examples=[harbour_master.question]))
    page.get_by_role("button", name=harbour_master.question).click()
    expect(answers(page)).to_have_count(1)
    expect(page.get_by_role("button", name=harbour_master.question)).to_have_count(0)
    page.get_by_role("button", name="Clear conversation").click()
    expect(answers(page)).to_have_count(0)
    expect(sources(page)).to_have_count(0)
    expect(page.get_by_role("button", name=harbour_master.question)).to_be_visible()
    ask(page, harbour_master.question)
    expect(answers(page)).to_have_count(1)
    expect(sources(page)).to_have_count(1)


def test_while_reading_it_says_so_and_a_second_enter_asks_nothing_twice(
    page, answered_by, injured, harbour_master, gate, troubles
):
    slow = ScriptedAssistant({each.question: each for each in (injured, harbour_master)}, gate=gate)
    page.goto(answered_by(slow))
    ask(page, injured.question)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Reading the articles")).to_be_visible()
    expect(answers(page)).to_have_count(0)
    page.keyboard.press("Enter")
    gate.set()
    expect(answers(page)).to_have_count(1)
    expect(page.get_by_text("Reading the articles")).to_have_count(0)
    gate.clear()
    ask(page, harbour_master.question)
    gate.set()
    expect(answers(page)).to_have_count(2)
    assert slow.asked == [injured.question, harbour_master.question]
    expect(page.locator("[data-testid=notice]")).to_have_count(0)


def test_a_question_sent_while_another_is_read_is_answered_next(
    page, answered_by, injured, harbour_master, gate, troubles
):
    slow = ScriptedAssistant({each.question: each for each in (injured, harbour_master)}, gate=gate)
    page.goto(answered_by(slow))
    ask(page, injured.question)
    expect(page.get_by_text("Reading the articles")).to_be_visible()
    expect(page.get_by_role("textbox").first).to_have_value("")
    ask(page, harbour_master.question)
    gate.set()
    expect(answers(page)).to_have_count(2)
    expect(answers(page).last).to_contain_text("Ilse Corbant")
    expect(page.get_by_role("textbox").first).to_have_value("")


def test_clearing_while_reading_gives_the_question_up(
    page, answered_by, assistant, injured, harbour_master, gate
):
    slow = ScriptedAssistant({each.question: each for each in (injured, harbour_master)}, gate=gate)
    page.goto(answered_by(slow))
    gate.set()
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)
    gate.clear()
    ask(page, harbour_master.question)
    expect(page.get_by_text("Reading the articles")).to_be_visible()
    page.get_by_role("button", name="Clear conversation").click()
    expect(answers(page)).to_have_count(0)
    gate.set()
    ask(page, harbour_master.question)
    expect(answers(page)).to_have_count(1)
    expect(answers(page)).to_contain_text("Ilse Corbant")


def test_two_tabs_hold_two_conversations(
    context: BrowserContext, answered_by, assistant, injured, harbour_master
):
    address = answered_by(assistant)
    left, right = context.new_page(), context.new_page()
    for tab in (left, right):
        tab.goto(address)
    ask(left, injured.question)
    ask(right, harbour_master.question)
    expect(answers(left)).to_have_count(1)
    expect(answers(right)).to_have_count(1)
    expect(answers(left)).to_contain_text("eleven people")
    expect(answers(right)).to_contain_text("Ilse Corbant")


def test_troubles_are_told_calmly_and_the_question_stays_to_be_mended(
    page, answered_by, assistant, injured, troubles
):
    page.goto(answered_by(assistant))
    box = page.get_by_role("textbox").first
    for question in ("why " * 5_000, "<img src=x onerror=alert(1)>"):
        ask(page, question)
        expect(page.locator("[data-testid=notice]")).to_contain_text(f"question: '{question[:30]}")
        expect(box).to_have_value(question)
    ask(page, "   ")
    expect(page.locator("[data-testid=notice]")).to_have_text("Type a question first.")
    assert page.locator("#fn-answers img").count() == 0
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)
    expect(page.locator("[data-testid=notice]")).to_have_count(0)


def test_an_open_fold_stays_open_when_the_next_answer_comes(
    page, answered_by, assistant, injured, harbour_master, troubles
):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    answers(page).first.get_by_text("Another possible answer").click()
    guess = answers(page).first.get_by_text("a faint guess, 0.08")
    expect(guess).to_be_visible()
    ask(page, harbour_master.question)
    expect(answers(page)).to_have_count(2)
    expect(guess).to_be_visible()
    answers(page).first.get_by_text("Another possible answer").click()
    expect(guess).to_be_hidden()


def test_the_whole_article_opens_at_the_cited_words_in_a_tab_of_its_own_too(
    page, context, answered_by, assistant, injured, troubles
):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    with context.expect_page() as opened:
        sources(page).nth(1).get_by_role("link", name="Whole article").click(modifiers=["Control"])
    expect(opened.value.locator("mark")).to_have_text("12 people")
    expect(opened.value.locator("mark")).to_be_in_viewport()


def test_nothing_is_asked_of_another_host(page, answered_by, assistant, injured, troubles):
    address = answered_by(assistant)
    hosts = set()
    page.on(
        "request", lambda request: hosts.add(re.sub(r"^(\w+://[^/]+/|data:).*", r"\1", request.url))
    )
    page.goto(address)
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)
    assert hosts <= {address, "data:"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_it_is_accessible_and_never_scrolls_sideways(
    page, answered_by, assistant, injured, owner, width, scheme
):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(answered_by(assistant, examples=[injured.question], subtitle="2 articles"))
    axe = Axe()
    options = {"resultTypes": ["violations"]}
    expect(page.get_by_role("button", name=injured.question)).to_be_visible()
    found = axe.run(page, options=options).response["violations"]
    for question, count in ((injured.question, 1), (owner.question, 2)):
        ask(page, question)
        expect(answers(page)).to_have_count(count)
    answers(page).first.get_by_text("Another possible answer").click()
    found += axe.run(page, options=options).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_at_phone_width_the_passage_is_below_and_the_question_box_at_hand(
    page, answered_by, assistant, injured
):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)
    below = """() => document.querySelector("#fn-panel").getBoundingClientRect().top
        - document.querySelector("[data-testid=answer]").getBoundingClientRect().bottom"""
    assert page.evaluate(below) >= -1  # in one call, for the page may be scrolling
    answers(page).get_by_role("button", name="Source 2").click()
    expect(sources(page).nth(1).locator("mark")).to_be_in_viewport()
    expect(page.get_by_role("textbox").first).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_footnote_shows_the_marked_words_of_a_long_passage(page, answered_by, injured, width):
    cited = injured.citations[0]
    before = "Nothing of note was said. " * 40
    long = dataclasses.replace(
        cited,
        passage_text=before + cited.passage_text,
        passage=Range(cited.passage.start - len(before), cited.passage.end),
    )
    answer = dataclasses.replace(injured, citations=(long, dataclasses.replace(long, n=2)))
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(answered_by(ScriptedAssistant({injured.question: answer})))
    ask(page, injured.question)
    answers(page).get_by_role("button", name="Source 2").click()
    expect(sources(page).nth(1).locator("mark")).to_be_in_viewport(ratio=1)


def test_hostile_words_break_neither_page_nor_width(page, answered_by, injured, troubles):
    bad = "<script>alert(1)</script>" + "W" * 3_000
    hostile = dataclasses.replace(
        injured,
        answer=bad,
        citations=tuple(
            dataclasses.replace(
                each, title=bad, source=bad, authors=(bad,), url=f"javascript:{bad}"
            )
            for each in injured.citations
        ),
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(answered_by(ScriptedAssistant({injured.question: hostile})))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    ask(page, injured.question)
    expect(answers(page)).to_contain_text("<script>alert(1)</script>")
    expect(sources(page)).to_have_count(2)
    assert page.locator("#fn-panel a[href^='javascript']").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_layout_does_not_jump_while_it_loads(page, answered_by, assistant, injured):
    page.add_init_script(WATCH_SHIFT)
    page.goto(answered_by(assistant, examples=[injured.question]))
    expect(page.get_by_role("button", name=injured.question)).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("window.shift") < 0.05


def test_a_browser_that_knows_the_password_can_ask(
    browser, answered_by, assistant, injured, tmp_path
):
    (tmp_path / "users").write_text(password_line("ada", "secret"))
    address = answered_by(assistant, auth_file=tmp_path / "users")
    known = browser.new_context(http_credentials={"username": "ada", "password": "secret"})
    page = known.new_page()
    page.goto(address)
    ask(page, injured.question)
    expect(answers(page)).to_contain_text("eleven people")
    known.close()


def test_another_name_reaches_nothing(page, answered_by, assistant):
    address = answered_by(assistant)
    refused = page.request.get(address, headers={"Host": "evil.example"})
    assert refused.status == 421


def test_filters_are_chosen_by_keyboard_on_a_narrow_page(page, answered_by, injured, troubles):
    choices = Choices(("Northmark Wire", "The Averly Courier"), ("Beatrix Lorne", "Tam Oswin"))
    assistant = ScriptedAssistant({injured.question: injured}, choices=choices)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(answered_by(assistant))
    box = page.get_by_role("textbox").first
    expect(box).to_be_visible()
    box.focus()
    fold = page.get_by_role("button", name="Filters")
    while not fold.evaluate("button => button === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    authors = page.get_by_role("combobox", name="Authors")
    authors.focus()
    expect(page.get_by_role("option", name="Tam Oswin")).to_be_visible()
    page.keyboard.type("Tam")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Filters (1 in force)")).to_be_visible()
    page.get_by_label("Until").fill("2019-11-30")
    expect(page.get_by_role("button", name="Filters (2 in force)")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert [problem["id"] for problem in found.response["violations"]] == []
    ask(page, injured.question)
    expect(answers(page)).to_have_count(1)
    assert assistant.filters == [Filters(before="2019-11-30", authors=("Tam Oswin",))]
