import io
import json
import zipfile

import docx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypdf import PdfWriter

from qa.cite import VERSION, CitationRecord, Stretch, records_json
from qa.embedded import embed_in_docx, embed_in_pdf, html_block, markdown_block
from qa.embedded_read import ATTACHMENT, NAMESPACE, read_embedded, read_records_in
from qa.errors import CitationError
from qa.report import Report, ReportItem
from qa.report_file import save_report


def record(quote="4,000 tonnes", **changes):
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
    ).model_copy(update=changes)


ONE, TWO = record(), record("1911")


def line(*records):
    return json.dumps({"id": "q", "citations": [each.to_json() for each in records]})


def docx_with(custom_xml):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
        archive.writestr("customXml/item1.xml", custom_xml)
    return content.getvalue()


def pdf_with(*attachments, password=None):
    writer = PdfWriter()
    writer.add_blank_page(width=72, height=72)
    for content in attachments:
        writer.add_attachment(ATTACHMENT, content)
    if password is not None:
        writer.encrypt(password, algorithm="AES-256")
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (records_json([ONE, TWO]), [ONE, TWO]),
        ("\ufeff" + records_json([ONE]), [ONE]),
        ("\n  " + json.dumps(ONE.to_json()), [ONE]),
        (line(ONE), [ONE]),
        (f"{line(ONE)}\n{line()}\n\n{line(TWO, ONE)}\n", [ONE, TWO]),
        (line(record("one\u2028line")) + "\n" + line(TWO), [record("one\u2028line"), TWO]),
        (markdown_block([ONE]) + "More.\n\n" + markdown_block([TWO, ONE]), [ONE, TWO]),
        ("[A link](https://wire.example)\n\n" + markdown_block([ONE]), [ONE]),
        ("[1] A note.\n\n" + markdown_block([ONE]), [ONE]),
        ("[A link](https://wire.example)" + html_block([ONE]), [ONE]),
        (html_block([ONE]).replace('"footnote-citations"', "footnote-citations"), [ONE]),
        (html_block([ONE]).replace('="', "='").replace('" ', "' ").replace('">', "'>"), [ONE]),
    ],
)
def test_records_are_read_whatever_holds_them(content, found, tmp_path):
    file = tmp_path / "report"
    file.write_text(content)
    assert read_embedded(file) == found
    file.write_bytes(content.removeprefix("\ufeff").encode("utf-16"))  # as a Windows shell does
    assert read_embedded(file) == found


def test_records_are_read_out_of_a_report_file(tmp_path):
    talk = "say <!-- footnote-citations twice\nfootnote_report: 2"
    item = ReportItem(question="How much?", answer="1911", cited=(2,), citations=(ONE, TWO))
    save_report(Report(title="Tea", note=talk, items=(item, item)), tmp_path / "r.yaml")
    assert read_embedded(tmp_path / "r.yaml") == [ONE, TWO]
    told = f"---\ntitle: Tea\n{talk}\n\n{markdown_block([ONE])}"
    assert read_records_in(told.encode(), "a.md") == [ONE]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"footnote_report: 1\ntitle: x\n", "no question in it was answered, so there is nothing"),
        (b"title: x\nfootnote_report: 2\n", "form 2, and this Footnote reads up to 1"),
        (b"footnote_report: 1\ntitle: [\n", "is damaged in line 3"),
        (b"footnote_report: 1\ntitle: \xff\n", "no question in it was answered"),
    ],
)
def test_a_report_file_without_records_says_why(content, says):
    with pytest.raises(CitationError, match=f"^r.yaml: .*{says}"):
        read_records_in(content, "r.yaml")


@pytest.mark.parametrize(
    "sentence", ["say <!-- footnote-citations twice", 'id="footnote-citations"']
)
def test_talk_of_blocks_is_no_block(sentence):
    text = f"They {sentence} there.\n\n{markdown_block([ONE])}"
    assert read_records_in(text.encode(), "a") == [ONE]
    quoted = record(f"x {sentence}")
    assert read_records_in(records_json([quoted]).encode(), "a") == [quoted]


CURE = "give a report that Footnote wrote"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no citation: " + CURE),
        (b"# A report\n\nWithout any.", "holds no citation: " + CURE),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "holds no citation"),
        (b"<!doctype html><p>Without any.", "holds no citation"),
        (b'<script id="footnote-citations"></script>', "is no JSON"),
        (b"[]", "holds no citation"),
        (b"[A link]", "is no JSON"),
        (b'{"citations": []}\n{"a": ', "is no JSON"),
        (b'[{"quote": "caf\xe9"}]', "not UTF-8: save it as UTF-8"),
        (b"[" * 200_000, "is no JSON .maximum recursion"),
        (markdown_block([ONE]).encode()[:200], "are damaged: get the report anew"),
        (markdown_block([ONE]).replace("{", "", 1).encode(), "is no JSON"),
        (b"PK\x03\x04 and so on", "broken: not a DOCX file"),
        (b"\xd0\xcf\x11\xe0", "encrypted, or an old Office file"),
        (docx_with("<other/>"), "holds no citation"),
        (docx_with(f'<citations xmlns="{NAMESPACE}">'), "are damaged"),
        (docx_with(f'<citations xmlns="{NAMESPACE}"/>'), "is no JSON"),
        (docx_with(f'<other xmlns="{NAMESPACE}"/>'), "holds no citation"),
        (b"%PDF-1.7\n", "broken: no PDF that can be read"),
        (pdf_with(), "holds no citation"),
        (pdf_with(b"\xff"), "broken: no PDF"),
        (pdf_with(b"[]", password="sesame"), "encrypted: save a copy without its password"),
    ],
)
def test_what_holds_no_records_is_named(content, says, tmp_path):
    file = tmp_path / "report"
    file.write_bytes(content)
    with pytest.raises(CitationError, match=f"report: .*{says}"):
        read_embedded(file)


@pytest.mark.parametrize("wrap", [markdown_block, html_block, records_json])
def test_a_newer_form_is_refused_in_every_wrapping(wrap):
    newer = record(version=VERSION + 1)
    with pytest.raises(CitationError, match=rf"is of form {VERSION + 1}, and this Footnote reads"):
        read_records_in(wrap([ONE, newer]).encode(), "a")


def test_a_pdf_that_opens_without_a_password_is_read():
    assert read_records_in(pdf_with(records_json([ONE]).encode(), password=""), "a") == [ONE]


def test_entities_are_not_expanded():
    bomb = (
        f'<!DOCTYPE c [<!ENTITY a "{"x" * 50}"><!ENTITY b "{"&a;" * 50}">'
        '<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
    )
    for entity in ("b", "secret"):
        content = docx_with(f'{bomb}<citations xmlns="{NAMESPACE}">[&{entity};]</citations>')
        with pytest.raises(CitationError, match="is no JSON") as caught:
            read_records_in(content, "a")
        assert "xx" not in str(caught.value)


def test_archives_that_would_unpack_to_far_too_much_are_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("customXml/item1.xml", b" " * (30 << 20))
    with pytest.raises(CitationError, match="over 200 times its size"):
        read_records_in(content.getvalue(), "a")


@pytest.mark.parametrize("embed", [embed_in_docx, embed_in_pdf])
def test_a_truncated_file_is_refused_in_one_line(embed, tmp_path):
    file = tmp_path / "report"
    if embed is embed_in_docx:
        docx.Document().save(str(file))
    else:
        file.write_bytes(pdf_with())
    embed(file, [ONE])
    whole = file.read_bytes()
    for share in range(1, 20):
        try:
            found = read_records_in(whole[: len(whole) * share // 20], "report")
        except CitationError as error:
            assert "\n" not in str(error)
        else:
            assert found == [ONE]


START = markdown_block([ONE]).encode()


@given(st.binary(max_size=200), st.integers(0, len(START)), st.integers(0, len(START)))
@example(b"\xff\xfe[", 0, 0)
@example(b"\x00", 30, 40)
def test_no_bytes_whatever_end_in_anything_but_records_or_a_line(noise, start, end):
    for content in (
        noise,
        b"%PDF-1.4\n" + noise,
        b"PK\x03\x04" + noise,
        START[:start] + noise + START[end:],
    ):
        try:
            assert read_records_in(content, "a")
        except CitationError as error:
            assert str(error).startswith("a")


def test_a_name_that_is_no_file_is_named(tmp_path):
    with pytest.raises(CitationError, match=f"none: No such file or directory: {CURE}"):
        read_embedded(tmp_path / "none")
    with pytest.raises(CitationError, match="Is a directory"):
        read_embedded(tmp_path)
    with pytest.raises(CitationError, match="null byte"):
        read_embedded(tmp_path / "a\0b")
