import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.decode import check_text, decode, plain_newlines
from index.ingest.errors import Unreadable

WORDS = "The café’s owner said “no” — twice."
storable = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\r\n\t\f"))


@given(storable)
def test_utf8_comes_back_with_plain_newlines_and_without_nul(text):
    written = "A plain beg\0inning. " + text
    decoded = decode(written.encode())
    assert decoded == "A plain beginning. " + plain_newlines(text)
    assert not set(decoded) & set("\0\r\v\f\x85\u2028\u2029")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides(encoding):
    assert decode(WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_detected(encoding):
    assert decode((WORDS * 5).encode(encoding)) == WORDS * 5


def test_cp1252_is_read_where_utf8_fails():
    assert decode(WORDS.encode("cp1252")) == WORDS


def test_declared_charset_comes_before_cp1252():
    assert decode("Žluťoučký kůň".encode("iso-8859-2"), declared="iso-8859-2") == "Žluťoučký kůň"


def test_what_is_declared_latin1_is_read_as_cp1252():
    assert decode(WORDS.encode("cp1252"), declared="ISO-8859-1") == WORDS


@pytest.mark.parametrize("declared", ["no-such-charset", "hex", "undefined", "ascii"])
def test_a_wrong_declaration_does_no_harm(declared):
    assert decode(WORDS.encode("cp1252"), declared=declared) == WORDS


def test_cyrillic_is_not_taken_for_western():
    text = "Вчера президент заявил, что всё будет хорошо, и уехал в горы на неделю. " * 3
    assert decode(text.encode("cp1251")) == text


def test_line_ends_become_line_feeds():
    assert decode(b"a\r\nb\rc\nd\x0be") == "a\nb\nc\nd\ne"


def test_stray_nul_is_dropped():
    assert decode(b"The ri\0ver rose on Tuesday.") == "The river rose on Tuesday."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bytes(range(256)) * 20, "not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(200)) * 10, "not text"),
        (bytes(range(128)) * 20, "not text"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "zip"),
        (b"{\\rtf1 hello}", "Rich Text"),
        (codecs.BOM_UTF16_LE + b"a\0b", "breaks off"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a\0", "breaks off"),  # a lone surrogate
    ],
)
def test_what_is_not_text_is_refused_with_the_cure(data, said):
    with pytest.raises(Unreadable, match=said) as caught:
        decode(data)
    assert "\n" not in str(caught.value)


def test_lone_surrogates_are_refused():
    with pytest.raises(Unreadable, match="half a character"):
        check_text("a\ud800b")
    check_text("a🧑‍🚀b")
