"""The whole way in a real browser: `footnote demo`, the shipped models, a question, its source."""

import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

# Gradio's queue counts its events in ways that pandas is about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]

START_SECONDS = 120  # loading two models on a busy machine
ANSWER_MS = 60_000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = [sys.executable, "-m", "ui.cli", "demo", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        seen = []
        for line in server.stdout:
            seen.append(line)
            found = re.search(r"http://127\.0\.0\.1:\d+/?", line)
            if found:
                yield found.group()
                break
        else:
            pytest.fail(f"the demo did not start: {''.join(seen)}")
    finally:
        server.terminate()
        server.communicate(timeout=15)
    assert server.returncode == 0


def ask(page: Page, question: str) -> None:
    box = page.get_by_role("textbox").first
    expect(box).to_be_enabled(timeout=30_000)
    box.fill(question)
    box.press("Enter")


@pytest.mark.timeout(START_SECONDS + 120)
def test_a_question_is_answered_and_its_words_are_marked(page: Page, address: str):
    page.goto(address)
    ask(page, "When was Saltgate Shed 9 built?")
    answer = page.get_by_test_id("answer").last
    expect(answer).to_contain_text("1911", timeout=ANSWER_MS)
    source = page.get_by_test_id("source").first
    expect(source).to_contain_text("The Eastern Ledger")
    expect(source.locator("mark").first).to_contain_text("1911")


@pytest.mark.timeout(START_SECONDS + 120)
def test_a_question_beside_the_articles_gets_no_answer(page: Page, address: str):
    page.goto(address)
    ask(page, "At what temperature does mercury boil?")
    answer = page.get_by_test_id("answer").last
    expect(answer).to_contain_text("do not say", timeout=ANSWER_MS)
    expect(answer.locator("mark")).to_have_count(0)
