"""A process that adds and removes until it is killed; run by test_crash.py.

For each line on stdin, a folder and a seed, it forks a child that works on the
library there and says on stdout what it is about to do and what it has done.
"""

import os
import sys
from random import Random

import faiss  # noqa: F401 - so that no child spends its short life importing it

from index.embed import HashEncoder
from index.library import Library
from index.types import Article, Sourced


def article(random: Random) -> Article:
    """One of many short articles; files change now and then, since paths are few."""
    words = [f"word{random.randrange(500)}" for _ in range(random.randrange(5, 60))]
    title = f"Title {words[0]}"
    return Article(
        text=f"{title}\n\n{' '.join(words)}. Second sentence of {words[1]}.",
        title=Sourced(title, "header"),
        path=f"/news/{random.randrange(200)}.txt",
        file_sha256="0" * 64,
        body_start=len(title) + 2,
    )


def say(*words: str) -> None:
    os.write(1, (" ".join(words) + "\n").encode())


def work(folder: str, random: Random) -> None:
    """Add and remove for ever."""
    encoder = HashEncoder(dimension=16)
    with Library.open(folder, create=True) as library:
        while True:
            with library.adding():
                for _ in range(random.randrange(1, 4)):
                    batch = [article(random) for _ in range(random.randrange(1, 6))]
                    say("add", *(f"{one.path}={one.id}" for one in batch))
                    library.add(batch, encoder)
                    say("done")
            live = [record.id for record in library.articles()]
            victims = random.sample(live, min(len(live), random.randrange(3)))
            say("remove", *victims)
            library.remove(victims, purge=random.random() < 0.3)
            say("done")


def main() -> None:
    for line in sys.stdin:
        folder, seed = line.split("\t")
        child = os.fork()
        if child == 0:
            work(folder, Random(int(seed)))
        say("pid", str(child))
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main()
