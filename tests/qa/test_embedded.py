import re
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from pypdf import PdfReader, PdfWriter

from qa import embedded_read
from qa.cite import CitationRecord, Stretch
from qa.embedded import (
    embed_in_docx,
    embed_in_pdf,
    html_block,
    markdown_block,
    read_embedded,
)
from qa.errors import CitationError

AWKWARD = [
    "-->",
    "--!>",
    "<!-- footnote-citations",
    "</script>",
    "<script>",
    "]]>",
    "&amp;&lt;",
    "--",
    "\\u002d",
    "\\",
    '"',
    "\n\n",
    "\r\n",
    "\u2028\u2029\x85",
    "\x00\x01\x1b[31m\x7f",
    "\ufeff",
    "\u202eedoc\u202c",
    "שלום",
    "🧭👩‍🔬",
    "%PDF-",
    "PK\x03\x04",
]
texts = st.lists(st.sampled_from(AWKWARD) | st.text(max_size=20), max_size=6).map("".join)


@st.composite
def records(draw):
    quote = draw(texts.filter(bool))
    before, after = draw(texts), draw(texts)
    start = draw(st.integers(0, 10**6)) + len(before)
    return CitationRecord(
        article_id=draw(texts.filter(bool)),
        article_sha256="ab" * 32,
        path=draw(texts),
        start=start,
        end=start + len(quote),
        quote=quote,
        prefix=draw(texts),
        suffix=draw(texts),
        sentence=Stretch(start=start - len(before), end=start + len(quote) + len(after)),
        sentence_text=before + quote + after,
        title=draw(texts),
        authors=tuple(draw(st.lists(texts, max_size=2))),
        source=draw(st.none() | texts),
        url=draw(st.none() | texts),
    )


some = st.lists(records(), min_size=1, max_size=4, unique=True)
few = settings(max_examples=25, deadline=None)


def plain(quote="4,000 tonnes"):
    return CitationRecord(
        article_id="ab12",
        article_sha256="0" * 64,
        path="/news/tea.txt",
        start=0,
        end=len(quote),
        quote=quote,
        sentence=Stretch(start=0, end=len(quote)),
        sentence_text=quote,
        title="Tea burns",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("reports")


def written(folder, text):
    file = folder / "report.bin"  # the name tells nothing
    file.write_bytes(text.encode())
    return file


@given(some)
def test_records_survive_in_markdown_and_no_renderer_shows_them(folder, found):
    block = markdown_block(found)
    report = f"# Tea\n\nAs was said.\n\n{block}\n\n*The end.*\n"
    assert read_embedded(written(folder, report)) == found
    assert read_embedded(written(folder, report.replace("\n", "\r\n"))) == found
    shown = MarkdownIt().render(report)
    assert re.sub(r"<!--.*?-->\s*", "", shown, flags=re.DOTALL) == (
        "<h1>Tea</h1>\n<p>As was said.</p>\n<p><em>The end.</em></p>\n"
    )
    assert block.isascii()


@given(some)
def test_records_survive_in_html_and_stay_in_their_element(folder, found):
    page = f"<!doctype html><title>T</title><p>Tea</p>{html_block(found)}<p>The end.</p>"
    assert read_embedded(written(folder, page)) == found
    tree = etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8"))
    assert [element.text for element in tree.iter("p")] == ["Tea", "The end."]
    assert len(list(tree.iter("script"))) == 1
    assert html_block(found).count("<") == 2


@few
@given(some)
def test_records_survive_in_docx(folder, found):
    file = folder / "report.docx"
    document = docx.Document()
    document.add_paragraph("Tea")
    document.save(str(file))
    embed_in_docx(file, found)
    assert read_embedded(file) == found
    embed_in_docx(file, found[:1])  # in place of the others
    assert read_embedded(file) == found[:1]
    assert [each.text for each in docx.Document(str(file)).paragraphs] == ["Tea"]


@few
@given(some)
def test_records_survive_in_pdf(folder, found):
    file = folder / "report.pdf"
    blank_pdf(file)
    embed_in_pdf(file, found)
    assert read_embedded(file) == found
    embed_in_pdf(file, found[:1])
    assert read_embedded(file) == found[:1]
    reader = PdfReader(file)
    assert list(reader.attachments) == ["footnote-citations.json"]
    assert len(reader.pages) == 1


def blank_pdf(file, password=None):
    writer = PdfWriter()
    writer.add_blank_page(width=72, height=72)
    if password is not None:
        writer.encrypt(password)
    writer.write(file)


def test_other_attachments_and_custom_xml_are_left_alone(tmp_path):
    file = tmp_path / "report.pdf"
    writer = PdfWriter()
    writer.add_blank_page(width=72, height=72)
    writer.add_attachment("notes.txt", b"notes")
    writer.write(file)
    embed_in_pdf(file, [plain()])
    assert PdfReader(file).attachments["notes.txt"] == [b"notes"]
    document = tmp_path / "report.docx"
    docx.Document().save(str(document))
    before = set(zipfile.ZipFile(document).namelist())
    embed_in_docx(document, [plain()])
    added = set(zipfile.ZipFile(document).namelist()) - before
    (item,) = [name for name in added if re.fullmatch(r"customXml/item\d+\.xml", name)]
    number = item[len("customXml/item") : -len(".xml")]
    assert added == {
        item,
        f"customXml/itemProps{number}.xml",
        f"customXml/_rels/item{number}.xml.rels",
    }


def test_custom_xml_is_found_under_another_name(tmp_path):
    """Word numbers it anew."""
    file, saved = tmp_path / "a.docx", tmp_path / "b.docx"
    docx.Document().save(str(file))
    embed_in_docx(file, [plain()])
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(saved, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("customXml/item", "customXml/item7"), old.read(name))
    assert read_embedded(saved) == [plain()]


@pytest.mark.parametrize("embed", [embed_in_docx, embed_in_pdf])
@pytest.mark.parametrize("content", [b"", b"no such thing", b"PK\x03\x04", b"%PDF-1.7\n"])
def test_what_cannot_be_written_to_stays_as_it_was(embed, content, tmp_path):
    file = tmp_path / "report.x"
    file.write_bytes(content)
    with pytest.raises(CitationError, match=r"report\.x: no (DOCX file|PDF) that citations can"):
        embed(file, [plain()])
    assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(CitationError, match="none"):
        embed(tmp_path / "none", [plain()])


def test_an_encrypted_pdf_gets_no_citations(tmp_path):
    file = tmp_path / "report.pdf"
    blank_pdf(file, password="sesame")
    with pytest.raises(CitationError, match=r"report\.pdf: encrypted: save a copy without"):
        embed_in_pdf(file, [plain()])


def test_more_than_is_read_back_is_not_written(monkeypatch):
    from qa import embedded

    monkeypatch.setattr(embedded, "MOST_EMBEDDED", 1000)
    assert markdown_block([plain()])
    for block in (markdown_block, html_block):
        with pytest.raises(CitationError, match=r"2 citations are over \d+ MB.*split it"):
            block([plain("one" * 50), plain("two" * 50)])
    assert embedded_read.MOST_EMBEDDED == 8 << 20
