import pytest

from index.ingest.language import language_of, warning_about

GERMAN = (
    "Der Stadtrat hat am Dienstag beschlossen, das Freibad zu schließen, weil das Dach, das 1931 "
    "gebaut wurde, nicht mehr zu retten ist. Viele Bürger waren wütend darüber."
)
ENGLISH = (
    "The council met on Tuesday and decided to close the pool, because the roof, which was built "
    "in 1931, could not be saved. Many people were angry about it."
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        ("地震造成至少十四人死亡，数百人受伤，政府说救援人员正在赶往灾区，道路被切断。", "zh"),
        ("Harrow Point ferry: 112 aboard, none hurt; port shut, tugs on way, salvage due Friday, "
         "crew safe, skipper quizzed, cargo intact, owner silent, inquiry opened", "en"),
        ("Umarjon Emomali", "en"),
        ("Der Hund bellt.", "en"),  # too short to tell
        ("1 2 3", "en"),
        ("", "en"),
    ],
)  # fmt: skip
def test_the_language_of_a_text(text, language):
    assert language_of(text) == language


def test_other_languages_are_warned_about_by_name():
    assert warning_about("de") == "looks like German; the default models are English"
    assert warning_about("xx") == "looks like another language (xx); the default models are English"
    assert warning_about("en") is None
