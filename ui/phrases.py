"""What we say of answers and sources, in the language spoken; articles' own words stay theirs."""

from collections.abc import Sequence
from pathlib import PurePath
from urllib.parse import urlsplit

from index.types import PublishedDate
from qa.types import Answer, Claim, SaidDate
from ui.dates import counted_from_words, period_words
from ui.language import _, counted

MAX_QUESTION_SHOWN = 600
MAX_SAID = 60  # code points of an answer that are said again beside the count of articles
MAX_CARRIERS = 6  # outlets named as carrying the same article

REASONS = {
    "nothing_near": "Nothing in them comes near this question.",
    "subject_only": "They touch on the subject, but nowhere state the answer.",
    "filtered_out": "What might answer it was left out by the chosen sources, authors or dates.",
    "not_extractive": "Footnote quotes; it does not summarise, write, translate, reckon or judge.",
    "out_of_time": "There was no time to read all that may answer it: read these for yourself.",
}
REFUSALS = {
    "not_extractive": "This asks for more than a quotation.",
    "out_of_time": "Reading took too long.",
}
CONFIDENCE_WORDS = (
    (0.95, "almost certain"),
    (0.75, "likely"),
    (0.5, "more likely than not"),
    (0.25, "doubtful"),
    (0.0, "a faint guess"),
)

# Where a date was found, as a reader would say it.
FOUND_IN = {
    "front matter": "from the front matter",
    "header": "from the lines on top",
    "html meta": "from the page's metadata",
    "html json-ld": "from the page's metadata",
    "pdf info": "from the file's properties",
    "docx properties": "from the file's properties",
    "epub metadata": "from the book itself",
    "page line": "from a line of the page",
    "byline": "beside the byline",
    "dateline": "from the dateline",
    "column": "from the table",
    "footer": "from the lines at the end",
    "typed": "as entered",
}

# Marks that change the direction of what follows: harmless in a paragraph of its own,
# but in a headline they could reorder the outlet and date that stand beside it.
_BIDI_CONTROLS = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def relative_dates(dates: Sequence[SaidDate]) -> tuple[str, ...]:
    """What each relative time is: "Wednesday is 6 November 2019, counted from that day ..."."""
    lines = (
        _(
            "{words} is {date}, {counted}",
            words=label(said.text),
            date=period_words(said.date),
            counted=counted_from_words(said),
        )
        for said in dates
        if said.counted_from
    )
    return tuple(dict.fromkeys(lines))


def refusal(answer: Answer) -> str:
    """What stands in the place of an answer that there is none of."""
    return _(REFUSALS.get(answer.reason or "", "The articles do not say."))


def reason(answer: Answer) -> str:
    """Why there is none; empty where nothing more can be said."""
    said = REASONS.get(answer.reason or "", "")
    return _(said) if said else ""


def left_out(answer: Answer) -> str:
    """How many articles a date filter left out for want of a date; empty for none."""
    n = answer.undated_left_out
    if not n:
        return ""
    return counted(
        n,
        "One article without a date was left out.",
        "{n} articles without a date were left out.",
    )


def waiting(before: int) -> str:
    """How many questions are answered first."""
    return counted(before, "One question comes before yours", "{n} questions come before yours")


def confidence_words(confidence: float) -> str:
    """A probability in words and as a figure: 0.82 is "likely, 0.82"."""
    words = next((words for least, words in CONFIDENCE_WORDS if confidence >= least), "unknown")
    return f"{_(words)}, {confidence:.2f}"


def confidence_meaning(confidence: float) -> str:
    """What the figure means."""
    return _(
        "Of 100 answers given with this figure, about {n} should be right. "
        "It was fitted on questions kept apart from all training.",
        n=round(100 * confidence),
    )


def published_words(published: PublishedDate | None) -> str:
    """The day in words; a date of low trust says that it is only what the page shows."""
    if not published:
        return ""
    words = period_words(label(published.day))
    if published.trust == "low":
        return _("date as shown on page: {date}", date=words)
    return words


def found_in(origin: str) -> str:
    """Where a date was found, in a few words."""
    return _(FOUND_IN.get(origin, "from the {origin}"), origin=label(origin))


def web_url(url: str | None) -> str | None:
    """The address when it is an ordinary http or https one, else None."""
    if not url or any(character.isspace() or ord(character) < 32 for character in url):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return url if usable else None


def host_of(url: str | None) -> str:
    """The host that a link leads to, whatever else its address pretends."""
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


def label(text: str) -> str:
    """A headline, outlet or name on one line, without marks that reorder its neighbours."""
    return " ".join(text.translate(_BIDI_CONTROLS).split())


def file_name(path: str) -> str:
    """The file's name; `table.csv#2` is the second record of a table."""
    name = PurePath(path).name
    file, _hash, record = name.rpartition("#")
    if file and record.isdecimal():
        return label(_("{file}, record {n}", file=file, n=record))
    return label(name)


def shortened(question: str) -> str:
    """The question, or its beginning and length when it would fill the page."""
    words = question.strip()
    if len(words) <= MAX_QUESTION_SHOWN:
        return words
    length = _("({n} characters)", n=f"{len(words):,}")
    return f"{words[:MAX_QUESTION_SHOWN].rstrip()} … {length}"


def disputed(answer: Answer) -> tuple[Claim, ...]:
    """What the sources say, where they disagree; else nothing."""
    return answer.agreement.claims if answer.agreement.status == "conflict" else ()


def counted_articles(count: int) -> str:
    """One article, 2 articles."""
    return counted(count, "one article", "{n} articles")


def agreement_words(answer: Answer) -> str:
    """How many articles give this answer, or what the sources say each; empty for one article."""
    found = answer.agreement
    if found.status == "conflict":
        each = (f"{label(c.value)} ({counted_articles(c.articles)})" for c in found.claims)
        return _("sources disagree: {values}", values=", ".join(each))
    if found.status != "agree" or not found.claims:
        return ""
    claim = found.claims[0]
    said = label(claim.value)
    if len(said) > MAX_SAID:
        return counted(claim.articles, "one article says so", "{n} articles say so")
    return counted(
        claim.articles, "one article says {words}", "{n} articles say {words}", words=said
    )


def carried_by(outlets: Sequence[str], copies: int) -> str:
    """Which other outlets carry an article, or how many copy it where none is named."""
    names = [label(outlet) for outlet in outlets]
    more = len(names) - MAX_CARRIERS
    if more > 0:
        listed = ", ".join(names[:MAX_CARRIERS])
        return _("also carried by {names} and {n} more", names=listed, n=more)
    if names:
        return _("also carried by {names}", names=", ".join(names))
    if not copies:
        return ""
    return counted(copies, "same text in {n} other article", "same text in {n} other articles")
