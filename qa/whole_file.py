"""Files that are written whole or not at all."""

from pathlib import Path


def write_whole(file: Path, text: str) -> None:
    """Write the text as UTF-8; what stands there stays until the new is whole.

    A pipe or a device takes it as it comes. Raises OSError if it cannot be written.
    """
    if file.exists() and not file.is_file():
        file.write_text(text, encoding="utf-8")
        return
    partial = file.with_name(f"{file.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
