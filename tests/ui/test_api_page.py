"""The API's page in a real browser."""

import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ui.scripted import ScriptedAssistant
from ui.server import Server, build_app, listen


@pytest.fixture
def address():
    with listen("127.0.0.1", 0) as listener:
        server = Server(build_app(ScriptedAssistant({})))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=30)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_it_can_be_read_by_everyone_at_any_width(page, address, width, scheme):
    troubles, asked = [], []
    page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/api/docs")
    page.get_by_text("The answer").first.click()
    expect(page.get_by_role("group", name="Example of an answer").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert [problem["id"] for problem in found.response["violations"]] == []
    assert troubles == []
    assert all(url.startswith(address) for url in asked)
