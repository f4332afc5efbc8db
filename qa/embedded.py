"""Citation records inside the reports that print them, where nobody sees them.

    embed_in_docx(Path("briefing.docx"), records)
    assert read_embedded(Path("briefing.docx")) == records

Whoever has the report alone can check it years later.
"""

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from lxml import etree

from index.ingest.errors import DAMAGE
from index.ingest.types import MIB
from qa.cite import CitationRecord
from qa.embedded_read import (
    ATTACHMENT,
    COMMENT,
    MOST_EMBEDDED,
    NAME,
    NAMESPACE,
    citations_in_xml,
    read_embedded,
)
from qa.errors import CitationError
from qa.whole_file import write_whole

__all__ = ["embed_in_docx", "embed_in_pdf", "html_block", "markdown_block", "read_embedded"]

_ITEM = "{6F1C7C0E-54A5-4E0F-9C55-0A6B6C1D2E3F}"  # by which Word knows the custom XML again


def markdown_block(records: Sequence[CitationRecord]) -> str:
    """The records as an HTML comment, which no Markdown renderer shows; whole lines.

    Raises CitationError for more records than are read back.
    """
    return f"{COMMENT}\n{_payload(records)}\n-->\n"


def html_block(records: Sequence[CitationRecord]) -> str:
    """The records as an element of data, which no browser shows or runs; errors as above."""
    return f'<script type="application/json" id="{NAME}">\n{_payload(records)}\n</script>\n'


def _payload(records: Sequence[CitationRecord]) -> str:
    """JSON in ASCII without any mark that could end a comment, an element or a text."""
    text = "[\n" + ",\n".join(json.dumps(record.to_json()) for record in records) + "\n]"
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    text = text.replace("--", "-\\u002d")
    if len(text) > MOST_EMBEDDED:
        raise CitationError(
            f"{len(records)} citations are over {MOST_EMBEDDED // MIB} MB, too much for one "
            "report: split it"
        )
    return text


def embed_in_docx(path: Path, records: Sequence[CitationRecord]) -> None:
    """Write the records into this DOCX file as custom XML, in place of any that are there.

    Raises CitationError for what is no DOCX file, which stays as it was.
    """
    import docx
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.exceptions import OpcError
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    try:
        document = docx.Document(io.BytesIO(path.read_bytes()))
        main, package = document.part, document.part.package
        for key, relation in list(main.rels.items()):
            if relation.reltype == RELATIONSHIP_TYPE.CUSTOM_XML and not relation.is_external:
                if citations_in_xml(relation.target_part.blob) is not None:
                    del main.rels[key]
    except (OpcError, etree.XMLSyntaxError, *DAMAGE) as error:
        raise CitationError(f"{path}: no DOCX file that citations can be put into") from error
    root = etree.Element(f"{{{NAMESPACE}}}citations", nsmap={None: NAMESPACE})
    root.text = _payload(records)
    name = package.next_partname("/customXml/item%d.xml")
    item = Part(PackURI(name), "application/xml", _xml(root), package)
    about = PackURI(name.replace("/item", "/itemProps"))
    properties = Part(about, CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES, _properties(), package)
    item.relate_to(properties, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    main.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)
    _write_anew(path, document.save)


def _xml(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return written


def _properties() -> bytes:
    """What names the custom XML to Word."""
    namespace = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    root = etree.Element(f"{{{namespace}}}datastoreItem", nsmap={"ds": namespace})
    root.set(f"{{{namespace}}}itemID", _ITEM)
    schemas = etree.SubElement(root, f"{{{namespace}}}schemaRefs")
    etree.SubElement(schemas, f"{{{namespace}}}schemaRef").set(f"{{{namespace}}}uri", NAMESPACE)
    return _xml(root)


def embed_in_pdf(path: Path, records: Sequence[CitationRecord]) -> None:
    """Write the records into this PDF as an attachment, in place of any that are there.

    Raises CitationError for what is no PDF, or is encrypted; it stays as it was.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import DependencyError, PyPdfError
    from pypdf.generic import NameObject

    payload = _payload(records).encode("ascii")
    broken: tuple[type[Exception], ...] = (PyPdfError, DependencyError, *DAMAGE)
    try:
        reader = PdfReader(io.BytesIO(path.read_bytes()))
        if reader.is_encrypted:
            raise CitationError(f"{path}: encrypted: save a copy without its password")
        writer = PdfWriter(clone_from=reader)
        for old in [each for each in writer.attachment_list if each.name == ATTACHMENT]:
            old.delete()
        writer.add_attachment(ATTACHMENT, payload).subtype = NameObject("/application/json")
    except broken as error:
        raise CitationError(f"{path}: no PDF that citations can be put into") from error
    _write_anew(path, writer.write)


def _write_anew(path: Path, write: Callable[[io.BytesIO], object]) -> None:
    """Write the file whole or not at all."""
    written = io.BytesIO()
    write(written)
    write_whole(path, written.getvalue())
