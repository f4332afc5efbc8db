"""Plain text and Markdown -> Draft."""

from dataclasses import replace

from index.ingest import markdown
from index.ingest.body import draft_of
from index.ingest.bylines import read_byline
from index.ingest.draft import NOTHING_KNOWN, Draft
from index.ingest.front_matter import read_front_matter
from index.ingest.furniture import is_furniture
from index.ingest.head import stands_alone
from index.ingest.headline import heading_text
from index.ingest.paragraphs import Paragraph, paragraphs_of


def read_text(text: str, *, is_markdown: bool) -> Draft:
    """An article from text with plain newlines.

    Text that begins with "# " is read as Markdown whatever the file is called.
    """
    front = read_front_matter(text)
    rest = front.rest if front else text
    marked = is_markdown or heading_text(rest.lstrip().split("\n", 1)[0].strip()) is not None
    defined = markdown.definitions(rest) if marked else ""
    lines = markdown.plain_blocks(rest) if marked else rest
    paragraphs = paragraphs_of(lines, apart=_apart)
    if marked:
        paragraphs = [_plain_byline(one) for one in paragraphs]
    title = front.metadata.title.value if front and front.metadata.title else None
    known = front.metadata if front else NOTHING_KNOWN
    draft = draft_of(paragraphs, headline=title, known=known)
    if marked:
        draft = _plain(draft, defined)
    return replace(draft, warnings=(front.warnings if front else ()) + draft.warnings)


def _apart(line: str) -> bool:
    return stands_alone(line) or is_furniture(line) or line.startswith("|")


def _plain_byline(paragraph: Paragraph) -> Paragraph:
    """A byline without the links in it, so that it is understood; any other as it is."""
    if len(paragraph.text) > 300 or "](" not in paragraph.text or stands_alone(paragraph.text):
        return paragraph
    plain = markdown.plain(paragraph.text)
    return replace(paragraph, text=plain) if read_byline(plain) else paragraph


def _plain(draft: Draft, defined: str) -> Draft:
    """The draft with Markdown's marks resolved in headline, title and body."""
    body = (markdown.plain(one.text, defined=defined) for one in draft.paragraphs)
    headline = markdown.plain(draft.headline) if draft.headline else None
    metadata, title = draft.metadata, draft.metadata.title
    if title is not None:
        metadata = replace(metadata, title=replace(title, value=markdown.plain(title.value)))
    return replace(
        draft,
        paragraphs=tuple(Paragraph(text) for text in body if text),
        headline=headline,
        metadata=metadata,
    )
