"""Files in, Articles out: one module per family of formats.

    files, refused = find_files(["clippings"])
    for result in read_files(files):
        ...  # result.articles, result.refused, result.warnings

bytes -> decode -> a module per format (text, html, pdf, docx, epub, tables) -> paragraphs
-> body (furniture off, head and credit lines understood) -> Draft -> Article. It knows
nothing of passages, libraries or questions.
"""

from index.ingest.files import find_files
from index.ingest.guard import read_files
from index.ingest.read import read_file
from index.ingest.types import FileRead, Limits, Refused

__all__ = ["FileRead", "Limits", "Refused", "find_files", "read_file", "read_files"]
