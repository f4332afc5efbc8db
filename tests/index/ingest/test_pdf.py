import pytest

from index.ingest.errors import Unreadable
from index.ingest.pdf import read_pdf

TITLE = "Battery shrugs off the cold"


def column(*lines, top=700, size=11, step=14, left=72):
    return [(left, top - n * step, size, line) for n, line in enumerate(lines)]


def page(*blocks):
    return [line for block in blocks for line in block]


def two_pages(make_pdf, **more):
    first = page(
        [(72, 800, 8, "The Harbour Gazette"), (72, 760, 20, "Battery shrugs off"),
         (72, 736, 20, "the cold")],
        column("Researchers have built a battery from sodium and from recycled bottle",
               "glass that keeps most of its capac-", "ity at minus forty degrees Celsius."),
        column("The idea came to Tuomas Hellevi in a sauna, when he spilled salt water,",
               "and he wrote it down on the ice-cold window with his finger, so that the",
               top=640),
        [(300, 40, 8, "1")],
    )  # fmt: skip
    second = page(
        [(72, 800, 8, "The Harbour Gazette")],
        column("others saw it and laughed.", top=760),
        column("A company was founded in November.", top=720),
        [(300, 40, 8, "2")],
    )
    return make_pdf([first, second], **more)


def test_headline_paragraphs_and_pages(make_pdf):
    draft = read_pdf(two_pages(make_pdf, info={"/Title": TITLE, "/Author": "Jane Doe"}))
    assert draft.headline == TITLE
    assert [one.text for one in draft.paragraphs] == [
        "Researchers have built a battery from sodium and from recycled bottle glass that keeps "
        "most of its capacity at minus forty degrees Celsius.",
        "The idea came to Tuomas Hellevi in a sauna, when he spilled salt water, and he wrote it "
        "down on the ice-cold window with his finger, so that the others saw it and laughed.",
        "A company was founded in November.",
    ]
    assert draft.metadata.authors[0].value == "Jane Doe"
    article = draft.article(path="/x.pdf", name="x", file_sha256="0")
    assert article.page_starts == (0, article.text.index("others saw"))
    assert article.page_at(article.text.index("laughed")) == 2
    assert article.page_at(article.text.index("sauna")) == 1


def test_the_largest_line_is_the_headline_where_the_title_is_a_file_name(make_pdf):
    draft = read_pdf(two_pages(make_pdf, info={"/Title": "Microsoft Word - final_v2.docx"}))
    assert draft.headline == TITLE
    assert draft.metadata.title.value == TITLE


def test_a_title_that_stands_nowhere_is_metadata_only(make_pdf):
    draft = read_pdf(make_pdf([column("It rained on Tuesday.")], info={"/Title": "Weather"}))
    assert draft.headline is None
    assert draft.metadata.title.value == "Weather"
    assert [one.text for one in draft.paragraphs] == ["It rained on Tuesday."]


def test_the_day_a_pdf_was_made_is_not_trusted(make_pdf):
    info = {"/CreationDate": "D:20210203090000Z"}
    published = read_pdf(make_pdf([column("It rained.")], info=info)).metadata.published
    assert (published.value, published.trust) == ("2021-02-03", "low")
    assert published.origin == "pdf info"


def test_a_byline_in_the_text_comes_before_the_information(make_pdf):
    lines = [(72, 760, 20, TITLE), (72, 730, 9, "By Jane Doe | 3 May 2024")]
    info = {"/Author": "Office", "/CreationDate": "D:20210203090000Z"}
    known = read_pdf(make_pdf([lines + column("It rained.")], info=info)).metadata
    assert known.authors[0].value == "Jane Doe"
    assert known.published.value == "2024-05-03"


def test_a_page_without_words_begins_where_the_next_one_does(make_pdf):
    data = make_pdf([column("It rained."), [], column("It stopped.")])
    article = read_pdf(data).article(path="/x.pdf", name="x", file_sha256="0")
    assert article.text == "It rained.\n\nIt stopped."
    assert article.page_starts == (0, 12, 12)
    assert article.page_at(12) == 3


def test_an_encrypted_file_is_refused(make_pdf):
    with pytest.raises(Unreadable, match=r"^encrypted; save a copy without its password$"):
        read_pdf(make_pdf([column("It rained.")], password="secret"))


def test_a_scan_is_refused(make_pdf):
    with pytest.raises(Unreadable, match=r"^no text in it; scanned"):
        read_pdf(make_pdf([[], []]))


@pytest.mark.parametrize("data", [b"%PDF-1.7 nothing", b"hello", b"%PDF-1.4\n%%EOF", b"\0" * 900])
def test_a_broken_file_is_refused(data):
    with pytest.raises(Unreadable, match=r"^broken"):
        read_pdf(data)


def test_every_cut_of_a_file_is_read_or_refused(make_pdf):
    data = two_pages(make_pdf)
    for end in range(0, len(data), 97):
        try:
            read_pdf(data[:end])
        except Unreadable as exc:
            assert "\n" not in str(exc)
