"""Page furniture: lines that belong to the page around an article, not to it.

Careful by rule: a line goes only when all of it is furniture, and words that
could also be prose ("Share", "Related") only in the company of more furniture.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from index.ingest.paragraphs import Paragraph, ends_sentence

_CERTAIN = re.compile(
    r"""(?:
    source:\ (?:read\ )?full\ article | (?:click\ here\ to\ )?read\ (?:the\ )?(?:full|whole|original)\ (?:article|story)
    | continue\ reading(?:\ (?:the\ main\ story|below|\.{3}|…))? | story\ continues\ below(?:\ (?:the\ )?(?:advertisement|ad))?
    | (?:article|story)\ continues\ (?:below|after\ (?:the\ )?(?:advertisement|ad|promotion|newsletter\ promotion))
    | advertisements? | advertisement\ -\ (?:continue\ reading|scroll\ to\ continue).* | skip\ advertisement | -+\ ?advertisement\ ?-+
    | (?:scroll\ to\ continue|continue)\ with\ content | sponsored\ content | paid\ content | promoted\ stories
    | (?:related|recommended|more|similar|trending|popular|latest|recent)\ (?:posts?|articles?|stories|news|coverage|content|reading|topics)
    | you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested\ in) | (?:most|also)\ (?:read|popular|viewed)
    | recommended\ for\ you | read\ next | up\ next | next\ (?:post|article|story) | previous\ (?:post|article|story)
    | what\ to\ read\ next | more\ from\ (?:this\ )?(?:author|section|the\ web|[A-Z]\S+(?:\ [A-Z]\S+){0,3})
    | share\ (?:this|(?:this\ )?(?:on|via)\ (?:facebook|twitter|x|whatsapp|linkedin|e-?mail|social\ media))
    | share\ (?:this\ |full\ )?(?:article|story|post|page|link)(?:\ (?:on|via|with)\b.{0,40})?
    | (?:email|print|save|tweet|like|bookmark)\ this(?:\ (?:article|story|page|post))?
    | (?:follow|like|find)\ us\ on\ (?:facebook|twitter|x|instagram|youtube|google\ news|telegram|linkedin|mastodon|bluesky|tiktok|social\ media)\b.{0,60} | follow\ @\w+.{0,40} | tweets\ by\ @?\w+
    | (?:sign|signed)\ up\ (?:for|to)\ (?:our|the|receive)\b.{0,120} | subscribe\ to\ (?:our|the)\b.{0,40}\b(?:newsletter|channel|podcast|updates|alerts|feed|briefing|e-?mails?)\b.{0,60}
    | subscribe\ (?:now|today)\b.{0,60}
    | (?:get|receive)\ (?:our|the)\b.{0,60}\b(?:newsletter|inbox|alerts)\b.{0,60} | join\ our\ (?:newsletter|mailing\ list|whatsapp\ channel).{0,60}
    | enter\ your\ e-?mail\ address.{0,60} | newsletter\ sign-?up | already\ a\ subscriber\?.{0,40}
    | (?:this|our)\ (?:web)?site\ uses\ cookies\b.{0,300} | we\ (?:and\ our\ partners\ )?use\ cookies\ (?:to|and|on|for)\b.{0,300} | by\ using\ this\ (?:web)?site.{0,60}\bcookies\b.{0,300}
    | (?:accept|reject|manage)\ (?:all\ )?cookies | cookie\ (?:policy|settings|preferences)
    | skip\ to\ (?:main\ )?content | jump\ to\ navigation | back\ to\ top | toggle\ navigation | go\ to\ (?:homepage|home\ page)
    | leave\ a\ (?:comment|reply) | (?:view|show|see|read)\ (?:all\ )?(?:\d+\ )?comments | \d+\ comments | comments\ are\ closed
    | post\ a\ comment | log\ in\ to\ (?:comment|reply) | \d+\ (?:shares|likes)
    | (?:slide|photo|image|picture|page)\ \d{1,3}\ (?:of|/)\ \d{1,3} | \d{1,2}\ ?/\ ?\d{1,2} | view\ (?:gallery|slideshow|photos|image)
    | (?:enlarge|open)\ (?:this\ )?image.{0,30} | (?:hide|toggle|show)\ caption | image\ caption | getty\ images
    | all\ rights\ reserved | terms\ of\ (?:use|service) | privacy\ policy | listen\ to\ (?:this\ )?article(?:\ \d+\ min(?:utes)?)?
    | \d+\ min(?:ute)?s?\ read | estimated\ reading\ time:?\ .{1,20} | reading\ time:?\ \d+.{0,12} | for\ immediate\ release
    | (?:read\ more|also\ read|read\ also|see\ also|related|more\ on\ this|don[’']t\ miss)\ ?[:|»>]\ ?(?P<linked>\S.{5,150})
    | (?:print|e-?mail|share|tweet|facebook|twitter|whatsapp|linkedin|copy\ link|reddit|pinterest|x|\||/|,|\s){5,}
    )[\s.:»>…]*""",  # noqa: E501
    re.IGNORECASE | re.VERBOSE,
)
_POSSIBLE = re.compile(
    r"(?:share|tweet|print|e-?mail|facebook|twitter|whatsapp|linkedin|pinterest|reddit|copy link"
    r"|pin it|save|(?:no )?comments?|related|more|read more|menu|search|home|news|loading|photos?"
    r"|video|gallery|subscribe|newsletters?|sign in|log ?in|topics|tags|close|next|previous|cookies"
    r"|trending|follow|link copied|#{2,}|\d{1,3})[\s.:…]*",
    re.IGNORECASE,
)
_AT_THE_END = re.compile(
    r"(?:(?:©|\(c\)|copyright\b)\s?.{0,150}|follow .{2,60} on (?:twitter|x|facebook|instagram"
    r"|mastodon|bluesky)\b.{0,40}|(?:tags|filed under|topics|categories|posted in):\s.{1,200}"
    r"|[-–—*_=~ ]{3,}|(?:#{3}|-\s?30\s?-|-?ends-?|\*{3}|end of article|# # #))",
    re.IGNORECASE,
)
_LISTED_AFTER = re.compile(
    r"(?:(?:related|recommended|more|similar|trending|popular|latest|recent) "
    r"(?:posts?|articles?|stories|news|coverage|content|reading)|you (?:may|might) also like"
    r"|most (?:read|popular|viewed)|read next|what to read next|recommended for you)[\s.:]*",
    re.IGNORECASE,
)
_COUNTER = re.compile(r"(?P<n>\d{1,2}) ?/ ?(?P<of>\d{1,2})(?=[A-ZÀ-Þ“\"‘])")


def is_furniture(line: str) -> bool:
    """Whether the whole line is page furniture, wherever it stands."""
    line = _bare(line)
    found = _CERTAIN.fullmatch(line) if len(line) <= 400 else None
    if found is None:
        return False
    linked = found["linked"]  # "Read more: Headline of another article"
    return not linked or (not linked[0].islower() and not ends_sentence(line))


def without_furniture(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs that are not furniture, photo counters cut off from those that stay."""
    certain = {n for n, one in enumerate(paragraphs) if is_furniture(one.text)}
    gone = certain | _endings(paragraphs, certain)
    gone |= _listed(paragraphs, gone)
    gone |= _in_company(paragraphs, gone)
    kept = [one for n, one in enumerate(paragraphs) if n not in gone]
    return [replace(one, text=without_counter(one.text)) for one in kept]


def without_counter(text: str) -> str:
    """The text without a photo counter glued to its front ("1 / 3Seventeen people ...")."""
    found = _COUNTER.match(text)
    if found and 1 <= int(found["n"]) <= int(found["of"]):
        return text[found.end() :]
    return text


def _bare(line: str) -> str:
    return line.strip().strip("*_#[]").strip()


def _listed(paragraphs: Sequence[Paragraph], gone: Set[int]) -> set[int]:
    """Headlines under "Related posts" and the like, as far as the end of the file."""
    for n in sorted(gone):
        after = [other for other in range(n + 1, len(paragraphs)) if other not in gone]
        if _LISTED_AFTER.fullmatch(_bare(paragraphs[n].text)) and all(
            len(paragraphs[other].text) <= 150 and not ends_sentence(paragraphs[other].text)
            for other in after
        ):
            return set(after)
    return set()


def _in_company(paragraphs: Sequence[Paragraph], gone: Set[int]) -> set[int]:
    """Lines that may be furniture, in runs that touch certain furniture or are three long."""
    more: set[int] = set()
    run: list[int] = []
    for n in range(len(paragraphs) + 1):
        if n < len(paragraphs) and (n in gone or _POSSIBLE.fullmatch(_bare(paragraphs[n].text))):
            run.append(n)
            continue
        if len(run) >= 3 or any(other in gone for other in run):
            more.update(run)
        run = []
    return more


def _endings(paragraphs: Sequence[Paragraph], gone: Set[int]) -> set[int]:
    """Copyright lines, tags and end marks, from the last paragraph upwards."""
    found: set[int] = set()
    for n in range(len(paragraphs) - 1, 0, -1):
        if n in gone:
            continue
        if not _AT_THE_END.fullmatch(paragraphs[n].text.strip("_ ")):
            break
        found.add(n)
    return found
