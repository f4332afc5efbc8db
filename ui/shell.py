"""Gradio's index page, dressed as ours: our head and header, no tags that name other hosts."""

import re

from ui import render
from ui.language import spoken

_FOREIGN_TAGS = re.compile(
    r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*|<link rel=\"manifest\"[^>]*>"
)
_LANGUAGE = re.compile(r"<html\s+lang=\"[^\"]*\"")
_SCRIPT = re.compile(r"<script(?=[\s>])")


def dressed(html: str, *, nonce: str, subtitle: str = "") -> str:
    """The page as sent: scripts carry the nonce, our header and views stand around the app.

    Gradio writes its own data as JSON with `<` escaped, so each `<script` is a real tag.
    """
    html = _LANGUAGE.sub(f'<html lang="{spoken()}"', html, count=1)
    html = _SCRIPT.sub(f'<script nonce="{nonce}"', _FOREIGN_TAGS.sub("", html))
    head = render.page_head(nonce=nonce)
    html = html.replace("</head>", f"{head}</head>", 1)
    header = render.page_header(subtitle=subtitle)
    html = html.replace("<gradio-app", f"{header}<gradio-app", 1)
    return html.replace("</gradio-app>", f"</gradio-app>{render.page_views()}", 1)
