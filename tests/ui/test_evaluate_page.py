"""The Evaluate view in a real browser."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ui.auth import password_line
from ui.scripted import ScriptedAssistant, ScriptedMeasured

expect.set_options(timeout=20_000)  # milliseconds: the machine may be busy with other things

# Gradio's queue counts its events in ways that pandas is about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
DROP = """([text, name]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([text], name));
  const place = document.querySelector(".fn-ev-drop");
  for (const type of ["dragover", "drop"]) {
    const told = { dataTransfer: transfer, bubbles: true, cancelable: true };
    place.dispatchEvent(new DragEvent(type, told));
  }
}"""


@pytest.fixture
def written(injured, harbour_master, owner):
    return {each.question: each for each in (injured, harbour_master, owner)}


@pytest.fixture
def mine(injured, harbour_master, owner) -> str:
    """Three questions: answered rightly, in part, and rightly not."""
    right = {harbour_master.question: ["Ilse Corbant"], injured.question: ["eleven"]}
    questions = {**right, owner.question: []}
    return "".join(
        json.dumps({"id": str(n), "question": question, "answers": answers}) + "\n"
        for n, (question, answers) in enumerate(questions.items(), 1)
    )


@pytest.fixture
def address(answered_by, assistant, harbour_master, owner) -> str:
    gold = {harbour_master.question: ["Ilse Corbant"], owner.question: []}
    return answered_by(assistant, measured=ScriptedMeasured(assistant, gold=gold))


@pytest.fixture
def slow(answered_by, written, first_report, second_report, steps) -> str:
    """The address of a server that answers as many questions as `steps` lets it."""
    articles = {each.id: each for each in (first_report, second_report)}
    assistant = ScriptedAssistant(written, articles=articles, gate=steps)
    return answered_by(assistant, measured=ScriptedMeasured(assistant))


def choose(page: Page, content: str, name: str = "mine.jsonl") -> None:
    page.locator("[name=file]").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": content.encode()}
    )


def begin(page: Page) -> None:
    page.get_by_role("button", name="Ask these questions").click()


def run(page: Page):
    return page.locator(".fn-ev-run").first


def figure(page: Page, name: str):
    return run(page).locator(f"[data-measure={name}]")


def test_before_anything_is_measured_it_says_what_this_is_for(page, address, troubles):
    page.goto(f"{address}#evaluate")
    view = page.get_by_role("main", name="Evaluate")
    expect(view).to_contain_text("Give it questions whose answers you know")
    expect(view.get_by_label("Three lines of a question file")).to_contain_text('"answers": [')
    expect(page.get_by_role("button", name="Ask these questions")).to_be_disabled()
    expect(view.get_by_text("Kept until this server ends")).to_be_hidden()


def test_a_dropped_file_is_measured_and_its_figures_shown(page, address, mine, troubles):
    page.goto(f"{address}#evaluate")
    expect(page.get_by_text("Drop a question file here")).to_be_visible()
    page.evaluate(DROP, [mine, "dropped.jsonl"])
    expect(page.get_by_role("button", name="Ask these questions")).to_be_focused()
    page.keyboard.press("Enter")
    expect(run(page).get_by_role("heading", name="dropped.jsonl")).to_be_visible()
    expect(figure(page, "f1")).to_have_text("0.889")
    expect(figure(page, "exact_match")).to_have_text("0.667")
    expect(run(page)).to_contain_text("Right on 2 of 3 questions")
    expect(page.locator("#fn-said")).to_contain_text("“dropped.jsonl” is measured: Right on 2")


def test_progress_is_watched_survives_a_reload_and_can_be_stopped(
    page, slow, steps, mine, troubles, leave
):
    page.goto(slow)
    # Gradio complains on the console when it is left before it has loaded.
    expect(page.get_by_role("textbox").first).to_be_visible()
    page.get_by_role("link", name="Evaluate").click()
    choose(page, mine)
    begin(page)
    steps.let(3)  # the first is asked twice
    expect(run(page)).to_contain_text("2 of 3 questions")
    expect(run(page)).to_contain_text("So far: F1 0.833, exact match 0.500")
    expect(run(page).get_by_role("progressbar", name="mine.jsonl")).to_have_js_property("value", 2)
    leave()
    page.goto(f"{slow}#evaluate")
    expect(run(page)).to_contain_text("2 of 3 questions")
    stop = run(page).get_by_role("button", name="Stop")
    stop.focus()
    page.keyboard.press("Enter")
    expect(run(page)).to_contain_text("the figures are of the questions asked until then")
    expect(figure(page, "f1")).to_have_text("0.833")
    expect(run(page).get_by_role("heading", name="mine.jsonl")).to_be_focused()
    steps.set()
    run(page).get_by_role("button", name="Go on").click()
    expect(figure(page, "f1")).to_have_text("0.889")
    expect(run(page).get_by_role("button")).to_have_count(run(page).locator(".fn-ev-label").count())


def test_readers_are_answered_meanwhile(page, slow, steps, mine, injured, troubles):
    page.goto(f"{slow}#evaluate")
    choose(page, mine)
    begin(page)
    steps.let(1)
    page.get_by_role("link", name="Ask", exact=True).click()
    box = page.get_by_role("textbox").first
    box.fill(injured.question)
    box.press("Enter")
    steps.let(4)  # more than the evaluation takes
    expect(page.locator("[data-testid=answer]").last).to_contain_text("eleven people")
    steps.set()
    page.get_by_role("link", name="Evaluate").click()
    expect(figure(page, "f1")).to_have_text("0.889")


def test_gold_questions_are_asked_at_the_press_of_a_button(page, address, troubles):
    page.goto(f"{address}#evaluate")
    expect(page.get_by_text("2 questions are kept")).to_be_visible()
    page.get_by_role("button", name="Ask these 2").click()
    expect(run(page).get_by_role("heading", name="Gold questions")).to_be_visible()
    expect(figure(page, "exact_match")).to_have_text("1.000")


def test_a_limit_is_kept_to_and_a_wrong_one_said(page, address, mine, troubles):
    page.goto(f"{address}#evaluate")
    choose(page, mine)
    page.get_by_label("At most").fill("0")
    begin(page)
    expect(page.get_by_role("alert")).to_have_text(
        "How many questions is a whole number from 1 on, or empty for all."
    )
    page.get_by_label("At most").fill("2")
    begin(page)
    expect(run(page)).to_contain_text("2 questions")
    expect(page.get_by_role("alert")).to_be_hidden()
    expect(figure(page, "f1")).to_be_visible()


@pytest.mark.parametrize(
    ("content", "name", "line"),
    [
        ('{"id": "1"}\n', "mine.jsonl", "mine.jsonl, line 1: not a line of"),
        ("Dear all,", "letter.json", "letter.json: not SQuAD-form JSON"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(page, address, content, name, line):
    page.goto(f"{address}#evaluate")
    choose(page, content, name)
    begin(page)
    expect(page.get_by_role("alert")).to_contain_text(line)
    expect(run(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Ask these questions")).to_be_enabled()


def test_what_a_figure_means_is_said_on_focus_on_pointing_and_hushed_by_escape(
    page, address, mine, troubles
):
    page.goto(f"{address}#evaluate")
    choose(page, mine)
    begin(page)
    label = run(page).get_by_role("button", name="Exact match")
    meaning = run(page).get_by_role("tooltip").filter(has_text="in just the right words")
    expect(label).to_be_visible()
    expect(meaning).to_be_hidden()
    label.hover()
    expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    page.mouse.move(0, 0)
    run(page).get_by_role("button", name="F1", exact=True).focus()
    page.keyboard.press("Tab")
    expect(label).to_be_focused()
    expect(meaning).to_be_visible()
    expect(label).to_have_accessible_description(
        "Share of questions answered in just the right words, or rightly left unanswered."
    )


def test_the_whole_report_opens_under_its_own_address_and_its_script_runs(
    page, address, mine, troubles
):
    page.goto(f"{address}#evaluate")
    choose(page, mine)
    begin(page)
    with page.expect_popup() as opened:
        run(page).get_by_role("link", name="The whole report").click()
    report = opened.value
    report.wait_for_load_state()
    violations: list[str] = []
    report.on("console", lambda line: violations.append(line.text))
    report.reload()
    expect(report.locator("#rows tr")).to_have_count(3)
    report.locator("#rows button").first.click()
    expect(report.locator("#rows .detail")).to_be_visible()
    assert report.locator("body").evaluate("b => getComputedStyle(b).margin") == "0px"
    assert violations == []
    with page.expect_download() as taken:
        run(page).get_by_role("link", name="metrics.json").click()
    assert taken.value.suggested_filename == "metrics.json"
    assert "f1" in json.loads(taken.value.path().read_text("utf-8"))


def test_hostile_words_stay_text_everywhere(page, address, troubles):
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}#evaluate")
    line = {"id": HOSTILE, "question": HOSTILE + "W" * 500, "answers": [HOSTILE]}
    choose(page, json.dumps(line), f"{HOSTILE.replace('/', '')}{'W' * 60}.jsonl")
    begin(page)
    expect(figure(page, "f1")).to_have_text("0.000")
    expect(run(page).get_by_role("heading")).to_contain_text("<img src=x onerror=alert(2)>")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"{address}evaluate/{run(page).get_attribute('data-run')}/report.html")
    expect(page.locator("#rows")).to_contain_text("<script>alert(1)</script>")
    page.locator("#rows button").first.click()
    expect(page.locator("#rows .detail")).to_contain_text("onerror=alert(2)")
    assert page.locator("img").count() == 0


def test_who_may_only_ask_may_still_read(browser, answered_by, assistant, tmp_path):
    (tmp_path / "users").write_text(password_line("bea", "two"))
    measured = ScriptedMeasured(assistant)
    address = answered_by(assistant, measured=measured, auth_file=tmp_path / "users")
    known = browser.new_context(http_credentials={"username": "bea", "password": "two"})
    page = known.new_page()
    page.goto(f"{address}#evaluate")
    expect(page.get_by_text("You may read what others have measured.")).to_be_visible()
    expect(page.get_by_role("button", name="Choose a file")).to_have_count(0)
    known.close()


def test_a_server_that_cannot_measure_says_so(page, answered_by, assistant):
    page.goto(f"{answered_by(assistant)}#evaluate")
    expect(page.get_by_text("This cannot be shown now")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_it_is_accessible_and_never_scrolls_sideways(page, slow, steps, mine, width, scheme):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{slow}#evaluate")
    options = {"resultTypes": ["violations"]}
    axe = Axe()
    expect(page.get_by_text("What a question file looks like")).to_be_visible()
    found = axe.run(page, options=options).response["violations"]
    choose(page, mine)
    begin(page)
    steps.let(2)
    expect(run(page)).to_contain_text("1 of 3 questions")
    found += axe.run(page, options=options).response["violations"]
    steps.set()
    expect(figure(page, "f1")).to_be_visible()
    run(page).get_by_role("button", name="F1", exact=True).focus()
    found += axe.run(page, options=options).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
