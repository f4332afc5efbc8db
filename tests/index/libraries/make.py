"""Make the small library that later versions must still open.

    python tests/index/libraries/make.py

writes schemaN.db.gz beside this file, N being the schema version of the code as it
is. Run it once for each version, just before its release, and never again: a file
made by later code proves nothing about the libraries out there.
"""

import gzip
import tempfile
from pathlib import Path

from index.embed import HashEncoder
from index.library import Library
from index.schema import SCHEMA_VERSION
from index.types import Article, Passage, PublishedDate, Sourced

ANSWERS = {"Ten ships": 31, "Ten": 25}  # and where they end


def article(title: str, body: str, path: str, source: str | None, day: str | None) -> Article:
    """An article with its headline in its text."""
    return Article(
        text=f"{title}\n\n{body}",
        title=Sourced(title, "header"),
        path=path,
        file_sha256="ab" * 32,
        source=Sourced(source, "header") if source else None,
        authors=(Sourced("Ann Roe", "byline"),),
        published=PublishedDate(day, "header", "high") if day else None,
        body_start=len(title) + 2,
    )


def main() -> None:
    """Three live articles, one replaced, one removed; two gold items."""
    first = [
        article("Storm reaches Marsal", "Nine ships sank.", "/1.txt", "Gazette", "2031-05-06"),
        article("Vote in Orvik", "The bridge will be built.", "/2.txt", "Courier", "2031-05-07"),
        article("Fire in Tamsin", "Nobody was hurt.", "/3.txt", None, None),
        article("Lottery", "Number 7 won.", "/4.txt", "Courier", None),
    ]
    second = [article("Storm reaches Marsal", "Ten ships sank.", "/1.txt", "Gazette", "2031-05-06")]
    encoder = HashEncoder(dimension=16)
    file = Path(__file__).with_name(f"schema{SCHEMA_VERSION}.db.gz")
    with tempfile.TemporaryDirectory() as folder:
        backup = Path(folder) / "backup.db"
        with Library.open(Path(folder) / "library", create=True) as library:
            library.add(first, encoder)
            library.add(second, encoder)
            library.remove([first[3].id])
            ships = [Passage(second[0].id, 22, end, words) for words, end in ANSWERS.items()]
            library.add_gold("How many ships sank?", ships)
            library.add_gold("Who owned them?", [])
            library.backup(backup)
        file.write_bytes(gzip.compress(backup.read_bytes(), mtime=0))


if __name__ == "__main__":
    main()
