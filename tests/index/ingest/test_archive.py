import io
import zipfile

import pytest

from index.ingest.archive import open_archive
from index.ingest.errors import Unreadable


def zipped(files, flag=0):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    data = bytearray(out.getvalue())
    if flag:
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(mark) + offset] |= flag
    return bytes(data)


def test_an_honest_archive_opens():
    with open_archive(zipped([("a.xml", "<a/>")]), kind="a DOCX file") as archive:
        assert archive.read("a.xml") == b"<a/>"


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(Unreadable, match="over 200 times"):
        open_archive(zipped([("a.xml", b"\0" * 5_000_000)]), kind="a DOCX file")


def test_too_much_is_refused():
    data = bytearray(zipped([("a.xml", "x" * 100)]))
    at = data.index(b"PK\x01\x02") + 24  # the unpacked size in the table of contents
    data[at : at + 4] = (900 << 20).to_bytes(4, "little")
    with pytest.raises(Unreadable, match="would unpack to 900 MB"):
        open_archive(bytes(data), kind="a DOCX file")


def test_too_many_files_are_refused():
    with pytest.raises(Unreadable, match="holds 5001 files"):
        open_archive(zipped([(str(n), "") for n in range(5001)]), kind="a DOCX file")


def test_encrypted_files_are_refused():
    with pytest.raises(Unreadable, match=r"^encrypted"):
        open_archive(zipped([("a.xml", "<a/>")], flag=1), kind="an EPUB file")


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x05\x06", b"PK\x03\x04" * 40])
def test_no_archive_is_refused_by_what_it_should_be(data):
    with pytest.raises(Unreadable, match="broken: not an EPUB file"):
        open_archive(data, kind="an EPUB file")
