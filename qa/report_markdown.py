"""A laid-out report as Markdown with footnotes, as GitHub and Pandoc read them."""

from collections.abc import Sequence

from qa.embedded import markdown_block
from qa.report_layout import PASSAGES, SOURCES, Layout, Line, Passage, Words, grouped
from qa.styles import Run, as_markdown


def report_markdown(layout: Layout) -> str:
    """The report with its citation records in a comment at the end."""
    blocks = [f"# {_plain(layout.title)}"]
    blocks += map(_line, layout.note)
    for section in layout.sections:
        blocks.append(f"## {_plain(section.heading)}")
        blocks += ["\n".join(map(_line, group)) for group in grouped(section.lines)]
    if layout.bibliography:
        entries = "\n".join(f"- {as_markdown(entry)}" for entry in layout.bibliography)
        passages = "\n".join(map(_passage, layout.passages))
        blocks += [f"## {SOURCES}", entries, f"## {PASSAGES}", passages]
        notes = enumerate(layout.footnotes, start=1)
        blocks += ["\n".join(f"[^{n}]: {as_markdown(note)}" for n, note in notes)]
        blocks += [markdown_block(layout.records)]
    return "\n\n".join(blocks) + "\n"


def _line(line: Line) -> str:
    marks = " ".join(f"[^{number}]" for number in line.notes)  # apart, or 1 and 2 are read as 12
    match line.kind:
        case "answer":
            return f"**{_plain(''.join(w.text for w in line.words))}**{marks}"
        case "quote":
            return f"> {_words(line.words)}{marks}"
        case "item" | "claim":
            return f"- {_words(line.words)}{marks}"
        case "nothing":
            return f"*{_words(line.words)}*"
    return f"{_words(line.words)}{marks}"


def _words(words: Sequence[Words]) -> str:
    return "".join(f"<mark>{_plain(w.text)}</mark>" if w.quoted else _plain(w.text) for w in words)


def _passage(passage: Passage) -> str:
    link = f" [Go to the passage]({passage.link})" if passage.link else ""
    return (
        f"{passage.number}. {_plain(passage.source)}, {passage.place}: "
        f"“{_words(passage.words)}”{link}"
    )


def _plain(text: str) -> str:
    return as_markdown((Run(text),))
