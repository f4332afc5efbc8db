"""A laid-out report as a Word document with real footnotes.

python-docx knows no footnotes: their part is written here (ECMA-376 part 1, §17.11).
"""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from qa.report_layout import PASSAGES, SOURCES, Layout, Line, Passage, Words
from qa.styles import RichText

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_PARAGRAPH_STYLES = {"quote": "Quote", "item": "List Bullet", "claim": "List Bullet"}
# What XML 1.0 has no place for.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MARK = "FFF0B3"


def report_docx(layout: Layout) -> bytes:
    """The document, without the citation records."""
    import docx

    writer = _Writer(docx.Document(), layout)
    writer.write()
    file = BytesIO()
    writer.document.save(file)
    return file.getvalue()


class _Writer:
    """One document as it grows; which footnotes it has already."""

    def __init__(self, document: "Document", layout: Layout) -> None:
        self.document, self.layout = document, layout
        self._given: set[int] = set()
        self._bookmarks = 0

    def write(self) -> None:
        document, layout = self.document, self.layout
        _prepare_styles(document)
        document.core_properties.title = _text(layout.title)[:255]
        document.core_properties.author = ""
        document.add_heading(_text(layout.title), level=0)
        for line in layout.note:
            self._line(line)
        for section in layout.sections:
            document.add_heading(_text(section.heading), level=1)
            for line in section.lines:
                self._line(line)
        if layout.bibliography:
            document.add_heading(SOURCES, level=1)
            for entry in layout.bibliography:
                self._rich(document.add_paragraph(style="Bibliography"), entry)
            document.add_heading(PASSAGES, level=1)
            for passage in layout.passages:
                self._passage(passage)
            self._add_footnotes()

    def _line(self, line: Line) -> None:
        paragraph = self.document.add_paragraph(style=_PARAGRAPH_STYLES.get(line.kind))
        for words in line.words:
            self._words(paragraph, words, marked=line.kind != "answer")
        for run in paragraph.runs:
            run.bold = line.kind == "answer" or None
            run.italic = line.kind == "nothing" or None
        for before, number in enumerate(line.notes):
            if before:  # else 1 and 2 are read as 12
                paragraph.add_run(",", style="footnote reference")
            self._note(paragraph, number)

    def _words(self, paragraph: "Paragraph", words: Words, *, marked: bool = True) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        run = paragraph.add_run(_text(words.text))
        if words.quoted and marked:
            shade = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", _MARK)):
                shade.set(qn(f"w:{name}"), value)
            run._r.get_or_add_rPr().append(shade)

    def _note(self, paragraph: "Paragraph", number: int) -> None:
        """A footnote; where it was given before, a reference to it."""
        from docx.oxml import parse_xml

        if number in self._given:
            field = (
                f'<w:fldSimple xmlns:w="{_W}" w:instr=" NOTEREF _footnote{number} \\h ">'
                f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/>'
                f'<w:vertAlign w:val="superscript"/></w:rPr>'
                f"<w:t>{number}</w:t></w:r></w:fldSimple>"
            )
            paragraph._p.append(parse_xml(field))
            return
        self._given.add(number)
        parts = (
            f'<w:bookmarkStart xmlns:w="{_W}" w:id="{number}" w:name="_footnote{number}"/>',
            f'<w:r xmlns:w="{_W}"><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
            f'<w:footnoteReference w:id="{number}"/></w:r>',
            f'<w:bookmarkEnd xmlns:w="{_W}" w:id="{number}"/>',
        )
        for part in parts:
            paragraph._p.append(parse_xml(part))

    def _rich(self, paragraph: "Paragraph", text: RichText) -> None:
        for run in text:
            words = paragraph.add_run(_text(run.text))
            words.italic = run.italic or None
            if run.url:
                self._link(paragraph, words, run.url)

    def _link(self, paragraph: "Paragraph", run: "Run", address: str) -> None:
        """Put the run, the last of the paragraph, into a link."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        run.style = self.document.styles["Hyperlink"]
        link = OxmlElement("w:hyperlink")
        target = self.document.part.relate_to(
            _text(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True
        )
        link.set(qn("r:id"), target)
        link.append(run._r)
        paragraph._p.append(link)

    def _passage(self, passage: Passage) -> None:
        paragraph = self.document.add_paragraph(f"{passage.number}. “")
        for words in passage.words:
            self._words(paragraph, words)
        paragraph.add_run("”")
        paragraph.add_run().add_break()
        small = paragraph.add_run(_text(f"{passage.source}, {passage.place}"))
        small.style = self.document.styles["Subtle Emphasis"]
        if passage.link:
            paragraph.add_run(" · ")
            self._link(paragraph, paragraph.add_run("Go to the passage"), passage.link)

    def _add_footnotes(self) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        part = self.document.part
        notes = Part(
            PackURI("/word/footnotes.xml"),
            _CONTENT_TYPE,
            _footnotes_xml(self.layout.footnotes),
            part.package,
        )
        part.relate_to(notes, RELATIONSHIP_TYPE.FOOTNOTES)


def _footnotes_xml(notes: Sequence[RichText]) -> bytes:
    from lxml import etree

    def element(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
        named = {f"{{{_W}}}{key}": value for key, value in attributes.items()}
        return etree.SubElement(parent, f"{{{_W}}}{name}", named)

    root = etree.Element(f"{{{_W}}}footnotes", nsmap={"w": _W, "r": _R})
    for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
        note = element(root, "footnote", type=kind, id=str(number))
        element(element(element(note, "p"), "r"), kind)
    for number, text in enumerate(notes, start=1):
        paragraph = element(element(root, "footnote", id=str(number)), "p")
        element(element(paragraph, "pPr"), "pStyle", val="FootnoteText")
        mark = element(paragraph, "r")
        element(element(mark, "rPr"), "rStyle", val="FootnoteReference")
        element(mark, "footnoteRef")
        element(element(paragraph, "r"), "t").text = "\u00a0"
        for each in text:
            run = element(paragraph, "r")
            if each.italic:
                element(element(run, "rPr"), "i")
            words = element(run, "t")
            words.text = _text(each.text)
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _prepare_styles(document: "Document") -> None:
    """The styles that the template lacks."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    styles = document.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Georgia", Pt(11)
    styles["Subtle Emphasis"].font.color.rgb = RGBColor(0x5C, 0x66, 0x70)
    note = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style, note.font.size = styles["Normal"], Pt(9)
    note.paragraph_format.space_after = Pt(2)
    reference = styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER)
    reference.font.superscript = True
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = RGBColor(0x1F, 0x5F, 0x8B), True
    sources = styles.add_style("Bibliography", WD_STYLE_TYPE.PARAGRAPH)
    sources.base_style = styles["Normal"]
    sources.paragraph_format.left_indent = Pt(22)
    sources.paragraph_format.first_line_indent = Pt(-22)


def _text(text: str) -> str:
    """Without characters that XML has no place for: a document of Word cannot hold them."""
    return _UNWRITABLE.sub("\ufffd", text)
