"""The patterns of dates that mean nothing without the day they are counted from."""

from qa import relative_dates as when
from qa.date_words import (
    ABOUT,
    BESIDE,
    COUNT,
    DAY,
    HALVES,
    MONTH,
    MONTH_ALONE,
    PART,
    SEASON,
    UNIT,
    WEEKDAY,
    Form,
)

_WORD = r"(?P<word>(?i:last|next|this past|this coming|this))"
_OF_YEAR = r"(?: (?i:of )?(?P<year>(?i:last|this|next)) (?i:year))"
# "the last week of the war", "his last year": no week or year of ours.
_OWNED = r"\b(?:the|his|her|its|our|their|your|my|\w+['’]s|\w+s['’])"
_OTHER_YEAR = (
    r"(?! (?i:of )?(?i:the same|that|the following|the next|the previous|each|every)\b"
    r"|,? (?:1\d|20)\d\d\b(?!,\d))"
)
_PART_AFTER = r"(?: (?P<part>(?i:morning|afternoon|evening|night)))?"
# Names of newspapers, feasts and clubs, and days that come round every week, are no dates.
_OTHER_DAY = (
    r"\b(?:every|each|any|some|most|that|another|one|an?|following|previous|preceding|first|second"
    r"|third|fourth|black|good|bloody|ash|palm|super|cyber|holy|easter|whit|shrove|maundy"
    r"|sheffield|casual|giving)|-"
)
_NO_NAME_AFTER = (
    r"(?![\w’'-]*\w-|-|s\b| (?:Times|Mirror|Telegraph|Express|Mail|Post|Herald|World|People|Sun"
    r"|Review|Club|Night Live|School|Best)\b| (?i:school|roast|before last|after next|of that"
    r"|of the same)\b)"
)
_PREPOSED = (
    r"\b(?:(?i:in|since|until|till|during|throughout|early|mid|late|earlier in|later in|by|before"
    r"|after|from|through|(?:end|start|beginning|middle|rest|month|week|half|part|days) of"
    r"|(?:scheduled|planned|set|due|slated) for)(?: |-))"
)
_MONTH2 = MONTH.replace("<month>", "<month2>")
# "by May Lindqvist", "in May's view"
_NO_PERSON = (
    r"(?!['’]s\b)(?!(?:(?<=\b[Bb]y\x20May)|(?<=\b[Ff]rom\x20May)|(?<=\b[Bb]y\x20April)) [A-Z])"
)
_ALONE = r"(?<![\w$€£.,/:-])"
_WHOLE = r"(?![\w:]|[.,]\d)"
_TO = r"(?: ?[-–] ?| (?i:to|and) )"
_OPEN = r"\b(?:over|than|least|under|(?:half|quarters) an?)"  # but when?
_LAST = DAY.replace("<day>", "<last>")

RELATIVE = (
    Form(
        rf"\b(?P<x>(?P<day>(?i:{'|'.join(when.NAMED)})){_PART_AFTER})\b",
        when.named,
        "day",
        relative=True,
    ),
    Form(
        rf"(?<!\w)(?P<x>(?:{_WORD} )?{WEEKDAY}{_PART_AFTER}"
        rf"(?:,? (?:(?i:of) )?(?P<week>(?i:last|this|next)) (?i:week))?)\b{_NO_NAME_AFTER}",
        when.weekday,
        "weekday",
        relative=True,
        not_after=_OTHER_DAY,
    ),
    Form(
        rf"{_ALONE}(?P<x>{PART}{BESIDE}{DAY}(?: of)? {MONTH}{_OF_YEAR}?)\b{_OTHER_YEAR}",
        when.day_of_month,
        "month",
        relative=True,
    ),
    Form(
        rf"\b(?P<x>{PART}{BESIDE}{MONTH} {DAY}{_OF_YEAR}?){_WHOLE}{_OTHER_YEAR}",
        when.day_of_month,
        "month",
        relative=True,
        counted=True,
    ),
    Form(
        rf"{_ALONE}(?P<x>{DAY}{_TO}{_LAST} {MONTH})\b{_OTHER_YEAR}",
        when.days_of_month,
        "month",
        relative=True,
    ),
    Form(
        rf"\b(?P<x>{MONTH} {DAY}{_TO}{_LAST}){_WHOLE}{_OTHER_YEAR}",
        when.days_of_month,
        "month",
        relative=True,
        counted=True,
    ),
    Form(
        rf"{_PREPOSED}(?P<x>{MONTH_ALONE}){_NO_PERSON}(?!\w){_OTHER_YEAR}",
        when.month,
        "month",
        relative=True,
    ),
    Form(
        rf"\b(?P<x>(?i:in) (?P<month>may|march))\b(?! [a-z]*ion\b){_OTHER_YEAR}",
        when.month,
        "month",
        relative=True,
    ),
    Form(
        rf"\b(?P<x>{HALVES}{_WORD} {MONTH_ALONE})(?!\w){_OTHER_YEAR}",
        when.month,
        "month",
        relative=True,
        not_after=_OWNED,
    ),
    Form(rf"\b(?P<x>{MONTH_ALONE}{_OF_YEAR})\b", when.month, "month", relative=True),
    Form(
        rf"\b(?i:from|between) (?P<x>{MONTH_ALONE} (?i:to|and|until|till|through) {_MONTH2})"
        rf"(?!\w){_OTHER_YEAR}",
        when.months,
        "month",
        relative=True,
    ),
    Form(
        rf"\b(?P<x>(?:(?i:earlier|later|early|late|mid)(?: |-))?{_WORD} "
        r"(?P<unit>(?i:week|month|quarter|year|decade)))\b(?!-)",
        when.unit,
        "unit",
        relative=True,
        not_after=_OWNED,
    ),
    Form(
        rf"\b(?P<x>{HALVES}{_WORD} {SEASON}(?P<year>(?!))?)\b(?! of\b)",
        when.season,
        "unit",
        relative=True,
        not_after=_OWNED,
    ),
    Form(rf"\b(?P<x>(?i:the ){SEASON}(?P<word>){_OF_YEAR})\b", when.season, "unit", relative=True),
    Form(
        r"\b(?P<x>(?i:over|at|during|for) (?i:the)(?: (?P<word>(?i:past|coming)))? (?i:weekend))"
        r"\b(?! of\b)",
        when.weekend,
        "unit",
        relative=True,
    ),
    Form(
        rf"\b(?P<x>{_WORD} (?i:weekend))\b", when.weekend, "unit", relative=True, not_after=_OWNED
    ),
    Form(
        rf"\b(?P<x>(?:{ABOUT} )?{COUNT} {UNIT} (?P<ago>(?i:ago)))\b",
        when.counted,
        "unit",
        relative=True,
        not_after=_OPEN,
    ),
    Form(
        rf"\b(?P<x>(?:{ABOUT} )?{COUNT} {UNIT} (?i:from (?:now|today)))\b",
        when.counted,
        "unit",
        relative=True,
        not_after=_OPEN,
    ),
    Form(
        rf"\b(?P<x>(?i:in) (?:{ABOUT} )?{COUNT} {UNIT}['’]? (?i:time))\b",
        when.counted,
        "unit",
        relative=True,
    ),
    Form(
        rf"\b(?P<x>(?i:the) (?i:past|last) {COUNT} {UNIT})\b",
        when.past_stretch,
        "unit",
        relative=True,
    ),
    Form(
        rf"\b(?P<x>(?i:the past) (?P<count>){UNIT})\b(?<!s)",
        when.past_stretch,
        "unit",
        relative=True,
    ),
    Form(
        rf"\b(?P<x>{COUNT} (?i:years?|months?|weeks?)(?:,| and|, and) "
        rf"{COUNT.replace('<count>', '<count2>')} {UNIT} (?i:ago))\b",
        when.compound,
        "unit",
        relative=True,
        not_after=_OPEN,
    ),
)
