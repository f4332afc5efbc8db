from pathlib import Path

import gradio

from ui.assets import SCRIPTS
from ui.shell import dressed

INDEX = Path(gradio.__file__).parent / "templates" / "frontend" / "index.html"


def page(html):
    return dressed(html, nonce="n0nce", subtitle="<3 articles>")


def test_every_script_carries_the_nonce():
    shown = page("<head><script>a</script><script\n src=b></script></head><gradio-app>")
    assert shown.count("<script") == shown.count('nonce="n0nce"') == 3 + len(SCRIPTS)


def test_text_that_mentions_scripts_is_left_alone():
    data = 'x = "\\u003cscript>";'
    assert data in page(f"<head></head><script>{data}</script><gradio-app>")


def test_gradios_own_index_names_no_other_host_and_gets_our_header():
    shown = page(INDEX.read_text())
    assert "gradio.app" not in shown and "githubusercontent" not in shown
    assert "manifest.json" not in shown
    assert shown.index('class="fn-header"') < shown.index("<gradio-app")
    assert shown.index('href="/footnote/style.css?v=') < shown.index("</head>")
    assert "&lt;3 articles&gt;" in shown
    assert shown.count("<script") == shown.count('nonce="n0nce"') >= 4
