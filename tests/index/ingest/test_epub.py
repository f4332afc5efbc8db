import pytest

from index.ingest.epub import read_epub
from index.ingest.errors import Unreadable

METADATA = (
    "<dc:title>A lamp that drinks the sea</dc:title><dc:creator>Jane Doe</dc:creator>"
    "<dc:creator>John Roe</dc:creator><dc:date>2024-09-20</dc:date>"
    "<dc:publisher>Harbour &amp; Hearth</dc:publisher>"
    "<dc:identifier>urn:x:1</dc:identifier><dc:source>https://h.example/lamp</dc:source>"
)
CHAPTERS = [
    "<h2>The queue</h2><p>There were\n faster <b>th</b>ings at the fair.</p>",
    "<p>It burns for 14 hours.</p><table><tr><td>Spain</td><td>59</td></tr></table>",
]


def texts(draft):
    return [one.text for one in draft.paragraphs]


def test_chapters_in_the_order_of_the_spine(make_epub):
    draft = read_epub(make_epub(CHAPTERS, METADATA))
    assert draft.headline == "A lamp that drinks the sea"
    assert texts(draft) == [
        "The queue",
        "There were faster things at the fair.",
        "It burns for 14 hours.",
        "Spain | 59",
    ]


def test_metadata_of_the_package(make_epub):
    known = read_epub(make_epub(CHAPTERS, METADATA)).metadata
    assert [author.value for author in known.authors] == ["Jane Doe", "John Roe"]
    assert known.source.value == "Harbour & Hearth"
    assert known.url.value == "https://h.example/lamp"
    assert (known.published.value, known.published.trust) == ("2024-09-20", "high")
    assert known.published.origin == "epub metadata"


def test_a_package_that_says_nothing_still_has_its_words(make_epub):
    draft = read_epub(make_epub(CHAPTERS))
    assert draft.headline is None
    assert draft.metadata.title is None
    assert texts(draft)[0] == "The queue"


def test_a_protected_chapter_is_refused(make_epub):
    encryption = '<encryption><CipherReference URI="OEBPS/part 0.xhtml"/></encryption>'
    with pytest.raises(Unreadable, match="protected against copying"):
        read_epub(make_epub(CHAPTERS, METADATA, encryption))


def test_scrambled_fonts_are_no_protection(make_epub):
    encryption = '<encryption><CipherReference URI="OEBPS/font.otf"/></encryption>'
    assert len(texts(read_epub(make_epub(CHAPTERS, METADATA, encryption)))) == 4


def test_entities_of_the_outside_are_not_read(make_epub, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("swordfish")
    doctype = f'<!DOCTYPE package [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    data = make_epub(CHAPTERS, "<dc:title>A &e; lamp</dc:title>", doctype=doctype)
    assert "swordfish" not in read_epub(data).headline


def test_named_entities_are_their_characters(make_epub):
    draft = read_epub(make_epub(["<p>A caf&eacute;&nbsp;&mdash; closed &amp; cold.</p>"]))
    assert texts(draft) == ["A café — closed & cold."]


def test_every_cut_of_a_file_is_refused(make_epub):
    data = make_epub(CHAPTERS, METADATA)
    for end in range(0, len(data) - 1, 101):
        with pytest.raises(Unreadable, match=r"^broken: not an EPUB file"):
            read_epub(data[:end])
