import io
import re
import zipfile

import docx
import pytest
from lxml import etree, html
from markdown_it import MarkdownIt
from pypdf import PdfReader

from qa.cite import CitationRecord, Stretch, text_fragment
from qa.embedded_read import read_embedded
from qa.errors import CitationError, ReportError
from qa.report import Report, ReportItem, Stated
from qa.report_export import ENDINGS, check_export, export_report
from qa.report_layout import NOTHING

HOSTILE = '<img src=x onerror=alert(1)> #panic("x") $x$ *b* _i_ [l](javascript:x) `c` & ]]> --> "q"'
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def record(name="wire", quote="4,000 tonnes", **changes):
    text = f"The fire took {quote} of tea, the {name} said."
    known = {
        "article_id": name,
        "article_sha256": "0" * 64,
        "path": f"/news/{name}.txt",
        "start": 14,
        "end": 14 + len(quote),
        "quote": quote,
        "sentence": Stretch(start=0, end=len(text)),
        "sentence_text": text,
        "title": f"The {name} story",
        "source": f"The {name.title()}",
        "url": f"https://{name}.example/fire",
    }
    return CitationRecord(**(known | changes))


def conflict(question="How much tea burned?"):
    return ReportItem(
        question=question,
        answer="4,000 tonnes",
        cited=(1,),
        status="conflict",
        claims=(Stated(words="4,000 tonnes", cited=(1,)), Stated(words="3,600 tonnes", cited=(2,))),
        citations=(record(), record("ledger", "3,600 tonnes")),
        note="Ask the importer.",
    )


REPORT = Report(
    title="The fire at Marlhaven",
    note="Word for word.",
    items=(conflict(), ReportItem(question="Who did it?"), conflict("How much was lost?")),
)


@pytest.fixture(params=ENDINGS)
def ending(request):
    return request.param


def words_of(file):
    """What a reader sees, as plain text."""
    if file.suffix == ".md":
        page = MarkdownIt().render(file.read_text())
        return " ".join(html.fromstring(f"<div>{page}</div>").text_content().split())
    if file.suffix == ".html":
        page = html.fromstring(file.read_text())
        for unseen in page.xpath("//script|//style|//*[@role='tooltip']"):
            unseen.drop_tree()
        return " ".join(page.text_content().split())
    if file.suffix == ".pdf":
        return " ".join(" ".join(p.extract_text() for p in PdfReader(file).pages).split())
    document = docx.Document(file)
    return " ".join(" ".join(p.text for p in document.paragraphs).split())


def test_an_export_says_all_that_the_report_holds(tmp_path, ending):
    file = tmp_path / f"r{ending}"
    export_report(REPORT, file)
    words = words_of(file)
    for said in (
        REPORT.title,
        "Word for word.",
        "How much tea burned?",
        "4,000 tonnes",
        "3,600 tonnes",
        "Sources disagree:",
        "Ask the importer.",
        NOTHING,
        "Quoted passages",
        "The fire took 4,000 tonnes of tea, the wire said.",
        "The ledger story",
    ):
        assert said in words, said


def test_an_export_holds_its_citation_records(tmp_path, ending):
    file = tmp_path / f"r{ending}"
    export_report(REPORT, file)
    assert read_embedded(file) == [record(), record("ledger", "3,600 tonnes")]


def test_a_report_without_citations_is_exported_too(tmp_path, ending):
    file = tmp_path / f"r{ending}"
    export_report(Report(title="Nothing yet"), file)
    assert "Nothing yet" in words_of(file)
    with pytest.raises(CitationError):
        read_embedded(file)


def test_text_of_any_kind_stays_text(tmp_path, ending):
    file = tmp_path / f"r{ending}"
    hostile = record(quote="4 tonnes", title=HOSTILE, authors=(HOSTILE,), source=HOSTILE)
    item = ReportItem(
        question=HOSTILE, answer="4 tonnes", cited=(1,), citations=(hostile,), note=HOSTILE
    )
    export_report(Report(title=HOSTILE, note=HOSTILE, items=(item,)), file)
    squeezed = re.sub(r"\s", "", words_of(file))
    # Set as typography or as characters, but all of it is there.
    assert squeezed.count("onerror=alert(1)>#panic(") >= 5
    if ending in (".md", ".html"):
        source = file.read_text()
        page = MarkdownIt().render(source) if ending == ".md" else source
        tree = html.fromstring(page if ending == ".html" else f"<div>{page}</div>")
        assert not tree.xpath("//img|//em[.='i']|//code|//@onerror")
        assert not [link for link in tree.xpath("//@href") if link.startswith("javascript")]


def test_words_in_any_script_and_control_characters_do_no_harm(tmp_path, ending):
    file = tmp_path / f"r{ending}"
    quote = "אחת 🌊 e\u0301 \x0b\x1f ٣"
    item = ReportItem(question="?", answer=quote, cited=(1,), citations=(record(quote=quote),))
    export_report(Report(title="Any", items=(item,)), file)
    assert read_embedded(file) == [record(quote=quote)]


def test_footnotes_in_word_are_real_and_given_once(tmp_path):
    file = tmp_path / "r.docx"
    export_report(REPORT, file)
    with zipfile.ZipFile(file) as parts:
        body = etree.fromstring(parts.read("word/document.xml"))
        notes = etree.fromstring(parts.read("word/footnotes.xml"))
        types = parts.read("[Content_Types].xml").decode()
    given = [e.get(f"{W}id") for e in body.iter(f"{W}footnoteReference")]
    assert given == ["1", "2"]
    held = [e.get(f"{W}id") for e in notes.iter(f"{W}footnote")]
    assert held == ["-1", "0", "1", "2"]
    again = [e.get(f"{W}instr") for e in body.iter(f"{W}fldSimple")]
    assert again == [" NOTEREF _footnote1 \\h "] * 3 + [" NOTEREF _footnote2 \\h "]
    bookmarks = {e.get(f"{W}name") for e in body.iter(f"{W}bookmarkStart")}
    assert bookmarks == {"_footnote1", "_footnote2"}
    assert "footnotes+xml" in types


def test_links_in_word_lead_to_the_article_and_to_the_words(tmp_path):
    export_report(REPORT, tmp_path / "r.docx", style="mla")
    document = docx.Document(tmp_path / "r.docx")
    links = [link for p in document.paragraphs for link in p.hyperlinks]
    assert [(link.text, link.url) for link in links] == [
        ("https://ledger.example/fire", "https://ledger.example/fire"),
        ("https://wire.example/fire", "https://wire.example/fire"),
        ("Go to the passage", text_fragment(record())),
        ("Go to the passage", text_fragment(record("ledger", "3,600 tonnes"))),
    ]


def test_footnotes_side_by_side_are_told_apart(tmp_path):
    both = ReportItem(
        question="How much?",
        answer="4,000 tonnes",
        cited=(1, 2),
        citations=(record(), record("ledger")),
    )
    report = Report(title="Tea", items=(both,))
    for ending in ENDINGS:
        export_report(report, tmp_path / f"r{ending}")
    assert "**4,000 tonnes**[^1] [^2]\n" in (tmp_path / "r.md").read_text()
    with zipfile.ZipFile(tmp_path / "r.docx") as parts:
        body = etree.fromstring(parts.read("word/document.xml"))
    (marked,) = [p for p in body.iter(f"{W}p") if p.find(f".//{W}footnoteReference") is not None]
    assert "".join(marked.itertext()) == "4,000 tonnes,"
    (page, *_) = PdfReader(tmp_path / "r.pdf").pages
    assert "4,000 tonnes1,2" in "".join(page.extract_text().split("\n")).replace(" ,", ",")


def test_footnotes_in_a_page_and_in_markdown_lead_somewhere(tmp_path):
    export_report(REPORT, tmp_path / "r.html")
    page = html.fromstring((tmp_path / "r.html").read_text())
    targets = {link for link in page.xpath("//sup/a/@href")}
    assert targets == {"#note-1", "#note-2"}
    assert all(page.xpath(f"//*[@id='{target[1:]}']") for target in targets)
    assert page.xpath("//@src") == []
    export_report(REPORT, tmp_path / "r.md")
    source = (tmp_path / "r.md").read_text()
    named = set(re.findall(r"\[\^(\d+)\](?!:)", source))
    assert named == set(re.findall(r"^\[\^(\d+)\]:", source, re.MULTILINE)) == {"1", "2"}


def test_a_style_changes_how_sources_are_listed(tmp_path):
    for style in ("apa", "ieee"):
        export_report(REPORT, tmp_path / f"{style}.html", style=style)
    assert words_of(tmp_path / "apa.html") != words_of(tmp_path / "ieee.html")
    with pytest.raises(CitationError, match="apa, chicago"):
        export_report(REPORT, tmp_path / "r.html", style="none")
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize("name", ["r.txt", "r", "r.rtf"])
def test_an_ending_that_is_not_known_is_refused_with_those_that_are(tmp_path, name):
    with pytest.raises(ReportError, match=r"\.md, \.html, \.docx, \.pdf"):
        check_export(tmp_path / name)


def test_a_place_that_cannot_be_written_to_is_refused_and_the_old_file_stays(tmp_path):
    (tmp_path / "r.md").mkdir()
    for path in (tmp_path / "r.md", tmp_path / "nowhere" / "r.md"):
        with pytest.raises(ReportError, match="cannot be written"):
            export_report(REPORT, path)
    old = tmp_path / "old.docx"
    old.write_bytes(b"old")
    with pytest.raises(CitationError):
        export_report(REPORT, old, style="none")
    assert old.read_bytes() == b"old"


def test_what_is_in_a_word_document_can_be_read_again_by_word_readers(tmp_path):
    export_report(REPORT, tmp_path / "r.docx")
    document = docx.Document(io.BytesIO((tmp_path / "r.docx").read_bytes()))
    assert document.core_properties.title == REPORT.title
    assert [p.text for p in document.paragraphs if p.style.name == "Title"] == [REPORT.title]
