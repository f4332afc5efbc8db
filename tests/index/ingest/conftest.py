"""Small files made by code, so that each test shows what is in them."""

import io
import zipfile

import docx
import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

_HELVETICA = DictionaryObject(
    {
        NameObject("/Type"): NameObject("/Font"),
        NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
        NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
    }
)


@pytest.fixture
def make_pdf():
    """(pages of (x, y, size, line), info, password) -> bytes."""

    def made(pages, info=None, password=None):
        writer = PdfWriter()
        for lines in pages:
            page = writer.add_blank_page(595, 842)
            drawn = ""
            for x, y, size, line in lines:
                line = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
                drawn += f"BT /F1 {size} Tf {x} {y} Td ({line}) Tj ET\n"
            stream = DecodedStreamObject()
            stream.set_data(drawn.encode("cp1252"))
            page[NameObject("/Contents")] = writer._add_object(stream)
            fonts = DictionaryObject({NameObject("/F1"): _HELVETICA})
            page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        if info:
            writer.add_metadata(info)
        if password:
            writer.encrypt(password, algorithm="AES-256")
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return made


@pytest.fixture
def make_docx():
    """(paragraphs as (style, text), core properties) -> bytes."""

    def made(paragraphs, table=(), **properties):
        document = docx.Document()
        for style, text in paragraphs:
            document.add_paragraph(text, style=style)
        if table:
            grid = document.add_table(rows=len(table), cols=len(table[0]))
            for row, cells in zip(grid.rows, table, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        for name, value in properties.items():
            setattr(document.core_properties, name, value)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    return made


@pytest.fixture
def make_epub():
    """(chapters as XHTML bodies, Dublin Core elements) -> bytes."""

    def made(chapters, metadata="", encryption=None, doctype=""):
        items = "".join(
            f'<item id="c{n}" href="part%20{n}.xhtml" media-type="application/xhtml+xml"/>'
            for n in range(len(chapters))
        )
        spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("mimetype", "application/epub+zip")
            archive.writestr(
                "META-INF/container.xml",
                '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
                '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
            )
            archive.writestr(
                "OEBPS/book.opf",
                f'{doctype}<package xmlns="http://www.idpf.org/2007/opf"><metadata '
                f'xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata>'
                f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
            )
            for n, body in enumerate(chapters):
                archive.writestr(
                    f"OEBPS/part {n}.xhtml",
                    f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
                    f"<body>{body}</body></html>",
                )
            if encryption:
                archive.writestr("META-INF/encryption.xml", encryption)
        return out.getvalue()

    return made
