"""Zip archives (DOCX, EPUB), checked before anything in them is unpacked."""

import io
import zipfile

from index.ingest.errors import Unreadable
from index.ingest.types import MIB

_MOST_FILES = 5000
_MOST_BYTES = 500 * MIB  # unpacked
_HIGHEST_RATIO = 200  # of unpacked to packed size; markup packs to a tenth or so
_SMALL = MIB  # a file this small may pack as well as it likes
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def open_archive(data: bytes, *, kind: str) -> zipfile.ZipFile:
    """The archive, its table of contents checked; `kind` is what it should be ("a DOCX file").

    Raises Unreadable for what is no zip archive, is encrypted, or would unpack to far too much.
    """
    if data.startswith(_OLD_OFFICE):
        raise Unreadable("encrypted, or an old Office file; save it as .docx without a password")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as exc:
        raise Unreadable(f"broken: not {kind}; save or download it again") from exc
    files = archive.infolist()
    if len(files) > _MOST_FILES:
        raise Unreadable(f"it holds {len(files)} files; more than {_MOST_FILES} are not unpacked")
    total = sum(one.file_size for one in files)
    if total > _MOST_BYTES:
        raise Unreadable(f"it would unpack to {total // MIB} MB; more than 500 MB is not unpacked")
    if any(one.flag_bits & 0x1 for one in files):
        raise Unreadable("encrypted; save a copy without a password")
    for one in files:
        if one.file_size > _SMALL and one.file_size > _HIGHEST_RATIO * max(one.compress_size, 1):
            raise Unreadable("it would unpack to over 200 times its size, as no article does")
    return archive
