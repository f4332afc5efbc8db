import ast
import re
from pathlib import Path

import pytest

from ui import dates, language, phrases
from ui.app import COMPONENT_WORDS
from ui.language import _, catalogue, counted, languages, preferred, speaking

UI = Path(language.__file__).parent
CHOSEN_WHILE_RUNNING = {
    *(words for _least, words in phrases.CONFIDENCE_WORDS),
    *phrases.REASONS.values(),
    *phrases.REFUSALS.values(),
    *phrases.FOUND_IN.values(),
    *dates.MONTHS,
    *dates.SHORT_MONTHS,
    *COMPONENT_WORDS,
    dates.SHOWN_ON_PAGE,
}
_IN_TEMPLATE = re.compile(r"(?<![\w.])(?:_|counted)\(([^)]*)")
_IN_SCRIPT = re.compile(r"(?<![\w.])(?:said|counted)\(([^;]*?)\)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)+)"')


def said_in_code():
    """Each sentence that is handed to `_` or `counted` as it stands, in any file of ui/."""
    for file in UI.glob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            name = (
                call.func.id
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
                else ""
            )
            if name in ("_", "counted"):
                yield from (
                    a.value for a in call.args if isinstance(getattr(a, "value", None), str)
                )
    for pattern, files in ((_IN_TEMPLATE, "templates/*.html"), (_IN_SCRIPT, "static/*.js")):
        for file in UI.glob(files):
            for arguments in pattern.findall(file.read_text()):
                yield from (
                    each for each in _QUOTED.findall(arguments) if " " in each or each[:1].isupper()
                )


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,de;q=0.5", "en"),
        ("fr,de;q=0.4", "de"),
        ("tlh", "en"),
        ("de;q=0", "en"),
        ("de;q=many,;;,", "en"),
    ],
)
def test_the_language_a_browser_prefers_is_spoken_if_it_is_known(accepted, code):
    assert preferred(accepted) == code


def test_outside_the_block_english_is_spoken_again():
    with speaking("de"):
        assert _("Sources") == "Quellen"
        assert counted(2, "one article", "{n} articles") == "2 Artikel"
        assert _("not in any catalogue") == "not in any catalogue"
    assert _("Sources") == "Sources"
    assert counted(1, "one article", "{n} articles") == "one article"
    assert counted(1200, "one article", "{n} articles") == "1,200 articles"


def test_a_language_without_catalogue_is_english():
    assert catalogue("en") == catalogue("../de") == catalogue("xx") == {}


@pytest.mark.parametrize("code", languages()[1:])
def test_every_catalogue_says_all_that_the_page_says(code):
    said = {*said_in_code(), *CHOSEN_WHILE_RUNNING}
    assert len(said) > 150
    assert sorted(said - catalogue(code).keys()) == []


@pytest.mark.parametrize("code", languages()[1:])
def test_a_catalogue_fills_in_the_same_names(code):
    for english, words in catalogue(code).items():
        names = set(re.findall(r"\{\w*\}", english))
        assert set(re.findall(r"\{\w*\}", words)) <= names, english
        assert words.strip() == words and words


def test_days_are_written_as_the_language_writes_them():
    assert dates.period_words("2019-11-06") == "6 November 2019"
    with speaking("de"):
        assert dates.period_words("2019-03-06") == "6. März 2019"
        assert dates.period_words("1990/1999") == "1990 bis 1999"
