import datetime
import io
import zipfile

import docx
import pytest
from lxml import etree

from index.ingest.docx import read_docx
from index.ingest.errors import Unreadable

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PARAGRAPHS = [
    ("Title", "That reindeer battery"),
    ("Normal", "By Jane Doe | The Decimal Post | 15 March 2021"),
    ("Normal", "Remember the reindeer battery? It was amended on Friday."),
    ("Normal", "Three things still bother me."),
]


def texts(draft):
    return [one.text for one in draft.paragraphs]


def test_headline_byline_and_body(make_docx):
    draft = read_docx(make_docx(PARAGRAPHS, title="Draft 3", author="Office"))
    assert draft.headline == "That reindeer battery"
    known = draft.metadata
    assert known.title.value == "That reindeer battery"
    assert [author.value for author in known.authors] == ["Jane Doe"]
    assert known.source.value == "The Decimal Post"
    assert (known.published.value, known.published.trust) == ("2021-03-15", "high")
    assert texts(draft) == [text for _, text in PARAGRAPHS[2:]]


def test_properties_fill_what_the_text_does_not_say(make_docx):
    made = datetime.datetime(2021, 3, 15, 9, 0)
    draft = read_docx(
        make_docx(PARAGRAPHS[2:], title="Reindeer", author="Jane Doe; John Roe", created=made)
    )
    assert draft.headline is None
    assert draft.metadata.title.value == "Reindeer"
    assert [author.value for author in draft.metadata.authors] == ["Jane Doe", "John Roe"]
    assert (draft.metadata.published.value, draft.metadata.published.trust) == ("2021-03-15", "low")


def test_the_templates_own_properties_say_nothing(make_docx):
    known = read_docx(make_docx(PARAGRAPHS[2:])).metadata
    assert known.title is None and known.authors == ()


def test_a_row_of_a_table_is_a_line(make_docx):
    draft = read_docx(make_docx(PARAGRAPHS[2:3], table=[["Port", "Dead"], ["Harrow", "3"]]))
    assert texts(draft)[1:] == ["Port | Dead", "Harrow | 3"]


def test_words_in_controls_links_and_insertions_stay_and_deleted_ones_go():
    document = docx.Document()
    paragraph = document.add_paragraph("It ")
    for markup in (
        f'<w:ins xmlns:w="{W}"><w:r><w:t>rained </w:t></w:r></w:ins>',
        f'<w:del xmlns:w="{W}"><w:r><w:delText>snowed </w:delText></w:r></w:del>',
        f'<w:hyperlink xmlns:w="{W}"><w:r><w:t>on</w:t><w:br/><w:t>Tuesday</w:t></w:r>'
        "</w:hyperlink>",
    ):
        paragraph._p.append(etree.fromstring(markup))
    control = f'<w:sdt xmlns:w="{W}"><w:sdtContent><w:p><w:r><w:t>It stopped.</w:t></w:r></w:p>'
    document.element.body.insert(1, etree.fromstring(control + "</w:sdtContent></w:sdt>"))
    out = io.BytesIO()
    document.save(out)
    assert texts(read_docx(out.getvalue())) == ["It rained on Tuesday", "It stopped."]


def zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 cut off", b"hello", zipped("word/document.xml", "<w/>"), zipped("a", "b")]
)
def test_a_broken_file_is_refused(data):
    with pytest.raises(Unreadable, match=r"^broken: not a DOCX file"):
        read_docx(data)


def test_an_encrypted_file_is_refused():
    with pytest.raises(Unreadable, match="encrypted, or an old Office file"):
        read_docx(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def test_every_cut_of_a_file_is_read_or_refused(make_docx):
    data = make_docx(PARAGRAPHS)
    for end in range(0, len(data), 1999):
        with pytest.raises(Unreadable):
            read_docx(data[:end])
