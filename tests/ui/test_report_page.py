"""The report beside the chat, and what readers say is right, in a real browser."""

import dataclasses
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from playwright.sync_api import Page, expect

from qa.types import Range
from qa.verify import judge
from ui.auth import password_line
from ui.scripted import ScriptedAssistant

expect.set_options(timeout=20_000)  # milliseconds: the machine may be busy with other things

# Gradio's queue counts its events in ways that pandas is about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]


def ask(page: Page, question: str) -> None:
    box = page.get_by_role("textbox").first
    box.fill(question)
    box.press("Enter")
    expect(page.locator("[data-testid=answer]").last).to_contain_text(question)


def answer(page: Page):
    return page.locator("[data-testid=answer]").last


def items(page: Page):
    return page.get_by_test_id("report-item")


def cite(page: Page) -> None:
    answer(page).get_by_role("button", name="Cite", exact=True).click()


@pytest.fixture
def reporting(page, answered_by, assistant, injured, harbour_master):
    """A page with two cited answers in the report, which stands open."""
    address = answered_by(assistant)
    page.goto(address)
    for each in (injured, harbour_master):
        ask(page, each.question)
        cite(page)
    page.get_by_role("tab", name="Report (2)").click()
    return address


def test_cited_answers_are_ordered_noted_and_removed(page, troubles, reporting):
    expect(items(page)).to_have_count(2)
    expect(items(page).first).to_contain_text("eleven people")
    page.get_by_label("Note on item 2").fill("Called twice.")
    page.get_by_role("button", name="Move item 2 up").click()
    expect(items(page).first).to_contain_text("Ilse Corbant")
    expect(page.get_by_label("Note on item 1")).to_have_value("Called twice.")
    page.get_by_role("button", name="Remove item 1").click()
    expect(items(page)).to_have_count(1)
    expect(page.get_by_role("tab", name="Report (1)")).to_be_visible()
    page.locator("#fn-toast").get_by_role("button", name="Undo").click()
    expect(items(page).first).to_contain_text("Ilse Corbant")
    expect(page.get_by_label("Note on item 1")).to_have_value("Called twice.")


def test_the_report_outlives_the_page(page, troubles, leave, reporting):
    page.get_by_label("Title").fill("On ferries")
    page.get_by_label("Note on item 1").fill("Mine.")
    leave()
    page.goto(reporting)
    page.get_by_role("tab", name="Report (2)").click()
    expect(page.get_by_label("Title")).to_have_value("On ferries")
    expect(page.get_by_label("Note on item 1")).to_have_value("Mine.")
    page.get_by_role("button", name="Empty the report").click()
    expect(items(page)).to_have_count(0)
    page.locator("#fn-toast").get_by_role("button", name="Undo").click()
    expect(items(page)).to_have_count(2)


@pytest.mark.parametrize(
    ("button", "ending"), [("Word", ".docx"), ("PDF", ".pdf"), ("BibTeX", ".bib")]
)
def test_the_report_is_taken_along_as_a_file(page, troubles, reporting, tmp_path, button, ending):
    page.get_by_label("Title").fill("On ferries: 1/2 <b>")
    with page.expect_download() as started:
        page.get_by_role("button", name=button, exact=True).click()
    assert started.value.suggested_filename == f"On ferries 12 b{ending}"
    file = Path(tmp_path) / "taken"
    started.value.save_as(file)
    if ending == ".docx":
        said = [paragraph.text for paragraph in Document(str(file)).paragraphs]
        assert "On ferries: 1/2 <b>" in said
    elif ending == ".pdf":
        assert file.read_bytes().startswith(b"%PDF-")
    else:
        assert "The Averly Courier" in file.read_text()


def test_the_report_outlives_the_page_in_another_language_too(
    browser, answered_by, assistant, injured
):
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    address = answered_by(assistant)
    page.goto(address)
    ask(page, injured.question)
    answer(page).get_by_role("button", name="Zitieren").click()
    page.goto("about:blank")
    page.goto(address)
    page.get_by_role("tab", name="Bericht (1)").click()
    expect(items(page)).to_contain_text("eleven people")
    expect(items(page)).to_contain_text("6. November 2019")
    context.close()


def test_a_quotation_that_was_edited_shows_what_changed(
    page, troubles, answered_by, injured, first_report, second_report
):
    edited = dataclasses.replace(
        first_report, text=first_report.text.replace("eleven people", "thirteen people")
    )

    class Edited(ScriptedAssistant):
        def verify(self, records):
            return [judge(record, edited) for record in records[:1]]

    articles = {each.id: each for each in (first_report, second_report)}
    page.goto(answered_by(Edited({injured.question: injured}, articles=articles)))
    ask(page, injured.question)
    cite(page)
    page.get_by_role("tab", name="Report (1)").click()
    page.get_by_role("button", name="Check every quotation").click()
    verdicts = page.locator("#fn-verdicts")
    expect(verdicts).to_contain_text("1 of 1 quotations are not as they were cited")
    expect(verdicts.locator("del").first).to_have_text("eleven")
    expect(verdicts.locator("ins").first).to_have_text("thirteen")


def test_every_quotation_is_checked_in_place(page, troubles, reporting):
    page.get_by_role("button", name="Check every quotation").click()
    expect(page.get_by_text("All 3 quotations stand as they were cited.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_accessible_on_a_phone(page, reporting, scheme):
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.locator("#fn-toast").wait_for(state="hidden", timeout=20_000)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_right_answer_is_kept_with_its_places_and_can_be_forgotten(
    page, answered_by, assistant, injured, troubles
):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    right = answer(page).get_by_role("button", name="Right")
    right.click()
    expect(right).to_have_attribute("aria-pressed", "true")
    page.reload()
    expect(right).to_have_attribute("aria-pressed", "true")
    places = tuple((c.article_id, Range(c.start, c.end)) for c in injured.citations)
    assert list(assistant.gold.values()) == [(injured.question, places)]
    assistant.gold.clear()
    right.click()
    page.locator("#fn-toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#fn-toast")).to_contain_text("Forgotten.")
    expect(right).to_have_attribute("aria-pressed", "false")
    assert assistant.gold == {}


def test_an_answer_that_should_be_none_is_kept_as_that(
    page, answered_by, assistant, injured, troubles
):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    answer(page).get_by_role("button", name="Wrong").click()
    answer(page).get_by_role("button", name="The articles do not say").click()
    expect(page.locator("#fn-toast")).to_contain_text("that the articles do not answer")
    assert list(assistant.gold.values()) == [(injured.question, ())]


SELECT = """([words]) => {
  const text = document.querySelector("#fn-reading .fn-text");
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    getSelection().setBaseAndExtent(node, at, node, at + words.length);
    return true;
  }
  return false;
}"""


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("engine room", "engine room"),
        (" within forty minutes", "within forty minutes"),
        ("“We had", "“We had"),
        ("forty minutes,” sa", "forty minutes,”"),
        ("gine room. A", "room."),
        ("arbou", "harbour"),
    ],
)
def test_the_right_words_are_marked_whole_in_the_article(
    page, answered_by, assistant, injured, first_report, words, kept, troubles
):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    answer(page).get_by_role("button", name="Wrong").click()
    answer(page).get_by_role("button", name="Mark the right words").click()
    bar = page.get_by_role("region", name="Mark the right words")
    expect(bar.get_by_role("button", name="Keep")).to_be_disabled()
    expect(page.get_by_role("region", name="Whole article")).to_be_visible()
    assert page.evaluate(SELECT, [words])
    expect(bar).to_contain_text(f"“{kept}”")
    bar.get_by_role("button", name="Keep").click()
    expect(bar).to_have_count(0)
    ((question, ((article_id, place),)),) = assistant.gold.values()
    assert (question, article_id) == (injured.question, first_report.id)
    assert first_report.text[place.start : place.end] == kept


def test_marked_words_after_an_emoji_are_counted_in_code_points(
    page, answered_by, injured, first_report, troubles
):
    text = first_report.text.replace("The fire began", "👩‍👩‍👧‍👦🇬🇪 e\u0301 The fire began")
    article = dataclasses.replace(first_report, text=text)
    cited = dataclasses.replace(injured.citations[0], article_id=article.id)
    answered = dataclasses.replace(injured, citations=(cited,))
    assistant = ScriptedAssistant({injured.question: answered}, articles={article.id: article})
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    answer(page).get_by_role("button", name="Wrong").click()
    answer(page).get_by_role("button", name="Mark the right words").click()
    expect(page.get_by_role("region", name="Whole article")).to_be_visible()
    assert page.evaluate(SELECT, ["engine room"])
    bar = page.get_by_role("region", name="Mark the right words")
    bar.get_by_role("button", name="Keep").click()
    expect(bar).to_have_count(0)
    ((_, ((_, place),)),) = assistant.gold.values()
    assert text[place.start : place.end] == "engine room"


def test_marking_is_left_with_escape(page, answered_by, assistant, injured, troubles):
    page.goto(answered_by(assistant))
    ask(page, injured.question)
    answer(page).get_by_role("button", name="Wrong").click()
    answer(page).get_by_role("button", name="Mark the right words").click()
    bar = page.get_by_role("region", name="Mark the right words")
    expect(bar).to_be_visible()
    page.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    assert assistant.gold == {}


def test_whoever_may_only_ask_is_not_offered_to_judge(
    browser, answered_by, assistant, injured, tmp_path
):
    (tmp_path / "users").write_text(
        f"{password_line('ada', 'secret')}\n{password_line('eve', 'secret', may_edit=True)}\n"
    )
    address = answered_by(assistant, auth_file=tmp_path / "users")
    for name, shown in (("ada", 0), ("eve", 1)):
        context = browser.new_context(http_credentials={"username": name, "password": "secret"})
        page = context.new_page()
        page.goto(address)
        ask(page, injured.question)
        expect(answer(page).get_by_role("button", name="Right")).to_have_count(shown)
        context.close()
