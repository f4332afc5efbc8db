import re
from pathlib import Path

import pytest

from ui import language
from ui.language import _, catalogue, counted, languages, preferred, speaking

UI = Path(language.__file__).parent
_SAID = re.compile(
    r"""(?<!\w)(?:_|counted|said)\(\s*(?:[\w.|()]+\s*,\s*)?("(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*(?:\s*,\s*"(?:[^"\\]|\\.)*")?)"""
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


@pytest.mark.parametrize("code", languages()[1:])
def test_a_catalogue_fills_in_the_same_names(code):
    for english, said in catalogue(code).items():
        assert set(re.findall(r"\{\w*\}", said)) <= set(re.findall(r"\{\w*\}", english)), english
        assert said.strip() == said and said
