"""The same questions as named endpoints of the Gradio app, for `gradio_client`."""

import gradio as gr
from gradio.events import api

from ui.app import AT_ONCE
from ui.desk import Desk
from ui.tools import Tools


def add_endpoints(page: gr.Blocks, desk: Desk) -> None:
    """Add `/ask`, `/search`, `/read_article` and `/articles` to the page."""
    for each in page.fns.values():  # what the page itself calls needs no names that we want
        if each.api_visibility == "private":
            each.api_name = f"page_{each._id}"
    tools = Tools(desk, refuse=lambda line: gr.Error(line, print_exception=False))
    with page:
        for endpoint in (tools.ask, tools.search, tools.read_article, tools.articles):
            api(endpoint, api_name=endpoint.__name__, concurrency_limit=AT_ONCE)
