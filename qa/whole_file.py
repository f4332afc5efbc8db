"""Files that are written whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_whole(file: Path, content: str | bytes) -> None:
    """Write text as UTF-8, or bytes; what stands there stays until the new is whole.

    A file keeps its permissions, and a symbolic link stays one: what it leads to is written.
    A pipe or a device takes it as it comes. Raises OSError if it cannot be written.
    """
    file = Path(os.path.realpath(file))
    written = content.encode() if isinstance(content, str) else content
    if file.exists() and not file.is_file():
        file.write_bytes(written)
        return
    mode = file.stat().st_mode & 0o777 if file.exists() else 0o644
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as temporary:
        partial = Path(temporary.name)
        try:
            temporary.write(written)
            temporary.flush()
            os.fsync(temporary.fileno())
            partial.chmod(mode)
            partial.replace(file)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
