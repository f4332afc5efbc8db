"""The library view in a real browser, on a real library of a temporary folder."""

import json
import re
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from index.embed import HashEncoder
from index.library import Library
from ui.library_view import PAGE
from ui.scripted import ScriptedAssistant
from ui.shelf import Shelf

expect.set_options(timeout=20_000)  # milliseconds: the machine may be busy with other things

# Gradio's queue counts its events in ways that pandas is about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'"),
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
]

STORIES = {
    "ferry.txt": "Ferry fire at Averly\n\nBy Tam Oswin\n\nEleven people were hurt on the ferry.",
    "mill.md": "---\ntitle: Mill vote fails\nsource: Northmark Wire\ndate: 2031-04-02\n---\n\n"
    "Nobody crossed the floor.",
    "zinc.md": "---\ntitle: Zinc found\nsource: Averly Courier\ndate: 2031-05-03\n---\n\n"
    "Under the mill lies zinc.",
}


@pytest.fixture
def shelf(tmp_path) -> Iterator[Shelf]:
    library = Library.open(tmp_path / "library", create=True)
    with Shelf(library, HashEncoder(), idle_seconds=0.5) as opened:
        yield opened


@pytest.fixture
def address(shelf, answered_by) -> str:
    return f"{answered_by(ScriptedAssistant({}), shelf=shelf)}#library"


@pytest.fixture
def errors(page: Page) -> Iterator[list[str]]:
    """Whatever a script threw; a test that uses this fails on any of it."""
    seen: list[str] = []
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.add_init_script(
        "window.scopes = 0; document.addEventListener('footnote:scope', () => (scopes += 1));"
    )
    yield seen
    assert seen == []


@pytest.fixture
def view(page, address, errors) -> Page:
    page.goto(address)
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    return page


def choose(page: Page, files: dict[str, str]) -> None:
    page.locator("#fn-lib-files").set_input_files(
        [
            {"name": name, "mimeType": "", "buffer": content.encode()}
            for name, content in files.items()
        ]
    )


@pytest.fixture
def filled(view) -> Page:
    choose(view, STORIES)
    expect(view.locator("#fn-lib-progress")).to_have_text("Done: 3 added")
    expect(rows(view)).to_have_count(3)
    return view


def rows(page: Page):
    return page.locator(".fn-lib-rows > li")


def titles(page: Page):
    return page.locator(".fn-lib-rows > li h3")


def scope(page: Page) -> dict:
    return json.loads(page.evaluate("localStorage.getItem('footnote.scope')") or "null")


def test_an_empty_library_invites_to_add(view):
    expect(view.get_by_role("heading", name="No articles yet")).to_be_visible()
    expect(view.get_by_role("button", name="Choose files")).to_be_visible()
    expect(view.locator(".fn-lib-body")).to_be_hidden()


def test_chosen_files_are_added_and_one_is_refused_with_its_reason(view):
    choose(view, {"ferry.txt": STORIES["ferry.txt"], "photo.jpg": "x"})
    expect(view.locator("#fn-lib-progress")).to_have_text("Done: 1 added, 1 refused")
    lines = view.locator(".fn-lib-adding li")
    expect(lines.nth(0)).to_contain_text("added · Ferry fire at Averly")
    expect(lines.nth(1)).to_contain_text("refused: .jpg files cannot be read")
    expect(titles(view)).to_have_text(["Ferry fire at Averly"])
    expect(view.locator("#fn-count")).to_have_text("1 article")
    expect(view.locator("#fn-lib-uses")).to_have_text("Questions use the 1 article.")
    expect(view.locator("#fn-said")).to_have_text("Done: 1 added, 1 refused")
    view.get_by_role("button", name="Close").click()
    expect(view.locator(".fn-lib-adding")).to_be_hidden()


def test_a_file_chosen_again_is_unchanged_and_a_changed_one_replaces(view):
    choose(view, STORIES)
    expect(view.locator("#fn-lib-progress")).to_have_text("Done: 3 added")
    choose(view, STORIES | {"ferry.txt": STORIES["ferry.txt"].replace("Eleven", "Twelve")})
    expect(view.locator("#fn-lib-progress")).to_have_text("Done: 1 replaced, 2 unchanged")
    expect(rows(view)).to_have_count(3)


DROP = """([files, texts]) => {
  const transfer = new DataTransfer();
  files.forEach((name, at) => transfer.items.add(new File([texts[at]], name)));
  const at = document.getElementById("fn-library");
  for (const kind of ["dragover", "drop"]) {
    const event = new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
    at.dispatchEvent(event);
    if (kind === "dragover") window.shown = !document.querySelector(".fn-lib-drop").hidden;
  }
}"""


def test_dropped_files_are_added(view):
    view.evaluate(DROP, [list(STORIES), list(STORIES.values())])
    assert view.evaluate("window.shown")
    expect(view.locator("#fn-lib-progress")).to_have_text("Done: 3 added")
    expect(view.locator(".fn-lib-drop")).to_be_hidden()
    expect(rows(view)).to_have_count(3)


def test_of_a_folder_what_can_be_read_is_added_and_the_rest_counted(view, tmp_path):
    folder = tmp_path / "clips"
    (folder / "deep").mkdir(parents=True)
    (folder / "ferry.txt").write_text(STORIES["ferry.txt"])
    (folder / "deep" / "mill.md").write_text(STORIES["mill.md"])
    (folder / "photo.jpg").write_text("x")
    (folder / ".hidden.txt").write_text("x")
    view.locator("#fn-lib-folder").set_input_files(folder)
    expect(view.locator("#fn-lib-progress")).to_have_text(
        "Done: 2 added, 2 of other kinds passed over"
    )
    expect(view.locator(".fn-lib-adding li bdi")).to_have_text(
        ["clips/deep/mill.md", "clips/ferry.txt"], use_inner_text=True
    )


def test_stopping_keeps_what_is_done(view):
    released = threading.Event()
    held = []

    def hold(route):
        held.append(route)
        if released.is_set():
            route.continue_()

    view.route("**/api/library/add**", hold)
    choose(view, {f"story {n}.txt": f"Story {n}\n\nBody {n}." for n in range(6)})
    expect(view.locator(".fn-lib-adding [data-outcome=reading]")).to_have_count(2)
    view.get_by_role("button", name="Stop").click()
    released.set()
    for route in held:
        route.continue_()
    expect(view.locator("#fn-lib-progress")).to_have_text("Done: 2 added, 4 not added")
    expect(rows(view)).to_have_count(2)


def test_pasted_text_becomes_an_article(view):
    view.get_by_role("button", name="Paste text").click()
    view.get_by_label("Text of the article").fill("Eleven people were hurt on Tuesday.")
    view.get_by_role("textbox", name="Headline").fill("Ferry fire")
    view.get_by_role("textbox", name="Outlet").fill("Averly Courier")
    view.get_by_label("Web address").fill("nonsense")
    view.get_by_role("button", name="Add this text").click()
    expect(view.get_by_role("alert")).to_contain_text("it begins with https://")
    view.get_by_label("Web address").fill("https://courier.example/1")
    view.get_by_role("button", name="Add this text").click()
    expect(titles(view)).to_have_text(["Ferry fire"])
    expect(view.locator("#fn-toast")).to_contain_text("“Ferry fire” added.")
    expect(view.locator("#fn-lib-paste")).to_be_hidden()
    expect(view.get_by_role("button", name="Paste text")).to_be_focused()


def test_escape_closes_the_form(view):
    view.get_by_role("button", name="Paste text").click()
    expect(view.get_by_label("Text of the article")).to_be_focused()
    view.keyboard.press("Escape")
    expect(view.locator("#fn-lib-paste")).to_be_hidden()
    expect(view.get_by_role("button", name="Paste text")).to_be_focused()


def test_the_list_is_searched_as_one_types_sorted_and_filtered(filled):
    expect(titles(filled)).to_have_text(["Zinc found", "Mill vote fails", "Ferry fire at Averly"])
    filled.get_by_label("Sort by").select_option("Headline")
    expect(titles(filled)).to_have_text(["Ferry fire at Averly", "Mill vote fails", "Zinc found"])
    search = filled.get_by_role("searchbox")
    search.press_sequentially("mil")
    expect(titles(filled)).to_have_text(["Mill vote fails", "Zinc found"])
    expect(filled.locator("#fn-lib-summary")).to_have_text("2 of 3 articles")
    expect(search).to_be_focused()
    filled.get_by_role("button", name="Northmark Wire").click()
    expect(titles(filled)).to_have_text(["Mill vote fails"])
    filled.get_by_label("Until").fill("2031-01-01")
    expect(filled.get_by_text("Nothing here with “mil”.")).to_be_visible()
    filled.get_by_role("button", name="Show all articles").click()
    expect(rows(filled)).to_have_count(3)
    expect(search).to_be_focused()


def test_an_article_opens_in_a_tab_of_its_own(filled):
    with filled.expect_popup() as opened:
        filled.get_by_role("link", name="Zinc found").click()
    assert re.search(r"/article/[0-9a-f]{16}$", opened.value.url)


def test_a_long_list_goes_on_where_it_ended(view):
    lines = [json.dumps({"title": f"Brief {n}", "text": f"Nr {n}."}) for n in range(PAGE + 3)]
    choose(view, {"briefs.jsonl": "\n".join(lines)})
    expect(rows(view)).to_have_count(PAGE)
    view.get_by_role("button", name="Show more (3 left)").click()
    expect(rows(view)).to_have_count(PAGE + 3)
    expect(rows(view).nth(PAGE).get_by_role("link")).to_be_focused()


def test_articles_are_left_out_of_questions_and_used_again(filled):
    ids = {
        row.locator("h3").inner_text(): row.get_attribute("data-id") for row in rows(filled).all()
    }
    filled.get_by_label("Use in questions: Zinc found").uncheck()
    expect(filled.locator("#fn-lib-uses")).to_have_text("Questions use 2 of 3 articles.")
    assert scope(filled) == {"without": [ids["Zinc found"]]}
    assert filled.evaluate("window.scopes") == 1
    filled.get_by_label("Use in questions: Northmark Wire").uncheck()
    expect(filled.locator("#fn-lib-uses")).to_have_text("Questions use 1 of 3 articles.")
    assert scope(filled) == {"articles": [ids["Ferry fire at Averly"]]}
    filled.reload()
    expect(filled.locator("#fn-lib-uses")).to_have_text("Questions use 1 of 3 articles.")
    expect(filled.get_by_label("Use in questions: Mill vote fails")).not_to_be_checked()
    expect(filled.get_by_label("Use in questions: 3 articles")).to_have_js_property(
        "indeterminate", True
    )
    filled.get_by_role("button", name="Use all").click()
    expect(filled.locator("#fn-lib-uses")).to_have_text("Questions use all 3 articles.")
    assert scope(filled) == {"without": []}


def test_what_a_search_shows_is_left_out_as_a_whole(filled):
    filled.get_by_role("searchbox").fill("mill")
    expect(rows(filled)).to_have_count(2)
    filled.get_by_label("Use in questions: 2 of 3 articles").uncheck()
    expect(filled.locator("#fn-lib-uses")).to_have_text("Questions use 1 of 3 articles.")
    filled.get_by_role("searchbox").fill("ferry")
    expect(rows(filled)).to_have_count(1)
    filled.get_by_label("Use in questions: 1 of 3 articles").uncheck()
    expect(filled.locator("#fn-lib-uses")).to_have_text("Questions use none of 3 articles.")
    assert len(scope(filled)["without"]) == 3


def test_new_articles_are_used_and_a_new_version_as_the_old_was(filled):
    for title in ("Zinc found", "Mill vote fails"):
        filled.get_by_label(f"Use in questions: {title}").uncheck()
    choose(
        filled,
        {
            "zinc.md": STORIES["zinc.md"].replace("lies", "lay"),
            "ferry.txt": STORIES["ferry.txt"].replace("Eleven", "Twelve"),
            "new.md": "---\ntitle: A quiet Tuesday\n---\n\nThe harbour slept.",
        },
    )
    expect(filled.locator("#fn-lib-progress")).to_have_text("Done: 1 added, 2 replaced")
    expect(filled.locator("#fn-lib-uses")).to_have_text("Questions use 2 of 4 articles.")
    expect(filled.get_by_label("Use in questions: Zinc found")).not_to_be_checked()
    expect(filled.get_by_label("Use in questions: Ferry fire at Averly")).to_be_checked()
    expect(filled.get_by_label("Use in questions: A quiet Tuesday")).to_be_checked()


def test_articles_are_removed_and_brought_back(filled):
    filled.get_by_role("button", name="Remove …").click()
    expect(filled.get_by_role("button", name="Remove", exact=True)).to_be_disabled()
    filled.get_by_label("Remove: Zinc found").check()
    filled.get_by_label("Remove: Mill vote fails").check()
    filled.get_by_role("button", name="Remove 2 articles").click()
    expect(titles(filled)).to_have_text(["Ferry fire at Averly"])
    expect(filled.locator("#fn-count")).to_have_text("1 article")
    expect(filled.locator("#fn-toast")).to_contain_text("2 articles removed.")
    filled.get_by_role("button", name="Undo").click()
    expect(titles(filled)).to_have_text(["Zinc found", "Mill vote fails", "Ferry fire at Averly"])
    expect(filled.locator("#fn-toast")).to_contain_text("2 articles are back.")
    filled.reload()
    expect(rows(filled)).to_have_count(3)


def test_what_has_been_replaced_meanwhile_does_not_come_back(filled):
    filled.get_by_role("button", name="Remove …").click()
    filled.get_by_label("Remove: Zinc found").check()
    filled.get_by_role("button", name="Remove 1 article").click()
    expect(rows(filled)).to_have_count(2)
    choose(filled, {"zinc.md": STORIES["zinc.md"].replace("lies", "lay")})
    expect(rows(filled)).to_have_count(3)
    filled.get_by_role("button", name="Undo").click()
    expect(filled.locator("#fn-toast")).to_contain_text(
        "Not “Zinc found”: a newer version has taken its place."
    )


def test_escape_leaves_removing(filled):
    filled.get_by_role("button", name="Remove …").click()
    filled.get_by_label("Remove: Zinc found").check()
    filled.keyboard.press("Escape")
    expect(filled.get_by_role("button", name="Remove …")).to_be_focused()
    expect(filled.get_by_label("Use in questions: Zinc found")).to_be_visible()
    expect(filled.get_by_label("Remove: Zinc found")).to_be_hidden()


def test_copies_are_folded_and_can_be_seen(view):
    body = "Nine ships of the Marl fleet sank in the storm that came in on Tuesday night."
    front = "---\ntitle: Storm\nsource: {}\n---\n\n" + body
    choose(view, {f"{n}.md": front.format(f"Outlet {n}") for n in ("A", "B", "C")})
    expect(view.locator("#fn-lib-progress")).to_have_text("Done: 3 added")
    expect(rows(view)).to_have_count(1)
    expect(view.locator("#fn-lib-summary")).to_have_text("3 articles")
    fold = view.locator(".fn-lib-copies summary")
    expect(fold).to_contain_text(re.compile("^also carried by Outlet ., Outlet .$"))
    fold.click()
    expect(view.locator(".fn-lib-copies li")).to_have_count(2)
    fold.click()
    expect(view.locator(".fn-lib-copies li").first).to_be_hidden()


HOSTILE = '<img src=x onerror="window.hit=1">'


def test_hostile_words_stay_text(view):
    record = json.dumps({"title": HOSTILE, "source": HOSTILE, "text": "Body."})
    choose(view, {f"{HOSTILE}.jsonl": record, f"{HOSTILE}.jpg": "x"})
    expect(view.locator("#fn-lib-progress")).to_have_text("Done: 1 added, 1 refused")
    expect(titles(view)).to_have_text([HOSTILE])
    view.get_by_role("searchbox").fill(HOSTILE)
    expect(view.locator("#fn-lib-summary")).to_be_visible()
    assert view.locator("#fn-library img").count() == 0
    assert view.evaluate("window.hit") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(filled, scheme, width):
    filled.set_viewport_size({"width": width, "height": 900})
    filled.emulate_media(color_scheme=scheme)
    filled.get_by_label("Use in questions: Zinc found").uncheck()
    filled.get_by_role("button", name="Paste text").click()
    assert Axe().run(filled).response["violations"] == []
    filled.get_by_role("button", name="Cancel").first.click()
    filled.get_by_role("button", name="Remove …").click()
    filled.get_by_label("Remove: Zinc found").check()
    assert Axe().run(filled).response["violations"] == []
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert filled.evaluate(overflow) == 0


def test_axe_finds_nothing_in_an_empty_library(view):
    assert Axe().run(view).response["violations"] == []


def test_who_may_only_read_sees_no_way_to_change(page, shelf, address, errors):
    shelf.library.writable = False
    page.goto(address)
    expect(page.get_by_role("heading", name="No articles yet")).to_be_visible()
    expect(page.get_by_role("button", name="Choose files")).to_have_count(0)
    expect(page.locator("[data-remove]")).to_have_count(0)
